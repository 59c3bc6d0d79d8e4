"""Where a sensor saw through a structure, put together over time."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Collection
from dataclasses import dataclass, field

from lepatrol.model.findings import Gap
from lepatrol.model.site import Point2, Structure
from lepatrol.settings.rules import FenceBreachSettings

_JOIN_M = 0.15


@dataclass(frozen=True, slots=True)
class Opening:
    """A stretch of a structure that several looks saw through: its middle, width and depth, and how many looks."""

    structure: Structure
    middle_m: Point2
    width_m: float
    depth_m: float
    looks: int
    stamp_s: float


@dataclass(slots=True)
class _Record:
    looks: deque[tuple[float, float, float, float]] = field(default_factory=lambda: deque(maxlen=64))
    """(stamp, from, to, depth): metres along the structure's line."""
    widest: Opening | None = None
    standing: int = 0


class Openings:
    """Gathers gaps by structure: each look sees part of a hole, the looks of a moment together see its width.

    Looks count only together: a single one may be an edge that a beam just missed. A structure that is found closed
    many times in a row starts anew, so that a hole that was mended is not remembered.
    """

    def __init__(self, structures: Collection[Structure], settings: FenceBreachSettings) -> None:
        """Watch some structures; the limits are those of the rule."""
        self._structures = {structure.name: structure for structure in structures}
        self._settings = settings
        self._records: dict[str, _Record] = {}

    def clear(self) -> None:
        """Forget every gap."""
        self._records.clear()

    def add(self, gaps: Collection[Gap], seen_standing: Collection[str]) -> list[Opening]:
        """Take new gaps and return the openings they show for certain, the widest seen of each structure."""
        fresh: dict[str, float] = {}
        for gap in gaps:
            structure = self._structures.get(gap.structure)
            if structure is not None and self._take(structure, gap):
                fresh[gap.structure] = gap.stamp_s
        for name in seen_standing:
            record = self._records.get(name)
            if record is not None and name not in fresh:
                record.standing += 1
                if record.standing >= self._settings.standing_looks:
                    del self._records[name]
        return [opening for name, stamp_s in fresh.items()
                for opening in [self._opening(self._structures[name], stamp_s)] if opening is not None]

    def _take(self, structure: Structure, gap: Gap) -> bool:
        ends = [_along(structure, gap.start_m), _along(structure, gap.end_m)]
        if not all(map(math.isfinite, (*ends, gap.depth_m, gap.stamp_s))):
            return False
        record = self._records.setdefault(structure.name, _Record())
        record.standing = 0
        record.looks.append((gap.stamp_s, min(ends), max(ends), gap.depth_m))
        return True

    def _opening(self, structure: Structure, stamp_s: float) -> Opening | None:
        record = self._records[structure.name]
        recent = [look for look in record.looks if 0.0 <= stamp_s - look[0] <= self._settings.within_s]
        best: Opening | None = None
        for start, end, members in _joined(recent):
            looks = len({look[0] for look in members})
            if looks < self._settings.min_looks or end - start < self._settings.min_width_m - 1e-6:
                continue
            if best is None or end - start > best.width_m:
                best = Opening(structure, _point(structure, (start + end) / 2.0), end - start,
                               max(look[3] for look in members), looks, stamp_s)
        if best is None:
            return None
        if record.widest is None or best.width_m >= record.widest.width_m:
            record.widest = best
        widest = record.widest
        return Opening(structure, widest.middle_m, widest.width_m, widest.depth_m, best.looks, stamp_s)


def _joined(
    looks: list[tuple[float, float, float, float]],
) -> list[tuple[float, float, list[tuple[float, float, float, float]]]]:
    """Return the stretches that overlapping looks make together, with their looks."""
    stretches: list[tuple[float, float, list[tuple[float, float, float, float]]]] = []
    for look in sorted(looks, key=lambda look: look[1]):
        if stretches and look[1] <= stretches[-1][1] + _JOIN_M:
            start, end, members = stretches[-1]
            stretches[-1] = (start, max(end, look[2]), [*members, look])
        else:
            stretches.append((look[1], look[2], [look]))
    return stretches


def _length(structure: Structure) -> float:
    return math.hypot(structure.end[0] - structure.start[0], structure.end[1] - structure.start[1])


def _along(structure: Structure, point: Point2) -> float:
    """Return how far along a structure's line a point lies, kept within the structure."""
    length = _length(structure)
    (ax, ay), (bx, by) = structure.start, structure.end
    along = ((point[0] - ax) * (bx - ax) + (point[1] - ay) * (by - ay)) / length
    return along if math.isnan(along) else min(max(along, 0.0), length)


def _point(structure: Structure, along_m: float) -> Point2:
    share = along_m / _length(structure)
    (ax, ay), (bx, by) = structure.start, structure.end
    return ax + share * (bx - ax), ay + share * (by - ay)

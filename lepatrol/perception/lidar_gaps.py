"""Returns farther than expected on a guarded structure become gaps in it."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.findings import Gap
from lepatrol.model.geometry import Floats
from lepatrol.model.site import Structure
from lepatrol.perception.baseline import Comparison
from lepatrol.settings.lidar_anomaly import GapSettings

_OFF_LINE_M = 0.4
"""What is expected within this of a structure's line is the structure."""
_NEAR_M, _FOG_SHARE = 3.0, 0.2
"""Where more than this share of the beams that ought to end farther than that do not come back, it is fog."""
_MOST_UNSEEN = 2
"""Beams in a row that may be hidden within one gap."""
_STANDING_BEAMS, _STANDING_SHARE = 5, 0.9
"""So many beams, and such a share of those that look at it, show that a structure stands, if no two neighbouring ones
leave room for a gap between them."""


@dataclass(frozen=True, slots=True)
class _Hole:
    """A stretch of a structure, in metres from its start, that beams went through."""

    stamp_s: float
    low_m: float
    high_m: float
    depth_m: float
    beams: int

    @property
    def width_m(self) -> float:
        return self.high_m - self.low_m

    def overlaps(self, other: _Hole) -> bool:
        return self.low_m < other.high_m and other.low_m < self.high_m


@dataclass(frozen=True, slots=True, eq=False)
class _Crossings:
    """Beams against the lines of the structures ``index`` (k,): arrays (k, n).

    ``along_m`` is where a beam crosses the line, ``across`` how much of its length is square to it.
    """

    index: NDArray[np.int64]
    along_m: Floats
    across: Floats
    looks: NDArray[np.bool_]
    hits: NDArray[np.bool_]
    through: NDArray[np.bool_]


class GapFinder:
    """Finds gaps in structures, and tells which structures stand as they ought to."""

    def __init__(self, structures: Sequence[Structure], settings: GapSettings, tolerance_m: float) -> None:
        """Watch structures; those without a length are left out."""
        self._structures = [structure for structure in structures if structure.start != structure.end]
        self._settings = settings
        self._tolerance_m = tolerance_m
        self._starts = np.array([structure.start for structure in self._structures], dtype=np.float64).reshape(-1, 2)
        spans = np.array([structure.end for structure in self._structures]).reshape(-1, 2) - self._starts
        self._lengths = np.hypot(spans[:, 0], spans[:, 1])
        self._units = spans / self._lengths[:, None]
        self._memory: dict[int, deque[_Hole]] = {}

    def reset(self) -> None:
        """Forget earlier scans."""
        self._memory.clear()

    def find(
        self, stamp_s: float, comparison: Comparison, range_max_m: float,
    ) -> tuple[tuple[Gap, ...], tuple[str, ...]]:
        """Return the gaps that enough scans have shown, and the names of the structures that stand in this one."""
        crossings = self._cross(comparison, range_max_m)
        if crossings is None:
            return (), ()
        depths = np.where(np.isfinite(comparison.ranges_m), comparison.ranges_m, range_max_m) - comparison.expected_m
        gaps: list[Gap] = []
        count = crossings.through.sum(axis=1)
        for row in np.flatnonzero(count >= self._settings.min_beams).tolist():
            number = int(crossings.index[row])
            hole = self._widest(crossings, row, depths, stamp_s)
            if hole and self._is_confirmed(number, hole):
                gaps.append(self._gap(number, hole))
        return tuple(gaps), self._standing(crossings, count)

    def _cross(self, comparison: Comparison, range_max_m: float) -> _Crossings | None:
        settings = self._settings
        to_start = self._starts - comparison.origin_m
        before = to_start[:, 0] * self._units[:, 0] + to_start[:, 1] * self._units[:, 1]
        nearest = np.minimum(np.maximum(-before, 0.0), self._lengths)
        places = to_start + nearest[:, None] * self._units
        index = np.flatnonzero(np.hypot(places[:, 0], places[:, 1]) < settings.range_m)
        if not len(index):
            return None
        units, start, expected = self._units[index], to_start[index], comparison.expected_m
        dx, dy = comparison.directions.T
        square = dx * units[:, 1, None] - dy * units[:, 0, None]
        with np.errstate(divide='ignore', invalid='ignore'):
            line_m = (start[:, 0] * units[:, 1] - start[:, 1] * units[:, 0])[:, None] / square
            along = (start[:, 0, None] * dy - start[:, 1, None] * dx) / square
            across = np.abs(square)
            looks = (line_m > 0.0) & (along >= 0.0) & (along <= self._lengths[index, None])
            looks &= (across >= np.cos(settings.max_incidence_rad)) & (expected < settings.range_m)
            looks &= np.abs(expected - line_m) * across < _OFF_LINE_M
            beyond = comparison.ranges_m - expected
            hits = looks & comparison.valid & (np.abs(beyond) * across < self._tolerance_m)
            went_on = comparison.valid & (beyond > settings.min_depth_m)
            went_on &= comparison.ranges_m > comparison.highest_m + self._tolerance_m
            never_ended = np.isposinf(comparison.ranges_m) & np.isfinite(comparison.highest_m)
            never_ended &= (expected < settings.no_return_m) & (range_max_m > expected + 2.0 * settings.min_depth_m)
            never_ended = never_ended & self._sees_far(looks, comparison) if never_ended.any() else never_ended
            through = looks & (went_on | never_ended)
            if went_on.any():
                through &= never_ended | (beyond * across > settings.min_depth_m)
        return _Crossings(index, along, across, looks, hits, through)

    def _sees_far(self, looks: NDArray[np.bool_], comparison: Comparison) -> NDArray[np.bool_]:
        """Tell for each structure (k, 1) whether beams elsewhere come back, so that one that does not is no fog."""
        expected = comparison.expected_m
        elsewhere = ~looks & (expected > _NEAR_M) & (expected < self._settings.range_m)
        lost = elsewhere & np.isposinf(comparison.ranges_m)
        share = np.count_nonzero(lost, axis=1) / np.maximum(np.count_nonzero(elsewhere, axis=1), 1)
        return np.asarray(share < _FOG_SHARE)[:, None]

    def _widest(self, crossings: _Crossings, row: int, depths: Floats, stamp_s: float) -> _Hole | None:
        """Return the widest gap that one structure shows, None if none is wide enough."""
        length = float(self._lengths[crossings.index[row]])
        beams = np.flatnonzero(crossings.looks[row])
        beams = beams[np.argsort(crossings.along_m[row, beams])]
        places = crossings.along_m[row, beams]
        through, hits = crossings.through[row, beams], crossings.hits[row, beams]
        best: _Hole | None = None
        for run in _runs(through, hits):
            if len(run) < self._settings.min_beams:
                continue
            low, high = _edges(places, hits, int(run[0]), int(run[-1]), length)
            depth = float((depths[beams[run]] * crossings.across[row, beams[run]]).min())
            hole = _Hole(stamp_s, low, high, depth, len(run))
            if hole.width_m >= max(self._settings.min_width_m, best.width_m if best else 0.0):
                best = hole
        return best

    def _is_confirmed(self, number: int, hole: _Hole) -> bool:
        memory = self._memory.setdefault(number, deque())
        memory.append(hole)
        while hole.stamp_s - memory[0].stamp_s > self._settings.memory_s + 1e-6:
            memory.popleft()
        return sum(hole.overlaps(earlier) for earlier in memory) >= self._settings.scans

    def _gap(self, number: int, hole: _Hole) -> Gap:
        ends = self._starts[number] + np.array([[hole.low_m], [hole.high_m]]) * self._units[number]
        (x, y), (to_x, to_y) = ends.tolist()
        return Gap(hole.stamp_s, self._structures[number].name, (x, y), (to_x, to_y), hole.width_m, hole.depth_m,
                   hole.beams)

    def _standing(self, crossings: _Crossings, through: NDArray[np.int64]) -> tuple[str, ...]:
        hits, looks = crossings.hits, crossings.looks
        count = hits.sum(axis=1)
        widest = self._settings.min_width_m
        stands = (count >= np.maximum(_STANDING_BEAMS, self._lengths[crossings.index] / widest - 1.0)) & (through == 0)
        stands &= count >= _STANDING_SHARE * looks.sum(axis=1)
        names: list[str] = []
        for row in np.flatnonzero(stands).tolist():
            number = int(crossings.index[row])
            places = crossings.along_m[row][hits[row]]
            places.sort()
            if (places[0] < widest and self._lengths[number] - places[-1] < widest
                    and (places[1:] - places[:-1]).max() < widest):
                names.append(self._structures[number].name)
        return tuple(names)


def _runs(through: NDArray[np.bool_], hits: NDArray[np.bool_]) -> list[NDArray[np.int64]]:
    """Return the positions of beams that went through, parted where one hits or too many in a row tell nothing."""
    passed = np.flatnonzero(through)
    stopped = np.cumsum(hits)
    parted = (stopped[passed[1:]] > stopped[passed[:-1]]) | (np.diff(passed) > 1 + _MOST_UNSEEN)
    return np.split(passed, np.flatnonzero(parted) + 1)


def _edges(places: Floats, hits: NDArray[np.bool_], first: int, last: int, length: float) -> tuple[float, float]:
    """Return where a gap begins and ends: halfway to the next hit, or at the structure's end, or with its own beams."""
    spacing = (places[last] - places[first]) / max(last - first, 1)
    if first == 0:
        low = 0.0 if places[0] < 1.5 * spacing else places[0]
    else:
        low = (places[first] + places[first - 1]) / 2.0 if hits[first - 1] else places[first]
    if last == len(places) - 1:
        high = length if length - places[last] < 1.5 * spacing else places[last]
    else:
        high = (places[last] + places[last + 1]) / 2.0 if hits[last + 1] else places[last]
    return float(low), float(high)

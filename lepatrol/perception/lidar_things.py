"""Returns nearer than expected become things: grouped in a scan, confirmed over some.

One beam alone is rain or dust; what is there is seen by neighbouring beams, and again by the next scans.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.findings import SensorKind, Sighting, ThingKind
from lepatrol.model.geometry import Floats
from lepatrol.model.site import Point2
from lepatrol.perception.baseline import Comparison
from lepatrol.settings.lidar_anomaly import ThingSettings

_DEPTH_M = 0.25
"""Half the depth that a thing is taken to have behind its front: that of a person."""
_PERSON_M, _VEHICLE_M = (0.2, 0.9), 1.2
_MOVED_M = 0.35
_TRAIL_S = 1.0
_SPLIT_WIDTH_M, _SPLIT_M = 0.7, 0.12
"""A thing wider than that, with a dent deeper than that, is two that stand side by side."""
_THIN_BEAMS = 3
"""What more beams hit is as wide as expected rays are apart, and not missed by them."""
_LONGEST_HOLE = 3
"""Beams that a thing may lack in between, where something nearer or an erroneous beam hides it."""

Explains = Callable[[Comparison, NDArray[np.int64]], NDArray[np.bool_]]
"""Tells which of some beams end at something expected after all."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Neighbouring returns of one thing: its middle in ``map``, how wide it looks, how many beams hit it."""

    position_m: Point2
    range_m: float
    width_m: float
    beams: int


@dataclass(slots=True)
class _Trace:
    """What several scans show at about the same place."""

    trail: deque[tuple[float, Point2]] = field(default_factory=deque)
    is_confirmed: bool = False

    @property
    def stamp_s(self) -> float:
        return self.trail[-1][0]

    @property
    def position_m(self) -> Point2:
        return self.trail[-1][1]


class ThingFinder:
    """Turns the unexpected returns of one scan after another into sightings."""

    def __init__(self, settings: ThingSettings) -> None:
        """Begin with no memory."""
        self._settings = settings
        self._traces: list[_Trace] = []

    def reset(self) -> None:
        """Forget earlier scans."""
        self._traces.clear()

    def find(
        self, stamp_s: float, comparison: Comparison, increment_rad: float, explains: Explains, *, is_full_turn: bool,
    ) -> tuple[Sighting, ...]:
        """Return the things that this scan shows and enough of the last ones confirm."""
        settings = self._settings
        clusters = find_clusters(comparison, increment_rad, settings, explains, is_full_turn=is_full_turn)
        self._traces = [trace for trace in self._traces if stamp_s - trace.stamp_s <= settings.memory_s + 1e-6]
        free = list(self._traces)
        seen_from = (float(comparison.origin_m[0]), float(comparison.origin_m[1]))
        found: list[Sighting] = []
        for cluster in sorted(clusters, key=lambda cluster: -cluster.beams):
            trace = self._follow(cluster, free, stamp_s)
            if self._confirm(trace, cluster, stamp_s):
                found.append(_sighting(trace, cluster, stamp_s, seen_from, increment_rad, comparison.is_aligned))
        return tuple(found)

    def _follow(self, cluster: Cluster, free: list[_Trace], stamp_s: float) -> _Trace:
        """Return the trace that a cluster goes on, a new one if it is near none; each trace goes on once."""
        settings = self._settings
        best, least = None, math.inf
        for trace in free:
            off = math.dist(trace.position_m, cluster.position_m)
            if off < min(least, settings.gate_m + settings.gate_speed_m_s * (stamp_s - trace.stamp_s)):
                best, least = trace, off
        if best is None:
            best = _Trace()
            self._traces.append(best)
        else:
            free.remove(best)
        best.trail.append((stamp_s, cluster.position_m))
        while stamp_s - best.trail[0][0] > _TRAIL_S:
            best.trail.popleft()
        return best

    def _confirm(self, trace: _Trace, cluster: Cluster, stamp_s: float) -> bool:
        settings = self._settings
        needed = 2 if cluster.beams >= settings.sure_beams else 3
        recent = sum(stamp_s - stamp <= settings.memory_s + 1e-6 for stamp, _ in trace.trail)
        trace.is_confirmed = trace.is_confirmed or recent >= needed
        return trace.is_confirmed


def find_clusters(
    comparison: Comparison, increment_rad: float, settings: ThingSettings, explains: Explains, *, is_full_turn: bool,
) -> list[Cluster]:
    """Return the groups of neighbouring returns that are nearer than expected.

    A small group may be a pole that stands between the expected rays: those are looked at closely.
    """
    fired = np.flatnonzero(comparison.nearer)
    if not len(fired):
        return []
    ranges = comparison.ranges_m
    step = abs(increment_rad)
    fired = fired[_supported(fired, comparison.nearer, ranges, step, settings, wraps=is_full_turn)]
    if not len(fired):
        return []
    # Beams that see past a place part what lies left of them from what lies right of them.
    past = np.cumsum(~comparison.nearer & ~np.isnan(ranges) & ~np.isneginf(ranges))
    near = ranges[fired]
    apart = np.abs(np.diff(near)) > settings.gap_m + step * np.minimum(near[1:], near[:-1])
    apart |= (past[fired[1:]] > past[fired[:-1]]) | (np.diff(fired) > 1 + _LONGEST_HOLE)
    groups = np.split(fired, np.flatnonzero(apart) + 1)
    if is_full_turn and len(groups) > 1:
        first, last = groups[0], groups[-1]
        if first[0] == 0 and last[-1] == len(ranges) - 1 and abs(ranges[0] - ranges[-1]) < settings.gap_m:
            groups = [*groups[1:-1], np.concatenate([last, first])]
    small = [group for group in groups if len(group) <= _THIN_BEAMS]
    if small:
        beams = np.concatenate(small)
        poles = set(beams[explains(comparison, beams)].tolist())
        groups = [group for group in groups if poles.isdisjoint(group.tolist())]
    return [
        _cluster(part, comparison, step) for group in groups for part in _parts(group, ranges, step)]


def _supported(
    fired: NDArray[np.int64], nearer: NDArray[np.bool_], ranges: Floats, step: float, settings: ThingSettings, *,
    wraps: bool,
) -> NDArray[np.bool_]:
    """Tell which fired beams have a fired neighbour about as far, or are so far that a thing may be one beam wide."""
    near = ranges[fired]
    supported = near > settings.lone_beam_m
    with np.errstate(invalid='ignore'):
        for side in (-1, 1):
            other = fired + side
            inside = (other >= 0) & (other < len(ranges))
            other %= len(ranges)
            alike = np.abs(ranges[other] - near) < settings.gap_m + step * near
            supported |= nearer[other] & alike & (inside | wraps)
    return supported


def _parts(group: NDArray[np.int64], ranges: Floats, step: float) -> list[NDArray[np.int64]]:
    """Split a wide group at its deepest dent, and the parts again, until none has one."""
    near = ranges[group]
    if len(group) < 5 or len(group) * step * float(near.min()) < _SPLIT_WIDTH_M:
        return [group]
    left, right = np.minimum.accumulate(near), np.minimum.accumulate(near[::-1])[::-1]
    dent = near - np.maximum(left, right)
    deepest = int(dent[1:-1].argmax()) + 1
    if dent[deepest] < _SPLIT_M:
        return [group]
    return [*_parts(group[:deepest], ranges, step), *_parts(group[deepest:], ranges, step)]


def _cluster(group: NDArray[np.int64], comparison: Comparison, step: float) -> Cluster:
    """Place the thing behind its front: round and no deeper than a person, or along its whole width."""
    directions, ranges = comparison.directions[group], comparison.ranges_m[group]
    lengths = np.hypot(directions[:, 0], directions[:, 1])
    flat = ranges * lengths
    front = float(flat.min())
    middle = directions[0] / lengths[0] + directions[-1] / lengths[-1]
    middle /= max(float(np.hypot(*middle)), 1e-9)
    spread = math.acos(max(-1.0, min(1.0, float(directions[0] @ directions[-1]) / float(lengths[0] * lengths[-1]))))
    width = (spread + step) * front
    if width <= _PERSON_M[1]:
        offset = middle * (front + min(width / 2.0, _DEPTH_M))
    else:
        points = ranges[:, None] * directions
        width = max(float(np.hypot(*(points[-1] - points[0]))), width)
        offset = points.mean(axis=0) + _DEPTH_M * middle
    x, y = (comparison.origin_m + offset).tolist()
    return Cluster((x, y), front, width, len(group))


def _sighting(
    trace: _Trace, cluster: Cluster, stamp_s: float, seen_from: Point2, increment_rad: float, is_aligned: bool,
) -> Sighting:
    kind, confidence = guess(cluster)
    across = 0.5 * abs(increment_rad) * cluster.range_m
    deviation = math.hypot(0.05 if is_aligned else 0.15, across)
    moved = max(math.dist(place, cluster.position_m) for _, place in trace.trail)
    return Sighting(
        stamp_s, SensorKind.LIDAR, cluster.position_m, deviation, seen_from, kind, confidence,
        width_m=cluster.width_m, moving=moved > _MOVED_M + 2.0 * across)


def guess(cluster: Cluster) -> tuple[ThingKind, float]:
    """Return what a thing of that width may be, and how sure that is: a planar lidar tells little."""
    sure = min(cluster.beams, 6) / 6.0
    if _PERSON_M[0] <= cluster.width_m <= _PERSON_M[1]:
        return ThingKind.PERSON, 0.4 + 0.2 * sure
    if cluster.width_m > _VEHICLE_M:
        return ThingKind.VEHICLE, 0.3 + 0.2 * sure
    return (ThingKind.OBJECT if cluster.width_m < _PERSON_M[0] else ThingKind.UNKNOWN), 0.3 + 0.2 * sure

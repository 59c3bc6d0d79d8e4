"""What the lidar sees in the way: points near the footprint, on the coming path, and unknown to the map."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lepatrol.control.track import Track
from lepatrol.model.geometry import Floats, Pose2, Pose3
from lepatrol.model.observation import LaserScan
from lepatrol.sensing.localisation import planar
from lepatrol.settings.navigation import AvoidanceSettings

CORRIDOR_MARGIN_M = 0.15
"""Added to the footprint on either side; less than the planner's clearance, or walls would be in the way."""
_NEAR_M = 8.0
_SEEN_THROUGH_M = 0.3
_TOGETHER_M = 0.3
"""Returns this near to each other are of one thing."""
_BESIDE_BEAMS = 3
_BEFORE_S = 0.3
"""The scan before, if it is no older, may have seen the same thing."""


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """One scan in ``base_link``: ``points_m`` (n, 2), and the free way straight ahead and behind.

    A gap is how far the footprint may move before it touches a point, negative if it does already.
    """

    stamp_s: float
    points_m: Floats
    ahead_gap_m: float
    behind_gap_m: float


class ScanReader:
    """Turns scans into sweeps, keeping what only depends on the sensor's make-up."""

    def __init__(self, footprint_radius_m: float) -> None:
        """Take the robot's size."""
        self._radius_m = footprint_radius_m
        self._key: tuple[float, float, int, Pose3] | None = None
        self._beams: Floats = np.zeros((0, 2))
        self._origin: Floats = np.zeros(2)

    def read(self, scan: LaserScan, sensor_pose: Pose3) -> Sweep | None:
        """Return the sweep, or None for a scan without any information: empty, or only NaN and broken ranges.

        ``inf`` is information (nothing there); ``-inf`` is something at ``range_min_m`` (REP-117).
        """
        ranges = scan.ranges_m
        too_near = np.isneginf(ranges)
        hit = scan.valid | too_near
        if not (hit.any() or (ranges > scan.range_max_m).any()):
            return None
        self._prepare(scan, sensor_pose)
        reach = np.where(too_near, np.float32(scan.range_min_m), ranges)[hit].astype(np.float64)
        points = self._origin + self._beams[hit] * reach[:, None]
        return Sweep(
            scan.stamp_s, points, free_gap_m(points, self._radius_m, 1.0), free_gap_m(points, self._radius_m, -1.0))

    def _prepare(self, scan: LaserScan, sensor_pose: Pose3) -> None:
        key = (scan.angle_min_rad, scan.angle_increment_rad, scan.ranges_m.size, sensor_pose)
        if key == self._key:
            return
        self._key = key
        rotation = sensor_pose.rotation
        angles = scan.angles_rad
        beams = np.stack([np.cos(angles), np.sin(angles), np.zeros_like(angles)], axis=1)
        self._beams = (beams @ rotation.T)[:, :2]
        self._origin = np.array(sensor_pose.position_m[:2])


def free_gap_m(points_m: Floats, footprint_radius_m: float, sign: float) -> float:
    """Return how far the footprint may move ahead (``sign`` 1) or back (-1) before it touches one of points (n, 2)."""
    forward = points_m[:, 0] * sign
    in_lane = (np.abs(points_m[:, 1]) < footprint_radius_m) & (forward > 0.0)
    if not in_lane.any():
        return math.inf
    return float((forward[in_lane] - np.sqrt(footprint_radius_m**2 - points_m[in_lane, 1]**2)).min())


@dataclass(frozen=True, slots=True)
class InTheWay:
    """The nearest thing on the coming path: arc length at which it lies, and where in ``map``."""

    along_m: float
    x_m: float
    y_m: float


def in_the_way(points_m: Floats, track: Track, half_width_m: float, reach_m: float) -> InTheWay | None:
    """Return the nearest of points (n, 2) in ``map`` within ``half_width_m`` of the next ``reach_m`` of the track."""
    if not len(points_m):
        return None
    corners, starts = track.ahead(reach_m)
    begin, end = np.array(corners[:-1]), np.array(corners[1:])
    way = end - begin
    length = np.hypot(way[:, 0], way[:, 1])
    unit = way / np.maximum(length, 1e-9)[:, None]
    offset = points_m[:, None] - begin
    along = np.clip((offset * unit).sum(axis=2), 0.0, length)
    beside = offset - along[..., None] * unit
    inside = (beside**2).sum(axis=2) <= half_width_m**2
    if not inside.any():
        return None
    # What lies behind the robot's middle as it sets off is not in the way.
    first = offset[:, 0] @ unit[0]
    inside[:, 0] &= first > 0.0
    arc = np.where(inside, np.array(starts[:-1]) + along, np.inf)
    nearest = arc.min(axis=1)
    point = int(nearest.argmin())
    if not math.isfinite(nearest[point]):
        return None
    return InTheWay(float(nearest[point]), float(points_m[point, 0]), float(points_m[point, 1]))


def speed_share(distance_m: float, settings: AvoidanceSettings) -> float:
    """Return the share of cruise speed allowed with something ``distance_m`` before the footprint, 0 to 1."""
    if distance_m <= settings.stop_distance_m:
        return 0.0
    if distance_m >= settings.slow_distance_m:
        return 1.0
    return (distance_m - settings.stop_distance_m) / (settings.slow_distance_m - settings.stop_distance_m)


class LoneReturns:
    """Keeps drops of rain from slowing the robot: far away, one return alone must be seen twice.

    What is within ``at_once_m`` of the robot's middle counts at once, whatever it is. Farther away a return counts
    beside another of the same scan, or where the scan before had one, too.
    """

    def __init__(self, at_once_m: float) -> None:
        """Begin with no scan before."""
        self._at_once_m = at_once_m
        self.clear()

    def clear(self) -> None:
        """Forget the scan before."""
        self._before: Floats = np.zeros((0, 2))
        self._before_s = -math.inf

    def drop(self, points_m: Floats, robot: Pose2, stamp_s: float) -> Floats:
        """Return those of a scan's points (n, 2) in ``map``, in the order of its beams, that count."""
        before = self._before if 0.0 < stamp_s - self._before_s <= _BEFORE_S else np.zeros((0, 2))
        self._before, self._before_s = points_m, stamp_s
        counts = np.hypot(*(points_m - (robot.x_m, robot.y_m)).T) <= self._at_once_m
        for beams in range(1, min(_BESIDE_BEAMS, len(points_m) - 1) + 1):
            beside = np.hypot(*(points_m - np.roll(points_m, beams, axis=0)).T) <= _TOGETHER_M
            counts |= beside | np.roll(beside, -beams)
        lone = np.flatnonzero(~counts)
        if len(lone) and len(before):
            off = points_m[lone, None] - before
            counts[lone] = ((off**2).sum(axis=2) <= _TOGETHER_M**2).any(axis=1)
        return points_m[counts]


class ObstacleMemory:
    """Points in ``map`` that the map does not hold, for as long as they count or until the lidar sees through them."""

    def __init__(self, memory_s: float) -> None:
        """Remember for ``memory_s``."""
        self._memory_s = memory_s
        self._seen: deque[tuple[float, Floats]] = deque()

    def clear(self) -> None:
        """Forget everything."""
        self._seen.clear()

    def add(self, points_m: Floats, now_s: float) -> None:
        """Remember points (n, 2) seen now, and let the oldest go."""
        while self._seen and self._seen[0][0] < now_s - self._memory_s:
            self._seen.popleft()
        if len(points_m):
            self._seen.append((now_s, points_m))

    def recall(self, now_s: float, scan: LaserScan | None, sensor: Pose2 | None) -> Floats:
        """Return the points (n, 2) that still count; ``sensor`` is the lidar's pose in ``map`` at its last scan."""
        fresh = [points for stamp, points in self._seen if stamp >= now_s - self._memory_s]
        if not fresh:
            return np.zeros((0, 2))
        points: Floats = np.unique(np.round(np.concatenate(fresh), 1), axis=0).astype(np.float64)
        if scan is None or sensor is None or not scan.ranges_m.size or not scan.angle_increment_rad:
            return points
        return points[~_seen_through(points, scan, sensor)]


def _seen_through(points: Floats, scan: LaserScan, sensor: Pose2) -> NDArray[np.bool_]:
    """Tell which points a scan's beams pass by a clear margin."""
    seen = sensor.inverse().transform(points)
    bearing = np.arctan2(seen[:, 1], seen[:, 0])
    turn = np.mod(bearing - scan.angle_min_rad, 2.0 * math.pi)
    beam = np.round(turn / scan.angle_increment_rad).astype(np.intp)
    inside = (beam >= 0) & (beam < scan.ranges_m.size)
    through = np.zeros(len(points), dtype=np.bool_)
    with np.errstate(invalid='ignore'):
        through[inside] = scan.ranges_m[beam[inside]] > np.hypot(*seen[inside].T) + _SEEN_THROUGH_M
    return through


def near_points_in_map(sweep: Sweep, pose: Pose2, reach_m: float = _NEAR_M) -> Floats:
    """Return a sweep's points (n, 2) in ``map``, those within ``reach_m`` of the robot."""
    near = (sweep.points_m**2).sum(axis=1) <= reach_m**2
    return pose.transform(sweep.points_m[near])


def sensor_in_map(pose: Pose2, sensor_pose: Pose3) -> Pose2:
    """Return the lidar's planar pose in ``map``."""
    return pose.compose(planar(sensor_pose))

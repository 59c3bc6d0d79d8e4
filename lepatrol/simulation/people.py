"""Where people and vehicles are on their paths."""

from __future__ import annotations

import math
from bisect import bisect_right
from typing import NamedTuple

from lepatrol.model.geometry import Pose3, wrap_angle
from lepatrol.simulation.description import TimedPath


class _Stop(NamedTuple):
    x: float
    y: float
    z: float
    roll: float
    pitch: float
    yaw: float


class PathWalker:
    """A timed path made ready to be asked many times for a pose; holds no state of its own."""

    def __init__(self, path: TimedPath) -> None:
        """Unwrap the headings so that every turn goes the short way round."""
        self._times_s = [pose.time_s for pose in path.poses]
        self._stops: list[_Stop] = []
        for timed in path.poses:
            turned = list(timed.pose.rpy_rad)
            if self._stops:
                before = self._stops[-1][3:]
                turned = [last + wrap_angle(now - last) for last, now in zip(before, turned, strict=True)]
            self._stops.append(_Stop(*timed.pose.position_m, *turned))
        self._delay_s = path.delay_start_s
        self._loop = path.loop

    def pose_at(self, time_s: float) -> Pose3:
        """Return the pose at a time of the simulation: the first pose until the delay is over."""
        stop = self._interpolate(self._path_time_s(time_s))
        return Pose3(stop[:3], _quaternion(*stop[3:]))

    def _path_time_s(self, time_s: float) -> float:
        elapsed = max(0.0, time_s - self._delay_s)
        end = self._times_s[-1]
        return elapsed % end if self._loop and end > 0.0 else elapsed

    def _interpolate(self, time_s: float) -> _Stop:
        after = bisect_right(self._times_s, time_s)
        if after == 0:
            return self._stops[0]
        if after == len(self._stops):
            return self._stops[-1]
        start, end = self._times_s[after - 1], self._times_s[after]
        share = (time_s - start) / (end - start)
        return _Stop(*(a + share * (b - a) for a, b in zip(self._stops[after - 1], self._stops[after], strict=True)))


def pose_on_path(path: TimedPath, time_s: float) -> Pose3:
    """Return where a path's walker is at a time of the simulation."""
    return PathWalker(path).pose_at(time_s)


def _quaternion(roll: float, pitch: float, yaw: float) -> tuple[float, float, float, float]:
    if roll == 0.0 and pitch == 0.0:
        return math.cos(yaw / 2.0), 0.0, 0.0, math.sin(yaw / 2.0)
    return Pose3.from_rpy(roll_rad=roll, pitch_rad=pitch, yaw_rad=yaw).orientation_wxyz

"""Where people and vehicles are on their paths."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lepatrol.model.geometry import Pose3, wrap_angle
from lepatrol.simulation.description import TimedPath, Trigger

NOWHERE = Pose3((2000.0, 2000.0, 0.0))
"""Where hidden walkers are: farther than any sensor reaches."""


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
        self._upright = all(stop.roll == 0.0 and stop.pitch == 0.0 for stop in self._stops)
        self._delay_s = path.delay_start_s
        self._loop = path.loop

    def pose_at(self, time_s: float) -> Pose3:
        """Return the pose at a time of the simulation: the first pose until the delay is over."""
        before, after, share = self._around(self._path_time_s(time_s))
        x = before.x + share * (after.x - before.x)
        y = before.y + share * (after.y - before.y)
        z = before.z + share * (after.z - before.z)
        yaw = before.yaw + share * (after.yaw - before.yaw)
        if self._upright:
            return Pose3((x, y, z), (math.cos(yaw / 2.0), 0.0, 0.0, math.sin(yaw / 2.0)))
        roll = before.roll + share * (after.roll - before.roll)
        pitch = before.pitch + share * (after.pitch - before.pitch)
        return Pose3.from_rpy(x, y, z, roll, pitch, yaw)

    def _path_time_s(self, time_s: float) -> float:
        elapsed = max(0.0, time_s - self._delay_s)
        end = self._times_s[-1]
        return elapsed % end if self._loop and end > 0.0 else elapsed

    def _around(self, time_s: float) -> tuple[_Stop, _Stop, float]:
        """Return the stops before and after a time on the path and the share of the way between them."""
        after = bisect_right(self._times_s, time_s)
        if after == 0:
            return self._stops[0], self._stops[0], 0.0
        if after == len(self._stops):
            return self._stops[-1], self._stops[-1], 0.0
        start, end = self._times_s[after - 1], self._times_s[after]
        return self._stops[after - 1], self._stops[after], (time_s - start) / (end - start)


class Walkers:
    """All paths of a scene, with what has set off those that wait for a robot."""

    def __init__(self, paths: Iterable[TimedPath]) -> None:
        """Take the paths, none of them set off."""
        self._own = tuple(paths)
        self.reset()

    def __len__(self) -> int:
        """Return how many walk."""
        return len(self._own)

    def reset(self) -> None:
        """Let everybody take his own path again, and triggered ones wait."""
        self._walkers = [PathWalker(path) for path in self._own]
        self._triggers = [path.trigger for path in self._own]
        self._begun_s: list[float | None] = [None if trigger else 0.0 for trigger in self._triggers]
        self._came: set[int] = set()

    def send(self, index: int, path: TimedPath, time_s: float) -> None:
        """Let one of them take another path, from a time of the simulation on."""
        self._walkers[index], self._triggers[index], self._begun_s[index] = PathWalker(path), None, time_s

    @property
    def are_waiting(self) -> bool:
        """Tell whether any path is still to be set off."""
        return None in self._begun_s

    def watch(self, time_s: float, robots_m: Sequence[tuple[float, float]]) -> None:
        """Set off what the robots, at these places, have triggered by now."""
        for index, trigger in enumerate(self._triggers):
            if trigger and self._begun_s[index] is None and self._is_due(index, trigger, robots_m):
                self._begun_s[index] = time_s

    def poses_at(self, time_s: float) -> list[Pose3]:
        """Return where each is at a time of the simulation."""
        return [
            walker.pose_at(time_s - begun_s) if begun_s is not None
            else NOWHERE if trigger and trigger.hidden else walker.pose_at(0.0)
            for walker, trigger, begun_s in zip(self._walkers, self._triggers, self._begun_s, strict=True)]

    def _is_due(self, index: int, trigger: Trigger, robots_m: Sequence[tuple[float, float]]) -> bool:
        distance_m = min((math.dist(place, trigger.place_m) for place in robots_m), default=math.inf)
        if distance_m <= trigger.within_m:
            self._came.add(index)
        if trigger.then_beyond_m is None:
            return index in self._came
        return index in self._came and distance_m > trigger.then_beyond_m

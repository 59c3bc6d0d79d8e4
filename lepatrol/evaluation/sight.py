"""Which staged things came into the robot's view, when, and where they truly were.

A thing that never was in view cannot be missed. Line of sight is looked for by rays in the physics' true state, from
sensors that look there: from the camera to points all over what is ahead, from the lidar to points in its plane all
round, from a camera that looks down to where things meet the ground. What the thing is made of and what the robot is
made of are in nobody's way. A group is all who are named after a subject: ``crowd_1``, ``crowd_2``.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import mujoco
import numpy as np

from lepatrol import assembly
from lepatrol.model.alerts import AlertKind
from lepatrol.model.errors import LepatrolError
from lepatrol.model.frames import BASE_LINK
from lepatrol.model.geometry import Pose3
from lepatrol.model.site import Point2
from lepatrol.model.truth import Subject, Truth
from lepatrol.simulation.description import CameraSensor, LidarSensor, Model
from lepatrol.simulation.embedded import EmbeddedSimulator
from lepatrol.simulation.physics import Physics

PERIOD_S = 0.1
"""How often places are written down and lines of sight looked at."""
BREACH_WITHIN_M = 8.0
"""A hole in a fence further along it is seen edge-on."""
_VISIBLE_SHARE = 0.5
_HEIGHTS = (0.25, 0.55, 0.85)
_FEET = (0.05, 0.15, 0.25)
"""From above a thing is looked at near the ground."""
_ACROSS = (-0.35, 0.0, 0.35)
_SLACK_M = 0.05
_THICKEST_M = 0.5
_GATHERED_M = 5.0
"""A group is there when one of it is this near to its middle."""
_NEARER_M = 0.25
"""So much nearer makes a better picture: each costs time."""
_HOPS = 8
"""So many parts of the robot or of the thing itself may lie along a ray."""
_EPS = 1e-6


@dataclass(slots=True)
class Trace:
    """Where something was over time, with straight lines between the times."""

    times_s: list[float] = field(default_factory=list)
    points_m: list[Point2] = field(default_factory=list)

    def add(self, now_s: float, point_m: Point2) -> None:
        """Append a place; times go up."""
        self.times_s.append(now_s)
        self.points_m.append(point_m)

    def at(self, time_s: float) -> Point2 | None:
        """Return where it was: the first place before the first time, None if it never was anywhere."""
        after = bisect_right(self.times_s, time_s)
        if not self.times_s:
            return None
        if after in (0, len(self.times_s)):
            return self.points_m[min(after, len(self.times_s) - 1)]
        start_s, end_s = self.times_s[after - 1], self.times_s[after]
        (x0, y0), (x1, y1) = self.points_m[after - 1], self.points_m[after]
        share = (time_s - start_s) / (end_s - start_s)
        return x0 + share * (x1 - x0), y0 + share * (y1 - y0)

    def nearest_m(self, point_m: Point2, start_s: float, end_s: float) -> float:
        """Return how near it came to a point between two times, inf if it never was anywhere."""
        ends = [place for place in (self.at(start_s), self.at(end_s)) if place is not None]
        first, last = bisect_right(self.times_s, start_s), bisect_right(self.times_s, end_s)
        return min((math.dist(place, point_m) for place in (*ends, *self.points_m[first:last])), default=math.inf)


@dataclass(slots=True)
class Sight:
    """What is known of one subject's visibility so far.

    ``members`` is where it was over time, one trace for each that moves: none for what stands, several for a group.
    ``in_view_s`` is when the first stretch began in which it was in view for long enough; ``nearest_m`` the distance
    when it was best to be seen, and ``shown`` whether the camera was turned to it then.
    """

    subject: Subject
    members: tuple[Trace, ...] = ()
    in_view_s: float | None = None
    nearest_m: float = math.inf
    nearest_at_s: float | None = None
    shown: bool = False
    _since_s: float | None = None

    def place_at(self, time_s: float) -> Point2 | None:
        """Return where it truly was at a time: a group's middle; None for what happens to the robot itself."""
        if self.subject.moves_as is None:
            return self.subject.place_m
        return self.members[0].at(time_s) if self.members else None

    def look(self, now_s: float, visible: bool, for_s: float) -> None:
        """Take in whether it is in view now."""
        if not visible:
            self._since_s = None
            return
        if self._since_s is None:
            self._since_s = now_s
        if self.in_view_s is None and now_s - self._since_s >= for_s - _EPS:
            self.in_view_s = self._since_s

    def approach(self, now_s: float, distance_m: float, shown: bool) -> bool:
        """Take in a moment in line of sight; return whether it is clearly better to show than any before."""
        if shown < self.shown or (shown == self.shown and distance_m > self.nearest_m - _NEARER_M):
            return False
        self.shown, self.nearest_m, self.nearest_at_s = shown, distance_m, now_s
        return True


@dataclass(frozen=True, slots=True)
class _Mover:
    """Something that moves, and its bodies in the physics, the root first."""

    name: str
    bodies: tuple[int, ...]


class SightWatch:
    """Watches a simulation step by step; ``sights`` holds what it has seen of each subject."""

    def __init__(self, truth: Truth, simulator: EmbeddedSimulator, robot: str) -> None:
        """Find the subjects in the scene.

        :raises LepatrolError: naming a subject that moves as something the scene does not hold.
        """
        self._simulator = simulator
        self._robot = robot
        model = simulator.physics.scene.robots[robot]
        self._eyes = [_in_base(model, sensor) for sensor in (LidarSensor, CameraSensor)]
        self._half_fov_rad = _half_fov_rad(model)
        self._down = _DownEye.of(model)
        self._sight_line = _SightLine(simulator.physics, robot)
        self._movers = [_movers(simulator.physics, subject) for subject in truth.subjects]
        self.sights = tuple(
            Sight(subject, tuple(Trace() for _ in movers))
            for subject, movers in zip(truth.subjects, self._movers, strict=True))
        self._next_s = 0.0

    def update(self) -> list[str]:
        """Look, if it is time to; return the names of the subjects that were never as well to be seen as now."""
        now_s = self._simulator.time_s
        if now_s < self._next_s - _EPS:
            return []
        self._next_s = now_s + PERIOD_S
        base = self._simulator.ground_truth(self._robot)
        return [sight.subject.name for sight, movers in zip(self.sights, self._movers, strict=True)
                if self._watch(sight, movers, base, now_s)]

    def is_in_picture(self, name: str, within_m: float) -> bool:
        """Tell whether the camera is turned to a subject that moves, now and within a distance, with nothing between.

        :raises LepatrolError: if no subject of that name moves.
        """
        sight, movers = next(
            ((sight, movers) for sight, movers in zip(self.sights, self._movers, strict=True)
             if sight.subject.name == name), (None, ()))
        if sight is None or not movers:
            raise LepatrolError(f'there is no subject {name!r} that moves')
        base = self._simulator.ground_truth(self._robot)
        foot = self._simulator.physics.body_pose(movers[0].bodies[0]).position_m
        if math.dist(foot[:2], base.position_m[:2]) > within_m or not self._is_ahead(base, foot):
            return False
        own = [body for mover in movers for body in mover.bodies]
        return self._is_clear(sight.subject, foot, own, base.compose(Pose3(self._eyes[1])).position_m, _HEIGHTS)

    def place_of(self, name: str) -> Point2 | None:
        """Return where a subject truly is, None if there is none of that name or it is nowhere."""
        return next((sight.place_at(self._simulator.time_s) for sight in self.sights
                     if sight.subject.name == name), None)

    def _watch(self, sight: Sight, movers: Sequence[_Mover], base: Pose3, now_s: float) -> bool:
        subject = sight.subject
        feet = [self._simulator.physics.body_pose(mover.bodies[0]).position_m for mover in movers]
        for trace, foot in zip(sight.members, feet, strict=True):
            trace.add(now_s, foot[:2])
        if subject.moves_as is None and subject.place_m is None:
            is_so = subject.from_s <= now_s <= subject.until_s
            sight.look(now_s, is_so, 0.0)
            return is_so and sight.approach(now_s, 0.0, True)
        foot = feet[0] if subject.place_m is None else (*subject.place_m, 0.0)
        distance_m = math.dist(foot[:2], base.position_m[:2])
        own = [body for mover in movers for body in mover.bodies]
        visible = (
            subject.from_s <= now_s <= subject.until_s and distance_m <= _within_m(subject)
            and (not feet or any(math.dist(place[:2], foot[:2]) <= _GATHERED_M for place in feet))
            and self._in_line_of_sight(subject, foot, own, base))
        sight.look(now_s, visible, subject.for_s)
        return visible and sight.approach(now_s, distance_m, self._is_ahead(base, foot))

    def _in_line_of_sight(
        self, subject: Subject, foot: tuple[float, float, float], own: Sequence[int], base: Pose3,
    ) -> bool:
        lidar, camera = (base.compose(Pose3(place)).position_m for place in self._eyes)
        looks: list[tuple[tuple[float, float, float], tuple[float, ...]]] = []
        if self._is_ahead(base, foot):
            looks.append((camera, _HEIGHTS))
        rise = (lidar[2] - foot[2]) / subject.size_m[1]
        if 0.0 <= rise <= 1.0:
            looks.append((lidar, (rise,)))
        if any(self._is_clear(subject, foot, own, eye, heights) for eye, heights in looks):
            return True
        if self._down is None:
            return False
        pose = base.compose(self._down.pose)
        seen_from_above = self._down
        return self._is_clear(
            subject, foot, own, pose.position_m, _FEET,
            is_shown=lambda point: seen_from_above.shows(pose, (point[0], point[1], point[2])))

    def _is_clear(
        self, subject: Subject, foot: tuple[float, float, float], own: Sequence[int], eye: Sequence[float],
        heights: Sequence[float], is_shown: Callable[[Sequence[float]], bool] = lambda point: True,
    ) -> bool:
        """Tell whether an eye sees enough of a subject at some heights (shares of its own)."""
        slack_m = min(subject.size_m[0] / 2.0, _THICKEST_M) + _SLACK_M
        points = _points(subject, foot, (eye[0], eye[1], eye[2]), heights)
        clear = [is_shown(point) and self._sight_line.is_clear(eye, point, own, slack_m) for point in points]
        return sum(clear) >= _VISIBLE_SHARE * len(clear)

    def _is_ahead(self, base: Pose3, foot: tuple[float, float, float]) -> bool:
        x, y, _ = base.inverse().compose(Pose3(foot)).position_m
        return abs(math.atan2(y, x)) < self._half_fov_rad


@dataclass(frozen=True, slots=True)
class _DownEye:
    """A camera that looks down: where it is in ``base_link``, and half its picture's sides at a metre's distance."""

    pose: Pose3
    across_m: float
    up_m: float

    @staticmethod
    def of(robot: Model) -> _DownEye | None:
        """Return a robot's, None where it has none."""
        down = assembly.down_camera(robot)
        if down is None:
            return None
        across_m = math.tan(down[1].horizontal_fov_rad / 2.0)
        return _DownEye(
            assembly.base_pose(robot).inverse().compose(down[0]), across_m, across_m * down[1].height / down[1].width)

    def shows(self, pose: Pose3, point_m: tuple[float, float, float]) -> bool:
        """Tell whether a point is within the picture that the camera takes from a pose."""
        ahead, left, up = pose.inverse().compose(Pose3(point_m)).position_m
        return ahead > 0.0 and abs(left) < self.across_m * ahead and abs(up) < self.up_m * ahead


class _SightLine:
    """Casts rays that pass through the robot and through what they are cast at."""

    def __init__(self, physics: Physics, robot: str) -> None:
        self._physics = physics
        self._robot = frozenset(_bodies_of(physics, robot))
        self._body_of: list[int] = physics.model.geom_bodyid.tolist()

    def is_clear(self, eye_m: Sequence[float], point_m: Sequence[float], own: Sequence[int], slack_m: float) -> bool:
        """Tell whether nothing stands between, but for what begins within ``slack_m`` of the point."""
        model: Any = self._physics.model
        way = np.subtract(point_m, eye_m)
        length_m = float(np.linalg.norm(way))
        if length_m <= slack_m:
            return True
        way /= length_m
        geom = np.zeros(1, dtype=np.int32)
        gone_m = 0.0
        for _ in range(_HOPS):
            step_m = mujoco.mj_ray(
                model, self._physics.data, np.add(eye_m, way * gone_m), way, None, 1, -1, geom)
            gone_m += step_m + 1e-3
            if step_m < 0.0 or gone_m >= length_m - slack_m:
                return True
            body = self._body_of[int(geom[0])]
            if body in own:
                return True
            if body not in self._robot:
                return False
        return False


def _within_m(subject: Subject) -> float:
    is_hole = AlertKind.FENCE_BREACH in subject.kinds and subject.place_m is not None
    return min(subject.within_m, BREACH_WITHIN_M) if is_hole else subject.within_m


def _points(
    subject: Subject, foot: tuple[float, float, float], eye: tuple[float, float, float], heights: Sequence[float],
) -> list[tuple[float, float, float]]:
    """Return points over the subject's outline as the eye sees it, at heights given as shares of its own."""
    width, height = subject.size_m
    bearing = math.atan2(foot[1] - eye[1], foot[0] - eye[0])
    across = (-math.sin(bearing) * width, math.cos(bearing) * width)
    return [
        (foot[0] + share * across[0], foot[1] + share * across[1], foot[2] + rise * height)
        for rise in heights for share in _ACROSS]


def _movers(physics: Physics, subject: Subject) -> list[_Mover]:
    """Return what of the scene makes up a subject: the one it moves as, then whoever else is named after it.

    :raises LepatrolError: if it moves as something the scene does not hold.
    """
    group = re.compile(rf'{re.escape(subject.name)}(_\d+)?')
    bodies = (physics.model.body(body).name.partition('::')[0] for body in range(physics.model.nbody))
    names = [name for name in dict.fromkeys(bodies) if group.fullmatch(name) or name == subject.moves_as]
    if subject.moves_as is not None and subject.moves_as not in names:
        raise LepatrolError(
            f'subject {subject.name}: the scene has nothing that moves and is called {subject.moves_as!r}')
    ordered = sorted(names, key=lambda name: name != subject.moves_as)
    return [_Mover(name, _bodies_of(physics, name)) for name in ordered]


def _bodies_of(physics: Physics, name: str) -> tuple[int, ...]:
    """Return the MuJoCo bodies of a model, an actor or a robot; the first is its root."""
    bodies = range(physics.model.nbody)
    return tuple(body for body in bodies if physics.model.body(body).name.partition('::')[0] == name)


def _in_base(robot: Model, kind: type[LidarSensor | CameraSensor]) -> tuple[float, float, float]:
    """Return where the main sensor of a kind is in ``base_link``; half a metre up where there is none."""
    base = next((link.pose for link in robot.links if link.name == BASE_LINK), Pose3())
    main = assembly.main_sensor(robot, kind)
    return base.inverse().compose(main[0]).position_m if main else (0.0, 0.0, 0.5)


def _half_fov_rad(robot: Model) -> float:
    main = assembly.main_sensor(robot, CameraSensor)
    return main[1].horizontal_fov_rad / 2.0 if main else 0.0

"""Keep somebody in view: where the robot stands, which way it is turned, and when it goes elsewhere."""

from __future__ import annotations

import dataclasses
import math

from py_trees.common import Status

from lepatrol.behaviours.followed import Followed
from lepatrol.behaviours.scout import Scout
from lepatrol.behaviours.visit import Crew, GoTo
from lepatrol.behaviours.waiting_ground import WaitingGround
from lepatrol.model.errors import PlanningError
from lepatrol.model.geometry import Pose2, wrap_angle
from lepatrol.model.site import Point2, Waypoint
from lepatrol.settings.conduct import FollowSettings

IN_SIGHT_S = 1.0
"""Who was seen within this time is in sight."""
_NEAR_S = 3.0
"""Who was near when they were seen last is turned to for this long: the lidar does not see what touches the robot."""
_BESIDE_M = 0.3
"""A place this near is where the robot is."""
_TRIES = 3
"""So many ways in a row may fail."""


class Lookout:
    """Watch a person from the nearest place that has a free line of sight and is nobody's way.

    The robot stands and turns while they stay within sight of its place, and also when they come nearer: it does not
    turn its back, nor reverse blindly. Where nobody can stand near enough, it watches from farther off.
    """

    def __init__(
        self, crew: Crew, scout: Scout, person: Followed, settings: FollowSettings, *, ground: WaitingGround,
        distance_m: float,
    ) -> None:
        """Ask for nothing yet; ``distance_m`` is how near the robot goes by itself."""
        self.trouble = ''
        """What keeps it from watching as it ought to, '' for nothing."""
        self._crew = crew
        self._scout = scout
        self._person = person
        self._settings = settings
        self._ground = ground
        self._distance_m = distance_m
        self._pose: Pose2 | None = None
        self._way: GoTo | None = None
        self._stand: Waypoint | None = None
        self._aimed_s = -math.inf
        self._unseen_s = math.inf
        self._failures = 0

    def on_pose(self, pose: Pose2) -> None:
        """Take where the robot is."""
        self._pose = pose

    def tick(self, unseen_s: float) -> None:
        """Go on; ``unseen_s`` is how long ago the person was seen, infinite for one that has not been seen yet."""
        self._unseen_s = unseen_s
        now_s = self._crew.watch.elapsed_s
        if self._pose is None:
            self.trouble = 'no pose has come yet'
            return
        if now_s - self._aimed_s >= self._settings.renew_s - 1e-9:
            self._take_aim(self._pose, now_s)
        self._walk()

    def stop(self) -> None:
        """Take the goal back; the next tick aims anew."""
        self._drop_way()
        self._aimed_s = -math.inf

    @property
    def is_under_way(self) -> bool:
        """Tell whether the robot is on its way to another place."""
        if self._way is None or self._stand is None or self._pose is None:
            return False
        return math.dist((self._stand.x_m, self._stand.y_m), (self._pose.x_m, self._pose.y_m)) > _BESIDE_M

    @property
    def is_stuck(self) -> bool:
        """Tell whether so many ways have failed in a row that the person cannot be got to."""
        return self._failures >= _TRIES

    @property
    def away_m(self) -> float:
        """Return how far the person is from the robot, infinite without a pose."""
        if self._pose is None:
            return math.inf
        return math.dist((self._pose.x_m, self._pose.y_m), self._person.place_m)

    @property
    def is_facing(self) -> bool:
        """Tell whether the robot is turned to the person."""
        return self._pose is not None and not self._is_turned(self._here(self._pose), self._person.place_m)

    def _here(self, pose: Pose2) -> Waypoint:
        return Waypoint('here', pose.x_m, pose.y_m, pose.yaw_rad, z_m=self._scout.height_m)

    def _take_aim(self, pose: Pose2, now_s: float) -> None:
        """Go to another place, or turn, where that is due."""
        here = self._here(pose)
        aim = self._person.ahead_m(self._lead_s(here))
        stand = self._stand if self._way is not None and self._stand is not None else here
        if self._unseen_s <= IN_SIGHT_S and self._is_good(stand, aim):
            return
        self._aimed_s = now_s
        view = self._view(here, aim)
        if _apart_m(view, stand) <= _BESIDE_M and not self._is_turned(stand, aim):
            return
        rolls = _apart_m(view, here) <= _BESIDE_M and self.is_under_way
        self._drop_way()
        if not rolls:  # else it turns once it has come to rest
            self._stand, self._way = view, GoTo(self._crew, view, view.yaw_rad)

    def _lead_s(self, here: Waypoint) -> float:
        """Return how far ahead of where they were seen last the person is looked for."""
        if math.isinf(self._unseen_s):
            return min(max(self._crew.watch.now_s - self._person.seen_s, 0.0), self._settings.lost_s)
        if self._is_near(here, self._person.place_m):
            # So near, they may soon be on the other side.
            return 0.0 if self._unseen_s <= IN_SIGHT_S else self._unseen_s
        return self._settings.lead_s

    def _is_near(self, here: Waypoint, point_m: Point2) -> bool:
        """Tell whether a robot here only turns to who is at a point: it is too near to go anywhere."""
        return (math.dist((here.x_m, here.y_m), point_m) < self._distance_m and self._unseen_s <= _NEAR_S
                and self._ground.is_fit(here.x_m, here.y_m))

    def _is_good(self, stand: Waypoint, aim: Point2) -> bool:
        """Tell whether a point is near enough to a place, not too near, and before it."""
        away_m = math.dist((stand.x_m, stand.y_m), aim)
        return (self._distance_m <= away_m <= self._distance_m + self._settings.slack_m
                and not self._is_turned(stand, aim) and self._ground.is_fit(stand.x_m, stand.y_m))

    def _is_turned(self, stand: Waypoint, aim: Point2) -> bool:
        """Tell whether who stands in a place, as it is headed, looks past a point."""
        return abs(wrap_angle(_bearing_rad(stand, aim) - (stand.yaw_rad or 0.0))) > self._settings.turned_rad

    def _view(self, here: Waypoint, aim: Point2) -> Waypoint:
        """Return where to watch a point from, turned to it."""
        turned = dataclasses.replace(here, yaw_rad=_bearing_rad(here, aim))
        self.trouble = ''
        if self._is_near(here, self._person.place_m) or self._is_near(here, aim):
            return turned
        for point in dict.fromkeys((aim, self._person.place_m)):
            for farthest_m in (self._distance_m + self._settings.slack_m, self._settings.farthest_m):
                try:
                    view = self._scout.view_of(
                        point, stand_off_m=self._distance_m, farthest_m=farthest_m, is_fit=self._ground.is_fit)
                except PlanningError as error:
                    self.trouble = str(error)
                else:
                    self.trouble = ''
                    return view
        return turned

    def _walk(self) -> None:
        if self._way is None:
            return
        self._way.tick_once()
        if self._way.status is Status.FAILURE:
            self._failures += 1
            self.trouble = self._way.feedback_message
        elif self._way.status is Status.SUCCESS:
            self._failures = 0
        if self._way.status is not Status.RUNNING:
            self._drop_way()

    def _drop_way(self) -> None:
        if self._way is not None:
            self._way.stop(Status.INVALID)
            self._way = self._stand = None


def _bearing_rad(stand: Waypoint, point_m: Point2) -> float:
    return math.atan2(point_m[1] - stand.y_m, point_m[0] - stand.x_m)


def _apart_m(one: Waypoint, other: Waypoint) -> float:
    return math.dist((one.x_m, one.y_m), (other.x_m, other.y_m))

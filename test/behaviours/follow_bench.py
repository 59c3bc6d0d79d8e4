"""A robot on open ground that drives to its goals, and one person who walks about and is followed."""

import dataclasses
import math

from conduct_bench import ConductBench
from patrol_bench import STEP_S, small_site

from lepatrol.model.alerts import AlertKind
from lepatrol.model.errors import PlanningError
from lepatrol.model.findings import ThingKind
from lepatrol.model.geometry import Pose2, Pose3, wrap_angle
from lepatrol.model.navigation import NavigationState
from lepatrol.model.observation import PoseEstimate
from lepatrol.model.policy import Policy, Response
from lepatrol.model.site import FollowLimits, Waypoint
from lepatrol.model.tracks import Track, TrackState
from lepatrol.model.zones import Zone
from lepatrol.settings.conduct import FollowSettings

ROBOT_M_S = 1.2
FIELD_RAD = 0.6
"""Half of what the camera sees."""
CASE = 'robot-0001-bag'


def square(name, kind, x, y, half=2.0):
    return Zone(name, kind, ((x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half)))


def open_ground(*zones, structures=(), perimeter=((-90.0, -90.0), (90.0, -90.0), (90.0, 90.0), (-90.0, 90.0)),
                **limits):
    return dataclasses.replace(
        small_site(), zones=zones, structures=structures, perimeter=perimeter,
        policies=(Policy(Response.FOLLOW, kinds=(AlertKind.ZONE_INTRUSION,), notice='Please stop.'),),
        follow=FollowLimits(**limits))


class OpenScout:
    """Finds places on ground where nothing stands, but for what ``hides`` hides: a function of person and place."""

    body_radius_m, height_m, zone_room_m = 0.45, 0.0, 0.65

    def __init__(self, hides=None):
        self.pose = Pose2(0.0, 0.0, 0.0)
        self.hides = hides or (lambda point, place: False)

    def on_pose(self, estimate):
        self.pose = estimate.pose.planar()

    def view_of(self, point_m, *, stand_off_m, farthest_m, is_fit=None):
        here = (self.pose.x_m, self.pose.y_m)
        ring = [
            (point_m[0] + away * math.cos(turn), point_m[1] + away * math.sin(turn))
            for turn in (2.0 * math.pi * step / 72 for step in range(72))
            for away in (stand_off_m + 0.4 + 0.5 * step for step in range(int(2 * (farthest_m - stand_off_m - 0.4))))]
        places = [here] if stand_off_m <= math.dist(here, point_m) <= farthest_m else []
        for place in (*places, *sorted(ring, key=lambda each: math.dist(each, here))):
            if not self.hides(point_m, place) and (is_fit is None or is_fit(*place)):
                return Waypoint('view', *place, math.atan2(point_m[1] - place[1], point_m[0] - place[0]))
        raise PlanningError('a wall hides it')

    def on_zones(self, zones):
        pass

    def way_to(self, point_m):
        return [(self.pose.x_m, self.pose.y_m), point_m]


class FollowBench(ConductBench):
    """One robot and one person; whether they are in view is counted at every step."""

    def __init__(self, site=None, *, person=(8.0, 0.0), pose=None, scout=None, lost_s=10.0, **kinds):
        super().__init__(
            site=site or open_ground(), scout=scout or OpenScout(), follow=FollowSettings(lost_s=lost_s), **kinds)
        self.pose = pose or Pose2(0.0, 0.0, 0.0)
        self.person, self.velocity = person, (0.0, 0.0)
        self.track_id = 1
        self.is_there = True
        self.first_seen_s = self.now_s
        self.in_view = []
        self.places_stood = []

    def begin(self, kind=AlertKind.ZONE_INTRUSION):
        """Walk a round, and have the alert raised that somebody is where nobody ought to be."""
        assert self.command('start perimeter forever') == 'ok'
        self.run_for(0.3)
        self.raise_alert(kind=kind, place=self.person, about=f'track-{self.track_id}')

    def walk(self, *velocity):
        self.velocity = velocity

    def vanish(self):
        self.is_there = False

    def come_back(self, *place):
        """Be seen again, as somebody new to perception."""
        self.person, self.is_there = place, True
        self.track_id += 1
        self.first_seen_s = self.now_s

    def raise_alert(self, *names, about='7', **fields):
        return super().raise_alert(*names, about=about, **fields)

    def step(self):
        self.person = tuple(place + STEP_S * speed for place, speed in zip(self.person, self.velocity, strict=True))
        self.conduct.on_pose(PoseEstimate(self.now_s, 'map', Pose3.from_rpy(
            self.pose.x_m, self.pose.y_m, yaw_rad=self.pose.yaw_rad), 0.0))
        self.conduct.on_tracks([self.track()] if self.is_there else [])
        output = super().step()
        self.in_view.append(abs(self.off_rad) <= FIELD_RAD and self.away_m < 15.0)
        return output

    def track(self):
        return Track(
            self.track_id, TrackState.SEEN, self.person, self.velocity, (0.01, 0.0, 0.01), self.first_seen_s,
            self.now_s, self.first_seen_s, {ThingKind.PERSON: 0.9}, 30)

    @property
    def away_m(self):
        return math.dist(self.person, (self.pose.x_m, self.pose.y_m))

    @property
    def off_rad(self):
        """Return how far beside its heading the robot has the person."""
        return wrap_angle(
            math.atan2(self.person[1] - self.pose.y_m, self.person[0] - self.pose.x_m) - self.pose.yaw_rad)

    def _navigate(self):
        if self._goal is None or self.deaf:
            return
        goal, here = self._goal, (self.pose.x_m, self.pose.y_m)
        if (goal.x_m, goal.y_m) in self.unreachable:
            self.say(NavigationState.FAILED, goal_id=goal.goal_id, reason=self.unreachable[goal.x_m, goal.y_m])
            return
        left_m = math.dist(here, (goal.x_m, goal.y_m))
        if left_m > 0.1:
            share = min(1.0, ROBOT_M_S * STEP_S / left_m)
            self.pose = Pose2(
                here[0] + share * (goal.x_m - here[0]), here[1] + share * (goal.y_m - here[1]),
                math.atan2(goal.y_m - here[1], goal.x_m - here[0]))
            self.say(NavigationState.MOVING, goal_id=goal.goal_id)
        else:
            self.pose = Pose2(*here, self.pose.yaw_rad if goal.yaw_rad is None else goal.yaw_rad)
            self.say(NavigationState.REACHED, goal_id=goal.goal_id)

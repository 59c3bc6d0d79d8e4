"""From goals and sensors to a velocity in the air: take off, fly legs, hover, land, and pass the gate.

The counterpart of :class:`lepatrol.control.navigator.Navigator` for flying robots, with the same interface. Seen from
above it flies nose first along its path with the same follower, and what it is told passes the same gate; heights
(Twist's linear z) are its own.
"""

from __future__ import annotations

import math
from enum import Enum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lepatrol.control.air_follower import AirFollower
from lepatrol.control.altitude import Altimeter, ClimbControl, Touchdown
from lepatrol.control.avoidance import CORRIDOR_MARGIN_M, InTheWay, Sweep, in_the_way, speed_share
from lepatrol.control.gate import Gate
from lepatrol.control.surroundings import Surroundings
from lepatrol.control.track import Track
from lepatrol.model.errors import PlanningError
from lepatrol.model.geometry import STOP, Floats, Pose2, Pose3, Twist
from lepatrol.model.navigation import Leg, NavigationFeedback, NavigationGoal, NavigationState
from lepatrol.model.observation import LaserScan, Odometry, PoseEstimate
from lepatrol.model.site import Geofence
from lepatrol.sensing.localisation import PoseFusion
from lepatrol.settings.navigation import NavigatorSettings
from lepatrol.settings.robot import RobotSettings

_OFF_PATH_M = 2.0
"""Further from its path, as after teleop or a gust, the robot plans anew."""
_LANDED_M = 0.5
"""A robot first seen lower than this stands on the ground; one that comes higher flies."""
_FREED_AFTER_M = 0.5
"""Having moved on this far, an obstacle counts as overcome."""
_REPLAN_EVERY_S = 1.0
_FAST_M_S = 1.2
"""Faster than a robot moves that keeps a place."""
_LONGEST_STEP_S = 0.2
_NO_LIDAR = 'without a lidar, obstacles are known from the map alone'


class LegPlanner(Protocol):
    """What the navigator needs of a planner."""

    def leg(
        self, start: Pose2, start_m: float, goal: NavigationGoal, *, grounded: bool = False,
        obstacles_m: Floats | None = None,
    ) -> Leg:
        """Return a leg past obstacle points (n, 2), or raise PlanningError saying why there is none."""

    def known(self, points_m: Floats, height_m: float) -> NDArray[np.bool_]:
        """Tell which points (n, 2) seen at a height may be something that is on the map."""


class _Stage(Enum):
    """Which part of its leg the robot flies."""

    LEVEL = 'level'
    CRUISE = 'cruise'
    FINAL = 'final'


class AirNavigator:
    """Brings one flying robot to one goal after another; stepped by ``update`` at the control rate.

    A goal at height 0 is landed at. Without a goal the robot hovers where it is, or stands where it has landed. With
    the e-stop pressed it hovers; with a silent sensor it hovers, and lands where it is if that lasts.
    """

    def __init__(
        self, settings: NavigatorSettings, robot: RobotSettings, planner: LegPlanner, *,
        geofence: Geofence | None = None, has_lidar: bool = False,
    ) -> None:
        """Begin without a goal and without a place; a robot without a lidar knows obstacles from the map alone."""
        self._settings = settings
        self._flight = settings.flight
        self._radius_m = robot.footprint_radius_m
        self._planner = planner
        self._geofence = geofence
        self._has_lidar = has_lidar
        self._gate = Gate(settings.gate, robot)
        self._fusion = PoseFusion()
        self._altimeter = Altimeter()
        self._attitude = Pose3()
        self._climb = ClimbControl(settings.flight, robot)
        self._touchdown = Touchdown()
        self._surroundings = Surroundings(robot.footprint_radius_m, settings.flight.vertical_clearance_m / 2.0)
        self._follower = AirFollower(settings, robot)
        self._goal: NavigationGoal | None = None
        self._leg: Leg | None = None
        self._track: Track | None = None
        self._sweep_points: Floats = np.zeros((0, 2))
        self._blocked_s: float | None = None
        self._outside_s: float | None = None
        self._landed: bool | None = None
        self._post: tuple[float, float, float] | None = None
        self._teleop = STOP
        self._silent_s: float | None = None
        self._updated_s: float | None = None
        self._command = STOP
        self._feedback = NavigationFeedback(0.0, 0, NavigationState.IDLE)
        self._stand_down()

    @property
    def has_lidar(self) -> bool:
        """Tell whether a silent lidar holds the robot."""
        return self._has_lidar

    @property
    def feedback(self) -> NavigationFeedback:
        """Return how the latest goal stands."""
        return self._feedback

    @property
    def path(self) -> Floats:
        """Return the leg being flown, (m, 3) in ``map``; no points without one."""
        if self._track is None or self._leg is None or self._goal is None:
            return np.zeros((0, 3))
        corners = [(x, y, self._leg.height_m) for x, y in self._track.corners]
        return np.array([*corners, (self._goal.x_m, self._goal.y_m, self._goal.z_m)])

    @property
    def pose(self) -> Pose2 | None:
        """Return where the robot believes it is as seen from above, None before the first pose."""
        return self._fusion.pose

    @property
    def height_m(self) -> float | None:
        """Return how high the robot believes it is, None before the first pose."""
        return self._altimeter.height_m

    @property
    def is_landed(self) -> bool:
        """Tell whether the robot stands on the ground."""
        return bool(self._landed)

    def on_scan(self, scan: LaserScan, sensor_pose: Pose3, now_s: float) -> None:
        """Take a scan from a planar lidar at ``sensor_pose`` in ``base_link``."""
        self._tick(now_s)
        sweep = self._surroundings.read_scan(scan, sensor_pose)
        if sweep is not None:
            self._see(sweep, now_s)

    def on_points(
        self, points_m: NDArray[np.float32] | Floats, stamp_s: float, sensor_pose: Pose3, now_s: float,
    ) -> None:
        """Take what a lidar at ``sensor_pose`` in ``base_link`` saw all around at ``stamp_s``: points (n, 3)."""
        self._tick(now_s)
        points = sensor_pose.transform(np.asarray(points_m, dtype=np.float64))
        self._see(self._surroundings.read_points(
            points, stamp_s, self._attitude, self._altimeter.height_m), now_s)

    def on_pose(self, estimate: PoseEstimate, now_s: float) -> None:
        """Take a pose in ``map``; one that is not finite counts as none."""
        self._tick(now_s)
        if not math.isfinite(estimate.pose.position_m[2]) or not self._fusion.add_pose(estimate):
            return
        self._altimeter.add_pose(estimate)
        self._attitude = estimate.pose
        self._gate.on_pose(min(estimate.stamp_s, now_s))
        height = self._altimeter.height_m
        if height is not None and (self._landed is None or (self._landed and height > _LANDED_M)):
            self._landed = height <= _LANDED_M

    def on_odometry(self, odometry: Odometry, now_s: float) -> None:
        """Take odometry, which carries the pose on between poses."""
        self._tick(now_s)
        self._fusion.add_odometry(odometry)
        self._altimeter.add_odometry(odometry)

    def on_goal(self, goal: NavigationGoal, now_s: float) -> None:
        """Drop the present goal for a new one; a place where the robot cannot be fails at once."""
        self._tick(now_s)
        self._stand_down()
        self._goal = goal
        if goal.yaw_rad is not None and not math.isfinite(goal.yaw_rad):
            self._end(NavigationState.FAILED, now_s, f'goal heading is {goal.yaw_rad}, expected a finite number')
            return
        self._follower.begin(goal.yaw_rad)
        if self._fusion.pose is None:
            self._tell(NavigationState.HELD, now_s, 'no usable pose yet')
        elif not self._is_landed_at(goal):
            self._plan_first(now_s)

    def on_cancel(self, now_s: float, reason: str) -> None:
        """Give up the present goal, if there is one, and hover."""
        self._tick(now_s)
        if self._goal is not None:
            self._end(NavigationState.CANCELLED, now_s, reason)

    def on_estop(self, active: bool, now_s: float) -> None:
        """Press the e-stop, which stays pressed, or release it with a plain False: a pressed one stops in mid-air."""
        self._tick(now_s)
        self._gate.on_estop(active)

    def on_teleop(self, twist: Twist, now_s: float) -> None:
        """Let the operator fly."""
        self._tick(now_s)
        self._gate.on_teleop(twist, now_s)
        self._teleop = twist if twist.is_finite() else STOP

    def update(self, now_s: float) -> Twist:
        """Return the velocity to send now; call at the control rate."""
        self._tick(now_s)
        elapsed = 0.0 if self._updated_s is None else min(max(now_s - self._updated_s, 0.0), _LONGEST_STEP_S)
        self._updated_s = now_s
        if not self._has_lidar:
            self._gate.on_scan(math.inf, math.inf, now_s)
        held = self._gate.hold_reason(now_s)
        by_hand = self._gate.is_by_hand(now_s)
        if held:
            wanted = self._held(held, by_hand, now_s)
        else:
            self._silent_s = None
            wanted = self._fly(now_s) if self._goal is not None else self._hover()
        twist = self._pass(wanted, held, by_hand, elapsed, now_s)
        self._note_touchdown(twist, now_s)
        self._command = twist
        return twist

    def _tick(self, now_s: float) -> None:
        """Begin anew with the sensors when the clock jumps back; the goal is kept and planned again."""
        if self._gate.clock(now_s):
            self._fusion, self._altimeter = PoseFusion(), Altimeter()
            self._command, self._teleop = STOP, STOP
            self._landed = self._post = self._silent_s = self._updated_s = None
            self._leg = self._track = None
            self._sweep_points = np.zeros((0, 2))
            self._climb.halt()
            self._touchdown.clear()

    def _stand_down(self) -> None:
        """Forget everything that belongs to a goal."""
        self._goal = self._leg = self._track = None
        self._stage = _Stage.LEVEL
        self._post = None
        self._sweep_points = np.zeros((0, 2))
        self._blocked_s = None
        self._blocked_pose = Pose2(0.0, 0.0)
        self._planned_s = -math.inf
        self._outside_s = None

    def _see(self, sweep: Sweep, now_s: float) -> None:
        """Note how free the way is, and what is there that the map does not hold."""
        self._gate.on_scan(sweep.ahead_gap_m, sweep.behind_gap_m, min(sweep.stamp_s, now_s))
        pose = self._fusion.pose_at(sweep.stamp_s)
        if pose is None or self._leg is None or self._stage is not _Stage.CRUISE or not len(sweep.points_m):
            self._sweep_points = np.zeros((0, 2))
            return
        points = pose.transform(sweep.points_m)
        self._sweep_points = points[~self._planner.known(points, self._leg.height_m)]

    def _held(self, reason: str, by_hand: bool, now_s: float) -> Twist:
        """Return what is wanted while autonomy has no say: a hand's climb, nothing, or an emergency landing."""
        if self._goal is not None:
            self._blocked_s = self._outside_s = None
            self._tell(NavigationState.HELD, now_s, reason)
        self._post = None
        if by_hand:
            self._silent_s = None
            return Twist(linear_y_m_s=self._teleop.linear_y_m_s, linear_z_m_s=self._teleop.linear_z_m_s)
        if self._gate.is_stopped or not self._gate.is_blind(now_s):
            self._silent_s = None
            return STOP
        if self._silent_s is None:
            self._silent_s = now_s
        if self._landed or now_s - self._silent_s < self._flight.land_after_s:
            return STOP
        if self._goal is not None:
            self._tell(NavigationState.HELD, now_s, f'{reason}; landing where it is')
        return Twist(linear_z_m_s=self._climb.landing(None))

    def _pass(self, wanted: Twist, held: str, by_hand: bool, elapsed_s: float, now_s: float) -> Twist:
        """Return what may go to the robot: the gate's word on the plane, the climb limits on the height."""
        planar = Twist() if held else Twist(wanted.linear_x_m_s, wanted.angular_z_rad_s)
        passage = self._gate.update(planar, now_s)
        if self._goal is not None and not held and passage.stopped:
            self._wait(now_s, passage.stopped)
        if self._gate.is_stopped:
            self._climb.halt()
            return STOP
        rate = self._climb.limited(wanted.linear_z_m_s if math.isfinite(wanted.linear_z_m_s) else 0.0, elapsed_s)
        side = 0.0 if passage.stopped else self._follower.limited_side(wanted.linear_y_m_s, elapsed_s)
        if self._landed and rate <= 0.0:
            return Twist(0.0, 0.0) if not by_hand else Twist(linear_z_m_s=rate)
        return Twist(passage.twist.linear_x_m_s, passage.twist.angular_z_rad_s, side, rate)

    def _note_touchdown(self, twist: Twist, now_s: float) -> None:
        """Find out whether a robot that sinks has come to the ground."""
        if self._landed or twist.linear_z_m_s > -0.5 * self._flight.landing_rate_m_s:
            self._touchdown.clear()
        elif self._touchdown.update(self._altimeter.fresh_m(now_s), now_s):
            # A leg that is not over begins anew with a take-off.
            self._landed, self._post, self._track = True, None, None
            self._touchdown.clear()
            self._climb.halt()

    def _hover(self) -> Twist:
        """Stay where the robot came to be without a goal, within the geofence; stand if it has landed."""
        pose, height = self._fusion.pose, self._altimeter.height_m
        if self._landed or pose is None or height is None:
            return STOP
        if self._post is None or abs(self._command.linear_x_m_s) > _FAST_M_S:
            # It brakes first, and keeps the place where it comes to rest.
            self._post = (pose.x_m, pose.y_m, self._post[2] if self._post else height)
        x, y, z = self._post
        if self._geofence:
            x, y = self._geofence.nearest_inside(x, y)
            z = min(max(z, self._geofence.floor_m), self._geofence.ceiling_m)
        return self._follower.station(pose, x, y, self._climb.towards(z, height))

    def _fly(self, now_s: float) -> Twist:
        """Return the velocity wanted for the goal, and tell how it stands."""
        pose, height = self._fusion.pose_at(now_s), self._altimeter.height_m
        goal = self._goal
        assert goal is not None
        if pose is None or height is None:
            return STOP
        if self._landed and self._is_landed_at(goal):
            self._end(NavigationState.REACHED, now_s, '')
            return STOP
        if not self._stays_inside(pose, now_s):
            return self._hover()
        if self._track is None or self._is_astray(self._track, goal, pose):
            self._plan_first(now_s)
        if self._track is None or self._leg is None:
            return STOP
        if self._stage is _Stage.LEVEL:
            return self._level(self._leg, pose, height, now_s)
        if self._stage is _Stage.CRUISE:
            return self._cruise(self._track, self._leg, pose, height, now_s)
        return self._finish(goal, pose, height, now_s)

    def _level(self, leg: Leg, pose: Pose2, height: float, now_s: float) -> Twist:
        """Climb or sink on the spot to the leg's height."""
        if abs(leg.height_m - height) <= self._flight.height_tolerance_m:
            self._stage, self._post = _Stage.CRUISE, None
        if self._post is None:
            self._post = (pose.x_m, pose.y_m, leg.height_m)
        verb = 'taking off' if self._landed or height < leg.height_m else 'sinking'
        self._tell(NavigationState.MOVING, now_s, f'{verb} to {leg.height_m:.1f} m')
        return self._follower.station(pose, self._post[0], self._post[1], self._climb.towards(leg.height_m, height))

    def _cruise(self, track: Track, leg: Leg, pose: Pose2, height: float, now_s: float) -> Twist:
        """Follow the path at the leg's height, slower before what the map does not know."""
        following = self._follower.update(track, pose, self._command.linear_x_m_s)
        rate = self._climb.towards(leg.height_m, height)
        if following.reached:
            self._stage, self._post = _Stage.FINAL, None
            return Twist(linear_z_m_s=rate)
        ahead = self._ahead(track)
        distance = math.inf if ahead is None else ahead.along_m - track.progress_m - self._radius_m
        share = speed_share(distance, self._settings.avoidance)
        twist = following.twist
        if ahead is not None and share == 0.0 and twist.linear_x_m_s > 0.0:
            self._wait(now_s, f'something unexpected is {max(distance, 0.0):.1f} m ahead at '
                              f'({ahead.x_m:.1f}, {ahead.y_m:.1f}), {height:.1f} m high')
            return Twist(linear_z_m_s=rate)
        if self._blocked_s is not None and pose.distance_m(self._blocked_pose) > _FREED_AFTER_M:
            self._blocked_s = None
        self._tell(NavigationState.MOVING, now_s, '' if self._has_lidar else _NO_LIDAR)
        allowed = max(share * self._flight.cruise_speed_m_s, self._settings.follower.min_speed_m_s)
        speed = min(twist.linear_x_m_s, allowed)
        turn = twist.angular_z_rad_s * (speed / twist.linear_x_m_s if twist.linear_x_m_s > 0.0 else 1.0)
        return Twist(speed, turn, 0.0, rate)

    def _finish(self, goal: NavigationGoal, pose: Pose2, height: float, now_s: float) -> Twist:
        """Sink to the goal's height over its place, or land there."""
        if goal.z_m > 0.0 and abs(goal.z_m - height) <= self._flight.height_tolerance_m:
            self._end(NavigationState.REACHED, now_s, '')
            self._post = (goal.x_m, goal.y_m, goal.z_m)
            return self._hover()
        self._tell(NavigationState.MOVING, now_s,
                   f'sinking to {goal.z_m:.1f} m' if goal.z_m > 0.0 else 'landing')
        rate = self._climb.towards(goal.z_m, height) if goal.z_m > 0.0 else self._climb.landing(height)
        return self._follower.station(pose, goal.x_m, goal.y_m, rate)

    def _stays_inside(self, pose: Pose2, now_s: float) -> bool:
        """Bring a robot that has drifted out of the geofence back; tell False once that has failed for long."""
        outside = self._geofence.outside_m(pose.x_m, pose.y_m) if self._geofence and not self._landed else 0.0
        if outside == 0.0:
            self._outside_s = None
            return True
        if self._outside_s is None:
            self._outside_s = now_s
            self._track = None
        if now_s - self._outside_s > self._flight.fence_patience_s:
            self._end(NavigationState.FAILED, now_s,
                      f'drifted {outside:.1f} m outside the geofence and cannot get back; hovering')
            return False
        return True

    def _is_astray(self, track: Track, goal: NavigationGoal, pose: Pose2) -> bool:
        """Tell whether the robot is somewhere else than on its leg: flown there by hand, or blown."""
        if self._stage is _Stage.FINAL:
            return math.hypot(goal.x_m - pose.x_m, goal.y_m - pose.y_m) > _OFF_PATH_M
        return self._stage is _Stage.CRUISE and track.off_m > _OFF_PATH_M

    def _is_landed_at(self, goal: NavigationGoal) -> bool:
        """Tell whether the robot already stands where the goal lets it land."""
        pose = self._fusion.pose
        return bool(self._landed) and goal.z_m <= 0.0 and pose is not None and (
            math.hypot(goal.x_m - pose.x_m, goal.y_m - pose.y_m) <= 2.0 * self._flight.position_tolerance_m)

    def _ahead(self, track: Track) -> InTheWay | None:
        reach = self._settings.avoidance.slow_distance_m + 2.0 * self._radius_m
        return in_the_way(self._sweep_points, track, self._radius_m + CORRIDOR_MARGIN_M, reach)

    def _wait(self, now_s: float, reason: str) -> None:
        """Hover before an obstacle: look for a way round now and then, and give up in the end."""
        avoidance = self._settings.avoidance
        if self._blocked_s is None:
            self._blocked_s = now_s
            self._blocked_pose = self._fusion.pose or Pose2(0.0, 0.0)
        waited = now_s - self._blocked_s
        if waited >= avoidance.patience_s:
            self._end(NavigationState.FAILED, now_s, f'blocked for {waited:.0f} s: {reason}')
            return
        if waited >= avoidance.replan_after_s and now_s - self._planned_s >= _REPLAN_EVERY_S:
            try:
                self._plan(self._sweep_points if len(self._sweep_points) else None, now_s)
            except PlanningError as error:
                reason = f'{reason}; {error}'
        self._tell(NavigationState.BLOCKED, now_s, reason)

    def _plan_first(self, now_s: float) -> None:
        try:
            self._plan(None, now_s)
        except PlanningError as error:
            self._end(NavigationState.FAILED, now_s, str(error))
            return
        self._tell(NavigationState.MOVING, now_s, '')

    def _plan(self, obstacles_m: Floats | None, now_s: float) -> None:
        """Plan the leg from here; a height nearly that of the goal is taken for it, as hovering is never exact."""
        pose, height, goal = self._fusion.pose, self._altimeter.height_m, self._goal
        assert goal is not None
        self._planned_s = now_s
        if pose is None or height is None:
            return
        tolerance = self._flight.height_tolerance_m
        start_m = goal.z_m if abs(height - goal.z_m) <= 2.0 * tolerance else height
        leg = self._planner.leg(pose, start_m, goal, grounded=bool(self._landed), obstacles_m=obstacles_m)
        track = Track(leg.path_m)
        track.advance(pose.x_m, pose.y_m)
        is_level = not self._landed and abs(leg.height_m - height) <= tolerance
        self._leg, self._track, self._post = leg, track, None
        self._stage = _Stage.CRUISE if is_level else _Stage.LEVEL

    def _end(self, state: NavigationState, now_s: float, reason: str) -> None:
        self._tell(state, now_s, reason)
        self._stand_down()

    def _tell(self, state: NavigationState, now_s: float, reason: str) -> None:
        remaining = self._track.remaining_m if self._track is not None else 0.0
        goal_id = self._goal.goal_id if self._goal is not None else 0
        self._feedback = NavigationFeedback(now_s, goal_id, state, remaining, reason)

"""From goals and sensors to a velocity in the air: take off, fly legs, hover, land, and pass the gate.

The counterpart of :class:`lepatrol.control.navigator.Navigator` for flying robots, with the same interface. Seen from
above it flies nose first along its path with the same follower, and what it is told passes the same gate; heights
(Twist's linear z) are its own.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from enum import Enum

import numpy as np
from numpy.typing import NDArray

from lepatrol.control.air_follower import AirFollower
from lepatrol.control.air_gate import AirGate
from lepatrol.control.altitude import Altimeter, ClimbControl
from lepatrol.control.avoidance import Sweep, speed_share
from lepatrol.control.footing import Footing
from lepatrol.control.hover import Hover
from lepatrol.control.pathwise import PathwiseNavigator
from lepatrol.control.planners import LegPlanner
from lepatrol.control.spell import Spell
from lepatrol.control.surroundings import Surroundings
from lepatrol.control.track import Track
from lepatrol.model.errors import PlanningError
from lepatrol.model.geometry import STOP, Floats, Pose2, Pose3, Twist
from lepatrol.model.navigation import Leg, NavigationGoal, NavigationState
from lepatrol.model.observation import LaserScan, Odometry, PoseEstimate
from lepatrol.model.site import Geofence
from lepatrol.model.zones import Zone
from lepatrol.settings.navigation import NavigatorSettings
from lepatrol.settings.robot import RobotSettings

_OFF_PATH_M = 2.0
"""Further from its path, as after teleop or a gust, the robot plans anew."""
_REPLAN_EVERY_S = 1.0
_NO_LIDAR = 'without a lidar, obstacles are known from the map alone'


class _Stage(Enum):
    """Which part of its leg the robot flies."""

    LEVEL = 'level'
    CRUISE = 'cruise'
    FINAL = 'final'


class AirNavigator(PathwiseNavigator):
    """Flies: takes off, follows legs, hovers, lands.

    A goal at height 0 is landed at. Without a goal the robot hovers where it is, or stands where it has landed. With
    the e-stop pressed it hovers; with a silent sensor it hovers, and lands where it is if that lasts.
    """

    def __init__(
        self, settings: NavigatorSettings, robot: RobotSettings, planner: LegPlanner, *,
        geofence: Geofence | None = None, has_lidar: bool = False,
    ) -> None:
        """Begin without a goal and without a place; a robot without a lidar knows obstacles from the map alone."""
        super().__init__(settings, robot)
        self._flight = settings.flight
        self._planner = planner
        self._geofence = geofence
        self._has_lidar = has_lidar
        self._altimeter = Altimeter()
        self._attitude = Pose3()
        self._footing = Footing(settings.flight)
        self._surroundings = Surroundings(robot.footprint_radius_m, settings.flight.vertical_clearance_m / 2.0)
        self._climb = ClimbControl(settings.flight, robot)
        self._follower = AirFollower(settings, robot)
        self._hover = Hover(self._follower, self._climb, geofence)
        self._air_gate = AirGate(self._gate, self._climb, self._follower, self._footing, settings.flight)
        self._outside = Spell()
        self._leg: Leg | None = None
        self._sweep_points: Floats = np.zeros((0, 2))
        self._forget_goal()

    @property
    def has_lidar(self) -> bool:
        """Tell whether a silent lidar holds the robot."""
        return self._has_lidar

    @property
    def path(self) -> Floats:
        """Return the leg being flown, (m, 3) in ``map``; no points without one."""
        if self._track is None or self._leg is None or self._goal is None:
            return np.zeros((0, 3))
        corners = [(x, y, self._leg.height_m) for x, y in self._track.corners]
        return np.array([*corners, (self._goal.x_m, self._goal.y_m, self._goal.z_m)])

    @property
    def height_m(self) -> float | None:
        """Return how high the robot believes it is, None before the first pose."""
        return self._altimeter.height_m

    @property
    def is_landed(self) -> bool:
        """Tell whether the robot stands on the ground."""
        return self._footing.is_landed

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

    def on_odometry(self, odometry: Odometry, now_s: float) -> None:
        """Take odometry, which carries pose and height on between poses."""
        super().on_odometry(odometry, now_s)
        self._altimeter.add_odometry(odometry)

    def update(self, now_s: float) -> Twist:
        """Return the velocity to send now; call at the control rate."""
        self._tick(now_s)
        self._mind_zones()
        if not self._has_lidar:
            self._gate.on_scan(math.inf, math.inf, now_s)
        held = self._gate.hold_reason(now_s)
        wanted = self._hold(held, now_s) if held else self._fly(now_s) if self._goal is not None else self._stay()
        passage = self._air_gate.update(wanted, held, now_s)
        if self._goal is not None and not held and passage.stopped:
            self._wait(now_s, passage.stopped)
        self._note_touchdown(passage.twist, now_s)
        self._command = passage.twist
        return passage.twist

    def _slow_down(self, zones: Sequence[Zone]) -> None:
        """Pass them over: slow zones are for wheels."""

    def _plan_round_zones(self, zones: tuple[Zone, ...]) -> None:
        self._planner = self._planner.with_zones(zones)

    def _mind_goal(self, goal: NavigationGoal, added: tuple[Zone, ...], is_lifted: bool, now_s: float) -> None:
        # Over its goal no zone that was lifted makes the way shorter, and a new leg would begin with a climb.
        super()._mind_goal(goal, added, is_lifted and self._stage is not _Stage.FINAL, now_s)

    def _refuge_m(self, zone: Zone, pose: Pose2) -> tuple[float, float, float] | None:
        height = self._altimeter.height_m
        if self._goal is not None or height is None or self.is_landed:
            return None
        place = self._planner.refuge(pose.x_m, pose.y_m, height)
        return (*place, height) if place else None

    def _set_out(self, goal: NavigationGoal, now_s: float) -> None:
        self._follower.begin(goal.yaw_rad)
        if self._fusion.pose is None:
            self._tell(NavigationState.HELD, now_s, 'no usable pose yet')
        elif not self._is_landed_at(goal):
            self._plan_first(now_s)

    def _take_pose(self, estimate: PoseEstimate) -> bool:
        if not math.isfinite(estimate.pose.position_m[2]) or not super()._take_pose(estimate):
            return False
        self._altimeter.add_pose(estimate)
        self._attitude = estimate.pose
        height = self._altimeter.height_m
        if height is not None:
            self._footing.on_height(height)
        return True

    def _begin_anew(self, now_s: float) -> None:
        super()._begin_anew(now_s)
        self._altimeter = Altimeter()
        self._leg = None
        self._sweep_points = np.zeros((0, 2))
        self._hover.leave()
        self._air_gate.begin_anew()
        self._footing.forget()

    def _stand_down(self, now_s: float) -> None:
        super()._stand_down(now_s)
        self._forget_goal()

    def _forget_goal(self) -> None:
        self._leg = None
        self._stage = _Stage.LEVEL
        self._hover.leave()
        self._sweep_points = np.zeros((0, 2))
        self._planned_s = -math.inf
        self._outside.end()

    def _see(self, sweep: Sweep, now_s: float) -> None:
        """Note how free the way is, and what is there that the map does not hold."""
        self._gate.on_scan(sweep.ahead_gap_m, sweep.behind_gap_m, min(sweep.stamp_s, now_s))
        pose = self._fusion.pose_at(sweep.stamp_s)
        if pose is None or self._leg is None or self._stage is not _Stage.CRUISE or not len(sweep.points_m):
            self._sweep_points = np.zeros((0, 2))
            return
        points = pose.transform(sweep.points_m)
        self._sweep_points = points[~self._planner.known(points, self._leg.height_m)]

    def _hold(self, reason: str, now_s: float) -> Twist:
        """Return what is wanted while autonomy has no say, and tell why; time held is no time blocked or outside."""
        wanted, why = self._air_gate.hold(reason, now_s)
        if self._goal is not None:
            self._standstill.end()
            self._outside.end()
            self._tell(NavigationState.HELD, now_s, why)
        self._hover.leave()
        return wanted

    def _note_touchdown(self, twist: Twist, now_s: float) -> None:
        """Find out whether a robot that sinks has come to the ground."""
        if self._footing.touches_down(twist.linear_z_m_s, self._altimeter.fresh_m(now_s), now_s):
            # A leg that is not over begins anew with a take-off.
            self._track = None
            self._hover.leave()
            self._climb.halt()

    def _stay(self) -> Twist:
        """Hover where the robot came to be without a goal; stand if it has landed."""
        pose, height = self._fusion.pose, self._altimeter.height_m
        if self.is_landed or pose is None or height is None:
            return STOP
        return self._hover.keep(pose, height, self._command.linear_x_m_s)

    def _fly(self, now_s: float) -> Twist:
        """Return the velocity wanted for the goal, and tell how it stands."""
        pose, height = self._fusion.pose_at(now_s), self._altimeter.height_m
        goal = self._goal
        assert goal is not None
        if pose is None or height is None:
            return STOP
        if self._is_landed_at(goal):
            self._end(NavigationState.REACHED, now_s, '')
            return STOP
        if not self._stays_inside(pose, now_s):
            return self._stay()
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
            self._stage = _Stage.CRUISE
            self._hover.leave()
        verb = 'taking off' if self.is_landed or height < leg.height_m else 'sinking'
        self._tell(NavigationState.MOVING, now_s, f'{verb} to {leg.height_m:.1f} m')
        return self._hover.level(pose, height, leg.height_m)

    def _cruise(self, track: Track, leg: Leg, pose: Pose2, height: float, now_s: float) -> Twist:
        """Follow the path at the leg's height, slower before what the map does not know."""
        following = self._follower.update(track, pose, self._command.linear_x_m_s)
        rate = self._climb.towards(leg.height_m, height)
        if following.reached:
            self._stage = _Stage.FINAL
            self._hover.leave()
            return Twist(linear_z_m_s=rate)
        ahead = self._seen_ahead(self._sweep_points, track)
        distance = self._gap_m(ahead)
        share = speed_share(distance, self._settings.avoidance)
        twist = following.twist
        if ahead is not None and share == 0.0 and twist.linear_x_m_s > 0.0:
            self._wait(now_s, f'something unexpected is {max(distance, 0.0):.1f} m ahead at '
                              f'({ahead.x_m:.1f}, {ahead.y_m:.1f}), {height:.1f} m high')
            return Twist(linear_z_m_s=rate)
        twist, zone = self._zone_guard.checked(twist, pose)
        if zone:
            self._wait(now_s, zone)
            return Twist(linear_z_m_s=rate)
        self._standstill.move(pose)
        self._tell(NavigationState.MOVING, now_s, self._leaving() or ('' if self._has_lidar else _NO_LIDAR))
        allowed = max(share * self._flight.cruise_speed_m_s, self._settings.follower.min_speed_m_s)
        speed = min(twist.linear_x_m_s, allowed)
        turn = twist.angular_z_rad_s * (speed / twist.linear_x_m_s if twist.linear_x_m_s > 0.0 else 1.0)
        return Twist(speed, turn, 0.0, rate)

    def _finish(self, goal: NavigationGoal, pose: Pose2, height: float, now_s: float) -> Twist:
        """Sink to the goal's height over its place, or land there."""
        if goal.z_m > 0.0 and abs(goal.z_m - height) <= self._flight.height_tolerance_m:
            self._end(NavigationState.REACHED, now_s, '')
            self._hover.take(goal.x_m, goal.y_m, goal.z_m)
            return self._stay()
        self._tell(NavigationState.MOVING, now_s,
                   f'sinking to {goal.z_m:.1f} m' if goal.z_m > 0.0 else 'landing')
        rate = self._climb.towards(goal.z_m, height) if goal.z_m > 0.0 else self._climb.landing(height)
        return self._follower.station(pose, goal.x_m, goal.y_m, rate)

    def _stays_inside(self, pose: Pose2, now_s: float) -> bool:
        """Bring a robot that has drifted out of the geofence back; tell False once that has failed for long."""
        outside = self._geofence.outside_m(pose.x_m, pose.y_m) if self._geofence and not self.is_landed else 0.0
        if outside == 0.0:
            self._outside.end()
            return True
        if not self._outside.is_on:
            self._track = None
        if self._outside.go_on(now_s) > self._flight.fence_patience_s:
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
        return self.is_landed and goal.z_m <= 0.0 and pose is not None and (
            math.hypot(goal.x_m - pose.x_m, goal.y_m - pose.y_m) <= 2.0 * self._flight.position_tolerance_m)

    def _wait(self, now_s: float, reason: str) -> None:
        """Hover before an obstacle: look for a way round now and then, and give up in the end."""
        avoidance = self._settings.avoidance
        waited = self._stand(now_s)
        if waited >= avoidance.patience_s:
            self._end(NavigationState.FAILED, now_s, f'blocked for {waited:.0f} s: {reason}')
            return
        if waited >= avoidance.replan_after_s and now_s - self._planned_s >= _REPLAN_EVERY_S:
            try:
                self._plan(self._sweep_points if len(self._sweep_points) else None, now_s)
            except PlanningError as error:
                reason = f'{reason}; {error}'
        self._tell(NavigationState.BLOCKED, now_s, reason)

    def _plan(self, obstacles_m: Floats | None, now_s: float) -> None:
        """Plan the leg from here; a height nearly that of the goal is taken for it, as hovering is never exact."""
        pose, height, goal = self._fusion.pose, self._altimeter.height_m, self._goal
        assert goal is not None
        self._planned_s = now_s
        if pose is None or height is None:
            return
        tolerance = self._flight.height_tolerance_m
        start_m = goal.z_m if abs(height - goal.z_m) <= 2.0 * tolerance else height
        leg = self._planner.leg(pose, start_m, goal, grounded=self.is_landed, obstacles_m=obstacles_m)
        track = Track(leg.path_m)
        track.advance(pose.x_m, pose.y_m)
        is_level = not self.is_landed and abs(leg.height_m - height) <= tolerance
        self._leg, self._track = leg, track
        self._hover.leave()
        self._stage = _Stage.CRUISE if is_level else _Stage.LEVEL

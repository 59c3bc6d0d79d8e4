"""From goals and sensors to a velocity: plan, follow, avoid, and pass the gate."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from lepatrol.control.avoidance import (
    InTheWay,
    LoneReturns,
    ObstacleMemory,
    ScanReader,
    near_points_in_map,
    sensor_in_map,
    speed_share,
)
from lepatrol.control.follower import PathFollower
from lepatrol.control.pathwise import PathwiseNavigator
from lepatrol.control.planners import PathPlanner
from lepatrol.control.progress import ProgressChecker
from lepatrol.control.track import Track
from lepatrol.control.zones import SpeedLimits
from lepatrol.model.errors import PlanningError
from lepatrol.model.geometry import STOP, Floats, Pose2, Pose3, Twist
from lepatrol.model.navigation import NavigationGoal, NavigationState
from lepatrol.model.observation import LaserScan
from lepatrol.model.site import Zone
from lepatrol.settings.navigation import NavigatorSettings
from lepatrol.settings.robot import RobotSettings

_OFF_PATH_M = 0.8
"""Further from its path, as after teleop, the robot plans anew."""
_MEND_AFTER_S = 0.5


class Navigator(PathwiseNavigator):
    """Drives on wheels: along a planned path, slower and then round what is unexpected on it."""

    def __init__(
        self, settings: NavigatorSettings, robot: RobotSettings, planner: PathPlanner, *,
        slow_zones: Sequence[Zone] = (),
    ) -> None:
        """Begin without a goal, standing still."""
        super().__init__(settings, robot)
        self._deceleration = robot.max_deceleration_m_s2
        self._planner = planner
        self._slow_zones = tuple(slow_zones)
        self._limits = SpeedLimits(slow_zones)
        self._reader = ScanReader(robot.footprint_radius_m)
        self._follower = PathFollower(settings.follower, robot)
        self._progress = ProgressChecker(settings.progress)
        self._memory = ObstacleMemory(settings.avoidance.obstacle_memory_s)
        self._lone = LoneReturns(max(
            settings.avoidance.lone_return_m, robot.footprint_radius_m + settings.avoidance.stop_distance_m))
        self._scan: LaserScan | None = None
        self._sensor: Pose2 | None = None
        self._ahead: InTheWay | None = None
        self._unexpected: Floats = np.zeros((0, 2))
        self._forget_goal()

    @property
    def path(self) -> Floats:
        """Return the path being followed, (m, 2) in ``map``; no points without one."""
        return np.array(self._track.corners) if self._track else np.zeros((0, 2))

    def on_scan(self, scan: LaserScan, sensor_pose: Pose3, now_s: float) -> None:
        """Take a scan from a lidar at ``sensor_pose`` in ``base_link``; one without information counts as none."""
        self._tick(now_s)
        sweep = self._reader.read(scan, sensor_pose)
        if sweep is None:
            return
        self._gate.on_scan(sweep.ahead_gap_m, sweep.behind_gap_m, min(scan.stamp_s, now_s))
        pose = self._fusion.pose_at(scan.stamp_s)
        if pose is None:
            return
        self._scan, self._sensor = scan, sensor_in_map(pose, sensor_pose)
        points = near_points_in_map(sweep, pose)
        unexpected = points[~self._planner.known(points)] if len(points) else points
        self._unexpected = self._lone.drop(unexpected, pose, scan.stamp_s)
        self._memory.add(self._unexpected, now_s)
        self._look_ahead()

    def update(self, now_s: float) -> Twist:
        """Return the velocity to send now; call at the control rate."""
        self._tick(now_s)
        self._mind_zones()
        held = self._gate.hold_reason(now_s)
        wanted = STOP
        if self._goal is not None:
            if held:
                self._hold(now_s, held)
            else:
                wanted = self._drive(now_s)
        passage = self._gate.update(wanted, now_s)
        if self._goal is not None and not held and passage.stopped:
            self._wait(now_s, passage.stopped)
        self._command = passage.twist
        return passage.twist

    def _slow_down(self, zones: Sequence[Zone]) -> None:
        self._limits = SpeedLimits((*self._slow_zones, *zones))

    def _plan_round_zones(self, zones: tuple[Zone, ...]) -> None:
        self._planner = self._planner.with_zones(zones)

    def _refuge_m(self, zone: Zone, pose: Pose2) -> tuple[float, float, float] | None:
        place = self._planner.refuge(pose.x_m, pose.y_m) if self._goal is None else None
        return (*place, 0.0) if place else None

    def _set_out(self, goal: NavigationGoal, now_s: float) -> None:
        self._follower.begin(goal.yaw_rad)
        if self._fusion.pose is not None:
            self._plan_first(now_s)
            return
        try:
            self._planner.check_goal(goal.x_m, goal.y_m)
        except PlanningError as error:
            self._end(NavigationState.FAILED, now_s, str(error))
        else:
            self._tell(NavigationState.HELD, now_s, 'no usable pose yet')

    def _begin_anew(self, now_s: float) -> None:
        super()._begin_anew(now_s)
        self._memory.clear()
        self._lone.clear()
        self._unexpected = np.zeros((0, 2))

    def _stand_down(self, now_s: float) -> None:
        super()._stand_down(now_s)
        self._forget_goal()

    def _forget_goal(self) -> None:
        self._progress.end()
        self._ahead = None
        self._unexpected = np.zeros((0, 2))
        self._replan_s = math.inf
        self._no_way = ''
        self._is_detour = False
        self._detour_s = -math.inf

    def _hold(self, now_s: float, reason: str) -> None:
        """Stand by; time held is no time blocked."""
        self._standstill.end()
        self._progress.end()
        self._tell(NavigationState.HELD, now_s, reason)

    def _drive(self, now_s: float) -> Twist:
        """Return the velocity wanted for the goal, and tell how it stands."""
        pose = self._fusion.pose_at(now_s)
        assert self._goal is not None
        if pose is None:
            return STOP
        if self._track is None or self._track.off_m > _OFF_PATH_M:
            self._plan_first(now_s)
            if self._track is None:
                return STOP
        following = self._follower.update(self._track, pose, self._command.linear_x_m_s, self._limit(self._track))
        if following.reached:
            self._end(NavigationState.REACHED, now_s, '')
            return STOP
        self._mend_detour(now_s)
        distance = self._gap_m(self._ahead)
        share = speed_share(distance, self._settings.avoidance)
        twist = following.twist
        if share == 0.0 and twist.linear_x_m_s > 0.0:
            assert self._ahead is not None
            self._wait(now_s, f'something unexpected stands {max(distance, 0.0):.2f} m ahead at '
                              f'({self._ahead.x_m:.1f}, {self._ahead.y_m:.1f})')
            return STOP
        twist, zone = self._zone_guard.checked(twist, pose)
        if zone:
            self._wait(now_s, zone)
            return STOP
        self._standstill.move(pose)
        if self._standstill.lasted_s(now_s) > self._settings.avoidance.patience_s:
            self._fail_blocked(now_s, 'the way round could not be taken')
            return STOP
        if self._progress.is_stuck(pose, now_s):
            self._fail_stuck(now_s)
            return STOP
        slower = '' if share == 1.0 else f'slower: something unexpected stands {distance:.2f} m ahead'
        self._tell(NavigationState.MOVING, now_s, '; '.join(filter(None, (self._leaving(), slower))))
        slowest = min(twist.linear_x_m_s, self._settings.follower.min_speed_m_s)
        allowed = max(share * self._settings.follower.cruise_speed_m_s, slowest)
        if twist.linear_x_m_s <= allowed:
            return twist
        return Twist(allowed, twist.angular_z_rad_s * allowed / twist.linear_x_m_s)

    def _limit(self, track: Track) -> float:
        """Return the speed limit of slow zones here and where the robot would be once it had braked."""
        speed = self._command.linear_x_m_s
        x, y = track.point_at(track.progress_m)
        limit = self._limits.at(x, y)
        if speed > 0.0:
            limit = min(limit, self._limits.at(*track.point_at(
                track.progress_m + 0.1 + speed * speed / self._deceleration)))
        return limit

    def _look_ahead(self) -> None:
        """Find the nearest unexpected thing on the coming path."""
        self._ahead = self._seen_ahead(self._unexpected, self._track) if self._track is not None else None

    def _wait(self, now_s: float, reason: str) -> None:
        """Stand before an obstacle: look for a way round now and then, and give up in the end."""
        avoidance = self._settings.avoidance
        self._progress.end()
        if not self._standstill.is_on:
            self._replan_s = now_s + avoidance.replan_after_s
            self._no_way = ''
        if self._stand(now_s) >= avoidance.patience_s:
            self._fail_blocked(now_s, reason)
            return
        if now_s >= self._replan_s:
            self._replan_s = now_s + max(avoidance.replan_after_s, 0.5)
            self._plan_round(now_s)
        self._tell(NavigationState.BLOCKED, now_s, f'{reason}; {self._no_way}' if self._no_way else reason)

    def _mend_detour(self, now_s: float) -> None:
        """Plan a way round anew at once when more of the obstacle comes into sight."""
        near = self._settings.avoidance.slow_distance_m
        if self._is_detour and self._gap_m(self._ahead) < near and now_s - self._detour_s >= _MEND_AFTER_S:
            self._plan_round(now_s)

    def _fail_blocked(self, now_s: float, reason: str) -> None:
        why = f'{reason}; {self._no_way}' if self._no_way else reason
        self._end(NavigationState.FAILED, now_s, f'blocked for {self._standstill.lasted_s(now_s):.0f} s: {why}')

    def _fail_stuck(self, now_s: float) -> None:
        wanted = self._settings.progress
        self._end(NavigationState.FAILED, now_s, f'the robot does not get on: it has moved less than '
                  f'{wanted.required_movement_m:g} m in {wanted.time_allowance_s:g} s though told to drive')

    def _plan_first(self, now_s: float) -> None:
        """Plan past what was seen lately, or, where that leaves no way, on the map alone; fail if that has none."""
        try:
            self._plan(self._obstacles(now_s), now_s)
        except PlanningError:
            super()._plan_first(now_s)
        else:
            self._tell(NavigationState.MOVING, now_s, '')

    def _plan_round(self, now_s: float) -> None:
        try:
            self._plan(self._obstacles(now_s), now_s)
            self._no_way = ''
        except PlanningError as error:
            self._no_way = str(error)

    def _plan(self, obstacles_m: Floats | None, now_s: float) -> None:
        pose = self._fusion.pose
        assert pose is not None
        assert self._goal is not None
        self._detour_s = now_s
        track = Track(self._planner.plan(pose, (self._goal.x_m, self._goal.y_m), obstacles_m))
        track.advance(pose.x_m, pose.y_m)
        self._track, self._is_detour = track, obstacles_m is not None
        self._look_ahead()

    def _obstacles(self, now_s: float) -> Floats | None:
        seen = self._memory.recall(now_s, self._scan, self._sensor)
        return seen if len(seen) else None

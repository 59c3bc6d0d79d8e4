"""From goals and sensors to a velocity: plan, follow, avoid, and pass the gate."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lepatrol.control.avoidance import (
    CORRIDOR_MARGIN_M,
    InTheWay,
    LoneReturns,
    ObstacleMemory,
    ScanReader,
    in_the_way,
    near_points_in_map,
    sensor_in_map,
    speed_share,
)
from lepatrol.control.follower import PathFollower
from lepatrol.control.gate import Gate
from lepatrol.control.track import Track
from lepatrol.control.zones import SpeedLimits
from lepatrol.model.errors import PlanningError
from lepatrol.model.geometry import STOP, Floats, Pose2, Pose3, Twist
from lepatrol.model.navigation import NavigationFeedback, NavigationGoal, NavigationState
from lepatrol.model.observation import LaserScan, Odometry, PoseEstimate
from lepatrol.model.site import Zone
from lepatrol.sensing.localisation import PoseFusion
from lepatrol.settings.navigation import NavigatorSettings
from lepatrol.settings.robot import RobotSettings

_OFF_PATH_M = 0.8
"""Further from its path, as after teleop, the robot plans anew."""
_FREED_AFTER_M = 0.5
"""Having moved on this far, an obstacle counts as overcome."""
_MEND_AFTER_S = 0.5


class PathPlanner(Protocol):
    """What the navigator needs of a planner."""

    def plan(self, start: Pose2, goal: Pose2 | tuple[float, float], obstacles_m: Floats | None = None) -> Floats:
        """Return a path (m, 2) past obstacle points (n, 2), or raise PlanningError saying why there is none."""

    def is_free(self, x_m: float, y_m: float) -> bool:
        """Tell whether the robot's middle may be at a point."""

    def known(self, points_m: Floats) -> NDArray[np.bool_]:
        """Tell which points (n, 2) may be something that is on the map."""


class Navigator:
    """Brings one robot to one goal after another; stepped by ``update`` at the control rate.

    Callbacks may come in any order; nothing moves the robot but what ``update`` returns.
    """

    def __init__(
        self, settings: NavigatorSettings, robot: RobotSettings, planner: PathPlanner, *,
        slow_zones: Sequence[Zone] = (),
    ) -> None:
        """Begin without a goal, standing still."""
        self._settings = settings
        self._radius_m = robot.footprint_radius_m
        self._deceleration = robot.max_deceleration_m_s2
        self._planner = planner
        self._limits = SpeedLimits(slow_zones)
        self._gate = Gate(settings.gate, robot)
        self._fusion = PoseFusion()
        self._reader = ScanReader(robot.footprint_radius_m)
        self._follower = PathFollower(settings.follower, robot)
        self._memory = ObstacleMemory(settings.avoidance.obstacle_memory_s)
        self._lone = LoneReturns(max(
            settings.avoidance.lone_return_m, robot.footprint_radius_m + settings.avoidance.stop_distance_m))
        self._scan: LaserScan | None = None
        self._sensor: Pose2 | None = None
        self._goal: NavigationGoal | None = None
        self._track: Track | None = None
        self._ahead: InTheWay | None = None
        self._unexpected: Floats = np.zeros((0, 2))
        self._blocked_s: float | None = None
        self._command = STOP
        self._feedback = NavigationFeedback(0.0, 0, NavigationState.IDLE)
        self._stand_down()

    @property
    def feedback(self) -> NavigationFeedback:
        """Return how the latest goal stands."""
        return self._feedback

    @property
    def path(self) -> Floats:
        """Return the path being followed, (m, 2) in ``map``; no points without one."""
        return np.array(self._track.corners) if self._track else np.zeros((0, 2))

    @property
    def pose(self) -> Pose2 | None:
        """Return where the robot believes it is, None before the first pose."""
        return self._fusion.pose

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

    def on_pose(self, estimate: PoseEstimate, now_s: float) -> None:
        """Take a pose in ``map``; one that is not finite counts as none."""
        self._tick(now_s)
        if self._fusion.add_pose(estimate):
            self._gate.on_pose(min(estimate.stamp_s, now_s))

    def on_odometry(self, odometry: Odometry, now_s: float) -> None:
        """Take wheel odometry, which carries the pose on between poses."""
        self._tick(now_s)
        self._fusion.add_odometry(odometry)

    def on_goal(self, goal: NavigationGoal, now_s: float) -> None:
        """Drop the present goal for a new one; a place where the robot cannot be fails at once."""
        self._tick(now_s)
        self._stand_down()
        self._goal = goal
        self._follower.begin(goal.yaw_rad)
        if goal.yaw_rad is not None and not math.isfinite(goal.yaw_rad):
            self._end(NavigationState.FAILED, now_s, f'goal heading is {goal.yaw_rad}, expected a finite number')
        elif self._fusion.pose is not None:
            self._plan_first(now_s)
        elif not self._planner.is_free(goal.x_m, goal.y_m):
            self._end(NavigationState.FAILED, now_s,
                      f'goal ({goal.x_m:.2f}, {goal.y_m:.2f}) is outside the map or too near to something on it')
        else:
            self._tell(NavigationState.HELD, now_s, 'no usable pose yet')

    def on_cancel(self, now_s: float, reason: str) -> None:
        """Give up the present goal, if there is one."""
        self._tick(now_s)
        if self._goal is not None:
            self._end(NavigationState.CANCELLED, now_s, reason)

    def on_estop(self, active: bool, now_s: float) -> None:
        """Press the e-stop, which stays pressed, or release it with a plain False."""
        self._tick(now_s)
        self._gate.on_estop(active)

    def on_teleop(self, twist: Twist, now_s: float) -> None:
        """Let the operator drive."""
        self._tick(now_s)
        self._gate.on_teleop(twist, now_s)

    def update(self, now_s: float) -> Twist:
        """Return the velocity to send now; call at the control rate."""
        self._tick(now_s)
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

    def _tick(self, now_s: float) -> None:
        """Begin anew with the sensors when the clock jumps back; the goal is kept and planned again."""
        if self._gate.clock(now_s):
            self._memory.clear()
            self._lone.clear()
            self._fusion = PoseFusion()
            self._command = STOP
            self._track = None
            self._blocked_s = None
            self._unexpected = np.zeros((0, 2))

    def _stand_down(self) -> None:
        """Forget everything that belongs to a goal."""
        self._goal = None
        self._track = None
        self._ahead = None
        self._unexpected = np.zeros((0, 2))
        self._blocked_s = None
        self._blocked_pose = Pose2(0.0, 0.0)
        self._replan_s = math.inf
        self._no_way = ''
        self._is_detour = False
        self._detour_s = -math.inf

    def _hold(self, now_s: float, reason: str) -> None:
        """Stand by; time held is no time blocked."""
        self._blocked_s = None
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
        distance = self._distance_ahead()
        share = speed_share(distance, self._settings.avoidance)
        twist = following.twist
        if share == 0.0 and twist.linear_x_m_s > 0.0:
            assert self._ahead is not None
            self._wait(now_s, f'something unexpected stands {max(distance, 0.0):.2f} m ahead at '
                              f'({self._ahead.x_m:.1f}, {self._ahead.y_m:.1f})')
            return STOP
        if self._blocked_s is None or pose.distance_m(self._blocked_pose) > _FREED_AFTER_M:
            self._blocked_s = None
        if self._blocked_s is not None and now_s - self._blocked_s > self._settings.avoidance.patience_s:
            self._fail_blocked(now_s, 'the way round could not be taken')
            return STOP
        self._tell(NavigationState.MOVING, now_s, '' if share == 1.0 else
                   f'slower: something unexpected stands {distance:.2f} m ahead')
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
        if self._track is None:
            self._ahead = None
            return
        reach = self._settings.avoidance.slow_distance_m + 2.0 * self._radius_m
        self._ahead = in_the_way(self._unexpected, self._track, self._radius_m + CORRIDOR_MARGIN_M, reach)

    def _distance_ahead(self) -> float:
        """Return how far the footprint is from the nearest unexpected thing on the path, ``inf`` for none."""
        if self._ahead is None or self._track is None:
            return math.inf
        return self._ahead.along_m - self._track.progress_m - self._radius_m

    def _wait(self, now_s: float, reason: str) -> None:
        """Stand before an obstacle: look for a way round now and then, and give up in the end."""
        avoidance = self._settings.avoidance
        if self._blocked_s is None:
            self._blocked_s = now_s
            self._blocked_pose = self._fusion.pose or Pose2(0.0, 0.0)
            self._replan_s = now_s + avoidance.replan_after_s
            self._no_way = ''
        if now_s - self._blocked_s >= avoidance.patience_s:
            self._fail_blocked(now_s, reason)
            return
        if now_s >= self._replan_s:
            self._replan_s = now_s + max(avoidance.replan_after_s, 0.5)
            self._plan_round(now_s)
        self._tell(NavigationState.BLOCKED, now_s, f'{reason}; {self._no_way}' if self._no_way else reason)

    def _mend_detour(self, now_s: float) -> None:
        """Plan a way round anew at once when more of the obstacle comes into sight."""
        near = self._settings.avoidance.slow_distance_m
        if self._is_detour and self._distance_ahead() < near and now_s - self._detour_s >= _MEND_AFTER_S:
            self._plan_round(now_s)

    def _fail_blocked(self, now_s: float, reason: str) -> None:
        waited = now_s - (self._blocked_s if self._blocked_s is not None else now_s)
        why = f'{reason}; {self._no_way}' if self._no_way else reason
        self._end(NavigationState.FAILED, now_s, f'blocked for {waited:.0f} s: {why}')

    def _plan_first(self, now_s: float) -> None:
        """Plan past what was seen lately, or, where that leaves no way, on the map alone; fail if that has none."""
        try:
            self._plan(self._obstacles(now_s), now_s)
        except PlanningError:
            try:
                self._plan(None, now_s)
            except PlanningError as error:
                self._end(NavigationState.FAILED, now_s, str(error))
                return
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

    def _end(self, state: NavigationState, now_s: float, reason: str) -> None:
        self._tell(state, now_s, reason)
        self._stand_down()

    def _tell(self, state: NavigationState, now_s: float, reason: str) -> None:
        remaining = self._track.remaining_m if self._track is not None else 0.0
        goal_id = self._goal.goal_id if self._goal is not None else 0
        self._feedback = NavigationFeedback(now_s, goal_id, state, remaining, reason)

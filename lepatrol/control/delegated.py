"""A navigator that has Nav2 drive: goals go to its action, and its velocity comes back through our gate."""

from __future__ import annotations

import math
from collections.abc import Sequence

from lepatrol.control.avoidance import ScanReader
from lepatrol.control.courier import Courier, Stage
from lepatrol.control.gated import GatedNavigator
from lepatrol.control.zones import SpeedLimits
from lepatrol.model.action_goal import GoalSender
from lepatrol.model.geometry import STOP, Pose2, Pose3, Twist
from lepatrol.model.navigation import NavigationGoal, NavigationState
from lepatrol.model.observation import LaserScan
from lepatrol.model.zones import Zone, nearest_on_edge
from lepatrol.settings.navigation import Nav2Settings
from lepatrol.settings.robot import RobotSettings

_REACTION_S = 0.1
"""Between the velocity let through and its effect."""
_BEYOND_ZONE_M = 0.5
"""So much farther out than it must, a robot leaves a zone that came up: Nav2 may stop short of its goals."""


class DelegatedNavigator(GatedNavigator):
    """Speaks with the patrol as ``control.navigator.Navigator`` does, and leaves the driving to Nav2.

    Everything that would move the robot passes our gate, so e-stop, teleop, silent sensors, the collision stop, the
    robot's limits and slow zones hold as ever. Nav2's velocity passes only while Nav2 has a goal of the patrol's: once
    a goal is over, cancelled or held, the robot stands, whatever Nav2 does.

    While the gate holds the robot the goal is taken back from Nav2, which would else take the standstill for a failure,
    and given again afterwards. Nor does the robot drive while somebody else publishes its velocity, which no e-stop of
    ours would stop.
    """

    def __init__(
        self, settings: Nav2Settings, robot: RobotSettings, sender: GoalSender, *, slow_zones: Sequence[Zone] = (),
    ) -> None:
        """Begin without a goal, standing still."""
        super().__init__(settings.gate, robot)
        self._settings = settings
        self._deceleration = robot.max_deceleration_m_s2
        self._courier = Courier(sender, settings)
        self._reader = ScanReader(robot.footprint_radius_m)
        self._slow_zones = tuple(slow_zones)
        self._limits = SpeedLimits(slow_zones)
        self._latest: NavigationGoal | None = None
        self._asked = STOP
        self._asked_s = -math.inf
        self._rivals: tuple[str, ...] = ()

    def on_scan(self, scan: LaserScan, sensor_pose: Pose3, now_s: float) -> None:
        """Take a scan from a lidar at ``sensor_pose`` in ``base_link``; one without information counts as none."""
        self._tick(now_s)
        sweep = self._reader.read(scan, sensor_pose)
        if sweep is not None:
            self._gate.on_scan(sweep.ahead_gap_m, sweep.behind_gap_m, min(scan.stamp_s, now_s))

    def on_velocity(self, twist: Twist, now_s: float) -> None:
        """Take what Nav2 would have the robot do."""
        self._tick(now_s)
        self._asked, self._asked_s = twist, now_s

    def on_rivals(self, names: Sequence[str]) -> None:
        """Take the names of the nodes that publish the robot's velocity beside this one."""
        self._rivals = tuple(names)

    def on_goal(self, goal: NavigationGoal, now_s: float) -> None:
        """Drop the present goal for a new one; a goal that is said again changes nothing."""
        self._tick(now_s)
        if goal.goal_id and goal == self._latest:
            return
        self._stand_down(now_s)
        self._goal = self._latest = goal
        if not all(map(math.isfinite, (goal.x_m, goal.y_m, goal.yaw_rad or 0.0))):
            self._end(NavigationState.FAILED, now_s,
                      f'goal ({goal.x_m}, {goal.y_m}), heading {goal.yaw_rad}, is not finite, expected numbers')
            return
        if not self._fail_in_zone(goal, now_s):
            self._advance(now_s)

    def update(self, now_s: float) -> Twist:
        """Return the velocity to send now; call at the control rate."""
        self._tick(now_s)
        self._mind_zones()
        held = self._advance(now_s)
        wanted, zone = self._wanted(now_s), ''
        if (pose := self._fusion.pose_at(now_s)) is not None:
            wanted, zone = self._zone_guard.checked(wanted, pose)
        passage = self._gate.update(wanted, now_s)
        stopped = passage.stopped or zone
        if self._courier.is_underway and not held and stopped:
            self._tell(NavigationState.BLOCKED, now_s, stopped, self._feedback.distance_remaining_m)
        return passage.twist

    def _slow_down(self, zones: Sequence[Zone]) -> None:
        self._limits = SpeedLimits((*self._slow_zones, *zones))

    def _plan_round_zones(self, zones: tuple[Zone, ...]) -> None:
        """Do nothing: Nav2 plans, and is stopped before them."""

    def _mind_goal(self, goal: NavigationGoal, added: tuple[Zone, ...], is_lifted: bool, now_s: float) -> None:
        self._fail_in_zone(goal, now_s)

    def _fail_in_zone(self, goal: NavigationGoal, now_s: float) -> bool:
        zone = self._zone_guard.zone_at(goal.x_m, goal.y_m)
        if zone is not None:
            self._end(NavigationState.FAILED, now_s, f'goal ({goal.x_m:.2f}, {goal.y_m:.2f}): lies in the keep-out '
                                                     f'zone {zone.name} or too near to it')
        return zone is not None

    def _refuge_m(self, zone: Zone, pose: Pose2) -> tuple[float, float, float] | None:
        """Return the nearest place beyond the zone's edge: what else stands there Nav2 knows, and this does not."""
        x, y = nearest_on_edge(zone.polygon, pose.x_m, pose.y_m)
        dx, dy = x - pose.x_m, y - pose.y_m
        away_m = math.hypot(dx, dy)
        if away_m < 1e-6:
            return None
        beyond = (1.0 if zone.holds(pose.x_m, pose.y_m) else -1.0) * (
            self._robot.footprint_radius_m + _BEYOND_ZONE_M) / away_m
        return x + dx * beyond, y + dy * beyond, 0.0

    def _begin_anew(self, now_s: float) -> None:
        self._asked_s = -math.inf
        self._courier.take_back(now_s)

    def _held(self, now_s: float) -> str:
        """Say why Nav2 must not drive, '' if it may."""
        if held := self._gate.hold_reason(now_s):
            return held
        if self._rivals:
            return (f'{", ".join(self._rivals)} would drive past the gate, where no e-stop holds; nothing but '
                    'nav2_navigator may publish cmd_vel')
        return ''

    def _advance(self, now_s: float) -> str:
        """Bring the goal on, and tell how it stands; return why the robot is held, '' if it is not."""
        held = self._held(now_s)
        goal, pose = self._goal, self._fusion.pose_at(now_s)
        if held or pose is None:
            self._courier.take_back(now_s)
        elif goal is not None and not self._courier.has_goal:
            self._courier.bring(_target(goal, pose), now_s)
        standing = self._courier.update(now_s)
        if goal is None:
            return held
        if held or pose is None:
            self._tell(NavigationState.HELD, now_s, held or 'no usable pose yet')
        elif standing.stage is Stage.UNDERWAY:
            self._tell(NavigationState.MOVING, now_s, standing.reason, standing.distance_m)
        elif standing.stage is Stage.WAITING:
            self._tell(NavigationState.HELD, now_s, standing.reason)
        elif standing.stage is Stage.SUCCEEDED:
            self._arrive(goal, pose, now_s)
        elif standing.stage is Stage.CANCELLED:
            self._end(NavigationState.CANCELLED, now_s, standing.reason)
        else:
            self._end(NavigationState.FAILED, now_s, standing.reason)
        return held

    def _arrive(self, goal: NavigationGoal, pose: Pose2, now_s: float) -> None:
        """Believe Nav2 that it has arrived, unless the robot's own pose says otherwise."""
        off_m = pose.distance_m(goal.pose)
        if off_m > self._settings.arrival_tolerance_m:
            self._end(NavigationState.FAILED, now_s,
                      f'Nav2 says it has arrived, {off_m:.1f} m from the goal; do its map and frames agree with ours?')
        else:
            self._end(NavigationState.REACHED, now_s, '')

    def _wanted(self, now_s: float) -> Twist:
        """Return what of Nav2's velocity counts now, slowed where a zone asks for it."""
        pose = self._fusion.pose_at(now_s)
        is_fresh = 0.0 <= now_s - self._asked_s <= self._settings.command_timeout_s
        if not (is_fresh and self._courier.is_underway) or pose is None:
            return STOP
        asked, speed = self._asked, self._asked.linear_x_m_s
        if not asked.is_finite():
            return asked  # The gate refuses it, and says so.
        way_m = math.copysign(_REACTION_S * abs(speed) + speed * speed / self._deceleration, speed)
        then = pose.compose(Pose2(way_m, 0.0))
        limit = min(self._limits.at(pose.x_m, pose.y_m), self._limits.at(then.x_m, then.y_m))
        if abs(speed) <= limit:
            return asked
        share = limit / abs(speed)
        return Twist(speed * share, asked.angular_z_rad_s * share)

    def _stand_down(self, now_s: float) -> None:
        super()._stand_down(now_s)
        self._courier.take_back(now_s)


def _target(goal: NavigationGoal, pose: Pose2) -> Pose2:
    """Return the goal with a heading, which Nav2 insists on: where any will do, that of the straight way there."""
    yaw_rad = goal.yaw_rad
    if yaw_rad is None:
        yaw_rad = pose.bearing_to_rad(goal.pose) if pose.distance_m(goal.pose) > 0.0 else pose.yaw_rad
    return Pose2(goal.x_m, goal.y_m, yaw_rad)

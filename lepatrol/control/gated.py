"""What every navigator has before the gate: where the robot is, who has the say, and how the goal in hand stands."""

from __future__ import annotations

import dataclasses
from abc import ABC, abstractmethod
from collections.abc import Sequence

from lepatrol.control.gate import Gate
from lepatrol.control.zone_guard import ZoneGuard
from lepatrol.model.geometry import Pose2, Pose3, Twist
from lepatrol.model.navigation import NavigationFeedback, NavigationGoal, NavigationState, Trespass
from lepatrol.model.observation import LaserScan, Odometry, PoseEstimate
from lepatrol.model.zones import Zone
from lepatrol.sensing.localisation import PoseFusion
from lepatrol.settings.navigation import GateSettings
from lepatrol.settings.robot import RobotSettings

_REFUGE_ANEW_M = 0.5
"""Having moved this far in a zone, the robot looks for the shortest way out anew."""


class GatedNavigator(ABC):
    """Brings one robot to one goal after another; stepped by ``update`` at the control rate.

    Callbacks may come in any order; nothing moves the robot but what ``update`` returns, and that has passed the gate.
    A navigator adds its own way to move. Each of its callbacks begins with ``_tick``, and it ends a goal with ``_end``.
    """

    def __init__(self, settings: GateSettings, robot: RobotSettings) -> None:
        """Begin without a goal, standing still."""
        self._gate = Gate(settings, robot)
        self._robot = robot
        self._keep_out: tuple[Zone, ...] = ()
        self._zone_guard = ZoneGuard((), robot)
        self._trespass: Trespass | None = None
        self._sought_at = Pose2(0.0, 0.0)
        self._sought_for: NavigationGoal | None = None
        self._fusion = PoseFusion()
        self._goal: NavigationGoal | None = None
        self._feedback = NavigationFeedback(0.0, 0, NavigationState.IDLE)

    @property
    def feedback(self) -> NavigationFeedback:
        """Return how the latest goal stands, and whether the robot is where it must not be."""
        return dataclasses.replace(self._feedback, trespass=self._trespass)

    @property
    def pose(self) -> Pose2 | None:
        """Return where the robot believes it is as seen from above, None before the first pose."""
        return self._fusion.pose

    @abstractmethod
    def on_scan(self, scan: LaserScan, sensor_pose: Pose3, now_s: float) -> None:
        """Take a scan from a lidar at ``sensor_pose`` in ``base_link``; one without information counts as none."""

    @abstractmethod
    def on_goal(self, goal: NavigationGoal, now_s: float) -> None:
        """Drop the present goal for a new one."""

    @abstractmethod
    def update(self, now_s: float) -> Twist:
        """Return the velocity to send now; call at the control rate."""

    def on_pose(self, estimate: PoseEstimate, now_s: float) -> None:
        """Take a pose in ``map``; one that is not finite counts as none."""
        self._tick(now_s)
        if self._take_pose(estimate):
            self._gate.on_pose(min(estimate.stamp_s, now_s))

    def on_odometry(self, odometry: Odometry, now_s: float) -> None:
        """Take odometry, which carries the pose on between poses."""
        self._tick(now_s)
        self._fusion.add_odometry(odometry)

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
        """Let the operator move the robot."""
        self._tick(now_s)
        self._gate.on_teleop(twist, now_s)

    def on_zones(self, zones: Sequence[Zone], now_s: float) -> None:
        """Take the zones that came up and hold now, in place of those before: where to go slowly, and where not at all.

        A way that leads through one is planned anew at once, and so is any when one is lifted; a goal in one fails.
        """
        self._tick(now_s)
        self._slow_down(zones)
        keep_out = tuple(zone for zone in zones if zone.keeps_out(self._robot.medium))
        if keep_out == self._keep_out:
            return
        added = tuple(zone for zone in keep_out if zone not in self._keep_out)
        is_lifted = len(keep_out) - len(added) < len(self._keep_out)
        self._keep_out = keep_out
        self._zone_guard = ZoneGuard(keep_out, self._robot)
        self._trespass = None
        self._plan_round_zones(keep_out)
        if self._goal is not None:
            self._mind_goal(self._goal, added, is_lifted, now_s)

    @abstractmethod
    def _slow_down(self, zones: Sequence[Zone]) -> None:
        """Take the zones that came up to drive slowly in; others are among them."""

    @abstractmethod
    def _plan_round_zones(self, zones: tuple[Zone, ...]) -> None:
        """Have these zones, and no others that came up, kept out of by every later plan."""

    @abstractmethod
    def _mind_goal(self, goal: NavigationGoal, added: tuple[Zone, ...], is_lifted: bool, now_s: float) -> None:
        """See to the goal after zones to keep out of came up, and others were lifted."""

    @abstractmethod
    def _refuge_m(self, zone: Zone, pose: Pose2) -> tuple[float, float, float] | None:
        """Return where the shortest way out of a zone ends, None where somebody need not be sent there."""

    def _mind_zones(self) -> None:
        """Find out whether the robot is in a zone to keep out of, and where it would leave it."""
        pose = self._fusion.pose
        zone = self._zone_guard.zone_at(pose.x_m, pose.y_m) if self._keep_out and pose is not None else None
        if zone is None or pose is None:
            self._trespass = None
        elif self._trespass is None or (self._trespass.zone, self._sought_for) != (zone.name, self._goal) or (
                pose.distance_m(self._sought_at) > _REFUGE_ANEW_M):
            self._trespass = Trespass(zone.name, self._refuge_m(zone, pose))
            self._sought_at, self._sought_for = pose, self._goal

    def _take_pose(self, estimate: PoseEstimate) -> bool:
        """Correct the pose; tell whether the estimate was used."""
        return self._fusion.add_pose(estimate)

    def _tick(self, now_s: float) -> None:
        """Begin anew with the sensors when the clock jumps back; the goal is kept."""
        if self._gate.clock(now_s):
            self._fusion = PoseFusion()
            self._begin_anew(now_s)

    @abstractmethod
    def _begin_anew(self, now_s: float) -> None:
        """Forget what sensors told, and what was made of it: the clock has jumped back."""

    def _stand_down(self, now_s: float) -> None:
        """Forget everything that belongs to a goal."""
        self._goal = None

    def _end(self, state: NavigationState, now_s: float, reason: str) -> None:
        """Tell how the goal has ended, and have none."""
        self._tell(state, now_s, reason)
        self._stand_down(now_s)

    def _tell(self, state: NavigationState, now_s: float, reason: str, remaining_m: float = 0.0) -> None:
        """Note how the goal stands, and how far it is, where that is known."""
        goal_id = self._goal.goal_id if self._goal is not None else 0
        self._feedback = NavigationFeedback(now_s, goal_id, state, remaining_m, reason)

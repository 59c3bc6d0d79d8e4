"""The robot cannot get on."""

from __future__ import annotations

from lepatrol.model.alerts import AlertKind, Claim, Severity
from lepatrol.model.geometry import Pose2
from lepatrol.perception.rules.rule import Rule
from lepatrol.perception.rules.words import seconds
from lepatrol.perception.situation import Situation
from lepatrol.settings.rules import RobotBlockedSettings

_LONGEST_STEP_S = 1.0


class RobotBlocked(Rule):
    """The robot is on its way and told to drive, and for some time comes no farther.

    Both what the wheels say and the pose must show progress: wheels that spin get nowhere, and a pose has noise. A
    robot that waits before an obstacle is told to stand, and is not blocked by this rule.
    """

    name = 'robot_blocked'

    def __init__(self, settings: RobotBlockedSettings) -> None:
        """Begin with a robot that gets on."""
        self._settings = settings
        self.reset()

    def reset(self) -> None:
        """Forget how far it came."""
        self._since_s: float | None = None
        self._last_s = 0.0
        self._start: Pose2 | None = None
        self._measured_m = self._commanded_m = 0.0

    def judge(self, situation: Situation) -> list[Claim]:
        """Return a claim while the robot is stuck."""
        settings = self._settings
        commanded = abs(situation.commanded.linear_x_m_s)
        step_s = situation.now_s - self._last_s
        if not situation.robot_goal_active or not commanded > settings.commanded_m_s:
            self.reset()
            return []
        if self._since_s is None or not 0.0 <= step_s <= _LONGEST_STEP_S:
            self._begin(situation)
            return []
        self._last_s = situation.now_s
        self._measured_m += abs(situation.measured.linear_x_m_s) * step_s
        self._commanded_m += commanded * step_s
        moved_m = self._moved_m(situation.robot_pose)
        if moved_m >= settings.progress_m:
            self._begin(situation)
            return []
        duration_s = situation.now_s - self._since_s
        if duration_s < settings.after_s - 1e-6 or self._commanded_m < settings.progress_m:
            return []
        pose = situation.robot_pose
        return [Claim(
            situation.now_s, self.name, AlertKind.ROBOT_BLOCKED, 'robot', Severity.WARNING, 0.9,
            f'the robot came {moved_m:.2f} m far in {seconds(duration_s)} though told to drive {self._commanded_m:.1f} '
            f'm; less than {settings.progress_m:g} m in {seconds(settings.after_s)} is too little',
            (pose.x_m, pose.y_m) if pose else None, 0.1 if pose else 0.0)]

    def _begin(self, situation: Situation) -> None:
        self._since_s = self._last_s = situation.now_s
        self._start = situation.robot_pose
        self._measured_m = self._commanded_m = 0.0

    def _moved_m(self, pose: Pose2 | None) -> float:
        """Return the lesser of what wheels and pose say."""
        if pose is None or self._start is None:
            return self._measured_m
        return min(self._measured_m, self._start.distance_m(pose))

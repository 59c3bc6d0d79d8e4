"""Somebody moves the robot."""

from __future__ import annotations

import math

from lepatrol.model.alerts import AlertKind, Claim, Severity
from lepatrol.model.geometry import Pose2
from lepatrol.perception.rules.rule import Rule
from lepatrol.perception.rules.words import seconds
from lepatrol.perception.situation import Situation
from lepatrol.settings.rules import RobotTamperedSettings

_LONGEST_STEP_S = 2.0
_STILL_M_S, _STILL_RAD_S = 0.02, 0.05


class RobotTampered(Rule):
    """The robot moves without being told to, or is suddenly elsewhere and stays there.

    After a command it may roll on for a moment. A single pose that jumps and comes back is a bad pose and is left to
    the localisation.
    """

    name = 'robot_tampered'

    def __init__(self, settings: RobotTamperedSettings) -> None:
        """Begin with a robot that is let be."""
        self._settings = settings
        self.reset()

    def reset(self) -> None:
        """Forget where it was and what it was told."""
        self._told_s = math.inf
        self._pushed_since_s: float | None = None
        self._last: tuple[float, Pose2] | None = None
        self._jump: tuple[float, float, Pose2] | None = None

    def judge(self, situation: Situation) -> list[Claim]:
        """Return a claim while the robot is pushed, and one when it was carried off."""
        return [*self._pushed(situation), *self._carried(situation)]

    def _pushed(self, situation: Situation) -> list[Claim]:
        settings, now_s = self._settings, situation.now_s
        commanded = situation.commanded
        is_told = abs(commanded.linear_x_m_s) > _STILL_M_S or abs(commanded.angular_z_rad_s) > _STILL_RAD_S
        if is_told or self._told_s == math.inf:
            self._told_s = now_s
        speed = math.hypot(situation.measured.linear_x_m_s, situation.measured.linear_y_m_s)
        if is_told or now_s - self._told_s < settings.settle_s or not speed > settings.pushed_m_s:
            self._pushed_since_s = None
            return []
        if self._pushed_since_s is None:
            self._pushed_since_s = now_s
        duration_s = now_s - self._pushed_since_s
        if duration_s < settings.after_s - 1e-6:
            return []
        return [self._claim(situation, (
            f'the robot moved at {speed:.2f} m/s for {seconds(duration_s)} though told to stand; '
            f'the limit is {settings.pushed_m_s:g} m/s for {seconds(settings.after_s)}'))]

    def _carried(self, situation: Situation) -> list[Claim]:
        settings, now_s, pose = self._settings, situation.now_s, situation.robot_pose
        if pose is None or not all(map(math.isfinite, (pose.x_m, pose.y_m))):
            return []
        last, self._last = self._last, (now_s, pose)
        if last is not None and self._jump is None and 0.0 <= now_s - last[0] <= _LONGEST_STEP_S:
            jumped_m = last[1].distance_m(pose)
            if jumped_m > settings.jump_m + settings.max_speed_m_s * (now_s - last[0]):
                self._jump = (now_s, jumped_m, last[1])
        if self._jump is None:
            return []
        since_s, jumped_m, before = self._jump
        if before.distance_m(pose) < 0.5 * jumped_m:
            self._jump = None
        elif now_s - since_s >= settings.jump_after_s - 1e-6:
            self._jump = None
            return [self._claim(situation, (
                f'the robot was suddenly {jumped_m:.1f} m from where it was and stayed there for '
                f'{seconds(now_s - since_s)}; the limit is {settings.jump_m:g} m'))]
        return []

    def _claim(self, situation: Situation, sentence: str) -> Claim:
        pose = situation.robot_pose
        return Claim(
            situation.now_s, self.name, AlertKind.ROBOT_TAMPERED, 'robot', Severity.CRITICAL, 0.9, sentence,
            (pose.x_m, pose.y_m) if pose else None, 0.1 if pose else 0.0)

"""Whether a robot that drives gets on: wheels can spin, and lidars can look over what a robot stands against."""

from __future__ import annotations

from lepatrol.model.geometry import Pose2, wrap_angle
from lepatrol.settings.navigation import ProgressSettings

_TURNING_ALONE = 3
"""Who has only turned for so many times the time allowed is held by something: no turn on the spot takes so long."""


class ProgressChecker:
    """Ask for a movement or a turn within a time, as Nav2's ``PoseProgressChecker`` does, and for more than turns."""

    def __init__(self, settings: ProgressSettings) -> None:
        """Know of no drive yet."""
        self._settings = settings
        self._from: tuple[Pose2, float] | None = None
        self._place: tuple[Pose2, float] | None = None

    def end(self) -> None:
        """Note that the robot is not told to move; no time counts until it is."""
        self._from = self._place = None

    def is_stuck(self, pose: Pose2, now_s: float) -> bool:
        """Tell whether the robot, which is told to move, has been about ``pose`` for too long."""
        if self._place is None or self._has_moved(pose, self._place[0]):
            self._place = pose, now_s
        if self._from is None or self._has_moved(pose, self._from[0]) or self._has_turned(pose, self._from[0]):
            self._from = pose, now_s
        allowed_s = self._settings.time_allowance_s
        return now_s - self._from[1] > allowed_s or now_s - self._place[1] > _TURNING_ALONE * allowed_s

    def _has_moved(self, pose: Pose2, before: Pose2) -> bool:
        return pose.distance_m(before) >= self._settings.required_movement_m

    def _has_turned(self, pose: Pose2, before: Pose2) -> bool:
        return abs(wrap_angle(pose.yaw_rad - before.yaw_rad)) >= self._settings.required_turn_rad

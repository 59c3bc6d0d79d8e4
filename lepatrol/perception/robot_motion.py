"""What the robot was told to do, what it does, and what it is about."""

from __future__ import annotations

import math

from lepatrol.model.geometry import STOP, Twist
from lepatrol.model.observation import Odometry

_COMMAND_KEPT_S = 0.5
"""Without a newer command nobody knows what the robot was told: what it does is taken for it."""
_ODOMETRY_KEPT_S = 0.3
"""Where the robot is now is not known when odometry is older than this."""


class RobotMotion:
    """Keep the newest word on how the robot moves."""

    def __init__(self) -> None:
        """Know nothing yet."""
        self.moved_s = -math.inf
        """The stamp of the newest odometry."""
        self.odometry: Odometry | None = None
        """The newest that made sense."""
        self.measured: Twist = STOP
        self.acting_at = ''
        """The waypoint at which the patrol is acting, '' while it is not."""
        self.is_driving = False
        """Whether the robot is on its way to a goal."""
        self._commanded: Twist = STOP
        self._commanded_s = -math.inf

    def on_odometry(self, odometry: Odometry) -> None:
        """Take how the robot moves."""
        self.moved_s = odometry.stamp_s
        if odometry.twist.is_finite():
            self.measured, self.odometry = odometry.twist, odometry

    def on_command(self, twist: Twist, now_s: float) -> None:
        """Take what the robot was told."""
        if twist.is_finite():
            self._commanded, self._commanded_s = twist, now_s

    def commanded_at(self, now_s: float) -> Twist:
        """Return what the robot has been told to do."""
        return self._commanded if now_s - self._commanded_s <= _COMMAND_KEPT_S else self.measured

    def is_fresh(self, now_s: float) -> bool:
        """Tell whether odometry is new enough to say where the robot is now."""
        return now_s - self.moved_s <= _ODOMETRY_KEPT_S

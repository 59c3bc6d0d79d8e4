"""Where a robot's battery is charged."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lepatrol.model.geometry import Pose2, Pose3, wrap_angle

_TOP_M = 0.5
"""A base link higher than this above the world's zero is not on the charger."""


@dataclass(frozen=True, slots=True)
class Charger:
    """A plate on the ground that charges who stands on it, in its heading where ``turn_rad`` says how exactly."""

    pose: Pose2
    reach_m: float
    turn_rad: float = math.pi

    def holds(self, base: Pose3) -> bool:
        """Tell whether a robot with its base link here is being charged."""
        x, y, z = base.position_m
        off_rad = abs(wrap_angle(base.rpy_rad[2] - self.pose.yaw_rad))
        return (math.hypot(x - self.pose.x_m, y - self.pose.y_m) <= self.reach_m and off_rad <= self.turn_rad
                and z <= _TOP_M)

"""Where a robot on the ground is charged."""

from __future__ import annotations

import math
from dataclasses import dataclass

from .geometry import Pose2

DEFAULT_APPROACH_M = 1.5


@dataclass(frozen=True, slots=True)
class Dock:
    """A place in ``map`` that is driven into forwards, straight from ``approach_m`` before it."""

    pose: Pose2
    approach_m: float = DEFAULT_APPROACH_M

    def before(self, distance_m: float) -> Pose2:
        """Return the pose so far before the dock, facing it."""
        pose = self.pose
        return Pose2(pose.x_m - distance_m * math.cos(pose.yaw_rad), pose.y_m - distance_m * math.sin(pose.yaw_rad),
                     pose.yaw_rad)

    @property
    def approach(self) -> Pose2:
        """Return where driving in begins."""
        return self.before(self.approach_m)

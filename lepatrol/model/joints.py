"""How the turning joints of a robot stand, and what hangs on them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from .geometry import Pose3


@dataclass(frozen=True, slots=True)
class Swivel:
    """A frame that turns in another about a joint.

    With the joint at zero it has the pose ``rest`` in it; ``axis`` is a unit vector in the turning frame, through its
    origin.
    """

    joint: str
    rest: Pose3
    axis: tuple[float, float, float]

    def at(self, angle_rad: float) -> Pose3:
        """Return the frame's pose; at zero it is ``rest`` itself."""
        if angle_rad == 0.0:
            return self.rest
        sin = math.sin(angle_rad / 2.0)
        x, y, z = self.axis
        return self.rest.compose(Pose3((0.0, 0.0, 0.0), (math.cos(angle_rad / 2.0), x * sin, y * sin, z * sin)))


@dataclass(frozen=True, slots=True)
class Neck:
    """The joints between a body and what it carries, the nearest to the body first, with what is carried at its end.

    ``level`` is the pose in the body with all joints at zero, ``end`` that in the frame of the last joint.
    """

    level: Pose3
    swivels: tuple[Swivel, ...]
    end: Pose3

    def pose(self, positions_rad: Mapping[str, float]) -> Pose3:
        """Return where what is carried is in the body; with all joints at zero that is ``level`` itself.

        :raises KeyError: for a joint of the neck whose position is not given.
        """
        angles_rad = [positions_rad[swivel.joint] for swivel in self.swivels]
        if not any(angles_rad):
            return self.level
        pose = Pose3()
        for swivel, angle_rad in zip(self.swivels, angles_rad, strict=True):
            pose = pose.compose(swivel.at(angle_rad))
        return pose.compose(self.end)

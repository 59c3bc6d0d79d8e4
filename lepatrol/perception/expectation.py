"""What perception expects to measure if nothing had changed, and who can tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats, Pose3
from lepatrol.model.observation import CameraInfo
from lepatrol.model.site import Point2


class RangeSource(Protocol):
    """Knows how far away the nearest lasting surface is in any direction."""

    def ranges_m(self, origin_m: Floats, directions: Floats) -> Floats:
        """Return the distance (n,) from a point (3,) in ``map`` along unit vectors (n, 3), inf where nothing is."""
        ...


class ViewSource(Protocol):
    """Knows what a camera ought to see from anywhere: poses are in ``map``, x forward and z up, as SDFormat has it.

    Picture and depth are asked for apart: in the light expected most pictures need no depth.
    """

    def picture(self, info: CameraInfo, camera_pose: Pose3) -> NDArray[np.uint8]:
        """Return the picture (h, w, 3) in the light that the site's description has."""
        ...

    def depth_m(self, info: CameraInfo, camera_pose: Pose3) -> NDArray[np.float32]:
        """Return how far away (h, w) along the optical axis what is not seen through is; the sky is infinitely far."""
        ...

    def without_clear(self, info: CameraInfo, camera_pose: Pose3) -> NDArray[np.uint8]:
        """Return the picture (h, w, 3) without what can be seen through, as fence panels."""
        ...


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing of the site that could be carried away: its name, its middle on the ground in ``map``, its size."""

    name: str
    position_m: Point2
    width_m: float
    height_m: float

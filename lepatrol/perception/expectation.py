"""What a sensor ought to measure if nothing had changed: the seams to whatever knows the expected world.

The expected world is a site's static parts, from its own SDF (``simulation``) or from an occupancy map
(``perception``). Perception asks through these protocols, so that it knows neither files nor a simulator.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats, Pose3
from lepatrol.model.observation import CameraInfo
from lepatrol.model.site import Point2


class RangeSource(Protocol):
    """Tells how far it is to the expected world along rays."""

    def ranges_m(self, origin_m: Floats, directions: Floats) -> Floats:
        """Return distances (n,) from ``origin_m`` (3,) along unit ``directions`` (n, 3), all in ``map``.

        ``inf`` is nothing within reach; NaN is not known, so that no measurement contradicts it.
        """
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

    def without_structures(self, info: CameraInfo, camera_pose: Pose3) -> NDArray[np.uint8]:
        """Return the picture (h, w, 3) that there would be if every guarded fence panel and gate were gone."""
        ...


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing of the site that could be carried away: its name, its middle on the ground in ``map``, its size."""

    name: str
    position_m: Point2
    width_m: float
    height_m: float

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


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedView:
    """What a camera ought to see: ``rgb`` (h, w, 3), and how far away (h, w) it is along the optical axis.

    The sky is infinitely far; where a fence is seen through, the depth is that of what is behind it.
    """

    rgb: NDArray[np.uint8]
    depth_m: NDArray[np.float32]


class ViewSource(Protocol):
    """Knows what a camera ought to see from anywhere."""

    def view(self, info: CameraInfo, camera_pose: Pose3) -> ExpectedView:
        """Return the view of a camera at a pose in ``map``: x forward, z up, as SDFormat has it."""
        ...

    def without_clear(self, info: CameraInfo, camera_pose: Pose3) -> NDArray[np.uint8]:
        """Return the picture (h, w, 3) of that view without what can be seen through, as fence panels."""
        ...


@dataclass(frozen=True, slots=True)
class Thing:
    """A thing of the site that could be carried away: its name, its middle on the ground in ``map``, its size."""

    name: str
    position_m: Point2
    width_m: float
    height_m: float

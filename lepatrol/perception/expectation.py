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


class RangeSource(Protocol):
    """Tells how far it is to the expected world along rays."""

    def ranges_m(self, origin_m: Floats, directions: Floats) -> Floats:
        """Return distances (n,) from ``origin_m`` (3,) along unit ``directions`` (n, 3), all in ``map``.

        ``inf`` is nothing within reach; NaN is not known, so that no measurement contradicts it.
        """
        ...


@dataclass(frozen=True, slots=True, eq=False)
class ExpectedView:
    """What a camera ought to show.

    ``rgb`` has shape (h, w, 3), uint8. ``depth_m`` has shape (h, w), float32: distances along the optical axis (not
    along the ray), ``inf`` for the sky.
    """

    rgb: NDArray[np.uint8]
    depth_m: NDArray[np.float32]


class ViewSource(Protocol):
    """Draws the expected world as a camera would see it."""

    def view(self, info: CameraInfo, camera_pose: Pose3) -> ExpectedView:
        """Return the picture that a camera at ``camera_pose`` in ``map`` (x forward, z up) ought to take."""
        ...

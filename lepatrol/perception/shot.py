"""A picture on its way: as the camera took it, and as others may see it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.findings import Box, Sighting
from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import CameraImage, CameraInfo, LaserScan
from lepatrol.model.site import Point2
from lepatrol.perception.camera_geometry import CameraGeometry
from lepatrol.perception.masking import Masker

_BOX_WIDTH_M, _BOX_HEIGHT_M = 1.2, 1.9
"""What is marked where a place is known and a size is not."""
_NARROWEST_BOX_PX = 4


@dataclass(frozen=True, slots=True, eq=False)
class MaskedPicture:
    """A picture that may be kept and shown: heads and privacy zones are masked in ``rgb`` (height, width, 3)."""

    stamp_s: float
    frame_id: str
    rgb: NDArray[np.uint8]
    info: CameraInfo
    camera_pose: Pose3 | None = None

    def box_at(self, place_m: Point2) -> Box | None:
        """Return where the picture shows what stands at a place in ``map``, None where it does not."""
        if self.camera_pose is None:
            return None
        geometry = CameraGeometry(self.info, self.camera_pose)
        if geometry.looks_down:
            left, top, right, bottom = geometry.seen_from_above(place_m, _BOX_WIDTH_M)
        else:
            outline = geometry.upright(place_m, _BOX_WIDTH_M, _BOX_HEIGHT_M)
            if outline is None:
                return None
            left, top, right, bottom = outline.left, outline.top, outline.right, outline.foot
        if not math.isfinite(left + top + right + bottom):
            return None
        box = (max(round(left), 0), max(round(top), 0),
               min(round(right), self.info.width), min(round(bottom), self.info.height))
        return box if box[2] - box[0] >= _NARROWEST_BOX_PX and box[3] - box[1] >= _NARROWEST_BOX_PX else None


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """A picture as the camera took it, which is not to be kept or shown, and what says how to mask it."""

    image: CameraImage
    pose: Pose3 | None
    sightings: tuple[Sighting, ...] = ()
    foreground: NDArray[np.bool_] | None = None
    scan: tuple[LaserScan, Pose3] | None = None
    detections: tuple[Box, ...] = ()
    is_from_above: bool = False

    def masked(self, masker: Masker) -> MaskedPicture:
        """Return the picture as it may be kept and shown."""
        image = self.image
        if self.is_from_above:
            return MaskedPicture(
                image.stamp_s, image.frame_id, masker.mask_from_above(image, self.pose), image.info, self.pose)
        rgb = masker.mask(image, self.pose, self.sightings, self.foreground, self.detections, scan=self.scan)
        return MaskedPicture(image.stamp_s, image.frame_id, rgb, image.info, self.pose)

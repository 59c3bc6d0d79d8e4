"""A picture on its way: as the camera took it, and as others may see it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.findings import Box, Sighting
from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import CameraImage, CameraInfo, LaserScan
from lepatrol.model.site import Point2
from lepatrol.perception.masking import Masker

_BOX_WIDTH_M, _BOX_HEIGHT_M = 1.2, 1.9
"""What is marked where a place is known and a size is not."""
_NEAREST_BOX_M, _NARROWEST_BOX_PX = 0.5, 4


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
        ahead, left, _ = self.camera_pose.inverse().transform(np.array([*place_m, 0.0])).tolist()
        up_m = self.camera_pose.position_m[2]
        if ahead < _NEAREST_BOX_M:
            return None
        corners = self.info.project(np.array([
            [-left - _BOX_WIDTH_M / 2.0, up_m - _BOX_HEIGHT_M, ahead], [-left + _BOX_WIDTH_M / 2.0, up_m, ahead]]))
        (x0, y0), (x1, y1) = np.rint(corners).astype(int).tolist()
        box = (max(x0, 0), max(y0, 0), min(x1, self.info.width), min(y1, self.info.height))
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

    def masked(self, masker: Masker) -> MaskedPicture:
        """Return the picture as it may be kept and shown."""
        image = self.image
        rgb = masker.mask(image, self.pose, self.sightings, self.foreground, self.detections, scan=self.scan)
        return MaskedPicture(image.stamp_s, image.frame_id, rgb, image.info, self.pose)

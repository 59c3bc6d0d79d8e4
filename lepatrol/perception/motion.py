"""What moves before a camera that stands or turns slowly: consecutive pictures, the camera's own turn taken out."""

from __future__ import annotations

import math

import cv2
import numpy as np

from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import CameraImage, CameraInfo
from lepatrol.perception.blobs import Mask
from lepatrol.perception.camera_geometry import OPTICAL
from lepatrol.perception.relight import Picture, difference, exceeds
from lepatrol.settings.camera_anomaly import DifferenceSettings

_AGE_S = (0.15, 1.0)
"""A picture is compared with one between so old: long enough for a step, short enough for the light."""
_FARTHEST_M = 0.08
_LARGEST_TURN_RAD = 0.25
_LARGEST_SHARE = 0.4
_KEPT = 4


class MotionDetector:
    """Compares each picture with one shortly before; while the robot drives there is nothing to compare."""

    def __init__(self, settings: DifferenceSettings) -> None:
        """Begin with no picture."""
        self._settings = settings
        self._past: list[tuple[CameraImage, Pose3]] = []

    def reset(self) -> None:
        """Forget every picture."""
        self._past.clear()

    def mask(self, image: CameraImage, camera_pose: Pose3) -> Mask | None:
        """Return 255 where something moved (h, w), None where the camera moves too much or has just begun to stand."""
        reference = self._reference(image, camera_pose)
        self._past.append((image, camera_pose))
        del self._past[:-_KEPT]
        if reference is None:
            return None
        before, its_pose = reference
        observed, expected = image.rgb, before.rgb
        turned = camera_pose.rotation.T @ its_pose.rotation
        if _angle(turned) > 0.3 / image.info.fx:
            expected = _turned(before.rgb, image.rgb, turned, image.info)
        mask = exceeds(difference(expected, observed), round(self._settings.tolerance_levels))
        return None if cv2.countNonZero(mask) > _LARGEST_SHARE * mask.size else mask

    def _reference(self, image: CameraImage, pose: Pose3) -> tuple[CameraImage, Pose3] | None:
        if self._past and math.dist(self._past[-1][1].position_m, pose.position_m) > _FARTHEST_M:
            self._past.clear()
        for before, its_pose in reversed(self._past):
            age_s = image.stamp_s - before.stamp_s
            if not _AGE_S[0] <= age_s <= _AGE_S[1] or before.info != image.info:
                continue
            near = math.dist(its_pose.position_m, pose.position_m) <= _FARTHEST_M
            if near and _angle(pose.rotation.T @ its_pose.rotation) <= _LARGEST_TURN_RAD:
                return before, its_pose
        return None


def _angle(rotation: np.ndarray) -> float:
    return math.acos(min(1.0, max(-1.0, (float(np.trace(rotation)) - 1.0) / 2.0)))


def _turned(rgb: Picture, fill: Picture, rotation: np.ndarray, info: CameraInfo) -> Picture:
    """Return a picture as a camera turned by ``rotation`` would have taken it; what it did not see is that of ``fill``.

    A camera that turns and does not move sees the same rays: its pictures are related by K R K^-1.
    """
    matrix = np.array([[info.fx, 0.0, info.cx - 0.5], [0.0, info.fy, info.cy - 0.5], [0.0, 0.0, 1.0]])
    homography = matrix @ (OPTICAL.T @ rotation @ OPTICAL) @ np.linalg.inv(matrix)
    result = fill.copy()
    cv2.warpPerspective(
        rgb, homography, (info.width, info.height), dst=result, flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_TRANSPARENT)
    return result

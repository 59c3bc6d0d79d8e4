"""Masking where no expected view is at hand: by where the camera is, and how near the lidar says anybody can be."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import CameraImage, CameraInfo, JointPositions, LaserScan, PoseEstimate
from lepatrol.perception.masking import Masker
from lepatrol.sensing.joints import JointHistory
from lepatrol.sensing.mounting import BodyPose, Mounting

_POSE_AGE_S = 0.5
_SCAN_AGE_S = 0.25


class PhotoMask:
    """Follows the robot's pose, its joints, its scans and its camera's model, and masks single pictures."""

    def __init__(self, masker: Masker, mounting: Mounting) -> None:
        """Begin lost: pictures are hidden as a whole."""
        self._masker = masker
        self._mounting = mounting
        self._body = BodyPose()
        self._joints = JointHistory(mounting.joints)
        self._camera: CameraInfo | None = None
        self._scan: LaserScan | None = None

    def on_pose(self, estimate: PoseEstimate) -> None:
        """Take where the robot is."""
        self._body.add_pose(estimate)

    def on_joints(self, joints: JointPositions) -> None:
        """Take how the robot's joints stand."""
        self._joints.add(joints)

    def on_scan(self, scan: LaserScan) -> None:
        """Take what stands round the robot."""
        self._scan = scan

    def on_camera(self, info: CameraInfo) -> None:
        """Take how the camera looks."""
        self._camera = info

    def __call__(self, image: CameraImage) -> NDArray[np.uint8]:
        """Return the masked picture (height, width, 3).

        All of it is hidden where the pose, the joints that turn the camera, or the camera are not known.
        """
        known_s = self._body.known_s
        base, joints = self._body.at(image.stamp_s), self._joints.at(image.stamp_s)
        mounted = None if joints is None else self._mounting.camera_at(joints)
        is_known = known_s is not None and abs(image.stamp_s - known_s) <= _POSE_AGE_S
        if base is None or mounted is None or not is_known or image.info != self._camera:
            return self._masker.mask(image, None)
        return self._masker.mask(image, base.compose(mounted), scan=self._fitting_scan(base, image.stamp_s))

    def _fitting_scan(self, base: Pose3, stamp_s: float) -> tuple[LaserScan, Pose3] | None:
        if self._scan is None or abs(stamp_s - self._scan.stamp_s) > _SCAN_AGE_S:
            return None
        return self._scan, base.compose(self._mounting.lidar)

"""A photo is masked by where the robot was when it was taken, and hidden as a whole where that is not known."""

import math

import numpy as np
import pytest

from lepatrol.model.geometry import Pose3
from lepatrol.model.joints import Neck, Swivel
from lepatrol.model.observation import CameraImage, CameraInfo, JointPositions, LaserScan, PoseEstimate
from lepatrol.perception.masking import Masker
from lepatrol.perception.photo_mask import PhotoMask
from lepatrol.sensing.mounting import Mounting
from lepatrol.settings.privacy import PrivacySettings

INFO = CameraInfo.from_horizontal_fov(320, 240, 1.2)
NOISE = np.random.default_rng(1).integers(0, 256, (240, 320, 3), dtype=np.uint8)
CAMERA = Pose3((0.2, 0.0, 1.2))
SCAN = LaserScan(10.0, 'lidar', -math.pi, math.radians(1.0), 0.1, 30.0, np.full(360, 8.0, np.float32))


def knowing(*, pose_s=10.0, scan=None, info=INFO, camera=CAMERA):
    mask = PhotoMask(Masker(PrivacySettings(), ()), Mounting(Pose3((0.0, 0.0, 0.5)), camera))
    if pose_s is not None:
        mask.on_pose(PoseEstimate(pose_s, 'map', Pose3.from_rpy(1.0, 2.0, yaw_rad=0.5)))
    if scan is not None:
        mask.on_scan(scan)
    if info is not None:
        mask.on_camera(info)
    return mask


def test_a_turned_heads_picture_is_masked_for_where_it_looks_and_hidden_where_that_is_not_known():
    head = Neck(CAMERA, (Swivel('tilt', Pose3((0.0, 0.0, 1.2)), (0.0, 1.0, 0.0)),), Pose3((0.2, 0.0, 0.0)))
    mask = PhotoMask(Masker(PrivacySettings(), ()), Mounting(Pose3((0.0, 0.0, 0.5)), CAMERA, head))
    mask.on_pose(PoseEstimate(10.0, 'map', Pose3.from_rpy(1.0, 2.0, yaw_rad=0.5)))
    mask.on_scan(SCAN)
    mask.on_camera(INFO)
    assert hidden(mask).all()
    mask.on_joints(JointPositions(10.0, {'tilt': 0.0}))
    assert np.array_equal(hidden(mask), hidden(knowing(scan=SCAN)))
    mask.on_joints(JointPositions(10.04, {'tilt': -0.3}))
    lower = hidden(mask, 10.04)
    assert lower[150:190].all()
    assert not lower[230:].any()


def hidden(mask, stamp_s=10.0):
    return (mask(CameraImage(stamp_s, 'eye', NOISE, INFO)) != NOISE).any(axis=2)


def test_with_a_scan_only_the_rows_with_heads_are_hidden():
    masked = hidden(knowing(scan=SCAN))
    assert masked[60:130].all()
    assert not masked[160:].any()


@pytest.mark.parametrize('lacking', [
    {'pose_s': None}, {'pose_s': 9.0}, {'pose_s': 11.0}, {'info': None}, {'camera': None},
    {'info': CameraInfo.from_horizontal_fov(320, 240, 1.3)}])
def test_where_pose_or_camera_are_not_known_everything_is_hidden(lacking):
    assert hidden(knowing(scan=SCAN, **lacking)).all()


@pytest.mark.parametrize('stamp_s', [9.6, 10.4])
def test_a_scan_of_another_time_is_not_relied_on(stamp_s):
    assert hidden(knowing(scan=SCAN), stamp_s).sum() > hidden(knowing(scan=SCAN)).sum()
    assert np.array_equal(hidden(knowing(scan=SCAN), stamp_s), hidden(knowing(), stamp_s))

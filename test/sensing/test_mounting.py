import math

import pytest

from lepatrol.model.geometry import Pose3, Twist
from lepatrol.model.observation import Odometry, PoseEstimate
from lepatrol.sensing.mounting import BodyPose


def test_a_body_has_no_pose_before_the_first_estimate():
    assert BodyPose().at(1.0) is None
    assert BodyPose().known_s is None


def test_height_and_tilt_are_those_told_last():
    body = BodyPose()
    told = Pose3.from_rpy(3.0, 4.0, 0.16, 0.05, -0.1, 1.2)
    body.add_pose(PoseEstimate(1.0, 'map', told, 0.02, 0.005))
    found = body.at(1.0)
    assert found is not None
    assert found.position_m == pytest.approx(told.position_m)
    assert found.rpy_rad == pytest.approx(told.rpy_rad)


def test_a_picture_taken_in_a_turn_is_seen_from_the_heading_of_its_own_time():
    body = BodyPose()
    for step in range(6):
        stamp_s = 0.04 * step
        turned = Pose3.from_rpy(yaw_rad=stamp_s)
        body.add_odometry(Odometry(stamp_s, turned, Twist(0.0, 1.0)))
        body.add_pose(PoseEstimate(stamp_s, 'map', turned, 0.001, 0.0005))
    found = body.at(0.1)
    assert found is not None
    assert found.planar().yaw_rad == pytest.approx(0.1, abs=1e-3)


def test_an_estimate_that_is_not_finite_changes_nothing():
    body = BodyPose()
    body.add_pose(PoseEstimate(1.0, 'map', Pose3((1.0, 2.0, 0.1)), 0.02, 0.005))
    body.add_pose(PoseEstimate(2.0, 'map', Pose3((math.nan, 2.0, 0.1)), 0.02, 0.005))
    assert body.known_s == 1.0

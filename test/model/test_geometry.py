import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lepatrol.model.geometry import Pose2, Pose3, Twist, wrap_angle

METRES = st.floats(-1000.0, 1000.0)
ANGLES = st.floats(-10.0, 10.0)
PLANAR = st.builds(Pose2, METRES, METRES, ANGLES)
SPATIAL = st.builds(Pose3.from_rpy, METRES, METRES, METRES, ANGLES, ANGLES, ANGLES)
POINTS2 = st.lists(st.tuples(METRES, METRES), min_size=1, max_size=4).map(np.array)
POINTS3 = st.lists(st.tuples(METRES, METRES, METRES), min_size=1, max_size=4).map(np.array)


def assert_same_place(pose, x_m, y_m, yaw_rad):
    assert (pose.x_m, pose.y_m) == (pytest.approx(x_m, abs=1e-8), pytest.approx(y_m, abs=1e-8))
    assert wrap_angle(pose.yaw_rad - yaw_rad) == pytest.approx(0.0, abs=1e-9)


@given(angle=st.floats(-1e6, 1e6))
def test_a_wrapped_angle_points_the_same_way_within_half_a_turn(angle):
    wrapped = wrap_angle(angle)
    assert -math.pi <= wrapped < math.pi
    assert math.cos(wrapped) == pytest.approx(math.cos(angle), abs=1e-8)
    assert math.sin(wrapped) == pytest.approx(math.sin(angle), abs=1e-8)


@given(pose=PLANAR)
def test_a_planar_pose_and_its_inverse_are_the_identity_both_ways(pose):
    assert_same_place(pose.compose(pose.inverse()), 0.0, 0.0, 0.0)
    assert_same_place(pose.inverse().compose(pose), 0.0, 0.0, 0.0)


@given(a=PLANAR, b=PLANAR, c=PLANAR)
def test_planar_composition_is_associative(a, b, c):
    one, other = a.compose(b).compose(c), a.compose(b.compose(c))
    assert_same_place(one, other.x_m, other.y_m, other.yaw_rad)


@given(a=PLANAR, b=PLANAR, points=POINTS2)
def test_transforming_by_a_composition_is_transforming_twice(a, b, points):
    np.testing.assert_allclose(a.compose(b).transform(points), a.transform(b.transform(points)), atol=1e-7)


@given(pose=PLANAR, points=POINTS2)
def test_planar_frames_invert(pose, points):
    np.testing.assert_allclose(pose.inverse().transform(pose.transform(points)), points, atol=1e-8)


def test_a_planar_pose_turns_counter_clockwise():
    pose = Pose2(1.0, 2.0, math.pi / 2)
    assert_same_place(pose.compose(Pose2(1.0, 0.0, 0.0)), 1.0, 3.0, math.pi / 2)
    np.testing.assert_allclose(pose.transform(np.array([0.0, 1.0])), [0.0, 2.0], atol=1e-12)


def test_distance_and_bearing_are_those_of_the_plane():
    assert Pose2(1.0, 1.0, 2.0).distance_m(Pose2(4.0, 5.0)) == 5.0
    assert Pose2(1.0, 1.0, 2.0).bearing_to_rad(Pose2(1.0, 3.0)) == pytest.approx(math.pi / 2)


@given(pose=SPATIAL, points=POINTS3)
def test_frames_in_space_invert(pose, points):
    np.testing.assert_allclose(pose.inverse().transform(pose.transform(points)), points, atol=1e-8)
    np.testing.assert_allclose(pose.compose(pose.inverse()).matrix, np.eye(4), atol=1e-8)


@given(a=SPATIAL, b=SPATIAL)
def test_composition_in_space_is_the_product_of_matrices(a, b):
    np.testing.assert_allclose(a.compose(b).matrix, a.matrix @ b.matrix, atol=1e-7)


@given(pose=SPATIAL)
def test_orientations_stay_unit_quaternions_and_rotations_stay_rotations(pose):
    assert np.linalg.norm(pose.compose(pose).orientation_wxyz) == pytest.approx(1.0)
    np.testing.assert_allclose(pose.rotation @ pose.rotation.T, np.eye(3), atol=1e-9)
    assert np.linalg.det(pose.rotation) == pytest.approx(1.0)


@given(roll=st.floats(-3.1, 3.1), pitch=st.floats(-1.5, 1.5), yaw=st.floats(-3.1, 3.1))
def test_roll_pitch_and_yaw_come_back(roll, pitch, yaw):
    assert Pose3.from_rpy(roll_rad=roll, pitch_rad=pitch, yaw_rad=yaw).rpy_rad == pytest.approx((roll, pitch, yaw))


def test_rotations_are_about_fixed_axes_as_sdformat_writes_them():
    quarter = math.pi / 2
    pose = Pose3.from_rpy(roll_rad=quarter, yaw_rad=quarter)
    np.testing.assert_allclose(pose.transform(np.array([0.0, 1.0, 0.0])), [0.0, 0.0, 1.0], atol=1e-12)
    np.testing.assert_allclose(pose.transform(np.array([1.0, 0.0, 0.0])), [0.0, 1.0, 0.0], atol=1e-12)


@given(pose=PLANAR)
def test_a_level_pose_seen_from_above_is_itself(pose):
    seen = Pose3.from_rpy(pose.x_m, pose.y_m, 3.0, yaw_rad=pose.yaw_rad).planar()
    assert_same_place(seen, pose.x_m, pose.y_m, pose.yaw_rad)


@pytest.mark.parametrize('bad', [math.nan, math.inf, -math.inf])
def test_a_velocity_that_is_no_number_says_so(bad):
    assert Twist(1.0, -1.0, 0.5, 0.0).is_finite()
    assert not Twist(linear_x_m_s=bad).is_finite()
    assert not Twist(angular_z_rad_s=bad).is_finite()
    assert not Twist(linear_y_m_s=bad).is_finite()
    assert not Twist(linear_z_m_s=bad).is_finite()

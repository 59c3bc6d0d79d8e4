"""Odometry carries the pose on between estimates, and back to when something was seen."""

import math

import pytest

from lepatrol.model.geometry import STOP, Pose2, Pose3, Twist
from lepatrol.model.observation import Odometry, PoseEstimate
from lepatrol.sensing.localisation import PoseFusion

START = Pose2(5.0, 3.0, math.pi / 2)


def odometry(stamp_s, x=0.0, y=0.0, yaw=0.0, twist=STOP):
    return Odometry(stamp_s, Pose3.from_rpy(x, y, yaw_rad=yaw), twist)


def estimate(stamp_s, pose):
    return PoseEstimate(stamp_s, 'map', Pose3.from_rpy(pose.x_m, pose.y_m, yaw_rad=pose.yaw_rad), 0.02, 0.005)


def near(pose, expected):
    return pose.distance_m(expected) < 1e-9 and math.isclose(
        math.cos(pose.yaw_rad - expected.yaw_rad), 1.0, abs_tol=1e-12)


@pytest.fixture
def driven():
    # It looks along the map's y, drove 0.2 m ahead in 0.2 s, and goes on at 1 m/s and 0.5 rad/s.
    fusion = PoseFusion()
    fusion.add_odometry(odometry(10.0))
    assert fusion.add_pose(estimate(10.0, START))
    fusion.add_odometry(odometry(10.1, x=0.1))
    fusion.add_odometry(odometry(10.2, x=0.2, yaw=0.1, twist=Twist(1.0, 0.5)))
    return fusion


def test_there_is_no_pose_before_the_first_estimate():
    fusion = PoseFusion()
    assert fusion.pose_at(0.0) is None
    fusion.add_odometry(odometry(0.0))
    assert fusion.pose_at(0.0) is None


def test_without_odometry_the_estimate_itself_is_the_pose_at_any_time():
    fusion = PoseFusion()
    fusion.add_pose(estimate(1.0, START))
    assert near(fusion.pose_at(0.0), START)
    assert near(fusion.pose_at(9.0), START)


def test_between_two_messages_the_pose_is_on_the_line_between_them(driven):
    assert near(driven.pose_at(10.1), Pose2(5.0, 3.1, math.pi / 2))
    assert near(driven.pose_at(10.05), Pose2(5.0, 3.05, math.pi / 2))
    assert near(driven.pose_at(10.175), Pose2(5.0, 3.175, math.pi / 2 + 0.075))


def test_at_the_last_message_and_before_the_first_it_is_theirs(driven):
    assert near(driven.pose_at(10.2), driven.pose)
    assert near(driven.pose_at(3.0), START)


def test_a_turn_across_the_back_goes_the_short_way():
    fusion = PoseFusion()
    fusion.add_odometry(odometry(0.0, yaw=3.1))
    fusion.add_pose(estimate(0.0, Pose2(0.0, 0.0, 3.1)))
    fusion.add_odometry(odometry(0.1, yaw=-3.1))
    assert abs(fusion.pose_at(0.05).yaw_rad) == pytest.approx(math.pi)


def test_beyond_the_last_message_it_is_carried_on_along_the_arc_that_is_driven(driven):
    turned = 0.1 * 0.5
    # The chord of an arc of radius 2 m, at half the turn.
    chord = 2.0 * 2.0 * math.sin(turned / 2.0)
    expected = driven.pose.compose(Pose2(chord * math.cos(turned / 2.0), chord * math.sin(turned / 2.0), turned))
    ahead = driven.pose_at(10.3)
    assert ahead.distance_m(expected) < 1e-4
    assert ahead.yaw_rad == pytest.approx(expected.yaw_rad)


def test_it_is_not_carried_on_for_longer_than_messages_take(driven):
    farthest = driven.pose_at(10.5)
    assert farthest.distance_m(driven.pose) == pytest.approx(0.3, abs=0.01)
    assert near(driven.pose_at(10.6), farthest)
    assert near(driven.pose_at(1000.0), farthest)


def test_a_velocity_that_is_not_finite_carries_nothing_on(driven):
    driven.add_odometry(odometry(10.3, x=0.3, yaw=0.1, twist=Twist(math.nan, 0.0)))
    assert near(driven.pose_at(10.4), driven.pose)


def test_time_set_back_forgets_the_odometry_until_the_next_estimate(driven):
    driven.add_odometry(odometry(2.0, x=7.0, twist=Twist(1.0)))
    assert near(driven.pose_at(2.1), START)
    driven.add_pose(estimate(2.0, Pose2(-1.0, -2.0, 0.0)))
    assert near(driven.pose_at(2.0), Pose2(-1.0, -2.0))
    assert near(driven.pose_at(2.1), Pose2(-0.9, -2.0))
    # The messages of the time before are not interpolated with.
    assert near(driven.pose_at(1.0), Pose2(-1.0, -2.0))


def test_an_estimate_is_laid_on_the_odometry_of_its_own_time():
    fusion = PoseFusion()
    for tenth in range(5):
        fusion.add_odometry(odometry(tenth / 10.0, x=tenth / 10.0))
    fusion.add_pose(estimate(0.2, START))
    assert near(fusion.pose_at(0.2), START)
    assert near(fusion.pose, Pose2(5.0, 3.2, math.pi / 2))

"""From odometry and poses to REP-105's frames."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lepatrol.model.errors import ObservationError
from lepatrol.model.geometry import Pose3, Twist
from lepatrol.model.observation import Odometry, PoseEstimate
from lepatrol.sensing.frames import FrameTracker

BASE = Pose3((0.0, 0.0, 0.15))
RIGID = {'base_footprint': Pose3(), 'base_link': BASE, 'imu_link': Pose3.from_rpy(0.1, 0.0, 0.2, yaw_rad=0.5)}
NUMBERS, ANGLES = st.floats(-1e3, 1e3), st.floats(-3.1, 3.1)
POSES = st.builds(Pose3.from_rpy, NUMBERS, NUMBERS, NUMBERS, st.floats(-1.0, 1.0), st.floats(-1.0, 1.0), ANGLES)


def tracker():
    return FrameTracker(RIGID, pose_timeout_s=1.0)


def rolled(pose, stamp_s, child='base_link', to=None):
    return (to or tracker()).on_odometry(Odometry(stamp_s, pose, Twist()), child)


def located(frames, pose, stamp_s, frame='map'):
    frames.on_pose(PoseEstimate(stamp_s, frame, pose))


def assert_same(pose, other, within=1e-6):
    assert pose.position_m == pytest.approx(other.position_m, abs=within)
    # q and -q are the same turn.
    assert abs(sum(a * b for a, b in zip(pose.orientation_wxyz, other.orientation_wxyz, strict=True))) == pytest.approx(
        1.0, abs=1e-9)


@given(POSES, POSES)
def test_map_to_odom_to_base_link_is_the_pose_that_was_told(in_map, in_odom):
    frames = tracker()
    rolled(in_odom, 4.0, to=frames)
    located(frames, in_map, 4.0)
    odom_to_root, map_to_odom = rolled(in_odom, 4.1, to=frames)
    assert (odom_to_root.parent, odom_to_root.child) == ('odom', 'base_footprint')
    assert (map_to_odom.parent, map_to_odom.child) == ('map', 'odom')
    assert odom_to_root.stamp_s == map_to_odom.stamp_s == 4.1
    assert_same(map_to_odom.pose.compose(odom_to_root.pose).compose(BASE), in_map)


@pytest.mark.parametrize('child', RIGID)
def test_odometry_of_any_link_that_is_rigid_with_the_root_tells_where_the_root_is(child):
    root = Pose3.from_rpy(3.0, -2.0, 0.1, yaw_rad=1.0)
    (told,) = rolled(root.compose(RIGID[child]), 1.0, child)
    assert (told.parent, told.child, told.stamp_s) == ('odom', 'base_footprint', 1.0)
    assert_same(told.pose, root)


def test_a_pose_that_comes_late_is_laid_on_the_odometry_of_its_own_time():
    frames = tracker()
    for tick in range(11):
        rolled(Pose3.from_rpy(tick * 0.1, yaw_rad=tick * 0.02), tick * 0.1, to=frames)
    then = Pose3.from_rpy(0.25, yaw_rad=0.05)
    offset = Pose3.from_rpy(7.0, 3.0, yaw_rad=0.4)
    located(frames, offset.compose(then), 0.25)
    _, map_to_odom = rolled(Pose3.from_rpy(1.1), 1.1, to=frames)
    assert_same(map_to_odom.pose, offset)


def test_a_pose_that_is_ahead_of_odometry_waits_for_it():
    frames = tracker()
    rolled(Pose3.from_rpy(0.0), 1.0, to=frames)
    offset = Pose3.from_rpy(7.0, 3.0, yaw_rad=0.4)
    located(frames, offset.compose(Pose3.from_rpy(0.5)), 1.05)
    _, map_to_odom = rolled(Pose3.from_rpy(1.0), 1.1, to=frames)
    assert_same(map_to_odom.pose, offset)


def test_headings_are_carried_over_the_half_turn_the_short_way():
    frames = tracker()
    rolled(Pose3.from_rpy(yaw_rad=math.pi - 0.1), 1.0, to=frames)
    rolled(Pose3.from_rpy(yaw_rad=-math.pi + 0.1), 1.1, to=frames)
    located(frames, Pose3(), 1.05)
    _, map_to_odom = rolled(Pose3(), 1.2, to=frames)
    assert abs(map_to_odom.pose.planar().yaw_rad) == pytest.approx(math.pi, abs=1e-3)


def test_before_the_first_pose_and_after_the_last_map_to_odom_is_not_told():
    frames = tracker()
    assert len(rolled(Pose3(), 1.0, to=frames)) == 1
    located(frames, Pose3(), 1.0)
    assert len(rolled(Pose3(), 1.9, to=frames)) == 2
    assert len(rolled(Pose3(), 2.1, to=frames)) == 1


def test_an_older_pose_does_not_undo_a_newer_one():
    frames = tracker()
    for stamp_s in (1.0, 1.1, 1.2):
        rolled(Pose3(), stamp_s, to=frames)
    located(frames, Pose3.from_rpy(5.0), 1.15)
    located(frames, Pose3.from_rpy(9.0), 1.05)
    assert rolled(Pose3(), 1.3, to=frames)[1].pose.position_m[0] == 5.0


def test_a_pose_older_than_all_odometry_says_nothing():
    frames = tracker()
    rolled(Pose3(), 5.0, to=frames)
    located(frames, Pose3(), 1.0)
    assert len(rolled(Pose3(), 5.1, to=frames)) == 1


def test_odometry_of_the_same_time_is_told_once():
    frames = tracker()
    assert rolled(Pose3(), 1.0, to=frames)
    assert rolled(Pose3.from_rpy(1.0), 1.0, to=frames) == ()
    assert rolled(Pose3.from_rpy(1.0), 0.9, to=frames) == ()


def test_a_clock_that_jumps_back_begins_anew():
    frames = tracker()
    rolled(Pose3(), 100.0, to=frames)
    located(frames, Pose3.from_rpy(5.0), 100.0)
    assert len(rolled(Pose3(), 1.0, to=frames)) == 1
    located(frames, Pose3.from_rpy(6.0), 1.0)
    assert rolled(Pose3(), 1.1, to=frames)[1].pose.position_m[0] == 6.0


@pytest.mark.parametrize('bad', [math.nan, math.inf])
def test_what_is_not_finite_is_refused_and_changes_nothing(bad):
    frames = tracker()
    rolled(Pose3(), 1.0, to=frames)
    located(frames, Pose3.from_rpy(5.0), 1.0)
    with pytest.raises(ObservationError, match=r'odometry: .* is not finite'):
        rolled(Pose3((bad, 0.0, 0.0)), 1.1, to=frames)
    with pytest.raises(ObservationError, match=r'pose: .* is not finite'):
        located(frames, Pose3((0.0, 0.0, bad)), 1.1)
    assert rolled(Pose3(), 1.2, to=frames)[1].pose.position_m[0] == 5.0


def test_frames_that_are_not_the_robots_are_named_with_those_that_are():
    with pytest.raises(ObservationError, match=r"odometry: is of the frame 'trailer', expected one of base_foot"):
        rolled(Pose3(), 1.0, 'trailer')
    with pytest.raises(ObservationError, match=r"pose: is in frame 'earth', expected 'map'"):
        located(tracker(), Pose3(), 1.0, 'earth')

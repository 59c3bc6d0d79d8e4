"""Stamps, poses, velocities and paths survive the wire, and what is no pose is refused."""

import math
from itertools import pairwise

import numpy as np
import pytest
from builtin_interfaces.msg import Time
from geometry_msgs.msg import Pose, PoseStamped, Quaternion
from geometry_msgs.msg import Twist as TwistMessage
from hypothesis import given
from hypothesis import strategies as st
from nav_msgs.msg import Path
from wire import NOT_FINITE, NUMBERS, STAMPS, over_the_wire

from lepatrol.model.errors import CommandError, ObservationError
from lepatrol.model.geometry import Pose3, Twist, wrap_angle
from lepatrol.model.site import Waypoint
from lepatrol.ros import conversions

ANGLES = st.floats(-3.1, 3.1)
PLACES = st.tuples(NUMBERS, NUMBERS, st.none() | ANGLES)


def path_in(frame, *frames_of_poses):
    path = Path()
    path.header.frame_id = frame
    for pose_frame in frames_of_poses:
        pose = PoseStamped()
        pose.header.frame_id = pose_frame
        path.poses.append(pose)
    return path


@given(seconds=st.integers(0, 4_000_000), nanoseconds=st.integers(0, 10**9 - 1))
def test_a_stamp_comes_back_to_the_nanosecond(seconds, nanoseconds):
    stamp = Time(sec=seconds, nanosec=nanoseconds)
    assert conversions.time_to_ros(conversions.time_from_ros(over_the_wire(stamp))) == stamp


@given(stamp_s=st.floats(0.0, 2e9))
def test_a_stamp_of_any_age_keeps_its_nanoseconds_below_a_second(stamp_s):
    stamp = over_the_wire(conversions.time_to_ros(stamp_s))
    assert stamp.nanosec < 10**9
    assert conversions.time_from_ros(stamp) == pytest.approx(stamp_s, abs=5e-7)


@given(pose=st.builds(Pose3.from_rpy, NUMBERS, NUMBERS, NUMBERS, ANGLES, ANGLES, ANGLES))
def test_a_pose_in_space_survives_the_wire(pose):
    back = conversions.pose3_from_ros(over_the_wire(conversions.pose3_to_ros(pose)))
    assert back.position_m == pose.position_m
    assert back.orientation_wxyz == pytest.approx(pose.orientation_wxyz, abs=1e-12)


@given(scale=st.floats(1e-3, 1e3), yaw=ANGLES)
def test_a_quaternion_of_any_length_becomes_a_unit_one(scale, yaw):
    message = Pose(orientation=Quaternion(w=scale * math.cos(yaw / 2.0), z=scale * math.sin(yaw / 2.0)))
    pose = conversions.pose3_from_ros(over_the_wire(message))
    assert math.hypot(*pose.orientation_wxyz) == pytest.approx(1.0)
    assert pose.planar().yaw_rad == pytest.approx(yaw, abs=1e-9)


@pytest.mark.parametrize('number', NOT_FINITE)
@pytest.mark.parametrize('part', ['position.x', 'position.y', 'position.z', 'orientation.w', 'orientation.z'])
def test_a_pose_with_a_number_that_is_not_finite_is_refused(part, number):
    message = Pose()
    group, axis = part.split('.')
    setattr(getattr(message, group), axis, number)
    with pytest.raises(ObservationError, match=f'{number}.* not finite .*expected'):
        conversions.pose3_from_ros(over_the_wire(message))


def test_a_pose_without_orientation_is_refused():
    with pytest.raises(ObservationError, match='no orientation, expected'):
        conversions.pose3_from_ros(over_the_wire(Pose(orientation=Quaternion(w=0.0))))


def test_an_orientation_too_large_to_be_made_a_unit_one_is_refused():
    with pytest.raises(ObservationError, match='no orientation, expected'):
        conversions.pose3_from_ros(over_the_wire(Pose(orientation=Quaternion(w=1e300))))


@given(twist=st.builds(Twist, NUMBERS, NUMBERS, NUMBERS, NUMBERS))
def test_a_velocity_survives_the_wire(twist):
    assert conversions.twist_from_ros(over_the_wire(conversions.twist_to_ros(twist))) == twist


@pytest.mark.parametrize('number', NOT_FINITE)
@pytest.mark.parametrize('part', ['linear.x', 'linear.y', 'linear.z', 'angular.z'])
def test_a_velocity_that_is_not_finite_is_refused(part, number):
    message = TwistMessage()
    group, axis = part.split('.')
    setattr(getattr(message, group), axis, number)
    with pytest.raises(CommandError, match=f'{number}.*not finite, expected numbers'):
        conversions.twist_from_ros(over_the_wire(message))


@given(places=st.lists(PLACES, max_size=5), stamp_s=STAMPS)
def test_waypoints_survive_the_wire_as_a_path_and_get_numbers_for_names(places, stamp_s):
    waypoints = [Waypoint(f'anything {place}', *place) for place in places]
    path = over_the_wire(conversions.waypoints_to_ros(waypoints, stamp_s))
    back = conversions.waypoints_from_ros(path)
    assert conversions.time_from_ros(path.header.stamp) == pytest.approx(stamp_s, abs=1e-9)
    assert [waypoint.name for waypoint in back] == [f'pose-{number + 1}' for number in range(len(places))]
    assert [(waypoint.x_m, waypoint.y_m) for waypoint in back] == [place[:2] for place in places]
    for waypoint, (_, _, yaw) in zip(back, places, strict=True):
        assert waypoint.yaw_rad == (None if yaw is None else pytest.approx(yaw, abs=1e-9))


def test_a_pose_without_a_frame_of_its_own_is_in_its_paths():
    assert len(conversions.waypoints_from_ros(over_the_wire(path_in('map', '', 'map')))) == 2


@pytest.mark.parametrize(('path', 'words'), [
    (path_in('odom'), r"it is in frame 'odom', expected 'map'"),
    (path_in('', ''), r"it is in frame '', expected 'map'"),
    (path_in('map', 'map', 'base_link'), r"pose 2 is in frame 'base_link', expected 'map'"),
])
def test_a_mission_in_another_frame_is_refused_naming_the_pose_and_both_frames(path, words):
    with pytest.raises(CommandError, match=words):
        conversions.waypoints_from_ros(over_the_wire(path))


@pytest.mark.parametrize('number', NOT_FINITE)
def test_a_mission_with_a_number_that_is_not_finite_is_refused_naming_the_pose(number):
    path = path_in('map', '', '')
    path.poses[1].pose.position.y = number
    with pytest.raises(CommandError, match=f'pose 2 has numbers that are not finite: x 0.0, y {number}'):
        conversions.waypoints_from_ros(over_the_wire(path))


def test_a_goal_pose_of_rviz_is_taken_with_its_heading_or_any():
    message = PoseStamped()
    message.header.frame_id = 'map'
    message.pose.position.x, message.pose.position.y = 3.0, -4.0
    message.pose.orientation = Quaternion(w=math.cos(0.6), z=math.sin(0.6))
    pose = conversions.pose2_from_ros(over_the_wire(message))
    assert (pose.x_m, pose.y_m, pose.yaw_rad) == (3.0, -4.0, pytest.approx(1.2))
    message.pose.orientation = Quaternion(w=0.0)
    assert conversions.pose2_from_ros(over_the_wire(message)).yaw_rad == 0.0
    message.header.frame_id = 'odom'
    with pytest.raises(CommandError, match=r"'odom', expected 'map'"):
        conversions.pose2_from_ros(over_the_wire(message))


@given(points=st.lists(st.tuples(NUMBERS, NUMBERS), max_size=6))
def test_the_poses_of_a_path_face_along_it(points):
    path = over_the_wire(conversions.path_to_ros(np.array(points, dtype=np.float64).reshape(-1, 2), 1.5))
    assert path.header.frame_id == 'map'
    assert [(pose.pose.position.x, pose.pose.position.y) for pose in path.poses] == points
    poses = [conversions.pose2_from_ros(pose) for pose in path.poses]
    for here, onward in pairwise(poses):
        if here.distance_m(onward) > 0.0:
            assert wrap_angle(here.yaw_rad - here.bearing_to_rad(onward)) == pytest.approx(0.0, abs=1e-9)
    if len(poses) > 1:
        assert poses[-1].yaw_rad == poses[-2].yaw_rad

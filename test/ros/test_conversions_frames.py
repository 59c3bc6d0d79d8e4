"""Transforms there and back, over the wire."""

import math

import pytest
from geometry_msgs.msg import TransformStamped
from hypothesis import given
from hypothesis import strategies as st
from wire import NOT_FINITE, NUMBERS, STAMPS, over_the_wire

from lepatrol.model.errors import ObservationError
from lepatrol.model.frames import FrameTransform
from lepatrol.model.geometry import Pose3
from lepatrol.ros import conversions

POSES = st.builds(Pose3.from_rpy, NUMBERS, NUMBERS, NUMBERS, *[st.floats(-1.5, 1.5)] * 3)


@given(POSES, STAMPS)
def test_a_transform_comes_back_as_it_was(pose, stamp_s):
    sent = FrameTransform('odom', 'base_footprint', pose, stamp_s)
    back = conversions.transform_from_ros(over_the_wire(conversions.transform_to_ros(sent)))
    assert (back.parent, back.child) == ('odom', 'base_footprint')
    assert back.stamp_s == pytest.approx(stamp_s, abs=1e-9)
    assert back.pose.position_m == pose.position_m
    assert back.pose.orientation_wxyz == pytest.approx(pose.orientation_wxyz)


def good():
    return conversions.transform_to_ros(FrameTransform('a', 'b', Pose3()))


@pytest.mark.parametrize(('parent', 'child'), [('', 'b'), ('a', ''), ('a', 'a')])
def test_a_transform_wants_two_frames(parent, child):
    message = good()
    message.header.frame_id, message.child_frame_id = parent, child
    with pytest.raises(ObservationError, match='expected the names of two frames'):
        conversions.transform_from_ros(message)


@pytest.mark.parametrize('bad', NOT_FINITE)
def test_a_transform_that_is_not_finite_or_turns_by_nothing_at_all_is_refused(bad):
    message = good()
    message.transform.translation.y = bad
    with pytest.raises(ObservationError, match='transform to b'):
        conversions.transform_from_ros(over_the_wire(message))
    message = good()
    message.transform.rotation.w = 0.0
    with pytest.raises(ObservationError, match='no orientation'):
        conversions.transform_from_ros(message)


def test_a_transform_of_a_stranger_is_read_with_a_unit_quaternion():
    message = TransformStamped(child_frame_id='b')
    message.header.frame_id = 'a'
    message.transform.rotation.w, message.transform.rotation.z = 2.0, 2.0
    pose = conversions.transform_from_ros(message).pose
    assert pose.planar().yaw_rad == pytest.approx(math.pi / 2)

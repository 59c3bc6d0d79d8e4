"""Transforms between frames."""

from __future__ import annotations

from geometry_msgs.msg import Quaternion, TransformStamped
from geometry_msgs.msg import Vector3 as Vector3Message

from lepatrol.model.errors import ObservationError
from lepatrol.model.frames import FrameTransform
from lepatrol.ros.conversions.poses import unit_pose
from lepatrol.ros.conversions.times import header, time_from_ros


def transform_from_ros(message: TransformStamped) -> FrameTransform:
    """Return a transform.

    :raises ObservationError: if a frame has no name or lies in itself, a number is not finite, or the rotation is zero.
    """
    parent, child = message.header.frame_id, message.child_frame_id
    if not parent or not child or parent == child:
        raise ObservationError(f'transform from {parent!r} to {child!r}: expected the names of two frames')
    place, turn = message.transform.translation, message.transform.rotation
    pose = unit_pose((place.x, place.y, place.z), (turn.w, turn.x, turn.y, turn.z), f'transform to {child}')
    return FrameTransform(parent, child, pose, time_from_ros(message.header.stamp))


def transform_to_ros(transform: FrameTransform) -> TransformStamped:
    """Return a transform as a message."""
    x, y, z = transform.pose.position_m
    w, qx, qy, qz = transform.pose.orientation_wxyz
    message = TransformStamped(header=header(transform.stamp_s, transform.parent), child_frame_id=transform.child)
    message.transform.translation = Vector3Message(x=x, y=y, z=z)
    message.transform.rotation = Quaternion(w=w, x=qx, y=qy, z=qz)
    return message

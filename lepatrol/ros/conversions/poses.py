"""Poses, velocities and paths."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

from geometry_msgs.msg import Point, PointStamped, Pose, PoseStamped, Quaternion
from geometry_msgs.msg import Twist as TwistMessage
from geometry_msgs.msg import Vector3 as Vector3Message
from nav_msgs.msg import Path

from lepatrol.model.errors import CommandError, ObservationError
from lepatrol.model.geometry import Floats, Pose2, Pose3, Twist
from lepatrol.model.site import Point2, Waypoint
from lepatrol.ros.conversions.times import header

MAP = 'map'
"""The frame that everything about the site is in (REP-105)."""


def pose3_from_ros(pose: Pose) -> Pose3:
    """Return a pose in space, its quaternion made a unit one.

    :raises ObservationError: if a number is not finite or the quaternion is zero.
    """
    place, turn = pose.position, pose.orientation
    return unit_pose((place.x, place.y, place.z), (turn.w, turn.x, turn.y, turn.z), 'pose')


def unit_pose(
    place: tuple[float, float, float], turn: tuple[float, float, float, float], what: str,
) -> Pose3:
    """Return a pose whose quaternion (w, x, y, z) is made a unit one.

    :raises ObservationError: naming ``what`` if a number is not finite or the quaternion is zero.
    """
    w, x, y, z = turn
    norm = math.sqrt(w * w + x * x + y * y + z * z)
    if not all(map(math.isfinite, (*place, *turn, norm))) or norm < 1e-6:
        raise ObservationError(
            f'{what} {(*place, *turn)} has numbers that are not finite or no orientation, expected both')
    return Pose3(place, (w / norm, x / norm, y / norm, z / norm))


def pose3_to_ros(pose: Pose3) -> Pose:
    """Return a pose in space as a message."""
    x, y, z = pose.position_m
    w, qx, qy, qz = pose.orientation_wxyz
    return Pose(position=Point(x=x, y=y, z=z), orientation=Quaternion(w=w, x=qx, y=qy, z=qz))


def twist_from_ros(twist: TwistMessage) -> Twist:
    """Return a velocity.

    :raises CommandError: if a number is not finite.
    """
    velocity = Twist(twist.linear.x, twist.angular.z, twist.linear.y, twist.linear.z)
    if not velocity.is_finite():
        raise CommandError(f'velocity {velocity} is not finite, expected numbers')
    return velocity


def twist_to_ros(twist: Twist) -> TwistMessage:
    """Return a velocity as a message."""
    return TwistMessage(
        linear=Vector3Message(x=twist.linear_x_m_s, y=twist.linear_y_m_s, z=twist.linear_z_m_s),
        angular=Vector3Message(z=twist.angular_z_rad_s))


def place_from_ros(pose: Pose, what: str) -> tuple[float, float, float | None]:
    """Return x, y and the heading that a pose on the ground asks for; None with a zero quaternion, for any heading.

    :raises CommandError: naming ``what`` if a number is not finite.
    """
    place, turn = pose.position, pose.orientation
    if not all(map(math.isfinite, (place.x, place.y, turn.w, turn.x, turn.y, turn.z))):
        raise CommandError(f'{what} has numbers that are not finite: x {place.x}, y {place.y}')
    if turn.w == turn.x == turn.y == turn.z == 0.0:
        return place.x, place.y, None
    yaw = math.atan2(
        2.0 * (turn.w * turn.z + turn.x * turn.y),
        turn.w * turn.w + turn.x * turn.x - turn.y * turn.y - turn.z * turn.z)
    return place.x, place.y, yaw


def height_from_ros(pose: Pose) -> float:
    """Return the height above the ground that a pose asks of a flying robot; 0 where it says none that can be."""
    return max(pose.position.z, 0.0) if math.isfinite(pose.position.z) else 0.0


def place_to_ros(x_m: float, y_m: float, yaw_rad: float | None, z_m: float = 0.0) -> Pose:
    """Return a pose on or above the ground; a zero quaternion where any heading will do."""
    turn = Quaternion(w=0.0) if yaw_rad is None else Quaternion(w=math.cos(yaw_rad / 2.0), z=math.sin(yaw_rad / 2.0))
    return Pose(position=Point(x=float(x_m), y=float(y_m), z=float(z_m)), orientation=turn)


def pose2_from_ros(message: PoseStamped) -> Pose2:
    """Return a pose of ``map``, heading 0 where any will do.

    :raises CommandError: if it is in another frame or not finite.
    """
    check_map_frame(message.header.frame_id)
    x, y, yaw = place_from_ros(message.pose, 'the pose')
    return Pose2(x, y, yaw or 0.0)


def point2_from_ros(message: PointStamped) -> Point2:
    """Return a point of ``map``, seen from above.

    :raises CommandError: if it is in another frame or not finite.
    """
    check_map_frame(message.header.frame_id, 'the point')
    x, y = message.point.x, message.point.y
    if not (math.isfinite(x) and math.isfinite(y)):
        raise CommandError(f'the point has numbers that are not finite: x {x}, y {y}')
    return x, y


def waypoints_from_ros(message: Path) -> tuple[Waypoint, ...]:
    """Return the poses of a mission as waypoints ``pose-1``, ``pose-2``, ...

    A pose without a frame of its own is in the path's; a zero quaternion lets any heading do.

    :raises CommandError: if a pose is in another frame than ``map`` or not finite, naming which.
    """
    check_map_frame(message.header.frame_id)
    waypoints: list[Waypoint] = []
    for number, stamped in enumerate(message.poses, start=1):
        if stamped.header.frame_id:
            check_map_frame(stamped.header.frame_id, f'pose {number}')
        x, y, yaw = place_from_ros(stamped.pose, f'pose {number}')
        waypoints.append(Waypoint(f'pose-{number}', x, y, yaw, z_m=height_from_ros(stamped.pose)))
    return tuple(waypoints)


def waypoints_to_ros(waypoints: Iterable[Waypoint], stamp_s: float) -> Path:
    """Return waypoints as a path in ``map``."""
    return _path([(waypoint.x_m, waypoint.y_m, waypoint.yaw_rad, waypoint.z_m) for waypoint in waypoints], stamp_s)


def path_to_ros(points_m: Floats, stamp_s: float) -> Path:
    """Return points (m, 2), or (m, 3) with heights, of ``map`` as a path whose poses face along it."""
    points: list[list[float]] = [[*point, 0.0][:3] for point in points_m.tolist()]
    places: list[tuple[float, float, float | None, float]] = []
    for here, onward in pairwise(points):
        places.append((here[0], here[1], math.atan2(onward[1] - here[1], onward[0] - here[0]), here[2]))
    if points:
        places.append((points[-1][0], points[-1][1], places[-1][2] if places else 0.0, points[-1][2]))
    return _path(places, stamp_s)


def check_map_frame(frame_id: str, what: str = 'it') -> None:
    """Refuse what is not in ``map``.

    :raises CommandError: naming the frame.
    """
    if frame_id != MAP:
        raise CommandError(f'{what} is in frame {frame_id!r}, expected {MAP!r}')


def _path(places: Sequence[tuple[float, float, float | None, float]], stamp_s: float) -> Path:
    shared: Any = header(stamp_s, MAP)
    return Path(header=shared, poses=[PoseStamped(header=shared, pose=place_to_ros(*place)) for place in places])

"""The Gazebo plugins that the embedded simulator does the work of: drives and trajectories."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection

from lepatrol.model.geometry import Pose3, wrap_angle
from lepatrol.simulation.description import DiffDrive, Joint, TimedPath, TimedPose, VelocityControl
from lepatrol.simulation.xml_file import Element

# What the embedded simulator does by itself, by the short name of Gazebo's system.
_BUILT_IN = frozenset({
    'physics', 'sensors', 'scenebroadcaster', 'usercommands', 'imu', 'navsat', 'contact', 'jointstatepublisher',
    'odometrypublisher', 'posepublisher'})
_DEFAULT_SPEED_M_S = 1.0
_DEFAULT_TURN_RATE_RAD_S = 1.0


def plugin_kind(element: Element) -> str:
    """Return ``diffdrive``, ``velocitycontrol``, ``trajectoryfollower``, ``built in`` or ``other``."""
    filename = element.attribute('filename').removeprefix('lib').removesuffix('.so')
    short = element.attributes.get('name', '').rpartition('::')[2].lower()
    for prefix in ('gz-sim-', 'ignition-gazebo-', 'gz-sim8-', 'gz-sim7-'):
        if filename.startswith(prefix):
            short = filename.removeprefix(prefix).removesuffix('-system').replace('-', '')
    if short in ('diffdrive', 'velocitycontrol', 'trajectoryfollower'):
        return short
    return 'built in' if short in _BUILT_IN else 'other'


def read_diff_drive(element: Element, joints: Collection[Joint]) -> DiffDrive:
    """Read Gazebo's DiffDrive.

    :raises FileError: where a joint it names is missing, or cannot turn without end.
    """
    wheels = {}
    for key in ('left_joint', 'right_joint'):
        wheels[key] = tuple(_wheel(child, joints) for child in element.all(key))
        if not wheels[key]:
            raise element.error(f'<{key}> is missing: a diff drive needs wheels on both sides')
    for harmless in ('odom_topic', 'odom_publish_frequency', 'frame_id', 'child_frame_id', 'tf_topic'):
        element.all(harmless)
    limits = [_limit(element, *keys) for keys in (
        ('max_linear_velocity', 'max_velocity'), ('max_linear_acceleration', 'max_acceleration'),
        ('max_angular_velocity', 'max_velocity'), ('max_angular_acceleration', 'max_acceleration'))]
    for low, high in (('min_linear_velocity', limits[0]), ('min_linear_acceleration', limits[1]),
                      ('min_angular_velocity', limits[2]), ('min_angular_acceleration', limits[3])):
        for child in element.all(low):
            child.used = child.number() == -high  # the contract's limits are the same both ways
    return DiffDrive(
        wheels['left_joint'], wheels['right_joint'], element.required('wheel_separation').number(above=0.0),
        element.required('wheel_radius').number(above=0.0), element.text_of('topic', 'cmd_vel'),
        limits[0], limits[1], limits[2], limits[3])


def _wheel(element: Element, joints: Collection[Joint]) -> str:
    name = element.text.strip()
    joint = next((joint for joint in joints if joint.name == name), None)
    if joint is None:
        known = ', '.join(joint.name for joint in joints if joint.kind in ('continuous', 'revolute')) or 'none'
        raise element.error(f"the model has no wheel joint '{name}'; its turning joints: {known}")
    if joint.kind not in ('continuous', 'revolute'):
        raise element.error(f"the joint '{name}' is {joint.kind}; a wheel's joint is continuous")
    return name


def _limit(element: Element, *keys: str) -> float:
    return next((child.number(above=0.0) for key in keys if (child := element.child(key)) is not None), math.inf)


def read_velocity_control(element: Element) -> VelocityControl:
    """Read Gazebo's VelocityControl."""
    return VelocityControl(element.text_of('topic', 'cmd_vel'))


def read_trajectory(element: Element, start: Pose3) -> TimedPath:
    """Read Gazebo's TrajectoryFollower with ``<waypoints>`` (x y in the world) as a path at constant speed.

    Gazebo pushes the model with forces, so the file says nothing of its speed: ``<speed>`` (m/s) and ``<turn_rate>``
    (rad/s) are lepatrol's own words, which Gazebo leaves unread.

    :raises FileError: where there are no waypoints.
    """
    for harmless in ('link_name', 'force', 'torque', 'range_tolerance', 'bearing_tolerance'):
        element.all(harmless)
    group = element.child('waypoints')
    waypoints = [] if group is None else [child.numbers(2, 3) for child in group.all('waypoint')]
    points = [(numbers[0], numbers[1]) for numbers in waypoints]
    if len(points) < 2:
        raise element.error('<waypoints> with at least two <waypoint>x y</waypoint> are missing')
    speed = element.number_of('speed', _DEFAULT_SPEED_M_S, above=0.0)
    turn_rate = element.number_of('turn_rate', _DEFAULT_TURN_RATE_RAD_S, above=0.0)
    loop = element.flag_of('loop', False)
    return TimedPath(tuple(_drive(points, start.position_m[2], speed, turn_rate, loop)), loop)


def _drive(
    points: list[tuple[float, float]], height_m: float, speed_m_s: float, turn_rate_rad_s: float, loop: bool,
) -> list[TimedPose]:
    """Drive straight from point to point and turn on the spot in between; a loop ends as it began."""
    points = [*points, points[0]] if loop and points[0] != points[-1] else points
    legs = [(a, b) for a, b in itertools.pairwise(points) if a != b]
    headings = [math.atan2(b[1] - a[1], b[0] - a[0]) for a, b in legs]
    targets = [*headings[1:], headings[0]] if loop and headings else headings[1:]
    poses: list[TimedPose] = []
    time_s = 0.0
    for index, (a, b) in enumerate(legs):
        poses.append(TimedPose(time_s, Pose3.from_rpy(a[0], a[1], height_m, yaw_rad=headings[index])))
        time_s += math.dist(a, b) / speed_m_s
        poses.append(TimedPose(time_s, Pose3.from_rpy(b[0], b[1], height_m, yaw_rad=headings[index])))
        if index < len(targets):
            time_s += abs(wrap_angle(targets[index] - headings[index])) / turn_rate_rad_s
    if loop and legs:
        poses.append(TimedPose(time_s, Pose3.from_rpy(*points[0], height_m, yaw_rad=headings[0])))
    return poses or [TimedPose(0.0, Pose3.from_rpy(*points[0], height_m))]

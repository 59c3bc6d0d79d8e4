"""The Gazebo plugins that the embedded simulator does the work of: drives, servos and trajectories."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection

from lepatrol.model.geometry import Pose3, wrap_angle
from lepatrol.simulation.description import (
    DiffDrive,
    Joint,
    JointServo,
    LinearBattery,
    MulticopterControl,
    TimedPath,
    TimedPose,
    Vector3,
    VelocityControl,
)
from lepatrol.simulation.xml_file import Element

# What the embedded simulator does by itself, by the short name of Gazebo's system.
_BUILT_IN = frozenset({
    'physics', 'sensors', 'scenebroadcaster', 'usercommands', 'imu', 'navsat', 'contact', 'jointstatepublisher',
    'odometrypublisher', 'posepublisher'})
_READ = frozenset({
    'diffdrive', 'velocitycontrol', 'multicoptervelocitycontrol', 'multicoptermotormodel', 'linearbatteryplugin',
    'trajectoryfollower', 'jointpositioncontroller'})
_SHORT_NAMES = {'multicoptercontrol': 'multicoptervelocitycontrol'}
"""Where the file of a system is called otherwise than its class."""
_DEFAULT_SPEED_M_S = 1.0
_DEFAULT_TURN_RATE_RAD_S = 1.0


def plugin_kind(element: Element) -> str:
    """Return the short name of a system that is read here (``diffdrive`` and others), ``built in`` or ``other``."""
    filename = element.attribute('filename').removeprefix('lib').removesuffix('.so')
    short = element.attributes.get('name', '').rpartition('::')[2].lower()
    for prefix in ('gz-sim-', 'ignition-gazebo-', 'gz-sim8-', 'gz-sim7-'):
        if filename.startswith(prefix):
            short = filename.removeprefix(prefix).removesuffix('-system').replace('-', '')
    short = _SHORT_NAMES.get(short, short)
    if short in _READ:
        return short
    return 'built in' if short in _BUILT_IN else 'other'


def read_diff_drive(element: Element, joints: Collection[Joint]) -> DiffDrive:
    """Read Gazebo's DiffDrive.

    :raises FileError: where a joint it names is missing, or cannot turn without end.
    """
    wheels = {}
    for key in ('left_joint', 'right_joint'):
        wheels[key] = tuple(_turning_joint(child, joints, 'wheel') for child in element.all(key))
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


def _turning_joint(element: Element, joints: Collection[Joint], part: str) -> str:
    name = element.text.strip()
    joint = next((joint for joint in joints if joint.name == name), None)
    if joint is None:
        known = ', '.join(joint.name for joint in joints if joint.kind in ('continuous', 'revolute')) or 'none'
        raise element.error(f"the model has no {part} joint '{name}'; its turning joints: {known}")
    if joint.kind not in ('continuous', 'revolute'):
        raise element.error(f"the joint '{name}' is {joint.kind}; a {part}'s joint is continuous or revolute")
    return name


def _limit(element: Element, *keys: str) -> float:
    return next((child.number(above=0.0) for key in keys if (child := element.child(key)) is not None), math.inf)


def read_velocity_control(element: Element) -> VelocityControl:
    """Read Gazebo's VelocityControl."""
    return VelocityControl(element.text_of('topic', 'cmd_vel'))


def read_multicopter(element: Element, joints: Collection[Joint], links: Collection[str]) -> MulticopterControl:
    """Read Gazebo's MulticopterVelocityControl.

    The tilt that its attitude gains control is not simulated: the body stays level.

    :raises FileError: where something that Gazebo cannot do without is missing, or names what is not there.
    """
    base = element.required('comLinkName')
    if base.text.strip() not in links:
        raise base.error(f"the model has no link '{base.text.strip()}'; its links: {', '.join(links)}")
    if not element.required('robotNamespace').text.strip():
        raise element.error('<robotNamespace> is empty; Gazebo wants a name before the topics')
    rotors = tuple(_rotor(child, joints) for child in element.required('rotorConfiguration').all('rotor'))
    if len(rotors) < 4:
        raise element.error(f'<rotorConfiguration> has {len(rotors)} <rotor>; 4 or more can be steered')
    for harmless in ('enableSubTopic', 'attitudeGain'):
        element.all(harmless)
    return MulticopterControl(
        rotors, _positive3(element.required('velocityGain')), _positive3(element.required('angularRateGain'))[2],
        element.text_of('commandSubTopic', 'cmd_vel'), _limits(element, 'maximumLinearVelocity'),
        _limits(element, 'maximumLinearAcceleration'), _limits(element, 'maximumAngularVelocity')[2])


def _rotor(element: Element, joints: Collection[Joint]) -> str:
    for key in ('forceConstant', 'momentConstant'):
        element.required(key).number(above=0.0)
    direction = element.required('direction')
    if direction.number() not in (-1.0, 1.0):
        raise direction.error(f'{direction.text.strip()} is no direction; 1 (counter-clockwise) or -1 is right')
    return _turning_joint(element.required('jointName'), joints, 'rotor')


def check_motor(element: Element, joints: Collection[Joint], links: Collection[str]) -> None:
    """Check Gazebo's MulticopterMotorModel; the multicopter's drive does its work here.

    :raises FileError: where it turns what is not there.
    """
    _turning_joint(element.required('jointName'), joints, 'rotor')
    link = element.required('linkName')
    if link.text.strip() not in links:
        raise link.error(f"the model has no link '{link.text.strip()}'; its links: {', '.join(links)}")
    turns = element.required('turningDirection')
    if turns.text.strip() not in ('cw', 'ccw'):
        raise turns.error(f"'{turns.text.strip()}' is no direction; cw or ccw is right")
    element.use_all()


def read_joint_servo(element: Element, joints: Collection[Joint]) -> JointServo:
    """Read Gazebo's JointPositionController.

    The joint moves at its own greatest velocity, or at ``<cmd_max>`` where that is one (``<use_velocity_commands>``)
    and is less: what gains would make of the force is not simulated.

    :raises FileError: where the joint is missing, or cannot turn.
    """
    named = element.required('joint_name')
    name = _turning_joint(named, joints, 'servo')
    speed = next(joint.velocity for joint in joints if joint.name == name)
    greatest = element.child('cmd_max')
    if element.flag_of('use_velocity_commands', False) and greatest is not None:
        speed = min(speed, greatest.number(above=0.0))
    for harmless in ('p_gain', 'i_gain', 'd_gain', 'i_max', 'i_min', 'cmd_min', 'cmd_offset'):
        element.all(harmless)
    for index in element.all('joint_index'):
        index.used = index.number() == 0.0
    for start in element.all('initial_position'):
        start.used = start.number() == 0.0  # robots begin with every joint at zero
    default = element.text_of('sub_topic', f'joint/{name}/0/cmd_pos')
    return JointServo(name, element.text_of('topic', default), speed)


def _limits(element: Element, key: str) -> Vector3:
    child = element.child(key)
    return (math.inf, math.inf, math.inf) if child is None else _positive3(child)


def _positive3(element: Element) -> Vector3:
    x, y, z = element.numbers(3)
    if min(x, y, z) <= 0.0:
        raise element.error(f"'{element.text.strip()}': each number must be more than 0")
    return x, y, z


def read_battery(element: Element) -> LinearBattery:
    """Read Gazebo's LinearBatteryPlugin, as it is with ``<fix_issue_225>``.

    :raises FileError: where something is missing, or more charge is in it than it holds.
    """
    name = element.required('battery_name').text.strip()
    voltage = element.required('voltage').number(above=0.0)
    capacity = element.required('capacity').number(above=0.0)
    charge = element.child('initial_charge')
    initial = capacity if charge is None else charge.number(low=0.0)
    if charge is not None and initial > capacity:
        raise charge.error(f'{initial:g} Ah is more than the capacity of {capacity:g} Ah')
    for harmless in ('fix_issue_225', 'recharge_by_topic'):
        element.all(harmless)
    is_chargeable = element.flag_of('enable_recharge', False)
    charging_time = element.required('charging_time').number(above=0.0) if is_chargeable else None
    return LinearBattery(
        name, capacity, initial, element.number_of('open_circuit_voltage_constant_coef', voltage, above=0.0),
        element.number_of('open_circuit_voltage_linear_coef', 0.0), element.number_of('resistance', 0.0, low=0.0),
        element.required('power_load').number(low=0.0), element.number_of('smooth_current_tau', 1.0, above=0.0),
        element.flag_of('start_draining', False), charging_time)


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

"""The Gazebo side of a patrol: the server's arguments, and the programs of other packages that stand beside it.

What is named here (packages, executables, arguments, topics and types of the bridge) is checked by ``test/launch``
against a table of what Gazebo Harmonic and ros_gz offer.
"""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

from lepatrol import assembly, resources
from lepatrol.bringup import NodeSpec, plain_namespace
from lepatrol.model.errors import FileError
from lepatrol.ros.names import LIGHT_MESSAGE, WORLD_SERVICES, is_name, light_topic, world_service
from lepatrol.ros.optional import GAZEBO_MESSAGES
from lepatrol.simulation.urdf import urdf_text

_DEFAULT_STEP_S = 0.001
"""Gazebo's own, of a world that names none."""
_AS_FAST_AS_IT_CAN_HZ = 1e6
_DROP_M = 0.02
"""A robot is put down from this height, so that no wheel begins in the ground."""
_OWN_FRAMES = (('/tf', 'tf'), ('/tf_static', 'tf_static'))
"""Robots have frames of the same names: each tells its own in its namespace, as Nav2 has it."""


@dataclass(frozen=True)
class ProgramSpec(NodeSpec):
    """A program of another package: a node too, and called like its executable."""

    package: str = ''
    arguments: tuple[str, ...] = ()
    """Words of the command line before ROS's own."""
    remappings: tuple[tuple[str, str], ...] = ()
    may_end: bool = False
    """Whether the others go on when it ends: its work is done soon, or only a window was closed."""


@dataclass(frozen=True)
class _WorldFile:
    """What has to be known of a world before Gazebo loads it."""

    path: Path
    name: str
    step_s: float


def server_arguments(world: str, *, speed: float = 1.0, headless: bool = True) -> str:
    """Return the argument ``gz_args`` of ros_gz_sim's ``gz_sim.launch.py``, which a shell will read.

    The world runs from the start. Gazebo paces itself by its update rate (``-z``, steps per second of wall time), so
    that ``speed`` needs no other world file; 0 is as fast as it can. Without a window, cameras are drawn off screen.

    :raises FileError: if there is no such world, or its file holds none.
    """
    file = _read_world_file(world)
    words = ['-r', *(['-s', '--headless-rendering'] if headless else [])]
    if speed != 1.0:
        rate_hz = speed / file.step_s if speed else _AS_FAST_AS_IT_CAN_HZ
        words += ['-z', f'{rate_hz:.6g}']
    return shlex.join([*words, str(file.path)])


def model_folder(world: str) -> Path:
    """Return the folder in which ``model://NAME`` of a world is looked for: Gazebo reads it in GZ_SIM_RESOURCE_PATH.

    :raises FileError: if there is no such world.
    """
    return resources.world_path(world).resolve().parent / 'models'


def gazebo_programs(*, world: str, site: str, robot: str, namespace: str = '') -> list[ProgramSpec]:
    """Return what stands beside Gazebo's server: the bridge, the robot's description, and what puts the robot there.

    :raises LepatrolError: for a world, site, robot or namespace that is not there or not right.
    """
    namespace = plain_namespace(namespace)
    start = assembly.load_site(site).start_pose
    name = _read_world_file(world).name
    place = {'-x': start.x_m, '-y': start.y_m, '-z': _DROP_M, '-Y': start.yaw_rad}
    return [
        robot_state_publisher(robot, namespace, use_sim_time=True),
        ProgramSpec('parameter_bridge', namespace, {'config_file': str(bridge_path(robot))}, package='ros_gz_bridge',
                    arguments=(*service_bridges(name), *light_bridge(name))),
        ProgramSpec('create', namespace, package='ros_gz_sim', may_end=True, arguments=(
            '-world', name, '-topic', 'robot_description', '-name', namespace or 'robot',
            *(word for flag, number in place.items() for word in (flag, f'{number:.6g}')))),
    ]


def service_bridges(world: str) -> tuple[str, ...]:
    """Return the words that have the bridge carry the services by which a world (by its own name) is changed.

    The node scenario_director calls them; the bridge's file has no place for services. There are none where the name
    would make no name of a ROS service: the bridge would not start.
    """
    if not is_name(world):
        return ()
    return tuple(
        f'{world_service(world, name)}@{GAZEBO_MESSAGES}/srv/{kind}' for name, kind in WORLD_SERVICES.items())


def light_bridge(world: str) -> tuple[str, ...]:
    """Return the word that has the bridge carry how lights of a world (by its own name) are to shine, to Gazebo.

    The node gazebo_lamp tells it. There is none where the name would make no name of a ROS topic.
    """
    ros_type, gazebo_type = LIGHT_MESSAGE
    return (f'{light_topic(world)}@{GAZEBO_MESSAGES}/msg/{ros_type}]{gazebo_type}',) if is_name(world) else ()


def bridge_path(robot: str) -> Path:
    """Return the bridge's file: ``config/bridges/ROBOT.yaml`` where a robot has one, else ``config/bridge.yaml``.

    :raises FileError: if there is no such robot.
    """
    folder = resources.share_folder() / 'config'
    own = folder / 'bridges' / f'{resources.robot_path(robot).name.partition(".")[0]}.yaml'
    return own if own.is_file() else folder / 'bridge.yaml'


def robot_state_publisher(robot: str, namespace: str = '', *, use_sim_time: bool) -> ProgramSpec:
    """Return what publishes ``robot_description`` and the frames of the robot's links.

    :raises FileError: if there is no such robot, or xacro cannot process it.
    """
    return ProgramSpec('robot_state_publisher', plain_namespace(namespace), {
        'use_sim_time': use_sim_time, 'robot_description': urdf_text(resources.robot_path(robot))},
        package='robot_state_publisher', remappings=_OWN_FRAMES)


def rviz(namespace: str = '', *, use_sim_time: bool) -> ProgramSpec:
    """Return RViz with ``config/patrol.rviz``, whose topics are relative to the robot's namespace."""
    layout = resources.share_folder() / 'config' / 'patrol.rviz'
    return ProgramSpec('rviz2', plain_namespace(namespace), {'use_sim_time': use_sim_time}, package='rviz2',
                       arguments=('-d', str(layout)), remappings=_OWN_FRAMES, may_end=True)


def _read_world_file(world: str) -> _WorldFile:
    path = resources.world_path(world).resolve()
    try:
        found = ElementTree.parse(path).getroot().find('world')
    except ElementTree.ParseError as error:
        raise FileError(path, f'is no XML: {error}') from None
    if found is None or not found.get('name'):
        raise FileError(path, 'holds no <world name="...">, as Gazebo needs it')
    text = found.findtext('physics/max_step_size', str(_DEFAULT_STEP_S))
    try:
        step_s = float(text)
    except ValueError:
        step_s = 0.0
    if not step_s > 0.0:
        raise FileError(path, f'max_step_size is {text!r}, expected seconds above 0')
    return _WorldFile(path, found.attrib['name'], step_s)

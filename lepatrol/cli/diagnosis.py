"""What ``lepatrol doctor`` looks at: each finding says what is there, and what command brings what is not."""

from __future__ import annotations

import importlib
import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from lepatrol.model.errors import LepatrolError
from lepatrol.resources import share_folder
from lepatrol.ros import optional

LIBRARIES = {
    'numpy': ('numpy', '1.26'),
    'scipy': ('scipy', '1.11'),
    'shapely': ('shapely', '2.1'),
    'cv2': ('opencv-python', '4.6'),
    'mujoco': ('mujoco', '3.5'),
    'panda3d': ('panda3d', '1.10.14'),
    'transforms3d': ('transforms3d', '0.4.1'),
    'py_trees': ('py_trees', '2.2'),
    'rosbags': ('rosbags', '0.10'),
    'xacro': ('xacro', '2.0'),
    'yaml': ('pyyaml', '6'),
    'rich': ('rich', '13'),
    'rapidfuzz': ('rapidfuzz', '3.6'),
    'snowballstemmer': ('snowballstemmer', '2.2'),
}
"""Module: what pip calls it, and the least version (as in setup.py)."""

MESSAGES = ('diagnostic_msgs', 'geometry_msgs', 'nav_msgs', 'rosgraph_msgs', 'sensor_msgs', 'std_msgs', 'std_srvs',
            'visualization_msgs')

_TIMEOUT_S = 60.0

_ROS_PROBE = """
import importlib, rclpy
rclpy.init()
rmw = rclpy.get_rmw_implementation_identifier()
rclpy.shutdown()
for package in {packages!r}:
    importlib.import_module(package + '.msg' if not package.endswith('_srvs') else package + '.srv')
print('FOUND', rmw, rclpy.__file__)
"""

_RENDER_PROBE = """
import numpy as np
from lepatrol.model.geometry import Pose3
from lepatrol.simulation.description import Box, CameraSensor, Link, Model, Visual, World
from lepatrol.simulation.render import make_renderer
from lepatrol.simulation.scene import Scene
box = Link('link', visuals=(Visual('box', Pose3(), Box((1.0, 1.0, 1.0))),))
scene = Scene(World('probe', (Model('box', Pose3(position_m=(3.0, 0.0, 0.0)), True, (box,)),)))
renderer = make_renderer('auto', scene)
frame = renderer.draw(CameraSensor('camera', Pose3(), 10.0, 'camera', 'camera', width=64, height=48), Pose3(),
                      np.zeros((0, 3)), np.zeros((0, 4)))
renderer.close()
print('FOUND', type(renderer).__name__, 'blank' if frame.std() == 0.0 else 'drawn')
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the diagnosis; ``needed`` tells whether lepatrol works without it."""

    subject: str
    good: bool
    detail: str
    remedy: str = ''
    needed: bool = True


def examine() -> Iterator[Finding]:
    """Yield the findings, each as soon as it is known."""
    yield _python()
    yield _files()
    for module, (package, least) in LIBRARIES.items():
        yield _library(module, package, least)
    yield _ros()
    yield _rendering()
    yield _validator()
    yield find_launch()
    yield find_package(optional.NAV2_MESSAGES, 'Nav2', 'no `navigator:=nav2`; the navigator of lepatrol drives')
    yield find_package(optional.TF_MESSAGES, 'tf2', 'nothing is told on tf')
    yield find_package(optional.GAZEBO_MESSAGES, 'Gazebo services', 'no `scenario:=NAME` with `sim:=gazebo`')
    yield _display()


def _python() -> Finding:
    version = '.'.join(map(str, sys.version_info[:3]))
    return Finding('Python', sys.version_info >= (3, 10), f'{version}, {sys.executable}',
                   'sudo apt install python3.12 (3.10 is the oldest that will do)')


def _files() -> Finding:
    try:
        return Finding("lepatrol's files", True, str(share_folder()))
    except LepatrolError as error:
        return Finding("lepatrol's files", False, str(error), f'{_pip()} --force-reinstall lepatrol')


def _library(module: str, package: str, least: str) -> Finding:
    remedy = f"{_pip()} '{package}>={least}'"
    try:
        loaded = importlib.import_module(module)
    except Exception as error:  # Binary packages raise all kinds of errors when a system library is missing.
        return Finding(package, False, str(error), remedy)
    try:
        version = importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        version = str(getattr(loaded, '__version__', ''))  # Debian's packages need not be known to pip.
    if version and _as_tuple(version) < _as_tuple(least):
        return Finding(package, False, f'{version} is too old; {least} or later is right', remedy)
    return Finding(package, True, version or 'there')


def _as_tuple(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r'\d+', version)[:3])


def _ros() -> Finding:
    outcome = _probe(_ROS_PROBE.format(packages=MESSAGES))
    if outcome.startswith('FOUND'):
        _, rmw, place = outcome.split(maxsplit=2)
        return Finding('ROS 2', True, f'{_distribution(place)}, {rmw}, {Path(place).parent}')
    installed = sorted(Path('/opt/ros').glob('*/setup.bash'))
    if installed and not os.environ.get('ROS_DISTRO'):
        return Finding('ROS 2', False, f'{outcome}; {installed[-1].parent} is installed but not sourced',
                       f'source {installed[-1]}')
    return Finding('ROS 2', False, outcome,
                   f'{_pip()} ros-jazzy-rclpy ros-jazzy-rmw-fastrtps-cpp ros-jazzy-common-interfaces')


def _distribution(place: str) -> str:
    """Name the ROS 2 distribution that an ``rclpy`` belongs to."""
    distro = os.environ.get('ROS_DISTRO', '')
    if distro and sys.prefix not in place:
        return distro
    for each in importlib.metadata.distributions():
        if match := re.fullmatch(r'ros[-_](\w+)[-_]rclpy', str(each.metadata['Name'])):
            return f'{match[1]} from pip'
    return distro or 'of unknown distribution'


def _rendering() -> Finding:
    outcome = _probe(_RENDER_PROBE)
    if outcome.startswith('FOUND') and outcome.endswith('drawn'):
        return Finding('off-screen pictures', True, f'{outcome.split()[1]} drew a frame')
    detail = 'the frame is blank' if outcome.startswith('FOUND') else outcome
    return Finding('off-screen pictures', False, detail, f"{_pip()} --force-reinstall 'panda3d>=1.10.14'")


def _validator() -> Finding:
    for command in ('gz', 'ign'):
        if shutil.which(command) and _runs([command, 'sdf', '--help']):
            return Finding('world validator', True, f'{command} sdf --check', needed=False)
    return Finding('world validator', False, 'tests that validate worlds are skipped',
                   'sudo apt install ignition-tools libsdformat-dev', needed=False)


def find_launch() -> Finding:
    """Look for ROS 2's launch packages."""
    # A folder without code, such as our own launch/, counts for Python as a package whose origin is nowhere.
    missing = [name for name in ('launch', 'launch_ros')
               if getattr(importlib.util.find_spec(name), 'origin', None) is None]
    if not missing:
        return Finding('launch files', True, 'launch, launch_ros', needed=False)
    distro = os.environ.get('ROS_DISTRO', 'jazzy')
    return Finding('launch files', False,
                   f'no {", ".join(missing)} (pip has none); `lepatrol up` starts the same nodes',
                   f'sudo apt install ros-{distro}-launch-ros (from the apt sources of ROS 2)', needed=False)


def find_package(package: str, subject: str, without: str) -> Finding:
    """Look for a message package that is of use, not of need; ``without`` says what is not to be had."""
    if optional.is_installed(package):
        return Finding(subject, True, package, needed=False)
    return Finding(subject, False, f'no {package} (pip has none): {without}',
                   f'{optional.remedy(package)} (from the apt sources of ROS 2)', needed=False)


def _display() -> Finding:
    for variable in ('WAYLAND_DISPLAY', 'DISPLAY'):
        if os.environ.get(variable):
            return Finding('display', True, f'{variable}={os.environ[variable]}', needed=False)
    return Finding('display', False, 'only `lepatrol sim --view` and RViz need one', 'sudo apt install xvfb && '
                   'xvfb-run lepatrol sim --view (or log in with ssh -X)', needed=False)


def _pip() -> str:
    return f'{sys.executable} -m pip install'


def _probe(code: str) -> str:
    """Run code in a Python of its own, for importing may crash it; return its last line ``FOUND ...`` or the error."""
    environment = {**os.environ, 'PYTHONPATH': os.pathsep.join(filter(None, [
        str(Path(__file__).resolve().parents[2]), os.environ.get('PYTHONPATH', '')]))}
    try:
        done = subprocess.run([sys.executable, '-c', code], env=environment, capture_output=True, text=True,
                              errors='replace', timeout=_TIMEOUT_S, check=False)
    except subprocess.TimeoutExpired:
        return f'no answer within {_TIMEOUT_S:g} s'
    found = [line for line in done.stdout.splitlines() if line.startswith('FOUND')]
    if done.returncode == 0 and found:
        return found[-1]
    lines = [line.strip() for line in done.stderr.splitlines() if line.strip()]
    return lines[-1] if lines else f'Python ended with code {done.returncode}'


def _runs(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, timeout=_TIMEOUT_S, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False

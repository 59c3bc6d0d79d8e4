"""What pip and colcon install is whole, and the lists of dependencies are true."""

import ast
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

import pytest
import setuptools

import lepatrol
from lepatrol.cli.diagnosis import LIBRARIES

ROOT = Path(__file__).resolve().parents[1]
MANIFEST = ElementTree.parse(ROOT / 'package.xml').getroot()
SETUP = ast.parse((ROOT / 'setup.py').read_text(encoding='utf-8'))

# What is imported, and what rosdep calls it; None: Ubuntu does not package it.
ROSDEP_KEYS = {
    'cv2': 'python3-opencv', 'direct': None, 'mujoco': None, 'numpy': 'python3-numpy', 'panda3d': None,
    'rapidfuzz': None, 'rich': 'python3-rich', 'rosbags': None, 'scipy': 'python3-scipy', 'shapely': 'python3-shapely',
    'snowballstemmer': None, 'transforms3d': 'python3-transforms3d', 'yaml': 'python3-yaml'}
PIP_NAMES = {'cv2': 'opencv-python', 'direct': 'panda3d', 'yaml': 'pyyaml'}
EXECUTABLES = (
    'simulator', 'navigator', 'nav2_navigator', 'patrol', 'perimeter', 'greeter', 'frames', 'world_map',
    'gazebo_pose', 'scenario_director', 'gazebo_lamp')


def setup_argument(name):
    """Return a literal argument of ``setup()``."""
    values = [keyword.value for node in ast.walk(SETUP) if isinstance(node, ast.Call)
              for keyword in node.keywords if keyword.arg == name]
    return ast.literal_eval(values[0])


def requirements():
    """Return what pip installs: name to least version."""
    return {match[1]: match[2] for text in setup_argument('install_requires')
            if (match := re.match(r'([\w-]+)>=([\d.]+)', text))}


def imported_from_elsewhere(*folders):
    """Return the top-level names imported that are neither Python's nor lepatrol's."""
    names = set()
    for folder in folders:
        for path in (ROOT / folder).rglob('*.py'):
            for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
                if isinstance(node, ast.Import):
                    names |= {alias.name.partition('.')[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom) and node.level == 0:
                    names.add(node.module.partition('.')[0])
    return names - sys.stdlib_module_names - {'lepatrol'}


@pytest.fixture(scope='module')
def source(tmp_path_factory):
    """Copy the sources, so that building leaves nothing in the checkout."""
    if find_spec('wheel') is None and int(setuptools.__version__.partition('.')[0]) < 71:
        pytest.skip('building a wheel needs setuptools 71 or the package wheel')
    folder = tmp_path_factory.mktemp('source')
    for path in ROOT.iterdir():
        if path.name in ('lepatrol', 'launch', 'config', 'worlds', 'urdf', 'resource'):
            shutil.copytree(path, folder / path.name, ignore=shutil.ignore_patterns('__pycache__'))
        elif path.is_file():
            shutil.copy(path, folder)
    return folder


def run(*arguments, cwd, **environment):
    done = subprocess.run([str(argument) for argument in arguments], cwd=cwd, env={**os.environ, **environment},
                          capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def assert_is_whole(prefix, scripts, tmp_path):
    """Check that an installation holds every data file, and that its code finds them from another folder."""
    share = prefix / 'share' / 'lepatrol'
    for folder in ('config', 'worlds', 'urdf', 'launch'):
        for path in (ROOT / folder).rglob('*'):
            if path.is_file() and '__pycache__' not in path.parts:
                assert (share / path.relative_to(ROOT)).read_bytes() == path.read_bytes()
    assert (share / 'package.xml').is_file()
    assert (prefix / 'share' / 'ament_index' / 'resource_index' / 'packages' / 'lepatrol').is_file()
    for name in EXECUTABLES:
        assert os.access(scripts / name, os.X_OK)
    (code,) = {path.parents[1] for path in prefix.rglob('lepatrol/resources.py')}
    command = prefix / 'bin' / 'lepatrol'
    checked = run(sys.executable, command, 'check', share / 'worlds' / 'prison.sdf', cwd=tmp_path, PYTHONPATH=str(code))
    assert checked.startswith('ok')
    found = run(sys.executable, '-c', 'from lepatrol.resources import *; print(world_path("prison"))', cwd=tmp_path,
                PYTHONPATH=str(code), AMENT_PREFIX_PATH='')
    assert Path(found.strip()) == share / 'worlds' / 'prison.sdf'


def test_pip_installs_everything(source, tmp_path):
    pip = (sys.executable, '-m', 'pip', '--disable-pip-version-check')
    run(*pip, 'wheel', '--no-build-isolation', '--no-deps', '--no-index', '-w', tmp_path, source, cwd=tmp_path)
    (wheel,) = tmp_path.glob('lepatrol-*.whl')
    prefix = tmp_path / 'prefix'
    run(*pip, 'install', '--no-deps', '--no-index', '--ignore-installed', '--prefix', prefix, wheel, cwd=tmp_path)
    assert_is_whole(prefix, prefix / 'bin', tmp_path)


def test_colcon_installs_everything_and_puts_executables_where_ros2_run_looks(source, tmp_path):
    prefix = tmp_path / 'install'
    code = prefix / 'lib' / 'python' / 'site-packages'
    # What colcon runs for an ament_python package.
    run(sys.executable, 'setup.py', 'build', '--build-base', tmp_path / 'build', 'install', '--prefix', prefix,
        '--install-lib', code, '--record', tmp_path / 'install.log', '--single-version-externally-managed', cwd=source)
    assert_is_whole(prefix, prefix / 'lib' / 'lepatrol', tmp_path)


def test_the_version_stands_the_same_everywhere():
    assert MANIFEST.findtext('version') == lepatrol.__version__


def test_every_import_is_a_declared_dependency_of_the_ros_package():
    declared = {element.text for element in MANIFEST if element.tag in ('depend', 'exec_depend')}
    needed = {ROSDEP_KEYS.get(name, name) for name in imported_from_elsewhere('lepatrol', 'launch')} - {None}
    assert needed - declared == set()


def test_every_import_that_is_not_of_ros_is_installed_by_pip():
    ros = {element.text for element in MANIFEST if element.tag == 'exec_depend'} - {'xacro', 'py_trees'}
    needed = {PIP_NAMES.get(name, name) for name in imported_from_elsewhere('lepatrol') - ros}
    assert needed - set(requirements()) == set()


def test_there_is_an_executable_for_every_node():
    scripts = dict(re.split(r'\s*=\s*', text) for text in setup_argument('entry_points')['console_scripts'])
    nodes = {path.stem for path in (ROOT / 'lepatrol' / 'nodes').glob('*.py') if not path.stem.startswith('_')}
    assert nodes <= set(EXECUTABLES)
    assert scripts == {'lepatrol': 'lepatrol.cli:main'} | {
        name: f'lepatrol.nodes.__main__:{name}' for name in EXECUTABLES}


def test_the_doctor_looks_for_the_same_libraries_that_pip_installs():
    assert dict(LIBRARIES.values()) == requirements()

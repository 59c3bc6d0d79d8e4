"""``lepatrol doctor`` says what is missing and what command brings it."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lepatrol.cli import diagnosis

ROOT = Path(__file__).resolve().parents[1]


def command(*arguments, **environment):
    """Run the command in a process of its own."""
    path = os.pathsep.join(filter(None, [environment.pop('PYTHONPATH', ''), str(ROOT)]))
    return subprocess.run(
        [sys.executable, '-m', 'lepatrol.cli', *map(str, arguments)], cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, 'PYTHONPATH': path, 'COLUMNS': '200', **environment}, timeout=200, check=False)


def test_the_doctor_finds_all_that_is_needed_where_the_tests_run():
    done = command('doctor')
    assert 'Everything that is needed is here.' in done.stdout, done.stdout + done.stderr
    assert done.returncode == 0


def test_the_doctor_says_how_to_install_what_is_missing(tmp_path):
    for module in ('py_trees', 'rclpy', 'panda3d'):
        (tmp_path / f'{module}.py').write_text(f'raise ImportError("no {module} here")')
    done = command('doctor', PYTHONPATH=str(tmp_path), ROS_DISTRO='')
    assert done.returncode == 1
    assert "-m pip install 'py_trees>=" in done.stdout
    assert '-m pip install ros-jazzy-rclpy' in done.stdout
    assert "-m pip install --force-reinstall 'panda3d>=" in done.stdout
    assert 'Traceback' not in done.stdout + done.stderr


def test_the_doctor_does_not_take_our_launch_files_for_ros_2s_launch(tmp_path, monkeypatch):
    (tmp_path / 'launch').mkdir()
    (tmp_path / 'launch_ros').mkdir()
    monkeypatch.setattr(sys, 'path', [str(tmp_path), *(path for path in sys.path if not Path(path, 'launch').is_dir())])
    for name in ('launch', 'launch_ros'):
        monkeypatch.delitem(sys.modules, name, raising=False)
    finding = diagnosis.find_launch()
    assert not finding.good
    assert finding.detail.startswith('no launch, launch_ros (pip has none)')


@pytest.mark.parametrize(('package', 'words'), [
    ('nav2_msgs', 'no `navigator:=nav2`'), ('tf2_msgs', 'nothing is told on tf'),
    ('ros_gz_interfaces', 'no `scenario:=NAME` with `sim:=gazebo`')])
def test_the_doctor_tells_whether_the_messages_of_others_are_there(monkeypatch, package, words):
    monkeypatch.setattr(diagnosis.optional, 'is_installed', lambda name: name != package)
    absent = diagnosis.find_package(package, 'it', words)
    assert (absent.good, absent.needed) == (False, False)
    assert words in absent.detail
    assert absent.remedy.startswith('sudo apt install ros-')
    monkeypatch.setattr(diagnosis.optional, 'is_installed', lambda name: name == package)
    assert diagnosis.find_package(package, 'it', words).good


def test_the_doctor_works_without_its_own_table(tmp_path):
    (tmp_path / 'rich.py').write_text('raise ImportError("no rich here")')
    done = command('doctor', PYTHONPATH=str(tmp_path))
    assert done.returncode == 1
    assert "rich: no rich here" in done.stdout
    assert "-m pip install 'rich>=" in done.stdout

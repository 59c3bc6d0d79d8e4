"""The launch files for real, where ROS 2's launch_testing is: live checks, then exit codes.

Elsewhere ``test/nodes`` asserts the same of the same nodes, started by ``lepatrol.bringup``.
"""

import sys
import tempfile
import unittest
from pathlib import Path

import pytest

pytest.importorskip('launch_testing', reason='launch_testing comes with an installed ROS 2 only; pip has none')
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'nodes'))  # launch_test itself knows no test folders

import acts
import launch_testing
from launch import LaunchDescription
from launch.actions import IncludeLaunchDescription
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch_testing import post_shutdown_test
from launch_testing.actions import ReadyToTest
from launch_testing.asserts import assertExitCodes
from live_nodes import is_installed

from lepatrol.bringup import has_frames
from lepatrol.resources import known_knowledge
from lepatrol.ros.operator import open_console

LAUNCH_FILE = Path(__file__).resolve().parents[2] / 'launch' / 'patrol.launch.py'
CASES = [
    ('bench_yard', 'ugv', 'start short'), ('prison', 'ugv', 'goto inner_gate'), ('border', 'ugv', 'goto service_gate'),
    ('prison', 'uav', 'goto air_visitor_gate')]


@pytest.mark.launch_test
@pytest.mark.skipif(not is_installed(), reason='lepatrol is not in AMENT_PREFIX_PATH: colcon build, and source it')
@launch_testing.parametrize('world, robot, order', CASES)
def generate_test_description(world, robot, order):
    arguments = {'world': world, 'robot': robot, 'speed': '5', 'output_folder': tempfile.mkdtemp(prefix='lepatrol-')}
    source = PythonLaunchDescriptionSource(str(LAUNCH_FILE))
    return LaunchDescription([
        IncludeLaunchDescription(source, launch_arguments=arguments.items()), ReadyToTest()])


class TestPatrol(unittest.TestCase):
    def test_all_topics_arrive_and_an_order_is_carried_out(self, world, robot, order):
        with open_console() as operator:
            acts.all_topics_arrive(operator, robot)
            acts.an_order_is_carried_out(operator, order, world, robot)


@post_shutdown_test()
class TestEnd(unittest.TestCase):
    def test_all_nodes_end_cleanly(self, proc_info, world):
        ended = sorted(name.rpartition('-')[0] for name in proc_info.process_names())
        also = [*(['frames'] if has_frames() else []), *(['greeter'] if world in known_knowledge() else [])]
        assert ended == sorted([*also, 'navigator', 'patrol', 'perimeter', 'simulator'])
        assertExitCodes(proc_info)

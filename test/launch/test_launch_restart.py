"""A patrol that is killed and started again by launch goes on where it was, under ROS 2's launch_testing.

Elsewhere ``test/nodes`` asserts the same of the same nodes, started by ``lepatrol.bringup``.
"""

import os
import signal
import sys
import tempfile
import unittest
from pathlib import Path

import pytest

pytest.importorskip('launch_testing', reason='launch_testing comes with an installed ROS 2 only; pip has none')
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / 'nodes'))  # launch_test itself knows no test folders

import acts
from ament_index_python.packages import PackageNotFoundError, get_package_prefix
from launch import LaunchDescription
from launch_ros.actions import Node
from launch_testing import post_shutdown_test
from launch_testing.actions import ReadyToTest
from launch_testing.asserts import assertExitCodes
from live_nodes import yard

from lepatrol.launching import node
from lepatrol.ros.operator import open_console


def is_installed():
    try:
        return bool(get_package_prefix('lepatrol'))
    except (PackageNotFoundError, LookupError):
        return False


@pytest.mark.launch_test
@pytest.mark.skipif(not is_installed(), reason='lepatrol is not in AMENT_PREFIX_PATH: colcon build, and source it')
def generate_test_description():
    simulator, navigator, patrol, _ = yard(Path(tempfile.mkdtemp(prefix='lepatrol-')))
    again = Node(package='lepatrol', executable=patrol.executable, name=patrol.executable, respawn=True,
                 parameters=[str(patrol.parameter_file), patrol.parameters], output='screen')
    return LaunchDescription([node(simulator), node(navigator), again, ReadyToTest()]), {'again': again}


class TestRestart(unittest.TestCase):
    def test_a_mission_goes_on_where_the_killed_patrol_was(self, again):
        with open_console() as operator:
            acts.a_mission_goes_on_after(operator, lambda: os.kill(again.process_details['pid'], signal.SIGKILL))


@post_shutdown_test()
class TestEnd(unittest.TestCase):
    def test_all_nodes_end_cleanly(self, proc_info):
        ended = sorted(name.rpartition('-')[0] for name in proc_info.process_names())
        assert ended == ['navigator', 'patrol', 'simulator']
        assertExitCodes(proc_info)

"""Every node alone, started by launch: live checks, then exit codes.

Elsewhere ``test/nodes/test_nodes_alone.py`` asserts the same of the same nodes, started by ``lepatrol.bringup``.
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
from launch_testing import post_shutdown_test
from launch_testing.actions import ReadyToTest
from launch_testing.asserts import assertExitCodes
from live_nodes import is_installed, lone_nodes

from lepatrol.launching import node
from lepatrol.ros.operator import open_console

FOLDER = tempfile.mkdtemp(prefix='lepatrol-')


@pytest.mark.launch_test
@pytest.mark.skipif(not is_installed(), reason='lepatrol is not in AMENT_PREFIX_PATH: colcon build, and source it')
@launch_testing.parametrize('name', sorted(lone_nodes(FOLDER)))
def generate_test_description(name):
    return LaunchDescription([node(lone_nodes(FOLDER)[name]), ReadyToTest()])


class TestLoneNode(unittest.TestCase):
    def test_it_appears_and_says_what_it_says_without_the_others(self, name):
        with open_console() as operator:
            acts.a_node_lives_alone(operator, name)


@post_shutdown_test()
class TestEnd(unittest.TestCase):
    def test_it_ends_cleanly(self, proc_info, name):
        (process,) = proc_info.process_names()
        assert process.rpartition('-')[0] == name
        assertExitCodes(proc_info)

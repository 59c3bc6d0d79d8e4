"""A patrol that is killed amid its walk and started again, by launch: live checks, then exit codes.

Elsewhere ``test/nodes/test_node_lives.py`` asserts the same of the same nodes, started by ``lepatrol.bringup``.
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
from launch import LaunchDescription
from launch_testing import post_shutdown_test
from launch_testing.actions import ReadyToTest
from launch_testing.asserts import assertExitCodes
from launch_testing.tools import launch_process
from live_nodes import DEADLINE_S, is_installed, yard

from lepatrol.gazebo import ProgramSpec
from lepatrol.launching import node
from lepatrol.ros.operator import open_console

FOLDER = tempfile.mkdtemp(prefix='lepatrol-')


def patrol():
    """Return an action that starts the patrol, whose end ends no other."""
    spec = yard(FOLDER)[2]
    return node(ProgramSpec(
        spec.executable, spec.namespace, spec.parameters, spec.parameter_file, package='lepatrol', may_end=True))


@pytest.mark.launch_test
@pytest.mark.skipif(not is_installed(), reason='lepatrol is not in AMENT_PREFIX_PATH: colcon build, and source it')
def generate_test_description():
    simulator, navigator, _, _ = yard(FOLDER)
    first = patrol()
    return LaunchDescription([node(simulator), node(navigator), first, ReadyToTest()]), {'first': first}


class TestRestart(unittest.TestCase):
    def test_a_killed_patrol_goes_on_at_the_waypoint_it_was_walking_to(
            self, first, launch_service, proc_info, proc_output):
        with open_console() as operator:
            estop = acts.a_walk_is_held(operator)
            os.kill(first.process_details['pid'], signal.SIGKILL)
            proc_info.assertWaitForShutdown(process=first, timeout=DEADLINE_S)
            with launch_process(launch_service, patrol(), proc_info, proc_output), open_console() as newcomer:
                acts.the_walk_goes_on(newcomer, FOLDER, estop)


@post_shutdown_test()
class TestEnd(unittest.TestCase):
    def test_all_but_the_one_that_was_killed_end_cleanly(self, proc_info, first):
        assertExitCodes(proc_info, [-signal.SIGKILL], process=first)
        others = [name for name in proc_info.process_names() if name != proc_info[first].process_name]
        assert sorted(name.rpartition('-')[0] for name in others) == ['navigator', 'patrol', 'simulator']
        for name in others:
            assertExitCodes(proc_info, process=name)

"""The launch file for real, where ROS 2's launch_testing is: a patrol from its start to its end, then exit codes.

Elsewhere ``test/nodes`` runs the same list of nodes without it.
"""

import tempfile
import unittest
from pathlib import Path

import pytest

pytest.importorskip('launch_testing', reason='launch_testing comes with an installed ROS 2 only; pip has none')

from ament_index_python.packages import PackageNotFoundError, get_package_prefix
from launch import LaunchDescription
from launch.actions import IncludeLaunchDescription
from launch.launch_description_sources import PythonLaunchDescriptionSource
from launch_testing import post_shutdown_test
from launch_testing.actions import ReadyToTest
from launch_testing.asserts import assertExitCodes

from lepatrol.model.mission import MissionState
from lepatrol.ros.operator import open_console

LAUNCH_FILE = Path(__file__).resolve().parents[1] / 'launch' / 'patrol.launch.py'
DEADLINE_S = 90.0


def is_installed():
    try:
        return bool(get_package_prefix('lepatrol'))
    except (PackageNotFoundError, LookupError):
        return False


@pytest.mark.launch_test
@pytest.mark.skipif(not is_installed(), reason='lepatrol is not in AMENT_PREFIX_PATH: colcon build, and source it')
def generate_test_description():
    arguments = {'world': 'bench_yard', 'speed': '5', 'output_folder': tempfile.mkdtemp(prefix='lepatrol-')}
    source = PythonLaunchDescriptionSource(str(LAUNCH_FILE))
    return LaunchDescription([
        IncludeLaunchDescription(source, launch_arguments=arguments.items()), ReadyToTest()])


class TestPatrol(unittest.TestCase):
    def test_topics_arrive_and_an_ordered_patrol_reaches_its_end(self):
        with open_console() as operator:
            operator.wait_for('the map', lambda: operator.map is not None, deadline_s=DEADLINE_S)
            operator.wait_for('the first pose', lambda: bool(operator.track_m), deadline_s=DEADLINE_S)
            assert operator.order('start short', deadline_s=DEADLINE_S) == 'ok'
            operator.wait_for('the end of the patrol', lambda: operator.status.state is MissionState.DONE,
                              deadline_s=DEADLINE_S)
            assert operator.status.missed == ()


@post_shutdown_test()
class TestEnd(unittest.TestCase):
    def test_all_nodes_end_cleanly(self, proc_info):
        ended = sorted(name.rpartition('-')[0] for name in proc_info.process_names())
        assert ended == ['navigator', 'patrol', 'perimeter', 'simulator']
        assertExitCodes(proc_info)

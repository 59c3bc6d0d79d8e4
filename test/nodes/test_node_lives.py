"""How nodes begin, fall silent, are killed and end."""

import json
import os
import signal

import pytest
from geometry_msgs.msg import Twist
from live_nodes import DEADLINE_S, console, yard
from nav_msgs.msg import Odometry

from lepatrol import bringup
from lepatrol.model.errors import LepatrolError
from lepatrol.model.mission import MissionState
from lepatrol.ros import qos


def test_a_killed_patrol_goes_on_at_the_waypoint_it_was_walking_to(tmp_path):
    simulator, navigator, patrol = yard(tmp_path)
    with bringup.start([simulator, navigator], quiet=True) as others, console(others) as operator:
        with bringup.start([patrol], quiet=True) as first:
            assert operator.order('start loop', deadline_s=DEADLINE_S) == 'ok'
            operator.wait_for('the second waypoint', lambda: operator.status.visit == 1, deadline_s=DEADLINE_S)
            waypoint = operator.status.waypoint
            (process,) = first.processes
            process.kill()
            process.wait()
        kept = json.loads((tmp_path / 'progress.json').read_text())
        assert kept
        operator.status = None
        with bringup.start([patrol], quiet=True):
            operator.wait_for(
                'the walk to go on', lambda: operator.status is not None
                and operator.status.state is MissionState.WALKING, deadline_s=DEADLINE_S)
            assert (operator.status.visit, operator.status.waypoint) == (1, waypoint)


def test_a_robot_whose_commands_fall_silent_stops(tmp_path):
    with bringup.start(yard(tmp_path)[:1], quiet=True) as running, console(running) as operator:
        speeds = []
        operator.node.create_subscription(
            Odometry, 'odom', lambda message: speeds.append(message.twist.twist.linear.x), qos.SENSOR)
        wheel = operator.node.create_publisher(Twist, 'cmd_vel', qos.COMMAND)
        drive = Twist()
        drive.linear.x = 0.5

        def is_driving():
            wheel.publish(drive)
            return bool(speeds) and speeds[-1] > 0.4

        operator.wait_for('the robot to drive', is_driving, deadline_s=DEADLINE_S)
        operator.wait_for('the robot to stop', lambda: abs(speeds[-1]) < 0.02, deadline_s=DEADLINE_S)


@pytest.mark.parametrize('sign', [signal.SIGINT, signal.SIGTERM])
def test_nodes_end_cleanly_when_told_to(tmp_path, sign):
    with bringup.start(yard(tmp_path), quiet=True) as running, console(running) as operator:
        operator.wait_for(
            'all nodes', lambda: operator.status is not None and bool(operator.track_m)
            and operator.node.count_publishers('navigator/feedback') > 0, deadline_s=DEADLINE_S)
        for process in running.processes:
            os.kill(process.pid, sign)
        assert [process.wait(timeout=DEADLINE_S) for process in running.processes] == [0, 0, 0]


def test_a_node_that_cannot_run_is_named_with_its_last_words(tmp_path):
    spec = bringup.NodeSpec('simulator', parameters={'world': "nowhere's"})
    with bringup.start([spec], quiet=True) as running:
        running.processes[0].wait(timeout=DEADLINE_S)
        with pytest.raises(LepatrolError, match=r"simulator ended with exit code 1:(.|\n)*nowhere's") as caught:
            running.check()
    assert 'Traceback' not in str(caught.value)

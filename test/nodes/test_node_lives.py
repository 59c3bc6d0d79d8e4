"""How nodes begin, fall silent, are killed and end."""

import os
import signal
import subprocess

import acts
import pytest
from geometry_msgs.msg import Twist
from live_nodes import DEADLINE_S, yard
from nav_msgs.msg import Odometry

from lepatrol import bringup
from lepatrol.model.errors import LepatrolError
from lepatrol.ros import qos
from lepatrol.ros.operator import open_console


def test_a_killed_patrol_goes_on_at_the_waypoint_it_was_walking_to(tmp_path):
    simulator, navigator, patrol, _ = yard(tmp_path)
    with bringup.start([simulator, navigator], quiet=True) as others, open_console(others.check) as operator:
        with bringup.start([patrol], quiet=True) as first:
            estop = acts.a_walk_is_held(operator)
            (process,) = first.processes
            process.kill()
            process.wait()
        with bringup.start([patrol], quiet=True), open_console(others.check) as newcomer:
            acts.the_walk_goes_on(newcomer, tmp_path, estop)


def test_a_robot_whose_commands_fall_silent_stops(tmp_path):
    with bringup.start(yard(tmp_path)[:1], quiet=True) as running, open_console(running.check) as operator:
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
    with bringup.start(yard(tmp_path), quiet=True) as running, open_console(running.check) as operator:
        operator.wait_for(
            'all nodes', lambda: operator.status is not None and bool(operator.track_m)
            and operator.node.count_publishers('navigator/feedback') > 0, deadline_s=DEADLINE_S)
        for process in running.processes:
            os.kill(process.pid, sign)
        assert [process.wait(timeout=DEADLINE_S) for process in running.processes] == [0, 0, 0, 0]


def test_a_node_that_cannot_run_is_named_with_its_last_words(tmp_path):
    spec = bringup.NodeSpec('simulator', parameters={'world': "nowhere's"})
    with bringup.start([spec], quiet=True) as running:
        running.processes[0].wait(timeout=DEADLINE_S)
        with pytest.raises(LepatrolError, match=r"simulator ended with exit code 1:(.|\n)*nowhere's") as caught:
            running.check()
    assert 'Traceback' not in str(caught.value)


def test_the_simulator_names_all_that_it_leaves_out_in_one_warning(tmp_path):
    world = tmp_path / 'night.sdf'
    world.write_text(
        '<sdf version="1.9"><world name="night"><wind/><spherical_coordinates/>'
        '<light name="lantern" type="point"/><model name="wall"><static>true</static><link name="l">'
        '<collision name="c"><pose>8 0 1 0 0 0</pose><geometry><box><size>0.2 9 2</size></box></geometry>'
        '</collision></link></model></world></sdf>', encoding='utf-8')
    spec = bringup.NodeSpec('simulator', parameters={'world': str(world), 'site': 'bench_yard'})
    node = subprocess.Popen(bringup.command_line(spec), stderr=subprocess.PIPE, text=True)
    try:
        said = []
        for line in node.stderr:
            said.append(line)
            if 'ready' in line:
                break
    finally:
        node.terminate()
        node.communicate(timeout=DEADLINE_S)
    (warning,) = [line for line in said if 'WARN' in line]
    assert '<wind>' in warning
    assert 'light lantern' in warning

"""The Nav2 navigator node on real topics, with a Nav2 that the test plays in place of the action's server."""

import os
import subprocess
import sys

import pytest
import rclpy
from eager_nav2 import EagerNav2
from geometry_msgs.msg import Twist
from live_nodes import DEADLINE_S
from nav2_stage import PATIENT, Nav2Stage
from std_msgs.msg import Bool

from lepatrol.model.navigation import NavigationState
from lepatrol.nodes import nav2_navigator
from lepatrol.ros import optional, qos


@pytest.fixture
def stage(monkeypatch):
    monkeypatch.setattr(nav2_navigator, 'navigate_to_pose', lambda: None)
    monkeypatch.setattr(nav2_navigator, 'Nav2GoalSender', EagerNav2)
    rclpy.init(args=PATIENT)
    stage = Nav2Stage()
    yield stage
    stage.close()
    rclpy.shutdown()


def test_nav2s_velocity_passes_for_a_goal_and_neither_past_an_estop_nor_beside_the_gate(stage):
    stage.wait_for('somebody to hear goals', lambda: stage.goal.get_subscription_count() > 0)
    stage.wait_for('the first word', lambda: stage.is_told(NavigationState.IDLE))
    assert stage.drive == Twist()
    stage.order(1.5, 1.5)
    stage.wait_for('the drive', lambda: stage.is_told(NavigationState.MOVING) and stage.drive.linear.x > 0.5)
    stage.estop.publish(Bool(data=True))
    stage.wait_for('the e-stop', lambda: stage.is_told(NavigationState.HELD, 'e-stop') and stage.drive == Twist())
    stage.estop.publish(Bool(data=False))
    stage.wait_for('the drive to go on', lambda: stage.is_told(NavigationState.MOVING) and stage.drive.linear.x > 0.5)
    rival = stage.other.create_publisher(Twist, 'cmd_vel', qos.COMMAND)
    stage.wait_for('the rival to be seen', lambda: stage.is_told(
        NavigationState.HELD, '/collision_monitor would drive past the gate') and stage.drive == Twist())
    stage.other.destroy_publisher(rival)
    docking = rclpy.create_node('docking_server')
    docking.create_publisher(Twist, 'cmd_vel', qos.COMMAND)
    stage.wait_for('the rival to be gone', lambda: stage.is_told(NavigationState.MOVING))
    stage.wait_for('the docking server', lambda: len(stage.other.get_publishers_info_by_topic('/cmd_vel')) == 2)
    seen_s = stage.node.now_s
    stage.wait_for('another look for rivals', lambda: stage.node.now_s > seen_s + 1.2)
    assert stage.is_told(NavigationState.MOVING)
    docking.destroy_node()


@pytest.mark.parametrize(('node', 'package'), [
    ('nav2_navigator', optional.NAV2_MESSAGES), ('frames', optional.TF_MESSAGES)])
def test_a_node_whose_messages_are_missing_says_what_to_install_and_ends_with_1(node, package):
    if optional.is_installed(package):
        pytest.skip(f'{package} is installed')
    done = subprocess.run([sys.executable, '-m', 'lepatrol.nodes', node], env={**os.environ, 'ROS_DISTRO': ''},
                          capture_output=True, text=True, timeout=DEADLINE_S, check=False)
    assert done.returncode == 1
    assert f'sudo apt install ros-jazzy-{package.replace("_", "-")}' in done.stderr
    assert 'Traceback' not in done.stderr

"""The Nav2 navigator node on real topics, with a Nav2 that the test plays in place of the action's server."""

import os
import subprocess
import sys

import pytest
import rclpy
from diagnostic_msgs.msg import DiagnosticArray
from eager_nav2 import EagerNav2
from geometry_msgs.msg import PoseStamped, PoseWithCovarianceStamped, Twist
from live_nodes import DEADLINE_S
from rclpy.executors import SingleThreadedExecutor
from sensor_msgs.msg import LaserScan
from std_msgs.msg import Bool
from test_garbage import GOOD

from lepatrol.model.navigation import NavigationGoal, NavigationState
from lepatrol.nodes import nav2_navigator
from lepatrol.ros import conversions, optional, qos


class Stage:
    """The node, and somebody who plays sensors, patrol and Nav2."""

    def __init__(self):
        self.node = nav2_navigator.Nav2NavigatorNode()
        self.other = rclpy.create_node('collision_monitor')
        self.executor = SingleThreadedExecutor()
        for node in (self.node, self.other):
            self.executor.add_node(node)
        self.feedback, self.drive = None, Twist()
        make = self.other.create_publisher
        self.sensors = {'scan': make(LaserScan, 'scan', qos.SENSOR_SOURCE),
                        'pose': make(PoseWithCovarianceStamped, 'pose', qos.SENSOR_SOURCE),
                        'cmd_vel_nav2': make(Twist, 'cmd_vel_nav2', qos.COMMAND)}
        self.goal = make(PoseStamped, 'navigator/goal', qos.COMMAND)
        self.estop = make(Bool, 'estop', qos.LATCHED)
        self.other.create_subscription(DiagnosticArray, 'navigator/feedback', self._on_feedback, qos.LATCHED)
        self.other.create_subscription(Twist, 'cmd_vel', lambda message: setattr(self, 'drive', message), qos.COMMAND)
        self.other.create_timer(0.05, self._feel)

    def _on_feedback(self, message):
        self.feedback = conversions.feedback_from_ros(message)

    def _feel(self):
        for topic, publisher in self.sensors.items():
            publisher.publish(GOOD[topic](self.node.now_s))

    def wait_for(self, what, happened):
        end_s = self.node.now_s + DEADLINE_S
        while not happened():
            assert self.node.now_s < end_s, f'{what} did not come; last: {self.feedback}, {self.drive}'
            self.executor.spin_once(0.05)

    def is_told(self, state, words=''):
        return self.feedback is not None and self.feedback.state is state and words in self.feedback.reason


@pytest.fixture
def stage(monkeypatch):
    monkeypatch.setattr(nav2_navigator, 'navigate_to_pose', lambda: None)
    monkeypatch.setattr(nav2_navigator, 'Nav2GoalSender', EagerNav2)
    # The Nav2 of this test never speaks of its goals.
    rclpy.init(args=['--ros-args', '-p', 'site:=bench_yard', '-p', 'silence_timeout_s:=600.0'])
    stage = Stage()
    yield stage
    stage.executor.shutdown()
    for node in (stage.node, stage.other):
        node.destroy_node()
    rclpy.shutdown()


def test_nav2s_velocity_passes_for_a_goal_and_neither_past_an_estop_nor_beside_the_gate(stage):
    stage.wait_for('somebody to hear goals', lambda: stage.goal.get_subscription_count() > 0)
    stage.wait_for('the first word', lambda: stage.is_told(NavigationState.IDLE))
    assert stage.drive == Twist()
    stage.goal.publish(conversions.goal_to_ros(NavigationGoal(7, 1.5, 1.5)))
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

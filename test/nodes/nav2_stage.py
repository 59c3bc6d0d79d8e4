"""The Nav2 navigator node, and somebody who plays sensors, patrol and what Nav2 publishes."""

import rclpy
from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import PoseStamped, PoseWithCovarianceStamped, Twist
from live_nodes import DEADLINE_S
from rclpy.executors import SingleThreadedExecutor
from sensor_msgs.msg import LaserScan
from std_msgs.msg import Bool
from test_garbage import GOOD

from lepatrol.model.navigation import NavigationGoal
from lepatrol.nodes import nav2_navigator
from lepatrol.ros import conversions, qos

# Nobody is taken for silent, and nothing for vanished, because the machine is busy.
PATIENT = ['--ros-args', '-p', 'site:=bench_yard', *(
    word for name, value in {
        'control_rate_hz': 10.0, 'gate.scan_timeout_s': 30.0, 'gate.pose_timeout_s': 30.0, 'command_timeout_s': 30.0,
        'answer_timeout_s': 60.0, 'silence_timeout_s': 600.0, 'cancel_timeout_s': 60.0, 'server_timeout_s': 60.0,
    }.items() for word in ('-p', f'{name}:={value}'))]


class Nav2Stage:
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
        self.other.create_timer(0.1, self._feel)

    def _on_feedback(self, message):
        self.feedback = conversions.feedback_from_ros(message)

    def _feel(self):
        for topic, publisher in self.sensors.items():
            publisher.publish(GOOD[topic](self.node.now_s))

    def order(self, x, y, yaw=None, goal_id=7):
        self.wait_for('somebody to hear goals', lambda: self.goal.get_subscription_count() > 0)
        self.goal.publish(conversions.goal_to_ros(NavigationGoal(goal_id, x, y, yaw)))

    def wait_for(self, what, happened):
        end_s = self.node.now_s + DEADLINE_S
        while not happened():
            assert self.node.now_s < end_s, f'{what} did not come; last: {self.feedback}, {self.drive}'
            self.executor.spin_once(0.05)

    def is_told(self, state, words=''):
        return self.feedback is not None and self.feedback.state is state and words in self.feedback.reason

    def close(self):
        self.executor.shutdown()
        for node in (self.node, self.other):
            node.destroy_node()

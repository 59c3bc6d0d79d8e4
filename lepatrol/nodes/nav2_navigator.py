"""The Nav2 navigator node: has Nav2 drive one robot to the patrol's goals, and keeps the gate before ``cmd_vel``."""

from __future__ import annotations

from geometry_msgs.msg import PoseStamped, PoseWithCovarianceStamped, Twist
from nav_msgs.msg import Odometry
from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from sensor_msgs.msg import LaserScan
from std_msgs.msg import Bool, Empty, String

from lepatrol import assembly, resources
from lepatrol.model.live_zones import LiveZones
from lepatrol.ros import conversions, parameters, qos
from lepatrol.ros.feedback import FeedbackPublisher
from lepatrol.ros.nav2 import Nav2GoalSender, navigate_to_pose
from lepatrol.ros.runner import LepatrolNode, run_node
from lepatrol.settings.navigation import Nav2Settings
from lepatrol.settings.robot import RobotSettings
from lepatrol.settings.starting import NavigatorStart
from lepatrol.settings.yaml_file import read_settings

_RIVALS_PERIOD_S = 1.0


class Nav2NavigatorNode(LepatrolNode):
    """The patrol's goals in, Nav2's action and ``cmd_vel`` out; ``cmd_vel_nav2`` is the velocity that Nav2 wants."""

    def __init__(self) -> None:
        """Declare the parameters, read site and robot, connect."""
        super().__init__('nav2_navigator')
        action_type = navigate_to_pose()
        settings = parameters.declare(self, Nav2Settings)
        start = parameters.declare(self, NavigatorStart)
        robot = read_settings(resources.robot_settings_path(start.robot), RobotSettings)
        self._lidar_pose = assembly.lidar_pose(assembly.load_robot(start.robot, 'robot'))
        self._navigator = assembly.make_delegated_navigator(
            assembly.load_site(start.site), settings, robot,
            Nav2GoalSender(self, action_type, settings.action, settings.behavior_tree))
        self._zones = LiveZones()
        self._tolerated = {self.get_name(), *settings.tolerated_publishers.split()}
        self._cmd_vel = self.create_publisher(Twist, 'cmd_vel', qos.COMMAND)
        self._feedback = FeedbackPublisher(self)
        self.listen(LaserScan, 'scan', self._on_scan, qos.SENSOR)
        self.listen(PoseWithCovarianceStamped, 'pose', self._on_pose, qos.SENSOR)
        self.listen(Odometry, 'odom', self._on_odometry, qos.SENSOR)
        self.listen(Twist, 'cmd_vel_nav2', self._on_velocity, qos.COMMAND)
        self.listen(Bool, 'estop', self._on_estop, qos.LATCHED)
        self.listen(String, '/zones', self._on_zones, qos.SHARED)
        self.listen(Twist, 'cmd_vel_teleop', self._on_teleop, qos.COMMAND)
        self.listen(PoseStamped, 'navigator/goal', self._on_goal, qos.COMMAND)
        self.listen(Empty, 'navigator/cancel', self._on_cancel, qos.COMMAND)
        self.create_timer(1.0 / settings.control_rate_hz, self._control)
        self.create_timer(_RIVALS_PERIOD_S, self._look_for_rivals, clock=Clock(clock_type=ClockType.STEADY_TIME))

    def _on_scan(self, message: LaserScan) -> None:
        self._navigator.on_scan(conversions.scan_from_ros(message), self._lidar_pose, self.now_s)

    def _on_pose(self, message: PoseWithCovarianceStamped) -> None:
        self._navigator.on_pose(conversions.pose_estimate_from_ros(message), self.now_s)

    def _on_odometry(self, message: Odometry) -> None:
        self._navigator.on_odometry(conversions.odometry_from_ros(message), self.now_s)

    def _on_velocity(self, message: Twist) -> None:
        self._navigator.on_velocity(conversions.twist_from_ros(message), self.now_s)

    def _on_estop(self, message: Bool) -> None:
        self._navigator.on_estop(message.data, self.now_s)

    def _on_zones(self, message: String) -> None:
        # Each robot tells what it knows, so what was heard of others still counts.
        self._zones = self._zones.merged(conversions.live_zones_from_ros(message))
        self._navigator.on_zones(self._zones.in_force, self.now_s)

    def _on_teleop(self, message: Twist) -> None:
        self._navigator.on_teleop(conversions.twist_from_ros(message), self.now_s)

    def _on_goal(self, message: PoseStamped) -> None:
        self._navigator.on_goal(conversions.goal_from_ros(message), self.now_s)
        # At once, also where the goal is known: who says it again has not heard the answer.
        self._feedback.tell(self._navigator.feedback, self.now_s, at_once=True)

    def _on_cancel(self, message: Empty) -> None:
        self._navigator.on_cancel(self.now_s, 'the patrol cancelled it')
        self._feedback.tell(self._navigator.feedback, self.now_s)

    def _control(self) -> None:
        self._cmd_vel.publish(conversions.twist_to_ros(self._navigator.update(self.now_s)))
        self._feedback.tell(self._navigator.feedback, self.now_s)

    def _look_for_rivals(self) -> None:
        """Note who else publishes the velocity that the gate is to guard, such as Nav2 with its own defaults."""
        publishers = self.get_publishers_info_by_topic(self._cmd_vel.topic_name)
        self._navigator.on_rivals(sorted(
            f'{each.node_namespace.rstrip("/")}/{each.node_name}' for each in publishers
            if each.node_name not in self._tolerated))


def main() -> int:
    """Run the node."""
    return run_node(Nav2NavigatorNode)

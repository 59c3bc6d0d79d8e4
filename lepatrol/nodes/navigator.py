"""The navigator node: drives one robot to the patrol's goals."""

from __future__ import annotations

from geometry_msgs.msg import PoseStamped, PoseWithCovarianceStamped, Twist
from nav_msgs.msg import OccupancyGrid, Odometry, Path
from sensor_msgs.msg import LaserScan, PointCloud2
from std_msgs.msg import Bool, Empty, String

from lepatrol import assembly, resources
from lepatrol.control.flight import AirNavigator
from lepatrol.control.navigator import Navigator
from lepatrol.model.geometry import STOP, Pose3
from lepatrol.model.live_zones import LiveZones
from lepatrol.model.site import Medium
from lepatrol.ros import conversions, parameters, qos
from lepatrol.ros.feedback import FeedbackPublisher
from lepatrol.ros.runner import LepatrolNode, run_node
from lepatrol.settings.navigation import NavigatorSettings
from lepatrol.settings.robot import RobotSettings
from lepatrol.settings.starting import NavigatorStart
from lepatrol.settings.yaml_file import read_settings


class NavigatorNode(LepatrolNode):
    """Sensors and goals in, ``cmd_vel`` out; it stands still until the map has come.

    A flying robot's knows the air from the site's own world, and needs no map.
    """

    def __init__(self) -> None:
        """Declare the parameters, read site and robot, connect."""
        super().__init__('navigator')
        self._settings = parameters.declare(self, NavigatorSettings)
        start = parameters.declare(self, NavigatorStart)
        self._site = assembly.load_site(start.site)
        self._robot = read_settings(resources.robot_settings_path(start.robot), RobotSettings)
        model = assembly.load_robot(start.robot, 'robot')
        self._navigator: Navigator | AirNavigator | None = None
        if self._robot.medium is Medium.AIR:
            self._navigator = assembly.make_air_navigator(self._site, self._settings, self._robot, model)
        self._lidar_pose = assembly.lidar_pose(model) if self._needs_lidar else Pose3()
        self._map: OccupancyGrid | None = None
        self._estop: bool | None = None
        self._zones = LiveZones()
        self._shown_path = b''
        self._cmd_vel = self.create_publisher(Twist, 'cmd_vel', qos.COMMAND)
        self._feedback = FeedbackPublisher(self)
        self._path = self.create_publisher(Path, 'navigator/path', qos.LATCHED)
        self.listen(OccupancyGrid, '/map', self._on_map, qos.LATCHED)
        self.listen(LaserScan, 'scan', self._on_scan, qos.SENSOR)
        if isinstance(self._navigator, AirNavigator):
            self.listen(PointCloud2, 'points', self._on_points, qos.SENSOR)
        self.listen(PoseWithCovarianceStamped, 'pose', self._on_pose, qos.SENSOR)
        self.listen(Odometry, 'odom', self._on_odometry, qos.SENSOR)
        self.listen(Bool, 'estop', self._on_estop, qos.LATCHED)
        self.listen(String, '/zones', self._on_zones, qos.SHARED)
        self.listen(Twist, 'cmd_vel_teleop', self._on_teleop, qos.COMMAND)
        self.listen(PoseStamped, 'navigator/goal', self._on_goal, qos.COMMAND)
        self.listen(Empty, 'navigator/cancel', self._on_cancel, qos.COMMAND)
        self.create_timer(1.0 / self._settings.control_rate_hz, self._control)

    @property
    def _needs_lidar(self) -> bool:
        """Tell whether the robot cannot be driven without a lidar; one that flies knows what is on the map."""
        return not isinstance(self._navigator, AirNavigator) or self._navigator.has_lidar

    def _on_map(self, message: OccupancyGrid) -> None:
        if message == self._map or self._robot.medium is Medium.AIR:
            return
        planner = assembly.make_planner(self._site, conversions.map_from_ros(message), self._settings, self._robot)
        self._map = message
        self._navigator = assembly.make_navigator(self._site, planner, self._settings, self._robot)
        if self._estop is not None:
            self._navigator.on_estop(self._estop, self.now_s)
        self._navigator.on_zones(self._zones.in_force, self.now_s)
        self.get_logger().info(f'map of {message.info.width} x {message.info.height} cells taken')

    def _on_scan(self, message: LaserScan) -> None:
        if self._navigator:
            self._navigator.on_scan(conversions.scan_from_ros(message), self._lidar_pose, self.now_s)

    def _on_points(self, message: PointCloud2) -> None:
        if isinstance(self._navigator, AirNavigator):
            cloud = conversions.cloud_from_ros(message)
            self._navigator.on_points(cloud.points_m, cloud.stamp_s, self._lidar_pose, self.now_s)

    def _on_pose(self, message: PoseWithCovarianceStamped) -> None:
        if self._navigator:
            self._navigator.on_pose(conversions.pose_estimate_from_ros(message), self.now_s)

    def _on_odometry(self, message: Odometry) -> None:
        if self._navigator:
            self._navigator.on_odometry(conversions.odometry_from_ros(message), self.now_s)

    def _on_estop(self, message: Bool) -> None:
        # Kept, so that it holds for a navigator that is still to be made.
        self._estop = message.data
        if self._navigator:
            self._navigator.on_estop(message.data, self.now_s)

    def _on_zones(self, message: String) -> None:
        # Kept, as the e-stop is; each robot tells what it knows, so what was heard of others still counts.
        self._zones = self._zones.merged(conversions.live_zones_from_ros(message))
        if self._navigator:
            self._navigator.on_zones(self._zones.in_force, self.now_s)

    def _on_teleop(self, message: Twist) -> None:
        if self._navigator:
            self._navigator.on_teleop(conversions.twist_from_ros(message), self.now_s)

    def _on_goal(self, message: PoseStamped) -> None:
        # Without a map the goal stays unanswered, and the patrol sends it again.
        if self._navigator:
            self._navigator.on_goal(conversions.goal_from_ros(message), self.now_s)
            self._tell(self._navigator)

    def _on_cancel(self, message: Empty) -> None:
        if self._navigator:
            self._navigator.on_cancel(self.now_s, 'the patrol cancelled it')
            self._tell(self._navigator)

    def _control(self) -> None:
        twist = self._navigator.update(self.now_s) if self._navigator else STOP
        self._cmd_vel.publish(conversions.twist_to_ros(twist))
        if self._navigator:
            self._tell(self._navigator)

    def _tell(self, navigator: Navigator | AirNavigator) -> None:
        """Publish how the goal stands where that has changed, and now and then besides; then the path, if it is new."""
        if not self._feedback.tell(navigator.feedback, self.now_s):
            return
        path = navigator.path
        if path.tobytes() != self._shown_path:
            self._shown_path = path.tobytes()
            self._path.publish(conversions.path_to_ros(path, self.now_s))


def main() -> int:
    """Run the node."""
    return run_node(NavigatorNode)

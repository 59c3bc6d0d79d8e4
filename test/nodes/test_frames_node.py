"""The frames node with the real message, where tf2_msgs is installed."""

import pytest
import rclpy
from geometry_msgs.msg import PoseWithCovarianceStamped
from live_nodes import DEADLINE_S
from nav_msgs.msg import Odometry
from rclpy.executors import SingleThreadedExecutor
from sensor_msgs.msg import JointState

from lepatrol.model.geometry import Pose3, Twist
from lepatrol.model.observation import JointPositions, PoseEstimate
from lepatrol.model.observation import Odometry as Wheels
from lepatrol.nodes.frames import FramesNode
from lepatrol.ros import conversions, qos

TFMessage = pytest.importorskip(
    'tf2_msgs.msg', reason='tf2_msgs comes with an installed ROS 2 only; pip has none').TFMessage

IN_MAP, IN_ODOM = Pose3.from_rpy(5.0, 2.0, 0.15, yaw_rad=1.0), Pose3.from_rpy(1.0, -1.0, 0.0, yaw_rad=-0.4)


class Listener:
    """Sends one odometry and one pose again and again, and keeps the frames it hears of by child."""

    def __init__(self):
        self.node, self.other = FramesNode(), rclpy.create_node('listener')
        self.executor = SingleThreadedExecutor()
        for node in (self.node, self.other):
            self.executor.add_node(node)
        self.frames = {}
        for topic, profile in (('tf', qos.TRANSFORMS), ('tf_static', qos.LATCHED)):
            self.other.create_subscription(TFMessage, topic, self._on_frames, profile)
        self.odom = self.other.create_publisher(Odometry, 'odom', qos.SENSOR_SOURCE)
        self.pose = self.other.create_publisher(PoseWithCovarianceStamped, 'pose', qos.SENSOR_SOURCE)
        self.stamp_s = 1.0
        self.other.create_timer(0.05, self._move)

    def _move(self):
        self.stamp_s += 0.05
        self.pose.publish(conversions.pose_estimate_to_ros(PoseEstimate(self.stamp_s, 'map', IN_MAP)))
        self.odom.publish(conversions.odometry_to_ros(Wheels(self.stamp_s, IN_ODOM, Twist())))

    def _on_frames(self, message):
        for each in message.transforms:
            frame = conversions.transform_from_ros(each)
            self.frames[frame.child] = frame

    def wait_for(self, *children):
        end_s = self.other.get_clock().now().nanoseconds * 1e-9 + DEADLINE_S
        while not set(children) <= self.frames.keys():
            assert self.other.get_clock().now().nanoseconds * 1e-9 < end_s, self.frames.keys()
            self.executor.spin_once(0.05)

    def in_root(self, name):
        pose = Pose3()
        while name in self.frames:
            pose, name = self.frames[name].pose.compose(pose), self.frames[name].parent
        return name, pose


@pytest.fixture
def listener(request):
    rclpy.init(args=['--ros-args', *getattr(request, 'param', [])])
    listener = Listener()
    yield listener
    listener.executor.shutdown()
    for node in (listener.node, listener.other):
        node.destroy_node()
    rclpy.shutdown()


def test_tf_leads_from_map_to_every_sensor(listener):
    listener.wait_for('odom', 'base_footprint', 'base_link', 'lidar_link', 'camera_optical_frame')
    root, pose = listener.in_root('base_link')
    assert root == 'map'
    assert pose.position_m == pytest.approx(IN_MAP.position_m, abs=1e-9)
    assert pose.planar().yaw_rad == pytest.approx(1.0)
    assert 'pan_link' not in listener.frames
    joints = listener.other.create_publisher(JointState, 'joint_states', qos.SENSOR_SOURCE)
    turned = conversions.joint_positions_to_ros(JointPositions(listener.stamp_s, {'pan_joint': 0.5, 'tilt_joint': 0.2}))
    listener.other.create_timer(0.05, lambda: joints.publish(turned))
    listener.wait_for('pan_link', 'tilt_link')
    root, eye = listener.in_root('camera_link')
    assert root == 'map'
    assert eye.planar().yaw_rad == pytest.approx(1.5)
    _, lidar = listener.in_root('lidar_link')
    assert lidar.position_m == pytest.approx((5.0, 2.0, 0.5), abs=1e-6)
    assert listener.frames['odom'].stamp_s == listener.frames['base_footprint'].stamp_s > 1.0


@pytest.mark.parametrize(
    'listener', [['-p', 'tell_odom:=false', '-p', 'tell_static:=false']], indirect=True)
def test_what_somebody_else_tells_is_left_to_him(listener):
    listener.wait_for('odom')
    assert listener.frames.keys() == {'odom'}

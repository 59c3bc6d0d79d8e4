"""Publishers of what sensors deliver, one per topic, made when the first message is due."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from geometry_msgs.msg import PoseWithCovarianceStamped
from nav_msgs.msg import Odometry as OdometryMessage
from rclpy.node import Node
from sensor_msgs.msg import BatteryState as BatteryMessage
from sensor_msgs.msg import CameraInfo as CameraInfoMessage
from sensor_msgs.msg import Image, JointState, PointCloud2
from sensor_msgs.msg import Imu as ImuMessage
from sensor_msgs.msg import LaserScan as ScanMessage
from sensor_msgs.msg import NavSatFix as FixMessage

from lepatrol.model.observation import (
    BatteryState,
    CameraImage,
    Imu,
    JointPositions,
    LaserScan,
    NavSatFix,
    Observation,
    Odometry,
    PointCloud,
    PoseEstimate,
)
from lepatrol.ros import conversions, qos

_FORMS: dict[type[Observation], tuple[type[Any], Callable[[Any], Any]]] = {
    LaserScan: (ScanMessage, conversions.scan_to_ros),
    PointCloud: (PointCloud2, conversions.cloud_to_ros),
    CameraImage: (Image, conversions.image_to_ros),
    Odometry: (OdometryMessage, conversions.odometry_to_ros),
    PoseEstimate: (PoseWithCovarianceStamped, conversions.pose_estimate_to_ros),
    JointPositions: (JointState, conversions.joint_positions_to_ros),
    Imu: (ImuMessage, conversions.imu_to_ros),
    NavSatFix: (FixMessage, conversions.navsat_to_ros),
    BatteryState: (BatteryMessage, conversions.battery_to_ros),
}


class ObservationPublisher:
    """Publishes observations under their topics; a picture's camera model goes beside it as ``camera_info``.

    What nobody listens to is not made into a message, which costs more than to send it.
    """

    def __init__(self, node: Node) -> None:
        """Publish through a node."""
        self._node = node
        self._publishers: dict[str, Any] = {}

    def publish(self, topic: str, observation: Observation) -> None:
        """Publish one observation."""
        kind, to_ros = _FORMS[type(observation)]
        self._publish(topic, kind, lambda: to_ros(observation))
        if isinstance(observation, CameraImage):
            self._publish(f'{topic.rpartition("/")[0]}/camera_info', CameraInfoMessage, lambda: (
                conversions.camera_info_to_ros(observation.info, observation.frame_id, observation.stamp_s)))

    def _publish(self, topic: str, kind: type[Any], message: Callable[[], Any]) -> None:
        if topic not in self._publishers:
            self._publishers[topic] = self._node.create_publisher(kind, topic, qos.SENSOR_SOURCE)
        publisher = self._publishers[topic]
        if publisher.get_subscription_count():
            publisher.publish(message())

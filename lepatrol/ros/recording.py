"""Recordings that rosbag2 and Foxglove open: MCAP in rosbag2's layout, written without rosbag2."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import PoseWithCovarianceStamped, Twist
from nav_msgs.msg import OccupancyGrid, Odometry
from nav_msgs.msg import Path as PathMessage
from rclpy.node import Node
from rclpy.qos import QoSProfile
from rclpy.serialization import deserialize_message, serialize_message
from rosbags.rosbag2 import StoragePlugin, Writer
from rosbags.typesys import Stores, get_typestore
from sensor_msgs.msg import CompressedImage, JointState, LaserScan
from std_msgs.msg import String
from visualization_msgs.msg import MarkerArray

from lepatrol.model.mission import MissionStatus
from lepatrol.ros import qos
from lepatrol.ros.conversions import mission_status_from_ros, time_from_ros

_PICTURE_EVERY_S = 1.0


class Recorder:
    """Writes what topics carry to a new folder, stamped with the node's clock.

    Messages go from the wire to the file as they came. Use it as a context: the recording is complete once left.
    """

    def __init__(self, node: Node, folder: Path) -> None:
        """Prepare a recording.

        :raises rosbags.rosbag2.WriterError: if the folder exists.
        """
        self._node = node
        self._types = get_typestore(Stores.ROS2_JAZZY)
        self._writer = Writer(folder, version=9, storage_plugin=StoragePlugin.MCAP)
        self._next_picture_s: dict[str, float] = {}
        self._newest: dict[str, bytes] = {}
        self._open = False

    def __enter__(self) -> Recorder:
        """Open the file."""
        self._writer.open()
        self._open = True
        return self

    def __exit__(self, *_: object) -> None:
        """Close the file; what still comes in is dropped."""
        self._open = False
        self._writer.close()

    def record_patrol(self) -> None:
        """Record what tells how one robot's patrol went: sensors, commands, orders, plans, alerts and the map.

        Of what the camera saw only the live picture is recorded, which is masked; the camera's own never is.
        """
        self.record('scan', LaserScan, qos.SENSOR)
        self.record('joint_states', JointState, qos.SENSOR)
        self.record('odom', Odometry, qos.SENSOR)
        self.record('pose', PoseWithCovarianceStamped, qos.SENSOR)
        self.record('cmd_vel', Twist, qos.COMMAND)
        self.record('navigator/path', PathMessage, qos.COMMAND)
        self.record('patrol/command', String, qos.COMMAND)
        self.record('patrol/status', DiagnosticArray, qos.LATCHED)
        self.record('patrol/plan', PathMessage, qos.LATCHED)
        self.record('/map', OccupancyGrid, qos.LATCHED)
        self.record('perimeter/alerts', DiagnosticArray, qos.ALERTS)
        self.record('perimeter/tracks', MarkerArray, qos.COMMAND)
        self.record_pictures('live/image/compressed', qos.SENSOR, every_s=_PICTURE_EVERY_S)

    def record(self, topic: str, message_type: Any, profile: QoSProfile) -> None:
        """Record every message of a topic."""
        name = self._node.resolve_topic_name(topic)
        connection = self._connection(name, message_type)
        self._node.create_subscription(
            message_type, topic, partial(self._write, connection), profile, raw=True)

    def record_pictures(self, topic: str, profile: QoSProfile, *, every_s: float) -> None:
        """Record compressed pictures, one every ``every_s`` of their own time."""
        name = self._node.resolve_topic_name(topic)
        connection = self._connection(name, CompressedImage)

        def keep(message: CompressedImage) -> None:
            stamp_s = time_from_ros(message.header.stamp)
            # A clock that was set back starts anew.
            if self._next_picture_s.get(name, 0.0) - every_s <= stamp_s < self._next_picture_s.get(name, 0.0):
                return
            self._next_picture_s[name] = stamp_s + every_s
            self._write(connection, serialize_message(message))

        self._node.create_subscription(CompressedImage, topic, keep, profile)

    def _connection(self, topic: str, message_type: Any) -> Any:
        package, kind = message_type.__module__.split('.')[0], message_type.__name__
        return self._writer.add_connection(topic, f'{package}/msg/{kind}', typestore=self._types)

    def _write(self, connection: Any, data: Any) -> None:
        if self._open:
            self._writer.write(connection, self._node.get_clock().now().nanoseconds, data)
            self._newest[connection.topic] = bytes(data)

    def newest_status(self) -> MissionStatus | None:
        """Return the patrol's status that was recorded last, None before the first."""
        data = self._newest.get(self._node.resolve_topic_name('patrol/status'))
        return None if data is None else mission_status_from_ros(deserialize_message(data, DiagnosticArray))

"""Looking through the camera now and then, and only while there is something to look at."""

from __future__ import annotations

import math
from collections.abc import Callable

from rclpy.subscription import Subscription
from sensor_msgs.msg import CameraInfo, Image, JointState

from lepatrol.model.observation import CameraImage
from lepatrol.ros import conversions, qos
from lepatrol.ros.runner import LepatrolNode


class Glances:
    """Hands on one picture per period while it is open; while closed, nothing of the camera reaches this process.

    With the picture goes how far the camera is turned to the left, in radians.
    """

    def __init__(
        self, node: LepatrolNode, pan_joint: str, period_s: float, take: Callable[[CameraImage, float], None],
    ) -> None:
        """Begin closed."""
        self._node = node
        self._pan_joint = pan_joint
        self._period_s = period_s
        self._take = take
        self._pan_rad = 0.0
        self._info: CameraInfo | None = None
        self._looked_s = -math.inf
        self._listeners: list[Subscription] = []

    def open(self, wanted: bool) -> None:
        """Look, or look no more."""
        if wanted == bool(self._listeners):
            return
        if wanted:
            listen = self._node.listen
            self._listeners = [
                listen(CameraInfo, 'camera/camera_info', self._on_info, qos.SENSOR),
                listen(Image, 'camera/image_raw', self._on_image, qos.SENSOR),
                listen(JointState, 'joint_states', self._on_joints, qos.SENSOR)]
            return
        for listener in self._listeners:
            self._node.destroy_subscription(listener)
        self._listeners, self._info = [], None

    def _on_info(self, message: CameraInfo) -> None:
        self._info = message

    def _on_joints(self, message: JointState) -> None:
        positions = conversions.joint_positions_from_ros(message).positions_rad
        self._pan_rad = positions.get(self._pan_joint, self._pan_rad)

    def _on_image(self, message: Image) -> None:
        stamp_s = conversions.time_from_ros(message.header.stamp)
        if self._info is None or 0.0 <= stamp_s - self._looked_s < self._period_s:
            return
        self._looked_s = stamp_s
        self._take(conversions.image_from_ros(message, conversions.camera_info_from_ros(self._info)), self._pan_rad)

"""How a goal stands, published when that changes and now and then besides."""

from __future__ import annotations

import math

from diagnostic_msgs.msg import DiagnosticArray
from rclpy.node import Node

from lepatrol.model.navigation import NavigationFeedback
from lepatrol.ros import conversions, qos

_PERIOD_S = 0.2


class FeedbackPublisher:
    """Publishes ``navigator/feedback``."""

    def __init__(self, node: Node) -> None:
        """Publish through a node; nothing was told yet."""
        self._topic = node.create_publisher(DiagnosticArray, 'navigator/feedback', qos.LATCHED)
        self._told: NavigationFeedback | None = None
        self._told_s = -math.inf

    def tell(self, feedback: NavigationFeedback, now_s: float, *, at_once: bool = False) -> bool:
        """Publish it if it is new, due or wanted at once; tell whether it was published."""
        told = self._told
        same = told is not None and (
            (feedback.goal_id, feedback.state, feedback.reason, feedback.trespass)
            == (told.goal_id, told.state, told.reason, told.trespass))
        if same and not at_once and 0.0 <= now_s - self._told_s < _PERIOD_S:
            return False
        self._told, self._told_s = feedback, now_s
        self._topic.publish(conversions.feedback_to_ros(feedback))
        return True

"""Nav2's NavigateToPose action by rclpy.

The action is that of nav2_msgs/action/NavigateToPose.action in ros-navigation/navigation2, branch jazzy: a goal of
``pose`` and ``behavior_tree``; feedback with ``distance_remaining`` and ``number_of_recoveries``; a result of
``error_code`` and ``error_msg``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from action_msgs.msg import GoalStatus
from geometry_msgs.msg import PoseStamped
from rclpy.action.client import ActionClient
from rclpy.node import Node

from lepatrol.model.action_goal import Ending, GoalSender, Order
from lepatrol.ros.conversions.poses import MAP, place_to_ros
from lepatrol.ros.conversions.times import header
from lepatrol.ros.optional import NAV2_MESSAGES, load

_ENDINGS = {
    GoalStatus.STATUS_SUCCEEDED: Ending.SUCCEEDED,
    GoalStatus.STATUS_ABORTED: Ending.ABORTED,
    GoalStatus.STATUS_CANCELED: Ending.CANCELED,
}


def navigate_to_pose() -> Any:
    """Return Nav2's action type.

    :raises LepatrolError: saying what to install where it is not there.
    """
    return load(NAV2_MESSAGES, 'action', 'NavigateToPose', 'navigator nav2')


class Nav2GoalSender(GoalSender):
    """Sends goals to Nav2; its answers come while the node is spun."""

    def __init__(self, node: Node, action_type: Any, name: str, behavior_tree: str = '') -> None:
        """Make the client; ``behavior_tree`` is the file that Nav2 is to use, '' for its default."""
        self._client = ActionClient(node, action_type, name)
        self._goal_type = action_type.Goal
        self._behavior_tree = behavior_tree
        self._now: Callable[[], Any] = node.get_clock().now
        self._handles: dict[int, Any] = {}

    def is_ready(self) -> bool:
        """Tell whether there is a server."""
        return bool(self._client.server_is_ready())

    def send(self, order: Order) -> None:
        """Send a goal."""
        pose = order.pose
        goal = self._goal_type()
        goal.pose = PoseStamped(
            header=header(self._now().nanoseconds * 1e-9, MAP), pose=place_to_ros(pose.x_m, pose.y_m, pose.yaw_rad))
        goal.behavior_tree = self._behavior_tree
        future = self._client.send_goal_async(
            goal, feedback_callback=lambda message: _on_feedback(order, message.feedback))
        future.add_done_callback(lambda done: self._on_answer(order, done))

    def cancel(self, order: Order) -> None:
        """Ask for a goal to be given up, if the server has it."""
        handle = self._handles.get(order.number)
        if handle is not None and self._client.server_is_ready():
            handle.cancel_goal_async()

    def _on_answer(self, order: Order, future: Any) -> None:
        handle = future.result()
        order.answer(bool(handle.accepted))
        if handle.accepted:
            self._handles[order.number] = handle
            handle.get_result_async().add_done_callback(lambda done: self._on_result(order, done))

    def _on_result(self, order: Order, future: Any) -> None:
        self._handles.pop(order.number, None)
        response = future.result()
        result = response.result
        # Older distributions give no error_msg.
        order.end(_ENDINGS.get(response.status, Ending.LOST), int(result.error_code),
                  str(getattr(result, 'error_msg', '')))


def _on_feedback(order: Order, feedback: Any) -> None:
    order.progress(float(feedback.distance_remaining), int(feedback.number_of_recoveries))

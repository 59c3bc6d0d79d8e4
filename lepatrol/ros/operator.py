"""An operator at a console: gives orders over ``patrol/command`` and watches how the mission goes."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import rclpy
from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import PoseWithCovarianceStamped
from nav_msgs.msg import OccupancyGrid
from rclpy.context import Context
from rclpy.node import Node
from rclpy.parameter import Parameter
from std_msgs.msg import String

from lepatrol.model.alerts import Alert
from lepatrol.model.cases import Case
from lepatrol.model.errors import LepatrolError
from lepatrol.model.mission import MissionStatus
from lepatrol.model.occupancy import OccupancyMap
from lepatrol.ros import conversions, qos
from lepatrol.ros.executor import make_executor

_TRACK_STEP_M = 0.1


class Operator:
    """One robot's console: ``status``, ``map``, ``track_m``, and ``alerts`` and ``cases`` by id, as heard last."""

    def __init__(self, node: Node, check: Callable[[], None] = lambda: None) -> None:
        """Connect to the topics of the robot whose namespace the node is in.

        ``check`` is called while waiting; it raises where waiting has become pointless.
        """
        self.node = node
        self._check = check
        self.status: MissionStatus | None = None
        self.map: OccupancyMap | None = None
        self.track_m: list[tuple[float, float]] = []
        self.alerts: dict[str, Alert] = {}
        self.cases: dict[str, Case] = {}
        self._executor = make_executor(node.context)
        self._executor.add_node(node)
        self._commands = node.create_publisher(String, 'patrol/command', qos.COMMAND)
        node.create_subscription(DiagnosticArray, 'patrol/status', self._on_status, qos.LATCHED)
        node.create_subscription(PoseWithCovarianceStamped, 'pose', self._on_pose, qos.SENSOR)
        node.create_subscription(OccupancyGrid, '/map', self._on_map, qos.LATCHED)
        node.create_subscription(DiagnosticArray, 'perimeter/alerts', self._on_alerts, qos.ALERTS)
        node.create_subscription(DiagnosticArray, 'patrol/cases', self._on_cases, qos.ALERTS)

    def close(self) -> None:
        """Stop listening."""
        self._executor.shutdown()

    def spin(self, duration_s: float) -> None:
        """Listen for a while."""
        end = time.monotonic() + duration_s
        while (left_s := end - time.monotonic()) > 0.0:
            self._executor.spin_once(timeout_sec=left_s)

    def wait_for(self, what: str, happened: Callable[[], bool], *, deadline_s: float) -> None:
        """Listen until something has happened.

        :raises LepatrolError: naming ``what``, if it does not happen within the deadline.
        """
        end = time.monotonic() + deadline_s
        while not happened():
            self._check()
            if time.monotonic() > end:
                raise LepatrolError(f'{what} did not come within {deadline_s:g} s')
            self._executor.spin_once(timeout_sec=0.1)

    def order(self, command: str, *, deadline_s: float = 10.0) -> str:
        """Give an order and return the answer: ``ok`` or ``refused: REASON``.

        :raises LepatrolError: if nobody listens or answers within the deadline.
        """
        self.wait_for('a patrol node that listens', self._is_heard, deadline_s=deadline_s)
        given_ns = self.node.get_clock().now().nanoseconds
        self._commands.publish(String(data=command))

        def answered() -> bool:
            status = self.status
            return bool(status and status.reply_to == command and status.stamp_s * 1e9 >= given_ns)

        self.wait_for(f'an answer to {command!r}', answered, deadline_s=deadline_s)
        assert self.status is not None
        return self.status.reply

    def next_status(self, *, deadline_s: float) -> MissionStatus:
        """Listen until the patrol has said again how its mission stands.

        :raises LepatrolError: if it falls silent for longer than the deadline.
        """
        before = self.status
        self.wait_for('a patrol status', lambda: self.status is not before, deadline_s=deadline_s)
        assert self.status is not None
        return self.status

    @property
    def now_s(self) -> float:
        """Return the time of the clock in use."""
        return float(self.node.get_clock().now().nanoseconds) * 1e-9

    def _is_heard(self) -> bool:
        """Tell whether the patrol has been heard and is connected; a recorder in this process listens too."""
        listeners = self.node.get_subscriptions_info_by_topic(self._commands.topic_name)
        others = [listener for listener in listeners if listener.node_name != self.node.get_name()]
        return bool(self.status and others and self._commands.get_subscription_count() >= len(listeners))

    def _on_status(self, message: DiagnosticArray) -> None:
        self.status = conversions.mission_status_from_ros(message)

    def _on_map(self, message: OccupancyGrid) -> None:
        self.map = conversions.map_from_ros(message)

    def _on_alerts(self, message: DiagnosticArray) -> None:
        self.alerts |= {alert.alert_id: alert for alert in conversions.alerts_from_ros(message)}

    def _on_cases(self, message: DiagnosticArray) -> None:
        self.cases |= {case.case_id: case for case in conversions.cases_from_ros(message)}

    def _on_pose(self, message: PoseWithCovarianceStamped) -> None:
        place = message.pose.pose.position
        if not self.track_m or max(
                abs(place.x - self.track_m[-1][0]), abs(place.y - self.track_m[-1][1])) >= _TRACK_STEP_M:
            self.track_m.append((place.x, place.y))


@contextmanager
def open_console(check: Callable[[], None] = lambda: None) -> Iterator[Operator]:
    """Give an operator a console on simulated time, in a ROS context of its own; ``check`` as in ``Operator``."""
    context = Context()
    rclpy.init(context=context)
    node = rclpy.create_node(
        'operator', context=context, parameter_overrides=[Parameter('use_sim_time', value=True)])
    operator = Operator(node, check)
    try:
        yield operator
    finally:
        operator.close()
        node.destroy_node()
        rclpy.shutdown(context=context)

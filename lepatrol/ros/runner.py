"""The life of a node's process: it ends cleanly on SIGINT and SIGTERM, and says in one line why it cannot run."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import rclpy
import rclpy.utilities
from rclpy.executors import ExternalShutdownException
from rclpy.node import Node
from rclpy.signals import uninstall_signal_handlers
from rclpy.subscription import Subscription

from lepatrol.model.errors import LepatrolError
from lepatrol.ros.executor import make_executor

M = TypeVar('M')

_THROTTLE_S = 2.0
_WAKE_S = 1.0


class LepatrolNode(Node):
    """A node whose callbacks survive bad messages."""

    @property
    def now_s(self) -> float:
        """Return the time of the clock in use, simulated or not."""
        return float(self.get_clock().now().nanoseconds) * 1e-9

    def listen(
        self, message_type: type[M], topic: str, callback: Callable[[M], None], qos: Any,
    ) -> Subscription:
        """Subscribe; a message that cannot be taken is named in the log, and nothing else changes."""

        def guarded(message: M) -> None:
            try:
                callback(message)
            except LepatrolError as error:
                self.get_logger().error(f'{topic}: {error}', throttle_duration_sec=_THROTTLE_S)

        return self.create_subscription(message_type, topic, guarded, qos)

    def close(self) -> None:
        """Free what the node holds besides ROS; called once, at the end."""


def run_node(make: Callable[[], LepatrolNode], arguments: list[str] | None = None) -> int:
    """Run a node until it is told to end; return the exit code: 0 for a clean end, 1 where it cannot run.

    Call it in the main thread, which alone may say what signals do.
    """
    with _signals_noted() as told:
        rclpy.init(args=arguments)
        try:
            # A signal that came before rclpy listened shut nothing down.
            return 0 if told else _run(make)
        finally:
            rclpy.utilities.try_shutdown()
            uninstall_signal_handlers()


def _run(make: Callable[[], LepatrolNode]) -> int:
    node: LepatrolNode | None = None
    try:
        # Made first: an executor that finds ROS already shut down leaves a stack trace behind.
        executor = make_executor()
        node = make()
        executor.add_node(node)
        while rclpy.utilities.ok():
            executor.spin_once(timeout_sec=_WAKE_S)
    except ExternalShutdownException:
        pass
    except LepatrolError as error:
        print(f'{node.get_name() if node else "lepatrol"}: {error}', file=sys.stderr)
        return 1
    except Exception:
        # What rclpy raises where a node is made or publishes when a signal has already shut ROS down.
        if rclpy.utilities.ok():
            raise
    finally:
        if node is not None:
            node.close()
            node.destroy_node()
    return 0


@contextmanager
def _signals_noted() -> Iterator[list[int]]:
    """Note SIGINT and SIGTERM and raise nothing: rclpy shuts ROS down on them, so that the node ends where it may."""
    told: list[int] = []
    before = {sign: signal.signal(sign, lambda number, _: told.append(number))
              for sign in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield told
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)

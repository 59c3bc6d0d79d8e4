"""The life of a node's process: it ends cleanly on SIGINT and SIGTERM, and says in one line why it cannot run."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, TypeVar

import rclpy
import rclpy.utilities
from rclpy.executors import ExternalShutdownException, SingleThreadedExecutor
from rclpy.node import Node

from lepatrol.model.errors import LepatrolError

M = TypeVar('M')

_THROTTLE_S = 2.0


class LepatrolNode(Node):
    """A node whose callbacks survive bad messages."""

    @property
    def now_s(self) -> float:
        """Return the time of the clock in use, simulated or not."""
        return float(self.get_clock().now().nanoseconds) * 1e-9

    def listen(self, message_type: type[M], topic: str, callback: Callable[[M], None], qos: Any) -> None:
        """Subscribe; a message that cannot be taken is named in the log, and nothing else changes."""

        def guarded(message: M) -> None:
            try:
                callback(message)
            except LepatrolError as error:
                self.get_logger().error(f'{topic}: {error}', throttle_duration_sec=_THROTTLE_S)

        self.create_subscription(message_type, topic, guarded, qos)

    def close(self) -> None:
        """Free what the node holds besides ROS; called once, at the end."""


def run_node(make: Callable[[], LepatrolNode], arguments: list[str] | None = None) -> int:
    """Run a node until it is told to end; return the exit code: 0 for a clean end, 1 where it cannot run."""
    rclpy.init(args=arguments)
    node: LepatrolNode | None = None
    try:
        node = make()
        executor = SingleThreadedExecutor()
        executor.add_node(node)
        executor.spin()
    except (KeyboardInterrupt, ExternalShutdownException):
        pass
    except LepatrolError as error:
        print(f'{node.get_name() if node else "lepatrol"}: {error}', file=sys.stderr)
        return 1
    except RuntimeError:
        # What rclpy raises where a callback still publishes when a signal has already shut ROS down.
        if rclpy.utilities.ok():
            raise
    finally:
        if node is not None:
            node.close()
            node.destroy_node()
        rclpy.utilities.try_shutdown()
    return 0

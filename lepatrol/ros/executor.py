"""The executor that our nodes spin in."""

from __future__ import annotations

from contextlib import suppress

from rclpy.context import Context
from rclpy.executors import Executor, SingleThreadedExecutor

try:
    from rclpy.experimental import EventsExecutor
except ImportError:  # pragma: no cover - older than Jazzy's rclpy 7.1.5
    EventsExecutor = None


def make_executor(context: Context | None = None) -> Executor:
    """Return an executor that runs one callback at a time.

    That is the events executor where rclpy has it: any other puts all that a node listens to into a wait set anew for
    every single message, in Python, which costs a node of twenty topics more than its callbacks do. The events executor
    wants a standard error that is a file.
    """
    if EventsExecutor is not None:
        with suppress(OSError, RuntimeError):
            return EventsExecutor(context=context)
    return SingleThreadedExecutor(context=context)

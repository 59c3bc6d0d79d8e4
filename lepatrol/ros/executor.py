"""The executor that our nodes spin in."""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module

from rclpy.context import Context
from rclpy.executors import Executor, SingleThreadedExecutor


def make_executor(context: Context | None = None) -> Executor:
    """Return an executor that runs one callback at a time.

    That is the events executor where rclpy has it: any other puts all that a node listens to into a wait set anew for
    every single message, in Python, which costs a node of twenty topics more than its callbacks do. The events executor
    wants a standard error that is a file.
    """
    with suppress(ImportError, OSError, RuntimeError):
        executor: Executor = import_module('rclpy.experimental').EventsExecutor(context=context)
        return executor
    return SingleThreadedExecutor(context=context)

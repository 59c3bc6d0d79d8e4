"""The core's log lines, said by the node that runs it."""

from __future__ import annotations

import logging

from rclpy.node import Node


def ros_logger(node: Node) -> logging.Logger:
    """Return a logger for the core whose lines go out through the node's own, to the terminal and ``/rosout``."""
    logger = logging.getLogger(f'lepatrol.node.{node.get_name()}')
    logger.setLevel(logging.INFO)
    logger.propagate = False
    logger.handlers[:] = [_NodeHandler(node)]
    return logger


class _NodeHandler(logging.Handler):
    def __init__(self, node: Node) -> None:
        super().__init__()
        self._logger = node.get_logger()

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        # One call each: rclpy remembers a severity for every place it is called from.
        if record.levelno >= logging.ERROR:
            self._logger.error(text)
        elif record.levelno >= logging.WARNING:
            self._logger.warning(text)
        else:
            self._logger.info(text)

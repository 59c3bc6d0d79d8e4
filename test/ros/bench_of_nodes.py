"""Nodes of this process, for tests."""

import time

from rclpy.executors import SingleThreadedExecutor
from rclpy.node import Node
from rclpy.parameter import Parameter

DEADLINE_S = 30.0


class Bench:
    """Nodes of one context, spun by hand."""

    def __init__(self, context):
        self._context = context
        self._executor = SingleThreadedExecutor(context=context)
        self._nodes = []

    def node(self, cls=Node, name='node', *, namespace='', **parameters):
        """Make a node that was given parameters as on the command line; ``a__b`` is ``a.b``."""
        node = cls(name, context=self._context, namespace=namespace, parameter_overrides=[
            Parameter(key.replace('__', '.'), value=value) for key, value in parameters.items()])
        self._nodes.append(node)
        self._executor.add_node(node)
        return node

    def leave(self, node):
        """Let somebody else spin a node."""
        self._executor.remove_node(node)

    def publisher(self, message_type, topic, profile):
        """Make a publisher that somebody listens to already."""
        publisher = self.node(name='talker').create_publisher(message_type, topic, profile)
        self.wait_for(f'a listener of {topic}', lambda: publisher.get_subscription_count() > 0)
        return publisher

    def spin_once(self, timeout_s=0.0):
        self._executor.spin_once(timeout_sec=timeout_s)

    def wait_for(self, what, happened):
        end = time.monotonic() + DEADLINE_S
        while not happened():
            assert time.monotonic() < end, f'{what} did not come within {DEADLINE_S:g} s'
            self.spin_once(0.05)

    def close(self):
        self._executor.shutdown()
        for node in self._nodes:
            node.destroy_node()

"""Nodes as processes of their own, and an operator beside them; whoever starts them has the ROS domain to himself."""

from contextlib import contextmanager

import rclpy
from rclpy.context import Context
from rclpy.parameter import Parameter

from lepatrol import bringup
from lepatrol.ros.operator import Operator

DEADLINE_S = 90.0


@contextmanager
def console(running):
    """Give an operator a console beside nodes that run."""
    context = Context()
    rclpy.init(context=context)
    node = rclpy.create_node(
        'operator', context=context, parameter_overrides=[Parameter('use_sim_time', value=True)])
    operator = Operator(node, running.check)
    try:
        yield operator
    finally:
        operator.close()
        node.destroy_node()
        rclpy.shutdown(context=context)


def yard(folder, speed=5.0):
    return bringup.patrol_nodes(world='bench_yard', site='bench_yard', speed=speed, output_folder=folder)

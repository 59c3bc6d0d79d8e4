"""ROS in this process, for tests that need nodes."""

import pytest
import rclpy
from bench_of_nodes import Bench
from rclpy.context import Context


@pytest.fixture
def bench():
    context = Context()
    rclpy.init(context=context)
    bench = Bench(context)
    yield bench
    bench.close()
    rclpy.shutdown(context=context)

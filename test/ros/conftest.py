"""ROS in this process, for tests that need nodes."""

import pytest
import rclpy
from bench_of_nodes import Bench
from hypothesis import settings
from rclpy.context import Context

# The first message of a type loads its library, which takes longer than hypothesis allows an example on a busy machine.
settings.register_profile('unhurried', deadline=None)
settings.load_profile('unhurried')


@pytest.fixture
def bench():
    context = Context()
    rclpy.init(context=context)
    bench = Bench(context)
    yield bench
    bench.close()
    rclpy.shutdown(context=context)

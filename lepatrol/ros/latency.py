"""How long a message takes from one process to another over the middleware in use.

A scan goes to an echo in another process and back, while camera pictures keep the wire as busy as a robot does; half of
the time for the round trip is one way. Both ends use one clock, so nothing has to be synchronised.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from typing import Any

import rclpy
from rclpy.context import Context
from rclpy.node import Node
from rclpy.qos import qos_profile_sensor_data
from sensor_msgs.msg import Image, LaserScan

from lepatrol.model.errors import LepatrolError
from lepatrol.ros.executor import make_executor
from lepatrol.ros.runner import LepatrolNode, run_node

_PERIOD_S = 0.01
_PICTURE_EVERY = 10
_DEADLINE_S = 30.0


def measure_ms(count: int = 1000) -> list[float]:
    """Return the one-way times, in milliseconds, of ``count`` scans of 360 beams at 100 Hz.

    :raises LepatrolError: if the echo does not answer.
    """
    environment = {
        'ROS_AUTOMATIC_DISCOVERY_RANGE': 'LOCALHOST',
        'ROS_DOMAIN_ID': str(1 + os.getpid() % 100),
    }
    echo = subprocess.Popen([sys.executable, '-m', 'lepatrol.ros.latency'], env={**os.environ, **environment})
    before = {name: os.environ.get(name) for name in environment}
    os.environ.update(environment)
    try:
        context = Context()
        rclpy.init(context=context)
        try:
            return _Probe(context).measure_ms(count)
        finally:
            rclpy.shutdown(context=context)
    finally:
        echo.terminate()
        echo.wait(timeout=10.0)
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


class _Probe:
    """Sends scans and times their return."""

    def __init__(self, context: Context) -> None:
        self._node = Node('latency_probe', context=context)
        self._executor = make_executor(context)
        self._executor.add_node(self._node)
        self._scans = self._node.create_publisher(LaserScan, 'scan', qos_profile_sensor_data)
        self._pictures = self._node.create_publisher(Image, 'image', qos_profile_sensor_data)
        self._node.create_subscription(LaserScan, 'echo', self._on_echo, qos_profile_sensor_data)
        self._sent_ns: dict[int, int] = {}
        self._times_ms: list[float] = []

    def measure_ms(self, count: int) -> list[float]:
        scan = LaserScan(ranges=[5.0] * 360)
        picture = Image(width=320, height=240, encoding='rgb8', step=960)
        picture.data.frombytes(bytes(320 * 240 * 3))
        deadline = time.monotonic() + _DEADLINE_S + 2 * count * _PERIOD_S
        number = 0
        while len(self._times_ms) < count:
            if time.monotonic() > deadline:
                raise LepatrolError(
                    f'only {len(self._times_ms)} of {count} messages came back from the other process in time')
            number += 1
            if number % _PICTURE_EVERY == 0:
                self._pictures.publish(picture)
            scan.header.stamp.sec = number
            self._sent_ns[number] = time.monotonic_ns()
            self._scans.publish(scan)
            next_s = time.monotonic() + _PERIOD_S
            while (left_s := next_s - time.monotonic()) > 0.0:
                self._executor.spin_once(timeout_sec=left_s)
        return self._times_ms[:count]

    def _on_echo(self, scan: Any) -> None:
        sent_ns = self._sent_ns.pop(scan.header.stamp.sec)
        self._times_ms.append((time.monotonic_ns() - sent_ns) / 2e6)


class _Echo(LepatrolNode):
    """Sends each scan back."""

    def __init__(self) -> None:
        super().__init__('latency_echo')
        publisher = self.create_publisher(LaserScan, 'echo', qos_profile_sensor_data)
        self.create_subscription(LaserScan, 'scan', publisher.publish, qos_profile_sensor_data)
        self.create_subscription(Image, 'image', lambda picture: None, qos_profile_sensor_data)


if __name__ == '__main__':
    sys.exit(run_node(_Echo))

"""How long it takes from a scan to the alert that it gives rise to, over the wire, in a node of its own process.

The robot stands before a hole in a fence; scans, pictures, poses and odometry come at the rates of a robot. Each scan
makes the alert anew, so that every one is timed: from just before it is sent to when its alert has come back.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import rclpy
from diagnostic_msgs.msg import DiagnosticArray
from rclpy.context import Context
from rclpy.node import Node

from lepatrol.model.errors import LepatrolError
from lepatrol.model.geometry import STOP, Pose3
from lepatrol.model.observation import CameraImage, LaserScan, Odometry, PoseEstimate
from lepatrol.ros import conversions, qos
from lepatrol.ros.executor import make_executor
from lepatrol.ros.observations import ObservationPublisher

_TICK_S = 0.02
_SCAN_EVERY, _POSE_EVERY = 5, 2
_DEADLINE_S = 60.0


def measure_ms(
    command: Callable[[Path], Sequence[str]], scan: LaserScan, image: CameraImage, base: Pose3, count: int = 100,
) -> list[float]:
    """Return the times, in milliseconds, from ``count`` scans to their alerts.

    ``command`` is given a folder to keep alerts in and returns what starts a perimeter node that tells an alert again
    with every scan. ``scan`` and ``image`` are what the robot sees from ``base``, its pose in ``map``.

    :raises LepatrolError: if the node does not answer.
    """
    environment = {
        **os.environ, 'ROS_AUTOMATIC_DISCOVERY_RANGE': 'LOCALHOST', 'ROS_DOMAIN_ID': str(1 + os.getpid() % 100)}
    context = Context()
    with tempfile.TemporaryDirectory() as folder:
        node = subprocess.Popen(command(Path(folder)), env=environment)
        try:
            rclpy.init(context=context, domain_id=int(environment['ROS_DOMAIN_ID']))
            return _Probe(context, scan, image, base).measure_ms(count)
        finally:
            context.try_shutdown()
            node.terminate()
            node.wait(timeout=10.0)


class _Probe:
    """Plays the robot and times the alerts."""

    def __init__(self, context: Context, scan: LaserScan, image: CameraImage, base: Pose3) -> None:
        self._scan, self._image, self._base = scan, image, base
        self._node = Node('alert_latency_probe', context=context)
        self._executor = make_executor(context)
        self._executor.add_node(self._node)
        self._publisher = ObservationPublisher(self._node)
        self._node.create_subscription(DiagnosticArray, 'perimeter/alerts', self._on_alerts, qos.ALERTS)
        self._sent_s: float | None = None
        self._times_ms: list[float] = []

    def measure_ms(self, count: int) -> list[float]:
        deadline = time.monotonic() + _DEADLINE_S + count * _SCAN_EVERY * _TICK_S
        tick, next_s = 0, time.monotonic()
        while len(self._times_ms) < count:
            if next_s > deadline:
                raise LepatrolError(f'only {len(self._times_ms)} of {count} alerts came in time')
            self._play(tick)
            tick, next_s = tick + 1, next_s + _TICK_S
            while (left_s := next_s - time.monotonic()) > 0.0:
                self._executor.spin_once(timeout_sec=left_s)
        return self._times_ms

    def _play(self, tick: int) -> None:
        """Send what is due: pictures half way between two scans, as a robot's sensors are not in step."""
        now_s = self._node.get_clock().now().nanoseconds * 1e-9
        if tick % _POSE_EVERY == 0:
            self._publisher.publish('odom', Odometry(now_s, self._base, STOP))
            self._publisher.publish('pose', PoseEstimate(now_s, 'map', self._base, 0.02, 0.005))
        if tick % _SCAN_EVERY == 0:
            self._sent_s = time.monotonic()
            self._publisher.publish('scan', replace(self._scan, stamp_s=now_s))
        elif tick % _SCAN_EVERY == 2:
            self._publisher.publish('camera/image_raw', replace(self._image, stamp_s=now_s))

    def _on_alerts(self, message: DiagnosticArray) -> None:
        alerts = conversions.alerts_from_ros(message)
        # A picture judges too; what counts is the first word after each scan.
        if self._sent_s is not None and alerts:
            self._times_ms.append((time.monotonic() - self._sent_s) * 1e3)
            self._sent_s = None

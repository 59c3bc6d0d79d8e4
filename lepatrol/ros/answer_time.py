"""How long the greeter's answers take over the wire, and how much memory its process has needed at most."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import rclpy
from rclpy.context import Context
from rclpy.node import Node
from std_msgs.msg import String

from lepatrol.model.errors import LepatrolError
from lepatrol.ros import qos
from lepatrol.ros.executor import make_executor

QUESTIONS = (
    'When can I visit on Sunday?', 'où est l\'atelier', '¿puedo llevar el móvil?', 'هل يمكنني التدخين',
    'what happens if my train is late', 'who won the football match', 'est-ce que je peux payer par carte',
    'where do I leave my bag, and is there a toilet')
_DEADLINE_S = 60.0


def measure(command: Callable[[Path], Sequence[str]], rounds: int = 10) -> tuple[list[float], float]:
    """Return the times in milliseconds from questions to answers, and the node's peak memory in megabytes.

    ``command`` is given a folder for transcripts and returns what starts a greeter node.

    :raises LepatrolError: if the node does not answer.
    """
    environment = {
        **os.environ, 'ROS_AUTOMATIC_DISCOVERY_RANGE': 'LOCALHOST', 'ROS_DOMAIN_ID': str(1 + os.getpid() % 100)}
    context = Context()
    with tempfile.TemporaryDirectory() as folder:
        node = subprocess.Popen(command(Path(folder)), env=environment)
        try:
            rclpy.init(context=context, domain_id=int(environment['ROS_DOMAIN_ID']))
            times_ms = _Asker(context).measure_ms(rounds)
            return times_ms, _peak_memory_mb(node.pid)
        finally:
            context.try_shutdown()
            node.terminate()
            node.wait(timeout=10.0)


class _Asker:
    """Asks one question after another, each in a conversation of its own."""

    def __init__(self, context: Context) -> None:
        self._node = Node('answer_time_probe', context=context)
        self._executor = make_executor(context)
        self._executor.add_node(self._node)
        self._questions = self._node.create_publisher(String, 'chat/in', qos.COMMAND)
        self._node.create_subscription(String, 'chat/out', self._on_answer, qos.COMMAND)
        self._answered_s: float | None = None

    def measure_ms(self, rounds: int) -> list[float]:
        self._wait(lambda: self._questions.get_subscription_count() > 0 and self._node.count_publishers('chat/out') > 0)
        times_ms: list[float] = []
        for number in range(rounds):
            for question in QUESTIONS:
                self._answered_s, sent_s = None, time.monotonic()
                said = f'{{"conversation": "{number}-{len(times_ms)}", "text": "{question}"}}'
                self._questions.publish(String(data=said))
                self._wait(lambda: self._answered_s is not None)
                assert self._answered_s is not None
                times_ms.append((self._answered_s - sent_s) * 1e3)
        return times_ms

    def _wait(self, happened: Callable[[], bool]) -> None:
        end_s = time.monotonic() + _DEADLINE_S
        while not happened():
            if time.monotonic() > end_s:
                raise LepatrolError('the greeter does not answer')
            self._executor.spin_once(timeout_sec=0.05)

    def _on_answer(self, message: String) -> None:
        self._answered_s = time.monotonic()


def _peak_memory_mb(pid: int) -> float:
    """Return the most resident memory a process has had (Linux)."""
    for line in Path(f'/proc/{pid}/status').read_text(encoding='utf-8').splitlines():
        if line.startswith('VmHWM:'):
            return float(line.split()[1]) / 1024.0
    raise LepatrolError(f'process {pid} does not say how much memory it has')

"""A node that is told to end, at whatever moment of its life and however often, ends with exit code 0.

Nothing of ours runs before Python has come to the first line of ``lepatrol.nodes.__main__``: a signal in those some
50 ms ends the process by itself. Hence processes here have either shown that they are past it, or are born ignoring
signals.
"""

import os
import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import pytest
from live_nodes import DEADLINE_S, yard

from lepatrol import bringup

SIGNALS = (signal.SIGINT, signal.SIGTERM)
ROOT = Path(__file__).resolve().parents[2]

# Stands in for a large library: says that it is being imported, and never gets done.
ENDLESS_IMPORT = """
import signal, sys
sys.stdout.write('importing')
sys.stdout.flush()
while True:
    signal.pause()
"""


def executable(name):
    """Return what pip writes to ``bin/`` for a node, by what setup.py says."""
    module, function = re.search(rf"'{name} = ([\w.]+):(\w+)'", (ROOT / 'setup.py').read_text()).groups()
    return [sys.executable, '-c', f'import sys; from {module} import {function}; sys.exit({function}())']


@contextmanager
def running(command, **options):
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT, start_new_session=True, **options)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def ignore_signals():
    for sign in SIGNALS:
        signal.signal(sign, signal.SIG_IGN)


def has_loaded(process, library):
    """Tell whether a process holds a library, or has ended."""
    try:
        return library in Path(f'/proc/{process.pid}/maps').read_text() or process.poll() is not None
    except OSError:
        return process.poll() is not None


def wait_until(happened, what):
    end = time.monotonic() + DEADLINE_S
    while not happened():
        assert time.monotonic() < end, f'{what} did not come'
        time.sleep(0.002)


def tell_again_and_again(process, sign):
    """Send a signal every few milliseconds until the process has ended; return its exit code."""
    def ended():
        process.send_signal(sign)
        return process.poll() is not None

    wait_until(ended, 'the end')
    return process.returncode


@pytest.mark.parametrize('sign', SIGNALS)
@pytest.mark.parametrize('command', [
    *([sys.executable, '-m', 'lepatrol.nodes', name] for name in ('simulator', 'navigator', 'patrol', 'perimeter')),
    *(executable(name) for name in ('simulator', 'navigator', 'patrol', 'perimeter')),
], ids=lambda command: ' '.join(command[1:]))
def test_a_node_that_is_told_to_end_while_it_is_imported_ends_cleanly(tmp_path, command, sign):
    (tmp_path / 'diagnostic_msgs.py').write_text(ENDLESS_IMPORT)
    environment = {**os.environ, 'PYTHONPATH': f'{tmp_path}:{ROOT}'}
    with running(command, env=environment) as process:
        assert process.stdout.read(len('importing')) == b'importing', process.stderr.read().decode()
        process.send_signal(sign)
        said, errors = process.communicate(timeout=DEADLINE_S)
    assert (process.returncode, said, errors) == (0, b'', b'')


@pytest.mark.parametrize('sign', SIGNALS)
def test_a_node_that_is_told_to_end_from_its_first_moment_on_ends_before_it_has_imported_ros(tmp_path, sign):
    # As in a shell without a ROS: pip's runs Python a second time before anything else.
    environment = {key: text for key, text in os.environ.items() if not key.startswith('_ROS_WHEELS')}
    command = bringup.command_line(yard(tmp_path)[1])
    with running(command, env=environment, preexec_fn=ignore_signals) as process:
        seen = []

        def ended():
            process.send_signal(sign)
            seen.append(process.poll() is None and has_loaded(process, 'librcl.so'))
            return process.poll() is not None

        wait_until(ended, 'the end')
        assert (process.returncode, process.stderr.read()) == (0, b'')
    assert True not in seen


@pytest.mark.parametrize('sign', SIGNALS)
@pytest.mark.parametrize('library', ['_rclpy_pybind11', 'librmw_fastrtps_cpp.so'])
@pytest.mark.parametrize('number', [0, 1, 2, 3], ids=['simulator', 'navigator', 'patrol', 'perimeter'])
def test_a_node_that_is_told_again_and_again_while_it_starts_ends_cleanly(tmp_path, number, library, sign):
    command = bringup.command_line(yard(tmp_path)[number])
    with running(command) as process:
        wait_until(lambda: has_loaded(process, library), library)
        assert tell_again_and_again(process, sign) == 0, process.stderr.read().decode()
        assert b'Traceback' not in process.stderr.read()


def test_a_name_that_is_no_nodes_is_refused_with_those_there_are(tmp_path):
    with running([sys.executable, '-m', 'lepatrol.nodes', 'navigater']) as process:
        _, errors = process.communicate(timeout=DEADLINE_S)
    assert process.returncode == 2
    assert errors.decode().splitlines() == [
        "lepatrol.nodes: there is no node 'navigater', expected one of simulator, navigator, nav2_navigator, patrol, "
        'perimeter, greeter, frames, world_map, gazebo_pose, scenario_director, gazebo_lamp']

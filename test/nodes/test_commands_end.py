"""A command that started nodes leaves none behind when it is told to end."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from live_nodes import DEADLINE_S


def children_of(pid):
    return [int(child) for child in Path(f'/proc/{pid}/task/{pid}/children').read_text().split()]


@pytest.mark.parametrize(('command', 'sign', 'code'), [
    ('up', signal.SIGTERM, 0), ('up', signal.SIGINT, 130),
    ('demo', signal.SIGTERM, 143), ('demo', signal.SIGINT, 130),
])
def test_a_command_that_is_told_to_end_takes_its_nodes_with_it(tmp_path, command, sign, code):
    arguments = [sys.executable, '-m', 'lepatrol.cli', command, '--site', 'bench_yard', '--out', str(tmp_path)]
    if command == 'demo':
        arguments += ['--route', 'loop']
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL)
    try:
        end = time.monotonic() + DEADLINE_S
        while len(nodes := children_of(process.pid)) < 3:
            assert process.poll() is None, 'the command ended before its nodes ran'
            assert time.monotonic() < end, f'only {len(nodes)} nodes were started'
            time.sleep(0.05)
        os.kill(process.pid, sign)
        assert process.wait(timeout=DEADLINE_S) == code
    finally:
        process.kill()
    assert not [node for node in nodes if Path(f'/proc/{node}').exists()]

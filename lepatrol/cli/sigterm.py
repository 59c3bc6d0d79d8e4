"""What a command that has started nodes does on SIGTERM."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def ended_by_sigterm(exit_code: int) -> Iterator[None]:
    """Let SIGTERM unwind the stack and exit with a code, so that the nodes are ended too."""
    def end(*_: object) -> None:
        raise SystemExit(exit_code)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)

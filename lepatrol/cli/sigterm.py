"""What a command does on SIGTERM: it ends what it has started, and keeps what is done."""

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


@contextmanager
def interrupted_by_sigterm() -> Iterator[list[int]]:
    """Let SIGTERM interrupt as Ctrl-C does; yield the signals that have done so, for the exit code to tell."""
    told: list[int] = []

    def interrupt(number: int, *_: object) -> None:
        told.append(number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield told
    finally:
        signal.signal(signal.SIGTERM, before)


def code_of_interruption(signals: list[int]) -> int:
    """Return the exit code of a command that was interrupted, given the signals besides Ctrl-C that did."""
    return 128 + (signals[0] if signals else signal.SIGINT)

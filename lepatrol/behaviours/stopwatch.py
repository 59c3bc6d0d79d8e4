"""Time as waiting needs it: it only goes forward, whatever the clock does."""

from __future__ import annotations


class Stopwatch:
    """The clock in use, and the time that has passed on it.

    A clock that jumps back (a simulation was reset) adds nothing, so that no wait hangs until the old time comes again.
    """

    def __init__(self) -> None:
        """Start at nothing."""
        self.now_s = 0.0
        self.elapsed_s = 0.0
        self._started = False

    def advance(self, now_s: float) -> None:
        """Take over the clock's time."""
        if self._started:
            self.elapsed_s += max(0.0, now_s - self.now_s)
        self.now_s, self._started = now_s, True

"""How fast simulated time goes against the wall clock."""

from __future__ import annotations

_CATCH_UP_S = 0.25
"""A pause longer than this (of wall time) is not made good in a rush."""


class Pace:
    """Tells when the next piece of simulated time is due; is given the wall clock's time."""

    def __init__(self, speed: float) -> None:
        """Go at ``speed`` simulated seconds per second; 0 is as fast as it can."""
        self._speed = speed
        self._origin: tuple[float, float] | None = None
        self._window: tuple[float, float] | None = None

    def is_due(self, simulated_s: float, wall_s: float) -> bool:
        """Tell whether simulated time may go on from ``simulated_s`` now."""
        if self._speed == 0.0:
            return True
        if self._origin is None:
            self._origin = (simulated_s, wall_s)
        start_s, start_wall_s = self._origin
        behind_s = wall_s - start_wall_s - (simulated_s - start_s) / self._speed
        if behind_s > _CATCH_UP_S:
            self._origin = (simulated_s, wall_s)
        return behind_s >= 0.0

    def factor(self, simulated_s: float, wall_s: float) -> float | None:
        """Return the speed since the last call, in times real time; None at the first."""
        before, self._window = self._window, (simulated_s, wall_s)
        if before is None or wall_s <= before[1]:
            return None
        return (simulated_s - before[0]) / (wall_s - before[1])

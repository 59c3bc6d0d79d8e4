"""How far a robot truly went, and how often something began."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence

_STRIDE_M = 0.1
"""A simulated robot trembles; what is shorter than this is no way made."""
_BEFORE_S, _DRIVES_M_S = 0.1, 0.1
"""A robot drives if for so long it was touched by nothing, and its mean speed was this high."""


class Footsteps:
    """Adds up the way between the places where a robot truly was."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.distance_m = 0.0
        self._at: Sequence[float] | None = None

    def step(self, place_m: Sequence[float]) -> None:
        """Take in the next place."""
        if self._at is None:
            self._at = place_m
        elif (stride_m := math.dist(place_m, self._at)) >= _STRIDE_M:
            self.distance_m += stride_m
            self._at = place_m


class Onsets:
    """Counts how many times something began: a touch, a stay outside."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.count = 0
        self._was = False

    def step(self, holds: bool) -> None:
        """Take in whether it holds now."""
        self.count += holds and not self._was
        self._was = holds


class Touches:
    """Counts how many times a robot touched something, and how many of these while it drove, not stood."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.driving_count = 0
        """How many there were while it drove: in the others it was touched."""
        self._onsets = Onsets()
        self._trail: deque[tuple[float, Sequence[float]]] = deque()

    @property
    def count(self) -> int:
        """Return how many there were."""
        return self._onsets.count

    def step(self, stamp_s: float, place_m: Sequence[float], *, touches: bool) -> None:
        """Take in where the robot truly is at a time, and whether it touches something."""
        before = self.count
        self._onsets.step(touches)
        self.driving_count += self.count > before and self._drove()
        if touches:  # Whoever pushes it moves it.
            self._trail.clear()
        self._trail.append((stamp_s, place_m))
        while stamp_s - self._trail[0][0] > _BEFORE_S + 1e-9:
            self._trail.popleft()

    def _drove(self) -> bool:
        if not self._trail:
            return False
        (began_s, start), (ended_s, end) = self._trail[0], self._trail[-1]
        lasted_s = ended_s - began_s
        return lasted_s > _BEFORE_S - 1e-9 and math.dist(start, end) > _DRIVES_M_S * lasted_s

"""How far a robot truly went, and how often something began."""

from __future__ import annotations

import math
from collections.abc import Sequence

_STRIDE_M = 0.1
"""A simulated robot trembles; what is shorter than this is no way made."""


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

"""Whether a flying robot stands on the ground."""

from __future__ import annotations

from collections import deque

from lepatrol.settings.flight import FlightSettings

_LANDED_M = 0.5
"""A robot first seen lower than this stands on the ground; one that comes higher flies."""
_STILL_M, _STILL_S = 0.04, 1.0
"""Sinking no further than this in this time although told to, the robot stands on something."""


class Footing:
    """Tells whether the robot stands: by its height at first, then by whether it sinks when it is told to."""

    def __init__(self, settings: FlightSettings) -> None:
        """Begin without knowing, which counts as flying."""
        self._sinks_m_s = -0.5 * settings.landing_rate_m_s
        self._landed: bool | None = None
        self._touchdown = _Touchdown()

    @property
    def is_landed(self) -> bool:
        """Tell whether the robot stands on the ground."""
        return bool(self._landed)

    def forget(self) -> None:
        """Begin anew without knowing."""
        self._landed = None
        self._touchdown.clear()

    def on_height(self, height_m: float) -> None:
        """Take a height: the first says whether the robot stands, later ones whether it has taken off."""
        if self._landed is None or (self._landed and height_m > _LANDED_M):
            self._landed = height_m <= _LANDED_M

    def touches_down(self, rate_m_s: float, height_m: float | None, now_s: float) -> bool:
        """Tell whether the robot, told to climb at this rate, has come to the ground just now."""
        if self._landed or rate_m_s > self._sinks_m_s:
            self._touchdown.clear()
            return False
        if not self._touchdown.update(height_m, now_s):
            return False
        self._landed = True
        self._touchdown.clear()
        return True


class _Touchdown:
    """Tells when a robot that is told to sink does so no more, as flight controllers detect a landing."""

    def __init__(self) -> None:
        self._heights: deque[tuple[float, float]] = deque()

    def clear(self) -> None:
        """Forget what was seen: the robot is not told to sink."""
        self._heights.clear()

    def update(self, height_m: float | None, now_s: float) -> bool:
        """Take the height while the robot is told to sink; tell whether it stands."""
        if height_m is None:
            return False
        self._heights.append((now_s, height_m))
        while len(self._heights) > 1 and now_s - self._heights[1][0] >= _STILL_S:
            self._heights.popleft()
        since_s, before_m = self._heights[0]
        return now_s - since_s >= _STILL_S - 1e-9 and before_m - height_m < _STILL_M

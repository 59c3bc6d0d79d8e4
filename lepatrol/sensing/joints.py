"""How joints stood at any recent time, from what was told of them now and then."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

from lepatrol.model.observation import JointPositions

_HISTORY = 256
"""Positions kept of each joint: a second at Gazebo's 250 Hz, ten at 25 Hz, more than a picture is ever late."""
_KEPT_S = 0.25
"""A position older than this says nothing of now; a message older than this begins anew."""
_MOVING_RAD = 0.005
_MOVING_S = 0.1
"""A joint moves where its position changes by more than the first within the second, before or after."""


class JointHistory:
    """Remembers how some joints stood; of others, what is told is left out."""

    def __init__(self, joints: Iterable[str] = ()) -> None:
        """Begin with nothing known."""
        self._told: dict[str, deque[tuple[float, float]]] = {joint: deque(maxlen=_HISTORY) for joint in joints}

    @property
    def known_s(self) -> float | None:
        """Return the stamp up to which all joints are known, None before that."""
        newest = [told[-1][0] if told else None for told in self._told.values()]
        known = [stamp_s for stamp_s in newest if stamp_s is not None]
        return min(known) if len(known) == len(newest) and known else None

    def add(self, joints: JointPositions) -> None:
        """Take how joints stand, perhaps not all of them.

        What is no newer than the last is left out; what is much older tells that the clock was set back.
        """
        for joint, told in self._told.items():
            if joint not in joints.positions_rad:
                continue
            if told and joints.stamp_s < told[-1][0] - _KEPT_S:
                told.clear()
            if not told or joints.stamp_s > told[-1][0]:
                told.append((joints.stamp_s, joints.positions_rad[joint]))

    def at(self, stamp_s: float) -> Mapping[str, float] | None:
        """Return how all the joints stood at a time, in between what was told; None where that is not known."""
        found: dict[str, float] = {}
        for joint, told in self._told.items():
            position_rad = _at(told, stamp_s)
            if position_rad is None:
                return None
            found[joint] = position_rad
        return found

    def is_moving(self, stamp_s: float) -> bool:
        """Tell whether a joint was turning about a time."""
        for told in self._told.values():
            near = [position_rad for time_s, position_rad in told if abs(time_s - stamp_s) <= _MOVING_S]
            if near and max(near) - min(near) > _MOVING_RAD:
                return True
        return False


def _at(told: deque[tuple[float, float]], stamp_s: float) -> float | None:
    if not told or stamp_s - told[-1][0] > _KEPT_S:
        return None
    later_s, later_rad = told[-1]
    if stamp_s >= later_s:
        return later_rad
    for earlier_s, earlier_rad in reversed(told):
        if earlier_s <= stamp_s:
            if earlier_rad == later_rad:
                return earlier_rad
            return earlier_rad + (later_rad - earlier_rad) * (stamp_s - earlier_s) / (later_s - earlier_s)
        later_s, later_rad = earlier_s, earlier_rad
    return later_rad if later_s - stamp_s <= _KEPT_S else None

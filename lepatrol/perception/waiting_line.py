"""Observations that wait until it is known where they were made: on the wire, topics overtake each other."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lepatrol.model.alerts import Alert
from lepatrol.model.observation import CameraImage, LaserScan

Look = Callable[[Any, float], list[Alert]]
"""Looks at an observation at a time and returns the alerts that are new or changed."""

_LAG_S, _LONGEST_LAG_S, _WAIT_S = 0.06, 0.5, 0.25
"""Odometry that lags behind an observation by more than the first and less than the second is waited for, so long."""
_MOST = 16


@dataclass(frozen=True, slots=True)
class _Waiting:
    observation: LaserScan | CameraImage
    look: Look


class WaitingLine:
    """Let observations be looked at in the order in which they came, none before its place is known."""

    def __init__(self) -> None:
        """Begin with nobody in line."""
        self._line: deque[_Waiting] = deque(maxlen=_MOST)

    def put(self, observation: LaserScan | CameraImage, look: Look) -> None:
        """Put an observation at the end; where too many wait, the oldest is dropped."""
        self._line.append(_Waiting(observation, look))

    def look(self, now_s: float, *, moved_s: float, head_s: float | None) -> list[Alert]:
        """Look at those whose place is known by now; return the alerts that are new or changed.

        ``moved_s`` is the stamp of the newest odometry, ``head_s`` of the newest angles of the head, for which pictures
        wait, too; None for a camera that does not turn.
        """
        alerts: list[Alert] = []
        while self._line and _is_placed(self._line[0].observation, now_s, moved_s, head_s):
            waiting = self._line.popleft()
            alerts += waiting.look(waiting.observation, now_s)
        return alerts


def _is_placed(observation: LaserScan | CameraImage, now_s: float, moved_s: float, head_s: float | None) -> bool:
    """Tell whether what says where it was made has come, nearly, or is not to be waited for."""
    if now_s - observation.stamp_s > _WAIT_S:
        return True
    if head_s is not None and isinstance(observation, CameraImage) and (
            0.0 < observation.stamp_s - head_s < _LONGEST_LAG_S):
        return False
    return not _LAG_S < observation.stamp_s - moved_s < _LONGEST_LAG_S

"""How long something has lasted, and whether the robot has left the place of it."""

from __future__ import annotations

from lepatrol.model.geometry import Pose2

_LEFT_AFTER_M = 0.5
"""Having moved on this far, an obstacle counts as overcome."""


class Spell:
    """The time for which something lasts without a break."""

    def __init__(self) -> None:
        """Begin with nothing going on."""
        self._since_s: float | None = None

    @property
    def is_on(self) -> bool:
        """Tell whether it goes on."""
        return self._since_s is not None

    def go_on(self, now_s: float) -> float:
        """Note that it goes on, or begins now, and return for how many seconds it has lasted."""
        if self._since_s is None:
            self._since_s = now_s
        return now_s - self._since_s

    def lasted_s(self, now_s: float) -> float:
        """Return for how long it has lasted, 0 where it does not go on."""
        return 0.0 if self._since_s is None else now_s - self._since_s

    def end(self) -> None:
        """Note that it is over."""
        self._since_s = None


class Standstill(Spell):
    """The time for which the robot stands before something that is in its way."""

    def __init__(self) -> None:
        """Begin with a free way."""
        super().__init__()
        self._place = Pose2(0.0, 0.0)

    def stand(self, pose: Pose2, now_s: float) -> float:
        """Note that the robot stands, or comes to stand, at ``pose``, and return for how many seconds it has stood."""
        if not self.is_on:
            self._place = pose
        return self.go_on(now_s)

    def move(self, pose: Pose2) -> None:
        """Note that the robot moves at ``pose``: away from where it stood, the standstill is over."""
        if self.is_on and pose.distance_m(self._place) > _LEFT_AFTER_M:
            self.end()

"""Whether the waypoints of a mission are gone to one after the other, none left out and none twice."""

from __future__ import annotations

from lepatrol.evaluation.lockstep import FINAL
from lepatrol.model.mission import MissionStatus


class VisitOrder:
    """Watches a mission's status from its beginning."""

    def __init__(self) -> None:
        """Begin with the first waypoint of the first round."""
        self.holds = True
        """Whether every waypoint so far came after the one before it."""
        self._place = (1, 0)

    def step(self, status: MissionStatus) -> None:
        """Take in how the mission stands."""
        place = (status.round, status.visit)
        if status.state in FINAL or place == self._place:
            return
        follows = place in ((self._place[0], self._place[1] + 1), (self._place[0] + 1, 0))
        self.holds = self.holds and follows
        self._place = place

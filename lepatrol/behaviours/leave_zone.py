"""Leave a keep-out zone that came up round the robot, by the shortest way."""

from __future__ import annotations

from lepatrol.behaviours.errand import Ending, Errand
from lepatrol.behaviours.visit import Crew, Visit
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.navigation import Trespass
from lepatrol.model.site import Waypoint


class LeaveZone(Errand):
    """Take a robot that has nothing else to do out of a zone; one that is on its way leaves it as it sets out anew."""

    kind = BehaviourKind.ORDER

    def __init__(self, crew: Crew, *, retry_s: float) -> None:
        """Know of no zone; a way out that fails is tried again after ``retry_s``."""
        super().__init__('leave zone', '')
        self._crew = crew
        self._retry_s = retry_s
        self._trespass: Trespass | None = None
        self._visit: Visit | None = None

    @property
    def is_wanted(self) -> bool:
        """Tell whether the robot is in a zone that there is a way out of."""
        return self._visit is not None or (self._trespass is not None and self._trespass.refuge_m is not None)

    def on_trespass(self, trespass: Trespass | None) -> None:
        """Take which zone the navigator finds the robot in, None for none."""
        self._trespass = trespass
        if trespass is not None:
            self.reason = f'the robot stands in the keep-out zone {trespass.zone}, which came up'
            self.note = f'leaving the keep-out zone {trespass.zone} by the shortest way'

    def tick(self) -> Ending | None:
        """Go on to the refuge."""
        if self._visit is None:
            self._visit = self._way(0.0)
        arrived = self._visit.tick() if self._visit is not None else True
        if arrived:
            self._visit = None
        elif arrived is False:
            self._visit = self._way(self._retry_s)
        return None

    def interrupt(self) -> None:
        """Take the goal back."""
        if self._visit is not None:
            self._visit.stop()
            self._visit = None

    def _way(self, delay_s: float) -> Visit | None:
        if self._trespass is None or self._trespass.refuge_m is None:
            return None
        x, y, z = self._trespass.refuge_m
        return Visit(self._crew, Waypoint('refuge', x, y, z_m=z), 0, delay_s=delay_s,
                     on_action=lambda index, reason: None)

"""Leave a keep-out zone that came up over the robot while it had nowhere to go."""

from __future__ import annotations

from lepatrol.behaviours.errand import Ending, Errand, Result
from lepatrol.behaviours.visit import Crew, Visit
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.navigation import Trespass
from lepatrol.model.site import Waypoint

_TRIES = 3


class LeaveZone(Errand):
    """Go to where the shortest way out of a zone ends.

    It is for robots without a goal: the way to any goal leaves a zone by itself. It is as urgent as an order, since an
    operator's word, or a suspicious object, made the zone.
    """

    kind = BehaviourKind.ORDER

    def __init__(self, crew: Crew, trespass: Trespass, *, retry_s: float) -> None:
        """Ask for nothing yet; a way out that fails is tried again after ``retry_s``."""
        super().__init__(f'leave zone {trespass.zone}', f'the robot is in the keep-out zone {trespass.zone}')
        self._crew = crew
        self._trespass = trespass
        self._retry_s = retry_s
        self._visit: Visit | None = None
        self._failed = 0
        self.note = f'leaving the keep-out zone {trespass.zone} by the shortest way'

    def on_trespass(self, trespass: Trespass) -> None:
        """Take where the robot would leave the zone now; it counts for the next try."""
        if trespass.zone == self._trespass.zone:
            self._trespass = trespass

    def tick(self) -> Ending | None:
        """Go on to where the way out ends."""
        refuge = self._trespass.refuge_m
        if refuge is None:
            return Ending(Result.FAILED, f'no way leads out of the keep-out zone {self._trespass.zone}')
        if self._visit is None:
            self._visit = self._way(refuge, self._retry_s if self._failed else 0.0)
        arrived = self._visit.tick()
        if arrived:
            return Ending(Result.DONE, f'has left the keep-out zone {self._trespass.zone}')
        if arrived is False:
            self._failed += 1
            reason = f'cannot leave the keep-out zone {self._trespass.zone}: {self._visit.reason}'
            self._visit = None
            if self._failed >= _TRIES:
                return Ending(Result.FAILED, reason)
            self.note = f'{reason}; trying again'
        return None

    def interrupt(self) -> None:
        """Take the goal back; the next tick sets out again."""
        if self._visit is not None:
            self._visit.stop()
            self._visit = None

    def _way(self, refuge_m: tuple[float, float, float], delay_s: float) -> Visit:
        x, y, z = refuge_m
        return Visit(
            self._crew, Waypoint('refuge', x, y, z_m=z), 0, delay_s=delay_s, on_action=lambda index, reason: None)

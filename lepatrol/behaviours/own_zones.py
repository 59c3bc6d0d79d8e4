"""The zones that a robot itself puts and lifts, by the keeper that shares them with all others."""

from __future__ import annotations

from lepatrol.behaviours.stopwatch import Stopwatch
from lepatrol.behaviours.zone_keeper import ZoneKeeper
from lepatrol.model.errors import CommandError
from lepatrol.model.zones import Zone


class OwnZones:
    """Put and lift zones in a robot's name."""

    def __init__(self, keeper: ZoneKeeper, watch: Stopwatch, robot: str) -> None:
        """Speak for ``robot``, by the time of its watch."""
        self._keeper = keeper
        self._watch = watch
        self._robot = robot

    @property
    def in_force(self) -> tuple[Zone, ...]:
        """Return all zones that came up and hold now, whoever put them."""
        return self._keeper.in_force

    def put(self, zone: Zone, reason: str) -> None:
        """Have every robot keep out of a zone.

        :raises CommandError: if there are too many.
        """
        self._keeper.put(zone, by=self._robot, reason=reason, now_s=self._watch.now_s)

    def lift(self, name: str) -> bool:
        """Have the zone of that name hold no longer; tell whether it did."""
        try:
            self._keeper.lift(name, by=self._robot, now_s=self._watch.now_s, reason='no longer needed')
        except CommandError:
            return False
        return True

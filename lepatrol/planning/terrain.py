"""What a robot's patrol knows of the ground, or of the air at one height: where to stand, and how to get about."""

from __future__ import annotations

from collections.abc import Sequence

from lepatrol.model.errors import PlanningError
from lepatrol.model.zones import Zone
from lepatrol.planning.planner import Planner
from lepatrol.planning.standing_room import StandingRoom


class Terrain:
    """The map as it is planned on, with the zones that came up; a map may come later."""

    def __init__(self, planner: Planner | None = None, room: StandingRoom | None = None) -> None:
        """Know of no zone; without a map nothing can be planned, and without room every place is taken as free."""
        self._zones: tuple[Zone, ...] = ()
        self.take_map(planner, room)

    def take_map(self, planner: Planner | None, room: StandingRoom | None) -> None:
        """Plan on another map from now on."""
        self._lasting, self._lasting_room = planner, room
        self.on_zones(self._zones)

    def on_zones(self, zones: Sequence[Zone]) -> None:
        """Keep out of these zones that came up, in place of those before."""
        self._zones = tuple(zones)
        self._planner = self._lasting.with_zones(self._zones) if self._lasting else None
        self._room = self._lasting_room.with_zones(self._zones) if self._lasting_room else None

    @property
    def is_known(self) -> bool:
        """Tell whether a map has come."""
        return self._planner is not None

    @property
    def planner(self) -> Planner:
        """Return what plans now.

        :raises PlanningError: before a map has come.
        """
        if self._planner is None:
            raise PlanningError('no map has come yet')
        return self._planner

    def is_free(self, x_m: float, y_m: float) -> bool:
        """Tell whether the robot can stand at a place; until that is known, the navigator alone tells."""
        return self._room is None or self._room(x_m, y_m)

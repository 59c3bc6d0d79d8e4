"""Where a robot can stand, however it might come there."""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence

import numpy as np

from lepatrol.model.occupancy import OccupancyMap
from lepatrol.model.zones import Zone
from lepatrol.planning.grid import Polygon, cost_grid
from lepatrol.settings.navigation import PlannerSettings


class StandingRoom:
    """Tells whether a robot can stand at a point: on the map, in no wall and no keep-out zone."""

    def __init__(self, occupancy: OccupancyMap, footprint_radius_m: float, keep_out: Sequence[Polygon] = ()) -> None:
        """Inflate the map; ``keep_out`` are polygons in ``map``."""
        self._radius_m = footprint_radius_m
        self._lasting = self._grid = cost_grid(
            occupancy, footprint_radius_m, PlannerSettings(clearance_m=0.0), keep_out)

    def __call__(self, x_m: float, y_m: float) -> bool:
        """Tell whether the robot's middle may be at a point."""
        column, row = map(math.floor, self._grid.to_cells(np.array([x_m, y_m])).tolist())
        return self._grid.holds(column, row) and not self._grid.lethal[row, column]

    def with_zones(self, zones: Sequence[Zone]) -> StandingRoom:
        """Return the room that these keep-out zones leave, in place of those that were given so before."""
        room = copy.copy(self)
        room._grid = self._lasting.with_polygons([zone.polygon for zone in zones], self._radius_m)
        return room

"""Legs through the air over one elevation map, for one robot.

A leg climbs where it begins, is flown at one height, and sinks where it ends. Whatever stands higher than the flight
height, less a clearance, is gone round as on the ground; the ordinary planner finds the way on the slice of the
elevation map at that height. Nothing is flown under, so that every climb from a free place is free.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from lepatrol.model.elevation import ElevationMap
from lepatrol.model.errors import PlanningError
from lepatrol.model.geometry import Floats, Pose2
from lepatrol.model.navigation import Leg, NavigationGoal
from lepatrol.model.occupancy import FREE, OCCUPIED, UNKNOWN, OccupancyMap
from lepatrol.model.site import Geofence, Point2
from lepatrol.model.zones import Zone
from lepatrol.planning.planner import Planner
from lepatrol.planning.sight import is_clear
from lepatrol.settings.flight import FlightSettings
from lepatrol.settings.navigation import PlannerSettings

_SLICE_M = 0.5
"""Slices are made at multiples of this, at or below the height that is flown."""
_MOST_SLICES = 16
_CLIMB_M = 2.0
"""Where there is no way at a height, the next one tried is this much higher."""
_KERB_M = 0.25
"""Nothing higher than this may be where the robot lands."""
_LANDING_ROOM_M = 0.5
"""Free ground around the footprint where the robot lands."""


class AirPlanner:
    """Finds legs that keep their distance from everything on the map, from keep-out zones and the geofence's edge."""

    def __init__(
        self, elevation: ElevationMap, footprint_radius_m: float, settings: FlightSettings, *,
        keep_out: Sequence[Sequence[Point2]] = (), geofence: Geofence | None = None,
    ) -> None:
        """Take the map; nothing flies over ``keep_out`` polygons, nor leaves the geofence."""
        self._elevation = elevation
        self._radius_m = footprint_radius_m
        self._settings = settings
        self._keep_out = tuple(keep_out)
        self._geofence = geofence
        self._outside = _outside(elevation, geofence)
        self._slices: dict[float, Planner] = {}
        self._zones: tuple[Zone, ...] = ()
        self._zoned: dict[float, Planner] = {}

    def with_zones(self, zones: Sequence[Zone]) -> AirPlanner:
        """Return a planner that keeps out of these zones, too, in place of those it was given so before."""
        planner = copy.copy(self)
        planner._zones, planner._zoned = tuple(zones), {}
        return planner

    def refuge(self, x_m: float, y_m: float, height_m: float) -> tuple[float, float] | None:
        """Return where the shortest way out at a height ends in free air, None if it is free or has no way out."""
        return self.slice_at(height_m).refuge(x_m, y_m)

    def leg(
        self, start: Pose2, start_m: float, goal: NavigationGoal, *, grounded: bool = False,
        obstacles_m: Floats | None = None,
    ) -> Leg:
        """Return the leg from a place at height ``start_m`` to a goal; it lands where the goal's height is 0.

        It is flown at the higher of the two heights, at least at the take-off height where an end is on the ground
        (``grounded`` tells of the start); at more where there is no way at that height. ``obstacles_m`` (n, 2) are
        things seen that the map does not hold.

        :raises PlanningError: saying what is wrong with the start, the goal, or that there is no way.
        """
        self._check_goal(goal)
        if grounded:
            self._check_takeoff(start, start_m)
        height = max(0.0 if grounded else start_m, goal.z_m)
        if grounded or goal.z_m <= 0.0:
            height = max(height, self._settings.takeoff_height_m)
        if self._geofence:
            height = min(max(height, self._geofence.floor_m), self._geofence.ceiling_m)
        try:
            return Leg(height, self._path(height, start, goal, obstacles_m))
        except PlanningError as error:
            highest = self._elevation.highest_m + self._settings.vertical_clearance_m + _SLICE_M
            ceiling = min(highest, self._geofence.ceiling_m if self._geofence else math.inf)
            while height < ceiling:
                height = min(height + _CLIMB_M, ceiling)
                try:
                    return Leg(height, self._path(height, start, goal, obstacles_m))
                except PlanningError:
                    continue
            raise PlanningError(f'{error} (flying {height:.1f} m high or lower)') from error

    def known(self, points_m: Floats, height_m: float) -> NDArray[np.bool_]:
        """Tell which points (n, 2) seen at a height may be something that is on the map."""
        return self.slice_at(height_m).known(points_m)

    def _check_goal(self, goal: NavigationGoal) -> None:
        where = f'goal ({goal.x_m:.2f}, {goal.y_m:.2f}) at {goal.z_m:.2f} m'
        if not all(map(math.isfinite, (goal.x_m, goal.y_m, goal.z_m))):
            raise PlanningError(f'{where}: is not a place, expected finite numbers')
        if self._geofence:
            floor = self._geofence.floor_m if goal.z_m <= 0.0 else goal.z_m
            refused = self._geofence.refusal(goal.x_m, goal.y_m, floor)
            if refused:
                raise PlanningError(f'{where}: {refused}')
        for zone in self._zones:
            if zone.holds(goal.x_m, goal.y_m):
                raise PlanningError(f'{where}: lies in the keep-out zone {zone.name}')
        landing = goal.z_m <= 0.0
        around = self._radius_m + (_LANDING_ROOM_M if landing else self._settings.clearance_m)
        allowed = _KERB_M if landing else goal.z_m - self._settings.vertical_clearance_m
        top = self._elevation.top_within(goal.x_m, goal.y_m, around)
        if math.isinf(top):
            raise PlanningError(f'{where}: is outside the map')
        if top > allowed:
            raise PlanningError(
                f'{where}: something {top:.1f} m high stands within {around:.1f} m; '
                + ('the robot lands on free ground only' if landing else
                   f'the robot keeps {self._settings.vertical_clearance_m:g} m above it'))

    def _check_takeoff(self, start: Pose2, start_m: float) -> None:
        top = self._elevation.top_within(start.x_m, start.y_m, self._radius_m)
        if math.isinf(top):
            raise PlanningError(f'take-off at ({start.x_m:.2f}, {start.y_m:.2f}): is outside the map')
        if top > start_m + _KERB_M:
            raise PlanningError(
                f'take-off at ({start.x_m:.2f}, {start.y_m:.2f}): something {top:.1f} m high is over or beside the '
                'robot; it climbs under a free sky only')

    def _path(self, height_m: float, start: Pose2, goal: NavigationGoal, obstacles_m: Floats | None) -> Floats:
        """Return the straight line at a height where it is free, else the shortest way round."""
        planner = self.slice_at(height_m)
        if obstacles_m is None or not len(obstacles_m):
            ends = np.array([(start.x_m, start.y_m), (goal.x_m, goal.y_m)])
            begin, end = planner.grid.to_cells(ends)
            if np.isfinite(ends).all() and is_clear(planner.grid.lethal, begin, end):
                return ends
        return planner.plan(start, (goal.x_m, goal.y_m), obstacles_m)

    def slice_at(self, height_m: float) -> Planner:
        """Return the planner of the air at a height above the ground, a level surface at a time."""
        level = math.floor(height_m / _SLICE_M + 1e-9) * _SLICE_M
        planner = self._slices.get(level)
        if planner is None:
            if len(self._slices) >= _MOST_SLICES:
                self._slices.pop(next(iter(self._slices)))
            planner = self._slices[level] = self._make_slice(level)
        if not self._zones:
            return planner
        if level not in self._zoned:
            if len(self._zoned) >= _MOST_SLICES:
                self._zoned.pop(next(iter(self._zoned)))
            self._zoned[level] = planner.with_zones(self._zones)
        return self._zoned[level]

    def _make_slice(self, level_m: float) -> Planner:
        elevation = self._elevation
        cells = np.full(elevation.tops_m.shape, FREE, dtype=np.int8)
        cells[self._outside] = UNKNOWN
        cells[elevation.tops_m > level_m - self._settings.vertical_clearance_m] = OCCUPIED
        # No dearer near things: what is beyond the clearance is free air.
        return Planner(
            OccupancyMap(cells, elevation.resolution_m, elevation.origin_x_m, elevation.origin_y_m),
            self._radius_m, PlannerSettings(
                clearance_m=self._settings.clearance_m, preferred_clearance_m=self._settings.clearance_m),
            self._keep_out)


def _outside(elevation: ElevationMap, geofence: Geofence | None) -> NDArray[np.bool_]:
    """Return which cells lie outside the geofence, if only in part."""
    shape = elevation.tops_m.shape
    if geofence is None:
        return np.zeros(shape, dtype=np.bool_)
    polygon = shapely.Polygon(geofence.polygon)
    shapely.prepare(polygon)
    size = elevation.resolution_m
    x = elevation.origin_x_m + np.arange(shape[1] + 1) * size
    y = elevation.origin_y_m + np.arange(shape[0] + 1) * size
    corners = shapely.contains_xy(polygon, *np.meshgrid(x, y))
    whole = corners[:-1, :-1] & corners[1:, :-1] & corners[:-1, 1:] & corners[1:, 1:]
    return np.asarray(~whole)

"""Paths over one map, for one robot."""

from __future__ import annotations

import copy
import dataclasses
import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.errors import PlanningError
from lepatrol.model.geometry import Floats, Pose2
from lepatrol.model.occupancy import OccupancyMap
from lepatrol.model.zones import Zone
from lepatrol.planning.grid import CostGrid, Polygon, cost_grid
from lepatrol.planning.path import block_size, find_path, straightened
from lepatrol.planning.roadmap import Roadmap
from lepatrol.planning.sight import is_clear, segments_clear
from lepatrol.planning.wavefront import nearest_way
from lepatrol.settings.navigation import PlannerSettings

_KNOWN_WITHIN_M = 0.3
"""A point this near to something on the map is taken for it: pose noise at range, and the grid's cells."""
_ZONE_MARGIN_M = 0.2
"""Kept between the footprint and a zone that came up, so that a robot which cuts a corner does not touch it."""


class Planner:
    """Finds paths for a robot's middle that keep their distance from everything on the map."""

    def __init__(
        self, grid: OccupancyMap, footprint_radius_m: float, settings: PlannerSettings,
        keep_out: Sequence[Polygon] = (),
    ) -> None:
        """Inflate the map and draw the search graph; ``keep_out`` are polygons in ``map``, forbidden ground."""
        self._map = grid
        self._radius_m = footprint_radius_m
        self._limit_m = footprint_radius_m + settings.clearance_m
        self._ground = cost_grid(grid, footprint_radius_m, settings)
        self._lasting = self._grid = self._ground.with_polygons(keep_out, footprint_radius_m)
        open_ground = dataclasses.replace(self._ground, lethal=np.zeros_like(self._ground.lethal))
        self._kept_out = open_ground.with_polygons(keep_out, footprint_radius_m)
        self._lasting_roadmap = self._roadmap = Roadmap.build(self._grid, block_size(self._grid))
        self._zones: tuple[Zone, ...] = ()
        reach = math.ceil(_KNOWN_WITHIN_M / grid.resolution_m)
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
        self._known = cv2.dilate(self._grid.solid.astype(np.uint8), kernel).astype(np.bool_)

    def with_zones(self, zones: Sequence[Zone]) -> Planner:
        """Return a planner that keeps out of these zones, too, in place of those it was given so before.

        It is cheap: only what is near to the zones is drawn anew.
        """
        planner = copy.copy(self)
        planner._zones = tuple(zones)
        added = [zone for zone in zones if zone not in self._zones]
        if len(added) + len(self._zones) > len(zones):
            # Some were lifted: what was beneath them is not known any more.
            added = list(zones)
            planner._grid, planner._roadmap = self._lasting, self._lasting_roadmap
        apart_m = self.zone_room_m
        planner._grid = planner._grid.with_polygons([zone.polygon for zone in added], apart_m)
        for zone in added:
            low, high = planner._grid.span(planner._grid.to_cells(np.array(zone.polygon)), apart_m)
            planner._roadmap = planner._roadmap.redrawn(planner._grid, low.astype(float), high.astype(float))
        return planner

    @property
    def grid(self) -> CostGrid:
        """Return the inflated grid that paths are found on."""
        return self._grid

    @property
    def room_m(self) -> float:
        """Return how far the robot's middle has to be from everything on the map."""
        return self._limit_m

    @property
    def zone_room_m(self) -> float:
        """Return how far the robot's middle is kept from a zone that came up."""
        return self._radius_m + _ZONE_MARGIN_M

    @property
    def blur_m(self) -> float:
        """Return by how much more it may be kept away: the cells that an edge touches count as a whole."""
        return 2.0 * math.sqrt(2.0) * self._grid.resolution_m

    @property
    def roadmap(self) -> Roadmap:
        """Return the graph over the grid that paths are searched on first."""
        return self._roadmap

    def is_free(self, x_m: float, y_m: float) -> bool:
        """Tell whether the robot's middle may be at a point."""
        return math.isfinite(x_m) and math.isfinite(y_m) and self._is_clear_at(self._grid, self._place(x_m, y_m))

    def check_goal(self, x_m: float, y_m: float) -> None:
        """Refuse a goal that no start has a way to, whatever the lidar sees.

        :raises PlanningError: saying what is wrong with it, as :meth:`plan` does.
        """
        self._check_on_map('goal', x_m, y_m)
        self._checked_end(self._grid, x_m, y_m)

    def known(self, points_m: Floats) -> NDArray[np.bool_]:
        """Tell which of the points (n, 2) may be something that is on the map; outside it nothing is known."""
        cells = np.floor(self._grid.to_cells(points_m)).astype(np.int64)
        rows, columns = self._known.shape
        inside = (cells >= 0).all(axis=1) & (cells[:, 0] < columns) & (cells[:, 1] < rows)
        known = np.zeros(len(cells), dtype=np.bool_)
        known[inside] = self._known[cells[inside, 1], cells[inside, 0]]
        return known

    def plan(
        self, start: Pose2, goal: Pose2 | tuple[float, float], obstacles_m: Floats | None = None,
    ) -> Floats:
        """Return a path (m, 2) in metres from start to goal that touches no forbidden cell.

        ``obstacles_m`` (n, 2) are things seen that the map does not hold. A start that is too near to something, or in
        a keep-out zone, is left by the shortest way; only that first piece may be nearer than allowed.

        :raises PlanningError: saying what is wrong with the start, the goal, or that there is no way.
        """
        aim = (goal.x_m, goal.y_m) if isinstance(goal, Pose2) else goal
        self._check_on_map('start', start.x_m, start.y_m)
        self._check_on_map('goal', *aim)
        obstacles_m = _finite(obstacles_m)
        grid, roadmap = self._with_obstacles(obstacles_m)
        end = self._checked_end(grid, *aim)
        begin = self._place(start.x_m, start.y_m)
        out = self._way_out(grid, begin, start, obstacles_m)
        way = find_path(grid, roadmap, out[-1], end)
        if way is None:
            seen = '' if not len(obstacles_m) else (
                f' past the {len(obstacles_m)} obstacle points seen')
            raise PlanningError(
                f'no way from {_text(start.x_m, start.y_m)} to {_text(*aim)}{seen}: every gap is narrower than '
                f'{2.0 * self._limit_m:.2f} m or closed')
        path = self._grid.to_metres(np.vstack([out[:-1], way]))
        path[0], path[-1] = (start.x_m, start.y_m), aim
        return path

    def refuge(self, x_m: float, y_m: float) -> tuple[float, float] | None:
        """Return where the shortest way out from a point ends on free ground, None if it is free or has no way out."""
        try:
            self._check_on_map('start', x_m, y_m)
            out = self._way_out(self._grid, self._place(x_m, y_m), Pose2(x_m, y_m), _finite(None))
        except PlanningError:
            return None
        if len(out) < 2:
            return None
        # A little farther out, where there is room, so that stopping short of it is outside, too.
        way = out[-1] - out[-2]
        beyond = out[-1] + way * (_ZONE_MARGIN_M + self._radius_m) / (self._grid.resolution_m * np.hypot(*way))
        x, y = self._grid.to_metres(beyond if is_clear(self._grid.lethal, out[-1], beyond) else out[-1]).tolist()
        return x, y

    def _place(self, x_m: float, y_m: float) -> Floats:
        return self._grid.to_cells(np.array([x_m, y_m]))

    def _checked_end(self, grid: CostGrid, x_m: float, y_m: float) -> Floats:
        """Return the place of a goal on the map, refusing one that is not free."""
        place = self._place(x_m, y_m)
        if not self._is_clear_at(grid, place):
            raise PlanningError(f'goal {_text(x_m, y_m)}: {self._why_closed(grid, x_m, y_m)}')
        return place

    def _is_clear_at(self, grid: CostGrid, place: Floats) -> bool:
        return is_clear(grid.lethal, place, place)

    def _check_on_map(self, name: str, x_m: float, y_m: float) -> None:
        grid = self._map
        if not (math.isfinite(x_m) and math.isfinite(y_m)):
            raise PlanningError(f'{name} ({x_m}, {y_m}): is not a place, expected two finite numbers')
        if not grid.contains(*grid.cell_at(x_m, y_m)):
            width, height = grid.size_m
            raise PlanningError(
                f'{name} {_text(x_m, y_m)}: is outside the map, which spans x {grid.origin_x_m:.1f} to '
                f'{grid.origin_x_m + width:.1f} m and y {grid.origin_y_m:.1f} to {grid.origin_y_m + height:.1f} m')

    def _with_obstacles(self, points: Floats) -> tuple[CostGrid, Roadmap]:
        if not len(points):
            return self._grid, self._roadmap
        grid = self._grid.with_discs(points, self._limit_m)
        reach = self._limit_m / grid.resolution_m + 2.0
        places = grid.to_cells(points)
        size = np.array([grid.lethal.shape[1], grid.lethal.shape[0]], dtype=np.float64)
        low, high = np.clip(places.min(axis=0) - reach, 0.0, size), np.clip(places.max(axis=0) + reach, 0.0, size)
        return grid, self._roadmap.redrawn(grid, low, high)

    def _way_out(self, grid: CostGrid, place: Floats, start: Pose2, obstacles_m: Floats) -> Floats:
        """Return the shortest way (n, 2) from a start to a free place, both with it: the start alone if it is free.

        A start too near to something goes straight away from that first, then round what stands there, and round the
        zones that it is not in.

        :raises PlanningError: for a start inside something, or shut in.
        """
        if self._is_clear_at(grid, place):
            return place[None, :]
        ground = self._ground.with_discs(obstacles_m, self._limit_m) if len(obstacles_m) else self._ground
        passable = self._passable(place, obstacles_m)
        first = place if self._is_clear_at(ground, place) else self._way_off(ground, passable, place, start)
        if self._is_clear_at(grid, first):
            return np.stack([place, first])
        way = nearest_way(~passable.lethal, ~grid.lethal, first)
        if way is None:
            raise PlanningError(
                f'start {_text(start.x_m, start.y_m)}: {self._why_closed(grid, start.x_m, start.y_m)}, and no way '
                'leads out')
        straight = straightened(passable, np.vstack([first[None, :], way]))
        return straight if first is place else np.vstack([place[None, :], straight])

    def _passable(self, place: Floats, obstacles_m: Floats) -> CostGrid:
        """Return where a way out may lead: off everything, and no deeper into keep-out zones than the place is."""
        grid = self._lasting if self._is_clear_at(self._kept_out, place) else self._ground
        if len(obstacles_m):
            grid = grid.with_discs(obstacles_m, self._limit_m)
        x_m, y_m = self._grid.to_metres(place).tolist()
        for zone in self._zones:
            # The cells that an edge touches count as a whole; the place's own is to stay open.
            apart_m = min(self.zone_room_m, zone.distance_m(x_m, y_m) - self.blur_m)
            if apart_m > 0.0:
                grid = grid.with_polygons([zone.polygon], apart_m)
        return grid

    def _way_off(self, ground: CostGrid, grid: CostGrid, place: Floats, start: Pose2) -> Floats:
        """Return the nearest free place of a grid that a straight line joins to a start, clear of what is solid.

        Nor does it lead through zones, which are what the grid has besides the ground.

        :raises PlanningError: for a start inside something, or shut in.
        """
        column, row = int(place[0]), int(place[1])
        if grid.solid[row, column]:
            raise PlanningError(f'start {_text(start.x_m, start.y_m)}: {self._why_closed(grid, start.x_m, start.y_m)}')
        closed = grid.solid | (grid.lethal & ~ground.lethal)
        reach, farthest = math.ceil(self._limit_m / grid.resolution_m) + 2, max(grid.lethal.shape)
        while True:
            top, left = max(row - reach, 0), max(column - reach, 0)
            free = np.argwhere(~grid.lethal[top:row + reach + 1, left:column + reach + 1])
            middles = free[:, ::-1] + (left + 0.5, top + 0.5)
            away = np.hypot(*(middles - place).T)
            middles = middles[(away <= reach).nonzero()[0][np.argsort(away[away <= reach], kind='stable')]]
            for some in np.array_split(middles, max(1, len(middles) // 200)):
                clear = segments_clear(closed, np.broadcast_to(place, some.shape), some)
                if clear.any():
                    return np.asarray(some[clear.argmax()])
            if reach >= farthest:
                raise PlanningError(
                    f'start {_text(start.x_m, start.y_m)}: {self._why_closed(grid, start.x_m, start.y_m)}, and no '
                    'straight way leads out')
            reach *= 2

    def _why_closed(self, grid: CostGrid, x_m: float, y_m: float) -> str:
        """Say in words why the robot's middle must not be at a point on the map."""
        row, column = self._map.cell_at(x_m, y_m)
        if self._grid.solid[row, column]:
            return 'lies in a wall or another solid thing on the map'
        near = float(self._grid.distance_m[row, column])
        if near <= 0.0:
            return 'is unknown ground on the map'
        if near < self._limit_m:
            return f'is {near:.2f} m from something on the map, the robot needs {self._limit_m:.2f} m'
        if self._grid.lethal[row, column]:
            return self._which_zone(x_m, y_m)
        if grid.solid[row, column]:
            return 'lies in an obstacle that the lidar sees'
        if grid.lethal[row, column]:
            return f'is nearer than {self._limit_m:.2f} m to an obstacle that the lidar sees'
        return 'lies on the very edge of forbidden ground'

    def _which_zone(self, x_m: float, y_m: float) -> str:
        for zone in self._zones:
            near_m = zone.distance_m(x_m, y_m)
            if near_m <= 0.0:
                return f'lies in the keep-out zone {zone.name}'
            if near_m < self._radius_m + _ZONE_MARGIN_M:
                return (f'is {near_m:.2f} m from the keep-out zone {zone.name}, the robot needs '
                        f'{self._radius_m + _ZONE_MARGIN_M:.2f} m')
        return 'lies in a keep-out zone or too near to one'


def _finite(points_m: Floats | None) -> Floats:
    """Return those of points (n, 2) that are finite."""
    points = np.zeros((0, 2)) if points_m is None else np.asarray(points_m, dtype=np.float64).reshape(-1, 2)
    return points[np.isfinite(points).all(axis=1)]


def _text(x_m: float, y_m: float) -> str:
    return f'({x_m:.2f}, {y_m:.2f})'

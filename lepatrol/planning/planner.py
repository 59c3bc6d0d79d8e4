"""Paths over one map, for one robot."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.errors import PlanningError
from lepatrol.model.geometry import Floats, Pose2
from lepatrol.model.occupancy import OccupancyMap
from lepatrol.planning.grid import CostGrid, Polygon, cost_grid
from lepatrol.planning.path import block_size, find_path
from lepatrol.planning.roadmap import Roadmap
from lepatrol.planning.sight import is_clear, segments_clear
from lepatrol.settings.navigation import PlannerSettings

_KNOWN_WITHIN_M = 0.3
"""A point this near to something on the map is taken for it: pose noise at range, and the grid's cells."""


class Planner:
    """Finds paths for a robot's middle that keep their distance from everything on the map."""

    def __init__(
        self, grid: OccupancyMap, footprint_radius_m: float, settings: PlannerSettings,
        keep_out: Sequence[Polygon] = (),
    ) -> None:
        """Inflate the map and draw the search graph; ``keep_out`` are polygons in ``map``, forbidden ground."""
        self._map = grid
        self._limit_m = footprint_radius_m + settings.clearance_m
        self._grid = cost_grid(grid, footprint_radius_m, settings, keep_out)
        self._roadmap = Roadmap.build(self._grid, block_size(self._grid))
        reach = math.ceil(_KNOWN_WITHIN_M / grid.resolution_m)
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (2 * reach + 1, 2 * reach + 1))
        self._known = cv2.dilate(self._grid.solid.astype(np.uint8), kernel).astype(np.bool_)

    @property
    def grid(self) -> CostGrid:
        """Return the inflated grid that paths are found on."""
        return self._grid

    @property
    def room_m(self) -> float:
        """Return how far the robot's middle has to be from everything on the map."""
        return self._limit_m

    def is_free(self, x_m: float, y_m: float) -> bool:
        """Tell whether the robot's middle may be at a point."""
        return math.isfinite(x_m) and math.isfinite(y_m) and self._is_clear_at(self._grid, self._place(x_m, y_m))

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

        ``obstacles_m`` (n, 2) are things seen that the map does not hold. A start too near to something is left by
        the shortest way; only that first piece may be nearer than allowed.

        :raises PlanningError: saying what is wrong with the start, the goal, or that there is no way.
        """
        aim = (goal.x_m, goal.y_m) if isinstance(goal, Pose2) else goal
        self._check_on_map('start', start.x_m, start.y_m)
        self._check_on_map('goal', *aim)
        grid, roadmap = self._with_obstacles(obstacles_m)
        end = self._place(*aim)
        if not self._is_clear_at(grid, end):
            raise PlanningError(f'goal {_text(*aim)}: {self._why_closed(grid, *aim)}')
        begin = self._place(start.x_m, start.y_m)
        entry = begin if self._is_clear_at(grid, begin) else self._way_out(grid, begin, start)
        way = find_path(grid, roadmap, entry, end)
        if way is None:
            seen = '' if obstacles_m is None or not len(obstacles_m) else (
                f' past the {len(obstacles_m)} obstacle points seen')
            raise PlanningError(
                f'no way from {_text(start.x_m, start.y_m)} to {_text(*aim)}{seen}: every gap is narrower than '
                f'{2.0 * self._limit_m:.2f} m or closed')
        path = self._grid.to_metres(way)
        path[-1] = aim
        if entry is begin:
            path[0] = (start.x_m, start.y_m)
            return path
        return np.vstack([[(start.x_m, start.y_m)], path])

    def _place(self, x_m: float, y_m: float) -> Floats:
        return self._grid.to_cells(np.array([x_m, y_m]))

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

    def _with_obstacles(self, obstacles_m: Floats | None) -> tuple[CostGrid, Roadmap]:
        if obstacles_m is None or not len(obstacles_m):
            return self._grid, self._roadmap
        points = np.asarray(obstacles_m, dtype=np.float64)
        points = points[np.isfinite(points).all(axis=1)]
        if not len(points):
            return self._grid, self._roadmap
        grid = self._grid.with_discs(points, self._limit_m)
        reach = self._limit_m / grid.resolution_m + 2.0
        places = grid.to_cells(points)
        size = np.array([grid.lethal.shape[1], grid.lethal.shape[0]], dtype=np.float64)
        low, high = np.clip(places.min(axis=0) - reach, 0.0, size), np.clip(places.max(axis=0) + reach, 0.0, size)
        return grid, self._roadmap.redrawn(grid, low, high)

    def _way_out(self, grid: CostGrid, place: Floats, start: Pose2) -> Floats:
        """Return the nearest free place that a straight line, clear of anything solid, joins to a start.

        :raises PlanningError: for a start inside something, or shut in.
        """
        column, row = int(place[0]), int(place[1])
        if grid.solid[row, column]:
            raise PlanningError(f'start {_text(start.x_m, start.y_m)}: {self._why_closed(grid, start.x_m, start.y_m)}')
        reach, farthest = math.ceil(self._limit_m / grid.resolution_m) + 2, max(grid.lethal.shape)
        while True:
            top, left = max(row - reach, 0), max(column - reach, 0)
            free = np.argwhere(~grid.lethal[top:row + reach + 1, left:column + reach + 1])
            middles = free[:, ::-1] + (left + 0.5, top + 0.5)
            away = np.hypot(*(middles - place).T)
            middles = middles[(away <= reach).nonzero()[0][np.argsort(away[away <= reach], kind='stable')]]
            for some in np.array_split(middles, max(1, len(middles) // 200)):
                clear = segments_clear(grid.solid, np.broadcast_to(place, some.shape), some)
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
            return 'lies in a keep-out zone or too near to one'
        if grid.solid[row, column]:
            return 'lies in an obstacle that the lidar sees'
        if grid.lethal[row, column]:
            return f'is nearer than {self._limit_m:.2f} m to an obstacle that the lidar sees'
        return 'lies on the very edge of forbidden ground'


def _text(x_m: float, y_m: float) -> str:
    return f'({x_m:.2f}, {y_m:.2f})'

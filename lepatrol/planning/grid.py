"""The cost grid: where the robot's middle may be, and what a metre costs there."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats
from lepatrol.model.occupancy import OCCUPIED, UNKNOWN, OccupancyMap
from lepatrol.settings.navigation import PlannerSettings

Mask = NDArray[np.bool_]
Polygon = Sequence[tuple[float, float]]

_SHIFT = 4
"""Binary places that OpenCV keeps of a polygon's corners, in cells."""


@dataclass(frozen=True, slots=True, eq=False)
class CostGrid:
    """Arrays of shape (rows, columns) over an occupancy map's cells.

    ``solid``: something is there. ``lethal``: the robot's middle must not be there. ``cost``: how many metres a metre
    counts, 1 or more. ``distance_m``: at least this far is every point of a cell from everything on the map.
    """

    solid: Mask
    lethal: Mask
    cost: NDArray[np.float32]
    distance_m: NDArray[np.float32]
    resolution_m: float
    origin_x_m: float
    origin_y_m: float

    def to_cells(self, points_m: Floats) -> Floats:
        """Return points (..., 2) as fractional (column, row): cell (r, c) spans c to c + 1 and r to r + 1."""
        return (np.asarray(points_m, dtype=np.float64) - (self.origin_x_m, self.origin_y_m)) / self.resolution_m

    def to_metres(self, places: Floats) -> Floats:
        """Return fractional (column, row), shape (..., 2), as points in ``map``."""
        return np.asarray(places, dtype=np.float64) * self.resolution_m + (self.origin_x_m, self.origin_y_m)

    def holds(self, column: int, row: int) -> bool:
        """Tell whether the cell lies inside the grid."""
        return bool(0 <= row < self.lethal.shape[0] and 0 <= column < self.lethal.shape[1])

    def with_discs(self, points_m: Floats, radius_m: float) -> CostGrid:
        """Return the grid with each point (n, 2) solid and lethal around it within ``radius_m``."""
        places = np.unique(np.floor(self.to_cells(points_m)).astype(np.int64), axis=0)
        reach = math.ceil(radius_m / self.resolution_m)
        rows, columns = self.lethal.shape
        near = ((places > -reach - 1) & (places < (columns + reach, rows + reach))).all(axis=1)
        places = places[near]
        span = np.arange(-reach, reach + 1)
        across, up = np.meshgrid(span, span)
        # The distance between two cells, not between their middles, as in cost_grid.
        gap = np.hypot(np.maximum(abs(across) - 1, 0), np.maximum(abs(up) - 1, 0)) * self.resolution_m
        inside = (gap < radius_m) | (gap == 0.0)
        disc = np.stack([across[inside], up[inside]], axis=1)
        return replace(self, solid=_stamped(self.solid, places),
                       lethal=_stamped(self.lethal, (places[:, None] + disc).reshape(-1, 2)))

    def with_polygons(self, polygons: Sequence[Polygon], radius_m: float) -> CostGrid:
        """Return the grid with polygons in ``map`` lethal, and the ground nearer than ``radius_m`` to them."""
        if not polygons:
            return self
        lethal = self.lethal.copy()
        for polygon in polygons:
            places = self.to_cells(np.asarray(polygon, dtype=np.float64))
            low, high = self.span(places, radius_m)
            part = lethal[low[1]:high[1], low[0]:high[0]]
            if part.size:
                forbidden = _rasterised(places - low, part.shape)
                part |= forbidden | (_distance_m(forbidden, self.resolution_m) < radius_m)
        return replace(self, lethal=lethal)

    def span(self, places: Floats, radius_m: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the first (column, row), and the one after the last, of what is nearer than a radius to places."""
        reach = math.ceil(radius_m / self.resolution_m) + 2
        size = (self.lethal.shape[1], self.lethal.shape[0])
        low = np.clip(np.floor(places.min(axis=0)).astype(np.int64) - reach, 0, size)
        return low, np.clip(np.floor(places.max(axis=0)).astype(np.int64) + reach + 1, 0, size)


def cost_grid(
    grid: OccupancyMap, footprint_radius_m: float, settings: PlannerSettings, keep_out: Sequence[Polygon] = (),
) -> CostGrid:
    """Inflate a map for a round robot, with keep-out polygons (in ``map``) as forbidden ground.

    A line that touches no lethal cell keeps at least ``clearance_m`` between the footprint and every solid cell.
    """
    solid = grid.cells == OCCUPIED
    closed = solid if settings.unknown_is_free else solid | (grid.cells == UNKNOWN)
    distance = _distance_m(closed, grid.resolution_m)
    limit = footprint_radius_m + settings.clearance_m
    lethal = closed | (distance < limit)
    room = max(settings.preferred_clearance_m - settings.clearance_m, 1e-6)
    nearness = np.clip(1.0 - (distance - limit) / room, 0.0, 1.0)
    cost = 1.0 + max(settings.proximity_weight - 1.0, 0.0) * nearness
    return CostGrid(
        solid, lethal, cost.astype(np.float32), distance, grid.resolution_m, grid.origin_x_m, grid.origin_y_m,
    ).with_polygons(keep_out, footprint_radius_m)


def _distance_m(closed: Mask, resolution_m: float) -> NDArray[np.float32]:
    """Return the least distance between any point of each cell and any point of the nearest closed cell."""
    if not closed.any():
        return np.full(closed.shape, np.inf, dtype=np.float32)
    # Two cells n columns and m rows apart have n - 1 and m - 1 between them: grown by one cell all round, the closed
    # ones are as far by their middles as they were by their edges.
    grown = cv2.dilate(closed.astype(np.uint8), np.ones((3, 3), dtype=np.uint8))
    cells = cv2.distanceTransform(1 - grown, cv2.DIST_L2, cv2.DIST_MASK_PRECISE)
    return np.asarray(cells, dtype=np.float32) * np.float32(resolution_m)


def _rasterised(places: Floats, shape: tuple[int, ...]) -> Mask:
    """Return the cells that a polygon, its corners given as fractional (column, row), touches."""
    canvas = np.zeros(shape, dtype=np.uint8)
    cv2.fillPoly(canvas, [np.round((places - 0.5) * 2**_SHIFT).astype(np.int32)], 1, shift=_SHIFT)
    return canvas.astype(np.bool_)


def _stamped(mask: Mask, places: NDArray[np.int64]) -> Mask:
    """Return a copy of a mask with cells (n, 2) of (column, row) set; those outside are left out."""
    inside = ((places >= 0) & (places < (mask.shape[1], mask.shape[0]))).all(axis=1)
    stamped = mask.copy()
    stamped[places[inside, 1], places[inside, 0]] = True
    return stamped

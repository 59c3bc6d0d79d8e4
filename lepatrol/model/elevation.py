"""How high everything reaches, seen from above."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .errors import PlanningError


@dataclass(frozen=True, slots=True, eq=False)
class ElevationMap:
    """A grid in the ``map`` frame, axis-aligned: the height of the highest thing in each cell, 0 for bare ground.

    ``tops_m`` has shape (rows, columns), float32. Row 0 is the lowest y, column 0 the lowest x; ``(origin_x_m,
    origin_y_m)`` is the outer corner of cell (0, 0).
    """

    tops_m: NDArray[np.float32]
    resolution_m: float
    origin_x_m: float
    origin_y_m: float

    def __post_init__(self) -> None:
        """Refuse a grid that has no cells or no size.

        :raises PlanningError: naming the value that is wrong.
        """
        if self.tops_m.ndim != 2 or 0 in self.tops_m.shape:
            raise PlanningError(f'elevation map: tops have shape {self.tops_m.shape}, expected (rows, columns)')
        if not (math.isfinite(self.resolution_m) and self.resolution_m > 0.0):
            raise PlanningError(f'elevation map: resolution is {self.resolution_m} m, expected more than 0')

    @property
    def highest_m(self) -> float:
        """Return how high the highest thing reaches."""
        return float(self.tops_m.max())

    def top_within(self, x_m: float, y_m: float, radius_m: float) -> float:
        """Return how high the highest thing within a radius reaches; ``inf`` outside the map."""
        size = self.resolution_m
        column, row = (x_m - self.origin_x_m) / size, (y_m - self.origin_y_m) / size
        rows, columns = self.tops_m.shape
        if not (0.0 <= column < columns and 0.0 <= row < rows):
            return math.inf
        reach = radius_m / size
        low_row, low_column = max(math.floor(row - reach), 0), max(math.floor(column - reach), 0)
        block = self.tops_m[low_row:math.floor(row + reach) + 1, low_column:math.floor(column + reach) + 1]
        ys = low_row + np.arange(block.shape[0])
        xs = low_column + np.arange(block.shape[1])
        # From the point to the nearest edge of each cell.
        dy = np.clip(row, ys, ys + 1) - row
        dx = np.clip(column, xs, xs + 1) - column
        near = np.hypot(dy[:, None], dx[None, :]) <= reach
        return float(block[near].max())

"""The occupancy map, with the meaning of nav_msgs/OccupancyGrid."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .errors import PlanningError

FREE = 0
OCCUPIED = 100
UNKNOWN = -1


@dataclass(frozen=True, slots=True, eq=False)
class OccupancyMap:
    """A grid in the ``map`` frame, axis-aligned.

    ``cells`` has shape (rows, columns), int8: 0 free, 100 occupied, -1 unknown. Row 0 is the lowest y, column 0 the
    lowest x; ``(origin_x_m, origin_y_m)`` is the outer corner of cell (0, 0).
    """

    cells: NDArray[np.int8]
    resolution_m: float
    origin_x_m: float
    origin_y_m: float

    def __post_init__(self) -> None:
        """Refuse a grid that has no cells or no size.

        :raises PlanningError: naming the value that is wrong.
        """
        if self.cells.ndim != 2 or 0 in self.cells.shape:
            raise PlanningError(f'occupancy map: cells have shape {self.cells.shape}, expected (rows, columns)')
        if not (math.isfinite(self.resolution_m) and self.resolution_m > 0.0):
            raise PlanningError(f'occupancy map: resolution is {self.resolution_m} m, expected more than 0')

    @property
    def size_m(self) -> tuple[float, float]:
        """Return the extent along x and y."""
        rows, columns = self.cells.shape
        return columns * self.resolution_m, rows * self.resolution_m

    def cell_at(self, x_m: float, y_m: float) -> tuple[int, int]:
        """Return (row, column) of the cell that holds the point; it may lie outside the grid."""
        return (math.floor((y_m - self.origin_y_m) / self.resolution_m),
                math.floor((x_m - self.origin_x_m) / self.resolution_m))

    def centre_of(self, row: int, column: int) -> tuple[float, float]:
        """Return (x, y) in metres of a cell's centre."""
        return (self.origin_x_m + (column + 0.5) * self.resolution_m,
                self.origin_y_m + (row + 0.5) * self.resolution_m)

    def contains(self, row: int, column: int) -> bool:
        """Tell whether the cell lies inside the grid."""
        rows, columns = self.cells.shape
        return bool(0 <= row < rows and 0 <= column < columns)

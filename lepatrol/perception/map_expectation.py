"""Expected ranges from an occupancy map, for a site that was mapped and not modelled."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_cdt

from lepatrol.model.geometry import Floats
from lepatrol.model.occupancy import FREE, OCCUPIED, OccupancyMap

_NUDGE = 1e-9
"""A ray that starts exactly on a cell's border belongs to the cell it goes into."""


class MapExpectation:
    """A range source over a map: walls are as high as the rays, and stand where a cell is occupied.

    Rays end exactly where they enter an occupied cell. What lies behind an unknown cell or outside the map is not
    known (NaN). Free squares are crossed in one step: around every cell, all cells nearer than the next that is not
    free (chessboard distance) are free, so a ray leaps to the border of that square.
    """

    def __init__(self, occupancy: OccupancyMap, *, reach_m: float = 31.0) -> None:
        """Prepare a map; rays end after ``reach_m``."""
        self._map = occupancy
        self._reach_cells = reach_m / occupancy.resolution_m
        # A rim of unknown cells stands for all that lies outside.
        self._cells = np.pad(occupancy.cells, 1, constant_values=-1)
        free = self._cells == FREE
        self._leap = np.asarray(distance_transform_cdt(free, metric='chessboard'), dtype=np.int64)

    def ranges_m(self, origin_m: Floats, directions: Floats) -> Floats:
        """Return distances (n,) from ``origin_m`` (3,) along unit ``directions`` (n, 3).

        ``inf`` is nothing within reach, NaN is not known: from a place that is not free, too.
        """
        rays = np.asarray(directions, dtype=np.float64).reshape(-1, 3)[:, :2]
        ranges = np.full(len(rays), np.nan)
        place = (np.asarray(origin_m, dtype=np.float64)[:2] - (self._map.origin_x_m, self._map.origin_y_m))
        place = place / self._map.resolution_m + 1.0
        rows, columns = self._cells.shape
        if not (np.isfinite(place).all() and (place >= 0.0).all() and (place < (columns, rows)).all()):
            return ranges
        flat = np.hypot(rays[:, 0], rays[:, 1])
        level = np.flatnonzero(flat > 1e-6)
        travelled, ends = self._walk(place, rays[level] / flat[level, None])
        metres = travelled * self._map.resolution_m / flat[level]
        ranges[level] = np.where(ends == OCCUPIED, metres, np.where(ends == FREE, np.inf, np.nan))
        return ranges

    def _walk(self, place: Floats, rays: Floats) -> tuple[Floats, NDArray[np.int8]]:
        """Return how many cells' widths each ray (n, 2) goes, and what is in the cell that stops it."""
        travelled = np.zeros(len(rays))
        ends = np.full(len(rays), FREE, dtype=np.int8)
        active = np.arange(len(rays))
        cells = np.floor(place + _NUDGE * rays).astype(np.int64)
        forward = np.where(rays >= 0.0, 1, -1)
        with np.errstate(divide='ignore'):
            slowness = 1.0 / np.where(rays == 0.0, np.inf, rays)
        slowness[rays == 0.0] = np.inf
        while len(active):
            column, row = cells[:, 0], cells[:, 1]
            leap = self._leap[row, column]
            blocked = (leap == 0) | (travelled[active] > self._reach_cells)
            if blocked.any():
                stopped = np.flatnonzero(blocked)
                within = travelled[active[stopped]] <= self._reach_cells
                ends[active[stopped]] = np.where(within, self._cells[row[stopped], column[stopped]], FREE)
                going = ~blocked
                active, cells, leap = active[going], cells[going], leap[going]
                rays, forward, slowness = rays[going], forward[going], slowness[going]
                if not len(active):
                    break
            # The borders of the free square that lie ahead, and the cells right behind them.
            beyond = cells + forward * leap[:, None]
            border = beyond + (forward < 0)
            with np.errstate(invalid='ignore'):
                until = (border - place) * slowness
            until[np.isnan(until) | (slowness == np.inf)] = np.inf
            sideways = until[:, 1] < until[:, 0]
            axis = sideways.astype(np.int64)
            each = np.arange(len(active))
            travelled[active] = until[each, axis]
            at = place + travelled[active, None] * rays
            low, high = cells - leap[:, None] + 1, cells + leap[:, None] - 1
            cells = np.clip(np.floor(at).astype(np.int64), low, high)
            cells[each, axis] = beyond[each, axis]
        return travelled, ends

"""What hides what: lines of sight over the occupancy map, and where a hidden thing can come out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import label

from lepatrol.model.geometry import Floats, wrap_angle
from lepatrol.model.occupancy import OCCUPIED, OccupancyMap
from lepatrol.model.site import Point2

_JUMP_M = 0.5
"""Neighbouring rays whose lengths differ by more than this have a shadow's edge between them."""
_APART_M = 1.0
"""Exits nearer to each other than this are one."""
_MAX_EXITS = 4


@dataclass(frozen=True, slots=True)
class CameraView:
    """The part of the ground that a camera shows: from where, which way and how wide (``hfov_rad`` is all of it).

    Things on it are sure to be noticed between ``near_m``, where the picture's lower border cuts, and ``range_m``.
    """

    position_m: Point2
    heading_rad: float
    hfov_rad: float
    range_m: float
    near_m: float = 2.5

    def covers(self, place_m: Point2, margin_rad: float = 0.05) -> bool:
        """Tell whether a place lies in the view, clear of its borders by ``margin_rad``."""
        x, y = place_m[0] - self.position_m[0], place_m[1] - self.position_m[1]
        off = abs(wrap_angle(math.atan2(y, x) - self.heading_rad))
        return off <= 0.5 * self.hfov_rad - margin_rad and self.near_m <= math.hypot(x, y) <= self.range_m


class Occluders:
    """The static occluders of an occupancy map: its occupied cells. Unknown cells and all outside it hide nothing."""

    def __init__(self, occupancy: OccupancyMap, range_m: float = 30.0, margin_m: float = 0.35) -> None:
        """Look ``range_m`` far.

        Cells within ``margin_m`` of a line's ends do not count: what leans on a wall is seen.
        """
        self._map = occupancy
        self._occupied = occupancy.cells == OCCUPIED
        self._range_m = range_m
        self._margin_m = margin_m
        self._step_m = 0.5 * occupancy.resolution_m

    def blocked(self, start_m: Point2, end_m: Point2) -> bool:
        """Tell whether an occluder stands between two points."""
        x, y = end_m[0] - start_m[0], end_m[1] - start_m[1]
        length = math.hypot(x, y)
        if length <= 2.0 * self._margin_m:
            return False
        along = np.arange(self._margin_m, length - self._margin_m, self._step_m) / length
        return bool(self._hit(start_m[0] + along * x, start_m[1] + along * y).any())

    def exits(self, sensor_m: Point2, hidden_m: Point2, reach_m: float) -> tuple[Point2, ...]:
        """Return where a thing hidden around ``hidden_m`` can come into the sensor's sight, the nearest first.

        The sensor's rays end at occluders. Where a ray passes an occluder's edge and goes on, it borders on the shadow
        behind: its nearest point to ``hidden_m`` is an exit if it lies within ``reach_m`` and free ground connects
        both.
        """
        angles, lengths = self._sight(sensor_m, hidden_m, reach_m)
        jumps = np.flatnonzero(np.abs(np.diff(lengths)) > _JUMP_M)
        found: list[tuple[float, Point2]] = []
        for jump in jumps:
            beyond = int(jump if lengths[jump] > lengths[jump + 1] else jump + 1)
            edge = float(min(lengths[jump], lengths[jump + 1]))
            direction = (math.cos(angles[beyond]), math.sin(angles[beyond]))
            along = ((hidden_m[0] - sensor_m[0]) * direction[0] + (hidden_m[1] - sensor_m[1]) * direction[1])
            along = min(max(along, edge), float(lengths[beyond]) - self._map.resolution_m)
            place = sensor_m[0] + along * direction[0], sensor_m[1] + along * direction[1]
            far = math.dist(place, hidden_m)
            if far <= reach_m:
                found.append((far, place))
        found.sort()
        connected = self._connected(hidden_m, reach_m) if found else None
        kept: list[Point2] = []
        for _, place in found:
            if connected is not None and not connected(place):
                continue
            if all(math.dist(place, other) >= _APART_M for other in kept):
                kept.append(place)
        return tuple(kept[:_MAX_EXITS])

    def _sight(self, sensor_m: Point2, hidden_m: Point2, reach_m: float) -> tuple[Floats, Floats]:
        """Return directions (n,) around the hidden place and how far the sensor sees along each (n,)."""
        far = math.dist(sensor_m, hidden_m)
        half = math.pi if far <= reach_m else math.asin(reach_m / far) + 0.02
        range_m = min(self._range_m, far + reach_m)
        count = int(np.clip(2.0 * half * range_m / (2.0 * self._map.resolution_m), 16, 360))
        angles = math.atan2(hidden_m[1] - sensor_m[1], hidden_m[0] - sensor_m[0]) + np.linspace(-half, half, count)
        steps = np.arange(self._margin_m, range_m, 2.0 * self._step_m)
        hit = self._hit(sensor_m[0] + np.cos(angles)[:, None] * steps, sensor_m[1] + np.sin(angles)[:, None] * steps)
        lengths: Floats = np.where(hit.any(axis=1), steps[hit.argmax(axis=1)], range_m)
        return angles, lengths

    def _connected(self, hidden_m: Point2, reach_m: float) -> _Connected:
        """Return what tells which places free ground connects with the hidden one, within reach."""
        rows, columns = self._occupied.shape
        row, column = self._map.cell_at(*hidden_m)
        cells = math.ceil(reach_m / self._map.resolution_m) + 1
        top, left = int(np.clip(row - cells, 0, rows)), int(np.clip(column - cells, 0, columns))
        patch = ~self._occupied[top:max(row + cells + 1, top), left:max(column + cells + 1, left)]
        regions, _ = label(patch)
        return _Connected(self._map, regions, top, left, row, column)

    def _hit(self, x: Floats, y: Floats) -> NDArray[np.bool_]:
        """Tell for each point whether it lies in an occupied cell."""
        rows, columns = self._occupied.shape
        column = np.floor((x - self._map.origin_x_m) / self._map.resolution_m).astype(np.intp)
        row = np.floor((y - self._map.origin_y_m) / self._map.resolution_m).astype(np.intp)
        inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        return np.asarray(self._occupied[np.clip(row, 0, rows - 1), np.clip(column, 0, columns - 1)] & inside)


class _Connected:
    """Tells which places lie in the same free region as one cell, or as the free cells nearest to it."""

    def __init__(self, occupancy: OccupancyMap, regions: NDArray[np.int32], top: int, left: int,
                 row: int, column: int) -> None:
        self._map, self._regions, self._top, self._left = occupancy, regions, top, left
        free_rows, free_columns = np.nonzero(regions)
        self._region = 0
        if len(free_rows):
            nearest = np.argmin((free_rows + top - row) ** 2 + (free_columns + left - column) ** 2)
            self._region = int(regions[free_rows[nearest], free_columns[nearest]])

    def __call__(self, place_m: Point2) -> bool:
        """Tell whether the place is one of the region's; outside the map nothing is."""
        row, column = self._map.cell_at(*place_m)
        row, column = row - self._top, column - self._left
        inside = 0 <= row < self._regions.shape[0] and 0 <= column < self._regions.shape[1]
        return inside and self._region > 0 and int(self._regions[row, column]) == self._region


def behind_others(sensor_m: Point2, place_m: Point2, others: Sequence[tuple[Point2, float]]) -> bool:
    """Tell whether one of the other things, each given by its place and width, hides a place from the sensor."""
    far = math.dist(sensor_m, place_m)
    bearing = math.atan2(place_m[1] - sensor_m[1], place_m[0] - sensor_m[0])
    for other_m, width_m in others:
        near = math.dist(sensor_m, other_m)
        if not 0.1 < near < far - 0.3:
            continue
        off = abs(wrap_angle(math.atan2(other_m[1] - sensor_m[1], other_m[0] - sensor_m[0]) - bearing))
        if off < math.atan2(0.5 * width_m + 0.1, near):
            return True
    return False

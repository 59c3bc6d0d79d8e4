"""The uneven land on both sides of a border: tiles of ground whose heights join at their edges.

A tile is 200 m long (x) and reaches from the level strip along the fence to the edge of the world. There are four:
north and south of the strip, each once as open land and once with a level way for a road across it. Along the south
tiles runs a ditch, along the north ones a stream; the road crosses both on a culvert.

Heights are whole steps of 8 mm, so that a grey picture of 8 bits holds them exactly. Gazebo wants such a picture
square, with 2^n + 1 pixels a side; the tile need not be.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from lepatrol.model.geometry import Floats

TILE_M = 200.0
PIXELS = 33
STRIP_SOUTH_M, STRIP_NORTH_M = -24.0, 4.0
"""The level strip along the fence, which stands on y = 0: from here to there it is at z = 0."""
EDGE_M = 100.0
"""The world ends at this distance north and south of the fence."""
STEP_M = 0.008
LOWEST_M = -1.74
LAND_M = LOWEST_M + 212 * STEP_M
"""The land's mean height, 4.4 cm below the strip, so that no tile lies in the plane of a road."""
DITCH_ROW, DITCH_DEPTH_M = 2, 1.64
STREAM_ROW, STREAM_BEND_ROWS, STREAM_DEPTH_M = 14, 4.0, 1.6
WATER_M = -0.7
_ROLL_M = 0.25
_LEVEL_HALF_M = 18.75
"""So far to both sides of a road's middle the land is level."""


@dataclass(frozen=True, slots=True)
class Land:
    """One kind of tile."""

    side: str
    """``north`` or ``south`` of the strip."""
    road: bool
    """Whether a road crosses it, in its middle."""

    @property
    def model(self) -> str:
        """Return the name of the model."""
        return f'border_land_{self.side}' + ('_road' if self.road else '')

    @property
    def span_m(self) -> tuple[float, float]:
        """Return the lowest and the highest y."""
        return (STRIP_NORTH_M, EDGE_M) if self.side == 'north' else (-EDGE_M, STRIP_SOUTH_M)

    @property
    def x_m(self) -> Floats:
        """Return where the columns are (33,), from the tile's middle."""
        return _evenly(-TILE_M / 2.0, TILE_M / 2.0)

    @property
    def y_m(self) -> Floats:
        """Return where the rows are (33,), from the fence; row 0 is the one at the strip."""
        low, high = self.span_m
        return _evenly(low, high) if self.side == 'north' else _evenly(high, low)

    def steps(self) -> Floats:
        """Return the heights (rows, columns) above the lowest in steps of 8 mm, 0 to 255."""
        x, y = np.meshgrid(self.x_m, self.y_m)
        heights = LAND_M + _roll_m(x, np.abs(y - self.y_m[0]), self.side) - self._carved_m()
        if self.road:
            share = np.clip((np.abs(x) - _LEVEL_HALF_M) / (TILE_M / 16.0), 0.0, 1.0)
            heights = LAND_M + share * (heights - LAND_M)
        steps = np.asarray(np.clip(np.round((heights - LOWEST_M) / STEP_M), 0, 255), dtype=np.float64)
        # Gazebo and the embedded simulator make the brightest pixel as high as the size says: one pixel, at the edge of
        # the world, is a mound that tells them.
        steps[-1, PIXELS // 4] = 255
        return steps

    def heights_m(self) -> Floats:
        """Return the heights (rows, columns) in the world."""
        return np.asarray(LOWEST_M + STEP_M * self.steps())

    def _carved_m(self) -> Floats:
        """Return how deep ditch or stream are (rows, columns): their bed is one row, their banks end at the next."""
        depths = np.zeros((PIXELS, PIXELS))
        if self.side == 'south':
            depths[DITCH_ROW] = DITCH_DEPTH_M
        else:
            depths[stream_rows(), np.arange(PIXELS)] = STREAM_DEPTH_M
        return depths


LANDS = tuple(Land(side, road) for side in ('north', 'south') for road in (False, True))


def stream_rows() -> list[int]:
    """Return in which row of a north tile each column has the stream's bed; it bends by a row at most."""
    return [round(STREAM_ROW + STREAM_BEND_ROWS * math.sin(2.0 * math.pi * i / (PIXELS - 1))) for i in range(PIXELS)]


def _evenly(first: float, last: float) -> Floats:
    return np.asarray(np.linspace(first, last, PIXELS), dtype=np.float64)


def _roll_m(x: Floats, away: Floats, side: str) -> Floats:
    """Return how the land rolls at ``x`` and this far away from the strip; the same at both ends of a tile."""
    turn, late = 2.0 * math.pi * x / TILE_M, 1.7 if side == 'north' else 0.4
    waves = (0.45 * np.sin(2.0 * turn + 0.08 * away + late) + 0.35 * np.sin(3.0 * turn - 0.11 * away)
             + 0.2 * np.sin(5.0 * turn + 0.21 * away + 2.0 * late))
    # Level beside the strip, and rolling from 8 m away.
    return np.asarray(_ROLL_M * waves * np.clip((away - 8.0) / 10.0, 0.0, 1.0))


class Ground:
    """The height of a border's ground anywhere: tiles side by side, a road across them in the middle of one."""

    def __init__(self, half_length_m: float, road_x_m: float) -> None:
        """Lay the tiles from -half_length to half_length."""
        self._half_m = half_length_m
        self._road_tile = self._tile_of(road_x_m)
        self._heights = {land: land.heights_m() for land in LANDS}

    def _tile_of(self, x_m: float) -> int:
        return min(max(int((x_m + self._half_m) // TILE_M), 0), round(2.0 * self._half_m / TILE_M) - 1)

    def height_m(self, x_m: float, y_m: float) -> float:
        """Return the height at a place of the world, between the pixels in proportion."""
        if STRIP_SOUTH_M <= y_m <= STRIP_NORTH_M:
            return 0.0
        tile = self._tile_of(x_m)
        land = Land('north' if y_m > 0.0 else 'south', tile == self._road_tile)
        heights = self._heights[land]
        column = (x_m + self._half_m - tile * TILE_M) / TILE_M * (PIXELS - 1)
        row = (y_m - land.y_m[0]) / (land.y_m[1] - land.y_m[0])
        i, j = (int(min(max(place, 0.0), PIXELS - 1.001)) for place in (row, column))
        across, up = min(column - j, 1.0), min(row - i, 1.0)
        west = heights[i, j] + up * (heights[i + 1, j] - heights[i, j])
        east = heights[i, j + 1] + up * (heights[i + 1, j + 1] - heights[i, j + 1])
        return float(west + across * (east - west))


def write_picture(land: Land, path: Path) -> None:
    """Write a tile's heights as a grey picture, north up."""
    rows = land.steps().astype(np.uint8)
    cv2.imwrite(str(path), rows[::-1] if land.side == 'north' else rows)

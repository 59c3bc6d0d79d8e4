"""The shortest path on a cost grid: coarse graph first, every cell if that fails, then straightened."""

from __future__ import annotations

import itertools
import math

import numpy as np

from lepatrol.model.geometry import Floats
from lepatrol.planning.grid import CostGrid
from lepatrol.planning.roadmap import Roadmap
from lepatrol.planning.sight import is_clear, segment_costs
from lepatrol.planning.wavefront import are_connected, wavefront_path

_FULL_CELLS = 30_000
_TARGET_NODES = 100_000
_SUBDIVIDE_CELLS = 12.0


def block_size(grid: CostGrid) -> int:
    """Return how many cells wide the graph's blocks are: small grids are searched cell by cell."""
    cells = grid.lethal.size
    return 1 if cells <= _FULL_CELLS else max(3, math.ceil(math.sqrt(cells / _TARGET_NODES)))


def find_path(grid: CostGrid, roadmap: Roadmap, start: Floats, goal: Floats) -> Floats | None:
    """Return a cheap way between two free places, shape (m, 2) with both ends, or None where there is none.

    Places are fractional (column, row). No part of the way touches a lethal cell.
    """
    if is_clear(grid.lethal, start, goal):
        straight = np.stack([start, goal])
        if _cost_along(grid, straight) <= math.dist(start, goal) * 1.001:
            return straight
    way = roadmap.search(grid, start, goal)
    if way is None:
        way = _search_every_cell(grid, start, goal)
    if way is None:
        return None
    return straightened(grid, _subdivided(straightened(grid, way)))


def straightened(grid: CostGrid, way: Floats) -> Floats:
    """Return the way with corners left out wherever the straight line is clear and costs no more."""
    steps = segment_costs(grid.cost, way[:-1], way[1:])
    so_far = np.concatenate([[0.0], np.cumsum(steps)])
    kept = [0]
    while kept[-1] < len(way) - 1:
        kept.append(_furthest(grid, way, so_far, kept[-1]))
    return way[kept]


def _furthest(grid: CostGrid, way: Floats, so_far: Floats, at: int) -> int:
    """Return the furthest corner found by bisection that may follow corner ``at``."""
    def may_follow(corner: int) -> bool:
        if not is_clear(grid.lethal, way[at], way[corner]):
            return False
        straight = segment_costs(grid.cost, way[at, None], way[corner, None])[0]
        return bool(straight <= (so_far[corner] - so_far[at]) * (1.0 + 1e-6))

    good, bad = at + 1, len(way)
    corner = bad - 1
    while bad - good > 1:
        if may_follow(corner):
            good = corner
        else:
            bad = corner
        corner = (good + bad) // 2
    return good


def _search_every_cell(grid: CostGrid, start: Floats, goal: Floats) -> Floats | None:
    if not are_connected(grid, start, goal):
        return None
    way = wavefront_path(grid, start, goal)
    return None if way is None else np.vstack([start, way, goal])


def _subdivided(way: Floats) -> Floats:
    """Return the way with more corners, so that straightening finds shortcuts that begin half-way."""
    parts = [way[:1]]
    for begin, end in itertools.pairwise(way):
        count = math.ceil(math.dist(begin, end) / _SUBDIVIDE_CELLS)
        parts.append(begin + (end - begin) * (np.arange(1, count + 1) / max(count, 1))[:, None])
        parts[-1][-1:] = end
    return np.vstack(parts)


def _cost_along(grid: CostGrid, way: Floats) -> float:
    return float(segment_costs(grid.cost, way[:-1], way[1:]).sum())

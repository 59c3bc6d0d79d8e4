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
_TARGET_NODES = 50_000
_BESIDE_CORNER_CELLS = 15.0


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
    """Return the furthest corner found by doubling and bisection that may follow corner ``at``."""
    def may_follow(corner: int) -> bool:
        straight = segment_costs(grid.cost, way[at, None], way[corner, None])[0]
        if straight > (so_far[corner] - so_far[at]) * (1.0 + 1e-6):
            return False
        return is_clear(grid.lethal, way[at], way[corner])

    # Doubling strides first: long lines cost most to look along, and are seldom clear.
    good, stride = at + 1, 1
    while good + stride < len(way) and may_follow(good + stride):
        good, stride = good + stride, 2 * stride
    bad = min(good + stride, len(way))
    while bad - good > 1:
        corner = (good + bad) // 2
        if may_follow(corner):
            good = corner
        else:
            bad = corner
    return good


def _search_every_cell(grid: CostGrid, start: Floats, goal: Floats) -> Floats | None:
    if not are_connected(grid, start, goal):
        return None
    way = wavefront_path(grid, start, goal)
    return None if way is None else np.vstack([start, way, goal])


def _subdivided(way: Floats) -> Floats:
    """Return the way with a point on either side of each corner, from where straightening may cut the corner."""
    places = [way[0]]
    for begin, end in itertools.pairwise(way):
        share = min(_BESIDE_CORNER_CELLS / max(math.dist(begin, end), 1e-9), 1.0 / 3.0)
        places += [begin + share * (end - begin), end - share * (end - begin), end]
    return np.stack(places)


def _cost_along(grid: CostGrid, way: Floats) -> float:
    return float(segment_costs(grid.cost, way[:-1], way[1:]).sum())

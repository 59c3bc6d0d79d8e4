"""The slow, sure search: a wave over every single cell, for ways that a coarse graph cannot see."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats
from lepatrol.planning.grid import CostGrid

_WAVE_CELLS = 1.5
"""Costs that a step of the wave takes together (delta-stepping, Meyer and Sanders 2003)."""

_FIRST_REACH_CELLS = 64


def are_connected(grid: CostGrid, start: Floats, goal: Floats) -> bool:
    """Tell whether any way at all joins two places, fractional (column, row)."""
    _, labels = cv2.connectedComponents((~grid.lethal).astype(np.uint8), connectivity=4)
    (first, second) = (labels[int(place[1]), int(place[0])] for place in (start, goal))
    return bool(first == second and first > 0)


def wavefront_path(grid: CostGrid, start: Floats, goal: Floats) -> Floats | None:
    """Return the cheapest 8-connected way over free cells, shape (m, 2), through cell middles, or None.

    A diagonal step needs both cells beside it free.
    """
    aims = np.zeros(grid.lethal.shape, dtype=np.bool_)
    aims[int(goal[1]), int(goal[0])] = True
    return _way(~grid.lethal, grid.cost, start, aims)[0]


def nearest_way(free: NDArray[np.bool_], aims: NDArray[np.bool_], start: Floats) -> Floats | None:
    """Return the shortest 8-connected way over free cells to any of the cells aimed at, or None; as above."""
    reach, farthest = _FIRST_REACH_CELLS, max(free.shape)
    column, row = int(start[0]), int(start[1])
    while True:
        # What leaves the window is longer than its reach.
        top, left = max(row - reach, 0), max(column - reach, 0)
        part = slice(top, row + reach + 1), slice(left, column + reach + 1)
        way, length = _way(free[part], np.ones(free[part].shape, dtype=np.float32), start - (left, top), aims[part])
        if length <= reach or reach >= farthest:
            return None if way is None else way + np.array([left, top])
        reach *= 2


def _way(
    free: NDArray[np.bool_], cost: NDArray[np.float32], start: Floats, aims: NDArray[np.bool_],
) -> tuple[Floats | None, float]:
    """Return the cheapest way to a free cell aimed at, and what it costs; None and ``inf`` where there is none."""
    width = free.shape[1] + 2
    open_to, price = np.pad(free, 1).ravel(), np.pad(cost, 1, constant_values=1.0).ravel()
    source = (int(start[1]) + 1) * width + int(start[0]) + 1
    if not open_to[source]:
        return None, math.inf
    parent, target, length = _spread(open_to, price, width, source, np.pad(aims, 1).ravel() & open_to)
    if target < 0:
        return None, math.inf
    cells = [target]
    while cells[-1] != source:
        cells.append(int(parent[cells[-1]]))
    way = np.array(cells[::-1])
    return np.stack([way % width - 0.5, way // width - 0.5], axis=1).astype(np.float64), length


def _spread(
    free: NDArray[np.bool_], price: NDArray[np.float32], width: int, source: int, aims: NDArray[np.bool_],
) -> tuple[NDArray[np.int64], int, float]:
    """Return each cell's predecessor on its cheapest way from ``source``, -1 where there is none.

    Then the cell aimed at that is reached most cheaply, -1 for none, and its cost.
    """
    cost = np.full(free.size, np.inf)
    parent = np.full(free.size, -1, dtype=np.int64)
    cost[source] = 0.0
    front = np.array([source])
    target, least = (source, 0.0) if aims[source] else (-1, math.inf)
    while len(front):
        due = cost[front]
        nearest = due.min()
        if least <= nearest:
            break
        now, later = front[due <= nearest + _WAVE_CELLS], front[due > nearest + _WAVE_CELLS]
        reached = [later]
        for up in (-1, 0, 1):
            for across in (-1, 0, 1):
                step = up * width + across
                if step == 0:
                    continue
                to = now + step
                usable = free[to]
                if up and across:
                    usable &= free[now + across] & free[now + up * width]
                total = cost[now] + math.hypot(up, across) * 0.5 * (price[now] + price[to])
                better = usable & (total < cost[to])
                cost[to[better]] = total[better]
                parent[to[better]] = now[better]
                reached.append(to[better])
        front = np.unique(np.concatenate(reached))
        hit = front[aims[front]]
        if len(hit):
            best = int(hit[cost[hit].argmin()])
            target, least = (best, float(cost[best])) if cost[best] < least else (target, least)
    return parent, target, least

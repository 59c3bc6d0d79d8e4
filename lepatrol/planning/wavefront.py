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


def are_connected(grid: CostGrid, start: Floats, goal: Floats) -> bool:
    """Tell whether any way at all joins two places, fractional (column, row)."""
    _, labels = cv2.connectedComponents((~grid.lethal).astype(np.uint8), connectivity=4)
    (first, second) = (labels[int(place[1]), int(place[0])] for place in (start, goal))
    return bool(first == second and first > 0)


def wavefront_path(grid: CostGrid, start: Floats, goal: Floats) -> Floats | None:
    """Return the cheapest 8-connected way over free cells, shape (m, 2), through cell middles, or None.

    A diagonal step needs both cells beside it free.
    """
    width = grid.lethal.shape[1] + 2
    free = np.pad(~grid.lethal, 1).ravel()
    price = np.pad(grid.cost, 1, constant_values=1.0).ravel()
    source, target = ((int(place[1]) + 1) * width + int(place[0]) + 1 for place in (start, goal))
    if not (free[source] and free[target]):
        return None
    parent = _spread(free, price, width, source, target)
    if source != target and parent[target] < 0:
        return None
    cells = [target]
    while cells[-1] != source:
        cells.append(int(parent[cells[-1]]))
    way = np.array(cells[::-1])
    return np.stack([way % width - 0.5, way // width - 0.5], axis=1).astype(np.float64)


def _spread(
    free: NDArray[np.bool_], price: NDArray[np.float32], width: int, source: int, target: int,
) -> NDArray[np.int64]:
    """Return each cell's predecessor on its cheapest way from ``source``, -1 where there is none."""
    cost = np.full(free.size, np.inf)
    parent = np.full(free.size, -1, dtype=np.int64)
    cost[source] = 0.0
    front = np.array([source])
    while len(front):
        due = cost[front]
        nearest = due.min()
        if cost[target] <= nearest:
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
    return parent

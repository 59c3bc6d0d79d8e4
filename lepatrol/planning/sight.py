"""Straight lines over a grid: whether they are clear, and what they cost.

Places are fractional (column, row), as ``CostGrid.to_cells`` gives them.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats

_TOUCH = 1e-9
"""A line this near to a cell's border (in cells) touches both cells; more than rounding can err."""


def segments_clear(closed: NDArray[np.bool_], starts: Floats, ends: Floats) -> NDArray[np.bool_]:
    """Tell for each segment from ``starts`` (n, 2) to ``ends`` (n, 2) whether it touches no closed cell.

    Exact: every cell that a segment touches, even in one corner, is looked at (a supercover); outside the grid all is
    closed.
    """
    rows, columns = closed.shape
    both = np.concatenate([starts, ends], axis=1)
    clear = np.asarray(((both >= 0.0) & (both <= (columns, rows, columns, rows))).all(axis=1))
    for ends_of in (starts, ends):
        clear &= ~_touched(closed, ends_of[:, 0], ends_of[:, 1])
    for axis in (0, 1):
        along, change = starts[:, axis], ends[:, axis] - starts[:, axis]
        first = np.ceil(np.minimum(along, ends[:, axis]))
        last = np.where(change == 0.0, first - 1.0, np.floor(np.maximum(along, ends[:, axis])))
        count = int((last - first).max(initial=-1.0)) + 1
        if count <= 0:
            continue
        lines: Floats = first[:, None] + np.arange(count)
        valid = lines <= last[:, None]
        share = (lines - along[:, None]) / np.where(change == 0.0, 1.0, change)[:, None]
        across: Floats = starts[:, 1 - axis, None] + share * (ends[:, 1 - axis] - starts[:, 1 - axis])[:, None]
        hit = _touched(closed, lines, across) if axis == 0 else _touched(closed, across, lines)
        clear &= ~(hit & valid).any(axis=1)
    return clear


def is_clear(closed: NDArray[np.bool_], start: Floats, end: Floats) -> bool:
    """Tell whether one segment touches no closed cell."""
    return bool(segments_clear(closed, start[None, :], end[None, :])[0])


def segment_costs(cost: NDArray[np.float32], starts: Floats, ends: Floats) -> Floats:
    """Return each segment's length in cells, weighted by the cost on its way (two samples per cell)."""
    way = ends - starts
    lengths = np.hypot(way[:, 0], way[:, 1])
    count = max(2, math.ceil(2.0 * lengths.max(initial=0.0)))
    shares = (np.arange(count) + 0.5) / count
    columns = np.clip(starts[:, 0, None] + way[:, 0, None] * shares, 0, cost.shape[1] - 1).astype(np.intp)
    rows = np.clip(starts[:, 1, None] + way[:, 1, None] * shares, 0, cost.shape[0] - 1).astype(np.intp)
    return np.asarray(lengths * cost[rows, columns].mean(axis=1, dtype=np.float64))


def _touched(closed: NDArray[np.bool_], columns: Floats, rows: Floats) -> NDArray[np.bool_]:
    """Tell for each place whether one of the cells it touches (up to four, at a corner) is closed."""
    top, right = closed.shape[0] - 1, closed.shape[1] - 1
    low_column = np.clip(np.floor(columns - _TOUCH), 0, right).astype(np.intp)
    high_column = np.clip(np.floor(columns + _TOUCH), 0, right).astype(np.intp)
    low_row = np.clip(np.floor(rows - _TOUCH), 0, top).astype(np.intp)
    high_row = np.clip(np.floor(rows + _TOUCH), 0, top).astype(np.intp)
    return np.asarray(closed[low_row, low_column] | closed[low_row, high_column]
                      | closed[high_row, low_column] | closed[high_row, high_column])

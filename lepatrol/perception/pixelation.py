"""Hiding parts of a picture under blocks of one colour each."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

_SIZES = (2, 4, 8, 16, 32, 64, 128)
"""Edges that blocks may have, in pixels: each twice the last, so that the grids' lines fall on one another."""
_NEXT_SIZE = np.array(
    [0, *(next((size for size in _SIZES if size >= wanted), _SIZES[-1]) for wanted in range(1, 256))], dtype=np.uint8)

Blocks = NDArray[np.uint8]
"""The edge in pixels of the block that hides each pixel (height, width), 0 where it stays sharp."""


def pixelated(rgb: NDArray[np.uint8], blocks: Blocks) -> NDArray[np.uint8]:
    """Return a copy of a picture (height, width, 3) under blocks of at least the size asked for, up to 128 pixels.

    A block has the mean colour of the square that it hides; squares of one size share one grid.
    """
    masked = rgb.copy()
    sizes = cv2.LUT(blocks, _NEXT_SIZE)
    for size in _SIZES:
        _hide(masked, rgb, np.asarray(sizes == size).view(np.uint8), size)
    return masked


def _hide(masked: NDArray[np.uint8], rgb: NDArray[np.uint8], where: NDArray[np.uint8], size: int) -> None:
    """Put blocks of one size over ``masked``, looking only at the part of the grid that is needed."""
    first_column, first_row, columns, rows = cv2.boundingRect(where)
    if not columns:
        return
    top, left = first_row // size * size, first_column // size * size
    bottom, right = first_row + rows, first_column + columns
    down, across = -(-(bottom - top) // size), -(-(right - left) // size)
    seen = rgb[top:top + down * size, left:left + across * size]
    # Squares that the picture's edge cuts are filled up, so that every mean is of a whole square.
    filled = cv2.copyMakeBorder(
        seen, 0, down * size - seen.shape[0], 0, across * size - seen.shape[1], cv2.BORDER_REPLICATE)
    means = cv2.resize(filled, (across, down), interpolation=cv2.INTER_AREA)
    coarse = cv2.resize(means, (across * size, down * size), interpolation=cv2.INTER_NEAREST)
    part = masked[top:bottom, left:right]
    part[:] = cv2.copyTo(coarse[:bottom - top, :right - left], where[top:bottom, left:right], part.copy())

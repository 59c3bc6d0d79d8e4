"""Hiding parts of a picture under blocks of one colour each."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

_SIZES = (2, 4, 8, 16, 32, 64, 128)
"""Edges that blocks may have, in pixels: each twice the last, so that the grids' lines fall on one another."""

Blocks = NDArray[np.int32]
"""The edge in pixels of the block that hides each pixel (height, width), 0 where it stays sharp."""


def pixelated(rgb: NDArray[np.uint8], blocks: Blocks) -> NDArray[np.uint8]:
    """Return a copy of a picture (height, width, 3) whose pixels lie under blocks of at least the size asked for.

    A block has the mean colour of the square that it hides; squares of one size share one grid.
    """
    masked = rgb.copy()
    if not blocks.any():
        return masked
    sizes = np.asarray(_SIZES)[np.minimum(np.searchsorted(_SIZES, blocks), len(_SIZES) - 1)]
    sizes[blocks <= 0] = 0
    for size in np.unique(sizes):
        if size:
            _hide(masked, rgb, np.asarray(sizes == size), int(size))
    return masked


def _hide(masked: NDArray[np.uint8], rgb: NDArray[np.uint8], where: NDArray[np.bool_], size: int) -> None:
    """Put blocks of one size over ``masked``, looking only at the part of the grid that is needed."""
    rows, columns = np.flatnonzero(where.any(axis=1)), np.flatnonzero(where.any(axis=0))
    top, left = rows[0] // size * size, columns[0] // size * size
    part = (slice(top, rows[-1] + 1), slice(left, columns[-1] + 1))
    height, width = where[part].shape
    down, across = -(-height // size), -(-width // size)
    whole = (slice(top, top + down * size), slice(left, left + across * size))
    seen = rgb[whole]
    # Squares that the picture's edge cuts are filled up, so that every mean is of a whole square.
    filled = cv2.copyMakeBorder(
        seen, 0, down * size - seen.shape[0], 0, across * size - seen.shape[1], cv2.BORDER_REPLICATE)
    means = cv2.resize(filled, (across, down), interpolation=cv2.INTER_AREA)
    coarse = cv2.resize(means, (across * size, down * size), interpolation=cv2.INTER_NEAREST)
    np.copyto(masked[part], coarse[:height, :width], where=where[part][..., None])

"""A camera's noise, cheap enough for every frame."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from lepatrol.simulation.description import Noise

_TABLE_SIZE = 1 << 21


def add_grain(rgb: NDArray[np.uint8], noise: Noise, generator: Generator) -> NDArray[np.uint8]:
    """Return a picture (height, width, 3) with Gaussian noise, in 0..1 of full scale, added and cut off at its ends.

    The noise of a frame is a stretch, chosen by ``generator``, of one long table: to draw every number anew would cost
    ten times as much as drawing the picture.
    """
    table = _table(noise.mean, noise.stddev, _TABLE_SIZE + rgb.size)
    start = int(generator.integers(_TABLE_SIZE))
    grain = table[start:start + rgb.size].reshape(rgb.shape)
    return np.asarray(cv2.add(rgb, grain, dtype=cv2.CV_8U), dtype=np.uint8)


@cache
def _table(mean: float, stddev: float, size: int) -> NDArray[np.int16]:
    """Return noise in steps of one 255th of full scale; the same in every run."""
    return np.round(default_rng(0).normal(255.0 * mean, 255.0 * stddev, size)).astype(np.int16)

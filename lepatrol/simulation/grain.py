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
    brighter, darker = _tables(noise.mean, noise.stddev, _TABLE_SIZE + rgb.size)
    start = int(generator.integers(_TABLE_SIZE))
    stretch = slice(start, start + rgb.size)
    grainy = cv2.add(rgb, brighter[stretch].reshape(rgb.shape))
    return np.asarray(cv2.subtract(grainy, darker[stretch].reshape(rgb.shape)), dtype=np.uint8)


@cache
def _tables(mean: float, stddev: float, size: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Return noise in steps of one 255th of full scale, what brightens apart from what darkens; the same in every run.

    OpenCV adds bytes to bytes six times faster than numbers with a sign.
    """
    grain = np.round(default_rng(0).normal(255.0 * mean, 255.0 * stddev, size))
    return np.clip(grain, 0.0, 255.0).astype(np.uint8), np.clip(-grain, 0.0, 255.0).astype(np.uint8)

"""The beams of a scan as unit vectors, and what neighbouring directions see."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats
from lepatrol.model.observation import LaserScan

_WIDEST_RAD = 0.35
"""No window reaches further to either side: what is that near is judged by the beam's own surroundings."""


class BeamFan:
    """The directions of a scan's beams in the sensor's frame.

    ``beams`` has shape (n, 3), ``dense`` (density (n - 1) + 1, 3): every ``density``-th of its directions is a beam.
    """

    def __init__(self, scan: LaserScan, density: int) -> None:
        """Lay out the beams of a scan of at least one."""
        count, step = scan.ranges_m.size, scan.angle_increment_rad
        self._layout = (count, scan.angle_min_rad, step)
        self._step_rad = max(abs(step) / density, 1e-6)
        self._density = density
        angles = scan.angle_min_rad + step / density * np.arange(density * (count - 1) + 1)
        self.dense = np.stack([np.cos(angles), np.sin(angles), np.zeros_like(angles)], axis=1)
        self.beams = np.ascontiguousarray(self.dense[::density])
        self.is_full_turn = abs(step) * (count + 0.5) >= 2.0 * math.pi

    def fits(self, scan: LaserScan) -> bool:
        """Tell whether a scan has these beams."""
        return self._layout == (scan.ranges_m.size, scan.angle_min_rad, scan.angle_increment_rad)

    def reach(self, angles_rad: Floats) -> NDArray[np.int64]:
        """Return how many dense directions to either side lie within each angle (n,), rounded up."""
        return np.ceil(np.minimum(angles_rad, _WIDEST_RAD) / self._step_rad).astype(np.int64)


def lowest_and_highest(
    dense_m: Floats, reach: NDArray[np.int64], wraps: bool,
) -> tuple[Floats, Floats]:
    """Return the lowest and highest of the dense ranges within ``reach`` (n,) directions of each beam, shape (n,).

    Where one is NaN, so that anything may be there, the lowest is 0 and the highest ``inf``. The windows are looked up
    in a sparse table: the extremes over every stretch of 2^k ranges, of which two cover any window.
    """
    beams = len(reach)
    density = (len(dense_m) - 1) // max(beams - 1, 1)
    pad = int(reach.max(initial=0))
    # The first and the last beam of a full turn are (nearly) the same: the turn goes on after the last.
    padded = np.pad(dense_m, pad, mode='wrap' if wraps and pad < len(dense_m) else 'edge')
    unknown = np.isnan(padded)
    extremes = np.stack([np.where(unknown, 0.0, padded), np.where(unknown, -np.inf, -padded)])
    tables = [extremes]
    while 2**len(tables) <= 2 * pad + 1:
        half = 2**(len(tables) - 1)
        table = tables[-1].copy()
        np.minimum(table[:, :-half], table[:, half:], out=table[:, :-half])
        tables.append(table)
    stack = np.stack(tables)
    first = density * np.arange(beams) + pad - reach
    width = 2 * reach + 1
    level = np.frexp(width)[1] - 1
    last = first + width - 2**level
    found = np.minimum(stack[level, :, first], stack[level, :, last])
    return found[:, 0], -found[:, 1]

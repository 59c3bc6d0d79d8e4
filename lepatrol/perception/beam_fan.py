"""The beams of a scan as unit vectors, and what neighbouring directions see."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats
from lepatrol.model.observation import LaserScan

_FAR_M = 1e4
_OVERLAP = 24
"""Directions by which a full turn goes on beyond its ends, so that a turned sensor finds something there."""


class BeamFan:
    """The directions of a scan's beams in the sensor's frame: unit vectors ``beams`` (n, 3) at ``angles_rad`` (n,)."""

    def __init__(self, scan: LaserScan) -> None:
        """Lay out the beams of a scan of at least one."""
        count, step = scan.ranges_m.size, scan.angle_increment_rad
        self._layout = (count, scan.angle_min_rad, step)
        self._step_rad = max(abs(step), 1e-6)
        self.angles_rad = scan.angles_rad
        self.beams = self.towards(self.angles_rad)
        self.is_full_turn = abs(step) * (count + 0.5) >= 2.0 * math.pi

    @staticmethod
    def towards(angles_rad: Floats) -> Floats:
        """Return the unit vectors (..., 3) at angles (...)."""
        return np.stack([np.cos(angles_rad), np.sin(angles_rad), np.zeros_like(angles_rad)], axis=-1)

    def fits(self, scan: LaserScan) -> bool:
        """Tell whether a scan has these beams."""
        return self._layout == (scan.ranges_m.size, scan.angle_min_rad, scan.angle_increment_rad)

    def seen_after(
        self, ranges_m: Floats, shift_m: tuple[float, float], turn_rad: float,
    ) -> tuple[Floats, Floats, Floats]:
        """Return expected ranges as seen after a small step of the sensor in its own plane, and their bounds.

        The points stay where they are, so this is right but for what the step uncovers, and much faster than new rays.
        The bounds are the lower and the higher range of the two points that a beam passes between. Ranges beyond the
        first and the last point are not known.
        """
        far = np.where(np.isposinf(ranges_m), _FAR_M, ranges_m)
        x = far * self.beams[:, 0] - shift_m[0]
        y = far * self.beams[:, 1] - shift_m[1]
        ranges = np.hypot(x, y)
        # The angle by which a point seems to turn, from its cross and dot product with the old direction.
        seems = np.arctan2(self.beams[:, 0] * y - self.beams[:, 1] * x, self.beams[:, 0] * x + self.beams[:, 1] * y)
        angles = self.angles_rad + np.where(np.isnan(seems), 0.0, seems) - turn_rad
        if self.is_full_turn:
            ends = min(_OVERLAP, len(angles) - 1)
            around = math.copysign(2.0 * math.pi, self.angles_rad[-1] - self.angles_rad[0])
            angles = np.concatenate([angles[-ends:] - around, angles, angles[:ends] + around])
            ranges = np.concatenate([ranges[-ends:], ranges, ranges[:ends]])
        order = np.argsort(angles, kind='stable')
        angles, ranges = angles[order], ranges[order]
        after = np.minimum(np.maximum(np.searchsorted(angles, self.angles_rad), 1), len(angles) - 1)
        left, right, start, end = ranges[after - 1], ranges[after], angles[after - 1], angles[after]
        seen = left + (self.angles_rad - start) / np.maximum(end - start, 1e-12) * (right - left)
        seen[(self.angles_rad < angles[0]) | (self.angles_rad > angles[-1])] = np.nan
        low, high = np.minimum(left, right), np.maximum(left, right)
        for bound in (seen, low, high):
            bound[bound > 0.5 * _FAR_M] = np.inf
        return seen, low, high

    def reach(self, angles_rad: Floats) -> NDArray[np.int64]:
        """Return how many beams to either side lie within each angle (n,), rounded, one at least."""
        return np.maximum(np.rint(angles_rad / self._step_rad), 1.0).astype(np.int64)


def lowest_and_highest(
    low_m: Floats, high_m: Floats, reach: NDArray[np.int64], *, wraps: bool,
) -> tuple[Floats, Floats]:
    """Return the lowest of ``low_m`` and highest of ``high_m`` (n,) within ``reach`` (n,) beams of each, shape (n,).

    Where one is NaN, so that anything may be there, the lowest is 0 and the highest ``inf``. The windows are looked up
    in a sparse table: the extremes over every stretch of 2^k beams, of which two cover any window.
    """
    beams = len(reach)
    if not beams:
        return np.zeros(0), np.zeros(0)
    pad = int(reach.max())
    # The first and the last beam of a full turn are (nearly) the same: the turn goes on after the last.
    around = np.arange(-pad, beams + pad)
    around = around % beams if wraps else np.clip(around, 0, beams - 1)
    levels = (2 * pad + 1).bit_length()
    stack = np.empty((levels, 2, len(around)))
    stack[0, 0] = np.where(np.isnan(low_m), 0.0, low_m)[around]
    stack[0, 1] = np.where(np.isnan(high_m), -np.inf, -high_m)[around]
    for level in range(1, levels):
        half = 2**(level - 1)
        below = stack[level - 1]
        np.minimum(below[:, :-half], below[:, half:], out=stack[level, :, :-half])
        stack[level, :, -half:] = below[:, -half:]
    first = np.arange(beams) + pad - reach
    width = 2 * reach + 1
    row = np.frexp(width)[1] - 1
    last = first + width - 2**row
    low = np.minimum(stack[row, 0, first], stack[row, 0, last])
    high = np.minimum(stack[row, 1, first], stack[row, 1, last])
    return low, -high

"""Upright solids on the ground, and how they look: what outlines and lidar returns are explained by.

A box is given by the numbers x, y, heading, length, width and height, an upright cylinder by x, y, radius and height.
"""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np

from lepatrol.model.geometry import Floats

_ROUND = 20
"""Corners of a round footprint."""
_CIRCLE = 2.0 * math.pi / _ROUND * np.arange(_ROUND)
# A polygon of the circle's own area: its corners lie a little outside, its sides a little inside.
_OUTSIDE = math.sqrt(2.0 * math.pi / _ROUND / math.sin(2.0 * math.pi / _ROUND))
_RING: Floats = _OUTSIDE * np.stack([np.cos(_CIRCLE), np.sin(_CIRCLE)], axis=1)
_SQUARE: Floats = np.array([(0.5, 0.5), (-0.5, 0.5), (-0.5, -0.5), (0.5, -0.5)])


class Solid(Protocol):
    """A family of solids, each given by some numbers; the last is the height."""

    @property
    def lengths(self) -> slice:
        """Return which of the numbers are lengths, and so above zero."""
        ...

    def footprint(self, numbers: Floats) -> Floats:
        """Return the corners (n, 2), counter-clockwise."""
        ...

    def off_outline(self, numbers: Floats, points_m: Floats) -> Floats:
        """Return how far outside the footprint's outline points (n, 2) lie, less than 0 inside."""
        ...

    def sides(self, numbers: Floats) -> Floats:
        """Return the two sides of the footprint (2,)."""
        ...


class BoxSolid:
    """Boxes."""

    lengths = slice(3, 6)

    def footprint(self, numbers: Floats) -> Floats:
        """Return the four corners."""
        return (_SQUARE * numbers[3:5]) @ _turn(numbers[2]).T + numbers[:2]

    def off_outline(self, numbers: Floats, points_m: Floats) -> Floats:
        """Return distances by the rules for a rectangle."""
        own = np.abs((points_m - numbers[:2]) @ _turn(numbers[2])) - numbers[3:5] / 2.0
        outside = np.maximum(own, 0.0)
        return np.asarray(np.hypot(outside[:, 0], outside[:, 1]) + np.minimum(own.max(axis=1), 0.0))

    def sides(self, numbers: Floats) -> Floats:
        """Return length and width."""
        return numbers[3:5]


class CylinderSolid:
    """Upright cylinders."""

    lengths = slice(2, 4)

    def footprint(self, numbers: Floats) -> Floats:
        """Return a polygon of as many corners as look round, with the circle's area."""
        return _RING * numbers[2] + numbers[:2]

    def off_outline(self, numbers: Floats, points_m: Floats) -> Floats:
        """Return distances from the circle."""
        away = points_m - numbers[:2]
        return np.asarray(np.hypot(away[:, 0], away[:, 1]) - numbers[2])

    def sides(self, numbers: Floats) -> Floats:
        """Return the diameter twice."""
        return np.full(2, 2.0 * numbers[2])


BOX, CYLINDER = BoxSolid(), CylinderSolid()


def _turn(angle_rad: float) -> Floats:
    cos, sin = math.cos(angle_rad), math.sin(angle_rad)
    return np.array([[cos, -sin], [sin, cos]])

"""Solids on the ground, and how they look: what outlines and lidar returns are explained by.

Each is given by some numbers, of which the first two are x and y of its middle and the last its height. A box has
heading, length and width in between, an upright cylinder its radius, and what is soft heading, length, width and how
round it is: from 0 (a box) to 1 (an ellipsoid), as a superellipsoid (Barr 1981).
"""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
from scipy.special import gamma

from lepatrol.model.geometry import Floats
from lepatrol.model.inspection import ObjectShape

_ROUND = 20
"""Corners of a round footprint."""
_CIRCLE = 2.0 * math.pi / _ROUND * np.arange(_ROUND)
# A polygon of the circle's own area: its corners lie a little outside, its sides a little inside.
_OUTSIDE = math.sqrt(2.0 * math.pi / _ROUND / math.sin(2.0 * math.pi / _ROUND))
_RING: Floats = _OUTSIDE * np.stack([np.cos(_CIRCLE), np.sin(_CIRCLE)], axis=1)
_SQUARE: Floats = np.array([(0.5, 0.5), (-0.5, 0.5), (-0.5, -0.5), (0.5, -0.5)])
_UP = math.pi / 12.0 * np.arange(-6, 7)
_FAR_M = 6.0
"""What is looked for is no farther from where it ought to be than this, in steps of the search."""
_LEAST_M, _MOST_M = 0.015, 4.0
_LEAST_ROUND, _MOST_ROUND = 0.25, 1.0


class Solid(Protocol):
    """A family of solids."""

    @property
    def shape(self) -> ObjectShape:
        """Return what its members look like."""
        ...

    @property
    def bounds(self) -> tuple[Floats, Floats]:
        """Return the lowest and highest numbers; those of the place count from where the solid ought to be."""
        ...

    def starts(self, side_m: float, height_m: float) -> list[Floats]:
        """Return numbers to begin a search with, for something about so wide and tall at (0, 0)."""
        ...

    def surface(self, numbers: Floats, foot_m: float) -> Floats:
        """Return points (n, 3) whose convex hull is what can be seen of it above ``foot_m``."""
        ...

    def footprint(self, numbers: Floats) -> Floats:
        """Return its outline from above, counter-clockwise (n, 2)."""
        ...

    def off_outline(self, numbers: Floats, points_m: Floats, at_m: float) -> Floats:
        """Return how far outside its cut at a height points (n, 2) lie, less than 0 inside."""
        ...

    def sides(self, numbers: Floats) -> Floats:
        """Return the two sides of the footprint (2,)."""
        ...

    def side_variances(self, variances: Floats) -> Floats:
        """Return the variances (2,) of the sides from those of the numbers."""
        ...

    def fills(self, numbers: Floats) -> float:
        """Return what share of the box around it it fills."""
        ...


class BoxSolid:
    """Boxes."""

    shape = ObjectShape.BOX
    bounds = (np.array([-_FAR_M, -_FAR_M, -7.0, _LEAST_M, _LEAST_M, _LEAST_M]),
              np.array([_FAR_M, _FAR_M, 7.0, _MOST_M, _MOST_M, _MOST_M]))

    def starts(self, side_m: float, height_m: float) -> list[Floats]:
        """Return boxes turned in four ways."""
        return [np.array([0.0, 0.0, turn, 1.2 * side_m, 0.8 * side_m, height_m])
                for turn in math.pi / 4.0 * np.arange(4)]

    def surface(self, numbers: Floats, foot_m: float) -> Floats:
        """Return the corners."""
        return _prism(self.footprint(numbers), foot_m, numbers[-1])

    def footprint(self, numbers: Floats) -> Floats:
        """Return the four corners."""
        return (_SQUARE * numbers[3:5]) @ _turn(numbers[2]).T + numbers[:2]

    def off_outline(self, numbers: Floats, points_m: Floats, at_m: float) -> Floats:
        """Return distances from a rectangle."""
        own = np.abs((points_m - numbers[:2]) @ _turn(numbers[2])) - numbers[3:5] / 2.0
        outside = np.maximum(own, 0.0)
        return np.asarray(np.hypot(outside[:, 0], outside[:, 1]) + np.minimum(own.max(axis=1), 0.0))

    def sides(self, numbers: Floats) -> Floats:
        """Return length and width."""
        return numbers[3:5]

    def side_variances(self, variances: Floats) -> Floats:
        """Return those of length and width."""
        return variances[3:5]

    def fills(self, numbers: Floats) -> float:
        """Return 1."""
        return 1.0


class CylinderSolid:
    """Upright cylinders."""

    shape = ObjectShape.CYLINDER
    bounds = (np.array([-_FAR_M, -_FAR_M, _LEAST_M, _LEAST_M]), np.array([_FAR_M, _FAR_M, _MOST_M, _MOST_M]))

    def starts(self, side_m: float, height_m: float) -> list[Floats]:
        """Return one cylinder."""
        return [np.array([0.0, 0.0, side_m / 2.0, height_m])]

    def surface(self, numbers: Floats, foot_m: float) -> Floats:
        """Return points of its two rims."""
        return _prism(self.footprint(numbers), foot_m, numbers[-1])

    def footprint(self, numbers: Floats) -> Floats:
        """Return a polygon of as many corners as look round, with the circle's area."""
        return _RING * numbers[2] + numbers[:2]

    def off_outline(self, numbers: Floats, points_m: Floats, at_m: float) -> Floats:
        """Return distances from a circle."""
        away = points_m - numbers[:2]
        return np.asarray(np.hypot(away[:, 0], away[:, 1]) - numbers[2])

    def sides(self, numbers: Floats) -> Floats:
        """Return the diameter twice."""
        return np.full(2, 2.0 * numbers[2])

    def side_variances(self, variances: Floats) -> Floats:
        """Return that of the diameter twice."""
        return np.full(2, 4.0 * variances[2])

    def fills(self, numbers: Floats) -> float:
        """Return a circle's share of the square around it."""
        return math.pi / 4.0


class SoftSolid:
    """Superellipsoids that stand on the ground: things with round edges, as bags are."""

    shape = ObjectShape.BAG
    bounds = (np.array([-_FAR_M, -_FAR_M, -7.0, _LEAST_M, _LEAST_M, _LEAST_ROUND, _LEAST_M]),
              np.array([_FAR_M, _FAR_M, 7.0, _MOST_M, _MOST_M, _MOST_ROUND, _MOST_M]))

    def starts(self, side_m: float, height_m: float) -> list[Floats]:
        """Return ones turned in four ways."""
        return [np.array([0.0, 0.0, turn, 1.3 * side_m, 0.9 * side_m, 0.8, height_m])
                for turn in math.pi / 4.0 * np.arange(4)]

    def surface(self, numbers: Floats, foot_m: float) -> Floats:
        """Return points all over it."""
        half, rounding = numbers[-1] / 2.0, numbers[5]
        across, up = _power(np.cos(_UP), rounding), half + half * _power(np.sin(_UP), rounding)
        flat = self._ring(numbers) * numbers[3:5] / 2.0
        points = np.empty((len(_UP), len(flat), 3))
        points[..., :2] = (across[:, None, None] * flat) @ _turn(numbers[2]).T + numbers[:2]
        points[..., 2] = np.maximum(up, foot_m)[:, None]
        return points.reshape(-1, 3)

    def footprint(self, numbers: Floats) -> Floats:
        """Return its outline where it is widest."""
        return (self._ring(numbers) * numbers[3:5] / 2.0) @ _turn(numbers[2]).T + numbers[:2]

    def off_outline(self, numbers: Floats, points_m: Floats, at_m: float) -> Floats:
        """Return distances from its cut, along the ray from its middle."""
        power = 2.0 / numbers[5]
        half = max(numbers[-1] / 2.0, _LEAST_M)
        cut = max(1.0 - min(abs(at_m - half) / half, 1.0)**power, 1e-3)**(1.0 / power)
        own = np.abs((points_m - numbers[:2]) @ _turn(numbers[2]))
        reach = ((own / (cut * numbers[3:5] / 2.0))**power).sum(axis=1)**(1.0 / power)
        return np.asarray(np.hypot(own[:, 0], own[:, 1]) * (1.0 - 1.0 / np.maximum(reach, 1e-3)))

    def sides(self, numbers: Floats) -> Floats:
        """Return length and width."""
        return numbers[3:5]

    def side_variances(self, variances: Floats) -> Floats:
        """Return those of length and width."""
        return variances[3:5]

    def fills(self, numbers: Floats) -> float:
        """Return the share by the superellipsoid's volume."""
        return float(gamma(1.0 + numbers[5] / 2.0)**3 / gamma(1.0 + 1.5 * numbers[5]))

    def _ring(self, numbers: Floats) -> Floats:
        return np.stack([_power(np.cos(_CIRCLE), numbers[5]), _power(np.sin(_CIRCLE), numbers[5])], axis=1)


BOX, CYLINDER, SOFT = BoxSolid(), CylinderSolid(), SoftSolid()


def _prism(base: Floats, foot_m: float, top_m: float) -> Floats:
    return np.concatenate([np.column_stack([base, np.full(len(base), height)]) for height in (foot_m, top_m)])


def _power(values: Floats, exponent: float) -> Floats:
    return np.asarray(np.sign(values) * np.abs(values)**exponent)


def _turn(angle_rad: float) -> Floats:
    cos, sin = math.cos(angle_rad), math.sin(angle_rad)
    return np.array([[cos, -sin], [sin, cos]])

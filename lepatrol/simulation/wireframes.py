"""Convex shapes as points and edges, and what of them lies between two heights."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

from lepatrol.model.geometry import Floats, Pose3
from lepatrol.simulation.description import Box, Capsule, Cylinder, Ellipsoid, Sphere

Convex = Box | Cylinder | Sphere | Capsule | Ellipsoid

_ROUND_STEPS = 96
_RISE_STEPS = _ROUND_STEPS // 2 + 1
_OUTSIDE = 1.0 / math.cos(math.pi / _ROUND_STEPS)
"""By this much the corners of what stands for a circle lie outside it, so that its sides touch it."""


@dataclass(frozen=True, slots=True, eq=False)
class Wireframe:
    """Points (n, 3) whose convex hull holds a shape, and edges (m, 2) between them by their indices.

    Round shapes are exceeded by less than 0.1 % of a radius. Every edge of the hull is among the edges, and none of
    these leaves the hull.
    """

    points_m: Floats
    edges: NDArray[np.intp]

    def at(self, pose: Pose3) -> Wireframe:
        """Return it in the frame in which the pose is given."""
        return Wireframe(pose.transform(self.points_m), self.edges)

    def between(self, low_m: float, high_m: float) -> list[Geometry]:
        """Return what lies between two heights as seen from above: a convex polygon, or what is left where it is thin.

        With twice the same height it is what a horizontal plane cuts out.
        """
        z = self.points_m[:, 2]
        if z.max() < low_m or z.min() > high_m:
            return []
        within = self.points_m[(z >= low_m) & (z <= high_m), :2]
        return [shapely.convex_hull(shapely.MultiPoint(np.vstack([within, self._cut(low_m), self._cut(high_m)])))]

    def _cut(self, height_m: float) -> Floats:
        """Return the points (n, 2) where edges pass through a height."""
        above = self.points_m[:, 2] >= height_m
        upper, lower = self.edges.T
        cut = above[upper] != above[lower]
        tip, foot = self.points_m[upper[cut]], self.points_m[lower[cut]]
        share = (height_m - tip[:, 2]) / (foot[:, 2] - tip[:, 2])
        return np.asarray(tip[:, :2] + share[:, None] * (foot - tip)[:, :2])


def wireframe_of(shape: Convex) -> Wireframe:
    """Return a shape's wireframe in its own frame."""
    if isinstance(shape, Box):
        unit = _unit_box()
        return Wireframe(unit.points_m * shape.size_m, unit.edges)
    if isinstance(shape, Cylinder):
        unit = _unit_cylinder()
        return Wireframe(unit.points_m * (shape.radius_m, shape.radius_m, shape.length_m), unit.edges)
    ball = _unit_ball()
    if isinstance(shape, Ellipsoid):
        return Wireframe(ball.points_m * shape.radii_m, ball.edges)
    points = ball.points_m * shape.radius_m
    if isinstance(shape, Sphere):
        return Wireframe(points, ball.edges)
    # Each point of the lower ball is joined to its like in the upper one: the capsule's sides are among these.
    half, count = np.array([0.0, 0.0, shape.length_m / 2.0]), len(points)
    sides = np.arange(count)[:, None] + (0, count)
    return Wireframe(np.vstack([points - half, points + half]), np.vstack([ball.edges, ball.edges + count, sides]))


@cache
def _unit_box() -> Wireframe:
    """Return a box with edges of 1 m; its corners' bits are x, y and z."""
    corners = np.array([(x, y, z) for x in (-0.5, 0.5) for y in (-0.5, 0.5) for z in (-0.5, 0.5)])
    return Wireframe(corners, np.array([(one, one | bit) for one in range(8) for bit in (1, 2, 4) if not one & bit]))


@cache
def _unit_cylinder() -> Wireframe:
    """Return a cylinder of radius and length 1 m."""
    turn = np.linspace(0.0, 2.0 * math.pi, _ROUND_STEPS, endpoint=False)
    ring = np.stack([np.cos(turn), np.sin(turn)], axis=1) * _OUTSIDE
    points = np.vstack([np.column_stack([ring, np.full(_ROUND_STEPS, z)]) for z in (-0.5, 0.5)])
    return Wireframe(points, _lattice(2))


@cache
def _unit_ball() -> Wireframe:
    """Return a ball of radius 1 m: its faces lie between two of latitude and two of longitude, and are plane."""
    turn = np.linspace(0.0, 2.0 * math.pi, _ROUND_STEPS, endpoint=False)
    around, up = np.meshgrid(turn, np.linspace(-math.pi / 2.0, math.pi / 2.0, _RISE_STEPS))
    ball = np.stack([np.cos(up) * np.cos(around), np.cos(up) * np.sin(around), np.sin(up)], axis=-1).reshape(-1, 3)
    return Wireframe(ball * _OUTSIDE**2, _lattice(_RISE_STEPS))


def _lattice(rings: int) -> NDArray[np.intp]:
    """Return the edges between neighbours on rings of points, and between the rings."""
    index = np.arange(rings * _ROUND_STEPS).reshape(rings, _ROUND_STEPS)
    along = np.stack([index, np.roll(index, -1, axis=1)], axis=-1).reshape(-1, 2)
    across = np.stack([index[:-1], index[1:]], axis=-1).reshape(-1, 2)
    return np.vstack([along, across])

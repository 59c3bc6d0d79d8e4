"""Triangles of the description's shapes, for drawing: few, with normals."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats, Pose3
from lepatrol.simulation.description import (
    Box,
    Capsule,
    Cylinder,
    Ellipsoid,
    Heightmap,
    Plane,
    Shape,
    Sphere,
    TriangleMesh,
)

SLICES = 12
"""Sides of what is round: enough at the size of a camera picture."""
STACKS = 6
"""Rings of a ball, even, so that it can be cut at its equator."""
_KEPT = 512
"""So many round surfaces of different sizes are kept: a world has most of them many times."""


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """Triangles: ``vertices_m`` and unit ``normals`` (n, 3), ``faces`` (m, 3) counter-clockwise from outside.

    A sharp edge has its vertices twice, once with the normal of either side. What is not ``closed`` can be seen from
    both sides.
    """

    vertices_m: Floats
    normals: Floats
    faces: NDArray[np.int32]
    closed: bool = True

    def at(self, pose: Pose3) -> Surface:
        """Return the surface, given in the frame of ``pose``, in its parent frame."""
        return Surface(pose.transform(self.vertices_m), self.normals @ pose.rotation.T, self.faces, self.closed)


def surface_of(shape: Shape) -> Surface:
    """Return the triangles of a shape about its own origin."""
    if isinstance(shape, Box):
        cube = _cube()
        return Surface(cube.vertices_m * (np.asarray(shape.size_m) / 2.0), cube.normals, cube.faces)
    if isinstance(shape, Plane):
        return _plane(shape)
    if isinstance(shape, Cylinder):
        return _cylinder(shape.radius_m, shape.length_m / 2.0)
    if isinstance(shape, Sphere):
        return _ball((shape.radius_m,) * 3, 0.0)
    if isinstance(shape, Ellipsoid):
        return _ball(shape.radii_m, 0.0)
    if isinstance(shape, Capsule):
        return _ball((shape.radius_m,) * 3, shape.length_m / 2.0)
    if isinstance(shape, Heightmap):
        return _heightmap(shape)
    return _faceted(shape)


def joined(surfaces: list[Surface]) -> Surface:
    """Return several surfaces, at least one, as one."""
    starts = np.cumsum([0, *(len(surface.vertices_m) for surface in surfaces[:-1])])
    return Surface(
        np.concatenate([surface.vertices_m for surface in surfaces]),
        np.concatenate([surface.normals for surface in surfaces]),
        np.concatenate([surface.faces + start for surface, start in zip(surfaces, starts, strict=True)]).astype(
            np.int32),
        all(surface.closed for surface in surfaces))


@cache
def _cube() -> Surface:
    """Return a cube from -1 to 1."""
    corners, normals = [], []
    for axis in range(3):
        u, v = np.eye(3)[(axis + 1) % 3], np.eye(3)[(axis + 2) % 3]
        for sign in (1.0, -1.0):
            normal = sign * np.eye(3)[axis]
            corners += [normal - u - sign * v, normal + u - sign * v, normal + u + sign * v, normal - u + sign * v]
            normals += [normal] * 4
    return Surface(np.array(corners), np.array(normals), _quads(6))


def _quads(count: int) -> NDArray[np.int32]:
    """Return two triangles for each of ``count`` runs of four vertices."""
    return (np.array([[0, 1, 2], [0, 2, 3]]) + 4 * np.arange(count)[:, None, None]).reshape(-1, 3).astype(np.int32)


def _plane(shape: Plane) -> Surface:
    normal = np.asarray(shape.normal)
    across = np.cross(normal, (1.0, 0.0, 0.0)) if abs(normal[0]) < 0.9 else np.cross(normal, (0.0, 0.0, -1.0))
    y = across / np.linalg.norm(across)
    x = np.cross(y, normal)
    half_x, half_y = shape.size_m[0] / 2.0 * x, shape.size_m[1] / 2.0 * y
    corners = np.array([-half_x - half_y, half_x - half_y, half_x + half_y, -half_x + half_y])
    return Surface(corners, np.tile(normal, (4, 1)), _quads(1))


def _ring(angle_count: int) -> Floats:
    """Return points (n + 1, 2) on the unit circle, the last as the first."""
    angles = np.linspace(0.0, 2.0 * math.pi, angle_count + 1)
    return np.stack([np.cos(angles), np.sin(angles)], axis=1)


@lru_cache(maxsize=_KEPT)
def _cylinder(radius_m: float, half_m: float) -> Surface:
    circle = _ring(SLICES)[:-1]
    side = _grid([np.column_stack([radius_m * _ring(SLICES), np.full(SLICES + 1, z)]) for z in (-half_m, half_m)])
    outward = np.column_stack([_ring(SLICES), np.zeros(SLICES + 1)])
    parts = [Surface(side[0], np.tile(outward, (2, 1)), side[1])]
    fan = np.array([[0, i, i + 1] for i in range(1, SLICES - 1)])
    for sign in (1.0, -1.0):
        rim = np.column_stack([radius_m * circle, np.full(SLICES, sign * half_m)])
        parts.append(Surface(rim, np.tile((0.0, 0.0, sign), (SLICES, 1)), fan if sign > 0.0 else fan[:, ::-1]))
    return joined(parts)


@lru_cache(maxsize=_KEPT)
def _ball(radii: tuple[float, float, float], half_m: float) -> Surface:
    """Return an ellipsoid, its halves drawn apart by a cylinder of twice ``half_m``."""
    rows, normals = [], []
    for latitude, shift in _latitudes(half_m):
        unit = np.column_stack([math.cos(latitude) * _ring(SLICES), np.full(SLICES + 1, math.sin(latitude))])
        rows.append(unit * radii + (0.0, 0.0, shift))
        normals.append(unit / radii)
    vertices, faces = _grid(rows)
    slopes = np.concatenate(normals)
    return Surface(vertices, slopes / np.linalg.norm(slopes, axis=1, keepdims=True), faces)


def _latitudes(half_m: float) -> list[tuple[float, float]]:
    """Return each ring's latitude and its shift along z, from the bottom up."""
    quarter = STACKS // 2
    south = [(-math.pi / 2.0 * (1.0 - i / quarter), -half_m) for i in range(quarter + 1)]
    north = [(math.pi / 2.0 * i / quarter, half_m) for i in range(quarter + 1)]
    return [*south, *(north if half_m > 0.0 else north[1:])]


def _grid(rows: list[Floats]) -> tuple[Floats, NDArray[np.int32]]:
    """Return the vertices of rows of points, and triangles between them without those of no area."""
    across = len(rows[0])
    vertices = np.concatenate(rows)
    first = (np.arange(len(rows) - 1)[:, None] * across + np.arange(across - 1)).ravel()
    faces = np.concatenate([
        np.column_stack([first, first + 1, first + across + 1]),
        np.column_stack([first, first + across + 1, first + across])])
    corners = vertices[faces]
    area = np.linalg.norm(np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0]), axis=1)
    return vertices, faces[area > 1e-12 * max(float(area.max()), 1e-300)].astype(np.int32)


def _heightmap(shape: Heightmap) -> Surface:
    rows, columns = shape.heights_m.shape
    x = np.linspace(-0.5, 0.5, columns) * shape.size_m[0]
    y = np.linspace(-0.5, 0.5, rows) * shape.size_m[1]
    vertices, faces = _grid([np.column_stack([x, np.full(columns, y[i]), shape.heights_m[i]]) for i in range(rows)])
    rise_y, rise_x = np.gradient(shape.heights_m, y, x)
    normals = np.stack([-rise_x, -rise_y, np.ones_like(rise_x)], axis=-1).reshape(-1, 3)
    return Surface(vertices, normals / np.linalg.norm(normals, axis=1, keepdims=True), faces)


def _faceted(mesh: TriangleMesh) -> Surface:
    """Return a mesh with every face flat: its file need not say which of its edges are sharp."""
    corners = np.asarray(mesh.vertices_m, dtype=np.float64)[mesh.faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    solid = lengths[:, 0] > 0.0
    corners, normals = corners[solid], normals[solid] / lengths[solid]
    return Surface(
        corners.reshape(-1, 3), np.repeat(normals, 3, axis=0),
        np.arange(3 * len(corners), dtype=np.int32).reshape(-1, 3), closed=False)

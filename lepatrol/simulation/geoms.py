"""Collision shapes of a description as MuJoCo geoms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import mujoco
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats, Pose3
from lepatrol.simulation.description import (
    Box,
    Capsule,
    Collision,
    Cylinder,
    Ellipsoid,
    Heightmap,
    Plane,
    Shape,
    Sphere,
    TriangleMesh,
)

_GEOM = mujoco.mjtGeom
FLAT_MESH_THICKNESS_M = 2e-4
"""A mesh without volume has no hull to collide with, so it gets this thickness."""
_HFIELD_BASE_M = 1.0


@dataclass(frozen=True, slots=True)
class ContactClass:
    """What a geom touches: two geoms meet when either's ``is_a`` is in the other's ``meets``."""

    is_a: int
    meets: int


FIXED = ContactClass(1, 0)
ON_PATH = ContactClass(4, 0)
FREE = ContactClass(2, 1 | 2 | 4)
SEEN_ONLY = ContactClass(0, 0)
"""Only what moves freely meets anything, so that walls and walkers never cost a contact among themselves."""


class GeomMaker:
    """Adds geoms to a spec, with a mesh or height field asset of its own where the shape needs one."""

    def __init__(self, spec: Any) -> None:
        """Work on one ``mujoco.MjSpec``."""
        self._spec = spec
        self._assets = 0

    def add(self, body: Any, collision: Collision, pose: Pose3, contact: ContactClass) -> Any:
        """Add one collision shape to an MjSpec body at ``pose`` in that body and return its MjSpec geom.

        What is free to move decides the friction of its contacts (MuJoCo would take the larger of the two, which
        would give a castor without friction the friction of the ground).
        """
        geom = body.add_geom()
        geom.contype, geom.conaffinity = contact.is_a, contact.meets
        geom.mass = 0.0
        geom.rgba = [0.5, 0.5, 0.5, 1.0]
        geom.priority = 1 if contact is FREE else 0
        geom.condim = 3 if collision.friction > 0.0 else 1
        geom.friction[0] = max(collision.friction, 1e-5)
        geom.pos, geom.quat = pose.position_m, pose.orientation_wxyz
        self._shape(geom, collision.shape, pose)
        return geom

    def _shape(self, geom: Any, shape: Shape, pose: Pose3) -> None:
        if isinstance(shape, TriangleMesh):
            geom.type, geom.meshname = _GEOM.mjGEOM_MESH, self._mesh(shape)
        elif isinstance(shape, Heightmap):
            geom.type, geom.hfieldname = _GEOM.mjGEOM_HFIELD, self._height_field(shape)
            lowest = float(np.min(shape.heights_m))
            geom.pos = pose.transform(np.array([0.0, 0.0, lowest]))
        elif isinstance(shape, Plane):
            geom.type, geom.size = _GEOM.mjGEOM_PLANE, (0.0, 0.0, 1.0)
            geom.quat = pose.compose(Pose3((0.0, 0.0, 0.0), _turn_z_to(shape.normal))).orientation_wxyz
        else:
            geom.type, geom.size = _primitive(shape)

    def _mesh(self, shape: TriangleMesh) -> str:
        vertices, faces = _with_volume(shape)
        mesh = self._spec.add_mesh(name=self._next_name('mesh'))
        mesh.uservert = np.asarray(vertices, dtype=np.float64).ravel()
        mesh.userface = np.asarray(faces, dtype=np.int32).ravel()
        mesh.inertia = mujoco.mjtMeshInertia.mjMESH_INERTIA_SHELL
        return str(mesh.name)

    def _height_field(self, shape: Heightmap) -> str:
        heights = np.asarray(shape.heights_m, dtype=np.float64)
        rise = max(float(np.ptp(heights)), 1e-6)
        field = self._spec.add_hfield(name=self._next_name('heights'))
        field.nrow, field.ncol = heights.shape
        field.size = [shape.size_m[0] / 2.0, shape.size_m[1] / 2.0, rise, _HFIELD_BASE_M]
        field.userdata = ((heights - heights.min()) / rise).astype(np.float32).ravel()
        return str(field.name)

    def _next_name(self, kind: str) -> str:
        self._assets += 1
        return f'{kind}_{self._assets}'


def _primitive(shape: Box | Cylinder | Sphere | Capsule | Ellipsoid) -> tuple[Any, tuple[float, float, float]]:
    """Return MuJoCo's type and half sizes."""
    if isinstance(shape, Box):
        x, y, z = shape.size_m
        return _GEOM.mjGEOM_BOX, (x / 2.0, y / 2.0, z / 2.0)
    if isinstance(shape, Sphere):
        return _GEOM.mjGEOM_SPHERE, (shape.radius_m, 0.0, 0.0)
    if isinstance(shape, Ellipsoid):
        return _GEOM.mjGEOM_ELLIPSOID, shape.radii_m
    kind = _GEOM.mjGEOM_CYLINDER if isinstance(shape, Cylinder) else _GEOM.mjGEOM_CAPSULE
    return kind, (shape.radius_m, shape.length_m / 2.0, 0.0)


def _turn_z_to(normal: tuple[float, float, float]) -> tuple[float, float, float, float]:
    quaternion = np.zeros(4)
    mujoco.mju_quatZ2Vec(quaternion, np.asarray(normal, dtype=np.float64))
    w, x, y, z = quaternion
    return float(w), float(x), float(y), float(z)


def _with_volume(shape: TriangleMesh) -> tuple[Floats, NDArray[np.int32]]:
    """Return the triangles, doubled at a hair's distance where they all lie in one plane."""
    vertices, faces = np.asarray(shape.vertices_m, dtype=np.float64), np.asarray(shape.faces, dtype=np.int32)
    centred = vertices - vertices.mean(axis=0)
    _, spread, axes = np.linalg.svd(centred, full_matrices=False)
    if spread[2] > 1e-6 * max(float(spread[0]), 1e-9):
        return vertices, faces
    offset = axes[2] * FLAT_MESH_THICKNESS_M / 2.0
    return np.vstack([vertices + offset, vertices - offset]), np.vstack([faces, faces[:, ::-1] + len(vertices)])

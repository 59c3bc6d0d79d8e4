"""What a camera ought to see of a world's lasting parts: their picture, and how far away every pixel is.

The picture is drawn as the simulator draws its own. For the depth the same renderer draws every plane of the world in a
colour of its own; the plane a pixel belongs to and the ray through it meet in one point, so that depth is exact though
Panda3D's software renderer does not give its depth buffer away.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Collection, Iterator
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats, Pose3
from lepatrol.model.observation import CameraInfo
from lepatrol.simulation.description import CameraSensor, Link, Material, Model, TriangleMesh, Visual, World
from lepatrol.simulation.render_panda import PandaRenderer
from lepatrol.simulation.scene import Body, Scene
from lepatrol.simulation.shapes import Surface, surface_of

_NO_POSITIONS, _NO_ORIENTATIONS = np.zeros((0, 3)), np.zeros((0, 4))
_NEAR_M, _FAR_M = 0.05, 200.0
_DEPTH_REDUCTION = 4
"""Depth is drawn at this fraction of the picture's size: it is needed for distances, not for outlines."""
_STEP = 4
"""Colours of planes differ by this much, so that rounding does not make one of another."""
_PER_CHANNEL = 256 // _STEP


class SceneView:
    """Draws a world without what moves in it; see ``perception.expectation.ViewSource``.

    Drawing contexts are made at the first view, in the thread that asks for it; all views are to be asked for there.
    """

    def __init__(self, world: World, structures: Collection[str] = ()) -> None:
        """Take the static models of a world as it ought to be, some of them structures; nothing is drawn yet."""
        self._structures = frozenset(structures)
        self._static = tuple(model for model in world.models if model.static and model.path is None)
        self._world = dataclasses.replace(world, models=self._static, actors=())
        self._renderers: _Renderers | None = None
        self._thread = 0

    def picture(self, info: CameraInfo, camera_pose: Pose3) -> NDArray[np.uint8]:
        """Return the picture (h, w, 3) of a pinhole camera at a pose in the world.

        :raises RenderingError: where nothing was drawn.
        """
        return self._ready().picture.draw(_sensor(info), camera_pose, _NO_POSITIONS, _NO_ORIENTATIONS)

    def depth_m(self, info: CameraInfo, camera_pose: Pose3) -> NDArray[np.float32]:
        """Return the depth (h, w) along the optical axis of what is not seen through, infinite for the sky."""
        return self._ready().depth_m(info, camera_pose)

    def without_clear(self, info: CameraInfo, camera_pose: Pose3) -> NDArray[np.uint8]:
        """Return the picture (h, w, 3) without what can be seen through."""
        return self._ready().opaque.draw(_sensor(info), camera_pose, _NO_POSITIONS, _NO_ORIENTATIONS)

    def without_structures(self, info: CameraInfo, camera_pose: Pose3) -> NDArray[np.uint8]:
        """Return the picture (h, w, 3) without the structures that were named."""
        return self._ready().open.draw(_sensor(info), camera_pose, _NO_POSITIONS, _NO_ORIENTATIONS)

    def prepare(self) -> None:
        """Make the drawing contexts now, in this thread: on a busy machine that takes seconds."""
        self._ready()

    def close(self) -> None:
        """Give the drawing contexts back; a second call does nothing, and a view makes them anew."""
        if self._renderers is not None:
            self._renderers.close()
            self._renderers = None

    def _ready(self) -> _Renderers:
        if self._renderers is None or self._thread != threading.get_ident():
            self.close()
            self._renderers = _Renderers(self._world, self._structures)
            self._thread = threading.get_ident()
        return self._renderers


class _Renderers:
    """The scenes that are drawn: everything, everything opaque, the planes in false colours, all but structures."""

    def __init__(self, world: World, structures: frozenset[str]) -> None:
        scene = Scene(world)
        self.picture = PandaRenderer(scene)
        opaque = tuple(_without_clear(model) for model in world.models)
        self.opaque = PandaRenderer(Scene(dataclasses.replace(world, models=opaque)))
        left = tuple(model for model in world.models if model.name not in structures)
        self.open = PandaRenderer(Scene(dataclasses.replace(world, models=left))) if structures else self.picture
        self._planes, visuals = _false_colours(scene.static)
        model = Model('planes', static=True, links=(Link('link', visuals=tuple(visuals)),))
        dark = dataclasses.replace(
            world, models=(model,), lights=(), ambient=(0.0, 0.0, 0.0, 1.0), background=(0.0, 0.0, 0.0, 1.0))
        self._coloured = PandaRenderer(Scene(dark))

    def depth_m(self, info: CameraInfo, pose: Pose3) -> NDArray[np.float32]:
        """Return the depth (h, w) along the optical axis, infinite for the sky."""
        small = CameraInfo(
            max(1, info.width // _DEPTH_REDUCTION), max(1, info.height // _DEPTH_REDUCTION),
            *(value / _DEPTH_REDUCTION for value in (info.fx, info.fy, info.cx, info.cy)))
        colours = self._coloured.draw(_sensor(small), pose, _NO_POSITIONS, _NO_ORIENTATIONS)
        planes = self._planes[_number(colours)]
        # In the world's axes the plane n.x = c is met by the ray o + z d, whose d is 1 along the optical axis, at depth
        # z = (c - n.o) / n.d; n.d is n turned into the camera's axes times the pixel's direction there.
        normals = planes[..., :3] @ pose.rotation.astype(np.float32)
        across, down = _slopes(small)
        approach = normals[..., 0] - normals[..., 1] * across - normals[..., 2] * down
        gap = planes[..., 3] - planes[..., :3] @ np.asarray(pose.position_m, dtype=np.float32)
        with np.errstate(divide='ignore', invalid='ignore'):
            depth = gap / approach
        depth[~(depth > 0.0)] = np.inf
        return np.asarray(cv2.resize(depth, (info.width, info.height), interpolation=cv2.INTER_NEAREST))

    def close(self) -> None:
        if self.open is not self.picture:
            self.open.close()
        self.picture.close()
        self.opaque.close()
        self._coloured.close()


def _without_clear(model: Model) -> Model:
    return dataclasses.replace(model, links=tuple(
        dataclasses.replace(link, visuals=tuple(v for v in link.visuals if v.material.diffuse[3] >= 0.999))
        for link in model.links))


@lru_cache(maxsize=4)
def _sensor(info: CameraInfo) -> CameraSensor:
    fov = 2.0 * float(np.arctan(info.width / (2.0 * info.fx)))
    return CameraSensor('expected', Pose3(), 10.0, '', '', info.width, info.height, fov, _NEAR_M, _FAR_M)


def _slopes(info: CameraInfo) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return how far right (1, w) and how far down (h, 1) the ray of a pixel's middle goes per metre of depth."""
    across = ((np.arange(info.width) + 0.5 - info.cx) / info.fx).astype(np.float32)
    down = ((np.arange(info.height) + 0.5 - info.cy) / info.fy).astype(np.float32)
    return across[None, :], down[:, None]


def _false_colours(bodies: tuple[Body, ...]) -> tuple[NDArray[np.float32], list[Visual]]:
    """Return the planes (n, 4) of all opaque surfaces, as normal and distance from the origin, and what draws them.

    Plane 0 is the sky, which is nowhere.
    """
    planes: list[Floats] = [np.array([0.0, 0.0, 0.0, np.nan])]
    visuals: list[Visual] = []
    for body in bodies:
        for visual in body.link.visuals:
            if visual.material.diffuse[3] < 0.999:
                continue
            for plane, mesh in _flat_parts(surface_of(visual.shape).at(body.pose.compose(visual.pose))):
                colour = np.array([(len(planes) // _PER_CHANNEL**power) % _PER_CHANNEL for power in range(3)])
                shown = ((colour * _STEP + _STEP // 2) / 255.0).tolist()
                material = Material((0.0, 0.0, 0.0, 1.0), emissive=(shown[0], shown[1], shown[2], 1.0))
                visuals.append(Visual('plane', Pose3(), mesh, material))
                planes.append(plane)
    return np.array(planes, dtype=np.float32), visuals


def _flat_parts(surface: Surface) -> Iterator[tuple[Floats, TriangleMesh]]:
    """Yield each plane (4,) of a surface in the world with the triangles that lie in it."""
    corners = surface.vertices_m[surface.faces]
    normals = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    normals = normals / np.maximum(lengths, 1e-12)
    offsets = np.einsum('ij,ij->i', normals, corners[:, 0])
    keys = np.round(np.column_stack([normals, offsets]), 4) + 0.0
    _, first, part = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    for number, index in enumerate(first):
        faces = surface.faces[part.ravel() == number]
        yield np.append(normals[index], offsets[index]), TriangleMesh(surface.vertices_m, faces)


def _number(colours: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Return the number of the plane (h, w) that each false colour (h, w, 3) stands for."""
    digits = (colours // _STEP).astype(np.int32)
    # The sky is black, which is digit 0 in every place, as is plane 0.
    return digits[..., 0] + _PER_CHANNEL * digits[..., 1] + _PER_CHANNEL**2 * digits[..., 2]

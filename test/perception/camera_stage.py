"""A small yard, what a camera sees of it, and what is put into it or taken away."""

import dataclasses
import math

import numpy as np

from lepatrol.model.findings import SensorKind, Sighting
from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import CameraImage, CameraInfo
from lepatrol.simulation.description import Box, Cylinder, Light, Link, Material, Model, Plane, Visual, World
from lepatrol.simulation.expected_view import SceneView

INFO = CameraInfo.from_horizontal_fov(320, 240, 1.2)
CAMERA_M = 1.2
SUN = Light('sun', 'directional', diffuse=(0.85, 0.83, 0.78, 1.0), direction=(-0.45, 0.4, -0.8))
GRAVEL = (0.62, 0.6, 0.54)


def model(name, x, y, *parts, yaw=0.0, static=True) -> Model:
    """Return a model of parts: (size of a box or radius and length of a cylinder, height of its middle, colour)."""
    visuals = []
    for number, (size, z, colour) in enumerate(parts):
        shape = Box(size) if len(size) == 3 else Cylinder(*size)
        alpha = colour[3] if len(colour) == 4 else 1.0
        visuals.append(Visual(f'part{number}', Pose3.from_rpy(z_m=z), shape, Material((*colour[:3], alpha))))
    return Model(name, Pose3.from_rpy(x, y, yaw_rad=yaw), static, (Link('link', visuals=tuple(visuals)),))


def bag(x, y, colour=(0.1, 0.1, 0.4), size=0.3) -> Model:
    return model('bag', x, y, ((size, size, size), size / 2.0, colour), yaw=0.4)


def person(x, y, coat=(0.3, 0.3, 0.4), skin=(0.8, 0.6, 0.5)) -> Model:
    return model('person', x, y, ((0.12, 0.85), 0.42, coat), ((0.26, 0.44, 0.62), 1.16, coat), ((0.12, 0.26), 1.6, skin))


def yard() -> World:
    ground = Model('ground', static=True, links=(Link('link', visuals=(
        Visual('plane', Pose3(), Plane(size_m=(200.0, 200.0)), Material((0.28, 0.46, 0.2, 1.0))),)),))
    panels = [
        model(f'panel{i}', 1.5 + 3.0 * i, 5.0, ((2.9, 0.02, 2.75), 1.4, (0.3, 0.45, 0.4, 0.55)))
        for i in range(8)]
    posts = [model(f'post{i}', 3.0 * i, 5.0, ((0.05, 2.9), 1.45, (0.2, 0.2, 0.22))) for i in range(9)]
    return World('yard', (
        ground, model('gravel', 20.0, 0.0, ((60.0, 9.5, 0.02), 0.01, GRAVEL)),
        model('road', 20.0, 0.0, ((60.0, 4.0, 0.02), 0.04, (0.27, 0.27, 0.29))),
        model('wall', 15.0, -5.0, ((50.0, 0.4, 5.0), 2.5, (0.55, 0.54, 0.52))),
        model('end', 38.0, 0.0, ((0.4, 12.0, 5.0), 2.5, (0.6, 0.3, 0.2))),
        model('bin', 9.0, 3.4, ((0.28, 1.0), 0.5, (0.1, 0.42, 0.18))),
        *panels, *posts), lights=(SUN,), ambient=(0.45, 0.45, 0.48, 1.0), background=(0.6, 0.76, 0.92, 1.0))


def with_models(world: World, *models: Model, without: tuple[str, ...] = ()) -> World:
    kept = tuple(each for each in world.models if each.name not in without)
    return dataclasses.replace(world, models=(*kept, *models))


def dark(world: World) -> World:
    return dataclasses.replace(world, ambient=(0.07, 0.07, 0.08, 1.0), lights=(), background=(0.02, 0.03, 0.05, 1.0))


def low_sun(world: World) -> World:
    sun = dataclasses.replace(SUN, direction=(-0.95, 0.2, -0.2), diffuse=(1.0, 0.75, 0.5, 1.0))
    return dataclasses.replace(world, ambient=(0.35, 0.3, 0.3, 1.0), lights=(sun,))


def camera_at(x, y=0.0, yaw=0.0) -> Pose3:
    return Pose3.from_rpy(x, y, CAMERA_M, yaw_rad=yaw)


class Eye:
    """Takes pictures of a world with a camera's noise."""

    def __init__(self, world: World, seed=0) -> None:
        self.view = SceneView(world)
        self._random = np.random.default_rng(seed)

    def shoot(self, stamp_s, pose) -> CameraImage:
        return image_of(stamp_s, self.view.picture(INFO, pose), self._random)


def image_of(stamp_s, rgb, random=None) -> CameraImage:
    if random is not None:
        rgb = np.clip(rgb + random.normal(0.0, 1.3, rgb.shape), 0, 255).round().astype(np.uint8)
    return CameraImage(stamp_s, 'camera', np.ascontiguousarray(rgb), INFO)


def by_lidar(stamp_s, x, y, width=0.5) -> Sighting:
    return Sighting(stamp_s, SensorKind.LIDAR, (x, y), 0.05, (0.0, 0.0), width_m=width)


def walk(anomaly, eye, *, pictures=8, from_m=0.0, step_m=0.12, error=None, lidar=lambda stamp_s: ()):
    """Look at each picture of a walk along the road; ``error`` (a generator) makes the believed pose wrong."""
    looks = []
    for number in range(pictures):
        stamp_s = 10.0 + 0.1 * number
        x = from_m + step_m * number
        y, yaw = 0.0, 0.0
        image = eye.shoot(stamp_s, camera_at(x))
        if error is not None:
            x, y = x + error.normal(0.0, 0.03), error.normal(0.0, 0.03)
            yaw = error.normal(0.0, math.radians(1.0))
        looks.append(anomaly.look(image, camera_at(x, y, yaw), lidar(stamp_s)))
    return looks

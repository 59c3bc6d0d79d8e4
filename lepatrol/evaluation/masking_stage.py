"""People before a camera on a site's patrol road, at random, with the truth of every pixel of their heads."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from lepatrol import assembly
from lepatrol.model.geometry import Floats, Pose3
from lepatrol.model.observation import CameraInfo, LaserScan
from lepatrol.model.occupancy import OCCUPIED
from lepatrol.model.site import Site
from lepatrol.simulation.description import CameraSensor, Capsule, Link, Material, Model, Rgba, Shape, Sphere, Visual
from lepatrol.simulation.human_figure import human_figure
from lepatrol.simulation.mapping import occupancy_map
from lepatrol.simulation.render import Renderer, make_renderer
from lepatrol.simulation.scene import Scene

INFO = CameraInfo.from_horizontal_fov(320, 240, 1.2)
LEAST_ROWS = 3
"""A head of fewer rows shows nobody's face."""

_CAMERA = CameraSensor('eye', Pose3(), 10.0, 'image', 'eye', INFO.width, INFO.height, 1.2)
_CAMERA_MOUNT, _LIDAR_MOUNT = Pose3((0.2, 0.0, 1.2)), Pose3((0.0, 0.0, 0.5))
_PEOPLE = 6
_FIGURE_M, _HEAD_M, _HEAD_RADIUS_M, _BODY_RADIUS_M = 1.75, 1.625, 0.125, 0.25
_PLACE_SIGMA_M, _TURN_SIGMA_RAD, _TILT_SIGMA_RAD = 0.05, math.radians(1.0), math.radians(0.1)
_AWAY = (0.0, 0.0, -500.0)
_RANGE_M, _RANGE_SIGMA_M, _RANGE_STEP_M = 30.0, 0.01, 0.05
_LIGHTS, _CHANCES = ('day', 'dark', 'fog'), (0.6, 0.25, 0.15)

Rgb = NDArray[np.uint8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Shot:
    """A picture with people: the truth of it, and what perception is told.

    ``heads`` are the visible pixels (height, width) of each head; ``pose`` and ``lidar_pose`` are where the sensors
    are believed to be.
    """

    rgb: Rgb
    heads: tuple[Mask, ...]
    pose: Pose3
    scan: LaserScan
    lidar_pose: Pose3
    light: str


def shots(site: str, frames: int, seed: int) -> Iterator[Shot]:
    """Yield pictures of random people, in random light, from random places on a site's first closed route."""
    rng = default_rng(seed)
    plan = assembly.load_site(site)
    stage = _Stage(plan, rng)
    try:
        for _ in range(frames):
            yield stage.shoot(rng)
    finally:
        stage.close()


class _Stage:
    """The site's world with people of our own, and a camera to put anywhere."""

    def __init__(self, site: Site, rng: Generator) -> None:
        people = [_person(f'person_{index}', rng) for index in range(_PEOPLE)]
        self._heights_m = [height_m for _, height_m in people]
        world = assembly.load_scene(site.world, {}).world
        self._scene = Scene(dataclasses.replace(
            world, actors=(), models=(*world.models, *(model for model, _ in people))))
        self._renderer: Renderer = make_renderer('panda3d', self._scene)
        self._index: Mapping[tuple[str, str], int] = {
            (body.model, body.link.name): index for index, body in enumerate(self._scene.moving)}
        self._map = occupancy_map(world, height_m=_LIDAR_MOUNT.position_m[2])
        route = next(route for route in site.routes.values() if route.closed)
        self._road = np.array([(site.waypoints[name].x_m, site.waypoints[name].y_m) for name in route.waypoints])

    def close(self) -> None:
        """Give the renderer back."""
        self._renderer.close()

    def shoot(self, rng: Generator) -> Shot:
        """Return a picture of random people in a random place."""
        base = self._place_robot(rng)
        camera, believed = base.compose(_CAMERA_MOUNT), _believed(base, rng)
        places = self._places(camera, rng)
        whole, headless = self._draw(camera, places), self._draw(camera, places, heads=False)
        light = _LIGHTS[rng.choice(len(_LIGHTS), p=_CHANCES)]
        return Shot(
            _lit(whole, light, rng), tuple(self._heads(camera, places, whole, headless)),
            believed.compose(_CAMERA_MOUNT), self._scan(base.compose(_LIDAR_MOUNT), places, rng),
            believed.compose(_LIDAR_MOUNT), light)

    def _place_robot(self, rng: Generator) -> Pose3:
        start = int(rng.integers(len(self._road)))
        here, there = self._road[start], self._road[(start + 1) % len(self._road)]
        x, y = here + rng.uniform() * (there - here) + rng.normal(0.0, 0.3, 2)
        return Pose3.from_rpy(x, y, yaw_rad=rng.uniform(-math.pi, math.pi))

    def _scan(self, lidar: Pose3, places: Mapping[int, Pose3], rng: Generator) -> LaserScan:
        """Return what a lidar measures of the map's walls and of people, by steps along each beam."""
        angles = np.linspace(-math.pi, math.pi, 360)
        steps_m = np.arange(_RANGE_STEP_M, _RANGE_M, _RANGE_STEP_M)
        directions = lidar.planar().yaw_rad + angles
        points = np.asarray(lidar.position_m[:2]) + steps_m[None, :, None] * np.stack(
            [np.cos(directions), np.sin(directions)], axis=-1)[:, None, :]
        cells = np.floor((points - (self._map.origin_x_m, self._map.origin_y_m)) / self._map.resolution_m).astype(int)
        rows, columns = self._map.cells.shape
        hit = self._map.cells[np.clip(cells[..., 1], 0, rows - 1), np.clip(cells[..., 0], 0, columns - 1)] == OCCUPIED
        for place in places.values():
            hit |= ((points - np.asarray(place.position_m[:2]))**2).sum(axis=-1) <= _BODY_RADIUS_M**2
        ranges = np.where(hit.any(axis=1), steps_m[hit.argmax(axis=1)], np.inf)
        noisy = (ranges + rng.normal(0.0, _RANGE_SIGMA_M, ranges.shape)).astype(np.float32)
        return LaserScan(0.0, 'lidar', -math.pi, 2.0 * math.pi / 359.0, 0.1, _RANGE_M, noisy)

    def _places(self, camera: Pose3, rng: Generator) -> dict[int, Pose3]:
        """Put one person or some before the camera, at 1 to 25 m."""
        yaw = camera.planar().yaw_rad
        places: dict[int, Pose3] = {}
        for person in rng.permutation(_PEOPLE)[:rng.integers(1, 5)]:
            distance_m = 25.0 ** rng.uniform()
            bearing = yaw + rng.uniform(-0.65, 0.65)
            x, y = np.asarray(camera.position_m[:2]) + distance_m * np.array([math.cos(bearing), math.sin(bearing)])
            places[int(person)] = Pose3.from_rpy(float(x), float(y), yaw_rad=rng.uniform(-math.pi, math.pi))
        return places

    def _draw(self, camera: Pose3, places: Mapping[int, Pose3], *, heads: bool = True) -> Rgb:
        positions = np.array([body.pose.position_m for body in self._scene.moving])
        turns = np.array([body.pose.orientation_wxyz for body in self._scene.moving])
        for (model, link), index in self._index.items():
            if not model.startswith('person_'):
                continue
            person = int(model.removeprefix('person_'))
            if person in places and (heads or link != 'head'):
                positions[index], turns[index] = places[person].position_m, places[person].orientation_wxyz
            else:
                positions[index] = _AWAY
        return self._renderer.draw(_CAMERA, camera, positions, turns).copy()

    def _heads(self, camera: Pose3, places: Mapping[int, Pose3], whole: Rgb, headless: Rgb) -> Iterator[Mask]:
        """Yield the visible pixels of each head that has rows enough, the nearest first."""
        shown = (whole != headless).any(axis=2)
        ranked = sorted(places.items(), key=lambda item: math.dist(item[1].position_m, camera.position_m))
        for person, place in ranked:
            mine = shown & _disc(camera, place, self._heights_m[person] / _FIGURE_M)
            shown = shown & ~mine
            if mine.any(axis=1).sum() >= LEAST_ROWS:
                yield mine


def _person(name: str, rng: Generator) -> tuple[Model, float]:
    """Return a person of random height and looks: a child of 1.2 m up to a tall adult of 1.95 m."""
    height_m = float(rng.uniform(1.2, 1.95))
    skin = rng.uniform(0.15, 0.95) * np.array([0.95, 0.75, 0.62])
    hue: Rgba = (float(skin[0]), float(skin[1]), float(skin[2]), 1.0)
    links = []
    for link in human_figure(f'{name} {rng.integers(1000)}'):
        visuals = tuple(
            _scaled(visual, height_m / _FIGURE_M, hue if link.name == 'head' else None) for visual in link.visuals)
        links.append(Link(link.name, visuals=visuals, gravity=False))
    return Model(name, Pose3(_AWAY), static=False, links=tuple(links)), height_m


def _scaled(visual: Visual, scale: float, colour: Rgba | None) -> Visual:
    shape: Shape = visual.shape
    if isinstance(shape, Capsule):
        shape = Capsule(shape.radius_m * scale, shape.length_m * scale)
    elif isinstance(shape, Sphere):
        shape = Sphere(shape.radius_m * scale)
    x, y, z = visual.pose.position_m
    pose = Pose3((x * scale, y * scale, z * scale), visual.pose.orientation_wxyz)
    return dataclasses.replace(
        visual, pose=pose, shape=shape, material=visual.material if colour is None else Material(colour))


def _disc(camera: Pose3, place: Pose3, scale: float) -> Mask:
    """Return the pixels of the rays that meet a head's ball, a pixel's width more."""
    centre = camera.inverse().transform(place.transform(np.array([0.0, 0.0, _HEAD_M * scale])))
    info = INFO
    u, v = np.meshgrid(np.arange(info.width) + 0.5, np.arange(info.height) + 0.5)
    rays = np.stack([np.ones_like(u), (info.cx - u) / info.fx, (info.cy - v) / info.fy], axis=-1)
    lengths = np.linalg.norm(rays, axis=-1)
    along: Floats = rays @ centre / lengths
    off = np.sqrt(np.maximum(centre @ centre - along**2, 0.0))
    return np.asarray((along > 0.0) & (off <= _HEAD_RADIUS_M * scale + along / info.fx))


def _believed(base: Pose3, rng: Generator) -> Pose3:
    """Return where localisation puts the robot."""
    x, y, z = base.position_m
    dx, dy = rng.normal(0.0, _PLACE_SIGMA_M, 2)
    roll, pitch = rng.normal(0.0, _TILT_SIGMA_RAD, 2)
    yaw = base.planar().yaw_rad + rng.normal(0.0, _TURN_SIGMA_RAD)
    return Pose3.from_rpy(x + dx, y + dy, z, roll, pitch, yaw)


def _lit(rgb: Rgb, light: str, rng: Generator) -> Rgb:
    """Return a picture as night or fog leave it, with the camera's noise."""
    lit = rgb.astype(np.float64)
    if light == 'dark':
        lit *= 0.25
    elif light == 'fog':
        lit = 0.35 * lit + 0.65 * 190.0
    return np.clip(lit + rng.normal(0.0, 0.005 * 255.0, rgb.shape), 0.0, 255.0).astype(np.uint8)

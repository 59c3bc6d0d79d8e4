"""How well heads are masked: rendered people whose heads are known to the pixel, and what the masks leave of them."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator, default_rng
from numpy.typing import NDArray

from lepatrol import assembly
from lepatrol.model.geometry import Floats, Pose3
from lepatrol.model.observation import CameraImage, CameraInfo
from lepatrol.model.site import Site
from lepatrol.perception.masking import Masker
from lepatrol.settings.privacy import PrivacySettings
from lepatrol.simulation.description import (
    CameraSensor,
    Capsule,
    Link,
    Material,
    Model,
    Rgba,
    Shape,
    Sphere,
    Visual,
)
from lepatrol.simulation.human_figure import human_figure
from lepatrol.simulation.render import Renderer, make_renderer
from lepatrol.simulation.scene import Scene

_CAMERA = CameraSensor('eye', Pose3(), 10.0, 'image', 'eye', 320, 240, 1.2)
_MOUNT_M, _HEIGHT_M = 0.2, 1.2
_PEOPLE = 6
_FIGURE_M = 1.75
_HEAD_M, _HEAD_RADIUS_M = 1.625, 0.125
_PLACE_SIGMA_M, _TURN_SIGMA_RAD, _TILT_SIGMA_RAD = 0.05, math.radians(1.0), math.radians(0.1)
_LEAST_PX = 3
_AWAY = (0.0, 0.0, -500.0)
_CONTRAST = 8
_BLUR_PX = 4
_LIGHTS = ('day', 'dark', 'fog')

Rgb = NDArray[np.uint8]
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class MaskingFigures:
    """What masking did to ``frames`` pictures.

    ``heads`` are those of which ``_LEAST_PX`` rows or more can be seen, ``unmasked`` those of which any pixel was left,
    ``sharp_share`` is how much of the pictures stays as it was, and ``most_blocks`` the most blocks that a head was
    wide or tall.
    """

    frames: int = 0
    heads: int = 0
    unmasked: int = 0
    sharp_share: float = 0.0
    most_blocks: float = 0.0


@dataclass(frozen=True)
class Shot:
    """A picture with people: the truth of it, and what perception is told.

    ``heads`` are the visible pixels (height, width) of each head; ``pose`` is where the camera is believed to be and
    ``foreground`` what differs from the view expected from there, None where the light does not allow to say.
    """

    rgb: Rgb
    heads: tuple[Mask, ...]
    pose: Pose3
    foreground: Mask | None
    light: str


def measure_site(frames: int = 1000, seed: int = 1, *, site: str = 'prison') -> dict[str, MaskingFigures]:
    """Mask pictures from a site's patrol road with people in them and return the figures of two ways to do it.

    ``foreground`` masks what differs from the expected view, and whole bands of rows where that is not known (in fog);
    ``band`` never knows. Lidar and detectors, which mask more, have no part.
    """
    masker = Masker(PrivacySettings(), assembly.load_site(site).zones)
    noise = default_rng(seed)
    totals = {'foreground': MaskingFigures(), 'band': MaskingFigures()}
    for shot in shots(site, frames, seed):
        # Every pixel of this picture is unlike all others: what is left of it was not masked.
        unlike = noise.integers(0, 256, shot.rgb.shape, dtype=np.uint8)
        info = CameraInfo.from_horizontal_fov(_CAMERA.width, _CAMERA.height, _CAMERA.horizontal_fov_rad)
        for name, foreground in (('foreground', shot.foreground), ('band', None)):
            masked = masker.mask(CameraImage(0.0, 'eye', unlike, info), shot.pose, (), foreground)
            totals[name] = _add(totals[name], shot, masked, np.asarray((masked == unlike).all(axis=2)))
    return {name: dataclasses.replace(total, sharp_share=total.sharp_share / max(total.frames, 1))
            for name, total in totals.items()}


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


def _add(total: MaskingFigures, shot: Shot, masked: Rgb, left: Mask) -> MaskingFigures:
    blocks = max((_blocks_across(masked, head) for head in shot.heads), default=0.0)
    return MaskingFigures(
        total.frames + 1, total.heads + len(shot.heads),
        total.unmasked + sum(bool((head & left).any()) for head in shot.heads),
        total.sharp_share + float(left.mean()), max(total.most_blocks, blocks))


def _blocks_across(masked: Rgb, head: Mask) -> float:
    """Return a head's width or height in blocks, the larger: how many edges of blocks its mean row or column meets."""
    rows, columns = np.flatnonzero(head.any(axis=1)), np.flatnonzero(head.any(axis=0))
    part = masked[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1].astype(np.int32)
    down = (np.diff(part, axis=0) != 0).any(axis=2).sum() / part.shape[1]
    across = (np.diff(part, axis=1) != 0).any(axis=2).sum() / part.shape[0]
    return float(max(down, across))


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
        route = next(route for route in site.routes.values() if route.closed)
        self._road = np.array([(site.waypoints[name].x_m, site.waypoints[name].y_m) for name in route.waypoints])

    def close(self) -> None:
        """Give the renderer back."""
        self._renderer.close()

    def shoot(self, rng: Generator) -> Shot:
        """Return a picture of random people in a random place."""
        camera = self._camera(rng)
        places = self._places(camera, rng)
        whole = self._draw(camera, places)
        headless = self._draw(camera, places, heads=False)
        believed = _believed(camera, rng)
        expected = self._draw(believed, {})
        light = _LIGHTS[rng.choice(3, p=(0.6, 0.25, 0.15))]
        seen, ought = (_lit(picture, light, rng) for picture in (whole, expected))
        return Shot(seen, tuple(self._heads(camera, places, whole, headless)), believed,
                    None if light == 'fog' else _foreground(seen, ought, 3 if light == 'dark' else _CONTRAST), light)

    def _camera(self, rng: Generator) -> Pose3:
        start = int(rng.integers(len(self._road)))
        here, there = self._road[start], self._road[(start + 1) % len(self._road)]
        x, y = here + rng.uniform() * (there - here) + rng.normal(0.0, 0.3, 2)
        base = Pose3.from_rpy(x, y, yaw_rad=rng.uniform(-math.pi, math.pi))
        return base.compose(Pose3((_MOUNT_M, 0.0, _HEIGHT_M)))

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
            if mine.any(axis=1).sum() >= _LEAST_PX:
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
    info = CameraInfo.from_horizontal_fov(_CAMERA.width, _CAMERA.height, _CAMERA.horizontal_fov_rad)
    u, v = np.meshgrid(np.arange(info.width) + 0.5, np.arange(info.height) + 0.5)
    rays = np.stack([np.ones_like(u), (info.cx - u) / info.fx, (info.cy - v) / info.fy], axis=-1)
    lengths = np.linalg.norm(rays, axis=-1)
    along: Floats = rays @ centre / lengths
    off = np.sqrt(np.maximum(centre @ centre - along**2, 0.0))
    return np.asarray((along > 0.0) & (off <= _HEAD_RADIUS_M * scale + along / info.fx))


def _believed(camera: Pose3, rng: Generator) -> Pose3:
    """Return where localisation puts the camera."""
    x, y, z = camera.position_m
    roll, pitch = rng.normal(0.0, _TILT_SIGMA_RAD, 2)
    return Pose3.from_rpy(
        x + rng.normal(0.0, _PLACE_SIGMA_M), y + rng.normal(0.0, _PLACE_SIGMA_M), z, roll, pitch,
        camera.planar().yaw_rad + rng.normal(0.0, _TURN_SIGMA_RAD))


def _lit(rgb: Rgb, light: str, rng: Generator) -> Rgb:
    """Return a picture as night or fog leave it, with the camera's noise."""
    lit = rgb.astype(np.float64)
    if light == 'dark':
        lit *= 0.25
    elif light == 'fog':
        lit = 0.35 * lit + 0.65 * 190.0
    return np.clip(lit + rng.normal(0.0, 0.005 * 255.0, rgb.shape), 0.0, 255.0).astype(np.uint8)


def _foreground(seen: Rgb, expected: Rgb, contrast: int) -> Mask:
    """Return where a picture has colours that the expected one does not have anywhere near: the pose is not exact."""
    window = np.ones((2 * _BLUR_PX + 1, 2 * _BLUR_PX + 3), dtype=np.uint8)
    darkest, brightest = cv2.erode(expected, window).astype(int), cv2.dilate(expected, window).astype(int)
    apart = np.maximum(darkest - seen, seen.astype(int) - brightest).max(axis=2)
    return np.asarray(cv2.medianBlur((apart > contrast).astype(np.uint8), 3) > 0)

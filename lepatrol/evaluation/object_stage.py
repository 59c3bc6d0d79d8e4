"""Objects put down on a site, and what a robot's sensors tell of them from one place after another, without physics."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import default_rng
from numpy.typing import NDArray

from lepatrol import assembly
from lepatrol.model.errors import LepatrolError
from lepatrol.model.geometry import Floats, Pose2, Pose3, Twist
from lepatrol.model.observation import (
    CameraImage,
    CameraInfo,
    JointPositions,
    LaserScan,
    Odometry,
    PoseEstimate,
)
from lepatrol.model.site import Point2, Site
from lepatrol.simulation.description import (
    Box,
    CameraSensor,
    Collision,
    Cylinder,
    Ellipsoid,
    Link,
    Material,
    Model,
    Plane,
    Visual,
)
from lepatrol.simulation.ray_caster import SceneRayCaster
from lepatrol.simulation.render import make_renderer
from lepatrol.simulation.scene import Scene

_ROBOT = 'robot'
_AWAY_M = 80.0
_PERIOD_S = 0.1
_BETWEEN_S = 20.0
"""So long after it has left one place the robot is at the next."""
_BEAMS, _BEAM_RAD = 360, 2.0 * math.pi / 360.0
_RANGE_SIGMA_M, _RANGE_M = 0.01, 30.0
_JITTER = 0.2
"""Share of the pose's error that changes from one estimate to the next; the rest stays while the robot stands."""

_PAPER, _INK = Material((0.95, 0.95, 0.95, 1.0)), Material((0.02, 0.02, 0.02, 1.0))

Moment = PoseEstimate | Odometry | JointPositions | LaserScan | CameraImage


@dataclass(frozen=True, slots=True)
class Put:
    """An object that truly stands there: its shape in ``map``, with its middle on the ground, and its colour."""

    shape: Box | Cylinder | Ellipsoid
    place_m: Point2
    yaw_rad: float
    colour: tuple[float, float, float]
    marks: tuple[Visual, ...] = ()
    """What is drawn on it, in its own frame, whose origin is its middle on the ground."""

    @property
    def sides_m(self) -> tuple[float, float]:
        """Return how long it is along its own x and y."""
        if isinstance(self.shape, Box):
            return self.shape.size_m[0], self.shape.size_m[1]
        if isinstance(self.shape, Cylinder):
            return 2.0 * self.shape.radius_m, 2.0 * self.shape.radius_m
        assert isinstance(self.shape, Ellipsoid)
        return 2.0 * self.shape.radii_m[0], 2.0 * self.shape.radii_m[1]

    @property
    def height_m(self) -> float:
        """Return how high it is."""
        if isinstance(self.shape, Box):
            return self.shape.size_m[2]
        return self.shape.length_m if isinstance(self.shape, Cylinder) else 2.0 * self.shape.radii_m[2]

    @property
    def size_m(self) -> tuple[float, float, float]:
        """Return length (the longer), width and height."""
        return max(self.sides_m), min(self.sides_m), self.height_m

    def model(self) -> Model:
        """Return it as a model of a world."""
        middle = Pose3((0.0, 0.0, self.size_m[2] / 2.0))
        link = Link('link', visuals=(Visual('body', middle, self.shape, Material((*self.colour, 1.0))), *self.marks),
                    collisions=(Collision('body', middle, self.shape),))
        return Model('object', Pose3.from_rpy(*self.place_m, yaw_rad=self.yaw_rad), static=True, links=(link,))


def tag_marks(
    size_m: tuple[float, float, float], dictionary: str, number: int, side_m: float, *, raised_m: float = 0.003,
) -> tuple[Visual, ...]:
    """Return a tag of one of OpenCV's dictionaries on the front (x) side of a box, for ``Put.marks``.

    It is raised a little: what lies nearer to a side is mixed up with it by the depth buffer. From some metres off and
    slantwise Panda3D's takes 0.02 m.
    """
    family = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, dictionary))
    cells = family.markerSize + 2
    tag = cv2.aruco.generateImageMarker(family, number, cells)
    # Paper shows round it, one cell wide.
    framed = np.pad(tag, 1, constant_values=255)
    cell_m, front, middle_m = side_m / cells, size_m[0] / 2.0 + raised_m, size_m[2] / 2.0
    square = Plane((1.0, 0.0, 0.0), (cell_m, cell_m))
    marks = []
    for (row, column), level in np.ndenumerate(framed):
        aside, up = (each * cell_m - cell_m * (cells + 1.0) / 2.0 for each in (column, row))
        marks.append(Visual(f'cell_{row}_{column}', Pose3((front, aside, middle_m - up)), square,
                            _PAPER if level else _INK))
    return tuple(marks)


class ObjectStage:
    """A site with one object more, and a robot to put anywhere; close it in the end."""

    def __init__(
        self, site: Site, put: Put, seed: int, *, pose_sigma_m: float = 0.05, pose_sigma_rad: float = math.radians(1.0),
        robot: str = 'ugv', world: str | None = None,
    ) -> None:
        """Set the stage; all noise is drawn by ``seed``.

        :raises LepatrolError: for a robot without a camera.
        """
        scene = assembly.load_scene(world or site.world, {_ROBOT: (robot, site.start_pose)})
        models = (*scene.world.models, put.model())
        self._scene = Scene(dataclasses.replace(scene.world, models=models), scene.robots)
        model = scene.robots[_ROBOT]
        self._mounting = assembly.mounting(model)
        camera = assembly.main_sensor(model, CameraSensor)
        if camera is None:
            raise LepatrolError(f'robot {robot}: has no camera')
        self._camera: CameraSensor = camera[1]
        self._height_m = model.pose.compose(assembly.base_pose(model)).position_m[2]
        self._renderer = make_renderer('auto', self._scene)
        self._caster = SceneRayCaster(self._scene)
        self._rng = default_rng([seed, 7])
        self._sigma_m, self._sigma_rad = pose_sigma_m, pose_sigma_rad
        self._now_s = 100.0

    @property
    def now_s(self) -> float:
        """Return the time."""
        return self._now_s

    def close(self) -> None:
        """Give the renderer back."""
        self._renderer.close()

    def stand(self, place: Pose2, frames: int) -> Iterator[Moment]:
        """Yield what the sensors tell while the robot stands at a place, in order; time goes on."""
        rng = self._rng
        base = Pose3((place.x_m, place.y_m, self._height_m), Pose3.from_rpy(yaw_rad=place.yaw_rad).orientation_wxyz)
        error = rng.normal(0.0, 1.0, 3)
        picture, ranges = self._picture(base), self._ranges(base)
        joints = dict.fromkeys(self._mounting.joints, 0.0)
        self._now_s += _BETWEEN_S
        for _ in range(frames):
            stamp_s = self._now_s = round(self._now_s + _PERIOD_S, 3)
            yield Odometry(stamp_s, base, Twist())
            off = math.sqrt(1.0 - _JITTER) * error + math.sqrt(_JITTER) * rng.normal(0.0, 1.0, 3)
            yield PoseEstimate(stamp_s, 'map', self._off(base, off), self._sigma_m, self._sigma_rad)
            if joints:
                yield JointPositions(stamp_s, joints)
            yield self._scan(stamp_s, ranges)
            grain = rng.normal(0.0, 255.0 * self._camera.noise.stddev, picture.shape)
            rgb = np.clip(np.rint(picture + grain), 0, 255).astype(np.uint8)
            info = CameraInfo.from_horizontal_fov(
                self._camera.width, self._camera.height, self._camera.horizontal_fov_rad)
            yield CameraImage(stamp_s, self._camera.frame_id, rgb, info)

    def _off(self, base: Pose3, off: Floats) -> Pose3:
        x, y, z = base.position_m
        turned = Pose3.from_rpy(yaw_rad=self._sigma_rad * off[2]).compose(base).orientation_wxyz
        return Pose3((x + self._sigma_m * off[0], y + self._sigma_m * off[1], z), turned)

    def _picture(self, base: Pose3) -> NDArray[np.uint8]:
        positions = np.array([body.pose.position_m for body in self._scene.moving])
        positions[[body.model == _ROBOT for body in self._scene.moving], 2] = _AWAY_M
        turns = np.array([body.pose.orientation_wxyz for body in self._scene.moving])
        assert self._mounting.camera is not None
        return self._renderer.draw(self._camera, base.compose(self._mounting.camera), positions, turns).copy()

    def _ranges(self, base: Pose3) -> Floats:
        lidar = base.compose(self._mounting.lidar)
        angles = -math.pi + _BEAM_RAD * np.arange(_BEAMS, dtype=np.float64)
        beams = np.stack([np.cos(angles), np.sin(angles), np.zeros_like(angles)], axis=1) @ lidar.rotation.T
        return self._caster.ranges_m(np.asarray(lidar.position_m), beams)

    def _scan(self, stamp_s: float, ranges: Floats) -> LaserScan:
        noisy = (ranges + self._rng.normal(0.0, _RANGE_SIGMA_M, ranges.shape)).astype(np.float32)
        noisy[noisy > _RANGE_M] = np.inf
        return LaserScan(stamp_s, 'lidar_link', -math.pi, _BEAM_RAD, 0.1, _RANGE_M, noisy)

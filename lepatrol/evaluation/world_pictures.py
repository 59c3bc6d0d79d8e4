"""Pictures that show a person what a world is like: a plan with the site laid over it, and views."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol import assembly
from lepatrol.evaluation.chart import Bgr
from lepatrol.evaluation.site_plan import Window, draw_plan, ground_size_px, windows_of
from lepatrol.evaluation.viewpoints import Viewpoint, along_legs, departure, indoors, overview
from lepatrol.model.geometry import Floats, Pose3
from lepatrol.model.site import Site
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.simulation.description import CameraSensor
from lepatrol.simulation.mapping import occupancy_map
from lepatrol.simulation.physics import Physics
from lepatrol.simulation.ray_caster import SceneRayCaster
from lepatrol.simulation.render import Renderer, RenderingError, make_renderer
from lepatrol.simulation.scene import Scene

VIEW_PX = (640, 400)
_ROBOT = 'robot'
_STAGED_S = 12.0
"""People have left the places they begin at."""
_FINER = 2
"""Pictures are drawn so many times finer and then shrunk, which smooths edges."""
_ABOVE = 100.0
"""So many times as high as the window is large nothing leans outwards by more than half a hundredth of its height."""
_ABOVE_M = 200.0
"""No part of a world is higher or lower than this."""
_BOUNDS_CELL_M = 1.0
_REACH_M = 400.0
_NEAR_M, _FAR_M = 0.1, 1500.0
_TRIAL_PX = (160, 100)
_BLANK_SHARE = 0.97


@dataclass(frozen=True, slots=True, eq=False)
class WorldPicture:
    """One picture: the last part of its file's name, what it shows in words, and itself."""

    name: str
    shows: str
    picture: Bgr


def draw_world(world: str, site: Site, robot: str = 'ugv') -> list[WorldPicture]:
    """Draw the plan and three views of a world (name or path) and its site, the same at every call.

    Where a route leads indoors there is a fourth view, of that. The robot stands at its start and looks along the first
    route; people have walked for some seconds.

    :raises LepatrolError: for a world or robot that cannot be read.
    :raises RenderingError: where a picture shows next to nothing.
    """
    scene = assembly.load_scene(world, {_ROBOT: (robot, departure(site))})
    stage = _Stage(scene)
    try:
        window = _window(scene, site)
        return [stage.plan(window, site), *(
            WorldPicture(f'view-{number}', view.shows, stage.view(view))
            for number, view in enumerate(stage.viewpoints(window, site), start=1))]
    finally:
        stage.close()


def write_pictures(folder: Path, world: str, pictures: list[WorldPicture]) -> list[Path]:
    """Write pictures as PNG, ``WORLD-NAME.png``, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f'{world}-{each.name}.png' for each in pictures]
    for path, each in zip(paths, pictures, strict=True):
        _, data = cv2.imencode('.png', each.picture, [cv2.IMWRITE_PNG_COMPRESSION, 9])
        path.write_bytes(data.tobytes())
    return paths


class _Stage:
    """A scene some seconds after its start, with what draws it."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        physics = Physics(scene, step_s=SimulationSettings().physics_step_s)
        physics.run_to(round(_STAGED_S / physics.step_s))
        physics.walk_to_now()
        self._base = physics.base_pose(_ROBOT)
        self._poses = physics.moving_poses()
        self._source = SceneRayCaster(scene, reach_m=_REACH_M)
        self._renderer: Renderer = make_renderer('auto', scene)

    def plan(self, window: Window, site: Site) -> WorldPicture:
        """Return the plan."""
        north_rad = math.pi / 2.0 - (reference.heading_rad if (reference := self._scene.world.geo_reference) else 0.0)
        width_m, height_m = window.size_m
        title = f'{self._scene.world.name}: {width_m:.0f} x {height_m:.0f} m from above'
        start = site.start_pose
        grounds = [(each, self._from_above(each)) for each in windows_of(window, (start.x_m, start.y_m))]
        return WorldPicture('plan', title, draw_plan(grounds, site, north_rad=north_rad, title=title))

    def view(self, viewpoint: Viewpoint) -> Bgr:
        """Return what is to be seen from a place."""
        poses = self._poses if viewpoint.robot is None else self._moved(viewpoint.robot)
        return self._shoot(viewpoint.pose, VIEW_PX, viewpoint.fov_rad, (_NEAR_M, _FAR_M), viewpoint.shows, poses)

    def viewpoints(self, window: Window, site: Site) -> list[Viewpoint]:
        """Return where the views are taken from."""
        robot = self._scene.robots[_ROBOT]
        eye = self._base.compose(assembly.camera_pose(robot))
        camera = next(sensor for link in robot.links for sensor in link.sensors if isinstance(sensor, CameraSensor))
        eyes = Viewpoint("from the robot's camera at its start", eye, camera.horizontal_fov_rad)
        start = site.start_pose
        high = overview(window, (start.x_m, start.y_m), self._scene.world.lights, self._source)
        legs = along_legs(site, self._source) or [dataclasses.replace(
            eyes, shows='back from the start', pose=self._base.compose(Pose3.from_rpy(z_m=2.0, yaw_rad=math.pi)))]
        inside = indoors(site, self._source)
        return [eyes, high, *(max(some, key=self._liveliness) for some in (legs, inside) if some)]

    def close(self) -> None:
        """Give the drawing context back."""
        self._renderer.close()

    def _liveliness(self, viewpoint: Viewpoint) -> float:
        """Return how much there is to be seen from a place: the share of edges in a small picture."""
        trial = self._draw(viewpoint.pose, _TRIAL_PX, viewpoint.fov_rad, (_NEAR_M, _FAR_M), self._poses)
        return float((cv2.Canny(trial, 60, 120) > 0).mean())

    def _moved(self, to: Pose3) -> tuple[Floats, Floats]:
        """Return the poses of what moves with the robot put elsewhere, as high above the ground as it stands now."""
        positions, orientations = self._poses[0].copy(), self._poses[1].copy()
        planar = self._base.planar()
        here = Pose3.from_rpy(planar.x_m, planar.y_m, yaw_rad=planar.yaw_rad)
        count = len(self._scene.robots[_ROBOT].links)
        for index in range(len(positions) - count, len(positions)):
            pose = Pose3(tuple(positions[index].tolist()), tuple(orientations[index].tolist()))
            moved = to.compose(here.inverse().compose(pose))
            positions[index], orientations[index] = moved.position_m, moved.orientation_wxyz
        return positions, orientations

    def _from_above(self, window: Window) -> Bgr:
        """Return the world as the plan's ground, from so high up that all rays go straight down."""
        size = ground_size_px(window)
        width_m = window.size_m[0]
        height_m = _ABOVE * max(window.size_m)
        pose = Pose3.from_rpy(*window.middle_m, height_m, pitch_rad=math.pi / 2.0, yaw_rad=math.pi / 2.0)
        return self._shoot(pose, size, 2.0 * math.atan(width_m / 2.0 / height_m),
                           (height_m - _ABOVE_M, height_m + _ABOVE_M), 'the plan', self._poses)

    def _shoot(
        self, pose: Pose3, size_px: tuple[int, int], fov_rad: float, depth_m: tuple[float, float], shows: str,
        moving: tuple[Floats, Floats],
    ) -> Bgr:
        finer = self._draw(pose, (_FINER * size_px[0], _FINER * size_px[1]), fov_rad, depth_m, moving)
        check_shows(finer, f'world {self._scene.world.name}: {shows}')
        smooth = cv2.resize(finer, size_px, interpolation=cv2.INTER_AREA)
        return np.asarray(cv2.cvtColor(smooth, cv2.COLOR_RGB2BGR), dtype=np.uint8)

    def _draw(
        self, pose: Pose3, size_px: tuple[int, int], fov_rad: float, depth_m: tuple[float, float],
        moving: tuple[Floats, Floats],
    ) -> NDArray[np.uint8]:
        camera = CameraSensor('picture', Pose3(), 1.0, '', '', *size_px, fov_rad, *depth_m)
        return self._renderer.draw(camera, pose, *moving)


def check_shows(picture: NDArray[np.uint8], what: str) -> None:
    """Refuse a picture (h, w, 3) that is all but one colour.

    :raises RenderingError: saying how much of it that colour covers.
    """
    coarse = picture.reshape(-1, 3).astype(np.int32) // 8
    counts = np.bincount(coarse @ np.array([1024, 32, 1]))
    share = float(counts.max()) / float(counts.sum())
    if share > _BLANK_SHARE:
        raise RenderingError(f'{what}: {share:.0%} of the picture has one colour, so it shows next to nothing; is the '
                             'world empty there, or without light?')


def _window(scene: Scene, site: Site) -> Window:
    """Return what the plan shows: the world's bounded parts and everything the site names."""
    grid = occupancy_map(scene.world, height_m=0.5, resolution_m=_BOUNDS_CELL_M)
    width_m, height_m = grid.size_m
    low: Floats = np.array([grid.origin_x_m, grid.origin_y_m])
    named = [*site.perimeter, *(point for zone in site.zones for point in zone.polygon),
             *((waypoint.x_m, waypoint.y_m) for waypoint in site.waypoints.values())]
    points = np.array([low, low + np.array([width_m, height_m]), *named])
    (west, south), (east, north) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    return Window(west, south, east, north)

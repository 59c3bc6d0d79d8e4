"""How fast the simulator, the lockstep loop and the planner are on this machine.

Speeds are in times real time: seconds simulated per second of wall clock, the median of several stretches of the same
run. The robot of the comparison carries a lidar and a camera, as its peer did; what its other sensors cost is told
by the keys with ``all_sensors``.
"""

from __future__ import annotations

import dataclasses
import logging
import resource
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np

from lepatrol import assembly
from lepatrol.evaluation.lockstep import ROBOT, Lockstep, make_lockstep
from lepatrol.model.errors import LepatrolError
from lepatrol.model.geometry import Pose2, Pose3, Twist
from lepatrol.model.mission import MissionState
from lepatrol.model.observation import CameraImage, CameraInfo, LaserScan
from lepatrol.model.occupancy import FREE, OCCUPIED, OccupancyMap
from lepatrol.planning.planner import Planner
from lepatrol.settings.navigation import PlannerSettings
from lepatrol.settings.perimeter import PerimeterSettings
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.simulation.description import CameraSensor, LidarSensor, Model, MulticopterControl
from lepatrol.simulation.embedded import EmbeddedSimulator
from lepatrol.simulation.expected_view import SceneView
from lepatrol.simulation.ray_caster import SceneRayCaster
from lepatrol.simulation.scene import Scene

Results = dict[str, float]
"""Figures by their flat key."""

_STRETCHES = 5
_WARM_UP_S = 4.0
_NOISY = SimulationSettings(pose_noise_m=0.05, pose_noise_rad=0.0175)
_PANEL, _BEFORE_PANEL = 'fence_south_26', Pose2(28.5, -34.8)
_CIRCLE = Twist(0.5, 0.2)
_TAKE_OFF, _TAKE_OFF_S = Twist(linear_z_m_s=1.5), 4.0
SCAN, CAMERA = SimulationSettings(renderer='none'), SimulationSettings()
"""Without pictures, and with them."""
_STARTS = (Pose2(0.0, 0.0), Pose2(-25.0, 0.0), Pose2(25.0, 2.0), Pose2(0.0, 20.0))
_ROUTES = {'bench_yard': 'loop', 'prison': 'perimeter'}


def measure() -> Iterator[tuple[str, Results]]:
    """Measure one thing after another; yield what is about to be known and its figures."""
    for world, prefix in (('bench_yard', ''), ('prison', 'prison_')):
        yield f'simulator alone, {world}', _simulator(world, prefix)
        yield f'lockstep patrol, {world}', _lockstep(world, prefix)
    yield 'four robots, bench_yard', _four_robots()
    yield 'path planning', {'plan_prison_ms': _plan_prison_ms(), 'plan_2000_ms': _plan_2000_ms()}
    yield 'whole lockstep with perception, prison', _full()
    yield 'peak memory', {'peak_memory_mb': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024.0}


def _simulator(world: str, prefix: str) -> Results:
    start = assembly.load_site(world).start_pose
    whole = assembly.load_scene(world, {ROBOT: ('ugv', start)})
    plain = compared(whole)
    return {
        f'{prefix}physics_x_realtime': _physics_speed(plain),
        f'{prefix}sim_scan_x_realtime': simulator_speed(plain, SCAN),
        f'{prefix}sim_camera_x_realtime': simulator_speed(plain, CAMERA),
        f'{prefix}sim_all_sensors_x_realtime': simulator_speed(whole, CAMERA),
    }


def before_a_hole() -> tuple[LaserScan, CameraImage, Pose3]:
    """Return what a robot on the patrol road sees of a fence that lacks a panel, and its pose in ``map``."""
    scene = assembly.load_scene('prison', {ROBOT: ('ugv', _BEFORE_PANEL)})
    models = tuple(model for model in scene.world.models if model.name != _PANEL)
    changed = dataclasses.replace(scene.world, models=models)
    robot = scene.robots[ROBOT]
    base, mounting = robot.pose.compose(assembly.base_pose(robot)), assembly.mounting(robot)
    lidar = next(sensor for link in robot.links for sensor in link.sensors if isinstance(sensor, LidarSensor))
    camera = next(sensor for link in robot.links for sensor in link.sensors if isinstance(sensor, CameraSensor))
    assert mounting.camera is not None
    angles = np.linspace(lidar.min_angle_rad, lidar.max_angle_rad, lidar.samples)
    pose = base.compose(mounting.lidar)
    beams = np.stack([np.cos(angles), np.sin(angles), np.zeros_like(angles)], axis=1) @ pose.rotation.T
    ranges = SceneRayCaster(Scene(changed)).ranges_m(np.asarray(pose.position_m), beams)
    scan = LaserScan(0.0, lidar.frame_id, lidar.min_angle_rad, float(angles[1] - angles[0]), lidar.range_min_m,
                     lidar.range_max_m, np.where(ranges > lidar.range_max_m, np.inf, ranges).astype(np.float32))
    info = CameraInfo.from_horizontal_fov(camera.width, camera.height, camera.horizontal_fov_rad)
    view = SceneView(changed)
    try:
        rgb = view.picture(info, base.compose(mounting.camera))
    finally:
        view.close()
    return scan, CameraImage(0.0, camera.frame_id, rgb, info), base


def _full() -> Results:
    """Time the whole loop with everything on, and in it each look of the lidar and of the camera."""
    loop = make_lockstep('prison', simulation=_NOISY, perimeter=PerimeterSettings(), prepare=compared)
    assert loop.perimeter is not None
    parts = loop.perimeter.parts
    lidar_ms, camera_ms = _timed(parts.lidar), _timed(parts.camera)
    try:
        speed = lockstep_speed(loop, 'perimeter')
    finally:
        loop.close()
    return {'lidar_step_ms': statistics.median(lidar_ms), 'camera_step_ms': statistics.median(camera_ms),
            'lockstep_full_x_realtime': speed}


def _timed(part: Any) -> list[float]:
    """Let each of a part's looks be timed from now on; return where the times (ms) are written."""
    times_ms: list[float] = []
    look = part.look

    def timed_look(*arguments: Any) -> Any:
        begun = time.perf_counter()
        found = look(*arguments)
        times_ms.append((time.perf_counter() - begun) * 1e3)
        return found

    part.look = timed_look
    return times_ms


def _four_robots() -> Results:
    robots = {f'ugv{number}': ('ugv', start) for number, start in enumerate(_STARTS, start=1)}
    scene = compared(assembly.load_scene('bench_yard', robots))
    return {
        'four_physics_x_realtime': _physics_speed(scene),
        'four_sim_scan_x_realtime': simulator_speed(scene, SCAN),
        'four_sim_camera_x_realtime': simulator_speed(scene, CAMERA),
    }


def _lockstep(world: str, prefix: str) -> Results:
    figures: Results = {}
    for name, settings in (('scan', SCAN), ('camera', CAMERA)):
        loop = make_lockstep(world, simulation=settings, prepare=compared)
        try:
            figures[f'{prefix}lockstep_{name}_x_realtime'] = lockstep_speed(loop, _ROUTES[world])
        finally:
            loop.close()
    return figures


def lockstep_speed(loop: Lockstep, route: str) -> float:
    """Return how fast a patrol of a route goes, in times real time.

    :raises LepatrolError: if it does not begin, or does not go on.
    """
    answer = loop.order(f'start {route} forever')
    if answer != 'ok':
        raise LepatrolError(f'the patrol that is measured did not start: {answer}')

    def patrol(duration_s: float) -> None:
        end_s = loop.simulator.time_s + duration_s
        while loop.simulator.time_s < end_s:
            loop.step()

    speed = _times_realtime(patrol, 12.0)
    if loop.patrol.state not in (MissionState.WALKING, MissionState.ACTING):
        raise LepatrolError(f'the patrol that is measured has stopped: {loop.patrol.status.message}')
    return speed


def _physics_speed(scene: Scene) -> float:
    simulator = EmbeddedSimulator(scene, SCAN)
    _drive(simulator)
    physics = simulator.physics
    return _times_realtime(lambda duration_s: physics.run_to(physics.step + round(duration_s / physics.step_s)), 20.0)


def simulator_speed(scene: Scene, settings: SimulationSettings) -> float:
    """Return how fast a scene is simulated while its robots go in circles, in times real time."""
    simulator = assembly.make_simulator(scene, settings, logging.getLogger(__name__).warning)
    try:
        _drive(simulator)

        def advance(duration_s: float) -> None:
            end_s = simulator.time_s + duration_s
            while simulator.time_s < end_s:
                simulator.advance(0.1)

        return _times_realtime(advance, 12.0)
    finally:
        simulator.close()


def _drive(simulator: EmbeddedSimulator) -> None:
    """Let the robots go in circles; who flies takes off first."""
    flying = [name for name, robot in simulator.physics.scene.robots.items()
              if isinstance(robot.drive, MulticopterControl)]
    for robot in flying:
        simulator.command(robot, _TAKE_OFF)
    if flying:
        simulator.advance(_TAKE_OFF_S)
    for robot in simulator.robots:
        simulator.command(robot, _CIRCLE)


def _times_realtime(run: Callable[[float], None], stretch_s: float) -> float:
    run(_WARM_UP_S)
    speeds: list[float] = []
    for _ in range(_STRETCHES):
        begun = time.perf_counter()
        run(stretch_s)
        speeds.append(stretch_s / (time.perf_counter() - begun))
    return statistics.median(speeds)


def _plan_prison_ms() -> float:
    """Time the paths between the waypoints of the perimeter, and from each to the one across the prison."""
    loop = make_lockstep('prison', simulation=SCAN)
    site = assembly.load_site('prison')
    assert isinstance(loop.planner, Planner)
    stops = [site.waypoints[name].pose for name in site.routes['perimeter'].waypoints]
    pairs = [*pairwise(stops), *zip(stops, stops[len(stops) // 2:], strict=False)]
    return _median_ms([partial(loop.planner.plan, a, b) for a, b in pairs])


def _plan_2000_ms() -> float:
    """Time paths across 200 m x 200 m of 2000 x 2000 cells strewn with 600 boxes of half a metre to six."""
    random = np.random.default_rng(4)
    cells = np.full((2000, 2000), FREE, dtype=np.int8)
    for row, column, height, width in zip(
            *random.integers(0, 2000, (2, 600)), *random.integers(5, 60, (2, 600)), strict=True):
        cells[row:row + height, column:column + width] = OCCUPIED
    planner = Planner(OccupancyMap(cells, 0.1, 0.0, 0.0), 0.45, PlannerSettings())
    places = [Pose2(x, y) for x, y in random.uniform(2.0, 198.0, (200, 2)).tolist() if planner.is_free(x, y)]
    pairs = [(a, b) for a, b in zip(places[::2], places[1::2], strict=False) if a.distance_m(b) > 80.0][:20]
    return _median_ms([partial(planner.plan, a, b) for a, b in pairs])


def _median_ms(calls: Sequence[Callable[[], object]]) -> float:
    times_ms: list[float] = []
    for call in calls:
        begun = time.perf_counter()
        call()
        times_ms.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(times_ms)


def compared(scene: Scene) -> Scene:
    """Leave the robots only the sensors that the peer's robot had."""
    return Scene(scene.world, {name: _with_lidar_and_camera(robot) for name, robot in scene.robots.items()})


def _with_lidar_and_camera(robot: Model) -> Model:
    links = tuple(
        dataclasses.replace(link, sensors=tuple(
            sensor for sensor in link.sensors if isinstance(sensor, LidarSensor | CameraSensor)))
        for link in robot.links)
    return dataclasses.replace(robot, links=links)

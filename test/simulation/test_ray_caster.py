import dataclasses
import math

import numpy as np
import pytest
from yard_scene import solid, wheeled_robot, world

from lepatrol import assembly
from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import LaserScan
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.simulation.description import Box, Cylinder
from lepatrol.simulation.embedded import EmbeddedSimulator
from lepatrol.simulation.ray_caster import SceneRayCaster
from lepatrol.simulation.scene import Scene

HEIGHT_M = 0.5
WALL = solid('wall', Box((0.2, 20.0, 2.0)), Pose3.from_rpy(10.1, 0.0, 1.0))
POST = solid('post', Cylinder(0.5, 2.0), Pose3.from_rpy(0.0, 6.0, 1.0))
ORIGIN = np.array([0.0, 0.0, HEIGHT_M])


def directions(angles):
    return np.stack([np.cos(angles), np.sin(angles), np.zeros_like(angles)], axis=1)


def fan():
    return directions(np.linspace(-math.pi, math.pi, 360))


def test_rays_end_on_walls_and_posts_and_go_on_where_nothing_is():
    rays = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [math.cos(0.3), math.sin(0.3), 0.0]])
    found = SceneRayCaster(Scene(world(WALL, POST))).ranges_m(ORIGIN, rays)
    assert found == pytest.approx([10.0, 5.5, math.inf, 10.0 / math.cos(0.3)])


def test_rays_that_fall_end_on_the_ground():
    down = np.array([[math.cos(0.1), 0.0, -math.sin(0.1)]])
    assert SceneRayCaster(Scene(world(WALL))).ranges_m(ORIGIN, down) == pytest.approx([0.5 / math.sin(0.1)])


def test_what_moves_is_not_expected():
    cart = dataclasses.replace(POST, name='cart', static=False)
    scene = Scene(world(WALL, cart), {'ugv1': wheeled_robot(x=3.0)})
    found = SceneRayCaster(scene).ranges_m(ORIGIN, np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]))
    assert found == pytest.approx([10.0, math.inf])


def test_beyond_its_reach_there_is_nothing_and_outside_the_world_nothing_is_known():
    caster = SceneRayCaster(Scene(world(WALL)), reach_m=8.0, margin_m=5.0)
    assert np.isposinf(caster.ranges_m(ORIGIN, np.array([[1.0, 0.0, 0.0]]))).all()
    for place in ([100.0, 0.0, 0.5], [0.0, 40.0, 0.5], [math.nan, 0.0, 0.5], [0.0, 0.0, math.inf]):
        assert np.isnan(caster.ranges_m(np.array(place), fan())).all()


def test_no_rays_have_no_ranges():
    assert SceneRayCaster(Scene(world(WALL))).ranges_m(ORIGIN, np.zeros((0, 3))).shape == (0,)


def test_the_lidar_in_the_prison_measures_what_is_expected():
    site = assembly.load_site('prison')
    scene = assembly.load_scene('prison', {'robot': ('ugv', site.start_pose)})
    simulator = EmbeddedSimulator(scene, SimulationSettings(renderer='none', sensor_noise=False))
    scan = [delivery.observation for delivery in simulator.advance(1.0)
            if isinstance(delivery.observation, LaserScan)][-1]
    assert scan.stamp_s == pytest.approx(simulator.time_s)
    lidar = simulator.ground_truth('robot').compose(assembly.lidar_pose(scene.robots['robot']))
    rays = directions(scan.angles_rad) @ lidar.rotation.T
    found = SceneRayCaster(scene).ranges_m(np.asarray(lidar.position_m), rays)
    assert np.where(found > scan.range_max_m, np.inf, found) == pytest.approx(scan.ranges_m, abs=0.01)

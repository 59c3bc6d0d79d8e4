"""What stands in the worlds is simulated where their files put it, and lidar and camera of the robot see it there.

The files are read here a second time, without the simulator's loader.
"""

import dataclasses
import math
from xml.etree import ElementTree

import mujoco
import numpy as np
import pytest
import shapely
from scipy.spatial import KDTree
from scipy.spatial.transform import Rotation
from world_footprints import MODELS, footprints, pose_of, read_world

from lepatrol import assembly
from lepatrol.model.geometry import Pose2, Pose3, Twist
from lepatrol.model.observation import LaserScan
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.simulation.description import Box, Cylinder, Ellipsoid, Heightmap, Plane, TriangleMesh
from lepatrol.simulation.physics import Physics
from lepatrol.simulation.scene import Scene

WORLDS = ('bench_yard', 'border', 'prison')
BLIND = SimulationSettings(renderer='none', sensor_noise=False, pose_noise_m=0.0, pose_noise_rad=0.0)
OTHERS = ('plane', 'heightmap', 'ellipsoid', 'mesh')
CORNERS = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)]) / 2.0
SIZES = {'box': lambda shape: [float(word) for word in shape.findtext('size').split()],
         'cylinder': lambda shape: [2 * float(shape.findtext('radius'))] * 2 + [float(shape.findtext('length'))]}


def matrix(element):
    x, y, z, *turns = pose_of(element)
    placed = np.eye(4)
    placed[:3, :3], placed[:3, 3] = Rotation.from_euler('xyz', turns).as_matrix(), (x, y, z)
    return placed


def corners(placed, size):
    """Return the corners (24,) of the box around a shape, which tell its place, its turn and its size."""
    return ((CORNERS * size) @ placed[:3, :3].T + placed[:3, 3]).ravel()


def static_shapes(name, part):
    """Yield the kind and the corners of every static box and cylinder that a world's file names as ``part``."""
    world = read_world(name)
    models = [(model, model) for model in world.findall('model')]
    for include in world.findall('include'):
        folder = MODELS / include.findtext('uri', '').removeprefix('model://')
        models.append((ElementTree.parse(folder / 'model.sdf').getroot().find('model'), include))
    for model, placing in models:
        if (placing.findtext('static') or model.findtext('static')) != 'true':
            continue
        for link in model.findall('link'):
            for element in link.findall(part):
                (shape,) = element.find('geometry')
                if shape.tag in SIZES:
                    placed = matrix(placing) @ matrix(link) @ matrix(element)
                    yield shape.tag, corners(placed, SIZES[shape.tag](shape))
                else:
                    assert shape.tag in OTHERS


def farthest_m(expected, found):
    """Match two lists of (kind, corners) one to one; return how far the worst corner is from where it should be."""
    assert len(expected) == len(found) > 20
    worst = 0.0
    for kind in SIZES:
        wanted = [place for shape, place in expected if shape == kind]
        there = [place for shape, place in found if shape == kind]
        assert len(wanted) == len(there)
        if wanted:
            distances, index = KDTree(np.array(there)).query(np.array(wanted))
            assert len(set(index.tolist())) == len(wanted)
            worst = max(worst, float(distances.max()))
    return worst


@pytest.mark.parametrize('name', WORLDS)
def test_every_static_collision_is_in_physics_where_the_file_puts_it(name):
    physics = Physics(assembly.load_scene(name, {}), step_s=0.004)
    model, data = physics.model, physics.data
    kinds = {int(mujoco.mjtGeom.mjGEOM_BOX): 'box', int(mujoco.mjtGeom.mjGEOM_CYLINDER): 'cylinder'}
    found = []
    for geom in range(model.ngeom):
        kind = kinds.get(int(model.geom_type[geom]))
        if kind is None or model.geom_bodyid[geom] != 0:
            continue
        radius, half, third = model.geom_size[geom].tolist()
        size = (radius, half, third) if kind == 'box' else (radius, radius, half)
        placed = np.eye(4)
        placed[:3, :3], placed[:3, 3] = data.geom_xmat[geom].reshape(3, 3), data.geom_xpos[geom]
        found.append((kind, corners(placed, np.array(size) * 2.0)))
    assert farthest_m(list(static_shapes(name, 'collision')), found) < 1e-3


@pytest.mark.parametrize('name', WORLDS)
def test_every_static_visual_is_in_the_scene_that_is_drawn_where_the_file_puts_it(name):
    found = []
    for body in assembly.load_scene(name, {}).static:
        for visual in body.link.visuals:
            placed, shape = body.pose.compose(visual.pose).matrix, visual.shape
            if isinstance(shape, Box):
                found.append(('box', corners(placed, shape.size_m)))
            elif isinstance(shape, Cylinder):
                found.append(('cylinder', corners(placed, (2 * shape.radius_m, 2 * shape.radius_m, shape.length_m))))
            else:
                assert isinstance(shape, Plane | Heightmap | Ellipsoid | TriangleMesh)
    assert farthest_m(list(static_shapes(name, 'visual')), found) < 1e-3


def first_hits_m(barrier, x, y, angles, reach):
    """Return how far each ray from a place goes until it meets the barrier."""
    eye = shapely.Point(x, y)
    rays = shapely.linestrings([[(x, y), (x + reach * math.cos(a), y + reach * math.sin(a))] for a in angles])
    hits = shapely.intersection(rays, barrier)
    return np.where(shapely.is_empty(hits), np.inf, shapely.distance(eye, hits))


@pytest.mark.parametrize(('name', 'place'), [
    ('bench_yard', Pose2(0.0, 0.0, 0.3)), ('bench_yard', Pose2(30.0, 0.0, -2.0)),
    ('border', Pose2(-185.0, -9.0, 0.2)), ('prison', Pose2(-7.0, -33.4, 0.1)), ('prison', Pose2(53.8, 20.0, 1.5)),
    ('prison', Pose2(-17.0, 18.2, -3.0))])
def test_the_robots_lidar_measures_the_worlds_to_a_millimetre(name, place):
    scene = assembly.load_scene(name, {'ugv': ('ugv', place)})
    standing = dataclasses.replace(
        scene.world, actors=(), models=tuple(model for model in scene.world.models if model.static))
    simulator = assembly.make_simulator(Scene(standing, scene.robots), BLIND, pytest.fail)
    scan = [each.observation for each in simulator.advance(0.4) if isinstance(each.observation, LaserScan)][-1]
    eye = simulator.ground_truth('ugv').compose(assembly.lidar_pose(scene.robots['ugv']))
    x, y, height = eye.position_m
    still = {model.name for model in standing.models}
    barrier = shapely.unary_union([
        part.outline for part in footprints(read_world(name))
        if part.low_m < height < part.high_m and part.model in still])
    angles = np.asarray(scan.angles_rad) + eye.rpy_rad[2]
    low, expected, high = (first_hits_m(barrier, x, y, angles + turn, scan.range_max_m) for turn in (-2e-4, 0.0, 2e-4))
    # Where a hair's turn changes what is hit, a beam passes an edge.
    with np.errstate(invalid='ignore'):
        sure = np.isfinite(expected) & (np.abs(low - expected) < 0.2) & (np.abs(high - expected) < 0.2)
    assert sure.sum() > 100
    assert np.abs(scan.ranges_m[sure] - expected[sure]).max() < 1e-3
    nothing = np.isinf(low) & np.isinf(expected) & np.isinf(high)
    assert np.isinf(scan.ranges_m[nothing]).all()


@pytest.mark.parametrize('name', WORLDS)
def test_the_ugv_drives_at_the_speed_that_is_commanded(name):
    start = assembly.load_site(name).start_pose
    simulator = assembly.make_simulator(assembly.load_scene(name, {'ugv': ('ugv', start)}), BLIND, pytest.fail)
    simulator.command('ugv', Twist(1.0, 0.0))
    simulator.advance(3.0)
    before = simulator.ground_truth('ugv').planar()
    simulator.advance(2.0)
    gone = before.inverse().compose(simulator.ground_truth('ugv').planar())
    assert gone.x_m == pytest.approx(2.0, rel=0.02)
    assert abs(gone.y_m) < 0.01


@pytest.mark.parametrize(('name', 'start', 'wall_m'), [
    ('prison', Pose2(-10.5, -33.5, math.pi / 2), -30.0), ('bench_yard', Pose2(0.0, -26.0, -math.pi / 2), -30.0)])
def test_the_ugv_passes_through_no_wall_however_long_it_pushes(name, start, wall_m):
    simulator = assembly.make_simulator(assembly.load_scene(name, {'ugv': ('ugv', start)}), BLIND, pytest.fail)
    simulator.command('ugv', Twist(1.5, 0.0))
    simulator.advance(12.0)
    assert simulator.in_collision('ugv')
    end = simulator.ground_truth('ugv').planar()
    assert abs(end.x_m - start.x_m) < 1.0
    assert 0.3 < math.copysign(1.0, start.y_m - wall_m) * (end.y_m - wall_m) < 0.45


def test_poses_of_the_file_and_of_the_loader_mean_the_same():
    element = ElementTree.fromstring('<link><pose>1 2 3 0.4 -0.5 2.6</pose></link>')
    np.testing.assert_allclose(matrix(element), Pose3.from_rpy(1.0, 2.0, 3.0, 0.4, -0.5, 2.6).matrix, atol=1e-12)

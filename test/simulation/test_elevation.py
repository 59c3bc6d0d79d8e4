import math

import numpy as np
import pytest
from world_footprints import ROOT
from yard_scene import solid, wheeled_robot, world

from lepatrol.model.elevation import ElevationMap
from lepatrol.model.errors import PlanningError
from lepatrol.model.geometry import Pose3
from lepatrol.model.occupancy import OCCUPIED
from lepatrol.simulation.description import Box, Heightmap, Plane, Sphere, TriangleMesh
from lepatrol.simulation.elevation import elevation_map
from lepatrol.simulation.mapping import occupancy_map
from lepatrol.simulation.sdf import read_world


def top_at(elevation, x, y):
    return elevation.top_within(x, y, 0.0)


def test_cells_are_as_high_as_the_highest_thing_in_them():
    elevation = elevation_map(world(
        solid('house', Box((4.0, 2.0, 3.0)), Pose3.from_rpy(z_m=1.5)),
        solid('mast', Box((0.1, 0.1, 9.0)), Pose3.from_rpy(1.1, 0.1, 4.5)),
        solid('kerb', Box((8.0, 8.0, 0.1)), Pose3.from_rpy(z_m=0.05)), wheeled_robot()))
    assert top_at(elevation, 0.0, 0.0) == pytest.approx(3.0)
    assert top_at(elevation, 1.1, 0.1) == pytest.approx(9.0)
    assert top_at(elevation, 3.0, 0.0) == pytest.approx(0.1)
    assert top_at(elevation, 6.0, 0.0) == 0.0
    assert elevation.highest_m == pytest.approx(9.0)


def test_what_is_free_underneath_counts_as_filled():
    elevation = elevation_map(world(solid('arm', Box((3.0, 0.2, 0.2)), Pose3.from_rpy(z_m=6.0))))
    assert top_at(elevation, 1.0, 0.0) == pytest.approx(6.1)


def test_each_triangle_of_a_mesh_counts_for_itself():
    ramp = TriangleMesh(
        np.array([(0, 0, 0), (4, 0, 0), (4, 4, 0), (0, 4, 0), (8, 0, 5), (8, 4, 5)], dtype=float),
        np.array([(0, 1, 2), (0, 2, 3), (1, 4, 5), (1, 5, 2)], dtype=np.int32))
    elevation = elevation_map(world(solid('ramp', ramp, Pose3())))
    assert top_at(elevation, 2.0, 2.0) == 0.0
    assert top_at(elevation, 7.0, 2.0) == pytest.approx(5.0)


def test_a_turned_terrain_is_never_lower_than_it_is():
    heights = np.random.default_rng(3).uniform(0.0, 4.0, (12, 20))
    pose = Pose3.from_rpy(3.0, -2.0, 0.5, yaw_rad=0.4)
    terrain = Heightmap(heights, (19.0, 11.0))
    elevation = elevation_map(world(
        solid('terrain', terrain, pose), solid('post', Box((0.2, 0.2, 1.0)), Pose3.from_rpy(30.0, 0.0, 0.5))))
    x, y = np.meshgrid(np.linspace(-9.5, 9.5, 20), np.linspace(-5.5, 5.5, 12))
    corners = pose.transform(np.stack([x, y, heights], axis=-1)).reshape(-1, 3)
    assert all(top_at(elevation, cx, cy) >= cz - 1e-4 for cx, cy, cz in corners)
    assert top_at(elevation, 25.0, 0.0) == 0.0


def test_nothing_of_the_prison_stands_higher_than_the_map_says():
    prison = read_world(ROOT / 'worlds' / 'prison.sdf')
    elevation = elevation_map(prison, resolution_m=0.5, margin_m=2.0)
    for height in (1.0, 4.5, 7.0, 9.0):
        grid = occupancy_map(prison, height_m=height, resolution_m=0.5)
        assert grid.cells.shape == elevation.tops_m.shape
        assert (elevation.tops_m[grid.cells == OCCUPIED] >= height).all()
    assert elevation.highest_m == pytest.approx(9.9, abs=0.2)


def test_the_map_spans_a_geofence_too():
    elevation = elevation_map(
        world(solid('ball', Sphere(0.5), Pose3.from_rpy(z_m=0.5))), span=((-30.0, 0.0), (40.0, 5.0), (0.0, 9.0)))
    assert top_at(elevation, 39.0, 8.0) == 0.0
    assert top_at(elevation, 60.0, 0.0) == math.inf


def test_a_radius_takes_in_what_it_touches():
    tops = np.zeros((4, 4), dtype=np.float32)
    tops[1, 3] = 2.0
    elevation = ElevationMap(tops, 1.0, 0.0, 0.0)
    assert elevation.top_within(2.0, 1.5, 0.99) == 0.0
    assert elevation.top_within(2.0, 1.5, 1.0) == 2.0
    assert elevation.top_within(3.5, 1.5, 0.0) == 2.0


@pytest.mark.parametrize(('tops', 'resolution', 'said'), [
    (np.zeros((0, 3), dtype=np.float32), 1.0, 'shape'), (np.zeros((3, 3), dtype=np.float32), 0.0, 'resolution')])
def test_a_map_of_nothing_is_refused(tops, resolution, said):
    with pytest.raises(PlanningError, match=said):
        ElevationMap(tops, resolution, 0.0, 0.0)


def test_a_world_without_an_end_has_no_map():
    with pytest.raises(PlanningError, match='no static part'):
        elevation_map(world(solid('ground', Plane(), Pose3())))

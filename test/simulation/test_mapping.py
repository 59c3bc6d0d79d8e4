import math

import numpy as np
import pytest
from yard_scene import solid, wheeled_robot, world

from lepatrol.model.errors import PlanningError
from lepatrol.model.geometry import Pose3
from lepatrol.model.occupancy import OCCUPIED
from lepatrol.simulation.description import Box, Cylinder, Heightmap, Sphere, TriangleMesh
from lepatrol.simulation.mapping import fitting_resolution_m, occupancy_map


def occupied_at(grid, x, y):
    return grid.cells[grid.cell_at(x, y)] == OCCUPIED


@pytest.mark.parametrize('yaw', [0.0, 0.4, math.pi / 4, 1.5])
def test_a_thin_fence_has_no_gap_whatever_way_it_runs(yaw):
    fence = Pose3.from_rpy(1.23, -0.77, 1.0, yaw_rad=yaw)
    grid = occupancy_map(world(solid('fence', Box((20.0, 0.05, 2.0)), fence)), height_m=0.5, resolution_m=0.1)
    along = fence.transform(np.stack([np.linspace(-9.99, 9.99, 4000), np.zeros(4000), np.zeros(4000)], axis=1))
    assert all(occupied_at(grid, x, y) for x, y, _ in along)
    assert (grid.cells == OCCUPIED).sum() < 20.0 / 0.1 * 4


def test_solids_are_filled_and_cells_beside_them_are_free():
    grid = occupancy_map(world(
        solid('house', Box((4.0, 2.0, 3.0)), Pose3.from_rpy(z_m=1.5)),
        solid('tower', Cylinder(1.0, 8.0), Pose3.from_rpy(6.0, 0.0, 4.0))), height_m=0.5)
    house = grid.cells[:, :grid.cell_at(3.0, 0.0)[1]]
    assert (house == OCCUPIED).sum() == 40 * 20
    assert (grid.cells == OCCUPIED).sum() - 800 == pytest.approx(math.pi * 100, rel=0.2)
    for x, y in ((0.0, 0.0), (1.95, 0.95), (6.0, 0.0), (6.95, 0.0)):
        assert occupied_at(grid, x, y)
    for x, y in ((2.05, 0.0), (0.0, 1.05), (6.8, 0.8)):
        assert not occupied_at(grid, x, y)


def test_only_what_stands_at_the_height_is_in_the_map():
    parts = world(
        solid('beam', Box((1.0, 1.0, 0.2)), Pose3.from_rpy(z_m=2.5)), solid('kerb', Box((1.0, 1.0, 0.2)), Pose3()),
        solid('ball', Sphere(0.5), Pose3.from_rpy(2.95, 0.0, 0.9)), wheeled_robot())
    grid = occupancy_map(parts, height_m=0.5)
    assert not occupied_at(grid, 0.0, 0.0)
    # The ball's section 0.4 m below its centre has a radius of 0.3 m.
    assert occupied_at(grid, 3.23, 0.0)
    assert not occupied_at(grid, 3.32, 0.0)
    assert grid.origin_x_m == pytest.approx(-2.5)


def test_what_a_robot_would_touch_is_in_its_map_though_the_lidar_passes_under_or_over_it():
    parts = world(
        solid('sign', Box((2.0, 0.1, 1.0)), Pose3.from_rpy(z_m=1.5)),
        solid('bed', Cylinder(0.5, 0.12), Pose3.from_rpy(5.0, z_m=0.06)),
        solid('ball', Sphere(0.5), Pose3.from_rpy(10.0, z_m=1.2)),
        solid('bridge', Box((2.0, 2.0, 0.5)), Pose3.from_rpy(15.0, z_m=1.6)),
        solid('doorstep', Box((2.0, 2.0, 0.04)), Pose3.from_rpy(20.0, z_m=0.02)))
    scan, touched = (occupancy_map(parts, height_m=0.5, reach_m=reach_m) for reach_m in (None, (0.05, 1.3)))
    assert not (scan.cells == OCCUPIED).any()
    # The ball's widest section is within reach, with a radius of 0.5 m.
    for x, y in ((0.95, 0.0), (5.45, 0.0), (10.0, 0.47)):
        assert occupied_at(touched, x, y)
    for x, y in ((1.05, 0.0), (5.65, 0.0), (10.0, 0.65), (15.0, 0.0), (20.0, 0.0)):
        assert not occupied_at(touched, x, y)


def test_what_a_robot_would_touch_of_a_mesh_is_all_of_it_within_reach():
    # A pyramid that stands on its tip at 0.6 m and is 2 m wide at 1.6 m.
    pyramid = TriangleMesh(
        np.array([(0, 0, 0.6), (-1, -1, 1.6), (1, -1, 1.6), (1, 1, 1.6), (-1, 1, 1.6)], dtype=float),
        np.array([(0, 2, 1), (0, 3, 2), (0, 4, 3), (0, 1, 4), (1, 2, 3), (1, 3, 4)], dtype=np.int32))
    scan, touched = (occupancy_map(world(solid('roof', pyramid, Pose3())), height_m=0.5, reach_m=reach_m)
                     for reach_m in (None, (0.05, 1.3)))
    assert not (scan.cells == OCCUPIED).any()
    assert occupied_at(touched, 0.65, 0.65)
    assert not occupied_at(touched, 0.75, 0.0)


@pytest.mark.parametrize('reach_m', [None, (0.05, 1.3)])
def test_a_meshs_notch_stays_free(reach_m):
    corners = np.array([(0, 0), (4, 0), (4, 4), (3, 4), (3, 1), (0, 1)], dtype=float)
    vertices = np.vstack([np.insert(corners, 2, z, axis=1) for z in (0.0, 2.0)])
    sides = [face for i in range(6) for face in (
        (i, (i + 1) % 6, (i + 1) % 6 + 6), (i, (i + 1) % 6 + 6, i + 6))]
    mesh = TriangleMesh(vertices, np.array(sides, dtype=np.int32))
    grid = occupancy_map(world(solid('angle', mesh, Pose3())), height_m=0.5, reach_m=reach_m)
    assert occupied_at(grid, 3.55, 3.55)
    assert occupied_at(grid, 0.55, 0.55)
    assert not occupied_at(grid, 1.55, 2.55)
    assert (grid.cells == OCCUPIED).sum() == pytest.approx(700, rel=0.15)


def test_a_world_without_an_end_has_no_map():
    with pytest.raises(PlanningError, match='no static part'):
        occupancy_map(world(), height_m=0.5)


def terrain(heights, size_m, pose=None):
    return world(solid('land', Heightmap(np.array(heights, dtype=float), size_m), pose or Pose3()))


def test_rolling_ground_is_free_and_a_steep_bank_is_not():
    # Rows 1 m apart: level, 10 degrees up, level, 40 degrees down into a ditch and up again.
    rise, depth = math.tan(math.radians(10.0)), math.tan(math.radians(40.0))
    profile = [0.0, 0.0, rise, rise, rise, rise - depth, rise, rise]
    grid = occupancy_map(terrain(np.repeat(profile, 3).reshape(-1, 3), (10.0, 7.0)), height_m=0.5)
    found = [occupied_at(grid, 0.3, -3.5 + row + 0.5) for row in range(7)]
    assert found == [False, False, False, False, True, True, False]


def test_a_hill_is_in_the_map_where_it_reaches_the_lidar():
    heights = np.zeros((9, 9))
    heights[4, 4] = 0.8
    grid = occupancy_map(terrain(heights, (40.0, 40.0)), height_m=0.5)
    assert occupied_at(grid, 1.0, 1.0)
    assert not occupied_at(grid, 6.0, 1.0)
    sunk = occupancy_map(terrain(heights, (40.0, 40.0), Pose3((0.0, 0.0, -0.5))), height_m=0.5)
    assert not (sunk.cells == OCCUPIED).any()


def test_cells_grow_until_a_large_world_fits():
    parts = terrain(np.zeros((2, 2)), (1000.0, 200.0))
    assert fitting_resolution_m(parts, finest_m=0.1, most_cells=20_000_000) == 0.1
    assert fitting_resolution_m(parts, finest_m=0.1, most_cells=19_999_999) == 0.2
    assert fitting_resolution_m(parts, finest_m=0.1, most_cells=2_000_000) == 0.4

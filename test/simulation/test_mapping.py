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


def test_a_meshs_notch_stays_free():
    corners = np.array([(0, 0), (4, 0), (4, 4), (3, 4), (3, 1), (0, 1)], dtype=float)
    vertices = np.vstack([np.insert(corners, 2, z, axis=1) for z in (0.0, 2.0)])
    sides = [face for i in range(6) for face in (
        (i, (i + 1) % 6, (i + 1) % 6 + 6), (i, (i + 1) % 6 + 6, i + 6))]
    mesh = TriangleMesh(vertices, np.array(sides, dtype=np.int32))
    grid = occupancy_map(world(solid('angle', mesh, Pose3())), height_m=0.5)
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

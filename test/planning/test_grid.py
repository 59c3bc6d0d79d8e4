import numpy as np
import pytest

from lepatrol.model.occupancy import OCCUPIED, UNKNOWN, OccupancyMap
from lepatrol.planning.grid import cost_grid
from lepatrol.settings.navigation import PlannerSettings

TUNING = PlannerSettings(clearance_m=0.3, preferred_clearance_m=1.0, proximity_weight=3.0)


def empty(rows=60, columns=60):
    return np.zeros((rows, columns), dtype=np.int8)


def inflated(cells, settings=TUNING, **parts):
    return cost_grid(OccupancyMap(cells, 0.1, 0.0, 0.0), 0.4, settings, **parts)


def test_cells_nearer_than_footprint_and_clearance_are_lethal():
    cells = empty()
    cells[:, 20] = OCCUPIED
    grid = inflated(cells)
    # The wall's face is at 2.1 m; the middle of column c at (c + 0.5) * 0.1 m.
    assert grid.lethal[30, 20:27].all()
    assert not grid.lethal[30, 28:].any()
    assert grid.cost[30, 28] == pytest.approx(3.0, abs=0.2)
    assert grid.cost[30, 45] == 1.0
    assert (np.diff(grid.cost[30, 28:]) <= 0.0).all()


def test_unknown_ground_is_lethal_unless_it_is_said_to_be_free():
    cells = empty()
    cells[:, :5] = UNKNOWN
    assert inflated(cells).lethal[:, :5].all()
    assert not inflated(cells, PlannerSettings(unknown_is_free=True)).lethal.any()


def test_keep_out_polygons_are_grown_by_the_footprint():
    grid = inflated(empty(), keep_out=[[(2.0, 2.0), (4.0, 2.0), (4.0, 4.0), (2.0, 4.0)]])
    assert grid.lethal[20:40, 20:40].all()
    assert grid.lethal[30, 16:44].all()
    assert not grid.lethal[30, :15].any()
    assert not grid.lethal[30, 45:].any()
    assert not grid.solid.any()


def test_obstacle_points_make_lethal_discs_and_leave_the_first_grid_alone():
    grid = inflated(empty())
    stamped = grid.with_discs(np.array([[3.05, 3.05], [100.0, 100.0], [0.0, 5.95]]), 0.7)
    assert stamped.lethal[30, 30 - 7:30 + 8].all()
    assert not stamped.lethal[30, :22].any()
    assert stamped.lethal[59, 0]
    assert not grid.lethal.any()

import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from lepatrol.model.occupancy import OCCUPIED, OccupancyMap
from lepatrol.planning.grid import cost_grid
from lepatrol.planning.path import find_path
from lepatrol.planning.roadmap import Roadmap
from lepatrol.planning.sight import is_clear, segment_costs, segments_clear
from lepatrol.planning.wavefront import wavefront_path
from lepatrol.settings.navigation import PlannerSettings

BARE = PlannerSettings(clearance_m=0.0, preferred_clearance_m=0.0)
COSTLY = PlannerSettings(clearance_m=0.0, preferred_clearance_m=3.0, proximity_weight=3.0)


def grid_of(seed, share, size=(30, 40), settings=BARE):
    cells = np.zeros(size, dtype=np.int8)
    cells[np.random.default_rng(seed).random(size) < share] = OCCUPIED
    return cost_grid(OccupancyMap(cells, 1.0, 0.0, 0.0), 0.01, settings)


def free_places(grid, seed):
    rows, columns = np.nonzero(~grid.lethal)
    chosen = np.random.default_rng(seed).integers(0, len(rows), 2)
    return np.stack([columns[chosen], rows[chosen]], axis=1) + 0.5


def cells_crossed(path):
    """Return cells by sampling densely: another way than the planner's own line of sight."""
    points = [begin + (end - begin) * np.linspace(0.0, 1.0, 400)[:, None]
              for begin, end in itertools.pairwise(path)]
    return np.floor(np.vstack(points)).astype(int)


def exact_cost(grid, start, goal):
    """Return the cost of the best 8-connected way by SciPy's Dijkstra; diagonals need both sides free."""
    free, (rows, columns) = ~grid.lethal, grid.lethal.shape
    one, other, cost = [], [], []
    for row in range(rows):
        for column in range(columns):
            for up, across in ((0, 1), (1, 0), (1, 1), (1, -1)):
                to = row + up, column + across
                if not (to[0] < rows and 0 <= to[1] < columns and free[row, column] and free[to]):
                    continue
                if free[row, to[1]] and free[to[0], column]:
                    one.append(row * columns + column)
                    other.append(to[0] * columns + to[1])
                    cost.append(math.hypot(up, across) * 0.5 * (grid.cost[row, column] + grid.cost[to]))
    graph = csr_matrix((cost, (one, other)), shape=(rows * columns,) * 2)
    number = [int(place[1]) * columns + int(place[0]) for place in (start, goal)]
    return dijkstra(graph, directed=False, indices=number[0])[number[1]]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.05, 0.2, 0.35]), st.sampled_from([1, 3, 5]))
def test_a_path_never_crosses_a_lethal_cell_and_exists_where_one_exists(seed, share, block):
    grid = grid_of(seed, share)
    start, goal = free_places(grid, seed)
    path = find_path(grid, Roadmap.build(grid, block), start, goal)
    assert (path is not None) == math.isfinite(exact_cost(grid, start, goal))
    if path is not None:
        columns, rows = cells_crossed(path).T
        assert not grid.lethal[rows, columns].any()
        assert (path[0] == start).all()
        assert (path[-1] == goal).all()


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6), st.sampled_from([0.05, 0.25]), st.sampled_from([BARE, COSTLY]))
def test_a_path_costs_at_most_a_twentieth_more_than_the_best_over_the_cells(seed, share, tuning):
    grid = grid_of(seed, share, settings=tuning)
    start, goal = free_places(grid, seed)
    best = exact_cost(grid, start, goal)
    path = find_path(grid, Roadmap.build(grid, 1), start, goal)
    if math.isfinite(best):
        assert segment_costs(grid.cost, path[:-1], path[1:]).sum() <= best * 1.05 + 1e-6


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_the_wave_over_every_cell_finds_the_best_way(seed):
    grid = grid_of(seed, 0.25, settings=COSTLY)
    start, goal = free_places(grid, seed)
    best, path = exact_cost(grid, start, goal), wavefront_path(grid, start, goal)
    if path is None:
        assert math.isinf(best)
    else:
        cost = [grid.cost[int(y), int(x)] for x, y in path]
        steps = np.hypot(*np.diff(path, axis=0).T)
        assert (steps * (np.array(cost[:-1]) + cost[1:]) / 2.0).sum() == pytest.approx(best, rel=1e-5)


def test_a_crooked_gap_that_the_coarse_graph_misses_is_still_found():
    cells = np.zeros((60, 60), dtype=np.int8)
    cells[20:40, :] = OCCUPIED
    row, column = 20, 7
    while row < 40:
        cells[row:row + 2, column] = 0
        cells[row + 1, column:column + 3] = 0
        row, column = row + 1, column + 2
    grid = cost_grid(OccupancyMap(cells, 1.0, 0.0, 0.0), 0.0, BARE)
    start, goal = np.array([5.5, 5.5]), np.array([50.5, 55.5])
    roadmap = Roadmap.build(grid, 8)
    assert roadmap.search(grid, start, goal) is None
    path = find_path(grid, roadmap, start, goal)
    assert path is not None
    columns, rows = cells_crossed(path).T
    assert not grid.lethal[rows, columns].any()


def test_a_line_through_the_touching_corners_of_two_closed_cells_is_not_clear():
    closed = np.zeros((4, 4), dtype=np.bool_)
    closed[1, 2] = closed[2, 1] = True
    assert not is_clear(closed, np.array([0.5, 0.5]), np.array([3.5, 3.5]))
    assert is_clear(closed, np.array([0.5, 0.5]), np.array([1.5, 1.5]))
    assert not is_clear(closed, np.array([0.5, 0.5]), np.array([4.5, 0.5]))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_a_clear_line_crosses_no_closed_cell_and_a_closed_one_touches_one(seed):
    random = np.random.default_rng(seed)
    closed = random.random((12, 12)) < 0.1
    start, end = random.uniform(0.1, 11.9, (2, 1, 2))
    fine = np.floor(start + (end - start) * np.linspace(0.0, 1.0, 20001)[:, None]).astype(int)
    crossed = closed[fine[:, 1], fine[:, 0]].any()
    clear = segments_clear(closed, start, end)[0]
    if crossed:
        assert not clear
    elif not clear:
        # Only a corner cut by less than the samples' distance may differ.
        near = start + (end - start) * np.linspace(0.0, 1.0, 20001)[:, None]
        reach = np.array([closed[np.clip(np.floor(near[:, 1] + dy), 0, 11).astype(int),
                                 np.clip(np.floor(near[:, 0] + dx), 0, 11).astype(int)].any()
                          for dx in (-1e-3, 1e-3) for dy in (-1e-3, 1e-3)])
        assert reach.any()

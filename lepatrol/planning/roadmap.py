"""A graph over a grid's blocks, searched by A* with landmarks.

Every block of k x k cells has one node: its free cell with the most room. Two neighbouring nodes are joined where the
straight line between them touches no lethal cell, so whatever the graph finds is legal on the full grid. Lower bounds
come from exact distances to a few landmarks (Goldberg and Harrelson, "Computing the shortest path: A* search meets
graph theory", SODA 2005); an obstacle only makes ways longer, so the bounds hold for it too.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from lepatrol.model.geometry import Floats
from lepatrol.planning.grid import CostGrid
from lepatrol.planning.sight import segment_costs, segments_clear

_STEPS = ((0, 1), (1, 0), (1, 1), (1, -1), (0, -1), (-1, 0), (-1, -1), (-1, 1))
"""Neighbours as (row, column); the second half are the first's opposites."""
_LANDMARKS = 8
_GREED = 1.03
"""Bounds are stretched by this much, to go straight on where many ways are equally long."""


@dataclass(frozen=True, slots=True, eq=False)
class Roadmap:
    """Nodes and edges over blocks; row-major with a border of blocks that have no node.

    ``places`` (n, 2): each node as fractional (column, row), NaN where the block has no free cell. ``weights`` (n, 8):
    cost in cells of going to each neighbour, ``inf`` where there is no way. ``bounds`` (landmarks, n): cost to each.
    """

    block: int
    rows: int
    columns: int
    places: Floats
    weights: NDArray[np.float32]
    bounds: NDArray[np.float32]

    @staticmethod
    def build(grid: CostGrid, block: int) -> Roadmap:
        """Make the graph of a grid with blocks of ``block`` x ``block`` cells."""
        rows, columns = (-(-size // block) + 2 for size in grid.lethal.shape)
        blank = Roadmap(block, rows, columns, np.full((rows * columns, 2), np.nan),
                        np.full((rows * columns, 8), np.inf, dtype=np.float32),
                        np.zeros((0, rows * columns), dtype=np.float32))
        drawn = blank._drawn(grid, slice(1, rows - 1), slice(1, columns - 1))
        return replace(drawn, bounds=drawn._landmark_costs())

    def redrawn(self, grid: CostGrid, low: Floats, high: Floats) -> Roadmap:
        """Return the graph of a grid that differs only between two corners, fractional (column, row)."""
        first = np.floor(low / self.block).astype(int)
        last = np.floor(high / self.block).astype(int) + 1
        rows = slice(max(first[1] + 1, 1), min(last[1] + 1, self.rows - 1))
        columns = slice(max(first[0] + 1, 1), min(last[0] + 1, self.columns - 1))
        if rows.start >= rows.stop or columns.start >= columns.stop:
            return self
        return self._drawn(grid, rows, columns)

    def search(self, grid: CostGrid, start: Floats, goal: Floats) -> Floats | None:
        """Return the cheapest way from place to place, shape (m, 2) with both ends, or None."""
        entries, exits = self.ends_near(grid, start), self.ends_near(grid, goal)
        if not entries or not exits:
            return None
        nodes = self._astar(entries, exits, self._bounds_to(goal, exits))
        return None if nodes is None else np.vstack([start, self.places[nodes], goal])

    def _drawn(self, grid: CostGrid, rows: slice, columns: slice) -> Roadmap:
        """Return the graph with nodes and edges of some blocks drawn anew."""
        shape = (self.rows, self.columns)
        places = self.places.reshape(*shape, 2).copy()
        places[rows, columns] = _roomiest(grid, self.block, rows, columns)
        weights = self.weights.reshape(*shape, 8).copy()
        # Edges into the part from the blocks around it change too.
        near_rows = np.arange(max(rows.start - 1, 1), min(rows.stop + 1, self.rows - 1))
        near_columns = np.arange(max(columns.start - 1, 1), min(columns.stop + 1, self.columns - 1))
        for number, (up, across) in enumerate(_STEPS[:4]):
            row, column = (side.ravel() for side in np.meshgrid(near_rows, near_columns, indexing='ij'))
            cost = _edge_costs(grid, places[row, column], places[row + up, column + across])
            weights[row, column, number] = cost
            weights[row + up, column + across, number + 4] = cost
        return replace(self, places=places.reshape(-1, 2), weights=weights.reshape(-1, 8))

    def _offsets(self) -> list[int]:
        return [up * self.columns + across for up, across in _STEPS]

    def graph(self) -> csr_matrix:
        """Return the edges' costs as a sparse matrix (n, n)."""
        node, step = np.nonzero(np.isfinite(self.weights))
        other = node + np.array(self._offsets())[step]
        return csr_matrix((self.weights[node, step].astype(np.float64), (node, other)), shape=(len(self.places),) * 2)

    def _landmark_costs(self) -> NDArray[np.float32]:
        """Choose landmarks far from each other and return the cost between each and every node."""
        node, _ = np.nonzero(np.isfinite(self.weights))
        if not len(node):
            return np.zeros((0, len(self.places)), dtype=np.float32)
        graph = self.graph()
        # The largest connected part is where robots drive; closed rooms go without landmarks.
        parts = connected_components(graph, directed=False)[1][node]
        nearest = dijkstra(graph, indices=node[(parts == np.bincount(parts).argmax()).argmax()])
        costs: list[NDArray[np.float32]] = []
        for _ in range(_LANDMARKS):
            landmark = int(np.where(np.isfinite(nearest), nearest, -1.0).argmax())
            cost = dijkstra(graph, indices=landmark)
            nearest = np.minimum(nearest, cost) if costs else cost
            costs.append(np.where(np.isfinite(cost), cost, 0.0).astype(np.float32))
        return np.stack(costs)

    def ends_near(self, grid: CostGrid, place: Floats) -> dict[int, float]:
        """Return the nodes around a place that a clear line joins to it, with its cost."""
        column, row = (math.floor(part / self.block) + 1 for part in place.tolist())
        reach = range(-2, 3) if self.block > 1 else range(-1, 2)
        near = np.array([
            (row + up) * self.columns + column + across for up in reach for across in reach
            if 1 <= row + up < self.rows - 1 and 1 <= column + across < self.columns - 1])
        costs = _edge_costs(grid, self.places[near], np.broadcast_to(place, (len(near), 2)))
        return {int(node): float(cost) for node, cost in zip(near, costs, strict=True) if math.isfinite(cost)}

    def _bounds_to(self, goal: Floats, exits: dict[int, float]) -> Floats:
        """Return a lower bound, shape (n,), of the cost from each node to the goal."""
        way = self.places - goal
        bound: Floats = np.nan_to_num(np.hypot(way[:, 0], way[:, 1]))
        if len(self.bounds):
            exit_node = min(exits, key=exits.__getitem__)
            far = np.abs(self.bounds - self.bounds[:, exit_node, None]).max(axis=0) - np.float32(exits[exit_node])
            # A node that no landmark reaches has zeros, which would claim too much.
            reached = self.bounds.any(axis=0) & bool(self.bounds[:, exit_node].any())
            bound = np.where(reached, np.maximum(bound, far), bound)
        return bound * _GREED

    def _astar(self, entries: dict[int, float], exits: dict[int, float], bound: Floats) -> list[int] | None:
        goal = len(bound)
        cost = dict(entries)
        parent: dict[int, int] = {}
        heap = [(begun + bound.item(node), node) for node, begun in entries.items()]
        heapq.heapify(heap)
        offsets, weights = self._offsets(), self.weights
        infinity = math.inf
        done: set[int] = set()
        while heap:
            _, node = heapq.heappop(heap)
            if node == goal:
                return _walk_back(parent, goal)
            if node in done:
                continue
            done.add(node)
            so_far = cost[node]
            if node in exits and so_far + exits[node] < cost.get(goal, infinity):
                cost[goal] = so_far + exits[node]
                parent[goal] = node
                heapq.heappush(heap, (cost[goal], goal))
            for offset, weight in zip(offsets, weights[node].tolist(), strict=True):
                if weight == infinity:
                    continue
                other, total = node + offset, so_far + weight
                if other not in done and total < cost.get(other, infinity):
                    cost[other] = total
                    parent[other] = node
                    heapq.heappush(heap, (total + bound.item(other), other))
        return None


def _roomiest(grid: CostGrid, block: int, rows: slice, columns: slice) -> Floats:
    """Return, for blocks counted from 1, the place of the free cell with most room, shape (rows, columns, 2)."""
    top, left = (rows.start - 1) * block, (columns.start - 1) * block
    count = rows.stop - rows.start, columns.stop - columns.start
    part = slice(top, top + count[0] * block), slice(left, left + count[1] * block)
    room = np.where(grid.lethal[part], -1.0, 1.0 / grid.cost[part])
    room = np.pad(room, [(0, size * block - have) for size, have in zip(count, room.shape, strict=True)],
                  constant_values=-1.0)
    cells = room.reshape(count[0], block, count[1], block).swapaxes(1, 2).reshape(*count, block * block)
    inner = np.arange(block * block)
    middle = (block - 1) / 2.0
    off_centre = np.hypot(inner // block - middle, inner % block - middle)
    best = (cells - 1e-4 * off_centre).argmax(axis=2)
    places = np.stack([
        left + np.arange(count[1]) * block + best % block + 0.5,
        top + (np.arange(count[0]) * block)[:, None] + best // block + 0.5], axis=2)
    places[cells.max(axis=2) < 0.0] = np.nan
    return places


def _edge_costs(grid: CostGrid, starts: Floats, ends: Floats) -> NDArray[np.float32]:
    """Return the cost of each straight line, ``inf`` where it is not clear or an end is NaN."""
    costs = np.full(len(starts), np.inf, dtype=np.float32)
    (there,) = np.nonzero(np.isfinite(starts[:, 0]) & np.isfinite(ends[:, 0]))
    there = there[segments_clear(grid.lethal, starts[there], ends[there])]
    costs[there] = segment_costs(grid.cost, starts[there], ends[there])
    return costs


def _walk_back(parent: dict[int, int], goal: int) -> list[int]:
    nodes = []
    node = parent[goal]
    while True:
        nodes.append(node)
        if node not in parent:
            return nodes[::-1]
        node = parent[node]

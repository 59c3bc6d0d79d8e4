"""How long the way home is from anywhere: found once for the whole map, so that it may be asked all the time."""

from __future__ import annotations

import math

import numpy as np
from scipy.sparse.csgraph import dijkstra

from lepatrol.model.geometry import Floats
from lepatrol.planning.grid import CostGrid
from lepatrol.planning.roadmap import Roadmap
from lepatrol.planning.terrain import Terrain

_OFF_ROAD = 2.0
"""A metre beside the graph, past things and through narrow gaps, counts so many."""


class LengthField:
    """Lengths in cells of the ways that the planner's graph has from all its nodes to one place."""

    def __init__(self, grid: CostGrid, roadmap: Roadmap, place: Floats) -> None:
        """Find all ways to a place, fractional (column, row)."""
        self._grid, self._roadmap, self._place = grid, roadmap, place
        self._lengths = np.full(len(roadmap.places), np.inf)
        ends = roadmap.ends_near(grid, place) or self._nearest_end()
        if not ends:
            return
        nearest = min(ends, key=ends.__getitem__)
        cost, before = dijkstra(roadmap.graph(), indices=nearest, return_predecessors=True)
        self._lengths[nearest] = math.dist(roadmap.places[nearest], place)
        reached = np.nonzero(np.isfinite(cost))[0]
        in_order = reached[np.argsort(cost[reached], kind='stable')][1:]
        steps = np.hypot(*(roadmap.places[in_order] - roadmap.places[before[in_order]]).T)
        for node, parent, step in zip(in_order.tolist(), before[in_order].tolist(), steps.tolist(), strict=True):
            self._lengths[node] = self._lengths[parent] + step

    def at(self, place: Floats) -> float:
        """Return the length of the way from a place; one that no way leads from is reckoned as the straight line."""
        straight = math.dist(place, self._place)
        if not np.isfinite(place).all():
            return math.inf
        ends = self._roadmap.ends_near(self._grid, place)
        near = [self._lengths[node] + math.dist(self._roadmap.places[node], place) for node in ends]
        length = min(near, default=math.inf)
        if math.isinf(length):
            off = np.hypot(*(self._roadmap.places - place).T) * _OFF_ROAD + self._lengths
            length = float(np.nanmin(np.where(np.isfinite(off), off, np.inf)))
        return max(straight, min(length, 1e9)) if math.isfinite(length) else straight * _OFF_ROAD

    def _nearest_end(self) -> dict[int, float]:
        """Return the graph's node nearest to a place that none is joined to."""
        away = np.hypot(*(self._roadmap.places - self._place).T)
        if np.isnan(away).all():
            return {}
        node = int(np.nanargmin(away))
        return {node: float(away[node])}


class WaysHome:
    """The length of the way home from anywhere.

    On a terrain it is the planner's, found anew when a map has come or a zone that came up changes it. Without one, as
    in the air, and before its map has come, it is the straight line with the usual detours.
    """

    def __init__(self, home: tuple[float, float], detour: float, terrain: Terrain | None = None) -> None:
        """Find nothing before it is asked for."""
        self._terrain = terrain
        self._home = home
        self._detour = detour
        self._grid: CostGrid | None = None
        self._field: LengthField | None = None

    def __call__(self, x_m: float, y_m: float) -> float:
        """Return how long the way home is, metres."""
        if self._terrain is None or not self._terrain.is_known:
            return math.dist((x_m, y_m), self._home) * self._detour
        planner = self._terrain.planner
        grid = planner.grid
        if self._field is None or grid is not self._grid:
            self._grid = grid
            self._field = LengthField(grid, planner.roadmap, grid.to_cells(np.array(self._home)))
        return self._field.at(grid.to_cells(np.array([x_m, y_m]))) * grid.resolution_m

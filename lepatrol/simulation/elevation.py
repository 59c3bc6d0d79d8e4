"""The elevation map of a world: how high its static collisions reach, for robots that fly over them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

from lepatrol.model.elevation import ElevationMap
from lepatrol.model.errors import PlanningError
from lepatrol.model.geometry import Floats, Pose3
from lepatrol.model.occupancy import OccupancyMap
from lepatrol.model.site import Point2
from lepatrol.simulation.description import Heightmap, Shape, TriangleMesh, World
from lepatrol.simulation.mapping import blank_map, extent_of, fill
from lepatrol.simulation.scene import Scene


def elevation_map(
    world: World, *, resolution_m: float = 0.25, margin_m: float = 5.0, span: Sequence[Point2] = (),
) -> ElevationMap:
    """Return how high the world's static parts reach in each cell.

    A convex shape, and each triangle of a mesh, counts as high as its highest point over all of its outline, so that
    nothing counts lower than it is; what is free underneath (a lamp's arm, a gantry) counts as filled. The map spans
    all static parts that have an end, the points of ``span`` (a geofence), and ``margin_m`` around them.

    :raises PlanningError: for a world without any bounded static part, or one that takes too many cells.
    """
    pieces = [
        (body.pose.compose(collision.pose), collision.shape)
        for body in Scene(world).static for collision in body.link.collisions]
    outlines = [points[:, :2] for pose, shape in pieces if (points := extent_of(pose, shape)) is not None]
    if not outlines:
        raise PlanningError(f'world {world.name}: no static part has an end, so the map would have none')
    corners = np.concatenate([*outlines, np.array(span, dtype=np.float64).reshape(-1, 2)])
    grid = blank_map(world.name, corners, resolution_m, margin_m)
    tops = np.zeros(grid.cells.shape, dtype=np.float32)
    columns = [column for pose, shape in pieces for column in _columns(pose, shape)]
    # From the lowest to the highest, so that the highest stays.
    for outline, top in sorted(columns, key=lambda column: column[1]):
        if top > 0.0:
            fill(grid, outline, tops, top)
    for pose, shape in pieces:
        if isinstance(shape, Heightmap):
            _raise_terrain(tops, grid, pose, shape)
    return ElevationMap(tops, grid.resolution_m, grid.origin_x_m, grid.origin_y_m)


def _columns(pose: Pose3, shape: Shape) -> Iterator[tuple[Geometry, float]]:
    """Yield outlines as seen from above, each with how high it reaches."""
    if isinstance(shape, TriangleMesh):
        for corners in pose.transform(shape.vertices_m)[shape.faces]:
            yield _column(corners)
        return
    points = None if isinstance(shape, Heightmap) else extent_of(pose, shape)
    if points is not None:
        yield _column(points)


def _column(points: Floats) -> tuple[Geometry, float]:
    return shapely.convex_hull(shapely.MultiPoint(points[:, :2])), float(points[:, 2].max())


def _raise_terrain(tops: NDArray[np.float32], grid: OccupancyMap, pose: Pose3, shape: Heightmap) -> None:
    """Raise the cells over a terrain to the highest corner of its squares that they may touch."""
    heights = np.asarray(shape.heights_m, dtype=np.float32) + np.float32(pose.position_m[2])
    squares = np.maximum.reduce([heights[:-1, :-1], heights[1:, :-1], heights[:-1, 1:], heights[1:, 1:]])
    step_x = shape.size_m[0] / squares.shape[1]
    step_y = shape.size_m[1] / squares.shape[0]
    # The neighbours that a cell may reach into from its middle.
    reach_x, reach_y = (int(np.ceil(grid.resolution_m / step)) for step in (step_x, step_y))
    squares = cv2.dilate(squares, np.ones((2 * reach_y + 1, 2 * reach_x + 1), dtype=np.uint8))
    rows, columns = tops.shape
    x = grid.origin_x_m + (np.arange(columns) + 0.5) * grid.resolution_m
    y = grid.origin_y_m + (np.arange(rows) + 0.5) * grid.resolution_m
    to_terrain = pose.planar().inverse()
    places = to_terrain.transform(np.stack(np.meshgrid(x, y), axis=-1))
    column = np.floor(places[..., 0] / step_x + squares.shape[1] / 2.0).astype(np.int64)
    row = np.floor(places[..., 1] / step_y + squares.shape[0] / 2.0).astype(np.int64)
    # A cell whose middle is just outside may reach in.
    near = (row >= -reach_y) & (row < squares.shape[0] + reach_y) & (
        column >= -reach_x) & (column < squares.shape[1] + reach_x)
    row, column = np.clip(row[near], 0, squares.shape[0] - 1), np.clip(column[near], 0, squares.shape[1] - 1)
    tops[near] = np.maximum(tops[near], squares[row, column])

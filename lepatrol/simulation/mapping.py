"""The occupancy map of a world, made from its static collisions: what a lidar sees, or what a robot would touch."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

from lepatrol.model.errors import PlanningError
from lepatrol.model.geometry import Floats, Pose3
from lepatrol.model.occupancy import FREE, OCCUPIED, OccupancyMap
from lepatrol.simulation.description import Heightmap, Plane, Shape, TriangleMesh, World
from lepatrol.simulation.scene import Scene
from lepatrol.simulation.wireframes import Wireframe, wireframe_of

_TILE_CELLS = 32
_FINEST_CELL_M = 0.1
_FITTING_CELLS = 8_000_000
"""On more, planning takes seconds and a gigabyte."""
_MOST_CELLS = 200_000_000
"""A byte each; more would take the machine's memory before anybody is told."""
_STEEPEST = math.tan(math.radians(15.0))
"""The slope (rise per metre) up to which ground is a way for a patrol robot on small wheels."""
_TRIANGLE = np.array([(0, 1), (1, 2), (2, 0)])
_CELL_SHRINK = 1e-6
"""A shape that ends exactly on a cell's border (1 part in a million) does not touch the cell beyond."""


def occupancy_map(
    world: World, *, height_m: float, reach_m: tuple[float, float] | None = None, resolution_m: float = 0.1,
    margin_m: float = 2.0,
) -> OccupancyMap:
    """Return which cells the world's static parts touch in the horizontal plane at ``height_m``; others are free.

    With ``reach_m``, from how low to how high a robot touches things, what the plane passes over or under is occupied
    as well: beds, booms, the boards of signs. The map spans all static parts that have an end, whatever their height,
    and ``margin_m`` around them. The inside of a solid is occupied. Of a terrain, what is too steep to drive on is
    occupied too: banks, ditches, slopes. A scan does not see them where they fall away, but no path may cross them.

    :raises PlanningError: for a world without any bounded static part, or one that takes too many cells.
    """
    grid = blank_map(world.name, corners_of(world), resolution_m, margin_m)
    low_m, high_m = reach_m or (height_m, height_m)
    for pose, shape in _pieces(world):
        for part in _between(pose, shape, min(low_m, height_m), max(high_m, height_m), height_m):
            fill(grid, part, grid.cells, OCCUPIED)
    return grid


def blank_map(world: str, corners_m: Floats, resolution_m: float, margin_m: float) -> OccupancyMap:
    """Return a free map that spans points (n, 2) and ``margin_m`` around them.

    :raises PlanningError: naming the world whose map would take too many cells.
    """
    low, high = corners_m.min(axis=0) - margin_m, corners_m.max(axis=0) + margin_m
    origin = np.floor(low / resolution_m + 1e-9) * resolution_m
    counts = np.ceil((high - origin) / resolution_m - 1e-9)
    if math.prod(counts.tolist()) > _MOST_CELLS:
        raise PlanningError(f'world {world}: cells of {resolution_m:g} m are too small for a map of '
                            f'{high[0] - low[0]:.0f} x {high[1] - low[1]:.0f} m; it may have {_MOST_CELLS // 10**6} '
                            'million cells')
    columns, rows = counts.astype(int).tolist()
    return OccupancyMap(
        np.full((rows, columns), FREE, dtype=np.int8), resolution_m, float(origin[0]), float(origin[1]))


def fitting_resolution_m(
    world: World, *, finest_m: float = _FINEST_CELL_M, most_cells: int = _FITTING_CELLS,
) -> float:
    """Return an edge length for the cells of a world's map: the finest, doubled until there are no more than so many.

    :raises PlanningError: for a world without any bounded static part.
    """
    corners_m = corners_of(world)
    low, high = corners_m.min(axis=0), corners_m.max(axis=0)
    resolution = finest_m
    while math.prod(((high - low) / resolution).tolist()) > most_cells:
        resolution *= 2.0
    return resolution


def _pieces(world: World) -> list[tuple[Pose3, Shape]]:
    """Return all static collision shapes and where they are in the world."""
    return [(body.pose.compose(collision.pose), collision.shape)
            for body in Scene(world).static for collision in body.link.collisions]


def corners_of(world: World) -> Floats:
    """Return points (n, 2) that span all static parts that have an end.

    :raises PlanningError: if there is none.
    """
    outlines = [points for pose, shape in _pieces(world) if (points := extent_of(pose, shape)) is not None]
    if not outlines:
        raise PlanningError(f'world {world.name}: no static part has an end, so the map would have none')
    return np.concatenate(outlines)[:, :2]


def _between(pose: Pose3, shape: Shape, low_m: float, high_m: float, plane_m: float) -> Iterable[Geometry]:
    """Return what of a shape lies between two heights, from above: polygons, or lines where the shape is open.

    Of a terrain, which robots stand on, it is what reaches ``plane_m``, or is too steep.
    """
    if isinstance(shape, Plane):
        return ()
    if isinstance(shape, Heightmap):
        return _terrain_section(pose, shape, plane_m)
    if isinstance(shape, TriangleMesh):
        return _mesh_between(pose.transform(shape.vertices_m), shape.faces, low_m, high_m)
    return wireframe_of(shape).at(pose).between(low_m, high_m)


def extent_of(pose: Pose3, shape: Shape) -> Floats | None:
    """Return points (n, 3) that span the shape, None for one without an end."""
    if isinstance(shape, Plane):
        return None
    if isinstance(shape, TriangleMesh):
        return pose.transform(shape.vertices_m)
    if isinstance(shape, Heightmap):
        x, y = shape.size_m[0] / 2.0, shape.size_m[1] / 2.0
        return pose.transform(np.array([(sx * x, sy * y, 0.0) for sx in (-1, 1) for sy in (-1, 1)]))
    return pose.transform(wireframe_of(shape).points_m)


def _mesh_between(
    vertices: Floats, faces: NDArray[np.int32], low_m: float, high_m: float,
) -> list[Geometry]:
    """Return what of a mesh lies between two heights: what is cut at the lower one, and all faces above that."""
    parts = _mesh_section(vertices, faces, low_m)
    if high_m > low_m:
        for corners in vertices[faces]:
            parts += Wireframe(corners, _TRIANGLE).between(low_m, high_m)
    return parts


def _mesh_section(vertices: Floats, faces: NDArray[np.int32], height_m: float) -> list[Geometry]:
    """Cut triangles; closed outlines are filled (holes in a solid stay free), open ones stay lines."""
    segments = _cut_triangles(vertices[faces], height_m)
    if not len(segments):
        return []
    lines = shapely.linestrings(np.round(segments, 7))
    outline = shapely.union_all(lines)
    rings = shapely.get_parts(shapely.polygonize([outline]))
    inside = [ring for ring in rings if _is_inside(ring, segments)]
    return [*inside, *shapely.get_parts(outline)]


def _is_inside(ring: Geometry, segments: Floats) -> bool:
    """Tell whether a face of the outlines lies in the solid: a ray from it crosses outlines an odd number of times."""
    x, y = shapely.point_on_surface(ring).coords[0]
    (ax, ay), (bx, by) = segments[:, 0].T, segments[:, 1].T
    spans = (ay > y) != (by > y)
    with np.errstate(divide='ignore', invalid='ignore'):
        crossing = ax + (y - ay) * (bx - ax) / (by - ay)
    return bool(np.count_nonzero(spans & (crossing > x)) % 2)


def _cut_triangles(triangles: Floats, height_m: float) -> Floats:
    """Return the segments (n, 2, 2) in which a horizontal plane cuts triangles (m, 3, 3).

    A corner exactly in the plane counts as above it, so that every cut outline of a closed surface closes.
    """
    above = triangles[:, :, 2] >= height_m
    cut = triangles[above.any(axis=1) & ~above.all(axis=1)]
    if not len(cut):
        return np.zeros((0, 2, 2))
    above = cut[:, :, 2] >= height_m
    # The corner that is alone on its side of the plane; both cut edges start at it.
    alone = np.where(above.sum(axis=1, keepdims=True) == 1, above, ~above).argmax(axis=1)
    rows = np.arange(len(cut))
    tip = cut[rows, alone]
    ends = []
    for step in (1, 2):
        other = cut[rows, (alone + step) % 3]
        share = (height_m - tip[:, 2]) / (other[:, 2] - tip[:, 2])
        ends.append(tip[:, :2] + share[:, None] * (other - tip)[:, :2])
    return np.stack(ends, axis=1)


def _terrain_section(pose: Pose3, shape: Heightmap, height_m: float) -> list[Geometry]:
    """Return the ground of a terrain that is no way for a robot: what reaches the height, and what is too steep.

    A square of the terrain's grid counts as a whole, by its highest corner and by the steepest of its four sides.
    """
    heights = np.asarray(shape.heights_m) + pose.position_m[2]
    x = np.linspace(-0.5, 0.5, heights.shape[1]) * shape.size_m[0]
    y = np.linspace(-0.5, 0.5, heights.shape[0]) * shape.size_m[1]
    top = np.maximum.reduce([heights[:-1, :-1], heights[1:, :-1], heights[:-1, 1:], heights[1:, 1:]])
    along_x = np.abs(np.diff(heights, axis=1)) / np.diff(x)
    along_y = np.abs(np.diff(heights, axis=0)) / np.diff(y)[:, None]
    slope = np.maximum.reduce([along_x[:-1], along_x[1:], along_y[:, :-1], along_y[:, 1:]])
    squares = []
    for row, column in np.argwhere((top >= height_m) | (slope > _STEEPEST)):
        corners = [(x[column + i], y[row + j], 0.0) for i, j in ((0, 0), (1, 0), (1, 1), (0, 1))]
        squares.append(shapely.Polygon(pose.transform(np.array(corners))[:, :2]))
    return list(shapely.get_parts(shapely.union_all(squares)))


def fill(grid: OccupancyMap, section: Geometry, cells: NDArray[Any], value: float) -> None:
    """Set every cell of an array over the grid's cells that a section touches, however thin it is."""
    if section.is_empty:
        return
    size = grid.resolution_m
    west, south, east, north = section.bounds
    low_row, low_column = grid.cell_at(west, south)
    high_row, high_column = grid.cell_at(east, north)
    rows = np.arange(max(low_row - 1, 0), min(high_row + 2, grid.cells.shape[0]))
    columns = np.arange(max(low_column - 1, 0), min(high_column + 2, grid.cells.shape[1]))
    x, y = grid.origin_x_m + columns * size, grid.origin_y_m + rows * size
    if not len(rows) or not len(columns):
        return
    shapely.prepare(section)
    block = cells[rows[0]:rows[-1] + 1, columns[0]:columns[-1] + 1]
    for top in range(0, len(rows), _TILE_CELLS):
        for left in range(0, len(columns), _TILE_CELLS):
            part = slice(top, top + _TILE_CELLS), slice(left, left + _TILE_CELLS)
            _fill_tile(block[part], section, x[part[1]], y[part[0]], size, value)


def _fill_tile(cells: NDArray[Any], section: Geometry, x: Floats, y: Floats, size: float, value: float) -> None:
    """Set the cells (rows, columns) whose lower corners are at ``x`` and ``y``."""
    tile = shapely.box(x[0], y[0], x[-1] + size, y[-1] + size)
    if not shapely.intersects(section, tile):
        return
    if shapely.contains_properly(section, tile):
        cells[:] = value
        return
    shrink = _CELL_SHRINK * size
    squares = shapely.box(
        x[None, :] + shrink, y[:, None] + shrink, x[None, :] + size - shrink, y[:, None] + size - shrink)
    cells[shapely.intersects(section, squares)] = value

"""Triangle meshes: Wavefront OBJ and STL files, and polygons drawn up to a height."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import shapely
from numpy.typing import NDArray

from lepatrol.model.errors import FileError
from lepatrol.simulation.description import TriangleMesh, Vector3

_STL_HEADER_BYTES = 84
_STL_FACET = np.dtype([('normal', '<f4', 3), ('corners', '<f4', (3, 3)), ('attribute', '<u2')])


def read_mesh(path: Path, scale: Vector3 = (1.0, 1.0, 1.0)) -> TriangleMesh:
    """Read an ``.obj`` or ``.stl`` file and scale it.

    :raises FileError: for a file that is missing, broken, empty or of another kind.
    """
    reader = {'.obj': _read_obj, '.stl': _read_stl}.get(path.suffix.lower())
    if reader is None:
        raise FileError(path, f"meshes of kind '{path.suffix}' cannot be read; convert it to .obj or .stl")
    try:
        data = path.read_bytes()
    except OSError as error:
        raise FileError(path, f'the mesh cannot be read: {error.strerror}') from None
    vertices, faces = reader(data, path)
    if not len(faces):
        raise FileError(path, 'the mesh has no faces')
    if not np.isfinite(vertices).all():
        raise FileError(path, 'the mesh has a vertex that is not finite')
    if np.prod(scale) < 0.0:
        faces = faces[:, ::-1]  # mirrored: the outside must stay the outside
    return TriangleMesh(vertices * np.asarray(scale), np.ascontiguousarray(faces, dtype=np.int32))


def _read_obj(data: bytes, path: Path) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    vertices: list[list[float]] = []
    faces: list[tuple[int, int, int]] = []
    for line, text in enumerate(data.decode('utf-8', 'replace').splitlines(), start=1):
        words = text.split()
        try:
            if words[:1] == ['v']:
                vertices.append([float(words[1]), float(words[2]), float(words[3])])
            elif words[:1] == ['f']:
                corners = [_obj_corner(word, len(vertices)) for word in words[1:]]
                faces += [(corners[0], b, c) for b, c in itertools.pairwise(corners)]
        except (ValueError, IndexError):
            raise FileError(path, f"'{text.strip()}' is not a vertex or face of an OBJ file", line=line) from None
    return np.array(vertices, dtype=np.float64).reshape(-1, 3), np.array(faces, dtype=np.int32).reshape(-1, 3)


def _obj_corner(word: str, count: int) -> int:
    index = int(word.split('/', maxsplit=1)[0])
    index = index - 1 if index > 0 else count + index
    if not 0 <= index < count:
        raise IndexError(index)
    return index


def _read_stl(data: bytes, path: Path) -> tuple[NDArray[np.float64], NDArray[np.int32]]:
    count = int.from_bytes(data[80:_STL_HEADER_BYTES], 'little')
    if len(data) == _STL_HEADER_BYTES + count * _STL_FACET.itemsize:
        facets = np.frombuffer(data, dtype=_STL_FACET, count=count, offset=_STL_HEADER_BYTES)
        corners = facets['corners'].astype(np.float64).reshape(-1, 3)
    else:
        corners = _ascii_stl_corners(data, path)
    vertices, indices = np.unique(corners, axis=0, return_inverse=True)
    return vertices, indices.reshape(-1, 3).astype(np.int32)


def _ascii_stl_corners(data: bytes, path: Path) -> NDArray[np.float64]:
    text = data.decode('utf-8', 'replace')
    if not text.lstrip().startswith('solid'):
        raise FileError(path, 'is neither a binary nor a text STL file; is it cut off?')
    corners: list[list[float]] = []
    for line, words in enumerate(map(str.split, text.splitlines()), start=1):
        if words[:1] == ['vertex']:
            try:
                x, y, z = map(float, words[1:])
            except ValueError:
                raise FileError(path, 'a vertex needs three numbers', line=line) from None
            corners.append([x, y, z])
    if len(corners) % 3:
        raise FileError(path, 'the last triangle of the STL file is cut off')
    return np.array(corners, dtype=np.float64).reshape(-1, 3)


def extrude(outlines: Sequence[Sequence[tuple[float, float]]], height_m: float) -> TriangleMesh:
    """Draw closed outlines up from z = 0 to a height; an outline inside another cuts a hole, as SDFormat has it.

    :raises ValueError: where the outlines enclose nothing or cross themselves.
    """
    area = shapely.Polygon()
    for outline in outlines:
        ring = shapely.Polygon(outline)
        if not ring.is_valid or ring.area == 0.0:
            raise ValueError('the outline crosses itself or encloses nothing')
        area = area.symmetric_difference(ring)
    triangles: list[list[tuple[float, float, float]]] = []
    for part in shapely.get_parts(area):
        polygon = shapely.geometry.polygon.orient(part)
        for piece in shapely.get_parts(shapely.constrained_delaunay_triangles(polygon)):
            a, b, c = list(shapely.geometry.polygon.orient(piece).exterior.coords)[:3]
            triangles.append([(*a, height_m), (*b, height_m), (*c, height_m)])
            triangles.append([(*c, 0.0), (*b, 0.0), (*a, 0.0)])
        for ring in (polygon.exterior, *polygon.interiors):
            # The exterior runs counter-clockwise and holes clockwise, so the outside is always on the right.
            points = list(ring.coords)
            for a, b in itertools.pairwise(points):
                triangles.append([(*a, 0.0), (*b, 0.0), (*b, height_m)])
                triangles.append([(*a, 0.0), (*b, height_m), (*a, height_m)])
    vertices, indices = np.unique(np.array(triangles, dtype=np.float64).reshape(-1, 3), axis=0, return_inverse=True)
    return TriangleMesh(vertices, indices.reshape(-1, 3).astype(np.int32))

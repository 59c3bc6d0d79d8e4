"""Coloured triangles in Panda3D's own vertex tables."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any

import numpy as np
from panda3d import core

from lepatrol.model.geometry import Floats
from lepatrol.simulation.shapes import Surface, joined

_CHUNK_M = 20.0
_SLAB_M = 0.1
_GROUND_M = 0.2
_PLAIN = np.dtype([('vertex', '<f4', 3), ('colour', 'u1', 4)])
_LIT = np.dtype([('vertex', '<f4', 3), ('normal', '<f4', 3), ('colour', 'u1', 4)])


@dataclass(frozen=True, slots=True, eq=False)
class Painted:
    """A surface and the colour (n, 4) in 0..1 of each of its vertices."""

    surface: Surface
    rgba: Floats

    @property
    def is_clear(self) -> bool:
        """Tell whether what is behind shows through."""
        return bool(len(self.rgba)) and float(self.rgba[:, 3].min()) < 0.999

    @property
    def top_m(self) -> float:
        """Return the height of the highest vertex."""
        return float(self.surface.vertices_m[:, 2].max())


def split_ground(parts: list[Painted]) -> tuple[list[Painted], list[Painted]]:
    """Return the layers of the ground, the lowest first, and all the rest.

    Layers are slabs, lying flat on or little above the lowest of them.
    """
    slabs = [part for part in parts if np.ptp(part.surface.vertices_m[:, 2]) <= _SLAB_M]
    highest = min((part.top_m for part in slabs), default=0.0) + _GROUND_M
    ground = sorted((part for part in slabs if part.top_m <= highest), key=lambda part: part.top_m)
    lying = {id(part) for part in ground}
    return ground, [part for part in parts if id(part) not in lying]


def in_chunks(parts: list[Painted]) -> dict[tuple[float, ...], list[Painted]]:
    """Return what lies together and is drawn in one way."""
    chunks: dict[tuple[float, ...], list[Painted]] = defaultdict(list)
    for part in parts:
        x, y = np.floor(part.surface.vertices_m[:, :2].mean(axis=0) / _CHUNK_M).tolist()
        chunks[x, y, part.surface.closed].append(part)
    return chunks


def joined_paint(parts: list[Painted]) -> Painted:
    """Return several painted surfaces, at least one, as one."""
    return Painted(joined([part.surface for part in parts]), np.concatenate([part.rgba for part in parts]))


def geom_of(painted: Painted, *, lit_later: bool) -> Any:
    """Return the triangles as a ``core.Geom``, with normals where lamps are to shine on them."""
    count = len(painted.surface.vertices_m)
    table = np.zeros(count, dtype=_LIT if lit_later else _PLAIN)
    table['vertex'] = painted.surface.vertices_m
    table['colour'] = np.round(painted.rgba * 255.0).astype(np.uint8)
    if lit_later:
        table['normal'] = painted.surface.normals
    layout = core.GeomVertexFormat.get_v3n3c4() if lit_later else core.GeomVertexFormat.get_v3c4()
    assert layout.get_array(0).get_stride() == table.dtype.itemsize, 'Panda3D lays vertices out in another way'
    data = core.GeomVertexData('surface', layout, core.Geom.UH_static)
    data.unclean_set_num_rows(count)
    data.modify_array_handle(0).copy_data_from(table.tobytes())
    faces = core.GeomTriangles(core.Geom.UH_static)
    faces.set_index_type(core.Geom.NT_uint32)
    indices = np.ascontiguousarray(painted.surface.faces, dtype='<u4')
    faces.modify_vertices().unclean_set_num_rows(indices.size)
    faces.modify_vertices().modify_handle().copy_data_from(indices.tobytes())
    geom = core.Geom(data)
    geom.add_primitive(faces)
    return geom

"""Coloured triangles in Panda3D's own vertex tables."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from panda3d import core

from lepatrol.model.geometry import Floats
from lepatrol.simulation.shapes import Surface, joined

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

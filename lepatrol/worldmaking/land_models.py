"""The models of a border's land, one for each kind of tile: a height map, its picture, and the water of the stream."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

from lepatrol.worldmaking.terrain import (
    LANDS,
    LOWEST_M,
    PIXELS,
    STEP_M,
    TILE_M,
    WATER_M,
    Land,
    stream_rows,
    write_picture,
)

_PICTURE = 'materials/heights.png'
_GRASS, _WATER = '0.3 0.44 0.2 1', '0.2 0.32 0.4 1'
_WATER_WIDTH_M, _WATER_DEPTH_M = 3.4, 0.3


def write_land_models(models: Path) -> None:
    """Write every land model into a folder of models, over what is there."""
    for land in LANDS:
        folder = models / land.model
        (folder / _PICTURE).parent.mkdir(parents=True, exist_ok=True)
        (folder / 'model.sdf').write_text(land_sdf(land), encoding='utf-8')
        (folder / 'model.config').write_text(land_config(land), encoding='utf-8')
        write_picture(land, folder / _PICTURE)


def land_config(land: Land) -> str:
    """Return the text of ``model.config``."""
    what = 'stream' if land.side == 'north' else 'ditch'
    road = ', level in the middle for a road' if land.road else ''
    return f"""\
<?xml version="1.0"?>
<model>
  <name>{land.model}</name>
  <version>1.0</version>
  <sdf version="1.9">model.sdf</sdf>
  <author><name>The lepatrol authors</name></author>
  <description>Uneven land {land.side} of a border, with a {what}{road}</description>
</model>
"""


def land_sdf(land: Land) -> str:
    """Return the text of ``model.sdf``."""
    low, high = land.span_m
    shape = (f'<heightmap><uri>model://{land.model}/{_PICTURE}</uri>'
             f'<size>{TILE_M:g} {high - low:g} {255 * STEP_M:g}</size><pos>0 0 {LOWEST_M:g}</pos></heightmap>')
    middle = f'0 {(low + high) / 2.0:g} 0 0 0 0'
    water = ''.join(_water(land)) if land.side == 'north' else ''
    return f"""\
<?xml version="1.0"?>
<!--
  {_about(land)}
  Heights: {PIXELS} x {PIXELS} pixels of {_PICTURE}, north up; black is {LOWEST_M:g} m, each grey
  {1000 * STEP_M:g} mm more.
  Written by lepatrol/worldmaking/land_models.py.
-->
<sdf version="1.9">
  <model name="{land.model}">
    <static>true</static>
    <link name="link">
      <collision name="ground_collision">
        <pose>{middle}</pose>
        <geometry>{shape}</geometry>
      </collision>
      <visual name="ground">
        <pose>{middle}</pose>
        <geometry>{shape}</geometry>
        <cast_shadows>false</cast_shadows>
        <material><ambient>{_GRASS}</ambient><diffuse>{_GRASS}</diffuse></material>
      </visual>
{water}    </link>
  </model>
</sdf>
"""


def _about(land: Land) -> str:
    low, high = land.span_m
    what = 'a stream 1.6 m deep' if land.side == 'north' else 'a ditch 1.6 m deep and 4.7 m wide'
    road = '\n  In the middle, 18.75 m to both sides, it is level: a road crosses on a culvert.' if land.road else ''
    return (f'Uneven land {land.side} of a border fence: {TILE_M:g} m long (x), y from {low:g} to {high:g} m, with\n'
            f'  {what}. Origin: on the fence line, in the middle of the tile.\n'
            f'  Tiles side by side join without a step.{road}')


def _water(land: Land) -> list[str]:
    """Return the water of the stream: a visual for each straight piece of it."""
    corners = [(float(x), float(land.y_m[row])) for x, row in zip(land.x_m, stream_rows(), strict=True)]
    pieces: list[list[tuple[float, float]]] = []
    for start, end in pairwise(corners):
        if land.road and min(abs(start[0]), abs(end[0])) < 20.0:
            continue
        if pieces and pieces[-1][1] == start and _heading(*pieces[-1]) == _heading(start, end):
            pieces[-1][1] = end
        else:
            pieces.append([start, end])
    z = f'{WATER_M - _WATER_DEPTH_M / 2.0:g}'
    return [f"""\
      <visual name="water_{number}">
        <pose>{(x0 + x1) / 2.0:g} {(y0 + y1) / 2.0:g} {z} 0 0 {_heading(*piece):.4f}</pose>
        <geometry><box><size>{math.dist(*piece) + 0.6:.2f} {_WATER_WIDTH_M} {_WATER_DEPTH_M}</size></box></geometry>
        <cast_shadows>false</cast_shadows>
        <material><ambient>{_WATER}</ambient><diffuse>{_WATER}</diffuse></material>
      </visual>
""" for number, piece in enumerate(pieces, start=1) for (x0, y0), (x1, y1) in [piece]]


def _heading(start: tuple[float, float], end: tuple[float, float]) -> float:
    return round(math.atan2(end[1] - start[1], end[0] - start[0]), 4)

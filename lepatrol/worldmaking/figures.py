"""Bodies of people and animals who walk in generated worlds, as links of SDFormat actors."""

from __future__ import annotations

from dataclasses import dataclass

Triple = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class _Part:
    """One shape of a body: where its middle is, what it is in SDFormat's words, and its colour."""

    name: str
    place_m: Triple
    shape: str
    colour: str


def person(jacket: str, trousers: str, skin: str) -> str:
    """Return the link of somebody 1.75 m tall, solid like the people of other worlds; colours are ``'r g b'``."""
    parts = [
        _Part('left_leg', (0.0, 0.1, 0.425), _cylinder(0.09, 0.85), trousers),
        _Part('right_leg', (0.0, -0.1, 0.425), _cylinder(0.09, 0.85), trousers),
        _Part('torso', (0.0, 0.0, 1.16), _box((0.26, 0.44, 0.62)), jacket),
        _Part('left_arm', (0.0, 0.28, 1.14), _cylinder(0.06, 0.6), jacket),
        _Part('right_arm', (0.0, -0.28, 1.14), _cylinder(0.06, 0.6), jacket),
        _Part('head', (0.0, 0.0, 1.62), '<sphere><radius>0.13</radius></sphere>', skin)]
    return _link((0.0, 0.0, 0.875), _cylinder(0.25, 1.75), parts)


def deer(coat: str) -> str:
    """Return the link of a roe deer, 1.2 m long and 0.75 m tall at the shoulder, looking along x."""
    legs = [_Part(f'leg_{number}', (x, y, 0.22), _cylinder(0.035, 0.44), coat)
            for number, (x, y) in enumerate(((0.35, 0.1), (0.35, -0.1), (-0.35, 0.1), (-0.35, -0.1)), start=1)]
    parts = [
        _Part('trunk', (0.0, 0.0, 0.58), '<ellipsoid><radii>0.52 0.16 0.19</radii></ellipsoid>', coat),
        _Part('neck', (0.5, 0.0, 0.83), _box((0.14, 0.1, 0.42)), coat),
        _Part('head', (0.62, 0.0, 1.06), _box((0.28, 0.11, 0.14)), coat), *legs]
    return _link((0.05, 0.0, 0.5), _box((1.3, 0.3, 1.0)), parts)


def _box(size_m: Triple) -> str:
    return '<box><size>{:g} {:g} {:g}</size></box>'.format(*size_m)


def _cylinder(radius_m: float, length_m: float) -> str:
    return f'<cylinder><radius>{radius_m:g}</radius><length>{length_m:g}</length></cylinder>'


def _link(middle_m: Triple, solid: str, parts: list[_Part]) -> str:
    visuals = ''.join(f"""\
        <visual name="{part.name}">
          <pose>{_pose(part.place_m)}</pose>
          <geometry>{part.shape}</geometry>
          <material><ambient>{part.colour} 1</ambient><diffuse>{part.colour} 1</diffuse></material>
        </visual>
""" for part in parts)
    return f"""\
      <link name="body">
        <collision name="body_collision">
          <pose>{_pose(middle_m)}</pose>
          <geometry>{solid}</geometry>
        </collision>
{visuals}      </link>
"""


def _pose(place_m: Triple) -> str:
    return '{:g} {:g} {:g} 0 0 0'.format(*place_m)

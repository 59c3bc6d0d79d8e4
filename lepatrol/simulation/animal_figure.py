"""What else moves in a yard: cats, birds, and plastic bags in the wind."""

from __future__ import annotations

from lepatrol.model.geometry import Pose3
from lepatrol.simulation.description import (
    Box,
    Collision,
    Cylinder,
    Ellipsoid,
    Link,
    Material,
    Rgba,
    Shape,
    Sphere,
    Visual,
)


def cat(height_m: float, colour: Rgba) -> tuple[Link, ...]:
    """Make a cat on the ground, looking along x; ``height_m`` is to the tips of its ears."""
    body_m, fur = 0.62 * height_m, Material(colour)
    parts: list[tuple[Shape, tuple[float, float, float]]] = [
        (Ellipsoid((0.75 * height_m, 0.24 * height_m, 0.26 * height_m)), (0.0, 0.0, body_m)),
        (Sphere(0.19 * height_m), (0.75 * height_m, 0.0, 0.81 * height_m)),
        (Cylinder(0.05 * height_m, 0.9 * height_m), (-0.8 * height_m, 0.0, 0.75 * height_m)),
        *((Cylinder(0.07 * height_m, body_m), (x * height_m, y * height_m, body_m / 2.0))
          for x in (-0.5, 0.5) for y in (-0.12, 0.12))]
    return _body([Visual(f'part_{i}', Pose3(place), shape, fur) for i, (shape, place) in enumerate(parts)])


def bird(span_m: float, colour: Rgba) -> tuple[Link, ...]:
    """Make a gliding bird about its own middle, flying along x."""
    feathers = Material(colour)
    return _body([
        Visual('body', Pose3(), Ellipsoid((0.28 * span_m, 0.09 * span_m, 0.09 * span_m)), feathers),
        Visual('wings', Pose3((0.03 * span_m, 0.0, 0.05 * span_m)), Box((0.22 * span_m, span_m, 0.02)), feathers)])


def litter(size_m: float, colour: Rgba) -> tuple[Link, ...]:
    """Make a plastic bag about its own middle."""
    half = size_m / 2.0
    return _body([Visual('bag', Pose3(), Ellipsoid((half, 0.8 * half, 0.7 * half)), Material(colour))])


def _body(visuals: list[Visual]) -> tuple[Link, ...]:
    solid = tuple(Collision(each.name, each.pose, each.shape) for each in visuals)
    return (Link('body', visuals=tuple(visuals), collisions=solid, gravity=False),)

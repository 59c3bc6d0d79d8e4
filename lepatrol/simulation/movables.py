"""The things of a world that somebody could carry or drive away."""

from __future__ import annotations

import numpy as np
import shapely

from lepatrol.model.site import Structure
from lepatrol.perception.expectation import Thing
from lepatrol.simulation.description import World
from lepatrol.simulation.shapes import surface_of

_SIZE_M = (0.25, 6.0)
_TALLEST_M = 2.6
_ON_LINE_M = 0.6


def movables(world: World, structures: tuple[Structure, ...] = ()) -> tuple[Thing, ...]:
    """Return the opaque standing models of a thing's size that are no part of the structures that guard a site."""
    lines = [shapely.LineString([structure.start, structure.end]) for structure in structures]
    things = []
    for model in world.models:
        visuals = [(link, visual) for link in model.links for visual in link.visuals]
        if not model.static or not visuals or any(visual.material.diffuse[3] < 1.0 for _, visual in visuals):
            continue
        points = np.concatenate([
            surface_of(visual.shape).at(model.pose.compose(link.pose).compose(visual.pose)).vertices_m
            for link, visual in visuals])
        low, high = points.min(axis=0), points.max(axis=0)
        width, height = float((high - low)[:2].max()), float(high[2])
        middle = ((low + high) / 2.0)[:2].tolist()
        on_line = any(line.distance(shapely.Point(middle)) < _ON_LINE_M for line in lines)
        if _SIZE_M[0] <= width <= _SIZE_M[1] and _SIZE_M[0] <= height <= _TALLEST_M and not on_line:
            things.append(Thing(model.name, (middle[0], middle[1]), width, height))
    return tuple(things)

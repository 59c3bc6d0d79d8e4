"""The things of a world that somebody could carry away: small models that stand on the ground."""

from __future__ import annotations

import numpy as np

from lepatrol.model.geometry import Floats
from lepatrol.perception.expectation import Thing
from lepatrol.simulation.description import Model
from lepatrol.simulation.scene import Scene
from lepatrol.simulation.shapes import surface_of

_WIDEST_M, _TALLEST_M, _LOWEST_M = 2.5, 1.6, 0.25
_OFF_GROUND_M = 0.1


def movables(scene: Scene) -> tuple[Thing, ...]:
    """Return the static models of a world that are small enough to be carried, rolled or driven away."""
    things = []
    for model in scene.world.models:
        corners = _corners(model) if model.static and model.path is None else None
        if corners is None:
            continue
        low, high = corners
        across, along, height = (high - low).tolist()
        if max(across, along) <= _WIDEST_M and _LOWEST_M <= height <= _TALLEST_M and abs(low[2]) <= _OFF_GROUND_M:
            middle = (low + high) / 2.0
            things.append(Thing(model.name, (float(middle[0]), float(middle[1])), max(across, along), height))
    return tuple(things)


def _corners(model: Model) -> tuple[Floats, Floats] | None:
    """Return the lowest and highest corner (3,) of what can be run into of a model, None where there is nothing."""
    points = [
        model.pose.compose(link.pose).compose(collision.pose).transform(surface_of(collision.shape).vertices_m)
        for link in model.links for collision in link.collisions]
    if not points:
        return None
    together = np.concatenate(points)
    return together.min(axis=0), together.max(axis=0)

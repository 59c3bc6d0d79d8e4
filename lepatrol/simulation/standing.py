"""How high a robot stands, and what it rolls over."""

from __future__ import annotations

import numpy as np

from lepatrol.simulation.description import Model
from lepatrol.simulation.shapes import surface_of

ROLLED_OVER_M = 0.05
"""What rises no more than this above the ground that a robot stands on is no obstacle to wheels."""
_ON_THE_GROUND = 'base_footprint'


def standing_height_m(robot: Model) -> float:
    """Return how high above level ground a robot's own frame is when it stands on it.

    ``base_footprint`` is on the ground by definition (REP-120); any other root stands as high as its robot's lowest
    collision shape is below it.
    """
    if any(link.name == _ON_THE_GROUND for link in robot.links):
        return 0.0
    lowest = [
        surface_of(part.shape).at(link.pose.compose(part.pose)).vertices_m[:, 2].min()
        for link in robot.links for part in link.collisions]
    return -float(np.min(lowest)) if lowest else 0.0

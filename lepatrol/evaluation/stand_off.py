"""How near a robot truly came to an object that it inspected."""

from __future__ import annotations

import math

import shapely
import shapely.affinity

from lepatrol.evaluation.behaviour_job import Figure, least, most
from lepatrol.evaluation.behaviour_stage import place_of_robot
from lepatrol.evaluation.lockstep import Lockstep
from lepatrol.evaluation.object_stage import Put
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.policy import Response
from lepatrol.model.site import InspectionRings
from lepatrol.simulation.description import Box

_CLEARLY_M = 0.1
_TOUCH_M = 0.4
_BRAKING_M, _BRAKING_S = 0.5, 2.0
"""A robot that drives towards the object when the inspection begins takes this long to stop and turn, at most."""
_INSPECTING = (BehaviourKind.INSPECT, BehaviourKind.ORDER)


class StandOffWatch:
    """Watches the distance of the robot's middle from the object's outline, from the beginning of the inspection on.

    Who begins within the ring is to leave it, not to come nearer; who is outside it never comes into it again. What is
    suspicious keeps a zone, so that the round goes past it outside the inner ring.
    """

    def __init__(self, put: Put, rings: InspectionRings) -> None:
        """Watch for an object; nothing has begun yet."""
        self._outline = outline_of(put)
        self._rings = rings
        self._began_m: float | None = None
        self._began_s = 0.0
        self._nearest_m = self._outside_m = self._after_m = math.inf
        self._is_outside = False

    @property
    def has_begun(self) -> bool:
        """Tell whether an inspection has begun."""
        return self._began_m is not None

    def __call__(self, loop: Lockstep) -> None:
        """Take in one step."""
        away_m = float(self._outline.distance(shapely.Point(place_of_robot(loop))))
        is_open = any(case.response is Response.INSPECT and case.state.is_open for case in loop.conduct.cases)
        now_s = loop.simulator.time_s
        if is_open and self._began_m is None and loop.conduct.behaviour in _INSPECTING:
            self._began_m, self._began_s = away_m, now_s
        if self._began_m is None:
            return
        if not is_open:
            self._after_m = min(self._after_m, away_m)
            return
        self._nearest_m = min(self._nearest_m, away_m)
        has_stopped = now_s - self._began_s >= _BRAKING_S
        self._is_outside = self._is_outside or (has_stopped and away_m >= self._rings.outer_m + _CLEARLY_M)
        if self._is_outside:
            self._outside_m = min(self._outside_m, away_m)

    def flaws(self, *, is_suspicious: bool) -> list[str]:
        """Say in words how the stand-off was not kept."""
        if self._began_m is None:
            return ['it was not inspected']
        flaws = []
        if self._outside_m < self._rings.outer_m:
            flaws.append(f'it came as near as {self._outside_m:.2f} m after it had left the ring of '
                         f'{self._rings.outer_m:g} m')
        if self._nearest_m < min(self._began_m - _BRAKING_M, self._rings.outer_m):
            flaws.append(f'it began {self._began_m:.2f} m away and came as near as {self._nearest_m:.2f} m')
        if is_suspicious and self._after_m < self._rings.inner_m:
            flaws.append(f'it passed the suspicious object {self._after_m:.2f} m away; its zone reaches to '
                         f'{self._rings.inner_m:g} m')
        elif self._after_m < _TOUCH_M:
            flaws.append(f'afterwards it came as near as {self._after_m:.2f} m: it ran into it')
        return flaws

    @property
    def figures(self) -> dict[str, Figure]:
        """Return how near it came: from the ring, from the ring's inside, and afterwards."""
        if self._began_m is None:
            return {}
        known = {
            'outside_ring_m': least(self._outside_m), 'nearest_m': least(self._nearest_m),
            'within_ring_nearer_by_m': most(max(min(self._began_m, self._rings.outer_m) - self._nearest_m, 0.0)),
            'afterwards_m': least(self._after_m)}
        return {name: figure for name, figure in known.items() if math.isfinite(figure.value)}


def outline_of(put: Put) -> shapely.Geometry:
    """Return the ground that an object covers."""
    along, across = put.sides_m
    if isinstance(put.shape, Box):
        shape = shapely.box(-along / 2.0, -across / 2.0, along / 2.0, across / 2.0)
    else:
        shape = shapely.affinity.scale(shapely.Point(0.0, 0.0).buffer(0.5), along, across)
    turned = shapely.affinity.rotate(shape, put.yaw_rad, origin=(0.0, 0.0), use_radians=True)
    return shapely.affinity.translate(turned, *put.place_m)

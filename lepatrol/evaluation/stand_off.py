"""How near a robot truly came to an object that it inspected."""

from __future__ import annotations

import math
from dataclasses import dataclass

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


@dataclass(slots=True)
class _Spell:
    """What a robot does by itself from one place on: where it began, and how near it came from there."""

    began_s: float
    began_m: float
    nearest_m: float = math.inf
    outside_m: float = math.inf
    """How near it came once it was outside the ring."""
    is_outside: bool = False

    def step(self, now_s: float, away_m: float, ring_m: float) -> None:
        """Take in how far away it is."""
        self.nearest_m = min(self.nearest_m, away_m)
        has_stopped = now_s - self.began_s >= _BRAKING_S
        self.is_outside = self.is_outside or (has_stopped and away_m >= ring_m + _CLEARLY_M)
        if self.is_outside:
            self.outside_m = min(self.outside_m, away_m)

    def flaws(self, ring_m: float) -> list[str]:
        """Say in words how the ring was not kept."""
        flaws = []
        if self.outside_m < ring_m:
            flaws.append(f'it came as near as {self.outside_m:.2f} m after it had left the ring of {ring_m:g} m')
        if self.nearest_m < min(self.began_m - _BRAKING_M, ring_m):
            flaws.append(f'it began {self.began_m:.2f} m away and came as near as {self.nearest_m:.2f} m')
        return flaws


class StandOffWatch:
    """Watches the distance of the robot's middle from the object's outline, from the beginning of the inspection on.

    Who begins within the ring is to leave it, not to come nearer; who is outside it never comes into it again. Whoever
    walks into the robot pushes it along, and it begins anew where it is left. What is suspicious keeps a zone, so that
    the round goes past it outside the inner ring.
    """

    def __init__(self, put: Put, rings: InspectionRings) -> None:
        """Watch for an object; nothing has begun yet."""
        self._outline = outline_of(put)
        self._rings = rings
        self._spells: list[_Spell] = []
        self._is_pushed = False
        self._pushed_from_m = self._pushed_m = 0.0
        self._after_m = math.inf

    @property
    def has_begun(self) -> bool:
        """Tell whether an inspection has begun."""
        return bool(self._spells)

    def __call__(self, loop: Lockstep) -> None:
        """Take in one step."""
        away_m = float(self._outline.distance(shapely.Point(place_of_robot(loop))))
        is_open = any(case.response is Response.INSPECT and case.state.is_open for case in loop.conduct.cases)
        now_s = loop.simulator.time_s
        if is_open and not self._spells and loop.conduct.behaviour in _INSPECTING:
            self._spells.append(_Spell(now_s, away_m))
        if not self._spells:
            return
        if not is_open:
            self._after_m = min(self._after_m, away_m)
            return
        touches = loop.simulator.in_collision(loop.robot)
        if touches and not self._is_pushed:
            self._pushed_from_m = away_m
        if touches:
            self._pushed_m = max(self._pushed_m, self._pushed_from_m - away_m)
        elif self._is_pushed:
            self._spells.append(_Spell(now_s, away_m))
        self._is_pushed = touches
        if not touches:
            self._spells[-1].step(now_s, away_m, self._rings.outer_m)

    def flaws(self, *, is_suspicious: bool) -> list[str]:
        """Say in words how the stand-off was not kept."""
        if not self._spells:
            return ['it was not inspected']
        flaws = [flaw for spell in self._spells for flaw in spell.flaws(self._rings.outer_m)]
        if is_suspicious and self._after_m < self._rings.inner_m:
            flaws.append(f'it passed the suspicious object {self._after_m:.2f} m away; its zone reaches to '
                         f'{self._rings.inner_m:g} m')
        elif self._after_m < _TOUCH_M:
            flaws.append(f'afterwards it came as near as {self._after_m:.2f} m: it ran into it')
        return flaws

    @property
    def figures(self) -> dict[str, Figure]:
        """Return how near it came: from the ring, from the ring's inside, afterwards, and as it was pushed."""
        if not self._spells:
            return {}
        outer_m = self._rings.outer_m
        known = {
            'outside_ring_m': least(min(spell.outside_m for spell in self._spells)),
            'nearest_m': least(min(spell.nearest_m for spell in self._spells)),
            'within_ring_nearer_by_m': most(max(
                min(spell.began_m, outer_m) - min(spell.nearest_m, outer_m, spell.began_m) for spell in self._spells)),
            'pushed_nearer_by_m': most(self._pushed_m), 'afterwards_m': least(self._after_m)}
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

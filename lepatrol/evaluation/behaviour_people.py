"""People who walk about near an object while it is inspected, and whether they are warned."""

from __future__ import annotations

import math

from lepatrol.evaluation.behaviour_job import Figure, least, most
from lepatrol.evaluation.behaviour_stage import places_of
from lepatrol.evaluation.lockstep import Lockstep
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.scenario import Between, Mover, MoverKind, Place, Step
from lepatrol.model.site import Point2
from lepatrol.settings.conduct import InspectSettings
from lepatrol.simulation.chance import Lots

_NEAR, _FAR = Between(1.5, 4.0), Between(7.0, 9.0)
_SPEED = Between(0.7, 1.5)
_CORNERS = 8
_SURELY_M, _SURELY_S = 1.0, 8.0
"""Who is nearer than the warning's distance by so much, for so long, ought to be warned."""
_INSPECTING = (BehaviourKind.INSPECT, BehaviourKind.ORDER)


def walkers_round(place: Point2, lots: Lots) -> tuple[Mover, ...]:
    """Draw one who walks round the place near it, one far from it, and one who comes and goes."""
    start = lots.number(Between(0.0, 2.0 * math.pi))
    near_m, far_m = lots.number(_NEAR), lots.number(_FAR)
    turn = lots.pick((1.0, -1.0))
    round_it = [start + turn * 2.0 * math.pi * step / _CORNERS for step in range(_CORNERS + 1)]
    aside = start + lots.number(Between(1.0, 5.0))
    return (
        _walker('near', place, [(near_m, angle) for angle in round_it], lots),
        _walker('far', place, [(far_m, -angle) for angle in round_it], lots),
        _walker('passer', place, [(far_m, aside), (near_m, aside + 0.3), (far_m, aside + 0.6), (far_m, aside)], lots))


def _walker(name: str, place: Point2, path: list[tuple[float, float]], lots: Lots) -> Mover:
    speed_m_s = lots.number(_SPEED)
    steps = tuple(Step(Place(position_m=(place[0] + away_m * math.cos(angle), place[1] + away_m * math.sin(angle))),
                       speed_m_s=speed_m_s) for away_m, angle in path)
    return Mover(name, MoverKind.PERSON, steps, loop=True)


class Passers:
    """Watches who truly comes near an object while the robot inspects it."""

    def __init__(self, place_m: Point2, people: frozenset[str], settings: InspectSettings | None = None) -> None:
        """Watch some people by name."""
        self._place_m = place_m
        self._people = people
        self._settings = settings or InspectSettings()
        self._near_s = 0.0
        self._nearest_m = math.inf
        self._last_s: float | None = None

    def __call__(self, loop: Lockstep) -> None:
        """Take in one step."""
        now_s = loop.simulator.time_s
        passed_s, self._last_s = now_s - (self._last_s if self._last_s is not None else now_s), now_s
        if not self._people or loop.conduct.behaviour not in _INSPECTING:
            return
        away_m = min(math.dist(each, self._place_m) for each in places_of(loop, self._people))
        self._nearest_m = min(self._nearest_m, away_m)
        if away_m <= self._settings.warn_m - _SURELY_M:
            self._near_s += passed_s

    def flaws(self, loop: Lockstep) -> list[str]:
        """Say in words who was not warned."""
        if self._near_s < _SURELY_S or self._settings.warning in loop.speech:
            return []
        return [f'people were near for {self._near_s:.0f} s and nobody was warned']

    @property
    def figures(self) -> dict[str, Figure]:
        """Return how near people came, and for how long somebody was near."""
        if not math.isfinite(self._nearest_m):
            return {}
        return {'people_nearest_m': least(self._nearest_m), 'people_near_s': most(self._near_s)}

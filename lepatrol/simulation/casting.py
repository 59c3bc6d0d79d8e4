"""Who moves in a scenario: people and animals with their looks and their paths."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from lepatrol.model.geometry import Pose3, wrap_angle
from lepatrol.model.scenario import Appearance, Between, Mover, MoverKind, When
from lepatrol.model.site import Point2
from lepatrol.model.truth import Subject
from lepatrol.simulation import animal_figure
from lepatrol.simulation.chance import Lots
from lepatrol.simulation.description import Actor, Link, Rgba, TimedPath, TimedPose, Trigger
from lepatrol.simulation.human_figure import CLOTHING, SKINS, dressed_figure
from lepatrol.simulation.site_places import SitePlaces

_TURN_S = 0.3
_SHORTEST_S = 0.02
_SIZES: dict[str, Between] = {'small': Between(1.50, 1.62), 'medium': Between(1.68, 1.80), 'tall': Between(1.85, 1.98)}
_FURS: tuple[Rgba, ...] = ((0.08, 0.08, 0.08, 1.0), (0.78, 0.47, 0.20, 1.0), (0.45, 0.44, 0.42, 1.0))
_FEATHERS: tuple[Rgba, ...] = ((0.08, 0.08, 0.10, 1.0), (0.88, 0.88, 0.88, 1.0), (0.45, 0.47, 0.52, 1.0))
_BAGS: tuple[Rgba, ...] = ((0.92, 0.92, 0.90, 1.0), (0.85, 0.75, 0.20, 1.0), (0.20, 0.35, 0.70, 1.0))


@dataclass(frozen=True, slots=True, eq=False)
class Cast:
    """One mover of a scenario as it plays: its actors, which of them are people, and where evaluation finds them."""

    actors: tuple[Actor, ...]
    people: tuple[str, ...]
    subject: Subject


@dataclass(frozen=True, slots=True, eq=False)
class _Body:
    """How one of them looks: ``size_m`` is (width, height)."""

    links: tuple[Link, ...]
    size_m: tuple[float, float]
    appearance: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Leg:
    """A place on a path (x, y, z), how long it takes to come there and how long the wait there is."""

    place_m: tuple[float, float, float]
    takes_s: float
    wait_s: float


def cast(mover: Mover, places: SitePlaces, lots: Lots, turn: int) -> Cast:
    """Draw a mover; ``turn`` counts seeds, so that looks come up in turn.

    :raises LepatrolError: for a place that the site lacks.
    """
    legs = _legs(mover, places, lots)
    centre = legs[0].place_m[:2]
    trigger, delay_s = _trigger(mover.when, centre, places, lots)
    count = lots.count(mover.count)
    actors, bodies = [], []
    for number in range(count):
        name = mover.name if count == 1 else f'{mover.name}_{number + 1}'
        body = _body(mover, lots, turn + number)
        aside = _aside(number, count, lots.number(mover.scatter_m) * lots.number(Between(0.75, 1.0)), lots)
        path = _timed(legs, aside, loop=mover.loop, heading_rad=math.atan2(-aside[1], -aside[0]))
        actors.append(Actor(name, TimedPath(path, mover.loop, delay_s, trigger), body.links))
        bodies.append(body)
    names = tuple(actor.name for actor in actors)
    gathered = count > 1 and len(legs) == 1
    subject = Subject(
        mover.name, (), moves_as=None if gathered else names[0], place_m=centre if gathered else None,
        size_m=bodies[0].size_m, appearance=bodies[0].appearance if count == 1 else {})
    return Cast(tuple(actors), names if mover.kind is MoverKind.PERSON else (), subject)


def _legs(mover: Mover, places: SitePlaces, lots: Lots) -> list[_Leg]:
    legs: list[_Leg] = []
    for step in mover.path:
        x, y = places.find(step.place, lots)
        place = (x, y, lots.number(step.z_m))
        takes_s = 0.0
        if legs:
            takes_s = (lots.number(step.in_s) if step.in_s is not None
                       else math.dist(place, legs[-1].place_m) / lots.number(step.speed_m_s))
        legs.append(_Leg(place, takes_s, lots.number(step.wait_s)))
    if mover.loop and len(legs) > 1:
        first, last = legs[0].place_m, legs[-1].place_m
        speed = lots.number(mover.path[-1].speed_m_s)
        legs.append(_Leg(first, math.dist(first, last) / speed, 0.0))
    return legs


def _timed(legs: list[_Leg], aside: Point2, *, loop: bool, heading_rad: float) -> tuple[TimedPose, ...]:
    """Return poses at times: every leg is walked facing its end, with a short turn before it."""
    places = [(leg.place_m[0] + aside[0], leg.place_m[1] + aside[1], leg.place_m[2]) for leg in legs]
    ways = [math.atan2(end[1] - start[1], end[0] - start[0]) if math.dist(start[:2], end[:2]) > 0.05 else None
            for start, end in pairwise(places)]
    facing = next((way for way in ways if way is not None), heading_rad)
    poses = [TimedPose(0.0, Pose3.from_rpy(*places[0], yaw_rad=facing))]
    now_s = 0.0

    def reach(place: tuple[float, float, float], takes_s: float) -> None:
        nonlocal now_s
        now_s += max(takes_s, _SHORTEST_S)
        poses.append(TimedPose(now_s, Pose3.from_rpy(*place, yaw_rad=facing)))

    if legs[0].wait_s > 0.0:
        reach(places[0], legs[0].wait_s)
    for leg, start, end, way in zip(legs[1:], places, places[1:], ways, strict=False):
        if way is not None and abs(wrap_angle(way - facing)) > 1e-6:
            facing = way
            reach(start, _TURN_S)
        reach(end, leg.takes_s)
        if leg.wait_s > 0.0:
            reach(end, leg.wait_s)
    return tuple(poses)


def _trigger(when: When | None, first: Point2, places: SitePlaces, lots: Lots) -> tuple[Trigger | None, float]:
    """Return what sets a path going and the delay after that."""
    if when is None:
        return None, 0.0
    place = places.find(when.at, lots) if when.at else first
    beyond = None if when.then_beyond_m is None else lots.number(when.then_beyond_m)
    return Trigger(place, lots.number(when.robot_within_m), beyond, when.hidden), lots.number(when.after_s)


def _aside(number: int, count: int, radius_m: float, lots: Lots) -> Point2:
    """Return where one of a group stands against its middle: all around it, none on top of another."""
    if count == 1 and radius_m == 0.0:
        return 0.0, 0.0
    angle = 2.0 * math.pi * (number + lots.number(Between(-0.2, 0.2))) / count
    return radius_m * math.cos(angle), radius_m * math.sin(angle)


def _body(mover: Mover, lots: Lots, turn: int) -> _Body:
    if mover.kind is MoverKind.PERSON:
        return _person(mover.looks, lots, turn)
    if mover.kind is MoverKind.CAT:
        height = lots.number(Between(0.25, 0.35))
        return _Body(animal_figure.cat(height, lots.pick(_FURS)), (2.2 * height, height), {})
    if mover.kind is MoverKind.BIRD:
        span = lots.number(Between(0.3, 0.6))
        return _Body(animal_figure.bird(span, lots.pick(_FEATHERS)), (span, 0.2 * span), {})
    size = lots.number(Between(0.25, 0.4))
    return _Body(animal_figure.litter(size, lots.pick(_BAGS)), (size, 0.7 * size), {})


def _person(looks: Appearance, lots: Lots, turn: int) -> _Body:
    """Dress a person; over 45 turns in a row every clothing comes with every size and skin once."""
    size = tuple(_SIZES)[turn % len(_SIZES)]
    height = lots.number(_SIZES[size] if looks.height_m is None else looks.height_m)
    clothing = tuple(CLOTHING)[turn % len(CLOTHING)] if looks.clothing is None else lots.word(looks.clothing)
    skin = tuple(SKINS)[(turn + turn // 15) % len(SKINS)] if looks.skin is None else lots.word(looks.skin)
    named = size if looks.height_m is None else 'small' if height < 1.65 else 'tall' if height > 1.82 else 'medium'
    return _Body(dressed_figure(height, clothing, skin), (0.5, height),
                 {'clothing': clothing, 'size': named, 'skin': skin})

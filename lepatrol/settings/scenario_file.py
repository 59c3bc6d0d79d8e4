"""Scenario files: ``config/scenarios/NAME.yaml`` to a Scenario, checked key by key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

from lepatrol.model.scenario import (
    Appearance,
    CameraCover,
    FenceCut,
    FogBank,
    GateOpen,
    Mover,
    MoverKind,
    Number,
    OneOf,
    RainFall,
    Removal,
    Report,
    Scenario,
    Step,
    Sunlight,
    Thing,
    Walk,
    When,
)
from lepatrol.settings.scenario_values import bounds, colour, number, place, report, time_of_day, word
from lepatrol.settings.yaml_file import YamlValue, read_yaml

T = TypeVar('T')
Fields = Mapping[str, YamlValue]

CLOTHING = ('black', 'grey', 'earth', 'orange', 'blue')
"""Words for clothing; ``simulation/human_figure.py`` knows the same."""
SKINS = ('light', 'medium', 'dark')
"""Words for skin tones."""
SCENARIO_KEYS = (
    'about', 'world', 'time', 'duration_s', 'spot', 'walk', 'mission', 'people', 'animals', 'things', 'fence', 'gates',
    'removed', 'camera', 'light', 'rain', 'fog')
"""Keys that a scenario may have, besides ``name`` and ``site``, which it must have."""


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file; without ``world`` its scenario's world is empty, and the site says.

    :raises FileError: naming file, line, key and what would be right.
    """
    top = read_yaml(path)
    fields = top.fields(required=('name', 'site'), optional=SCENARIO_KEYS)
    if ('walk' in fields) == ('mission' in fields):
        top.fail("a scenario has either a 'walk' past the spot or a 'mission' such as 'start perimeter'")
    if 'walk' in fields and 'spot' not in fields:
        fields['walk'].fail("a walk goes past the spot; add 'spot', a place along a route")
    people = _each(fields, 'people', lambda value: _mover(value, MoverKind.PERSON))
    animals = _each(fields, 'animals', lambda value: _mover(value, None))
    scenario = Scenario(
        name=fields['name'].text(),
        site=fields['site'].text(),
        world=fields['world'].text() if 'world' in fields else '',
        about=fields['about'].text() if 'about' in fields else '',
        start_min=time_of_day(fields['time']) if 'time' in fields else 600.0,
        duration_s=_number(fields, 'duration_s', 120.0, low=1.0, high=86400.0),
        spot=place(fields['spot']) if 'spot' in fields else None,
        walk=_walk(fields['walk']) if 'walk' in fields else None,
        mission=fields['mission'].text() if 'mission' in fields else '',
        movers=(*people, *animals),
        things=_each(fields, 'things', _thing),
        cuts=_each(fields, 'fence', _cut),
        gates=_each(fields, 'gates', _gates),
        removals=_each(fields, 'removed', _removal),
        covers=_each(fields, 'camera', _cover),
        light=_light(fields['light']) if 'light' in fields else Sunlight(),
        rain=_rain(fields['rain']) if 'rain' in fields else None,
        fog=FogBank(number(fields['fog'].fields(required=('sight_m',))['sight_m'], low=0.5, high=1e4))
        if 'fog' in fields else None)
    if scenario.spot is not None and not scenario.spot.route:
        fields['spot'].fail("the spot is a place along a route: give 'along' and 'at_m'")
    _check_names(scenario, fields)
    return scenario


def _walk(value: YamlValue) -> Walk:
    fields = value.fields(optional=('before_m', 'after_m', 'stop_before_m', 'stop_s'))
    plain = Walk()
    return Walk(
        _number(fields, 'before_m', plain.before_m, low=0.0, high=1e4),
        _number(fields, 'after_m', plain.after_m, low=0.0, high=1e4),
        _number(fields, 'stop_before_m', plain.stop_before_m, low=0.0, high=1e4),
        _number(fields, 'stop_s', plain.stop_s, low=0.0, high=86400.0))


def _mover(value: YamlValue, kind: MoverKind | None) -> Mover:
    """Return a mover; one of no fixed kind says its own, and has no looks to choose."""
    optional = ('loop', 'count', 'scatter_m', 'when', 'report')
    if kind is None:
        fields = value.fields(required=('name', 'path', 'kind'), optional=optional)
        kind = fields['kind'].choice(MoverKind)
    else:
        fields = value.fields(required=('name', 'path'), optional=(*optional, 'looks'))
    steps = tuple(map(_step, fields['path'].sequence()))
    if not steps:
        fields['path'].fail('is empty, expected at least one step')
    return Mover(
        _name(fields), kind, steps,
        loop=fields['loop'].boolean() if 'loop' in fields else False,
        count=_number(fields, 'count', 1.0, low=1.0, high=100.0),
        scatter_m=_number(fields, 'scatter_m', 0.0, low=0.0, high=100.0),
        when=_when(fields['when']) if 'when' in fields else None,
        looks=_looks(fields['looks']) if 'looks' in fields else Appearance(),
        report=_report(fields))


def _step(value: YamlValue) -> Step:
    fields = value.fields(required=('at',), optional=('z_m', 'speed_m_s', 'in_s', 'wait_s'))
    if 'speed_m_s' in fields and 'in_s' in fields:
        fields['in_s'].fail("a step has a 'speed_m_s' or takes 'in_s', not both")
    plain = Step(place(fields['at']))
    return Step(
        plain.place, _number(fields, 'z_m', 0.0, low=-100.0, high=1000.0),
        _number(fields, 'speed_m_s', plain.speed_m_s, low=0.01, high=100.0),
        number(fields['in_s'], low=0.01, high=86400.0) if 'in_s' in fields else None,
        _number(fields, 'wait_s', 0.0, low=0.0, high=86400.0))


def _when(value: YamlValue) -> When:
    fields = value.fields(optional=('robot_within_m', 'then_beyond_m', 'after_s', 'hidden', 'of'))
    plain = When()
    within = _number(fields, 'robot_within_m', plain.robot_within_m, low=0.0, high=1e4)
    beyond = number(fields['then_beyond_m'], low=0.0, high=1e4) if 'then_beyond_m' in fields else None
    if beyond is not None and bounds(beyond)[0] <= bounds(within)[1]:
        fields['then_beyond_m'].fail(
            f"can be {bounds(beyond)[0]:g}, expected more than 'robot_within_m' ({bounds(within)[1]:g}): or the robot "
            'is both as soon as it comes')
    return When(
        within, beyond,
        _number(fields, 'after_s', 0.0, low=0.0, high=86400.0),
        fields['hidden'].boolean() if 'hidden' in fields else plain.hidden,
        place(fields['of']) if 'of' in fields else None)


def _looks(value: YamlValue) -> Appearance:
    fields = value.fields(optional=('height_m', 'clothing', 'skin'))
    return Appearance(
        number(fields['height_m'], low=0.5, high=2.5) if 'height_m' in fields else None,
        word(fields['clothing'], CLOTHING) if 'clothing' in fields else None,
        word(fields['skin'], SKINS) if 'skin' in fields else None)


def _thing(value: YamlValue) -> Thing:
    fields = value.fields(required=('name', 'at', 'size_m', 'colour'), optional=('turn_deg', 'report'))
    sizes = fields['size_m'].sequence()
    if len(sizes) != 3:
        fields['size_m'].fail(f'has {len(sizes)} members, expected [along, across, up]')
    along, across, up = (number(size, low=0.01, high=100.0) for size in sizes)
    return Thing(_name(fields), place(fields['at']), (along, across, up), colour(fields['colour']),
                 _number(fields, 'turn_deg', 0.0, low=-360.0, high=360.0), _report(fields))


def _cut(value: YamlValue) -> FenceCut:
    fields = value.fields(required=('name', 'at'), optional=('hole_m', 'report'))
    hole = number(fields['hole_m'], low=0.05, high=100.0) if 'hole_m' in fields else None
    return FenceCut(_name(fields), place(fields['at']), hole, _report(fields))


def _gates(value: YamlValue) -> GateOpen | OneOf[GateOpen]:
    """Return a gate, or gates one of which is open."""
    if value.is_mapping and 'one_of' in dict(value.items()):
        options = value.fields(required=('one_of',))['one_of'].sequence()
        if not options:
            value.fail("'one_of' is empty, expected gates")
        return OneOf(tuple(map(_gate, options)))
    return _gate(value)


def _gate(value: YamlValue) -> GateOpen:
    fields = value.fields(required=('name', 'gate'), optional=('swing_deg', 'slide_m', 'report'))
    if ('swing_deg' in fields) == ('slide_m' in fields):
        value.fail("an open gate is either swung ('swing_deg') or slid ('slide_m')")
    return GateOpen(
        _name(fields), word(fields['gate']),
        number(fields['swing_deg'], low=-180.0, high=180.0) if 'swing_deg' in fields else None,
        number(fields['slide_m'], low=-100.0, high=100.0) if 'slide_m' in fields else None, _report(fields))


def _removal(value: YamlValue) -> Removal:
    fields = value.fields(required=('name', 'model'), optional=('at', 'report'))
    return Removal(
        _name(fields), word(fields['model']), place(fields['at']) if 'at' in fields else None, _report(fields))


def _cover(value: YamlValue) -> CameraCover:
    fields = value.fields(required=('name', 'from_s'), optional=('level', 'report'))
    return CameraCover(_name(fields), number(fields['from_s'], low=0.0, high=86400.0),
                       _number(fields, 'level', 12.0, low=0.0, high=255.0), _report(fields))


def _light(value: YamlValue) -> Sunlight:
    fields = value.fields(optional=(
        'azimuth_deg', 'elevation_deg', 'sun', 'ambient', 'sky', 'warmth', 'glare', 'headlight_m'))
    if ('azimuth_deg' in fields) != ('elevation_deg' in fields):
        value.fail("'azimuth_deg' and 'elevation_deg' belong together")
    bounds = {'azimuth_deg': (-360.0, 360.0), 'elevation_deg': (-10.0, 90.0), 'headlight_m': (0.5, 200.0)}
    drawn = {key: number(each, low=bounds.get(key, (0.0, 1.0))[0], high=bounds.get(key, (0.0, 1.0))[1])
             for key, each in fields.items() if key != 'sky'}
    return Sunlight(
        azimuth_deg=drawn.get('azimuth_deg'), elevation_deg=drawn.get('elevation_deg'), sun=drawn.get('sun'),
        ambient=drawn.get('ambient'), sky=colour(fields['sky']) if 'sky' in fields else None,
        warmth=drawn.get('warmth', 0.0), glare=drawn.get('glare', 0.0), headlight_m=drawn.get('headlight_m'))


def _rain(value: YamlValue) -> RainFall:
    fields = value.fields(required=('share',), optional=('nearest_m', 'farthest_m', 'streaks'))
    plain = RainFall(0.0)
    nearest = fields['nearest_m'].number(low=0.1, high=100.0) if 'nearest_m' in fields else plain.nearest_m
    farthest = fields['farthest_m'].number(low=0.1, high=100.0) if 'farthest_m' in fields else plain.farthest_m
    if nearest > farthest:
        value.fail(f"'nearest_m' ({nearest:g}) is farther than 'farthest_m' ({farthest:g})")
    return RainFall(number(fields['share'], low=0.0, high=1.0), nearest, farthest,
                    _number(fields, 'streaks', plain.streaks, low=0.0, high=10000.0))


def _each(fields: Fields, key: str, read: Callable[[YamlValue], T]) -> tuple[T, ...]:
    return tuple(map(read, fields[key].sequence())) if key in fields else ()


def _number(fields: Fields, key: str, default: Number, *, low: float, high: float) -> Number:
    return number(fields[key], low=low, high=high) if key in fields else default


def _report(fields: Fields) -> Report | None:
    return report(fields['report']) if 'report' in fields else None


def _name(fields: Fields) -> str:
    name = fields['name'].text()
    if not name.isidentifier():
        fields['name'].fail(f'is {name!r}; a name is one word of letters, digits and _')
    return name


def _check_names(scenario: Scenario, fields: Fields) -> None:
    seen: set[str] = set()
    gates = [gate for each in scenario.gates for gate in (each.options if isinstance(each, OneOf) else (each,))]
    names = {
        'people': [each.name for each in scenario.movers], 'things': [each.name for each in scenario.things],
        'fence': [each.name for each in scenario.cuts], 'gates': [each.name for each in gates],
        'removed': [each.name for each in scenario.removals], 'camera': [each.name for each in scenario.covers]}
    for key, group in names.items():
        for name in group:
            if name in seen:
                fields[key if key in fields else 'animals'].fail(
                    f'there are two things called {name!r}; each needs a name of its own')
            seen.add(name)

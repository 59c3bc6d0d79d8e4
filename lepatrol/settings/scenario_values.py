"""The values of scenario files: plain ones, and those left to chance (``{between: [a, b]}``, ``{one_of: [...]}``)."""

from __future__ import annotations

import math
import re

from lepatrol.model.alerts import AlertKind
from lepatrol.model.scenario import Between, Colour, Number, OneOf, Place, Report, Rgb, Word
from lepatrol.settings.yaml_file import YamlValue

_TIME = re.compile(r'([01]\d|2[0-3]):([0-5]\d)')
_DAY_MIN = 1440


def number(value: YamlValue, *, low: float = -math.inf, high: float = math.inf) -> Number:
    """Return a number within inclusive bounds, or how to draw one.

    :raises FileError: naming file, line, key and what would be right, as all of these do.
    """
    if not value.is_mapping:
        return value.number(low=low, high=high)
    kind, members = _chance(value)
    if kind == 'one_of':
        return OneOf(tuple(number(member, low=low, high=high) for member in members))
    least, most = (member.number(low=low, high=high) for member in _two(value, members))
    if least > most:
        value.fail(f'is between {least:g} and {most:g}; the lower one comes first')
    return Between(least, most)


def bounds(drawn: Number) -> tuple[float, float]:
    """Return the least and the greatest value that can be drawn."""
    if isinstance(drawn, Between):
        return drawn.low, drawn.high
    if isinstance(drawn, OneOf):
        lows, highs = zip(*map(bounds, drawn.options), strict=True)
        return min(lows), max(highs)
    return drawn, drawn


def word(value: YamlValue, known: tuple[str, ...] = ()) -> Word:
    """Return a text, one of the known where there are any, or which to draw one of."""
    if value.is_mapping:
        kind, members = _chance(value)
        if kind != 'one_of':
            value.fail("texts are drawn with 'one_of'")
        return OneOf(tuple(_word(member, known) for member in members))
    return _word(value, known)


def colour(value: YamlValue) -> Colour:
    """Return a colour [red, green, blue] in 0..1, or which to draw one of."""
    if value.is_mapping:
        kind, members = _chance(value)
        if kind != 'one_of':
            value.fail("colours are drawn with 'one_of'")
        return OneOf(tuple(map(_rgb, members)))
    return _rgb(value)


def time_of_day(value: YamlValue) -> Number:
    """Return a time 'HH:MM' in minutes since midnight, or how to draw one; a window may go over midnight."""
    if not value.is_mapping:
        return _minutes(value)
    kind, members = _chance(value)
    if kind == 'one_of':
        return OneOf(tuple(map(time_of_day, members)))
    start, end = map(_minutes, _two(value, members))
    return Between(start, end if end >= start else end + _DAY_MIN)


def place(value: YamlValue) -> Place:
    """Return a place: exactly one of ``position``, ``along`` (with ``at_m``) and ``from_spot_m``, and what it is off.

    ``off_route_m`` is to the left of the route, ``off_fence_m`` outwards from the site's perimeter line.
    """
    fields = value.fields(optional=('position', 'along', 'at_m', 'from_spot_m', 'off_route_m', 'off_fence_m'))
    given = [key for key in ('position', 'along', 'from_spot_m') if key in fields]
    if len(given) != 1:
        value.fail("a place is exactly one of 'position' ([x, y]), 'along' (a route, with 'at_m') and 'from_spot_m'")
    if ('along' in fields) != ('at_m' in fields):
        value.fail("'along' and 'at_m' belong together")
    if 'position' in fields:
        for key in ('off_route_m', 'off_fence_m'):
            if key in fields:
                fields[key].fail("a place given by its 'position' is not off anything")
        x, y = _two(fields['position'], fields['position'].sequence())
        return Place(position_m=(number(x), number(y)))
    at = fields['at_m'] if 'along' in fields else fields['from_spot_m']
    return Place(
        route=fields['along'].text() if 'along' in fields else '', at_m=number(at),
        off_route_m=number(fields['off_route_m']) if 'off_route_m' in fields else 0.0,
        off_fence_m=number(fields['off_fence_m']) if 'off_fence_m' in fields else None)


def report(value: YamlValue) -> Report:
    """Return what ought to be reported: a list of kinds of alerts, or that as ``kinds`` with limits."""
    if not value.is_mapping:
        return Report(_kinds(value))
    fields = value.fields(required=('kinds',), optional=('within_m', 'for_s', 'due_s'))
    plain = Report(_kinds(fields['kinds']))
    return Report(
        plain.kinds,
        fields['within_m'].number(low=0.0, high=1e4) if 'within_m' in fields else plain.within_m,
        fields['for_s'].number(low=0.0, high=1e5) if 'for_s' in fields else plain.for_s,
        fields['due_s'].number(low=0.0, high=1e5) if 'due_s' in fields else plain.due_s)


def _kinds(value: YamlValue) -> tuple[AlertKind, ...]:
    kinds = tuple(member.choice(AlertKind) for member in value.sequence())
    if not kinds:
        value.fail('is empty, expected at least one kind of alert; leave the report out where none is due')
    return kinds


def _chance(value: YamlValue) -> tuple[str, list[YamlValue]]:
    fields = value.fields(optional=('between', 'one_of'))
    if len(fields) != 1:
        value.fail("a value left to chance is exactly one of 'between' ([low, high]) and 'one_of' (a list)")
    (kind, members), = fields.items()
    options = members.sequence()
    if not options:
        members.fail('is empty, expected what to draw from')
    return kind, options


def _two(value: YamlValue, members: list[YamlValue]) -> tuple[YamlValue, YamlValue]:
    if len(members) != 2:
        value.fail(f'has {len(members)} members, expected 2')
    return members[0], members[1]


def _word(value: YamlValue, known: tuple[str, ...]) -> str:
    text = value.text()
    if known and text not in known:
        value.fail(f'is {text!r}, expected one of {", ".join(known)}')
    return text


def _rgb(value: YamlValue) -> Rgb:
    red, green, blue = value.numbers(3)
    if not all(0.0 <= part <= 1.0 for part in (red, green, blue)):
        value.fail('is no colour; red, green and blue are from 0 to 1')
    return red, green, blue


def _minutes(value: YamlValue) -> float:
    match = _TIME.fullmatch(str(value.plain()))
    if not match:
        value.fail(f"is {value.plain()!r}, expected a time of day in quotes, such as '22:30'")
    return 60.0 * int(match[1]) + int(match[2])

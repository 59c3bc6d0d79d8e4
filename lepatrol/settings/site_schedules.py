"""The section ``schedules`` of a site file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from lepatrol.model.patrol_schedule import (
    WEEKDAYS,
    Blackout,
    Days,
    Interval,
    Overlap,
    PatrolSchedule,
    RouteOrder,
)
from lepatrol.model.site import Hours, Route
from lepatrol.settings.yaml_file import YamlValue

_TIME = re.compile(r'([01]\d|2[0-3]):([0-5]\d)')
_WINDOW = re.compile(rf'{_TIME.pattern}-{_TIME.pattern}')
_DATES = re.compile(r'(\d{4}-\d\d-\d\d)(?:\.\.(\d{4}-\d\d-\d\d))?')
_DAY_MIN = 24 * 60


def read_schedules(value: YamlValue, routes: Mapping[str, Route]) -> tuple[PatrolSchedule, ...]:
    """Return the schedules in the order that they are written in."""
    return tuple(_schedule(name, member, routes) for name, member in value.items())


def _schedule(name: str, value: YamlValue, routes: Mapping[str, Route]) -> PatrolSchedule:
    fields = value.fields(required=('routes',), optional=(
        'at', 'every', 'days', 'blackouts', 'rounds', 'overlap', 'order', 'latest_min'))
    if not name or any(character.isspace() for character in name):
        value.fail('a name is one word, so that it can be said in a parameter')
    if 'at' not in fields and 'every' not in fields:
        value.fail("never starts; expected 'at' with times such as ['22:00'], 'every' with minutes, or both")
    return PatrolSchedule(
        name, _routes(fields['routes'], routes),
        at=tuple(sorted({_minute(member) for member in fields['at'].sequence()})) if 'at' in fields else (),
        interval=_interval(fields['every']) if 'every' in fields else None,
        days=_days(fields['days']) if 'days' in fields else Days(),
        blackouts=tuple(map(_blackout, fields['blackouts'].sequence())) if 'blackouts' in fields else (),
        rounds=fields['rounds'].integer(low=1, high=1000) if 'rounds' in fields else 1,
        overlap=fields['overlap'].choice(Overlap) if 'overlap' in fields else Overlap.SKIP,
        order=fields['order'].choice(RouteOrder) if 'order' in fields else RouteOrder.LISTED,
        latest_s=60.0 * (fields['latest_min'].number(low=1.0, high=_DAY_MIN) if 'latest_min' in fields else 60.0))


def _routes(value: YamlValue, routes: Mapping[str, Route]) -> tuple[str, ...]:
    members = value.sequence()
    if not members:
        value.fail('is empty, expected at least one route')
    names: list[str] = []
    for member in members:
        name = member.text()
        if name not in routes:
            member.fail(f'there is no route {name!r}; known are: {", ".join(routes) or "none"}')
        if name in names:
            member.fail(f'the route {name!r} stands twice; rounds says how often it is walked')
        if names and routes[name].medium is not routes[names[0]].medium:
            member.fail(f'the route {name!r} is for another kind of robot than {names[0]!r}; one robot walks all of a '
                        'schedule')
        names.append(name)
    return tuple(names)


def _minute(value: YamlValue) -> int:
    match = _TIME.fullmatch(value.written())
    if not match:
        value.fail(f"is {value.written()!r}, expected a local time such as '22:30'")
    return 60 * int(match[1]) + int(match[2])


def _hours(value: YamlValue) -> Hours:
    match = _WINDOW.fullmatch(value.written())
    if not match:
        value.fail(f"is {value.written()!r}, expected a window of local time such as '22:00-06:00'")
    hours = Hours(60 * int(match[1]) + int(match[2]), 60 * int(match[3]) + int(match[4]))
    if hours.start_min == hours.end_min:
        value.fail('is over when it begins; leave it out for the whole day')
    return hours


def _interval(value: YamlValue) -> Interval:
    fields = value.fields(required=('minutes',), optional=('between',))
    minutes = fields['minutes'].number(low=1.0, high=_DAY_MIN)
    return Interval(60.0 * minutes, _hours(fields['between']) if 'between' in fields else None)


def _days(value: YamlValue) -> Days:
    weekdays: set[int] = set()
    spans: list[tuple[date, date]] = []
    members = value.sequence()
    if not members:
        value.fail('is empty; leave it out for every day')
    for member in members:
        word = member.written()
        if word in WEEKDAYS:
            weekdays.add(WEEKDAYS.index(word))
            continue
        match = _DATES.fullmatch(word)
        if not match:
            member.fail(f'is {word!r}, expected one of {", ".join(WEEKDAYS)}, a date such as 2026-12-24, or a span '
                        'such as 2026-12-24..2026-12-26')
        try:
            first = date.fromisoformat(match[1])
            last = date.fromisoformat(match[2]) if match[2] else first
        except ValueError as error:
            member.fail(f'is {word!r}, which is no date: {error}')
        if last < first:
            member.fail(f'is {word!r}, which ends before it begins')
        spans.append((first, last))
    return Days(frozenset(weekdays), tuple(spans))


def _blackout(value: YamlValue) -> Blackout:
    fields = value.fields(optional=('days', 'hours'))
    if not fields:
        value.fail("is empty; expected 'hours', 'days' or both")
    return Blackout(
        _days(fields['days']) if 'days' in fields else Days(), _hours(fields['hours']) if 'hours' in fields else None)

"""Knowledge files: ``config/knowledge/NAME.yaml`` to Knowledge, checked as a whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

from lepatrol.model.errors import LepatrolError
from lepatrol.model.knowledge import Fact, Knowledge, Place, Schedule, Withheld
from lepatrol.model.site import Hours
from lepatrol.settings.language_file import WEEKDAYS, read_month_day, read_saying
from lepatrol.settings.site_words import read_hours
from lepatrol.settings.yaml_file import YamlValue, read_yaml

_DATE = re.compile(r'\d{4}-\d\d-\d\d')
_NAME = re.compile(r'[a-z][a-z0-9_]*')
_MOST_DAYS = 365


def read_knowledge(
    path: Path, waypoints_of: Callable[[str], Collection[str]], known_languages: Collection[str],
) -> Knowledge:
    """Read a knowledge file.

    ``waypoints_of`` a site (by its name) are those that places may lie at; it raises LepatrolError where there is no
    such site. ``known_languages`` are the codes of the languages that have a file.

    :raises FileError: naming file, line, key and what would be right.
    """
    fields = read_yaml(path).fields(
        required=('site', 'languages', 'transcripts_kept_days', 'welcome', 'facts'),
        optional=('calendar', 'places', 'withheld'))
    site = fields['site'].text()
    try:
        waypoints = waypoints_of(site)
    except LepatrolError as error:
        fields['site'].fail(str(error))
    languages = _languages(fields['languages'], known_languages)
    schedules = {name: _schedule(name, value, languages) for name, value in _named(fields.get('calendar'))}
    names: set[str] = set()
    for section in ('facts', 'places', 'withheld'):
        for name, value in _named(fields.get(section)):
            if name in names:
                value.fail(f'the name {name!r} is taken by another fact, place or withheld subject')
            names.add(name)
    return Knowledge(
        site=site,
        languages=languages,
        transcripts_kept_days=_kept_days(fields['transcripts_kept_days']),
        welcome={code: text.text() for code, text in fields['welcome'].fields(required=languages).items()},
        schedules=schedules,
        places={name: _place(name, value, languages, waypoints) for name, value in _named(fields.get('places'))},
        facts={name: _fact(name, value, languages, schedules) for name, value in _named(fields['facts'])},
        withheld={name: _withheld(name, value, languages) for name, value in _named(fields.get('withheld'))})


def _named(value: YamlValue | None) -> list[tuple[str, YamlValue]]:
    members = list(value.items()) if value else []
    for name, member in members:
        if not _NAME.fullmatch(name):
            member.fail(f'{name!r} is no name; small letters, digits and _ will do, the first a letter')
    return members


def _languages(value: YamlValue, known: Collection[str]) -> tuple[str, ...]:
    codes = value.words()
    if not codes:
        value.fail('is empty; name at least one language')
    for code, member in zip(codes, value.sequence(), strict=True):
        if code not in known:
            member.fail(f'there is no language file {code}.yaml; known languages are: {", ".join(sorted(known))}')
    return codes


def _kept_days(value: YamlValue) -> int:
    days = value.integer(low=0, high=_MOST_DAYS)
    if days == 1:
        value.fail(f'is 1, expected 0 (nothing is kept) or 2 to {_MOST_DAYS}: sentences speak of days')
    return days


def _schedule(name: str, value: YamlValue, languages: Sequence[str]) -> Schedule:
    fields = value.fields(required=('label', 'weekly'), optional=('closed', 'exceptions'))
    weekly = fields['weekly'].fields(optional=WEEKDAYS)
    each_year: set[tuple[int, int]] = set()
    exceptions: dict[date, tuple[Hours, ...]] = {}
    for member in fields['closed'].sequence() if 'closed' in fields else ():
        written = member.written()
        if _DATE.fullmatch(written):
            exceptions[_date(member, written)] = ()
        else:
            each_year.add(read_month_day(member, written))
    for written, member in fields['exceptions'].items() if 'exceptions' in fields else ():
        exceptions[_date(member, written)] = _windows(member)
    return Schedule(
        name, {code: text.text() for code, text in fields['label'].fields(required=languages).items()},
        tuple(_windows(weekly.get(day)) for day in WEEKDAYS), frozenset(each_year), exceptions)


def _windows(value: YamlValue | None) -> tuple[Hours, ...]:
    """Return a day's windows, which follow one another within the day."""
    hours = read_hours(value)
    bounds = [minute for window in hours for minute in (window.start_min, window.end_min)]
    if value and any(earlier >= later for earlier, later in pairwise(bounds)):
        value.fail('windows must follow one another within the day: the earlier first, none beyond midnight')
    return hours


def _date(value: YamlValue, written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        value.fail(f"is {written!r}, expected a date such as '2026-12-24'")


def _place(name: str, value: YamlValue, languages: Sequence[str], waypoints: Collection[str]) -> Place:
    fields = value.fields(required=('path', *languages), optional=('enter',))
    path = fields['path'].words()
    for waypoint, member in zip(path, fields['path'].sequence(), strict=True):
        if waypoint not in waypoints:
            member.fail(f'is {waypoint!r}, which is no waypoint of the site; known are: {", ".join(waypoints)}')
    if not path:
        fields['path'].fail('is empty; name the waypoints on the way, the place itself last')
    texts = {code: fields[code].fields(required=('names', 'way')) for code in languages}
    return Place(
        name, path, {code: _asked(text['names']) for code, text in texts.items()},
        {code: text['way'].text() for code, text in texts.items()},
        fields['enter'].boolean() if 'enter' in fields else True)


def _fact(name: str, value: YamlValue, languages: Sequence[str], schedules: Mapping[str, Schedule]) -> Fact:
    fields = value.fields(required=languages, optional=('schedule',))
    schedule = fields['schedule'].text() if 'schedule' in fields else ''
    if schedule and schedule not in schedules:
        fields['schedule'].fail(
            f'is {schedule!r}, expected a name of the calendar: {", ".join(schedules) or "it has none"}')
    return Fact(name, {code: read_saying(fields[code]) for code in languages}, schedule)


def _withheld(name: str, value: YamlValue, languages: Sequence[str]) -> Withheld:
    fields = value.fields(required=languages, optional=('note',))
    return Withheld(
        name, {code: _asked(fields[code].fields(required=('ask',))['ask']) for code in languages},
        fields['note'].text() if 'note' in fields else '')


def _asked(value: YamlValue) -> tuple[str, ...]:
    words = value.words()
    if not words:
        value.fail('is empty; give at least one')
    return words

"""Visitor lists: ``config/visitors/NAME.yaml`` to VisitorList, checked as a whole."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from lepatrol.model.knowledge import Language
from lepatrol.model.visitors import NEEDS, Badge, VisitorList
from lepatrol.settings.yaml_file import YamlValue, read_yaml

BADGE_ID = re.compile(r'[A-Za-z0-9][A-Za-z0-9:_-]{3,63}')
_NAME = re.compile(r"[^\W\d_][\w .,'\u2019-]{0,79}")
_TIME = '%Y-%m-%d %H:%M'
_MOST_USES = 100


def read_visitors(path: Path, known_languages: Collection[Language]) -> VisitorList:
    """Read a visitor list.

    :raises FileError: naming file, line, key and what would be right.
    """
    fields = read_yaml(path).fields(required=('visitors',))
    badges: dict[str, Badge] = {}
    for member in fields['visitors'].sequence():
        badge = _badge(member, known_languages)
        if badge.badge_id in badges:
            member.fail(f'the badge {badge.badge_id!r} is on the list twice')
        badges[badge.badge_id] = badge
    return VisitorList(badges)


def _badge(value: YamlValue, known_languages: Collection[Language]) -> Badge:
    fields = value.fields(
        required=('badge', 'name', 'valid_from', 'valid_until'),
        optional=('host', 'appointment', 'language', 'needs', 'uses', 'revoked', 'staff'))
    badge_id = fields['badge'].written()
    if not BADGE_ID.fullmatch(badge_id):
        fields['badge'].fail(f'is {badge_id!r:.80}, expected 4 to 64 letters, digits and - _ :, such as LP-4F7K-22')
    language = fields['language'].written() if 'language' in fields else ''
    if language and language not in known_languages:
        fields['language'].fail(f'is {language!r}, expected one of {", ".join(sorted(known_languages))}')
    needs = fields['needs'].words() if 'needs' in fields else ()
    for need in needs:
        if need not in NEEDS:
            fields['needs'].fail(f'{need!r} is unknown, expected of {", ".join(NEEDS)}')
    begins, ends = _time(fields['valid_from']), _time(fields['valid_until'])
    if begins >= ends:
        fields['valid_until'].fail(f'is {ends:{_TIME}}, expected a time after valid_from, {begins:{_TIME}}')
    return Badge(
        badge_id=badge_id, name=_person(fields['name']), valid_from=begins, valid_until=ends,
        host=_person(fields['host']) if 'host' in fields else '',
        appointment=_time(fields['appointment']) if 'appointment' in fields else None,
        language=language, needs=needs,
        uses=fields['uses'].integer(low=1, high=_MOST_USES) if 'uses' in fields else 1,
        revoked=fields['revoked'].boolean() if 'revoked' in fields else False,
        staff=fields['staff'].boolean() if 'staff' in fields else False)


def _person(value: YamlValue) -> str:
    """Return a name: it is said aloud, so it can be nothing but a name."""
    name = value.text()
    if not _NAME.fullmatch(name):
        value.fail(f'is {name!r:.100}, expected a name of at most 80 letters')
    return name


def _time(value: YamlValue) -> datetime:
    written = value.written()
    try:
        return datetime.strptime(written, _TIME)
    except ValueError:
        value.fail(f"is {written!r}, expected a local date and time such as '2026-11-18 10:00'")

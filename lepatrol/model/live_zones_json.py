"""Zones that come up as JSON, on topics and on disk, checked when it is read."""

from __future__ import annotations

import json
from typing import Any

from .live_zones import LIVE_KINDS, LONGEST_NAME, MOST_CORNERS, MOST_KNOWN, LiveZone, LiveZones
from .plain import finite, member, named, number, typed
from .zones import Medium, Point2, Zone, ZoneKind, fault_of

_LONGEST = 16_000_000
_FASTEST_M_S = 100.0


def live_zones_to_json(zones: LiveZones) -> str:
    """Return all that is known as one line; the same for the same knowledge."""
    return json.dumps({'zones': [_to_plain(each) for each in zones.known.values()]})


def live_zones_from_json(text: str) -> LiveZones:
    """Return what a text tells.

    :raises ValueError: naming the zone, the key and what would be right.
    """
    if len(text) > _LONGEST:
        raise ValueError(f'the text has {len(text)} characters, at most {_LONGEST} are read')
    try:
        plain = json.loads(text)
    except RecursionError as error:
        raise ValueError('is nested too deeply') from error
    zones = member(typed(plain, dict, 'the text'), 'zones', list)
    if len(zones) > MOST_KNOWN:
        raise ValueError(f'there are {len(zones)} zones, at most {MOST_KNOWN} are taken')
    return LiveZones.of(_from_plain(typed(each, dict, f'zones[{i}]')) for i, each in enumerate(zones))


def _to_plain(live: LiveZone) -> dict[str, Any]:
    zone = live.zone
    plain: dict[str, Any] = {
        'name': zone.name, 'kind': zone.kind.value, 'polygon': [list(corner) for corner in zone.polygon],
        'stamp_s': live.stamp_s, 'by': live.by, 'reason': live.reason, 'lifted': live.lifted}
    if zone.speed_limit_m_s is not None:
        plain['speed_limit_m_s'] = zone.speed_limit_m_s
    if zone.medium is not None:
        plain['medium'] = zone.medium.value
    return plain


def _from_plain(plain: dict[str, Any]) -> LiveZone:
    name = member(plain, 'name', str)
    try:
        if not 0 < len(name) <= LONGEST_NAME or any(character.isspace() for character in name):
            raise ValueError(f'a name is one word of at most {LONGEST_NAME} characters')
        kind = named(ZoneKind, plain.get('kind'), 'kind')
        if kind not in LIVE_KINDS:
            raise ValueError(f'kind is {kind.value!r}, expected {" or ".join(each.value for each in LIVE_KINDS)}')
        limit = number(plain, 'speed_limit_m_s') if kind is ZoneKind.SLOW else None
        if limit is not None and not 0.0 < limit <= _FASTEST_M_S:
            raise ValueError(f'speed_limit_m_s is {limit:g}, expected more than 0 and at most {_FASTEST_M_S:g}')
        medium = named(Medium, plain['medium'], 'medium') if 'medium' in plain and kind is ZoneKind.KEEP_OUT else None
        zone = Zone(name, kind, _polygon(member(plain, 'polygon', list)), limit, medium=medium)
        return LiveZone(
            zone, number(plain, 'stamp_s'), member(plain, 'by', str), member(plain, 'reason', str),
            member(plain, 'lifted', bool))
    except ValueError as error:
        raise ValueError(f'zone {name[:LONGEST_NAME]!r}: {error}') from error


def _polygon(plain: list[Any]) -> tuple[Point2, ...]:
    if len(plain) > MOST_CORNERS:
        raise ValueError(f'polygon has {len(plain)} corners, at most {MOST_CORNERS} are taken')
    corners: list[Point2] = []
    for corner in plain:
        if not isinstance(corner, list) or len(corner) != 2:
            raise ValueError(f'polygon has the corner {corner!r:.60}, expected two finite numbers')
        corners.append((finite(corner[0], 'a corner of polygon'), finite(corner[1], 'a corner of polygon')))
    if fault := fault_of(corners):
        raise ValueError(f'polygon {fault}')
    return tuple(corners)

"""Alerts as plain data, for JSON lines on disk and key-values on the wire."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from .alerts import Alert, AlertKind, Severity
from .plain import counted, member, named, number, typed
from .site import Point2

FIELDS = tuple(field.name for field in fields(Alert))
"""Every key of a plain alert, in order."""


def alert_to_plain(alert: Alert) -> dict[str, Any]:
    """Return an alert as plain data: enums by their values, the position as [x, y] or None."""
    plain = {name: getattr(alert, name) for name in FIELDS}
    plain |= {
        'kind': alert.kind.value, 'severity': alert.severity.value, 'evidence': list(alert.evidence),
        'position_m': None if alert.position_m is None else list(alert.position_m)}
    return plain


def alert_from_plain(plain: Any) -> Alert:
    """Return the alert that :func:`alert_to_plain` wrote; every field must be there, and no other.

    :raises ValueError: naming the first value that is missing, wrong or unknown.
    """
    mapping = typed(plain, dict, 'alert')
    for key in mapping:
        if key not in FIELDS:
            raise ValueError(f'{key!r} is unknown; an alert has: {", ".join(FIELDS)}')
    return Alert(
        alert_id=_word(mapping, 'alert_id'),
        kind=named(AlertKind, member(mapping, 'kind', str), 'kind'),
        about=member(mapping, 'about', str),
        severity=named(Severity, member(mapping, 'severity', str), 'severity'),
        confidence=_bounded(mapping, 'confidence', high=1.0),
        position_m=_place(mapping, 'position_m'),
        deviation_m=_bounded(mapping, 'deviation_m'),
        zone=member(mapping, 'zone', str),
        first_seen_s=number(mapping, 'first_seen_s'),
        last_seen_s=number(mapping, 'last_seen_s'),
        robot=member(mapping, 'robot', str),
        rule=member(mapping, 'rule', str),
        sentence=member(mapping, 'sentence', str),
        evidence=tuple(typed(name, str, 'evidence') for name in member(mapping, 'evidence', list)),
        updates=counted(mapping, 'updates'))


def _word(mapping: dict[str, Any], key: str) -> str:
    text = str(member(mapping, key, str))
    if not text:
        raise ValueError(f'{key} is empty')
    return text


def _bounded(mapping: dict[str, Any], key: str, high: float = float('inf')) -> float:
    value = number(mapping, key)
    if not 0.0 <= value <= high:
        raise ValueError(f'{key} is {value!r}, expected from 0 to {high:g}')
    return value


def _place(mapping: dict[str, Any], key: str) -> Point2 | None:
    if key not in mapping:
        raise ValueError(f'{key} is missing')
    if mapping[key] is None:
        return None
    place = typed(mapping[key], list, key)
    if len(place) != 2:
        raise ValueError(f'{key} is {place!r}, expected x and y, or nothing')
    return number({key: place[0]}, key), number({key: place[1]}, key)

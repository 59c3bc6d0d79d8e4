"""Cases as plain data, for the file they are kept in and for the wire."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from .alerts import Severity
from .cases import Case, CaseState
from .plain import member, named, number, typed
from .policy import Response

FIELDS = tuple(field.name for field in fields(Case))
_TEXTS = ('case_id', 'kind', 'reason', 'sentence', 'zone', 'about', 'by', 'notice', 'level')
_NUMBERS = ('since_s', 'stamp_s', 'first_seen_s', 'last_seen_s')


def case_to_plain(case: Case) -> dict[str, Any]:
    """Return a case as plain data: enums by their values, the position as [x, y] or None."""
    plain = {name: getattr(case, name) for name in FIELDS}
    return plain | {
        'response': case.response.value, 'state': case.state.value, 'severity': case.severity.value,
        'evidence': list(case.evidence), 'position_m': None if case.position_m is None else list(case.position_m)}


def case_from_plain(plain: Any) -> Case:
    """Return the case that :func:`case_to_plain` wrote; every field must be there, and no other.

    :raises ValueError: naming the first value that is missing, wrong or unknown.
    """
    mapping = typed(plain, dict, 'case')
    for key in mapping:
        if key not in FIELDS:
            raise ValueError(f'{key!r} is unknown; a case has: {", ".join(FIELDS)}')
    values: dict[str, Any] = {key: member(mapping, key, str) for key in _TEXTS}
    if not values['case_id']:
        raise ValueError('case_id is empty')
    values |= {key: number(mapping, key) for key in _NUMBERS}
    position, stand_off = (_given(mapping, key) for key in ('position_m', 'stand_off_m'))
    if position is not None:
        pair = typed(position, list, 'position_m')
        if len(pair) != 2:
            raise ValueError(f'position_m is {pair!r}, expected x and y, or nothing')
        position = (number({'position_m': pair[0]}, 'position_m'), number({'position_m': pair[1]}, 'position_m'))
    return Case(
        **values, response=named(Response, member(mapping, 'response', str), 'response'),
        state=named(CaseState, member(mapping, 'state', str), 'state'),
        severity=named(Severity, member(mapping, 'severity', str), 'severity'), position_m=position,
        stand_off_m=None if stand_off is None else number(mapping, 'stand_off_m'),
        may_come_near=member(mapping, 'may_come_near', bool),
        evidence=tuple(typed(name, str, 'evidence') for name in member(mapping, 'evidence', list)))


def _given(mapping: dict[str, Any], key: str) -> Any:
    if key not in mapping:
        raise ValueError(f'{key} is missing')
    return mapping[key]


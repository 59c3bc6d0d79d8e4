"""Messages of a hand-over as the text that a topic carries: one JSON object that says which it is by its only key."""

from __future__ import annotations

import json
from typing import Any

from .case_json import case_from_plain, case_to_plain
from .errors import ObservationError
from .handover import Answer, Award, HandOverMessage, Offer
from .plain import finite, member, number, typed
from .site import Point2

_LONGEST = 100_000
_LONGEST_NAME = 200
_FIELDS = {
    'offer': ('case', 'position_m', 'velocity_m_s', 'from'), 'answer': ('case_id', 'robot', 'distance_m'),
    'award': ('case_id', 'to')}


def text_from_handover(message: HandOverMessage) -> str:
    """Write a message.

    :raises ObservationError: for one with a number that is not finite.
    """
    try:
        return json.dumps(_plain(message), allow_nan=False)
    except ValueError:
        raise ObservationError('a hand-over has a number that is not finite') from None


def handover_from_text(text: str) -> HandOverMessage:
    """Read what :func:`text_from_handover` wrote; every field must be there, and no other.

    :raises ObservationError: naming the first value that is missing, wrong or unknown.
    """
    if len(text) > _LONGEST:
        raise ObservationError(f'hand-over: has {len(text)} characters, expected at most {_LONGEST}')
    try:
        return _message(typed(json.loads(text), dict, 'the message'))
    except RecursionError:
        raise ObservationError('hand-over: is nested too deeply') from None
    except ValueError as error:
        raise ObservationError(f'hand-over: {error}') from None


def _plain(message: HandOverMessage) -> dict[str, Any]:
    if isinstance(message, Offer):
        return {'offer': {
            'case': case_to_plain(message.case), 'position_m': list(message.position_m),
            'velocity_m_s': list(message.velocity_m_s), 'from': message.sender}}
    if isinstance(message, Answer):
        return {'answer': {
            'case_id': message.case_id, 'robot': message.robot, 'distance_m': message.distance_m}}
    return {'award': {'case_id': message.case_id, 'to': message.to}}


def _message(plain: dict[str, Any]) -> HandOverMessage:
    if len(plain) != 1 or not set(plain) <= set(_FIELDS):
        raise ValueError(f'has the keys {list(plain)!r:.80}, expected one of {", ".join(_FIELDS)}')
    (kind,) = plain
    fields = member(plain, kind, dict)
    for key in fields:
        if key not in _FIELDS[kind]:
            raise ValueError(f'{key!r:.80} is unknown; an {kind} has: {", ".join(_FIELDS[kind])}')
    if kind == 'offer':
        return Offer(case_from_plain(member(fields, 'case', dict)), _pair(fields, 'position_m'),
                     _pair(fields, 'velocity_m_s'), _name(fields, 'from'))
    if kind == 'answer':
        distance_m = number(fields, 'distance_m')
        if distance_m < 0.0:
            raise ValueError(f'distance_m is {distance_m:g}, expected 0 or more')
        return Answer(_name(fields, 'case_id'), _name(fields, 'robot'), distance_m)
    return Award(_name(fields, 'case_id'), _name(fields, 'to'))


def _name(fields: dict[str, Any], key: str) -> str:
    name: str = member(fields, key, str)
    if len(name) > _LONGEST_NAME:
        raise ValueError(f'{key} has {len(name)} characters, expected at most {_LONGEST_NAME}')
    return name


def _pair(fields: dict[str, Any], key: str) -> Point2:
    found = member(fields, key, list)
    if len(found) != 2:
        raise ValueError(f'{key} is {found!r:.80}, expected 2 numbers')
    return finite(found[0], key), finite(found[1], key)

"""Leading a visitor: what the greeter asks for, and how it goes; both also as the JSON that topics carry."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from typing import Any

from .errors import CommandError
from .plain import counted, member, named, number, typed
from .site import Point2

MOST_WAYPOINTS = 64
_MOST_NAME = 64
_MOST_CHARACTERS = 100_000


@dataclass(frozen=True, slots=True)
class LeadOrder:
    """Show the way to a place, the last of some waypoints, and where ``lead`` says so lead the visitor there.

    Without a place he is to be led no farther. ``track_id`` is the track that he is, ``seen_m`` where he was seen last.
    """

    conversation: str
    place: str = ''
    waypoints: tuple[str, ...] = ()
    lead: bool = False
    track_id: int = 0
    seen_m: Point2 = (0.0, 0.0)


class LeadState(Enum):
    """How leading goes."""

    LEADING = 'leading'
    WAITING = 'waiting'
    """The visitor lags behind or is not seen."""
    ARRIVED = 'arrived'
    AT_EDGE = 'at_edge'
    """Visitors may not go on."""
    GIVEN_UP = 'given_up'
    """The visitor did not follow."""
    FAILED = 'failed'
    """The robot cannot go there."""
    ENDED = 'ended'
    """It was called off."""

    @property
    def is_final(self) -> bool:
        """Tell whether it is over."""
        return self not in (LeadState.LEADING, LeadState.WAITING)


@dataclass(frozen=True, slots=True)
class LeadReport:
    """How leading the visitor of a conversation goes; ``reason`` is for the operator."""

    conversation: str
    place: str
    state: LeadState
    reason: str = ''


def text_from_lead(order: LeadOrder) -> str:
    """Write an order."""
    return json.dumps({
        'conversation': order.conversation, 'place': order.place, 'waypoints': list(order.waypoints),
        'lead': order.lead, 'track_id': order.track_id, 'seen_m': list(order.seen_m)}, ensure_ascii=False)


def lead_from_text(text: str) -> LeadOrder:
    """Read what :func:`text_from_lead` wrote.

    :raises CommandError: naming what is missing or wrong.
    """
    fields = _fields(text)
    try:
        waypoints = member(fields, 'waypoints', list)
        if len(waypoints) > MOST_WAYPOINTS:
            raise ValueError(f'waypoints are {len(waypoints)}, expected at most {MOST_WAYPOINTS}')
        return LeadOrder(
            _name(fields, 'conversation'), _name(fields, 'place'),
            tuple(_name({'waypoints': each}, 'waypoints') for each in waypoints), member(fields, 'lead', bool),
            counted(fields, 'track_id'), _point(member(fields, 'seen_m', list), 'seen_m'))
    except ValueError as error:
        raise CommandError(f'lead: {error}') from None


def text_from_lead_report(report: LeadReport) -> str:
    """Write a report."""
    return json.dumps({'conversation': report.conversation, 'place': report.place, 'state': report.state.value,
                       'reason': report.reason}, ensure_ascii=False)


def lead_report_from_text(text: str) -> LeadReport:
    """Read what :func:`text_from_lead_report` wrote.

    :raises CommandError: naming what is missing or wrong.
    """
    fields = _fields(text)
    try:
        return LeadReport(_name(fields, 'conversation'), _name(fields, 'place'),
                          named(LeadState, member(fields, 'state', str), 'state'), member(fields, 'reason', str))
    except ValueError as error:
        raise CommandError(f'lead: {error}') from None


def _fields(text: str) -> dict[str, Any]:
    if len(text) > _MOST_CHARACTERS:
        raise CommandError(f'lead: is {len(text)} characters, expected at most {_MOST_CHARACTERS}')
    try:
        fields: dict[str, Any] = typed(json.loads(text), dict, 'lead')
    except (ValueError, RecursionError) as error:
        raise CommandError(f'lead: {error}') from None
    return fields


def _name(fields: dict[str, Any], key: str) -> str:
    name = str(member(fields, key, str))
    if len(name) > _MOST_NAME or not name.isprintable():
        raise ValueError(f'{key} is {name!r:.80}, expected at most {_MOST_NAME} characters that can be seen')
    return name


def _point(value: Any, key: str) -> Point2:
    if len(typed(value, list, key)) != 2:
        raise ValueError(f'{key} has {value!r:.80}, expected x and y')
    return number({key: value[0]}, key), number({key: value[1]}, key)

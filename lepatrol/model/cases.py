"""Cases: what was found, what is done about it, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .alerts import Severity
from .policy import Response
from .site import Point2

SPOT = 'spot'
"""The kind of a case that no alert began, but an operator who named a place."""


class CaseState(Enum):
    """How a case stands."""

    NOTED = 'noted'
    """It is reported, and nothing else is done."""
    WAITING = 'waiting'
    """The operator is to decide."""
    PENDING = 'pending'
    """The robot is going to see to it, or is at it."""
    CONFIRMED = 'confirmed'
    WITHDRAWN = 'withdrawn'
    """Where something was claimed to be, nothing is."""
    GONE = 'gone'
    """Somebody was there, and is not any more."""
    UNSEEN = 'unseen'
    """The robot could not look."""
    CLOSED = 'closed'
    """It is something that is known, and expected there."""
    INSPECTED = 'inspected'
    """It was looked at from all sides; the operator confirms or changes what the robot takes it for."""
    DISMISSED = 'dismissed'
    """The operator closed it."""

    @property
    def is_open(self) -> bool:
        """Tell whether something is still to be done or decided."""
        return self in (CaseState.WAITING, CaseState.PENDING)


@dataclass(frozen=True, slots=True)
class Case:
    """One finding and what is done about it; its id is the alert's, or ``spot-N`` for a place that was named.

    ``since_s`` is when it was opened, ``stamp_s`` when it last changed. ``reason`` says in words why it is in its
    state, ``by`` whose word that is. ``may_come_near`` is the operator's leave to go into the inner ring. ``level`` is
    what an inspection takes the thing for.
    """

    case_id: str
    kind: str
    response: Response
    state: CaseState
    reason: str
    position_m: Point2 | None
    since_s: float
    stamp_s: float
    severity: Severity = Severity.NOTICE
    sentence: str = ''
    zone: str = ''
    about: str = ''
    first_seen_s: float = 0.0
    last_seen_s: float = 0.0
    by: str = 'robot'
    notice: str = ''
    stand_off_m: float | None = None
    may_come_near: bool = False
    level: str = ''
    evidence: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """Return what it is about as people read it."""
        return self.kind.replace('_', ' ')

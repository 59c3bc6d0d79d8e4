"""The day's visitors, and what comes of a badge that one of them shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from lepatrol.model.knowledge import Language

NEEDS = ('wheelchair', 'walking', 'sight', 'hearing', 'interpreter', 'companion')
"""What a visitor may need."""


@dataclass(frozen=True, slots=True)
class Badge:
    """An entry of the visitor list; all times are the site's local time, without a zone.

    ``uses`` is how often it may be shown on separate occasions; badges of ``staff`` have no such bound.
    """

    badge_id: str
    name: str
    valid_from: datetime
    valid_until: datetime
    host: str = ''
    appointment: datetime | None = None
    language: Language = ''
    needs: tuple[str, ...] = ()
    uses: int = 1
    revoked: bool = False
    staff: bool = False


@dataclass(frozen=True, slots=True)
class VisitorList:
    """The badges that are known, by their ids."""

    badges: Mapping[str, Badge]


class BadgeState(Enum):
    """What a shown badge is worth."""

    GOOD = 'good'
    STAFF = 'staff'
    UNKNOWN = 'unknown'
    REVOKED = 'revoked'
    EARLY = 'early'
    EXPIRED = 'expired'
    REPLAYED = 'replayed'
    """It is shown by somebody else too, or has been used before."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A shown badge judged; ``badge`` is its entry, None for one that is not on the list."""

    state: BadgeState
    badge_id: str
    badge: Badge | None = None


@dataclass(frozen=True, slots=True)
class BadgeSeen:
    """A code in a picture: what it says, and in which direction it is.

    ``bearing_rad`` is from the robot's own heading, left positive.
    """

    text: str
    bearing_rad: float

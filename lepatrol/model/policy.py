"""Policies: what a site wants done about which alert."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from .alerts import Alert, AlertKind, Severity
from .zones import Hours, Zone


class Response(Enum):
    """What a robot does about an alert."""

    IGNORE = 'ignore'
    """Nothing, and it is not put before the operator."""
    NOTE = 'note'
    """Nothing but to report it."""
    LOOK = 'look'
    """Go where the thing can be seen, and look again."""
    FOLLOW = 'follow'
    """Keep the person in view."""
    INSPECT = 'inspect'
    """Look at the object from all sides."""
    WAIT = 'wait'
    """Stand where it is until the operator has decided."""

    @property
    def is_errand(self) -> bool:
        """Tell whether the robot goes to the thing for it."""
        return self in (Response.LOOK, Response.FOLLOW, Response.INSPECT)


@dataclass(frozen=True, slots=True)
class Policy:
    """What is done about alerts of some kinds, in some zones, at some hours (none named: all), from a severity on.

    ``notice`` is said aloud there. ``stand_off_m`` is how near the robot goes; None leaves that to the behaviour.
    """

    response: Response
    kinds: tuple[AlertKind, ...] = ()
    zones: tuple[Zone, ...] = ()
    hours: tuple[Hours, ...] = ()
    min_severity: Severity = Severity.NOTICE
    notice: str = ''
    stand_off_m: float | None = None

    def fits(self, alert: Alert, minute_of_day: float) -> bool:
        """Tell whether it is about an alert at a minute of the site's day."""
        return ((not self.kinds or alert.kind in self.kinds)
                and alert.severity.rank >= self.min_severity.rank
                and (not self.hours or any(window.hold(minute_of_day) for window in self.hours))
                and (not self.zones or any(_is_of(alert, zone) for zone in self.zones)))


NOTED = Policy(Response.NOTE)
"""What is done about an alert that no policy fits."""


def response_to(alert: Alert, policies: Iterable[Policy], minute_of_day: float) -> Policy:
    """Return the first policy that fits an alert, and else one that only notes it."""
    return next((policy for policy in policies if policy.fits(alert, minute_of_day)), NOTED)


def _is_of(alert: Alert, zone: Zone) -> bool:
    """Tell whether an alert is about a zone: it says so itself, or what it is about lies there."""
    return alert.zone == zone.name or (alert.position_m is not None and zone.holds(*alert.position_m))

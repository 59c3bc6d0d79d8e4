"""When a site's routes are to be walked without being ordered: at which times, on which days, and when not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .site import Hours

WEEKDAYS = ('mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun')


class Overlap(Enum):
    """What becomes of a start while the robot is still busy."""

    SKIP = 'skip'
    """It is left out."""
    QUEUE = 'queue'
    """It waits until the robot is free; of several that wait one is kept."""
    REPLACE = 'replace'
    """A round that a schedule began ends for it; one that an operator ordered does not, and is waited for."""


class RouteOrder(Enum):
    """In which order a schedule's routes are walked."""

    LISTED = 'listed'
    STALEST_FIRST = 'stalest_first'
    """The one that has not been walked for longest comes first."""


@dataclass(frozen=True, slots=True)
class Days:
    """Some days: of the week (0 is Monday), and spans of dates, both ends among them. None of either is every day."""

    weekdays: frozenset[int] = frozenset()
    spans: tuple[tuple[date, date], ...] = ()

    def hold(self, day: date) -> bool:
        """Tell whether a day is one of them."""
        if not self.weekdays and not self.spans:
            return True
        return day.weekday() in self.weekdays or any(first <= day <= last for first, last in self.spans)


@dataclass(frozen=True, slots=True)
class Interval:
    """A start every ``every_s`` of elapsed time, from the beginning of a window of local time to its end.

    Without a window the day is one, from midnight to midnight.
    """

    every_s: float
    between: Hours | None = None


@dataclass(frozen=True, slots=True)
class Blackout:
    """When nothing starts: a daily window, or the whole day, on some days. One over midnight belongs to its first."""

    days: Days = Days()
    hours: Hours | None = None


@dataclass(frozen=True, slots=True)
class PatrolSchedule:
    """Starts of some routes, one after the other, at local times (minutes since midnight), at intervals, or both."""

    name: str
    routes: tuple[str, ...]
    at: tuple[int, ...] = ()
    interval: Interval | None = None
    days: Days = Days()
    blackouts: tuple[Blackout, ...] = ()
    rounds: int = 1
    overlap: Overlap = Overlap.SKIP
    order: RouteOrder = RouteOrder.LISTED
    latest_s: float = 3600.0
    """A start that could not be carried out in time is made up for within this, and left out after it."""

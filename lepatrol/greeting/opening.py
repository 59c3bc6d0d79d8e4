"""When something is open: computed from its schedule, in the site's local time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from lepatrol.model.knowledge import Schedule
from lepatrol.model.site import Hours

_MOST_DAYS_AHEAD = 400


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A day and its windows, none where it is closed."""

    day: date
    hours: tuple[Hours, ...]


def day_of(schedule: Schedule, day: date) -> OpenDay:
    """Return the windows of a day."""
    return OpenDay(day, schedule.hours_on(day))


def next_open(schedule: Schedule, after: date) -> OpenDay | None:
    """Return the first open day after a day, None where there is none within a year."""
    for ahead in range(1, _MOST_DAYS_AHEAD):
        found = day_of(schedule, after + timedelta(days=ahead))
        if found.hours:
            return found
    return None


def open_until(schedule: Schedule, now: datetime) -> int | None:
    """Return the minute of the day until which it is open now, None where it is closed."""
    minute = 60 * now.hour + now.minute
    return next((window.end_min for window in schedule.hours_on(now.date()) if window.hold(minute)), None)


def later_today(schedule: Schedule, now: datetime) -> OpenDay | None:
    """Return what is left of today's windows that have not begun, None where nothing is."""
    minute = 60 * now.hour + now.minute
    hours = tuple(window for window in schedule.hours_on(now.date()) if window.start_min > minute)
    return OpenDay(now.date(), hours) if hours else None

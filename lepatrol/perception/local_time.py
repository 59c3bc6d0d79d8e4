"""From the clock that everything is stamped by to the site's time of day."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from zoneinfo import ZoneInfo

_CLOCK = re.compile(r'([01]?\d|2[0-3]):([0-5]\d)')
_MINUTES = 24 * 60


class LocalTime:
    """The minute of the site's day at a time of the clock.

    On a robot the clock counts seconds since 1970, and ``start`` is left out. In a simulation it counts from the
    start, and ``start`` says when that was: ``'HH:MM'`` for any day, or a datetime (one that names no zone is the
    site's own local time).
    """

    def __init__(self, time_zone: str = 'UTC', start: str | datetime | None = None) -> None:
        """Take the site's IANA time zone and what the clock's zero is.

        :raises ValueError: if ``start`` is a text but no time of day, or there is no such zone (ZoneInfoNotFoundError,
            a KeyError).
        """
        self._zone = ZoneInfo(time_zone)
        self._start_min: float | None = None
        self._epoch_s = 0.0
        if isinstance(start, str):
            match = _CLOCK.fullmatch(start)
            if not match:
                raise ValueError(f"the start is {start!r}, expected a time of day such as '22:30'")
            self._start_min = 60.0 * int(match[1]) + int(match[2])
        elif start is not None:
            self._epoch_s = (start if start.tzinfo else start.replace(tzinfo=self._zone)).timestamp()

    def minute_of_day(self, now_s: float) -> float:
        """Return minutes since local midnight, from 0 to below 1440; summer time is kept where the day is known."""
        if self._start_min is not None:
            return (self._start_min + now_s / 60.0) % _MINUTES
        there = datetime.fromtimestamp(self._epoch_s + now_s, timezone.utc).astimezone(self._zone)
        return 60.0 * there.hour + there.minute + (there.second + there.microsecond * 1e-6) / 60.0


def as_clock(minute_of_day: float) -> str:
    """Return a minute of the day as a guard reads it: ``02:05``."""
    minute = int(minute_of_day) % _MINUTES
    return f'{minute // 60:02d}:{minute % 60:02d}'

"""From the clock that everything is stamped by to the site's date and time of day."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from .errors import SettingsError

_FORM = '%Y-%m-%d %H:%M'
_CLOCK = re.compile(r'([01]?\d|2[0-3]):([0-5]\d)')
_MINUTES = 24 * 60


class SiteClock:
    """The site's local date and time at a time of the clock.

    On a robot the clock counts seconds since 1970. In a simulation it counts from the start, and ``start`` says which
    local date and time that was: ``2026-11-18 10:00``, or a datetime (one that names no zone is the site's own local
    time).
    """

    def __init__(self, time_zone: str, start: str | datetime = '') -> None:
        """Take the site's IANA time zone and what the clock's zero is.

        :raises SettingsError: if ``start`` is a text but no date and time.
        """
        self.zone = ZoneInfo(time_zone)
        self._epoch = datetime.fromtimestamp(0, timezone.utc)
        if isinstance(start, str) and start:
            try:
                start = datetime.strptime(start, _FORM)
            except ValueError:
                raise SettingsError('clock_start', f"is {start!r}, expected '2026-11-18 10:00'") from None
        if isinstance(start, datetime):
            self._epoch = (start if start.tzinfo else start.replace(tzinfo=self.zone)).astimezone(timezone.utc)

    def utc(self, now_s: float) -> datetime:
        """Return the date and time in UTC."""
        return self._epoch + timedelta(seconds=now_s)

    def local(self, now_s: float) -> datetime:
        """Return the local date and time."""
        return self.utc(now_s).astimezone(self.zone)

    def minute_of_day(self, now_s: float) -> float:
        """Return minutes since local midnight, from 0 to below 1440."""
        there = self.local(now_s)
        return 60.0 * there.hour + there.minute + (there.second + there.microsecond * 1e-6) / 60.0


class LocalTime:
    """The minute of the site's day at a time of the clock, where the date may be unknown.

    ``start`` is a datetime as a site clock's, or a time of day alone, ``HH:MM``, for any day: then there is no summer
    time.
    """

    def __init__(self, time_zone: str = 'UTC', start: str | datetime | None = None) -> None:
        """Take the site's IANA time zone and what the clock's zero is; None is 1970.

        :raises ValueError: if ``start`` is a text but no time of day, or there is no such zone (ZoneInfoNotFoundError,
            a KeyError).
        """
        self._start_min: float | None = None
        self._clock = SiteClock(time_zone, start if isinstance(start, datetime) else '')
        if isinstance(start, str):
            match = _CLOCK.fullmatch(start)
            if not match:
                raise ValueError(f"the start is {start!r}, expected a time of day such as '22:30'")
            self._start_min = 60.0 * int(match[1]) + int(match[2])

    def minute_of_day(self, now_s: float) -> float:
        """Return minutes since local midnight, from 0 to below 1440; summer time is kept where the day is known."""
        if self._start_min is not None:
            return (self._start_min + now_s / 60.0) % _MINUTES
        return self._clock.minute_of_day(now_s)


def as_clock(minute_of_day: float) -> str:
    """Return a minute of the day as a guard reads it: ``02:05``."""
    minute = int(minute_of_day) % _MINUTES
    return f'{minute // 60:02d}:{minute % 60:02d}'

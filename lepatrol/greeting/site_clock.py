"""From the clock in use to the site's date and time."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from lepatrol.model.errors import SettingsError

_FORM = '%Y-%m-%d %H:%M'


class SiteClock:
    """The site's local date and time at a time of the clock.

    On a robot the clock counts seconds since 1970. In a simulation it counts from the start, and ``start`` says which
    local date and time that was: ``2026-11-18 10:00``.
    """

    def __init__(self, time_zone: str, start: str = '') -> None:
        """Take the site's IANA time zone and what the clock's zero is.

        :raises SettingsError: if ``start`` is no date and time.
        """
        self._zone = ZoneInfo(time_zone)
        self._epoch = datetime.fromtimestamp(0, timezone.utc)
        if start:
            try:
                local = datetime.strptime(start, _FORM)
            except ValueError:
                raise SettingsError('clock_start', f"is {start!r}, expected '2026-11-18 10:00'") from None
            self._epoch = local.replace(tzinfo=self._zone).astimezone(timezone.utc)

    def local(self, now_s: float) -> datetime:
        """Return the local date and time."""
        return (self._epoch + timedelta(seconds=now_s)).astimezone(self._zone)

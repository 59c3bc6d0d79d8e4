"""When schedules start, and which starts are due, in a site's local time.

Local times become instants once, and everything after that is reckoned with instants. A local time that the clocks
leave out in spring runs at the first instant after; one that comes twice in autumn runs once, the first time. Intervals
are of elapsed time, so that the night of the long hour has more starts and the night of the short one fewer. Starts
that fall on one instant are one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from lepatrol.model.patrol_schedule import Blackout, PatrolSchedule
from lepatrol.model.site import Hours

_ONE_DAY = timedelta(days=1)
_DAY_MIN = 24 * 60
_SEARCHED_DAYS = 800
"""Nothing that is still to come begins later than this, but for dates years ahead."""
_FUTURE = timedelta(days=1)
"""What was handled so far in the future was handled by a clock that was wrong."""


@dataclass(frozen=True, slots=True)
class Due:
    """A schedule whose time has come: its latest start, how many before it were missed, and why it is left out.

    An empty ``refused`` means that it is to be carried out.
    """

    schedule: PatrolSchedule
    start: datetime
    missed: int = 0
    refused: str = ''


def instant(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return when it is so many minutes after midnight on a day (1440 is the next midnight), in UTC."""
    local = datetime.combine(day, time(), zone) + timedelta(minutes=minute)
    first = local.astimezone(timezone.utc)
    if first.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None):
        return first
    # The clocks leave this time out. Read by the offset after the change it is before it, by the one before it after.
    early, late = local.replace(fold=1).astimezone(timezone.utc), first
    before = early.astimezone(zone).utcoffset()
    while late - early > timedelta(seconds=1):
        middle = early + (late - early) // 2
        middle = middle.replace(microsecond=0)
        if middle.astimezone(zone).utcoffset() == before:
            early = middle
        else:
            late = middle
    return late


class Calendar:
    """The starts of schedules in one time zone."""

    def __init__(self, zone: ZoneInfo) -> None:
        """Take the site's time zone."""
        self._zone = zone

    def starts(self, schedule: PatrolSchedule, first: date, last: date) -> Iterator[datetime]:
        """Yield the starts that belong to some days, in UTC, rising; a window over midnight belongs to its first day.

        Those in a blackout are left out.
        """
        before: datetime | None = None
        # What belongs to a day may end after the next has begun.
        pending: list[datetime] = []
        day = first
        while day <= last:
            pending = sorted({*pending, *self._of_day(schedule, day)})
            day += _ONE_DAY
            limit = instant(day, 0, self._zone)
            while pending and (pending[0] < limit or day > last):
                start = pending.pop(0)
                if start != before and not self.blackout(schedule, start):
                    yield start
                before = start

    def next_start(self, schedule: PatrolSchedule, after: datetime) -> datetime | None:
        """Return the first start after an instant, None where there is none within two years."""
        today = after.astimezone(self._zone).date()
        last = today + timedelta(days=_SEARCHED_DAYS)
        return next((start for start in self.starts(schedule, today - _ONE_DAY, last) if start > after), None)

    def between(self, schedule: PatrolSchedule, after: datetime, until: datetime) -> list[datetime]:
        """Return the starts after an instant, up to and with another."""
        first, last = (each.astimezone(self._zone).date() for each in (after, until))
        return [start for start in self.starts(schedule, first - _ONE_DAY, last) if after < start <= until]

    def due(
        self, schedules: Sequence[PatrolSchedule], now: datetime, handled: Mapping[str, datetime],
    ) -> list[Due]:
        """Return the schedules with a start since they were last handled, at most one start of each: the latest.

        ``handled`` tells up to when each has been seen to; one that is not there begins now. A start that is later than
        its schedule allows, or that would now be in a blackout, is returned with the reason why it is left out.
        """
        found = []
        for schedule in schedules:
            since = handled.get(schedule.name, now)
            if since >= now:
                continue
            # Of a robot that was off for a year, only what the last days hold can still matter.
            starts = self.between(schedule, max(since, now - 7 * _ONE_DAY), now)
            if starts:
                found.append(Due(schedule, starts[-1], len(starts) - 1, self._refusal(schedule, starts[-1], now)))
        return found

    def blackout(self, schedule: PatrolSchedule, moment: datetime) -> Blackout | None:
        """Return the blackout of a schedule that holds at an instant, None where none does."""
        local = moment.astimezone(self._zone)
        return next((each for each in schedule.blackouts if _holds(each, local)), None)

    def _refusal(self, schedule: PatrolSchedule, start: datetime, now: datetime) -> str:
        late_s = (now - start).total_seconds()
        if late_s > schedule.latest_s:
            return f'{late_s / 60.0:.0f} min late, at most {schedule.latest_s / 60.0:.0f} min are made up for'
        if self.blackout(schedule, now):
            return 'there is a blackout now'
        return ''

    def _of_day(self, schedule: PatrolSchedule, day: date) -> Iterator[datetime]:
        if not schedule.days.hold(day):
            return
        for minute in schedule.at:
            yield instant(day, minute, self._zone)
        if schedule.interval is not None:
            begin, end = self._window(day, schedule.interval.between)
            step = timedelta(seconds=schedule.interval.every_s)
            while begin < end:
                yield begin
                begin += step

    def _window(self, day: date, hours: Hours | None) -> tuple[datetime, datetime]:
        if hours is None:
            return instant(day, 0, self._zone), instant(day, _DAY_MIN, self._zone)
        end_min = hours.end_min if hours.end_min > hours.start_min else hours.end_min + _DAY_MIN
        return instant(day, hours.start_min, self._zone), instant(day, end_min, self._zone)


def is_of_a_wrong_clock(handled: datetime, now: datetime) -> bool:
    """Tell whether something was handled so far in the future that the clock must have been wrong then."""
    return handled - now > _FUTURE


def _holds(blackout: Blackout, local: datetime) -> bool:
    day, hours = local.date(), blackout.hours
    if hours is None:
        return blackout.days.hold(day)
    minute = 60 * local.hour + local.minute
    if not hours.hold(minute):
        return False
    # What goes over midnight belongs to the day on which it began.
    is_after_midnight = hours.end_min < hours.start_min and minute < hours.end_min
    return blackout.days.hold(day - _ONE_DAY if is_after_midnight else day)

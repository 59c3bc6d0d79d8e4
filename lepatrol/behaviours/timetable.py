"""The timetable: gives the patrol its scheduled orders, and says what it left out and why."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from lepatrol.model.errors import FileError
from lepatrol.model.mission import MissionState, MissionStatus
from lepatrol.model.patrol_schedule import Overlap, PatrolSchedule, RouteOrder
from lepatrol.model.site_clock import SiteClock
from lepatrol.planning.schedule import Calendar, Due, is_of_a_wrong_clock
from lepatrol.planning.schedule_log import ScheduleLog, ScheduleRecord

Order = Callable[[str], str]
"""Gives the patrol a command and returns its answer: ``ok``, or why not."""

_EVERY_S = 1.0
_REST = (MissionState.IDLE, MissionState.DONE, MissionState.ABORTED, MissionState.STOPPED)
_NEVER = datetime.min.replace(tzinfo=timezone.utc)


@dataclass(frozen=True, slots=True)
class _Waiting:
    """Routes of a schedule that are still to be walked; ``has_begun`` once the first of them was."""

    schedule: PatrolSchedule
    routes: tuple[str, ...]
    has_begun: bool = False


class Timetable:
    """Tick it beside the patrol; it orders what is due, one route after the other.

    A start is carried out at most once, also over a restart: what was due while nothing ran is made up for once, if it
    is not later than its schedule allows. What an operator ordered is never ended for a schedule. A patrol that refuses
    a start (the battery, a lockdown) is not asked again for it.
    """

    def __init__(
        self, schedules: Sequence[PatrolSchedule], clock: SiteClock, order: Order, *, log: ScheduleLog | None = None,
        logger: logging.Logger | None = None,
    ) -> None:
        """Go on with what ``log`` holds; without it nothing outlasts a restart."""
        self.message = ''
        """What it did or left out last, in words."""
        self._schedules = tuple(schedules)
        self._clock = clock
        self._calendar = Calendar(clock.zone)
        self._order = order
        self._store = log
        self._log = logger or logging.getLogger(__name__)
        record = self._load()
        self._handled = dict(record.handled)
        self._walked = dict(record.walked)
        self._waiting: list[_Waiting] = []
        self._walking = ''
        self._ours = ''
        """The route that is walked because a schedule says so."""
        self._looked_s: float | None = None

    def tick(self, now_s: float, status: MissionStatus, doing: str = '') -> None:
        """Look whether anything is due, given how the patrol stands; never blocks.

        ``doing`` says in a word what else has the robot (an errand, the operator's hand), which no start interrupts.
        """
        self._follow(status, now_s)
        if self._looked_s is None or not 0.0 <= now_s - self._looked_s < _EVERY_S:
            self._looked_s = now_s
            self._look(self._clock.utc(now_s), status, doing)
        if status.state in (MissionState.STOPPED, MissionState.IDLE):
            self._drop_begun()
        if self._waiting and status.state in _REST and not doing:
            self._begin_next(self._clock.utc(now_s))

    def next_start(self, now_s: float) -> tuple[PatrolSchedule, datetime] | None:
        """Return which schedule starts next and when, in local time; None where nothing is to come."""
        now = self._clock.utc(now_s)
        coming = [(start, schedule) for schedule in self._schedules
                  if (start := self._calendar.next_start(schedule, now)) is not None]
        if not coming:
            return None
        start, schedule = min(coming, key=lambda each: each[0])
        return schedule, start.astimezone(self._clock.zone)

    def _follow(self, status: MissionStatus, now_s: float) -> None:
        """Note when routes are walked, whoever ordered them."""
        walking = '' if status.state in _REST else status.mission
        if walking != self._ours:
            self._ours = ''
        if walking == self._walking:
            return
        named = {route for schedule in self._schedules for route in schedule.routes}
        for route in {walking, self._walking} & named:
            self._walked[route] = self._clock.utc(now_s)
        self._walking = walking
        self._keep()

    def _look(self, now: datetime, status: MissionStatus, doing: str) -> None:
        for schedule in self._schedules:
            handled = self._handled.get(schedule.name)
            if handled is None or is_of_a_wrong_clock(handled, now):
                if handled is not None:
                    self._say(f'{schedule.name}: was last seen to in the future ({handled:%Y-%m-%d %H:%M} UTC); '
                              'its starts count from now on')
                self._handled[schedule.name] = now
                self._keep()
        for due in self._calendar.due(self._schedules, now, self._handled):
            self._handled[due.schedule.name] = now
            self._keep()  # before the order: a start that is given twice is worse than one that is not
            self._take(due, status, doing, now)

    def _take(self, due: Due, status: MissionStatus, doing: str, now: datetime) -> None:
        """Decide what becomes of a start."""
        schedule = due.schedule
        what = f'{schedule.name}, {due.start.astimezone(self._clock.zone):%H:%M}'
        if due.missed:
            self._say(f'{schedule.name}: {due.missed} starts were missed before the one at '
                      f'{due.start.astimezone(self._clock.zone):%H:%M}')
        if due.refused:
            self._say(f'{what}: left out: {due.refused}')
            return
        if status.state not in _REST:
            doing = doing or status.mission or status.state.value
            # What an operator has paused stays where it is.
            may_replace = doing == self._ours and status.state is not MissionState.PAUSED
        else:
            doing = doing or (self._waiting[0].schedule.name if self._waiting else '')
            may_replace = False
        if doing and schedule.overlap is Overlap.SKIP:
            self._say(f'{what}: left out: {doing} is not over')
            return
        new = _Waiting(schedule, self._in_order(schedule))
        # What has begun goes on, one that has not begun is not walked twice, and what replaces leaves nothing waiting.
        kept = [] if schedule.overlap is Overlap.REPLACE else [
            each for each in self._waiting if each.schedule is not schedule or each.has_begun]
        self._waiting = [*kept, new]
        if may_replace and schedule.overlap is Overlap.REPLACE:
            self._say(f'{what}: begins in place of {self._ours}')
            self._begin_next(now)
        elif doing:
            self._say(f'{what}: waits until {doing} is over')

    def _drop_begun(self) -> None:
        """Leave out what was to follow a round that the operator has stopped."""
        for waiting in [each for each in self._waiting if each.has_begun]:
            self._waiting.remove(waiting)
            self._say(f'{waiting.schedule.name}: {", ".join(waiting.routes)} left out: the operator stopped what was '
                      'before')

    def _begin_next(self, now: datetime) -> None:
        waiting = self._waiting.pop(0)
        if self._calendar.blackout(waiting.schedule, now):
            self._say(f'{waiting.schedule.name}: {", ".join(waiting.routes)} left out: there is a blackout now')
            return
        route, *later = waiting.routes
        if later:
            self._waiting.insert(0, _Waiting(waiting.schedule, tuple(later), has_begun=True))
        rounds = waiting.schedule.rounds
        answer = self._order(f'start {route} rounds {rounds}')
        if answer == 'ok':
            self._ours = self._walking = route
            self._walked[route] = now
            self._keep()
        self._say(f'{waiting.schedule.name}: start {route}: {answer}')

    def _in_order(self, schedule: PatrolSchedule) -> tuple[str, ...]:
        if schedule.order is RouteOrder.LISTED:
            return schedule.routes
        return tuple(sorted(schedule.routes, key=lambda route: self._walked.get(route, _NEVER)))

    def _say(self, message: str) -> None:
        self.message = message
        self._log.info('schedule %s', message)

    def _load(self) -> ScheduleRecord:
        if self._store is None:
            return ScheduleRecord()
        try:
            return self._store.load()
        except FileError as error:
            self._say(f'what was kept cannot be used, starts count from now on: {error}')
            return ScheduleRecord()

    def _keep(self) -> None:
        if self._store is None:
            return
        try:
            self._store.save(ScheduleRecord(self._handled, self._walked))
        except FileError as error:
            self.message = str(error)
            self._log.error('%s', error)

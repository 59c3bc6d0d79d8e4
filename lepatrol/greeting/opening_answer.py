"""Opening times in words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from lepatrol.greeting import opening
from lepatrol.model.knowledge import LanguageData, Schedule
from lepatrol.model.site import Hours


def tell_opening(
    schedule: Schedule, language: LanguageData, now: datetime, days: Sequence[date], asked_now: bool,
) -> tuple[str, ...]:
    """Return what to say of the days that were asked for, else of today; after what is closed comes what is next."""
    said: list[str] = []
    label, sentences = schedule.label[language.code], language.sentences
    until = opening.open_until(schedule, now)
    if asked_now and until is not None:
        said.append(sentences['open_now'].format(label=label, time=_clock(until)))
    elif asked_now:
        said.append(sentences['closed_now'].format(label=label))
        coming = opening.later_today(schedule, now) or opening.next_open(schedule, now.date())
        said += _tell_next(coming, language)
    if asked_now and not days:
        return tuple(said)
    told = [opening.day_of(schedule, day) for day in days or [now.date()]]
    for each in told:
        if each.hours:
            said.append(sentences['open_on'].format(
                label=label, date=written_date(each.day, language), hours=written_hours(each.hours, language)))
        else:
            said.append(sentences['closed_on'].format(label=label, date=written_date(each.day, language)))
    if not any(each.hours for each in told):
        said += _tell_next(opening.next_open(schedule, max(each.day for each in told)), language)
    return tuple(said)


def written_date(day: date, language: LanguageData) -> str:
    """Return a date in words."""
    dates = language.dates
    return dates.form.format(
        weekday=dates.weekdays[day.weekday()][0], day=dates.first_day if day.day == 1 else day.day,
        month=dates.months[day.month - 1])


def written_hours(hours: Sequence[Hours], language: LanguageData) -> str:
    """Return windows in words."""
    return language.conjunction.join(f'{_clock(each.start_min)}\u2013{_clock(each.end_min)}' for each in hours)


def _tell_next(coming: opening.OpenDay | None, language: LanguageData) -> list[str]:
    if coming is None:
        return []
    return [language.sentences['next_open'].format(
        date=written_date(coming.day, language), hours=written_hours(coming.hours, language))]


def _clock(minute: int) -> str:
    return f'{minute // 60:02d}:{minute % 60:02d}'

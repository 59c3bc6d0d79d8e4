"""When schedules start: local times and elapsed intervals, over the days on which clocks are changed."""

from datetime import date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lepatrol.model.patrol_schedule import Blackout, Days, Interval, PatrolSchedule
from lepatrol.model.site import Hours
from lepatrol.planning.schedule import Calendar, instant, is_of_a_wrong_clock

ZONES = ('Europe/Berlin', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe')
CHANGES = {
    # The day, and by how many minutes the clocks are put forward on it.
    ('Europe/Berlin', 'spring'): (date(2026, 3, 29), 60), ('Europe/Berlin', 'autumn'): (date(2026, 10, 25), -60),
    ('America/New_York', 'spring'): (date(2026, 3, 8), 60), ('America/New_York', 'autumn'): (date(2026, 11, 1), -60),
    ('Australia/Lord_Howe', 'spring'): (date(2026, 10, 4), 30),
    ('Australia/Lord_Howe', 'autumn'): (date(2026, 4, 5), -30)}


def at(text):
    hours, minutes = text.split(':')
    return 60 * int(hours) + int(minutes)


def utc(*parts):
    return datetime(*parts, tzinfo=timezone.utc)


def starts_on(schedule, day, zone='Europe/Berlin'):
    """Return a day's starts as local wall times."""
    return [f'{start.astimezone(ZoneInfo(zone)):%d %H:%M%z}' for start in
            Calendar(ZoneInfo(zone)).starts(schedule, day, day)]


def schedule(*times, every_min=None, between=None, **more):
    interval = Interval(60.0 * every_min, between) if every_min else None
    return PatrolSchedule('night', ('perimeter',), tuple(map(at, times)), interval, **more)


def test_a_time_that_the_clocks_leave_out_runs_at_the_first_instant_after():
    assert starts_on(schedule('01:59', '02:30'), date(2026, 3, 29)) == ['29 01:59+0100', '29 03:00+0200']
    assert starts_on(schedule('02:15'), date(2026, 10, 4), 'Australia/Lord_Howe') == ['04 02:30+1100']
    assert starts_on(schedule('02:30'), date(2026, 3, 8), 'America/New_York') == ['08 03:00-0400']


def test_times_that_fall_on_one_instant_are_one_start():
    assert starts_on(schedule('02:10', '02:50', '03:00'), date(2026, 3, 29)) == ['29 03:00+0200']


def test_a_time_that_comes_twice_runs_once_the_first_time():
    assert starts_on(schedule('02:30'), date(2026, 10, 25)) == ['25 02:30+0200']
    assert starts_on(schedule('01:45'), date(2026, 4, 5), 'Australia/Lord_Howe') == ['05 01:45+1100']
    assert starts_on(schedule('01:30'), date(2026, 11, 1), 'America/New_York') == ['01 01:30-0400']


def test_intervals_are_of_elapsed_time_so_that_the_long_night_has_more_of_them():
    night = schedule(every_min=60, between=Hours(at('22:00'), at('06:00')))
    assert len(starts_on(night, date(2026, 3, 27))) == 8
    assert len(starts_on(night, date(2026, 3, 28))) == 7
    assert len(starts_on(night, date(2026, 10, 24))) == 9


def test_a_window_over_midnight_belongs_to_the_day_it_begins_on():
    night = schedule(every_min=180, between=Hours(at('22:00'), at('06:00')), days=Days(frozenset({4})))
    assert starts_on(night, date(2026, 11, 27)) == ['27 22:00+0100', '28 01:00+0100', '28 04:00+0100']
    assert starts_on(night, date(2026, 11, 28)) == []


def test_days_are_weekdays_and_dates():
    days = Days(frozenset({0}), ((date(2026, 12, 24), date(2026, 12, 26)),))
    held = [day for day in range(21, 31) if days.hold(date(2026, 12, day))]
    assert held == [21, 24, 25, 26, 28]


def test_nothing_starts_in_a_blackout_and_one_over_midnight_belongs_to_its_first_day():
    late = Blackout(Days(frozenset({4})), Hours(at('23:00'), at('01:00')))
    plan = schedule('00:30', '23:30', blackouts=(late,))
    friday = date(2026, 11, 27)
    assert starts_on(plan, friday) == ['27 00:30+0100']
    assert starts_on(plan, friday + timedelta(days=1)) == ['28 23:30+0100']


def test_a_whole_day_can_be_blacked_out():
    feast = Blackout(Days(spans=((date(2026, 12, 25), date(2026, 12, 25)),)))
    found = list(Calendar(ZoneInfo('UTC')).starts(
        schedule('10:00', blackouts=(feast,)), date(2026, 12, 24), date(2026, 12, 26)))
    assert found == [utc(2026, 12, 24, 10), utc(2026, 12, 26, 10)]


@pytest.mark.parametrize(('zone', 'season'), CHANGES)
@given(minutes=st.sets(st.integers(0, 1439), min_size=1, max_size=8))
def test_on_days_of_change_every_time_runs_exactly_once_and_never_early(zone, season, minutes):
    day, change_min = CHANGES[zone, season]
    here = ZoneInfo(zone)
    found = list(Calendar(here).starts(PatrolSchedule('x', ('r',), tuple(sorted(minutes))), day, day))
    assert found == sorted(set(found))
    assert set(found) == {instant(day, minute, here) for minute in minutes}
    midnight = instant(day, 0, here)
    for minute in minutes:
        start = instant(day, minute, here)
        local = start.astimezone(here)
        shown = 60 * local.hour + local.minute
        # In a gap the next instant there is, else exactly what the clock on the wall shows, the first time it does.
        assert shown >= minute
        assert shown == minute or (change_min > 0 and shown - minute <= change_min)
        assert local.fold == 0
        elapsed = (start - midnight).total_seconds() / 60.0
        assert minute - max(change_min, 0) <= elapsed <= minute - min(change_min, 0)


@pytest.mark.parametrize(('zone', 'season'), CHANGES)
@given(every_min=st.integers(5, 200), begin=st.integers(0, 1439), length=st.integers(1, 1439))
def test_over_a_change_starts_are_evenly_spaced_within_their_window(zone, season, every_min, begin, length):
    day, _ = CHANGES[zone, season]
    here = ZoneInfo(zone)
    window = Hours(begin, (begin + length) % 1440)
    for first in (day - timedelta(days=1), day):
        found = list(Calendar(here).starts(schedule(every_min=every_min, between=window), first, first))
        begun, over = instant(first, begin, here), instant(first, begin + length, here)
        assert found == [begun + timedelta(minutes=every_min) * n for n in range(len(found))]
        assert all(begun <= start < over for start in found)
        assert begun + timedelta(minutes=every_min) * len(found) >= over


@pytest.mark.parametrize('zone', ZONES)
def test_a_daily_start_comes_once_on_each_day_of_a_year(zone):
    here = ZoneInfo(zone)
    found = list(Calendar(here).starts(schedule('02:30'), date(2026, 1, 1), date(2026, 12, 31)))
    assert [start.astimezone(here).date() for start in found] == [
        date(2026, 1, 1) + timedelta(days=n) for n in range(365)]


@pytest.mark.parametrize('zone', ZONES)
def test_however_time_is_stepped_through_each_start_is_due_once(zone):
    here = ZoneInfo(zone)
    plan = schedule('02:30', '23:59', every_min=95, between=Hours(at('21:00'), at('04:00')), latest_s=1e9)
    for month, day in ((3, 28), (10, 24), (4, 4), (10, 3), (11, 1)):
        begun = utc(2026, month, day)
        expected = Calendar(here).between(plan, begun, begun + timedelta(days=2))
        for step_min in (1, 7):
            now, handled, found = begun, {'night': begun}, []
            while now < begun + timedelta(days=2):
                now += timedelta(minutes=step_min)
                for due in Calendar(here).due([plan], now, handled):
                    found.append(due.start)
                    handled['night'] = now
            assert found == [start for start in expected if start <= now]


def test_after_a_pause_only_the_latest_start_is_due_and_says_how_many_were_missed():
    plan = schedule(every_min=60)
    (due,) = Calendar(ZoneInfo('UTC')).due(
        [plan], utc(2026, 11, 28, 9, 30), {'night': utc(2026, 11, 28, 3, 30)})
    assert (due.start, due.missed, due.refused) == (utc(2026, 11, 28, 9), 5, '')


def test_what_is_too_late_or_would_run_in_a_blackout_is_left_out_and_says_why():
    calendar = Calendar(ZoneInfo('UTC'))
    plan = schedule('08:00', latest_s=1800.0, blackouts=(Blackout(hours=Hours(at('08:10'), at('08:20'))),))
    handled = {'night': utc(2026, 11, 27, 12)}
    assert calendar.due([plan], utc(2026, 11, 28, 8, 5), handled)[0].refused == ''
    assert calendar.due([plan], utc(2026, 11, 28, 8, 15), handled)[0].refused == 'there is a blackout now'
    assert calendar.due([plan], utc(2026, 11, 28, 9, 0), handled)[0].refused == (
        '60 min late, at most 30 min are made up for')


def test_a_schedule_that_was_never_seen_to_begins_now_and_a_clock_set_back_repeats_nothing():
    calendar, plan = Calendar(ZoneInfo('UTC')), schedule('08:00')
    assert calendar.due([plan], utc(2026, 11, 28, 8, 5), {}) == []
    assert calendar.due([plan], utc(2026, 11, 28, 8, 5), {'night': utc(2026, 11, 28, 9)}) == []
    assert not is_of_a_wrong_clock(utc(2026, 11, 28, 9), utc(2026, 11, 28, 8))
    assert is_of_a_wrong_clock(utc(2036, 1, 1), utc(2026, 11, 28, 8))


def test_the_next_start_is_told_and_none_where_there_is_none():
    calendar = Calendar(ZoneInfo('Asia/Kathmandu'))
    assert calendar.next_start(schedule('06:00'), utc(2026, 11, 28, 1)) == utc(2026, 11, 29, 0, 15)
    past = schedule('06:00', days=Days(spans=((date(2026, 1, 1), date(2026, 1, 2)),)))
    assert calendar.next_start(past, utc(2026, 11, 28)) is None

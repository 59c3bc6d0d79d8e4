"""The timetable: what it orders when, what it leaves out, and what a restart or a wrong clock does to it."""

import logging
from datetime import datetime, timedelta, timezone

import pytest
from patrol_bench import Bench

from lepatrol.behaviours.timetable import Timetable
from lepatrol.model.mission import MissionState, MissionStatus
from lepatrol.model.patrol_schedule import Blackout, Overlap, PatrolSchedule, RouteOrder
from lepatrol.model.site import Hours
from lepatrol.model.site_clock import SiteClock
from lepatrol.planning.schedule_log import ScheduleLog, ScheduleRecord

NIGHT = PatrolSchedule('night', ('perimeter',), (22 * 60, 23 * 60))


class Day:
    """A patrol that does as it is told for so many minutes, and a clock that begins at 21:30."""

    def __init__(self, *schedules, path=None, start='2026-11-28 21:30', walk_min=20):
        self.now_s = 0.0
        self.orders, self.said = [], []
        self.answer = 'ok'
        self.walk_s = 60.0 * walk_min
        self.mission, self.ends_s, self.doing = '', 0.0, ''
        self.under_way, self.over = MissionState.WALKING, MissionState.DONE
        logger = logging.Logger('timetable')
        logger.addFilter(lambda record: self.said.append(record.getMessage().removeprefix('schedule ')))
        self.timetable = Timetable(
            schedules, SiteClock('UTC', start), self.order, log=ScheduleLog(path) if path else None, logger=logger)

    def order(self, text):
        self.orders.append((f'{self.timetable._clock.local(self.now_s):%H:%M}', text))
        if self.answer == 'ok':
            self.walk(text.split()[1])
        return self.answer

    def walk(self, mission):
        self.mission, self.ends_s = mission, self.now_s + self.walk_s

    def until(self, minute, step_s=30.0):
        """Let time go by up to so many minutes after the start."""
        while self.now_s < 60.0 * minute:
            self.now_s += step_s
            state = self.under_way if self.now_s < self.ends_s else self.over
            self.timetable.tick(self.now_s, MissionStatus(self.now_s, state, self.mission), self.doing)


def test_starts_are_ordered_when_their_time_has_come_and_only_once():
    day = Day(NIGHT)
    day.until(180)
    assert day.orders == [('22:00', 'start perimeter rounds 1'), ('23:00', 'start perimeter rounds 1')]
    assert day.said == ['night: start perimeter: ok'] * 2


def test_a_start_that_falls_into_a_round_is_skipped_with_the_reason():
    day = Day(NIGHT, walk_min=70)
    day.until(180)
    assert [time for time, _ in day.orders] == ['22:00']
    assert day.said[-1] == 'night, 23:00: left out: perimeter is not over'


def test_a_start_that_is_queued_waits_for_the_end_of_the_round():
    day = Day(PatrolSchedule('night', ('perimeter',), NIGHT.at, overlap=Overlap.QUEUE), walk_min=70)
    day.until(180)
    assert [time for time, _ in day.orders] == ['22:00', '23:10']
    assert 'night, 23:00: waits until perimeter is over' in day.said


def test_a_start_that_replaces_ends_a_scheduled_round_and_waits_for_an_operators():
    plan = PatrolSchedule('night', ('perimeter',), NIGHT.at, overlap=Overlap.REPLACE)
    day = Day(plan, walk_min=70)
    day.until(180)
    assert [time for time, _ in day.orders] == ['22:00', '23:00']
    assert 'night, 23:00: begins in place of perimeter' in day.said
    busy = Day(plan, walk_min=70)
    busy.walk('goto tower')
    busy.until(80)
    assert [time for time, _ in busy.orders] == ['22:40']


@pytest.mark.parametrize('overlap', Overlap)
@pytest.mark.parametrize('walks', [False, True])
def test_no_start_ends_an_errand_and_all_but_skipped_ones_wait_for_its_end(overlap, walks):
    day = Day(PatrolSchedule('night', ('perimeter',), (22 * 60,), overlap=overlap))
    if walks:
        day.timetable._ours = 'yard'
        day.walk_s = 7200.0
        day.walk('yard')
    day.doing = 'inspect'
    day.until(50)
    assert day.orders == []
    assert day.said[-1] == ('night, 22:00: left out: inspect is not over' if overlap is Overlap.SKIP
                            else 'night, 22:00: waits until inspect is over')
    day.doing = ''
    day.ends_s = 0.0
    day.until(60)
    assert [order for _, order in day.orders] == ([] if overlap is Overlap.SKIP else ['start perimeter rounds 1'])


def test_an_operator_who_orders_something_else_makes_the_round_his():
    day = Day(PatrolSchedule('night', ('perimeter',), NIGHT.at, overlap=Overlap.REPLACE), walk_min=70)
    day.until(60)
    day.walk('goto tower')
    day.until(120)
    assert [time for time, _ in day.orders] == ['22:00']


def test_several_routes_are_walked_one_after_the_other():
    day = Day(PatrolSchedule('tour', ('perimeter', 'yard'), (22 * 60,), rounds=2))
    day.until(180)
    assert day.orders == [('22:00', 'start perimeter rounds 2'), ('22:20', 'start yard rounds 2')]


def test_an_operator_who_stops_one_stops_those_that_were_to_follow():
    day = Day(PatrolSchedule('tour', ('perimeter', 'yard'), (22 * 60,)))
    day.until(35)
    day.ends_s, day.over = day.now_s, MissionState.STOPPED
    day.until(180)
    assert [order for _, order in day.orders] == ['start perimeter rounds 1']
    assert day.said[-1] == 'tour: yard left out: the operator stopped what was before'


def test_a_round_that_an_operator_has_paused_is_not_replaced():
    day = Day(PatrolSchedule('night', ('perimeter',), NIGHT.at, overlap=Overlap.REPLACE), walk_min=120)
    day.until(40)
    day.under_way = MissionState.PAUSED
    day.until(120)
    assert len(day.orders) == 1
    assert day.said[-1] == 'night, 23:00: waits until perimeter is over'


def test_the_stalest_route_goes_first_whoever_walked_the_others():
    day = Day(PatrolSchedule('tour', ('a', 'b', 'c'), (22 * 60, 23 * 60 + 30), order=RouteOrder.STALEST_FIRST))
    day.walk('a')
    day.until(25)
    day.until(100)
    assert [order.split()[1] for _, order in day.orders] == ['b', 'c', 'a']
    day.walk('b')
    day.until(250)
    assert [order.split()[1] for _, order in day.orders[3:]] == ['c', 'a', 'b']


def test_a_start_that_the_patrol_refuses_is_told_and_not_repeated():
    day = Day(NIGHT)
    day.answer = 'refused: the battery is at 10 %; it must be charged first'
    day.until(60)
    assert len(day.orders) == 1
    assert day.said == ['night: start perimeter: refused: the battery is at 10 %; it must be charged first']


def test_a_start_missed_while_nothing_ran_is_made_up_for_once(tmp_path):
    path = tmp_path / 'schedules.json'
    Day(NIGHT, path=path).until(10)
    again = Day(NIGHT, path=path, start='2026-11-28 23:10')
    again.until(30)
    assert again.orders == [('23:10', 'start perimeter rounds 1')]
    assert again.said[-1] == 'night: start perimeter: ok'
    third = Day(NIGHT, path=path, start='2026-11-28 23:41')
    third.until(60)
    assert third.orders == []


def test_a_start_missed_for_too_long_is_left_out(tmp_path):
    path = tmp_path / 'schedules.json'
    Day(NIGHT, path=path).until(10)
    again = Day(NIGHT, path=path, start='2026-11-29 09:00')
    again.until(30)
    assert again.orders == []
    assert again.said[-1] == 'night, 23:00: left out: 600 min late, at most 60 min are made up for'


def test_what_waits_does_not_begin_in_a_blackout():
    quiet = Blackout(hours=Hours(23 * 60 + 5, 23 * 60 + 59))
    day = Day(PatrolSchedule('night', ('perimeter',), NIGHT.at, overlap=Overlap.QUEUE, blackouts=(quiet,)), walk_min=70)
    day.until(180)
    assert [time for time, _ in day.orders] == ['22:00']
    assert day.said[-1] == 'night: perimeter left out: there is a blackout now'


def test_a_clock_that_is_set_back_repeats_nothing_and_one_that_was_years_ahead_is_forgotten(tmp_path):
    day = Day(NIGHT)
    day.until(40)
    day.now_s, day.ends_s = 20 * 60.0, 0.0
    day.until(80)
    assert len(day.orders) == 1
    path = tmp_path / 'schedules.json'
    ScheduleLog(path).save(ScheduleRecord({'night': datetime(2036, 1, 1, tzinfo=timezone.utc)}, {}))
    ahead = Day(NIGHT, path=path)
    ahead.until(60)
    assert [time for time, _ in ahead.orders] == ['22:00']


def test_damaged_notes_are_told_and_starts_count_from_now_on(tmp_path):
    path = tmp_path / 'schedules.json'
    path.write_text('{"version": 1, "handled": {"night": 7}, "walked": {}}')
    day = Day(NIGHT, path=path)
    assert 'night is 7, expected a date and time with its zone' in day.timetable.message
    day.until(60)
    assert len(day.orders) == 1


def test_the_next_start_is_told_in_local_time():
    schedule, start = Day(NIGHT).timetable.next_start(0.0)
    assert (schedule.name, f'{start:%H:%M}') == ('night', '22:00')


@pytest.mark.parametrize('step_s', [0.1, 1.0, 61.0])
def test_however_often_it_is_ticked_a_start_comes_once(step_s):
    day = Day(NIGHT)
    day.now_s = 60.0 * 28
    day.until(40, step_s=step_s)
    assert len(day.orders) == 1


def test_a_record_survives_the_disk(tmp_path):
    log = ScheduleLog(tmp_path / 'deep' / 'schedules.json')
    assert log.load() == ScheduleRecord()
    now = datetime(2026, 11, 28, 22, 0, 1, tzinfo=timezone.utc)
    record = ScheduleRecord({'night': now}, {'perimeter': now - timedelta(hours=3)})
    log.save(record)
    assert log.load() == record


def test_a_patrol_understands_what_it_is_ordered():
    bench = Bench(start_s=0.0)
    timetable = Timetable(
        [PatrolSchedule('tour', ('line', 'single'), (22 * 60,), rounds=2), PatrolSchedule('air', ('sky',), (22 * 60,))],
        SiteClock('UTC', '2026-11-28 21:59'), bench.command)
    heard = []
    while bench.now_s < 120.0:
        bench.step()
        timetable.tick(bench.now_s, bench.patrol.status)
        if bench.patrol.status.mission and (not heard or heard[-1][0] != bench.mission):
            heard.append((bench.mission, bench.rounds))
    assert heard == [('line', 2), ('single', 2)]
    assert bench.state is MissionState.DONE

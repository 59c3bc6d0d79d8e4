from datetime import date

import pytest

from lepatrol.model.errors import FileError
from lepatrol.model.patrol_schedule import (
    Blackout,
    Days,
    Interval,
    Overlap,
    PatrolSchedule,
    RouteOrder,
)
from lepatrol.model.site import Hours
from lepatrol.settings.site_file import read_site

SITE = """\
name: yard
world: yard
home: hut
waypoints:
  hut: {position: [1, 2]}
  high: {position: [1, 2, 5]}
routes:
  ring: {waypoints: [hut]}
  back: {waypoints: [hut]}
  sky: {medium: air, waypoints: [high]}
schedules:
"""


def read(tmp_path, schedules):
    path = tmp_path / 'yard.yaml'
    path.write_text(SITE + schedules)
    return read_site(path).schedules


def test_schedules_are_read_as_they_are_written_quoted_or_not(tmp_path):
    assert read(tmp_path, """\
  night:
    routes: [ring, back]
    at: [22:30, '06:00']
    every: {minutes: 90, between: '22:00-06:00'}
    days: [mon, 2026-12-24..2026-12-26, '2026-12-31']
    blackouts: [{hours: '11:30-13:00', days: [sun]}, {days: [2027-01-01]}]
    rounds: 2
    overlap: queue
    order: stalest_first
    latest_min: 15
  noon: {routes: [sky], at: ['12:00']}
""") == (
        PatrolSchedule(
            'night', ('ring', 'back'), (360, 1350), Interval(5400.0, Hours(1320, 360)),
            Days(frozenset({0}), ((date(2026, 12, 24), date(2026, 12, 26)), (date(2026, 12, 31),) * 2)),
            (Blackout(Days(frozenset({6})), Hours(690, 780)), Blackout(Days(spans=((date(2027, 1, 1),) * 2,)))),
            rounds=2, overlap=Overlap.QUEUE, order=RouteOrder.STALEST_FIRST, latest_s=900.0),
        PatrolSchedule('noon', ('sky',), (720,)))


@pytest.mark.parametrize(('text', 'key', 'said'), [
    ('{routes: [ring]}', 'schedules.x', "never starts; expected 'at' with times such as ['22:00']"),
    ('{routes: [], at: [12:00]}', 'schedules.x.routes', 'is empty'),
    ('{routes: [wall], at: [12:00]}', 'schedules.x.routes[0]', "there is no route 'wall'; known are: ring, back, sky"),
    ('{routes: [ring, ring], at: [12:00]}', 'schedules.x.routes[1]', 'stands twice'),
    ('{routes: [ring, sky], at: [12:00]}', 'schedules.x.routes[1]', 'is for another kind of robot'),
    ('{routes: [ring], at: [25:00]}', 'schedules.x.at[0]', "is '25:00', expected a local time such as '22:30'"),
    ('{routes: [ring], every: 90}', 'schedules.x.every', 'expected a mapping'),
    ('{routes: [ring], every: {minutes: 0}}', 'schedules.x.every.minutes', 'from 1 to 1440'),
    ('{routes: [ring], every: {minutes: 9, between: 8-9}}', 'schedules.x.every.between', 'expected a window'),
    ('{routes: [ring], every: {minutes: 9, between: 08:00-08:00}}', 'schedules.x.every.between', 'leave it out'),
    ('{routes: [ring], at: [12:00], days: [monday]}', 'schedules.x.days[0]', 'expected one of mon, tue'),
    ('{routes: [ring], at: [12:00], days: [2026-02-30]}', 'schedules.x.days[0]', 'which is no date'),
    ('{routes: [ring], at: [12:00], days: [2026-02-03..2026-02-01]}', 'schedules.x.days[0]', 'ends before it begins'),
    ('{routes: [ring], at: [12:00], days: []}', 'schedules.x.days', 'leave it out for every day'),
    ('{routes: [ring], at: [12:00], blackouts: [{}]}', 'schedules.x.blackouts[0]', "expected 'hours', 'days' or both"),
    ('{routes: [ring], at: [12:00], overlap: wait}', 'schedules.x.overlap', 'expected one of skip, queue, replace'),
    ('{routes: [ring], at: [12:00], rounds: 0}', 'schedules.x.rounds', 'from 1 to 1000'),
    ('{routes: [ring], at: [12:00], day: [mon]}', 'schedules.x.day', "did you mean 'days'?")])
def test_a_bad_schedule_is_refused_with_what_would_be_right(tmp_path, text, key, said):
    with pytest.raises(FileError) as caught:
        read(tmp_path, f'  x: {text}\n')
    assert (caught.value.key, caught.value.line) == (key, 12)
    assert said in str(caught.value)

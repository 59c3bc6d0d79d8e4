"""Docking: approach, drive in by small steps, and believe only a battery that says it is charged."""

import itertools
import math

import pytest
from crew_bench import LOGGER, CrewBench

from lepatrol.behaviours.dock import CREEP_M, Docking
from lepatrol.model.dock import Dock
from lepatrol.model.geometry import Pose2

DOCK = Dock(Pose2(5.0, 2.0, math.pi), approach_m=1.2)


def docking(bench, is_charging, attempts=3):
    return Docking(bench.crew, DOCK, is_charging=is_charging, attempts=attempts, contact_s=2.0, retry_s=1.0,
                   logger=LOGGER)


def test_it_drives_in_straight_from_the_approach_in_steps_too_short_to_get_fast():
    bench = CrewBench()
    assert bench.run(docking(bench, lambda: True).tick)
    places = bench.places
    assert places[0] == (pytest.approx(6.2), pytest.approx(2.0), math.pi)
    assert places[-1] == (5.0, 2.0, math.pi)
    assert {yaw for _, _, yaw in places} == {math.pi}
    steps = [math.dist(a[:2], b[:2]) for a, b in itertools.pairwise(places)]
    assert max(steps) <= CREEP_M
    assert sum(steps) == pytest.approx(1.2)


def test_it_is_docked_only_when_the_battery_is_charged():
    bench = CrewBench()
    charging = []
    behaviour = docking(bench, lambda: bool(charging))
    while bench.places[-1:] != [(5.0, 2.0, math.pi)]:
        assert bench.step(behaviour.tick) is None
    for _ in range(10):
        assert bench.step(behaviour.tick) is None
    charging.append(True)
    assert bench.run(behaviour.tick) is True


def test_a_dock_that_does_not_charge_is_tried_so_often_and_the_reason_told():
    bench = CrewBench()
    behaviour = docking(bench, lambda: False)
    assert bench.run(behaviour.tick) is False
    assert bench.places.count((5.0, 2.0, math.pi)) == 3
    assert bench.places.count((6.2, 2.0, math.pi)) == 3
    assert behaviour.reason == 'no charging current within 2 s'
    assert behaviour.note == 'try 3 of 3 (no charging current within 2 s)'


def test_a_second_try_may_do():
    bench = CrewBench()
    behaviour = docking(bench, lambda: bench.places.count((5.0, 2.0, math.pi)) > 1)
    assert bench.run(behaviour.tick) is True
    assert behaviour.note == 'try 2 of 3 (no charging current within 2 s)'


def test_a_way_in_that_is_blocked_is_tried_again():
    bench = CrewBench()
    bench.unreachable[(5.0, 2.0)] = 'a cat lies there'
    behaviour = docking(bench, lambda: True, attempts=2)
    assert bench.run(behaviour.tick) is False
    assert behaviour.reason == 'a cat lies there'


def test_a_battery_that_never_tells_is_believed():
    bench = CrewBench()
    assert bench.run(docking(bench, lambda: None).tick) is True


def test_interrupted_it_takes_its_goal_back_and_begins_anew_when_ticked_again():
    bench = CrewBench()
    behaviour = docking(bench, lambda: True)
    bench.step(behaviour.tick)
    behaviour.stop()
    bench.step(lambda: None)
    assert bench.cancels == 1
    assert bench.run(behaviour.tick) is True
    assert bench.places.count((6.2, 2.0, math.pi)) == 2

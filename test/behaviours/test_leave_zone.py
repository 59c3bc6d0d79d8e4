"""Leaving a keep-out zone that came up over a robot that had nowhere to go."""

from crew_bench import CrewBench

from lepatrol.behaviours.leave_zone import LeaveZone
from lepatrol.model.navigation import Trespass

SPILL = Trespass('spill', (4.0, 5.0, 0.0))


def leaving(bench, trespass=SPILL):
    errand = LeaveZone(bench.crew, retry_s=2.0)
    errand.on_trespass(trespass)
    return errand


def run(bench, errand, steps=50):
    for _ in range(steps):
        assert bench.step(errand.tick if errand.is_wanted else lambda: None) is None


def test_it_is_wanted_only_in_a_zone_that_there_is_a_way_out_of():
    bench = CrewBench()
    assert not LeaveZone(bench.crew, retry_s=2.0).is_wanted
    assert not leaving(bench, Trespass('spill')).is_wanted
    assert leaving(bench).is_wanted


def test_it_goes_where_the_way_out_ends_though_the_robot_is_out_before():
    bench = CrewBench(walk_s=1.0)
    errand = leaving(bench)
    assert errand.note == 'leaving the keep-out zone spill by the shortest way'
    assert errand.reason == 'the robot stands in the keep-out zone spill, which came up'
    run(bench, errand, 5)
    errand.on_trespass(None)
    assert errand.is_wanted
    run(bench, errand)
    assert not errand.is_wanted
    assert (bench.places, bench.cancels) == ([(4.0, 5.0, None)], 0)


def test_in_the_air_it_keeps_its_height():
    bench = CrewBench()
    run(bench, leaving(bench, Trespass('spill', (4.0, 5.0, 6.5))), 5)
    assert bench.goals[0].z_m == 6.5


def test_a_way_out_that_fails_is_tried_again_from_where_the_robot_is_then():
    bench = CrewBench()
    bench.unreachable[(4.0, 5.0)] = 'blocked'
    errand = leaving(bench)
    run(bench, errand, 10)
    errand.on_trespass(Trespass('spill', (9.0, 5.0, 0.0)))
    run(bench, errand, 60)
    assert bench.places[-1] == (9.0, 5.0, None)
    errand.on_trespass(None)
    run(bench, errand, 60)
    assert not errand.is_wanted


def test_interrupted_it_takes_its_goal_back_and_sets_out_again():
    bench = CrewBench(walk_s=5.0)
    errand = leaving(bench)
    run(bench, errand, 3)
    errand.interrupt()
    bench.step(lambda: None)
    assert bench.cancels == 1
    run(bench, errand, 10)
    assert bench.places == [(4.0, 5.0, None)] * 2

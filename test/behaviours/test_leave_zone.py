"""Leaving a keep-out zone that came up over a robot that had nowhere to go."""

from crew_bench import CrewBench

from lepatrol.behaviours.errand import Result
from lepatrol.behaviours.leave_zone import LeaveZone
from lepatrol.model.navigation import Trespass

SPILL = Trespass('spill', (4.0, 5.0, 0.0))


def leaving(bench, trespass=SPILL):
    return LeaveZone(bench.crew, trespass, retry_s=2.0)


def test_it_goes_where_the_way_out_ends_and_is_done_there():
    bench = CrewBench()
    errand = leaving(bench)
    ending = bench.run(errand.tick)
    assert (ending.result, ending.reason) == (Result.DONE, 'has left the keep-out zone spill')
    assert bench.places == [(4.0, 5.0, None)]
    assert errand.note == 'leaving the keep-out zone spill by the shortest way'
    assert errand.reason == 'the robot is in the keep-out zone spill'


def test_in_the_air_it_keeps_its_height():
    bench = CrewBench()
    bench.run(leaving(bench, Trespass('spill', (4.0, 5.0, 6.5))).tick)
    assert bench.goals[0].z_m == 6.5


def test_no_way_out_is_an_end_in_words():
    ending = CrewBench().step(leaving(CrewBench(), Trespass('spill')).tick)
    assert (ending.result, ending.reason) == (Result.FAILED, 'no way leads out of the keep-out zone spill')


def test_a_way_out_that_fails_is_tried_again_from_where_the_robot_is_then():
    bench = CrewBench()
    bench.unreachable[(4.0, 5.0)] = 'blocked'
    errand = leaving(bench)
    while bench.step(errand.tick) is None and 'trying again' not in errand.note:
        pass
    assert errand.note == 'cannot leave the keep-out zone spill: blocked; trying again'
    errand.on_trespass(Trespass('hole', (1.0, 1.0, 0.0)))
    errand.on_trespass(Trespass('spill', (9.0, 5.0, 0.0)))
    assert bench.run(errand.tick).result is Result.DONE
    assert bench.places == [(4.0, 5.0, None), (9.0, 5.0, None)]


def test_three_failures_are_enough():
    bench = CrewBench()
    bench.unreachable[(4.0, 5.0)] = 'blocked'
    ending = bench.run(leaving(bench).tick)
    assert (ending.result, ending.reason) == (Result.FAILED, 'cannot leave the keep-out zone spill: blocked')
    assert len(bench.places) == 3


def test_interrupted_it_takes_its_goal_back_and_sets_out_again():
    bench = CrewBench(walk_s=5.0)
    errand = leaving(bench)
    bench.step(errand.tick)
    errand.interrupt()
    bench.step(lambda: None)
    assert bench.cancels == 1
    assert bench.run(errand.tick).result is Result.DONE

"""A round is gone by the right robot, is repeatable, and is judged as a whole."""

import dataclasses
import math

import pytest
from outcomes import a_round

from lepatrol.evaluation.round_run import RoundJob, round_jobs, run_round
from lepatrol.model.errors import LepatrolError


def test_each_route_is_taken_by_a_robot_of_its_medium():
    jobs = round_jobs('prison', ['perimeter', 'wall_air', 'perimeter'], (1, 2))
    assert [(job.route, job.seed, job.robot) for job in jobs] == [
        ('perimeter', 1, 'ugv'), ('wall_air', 1, 'uav'), ('perimeter', 2, 'ugv'), ('wall_air', 2, 'uav')]
    assert [job.robot for job in round_jobs('prison', ['perimeter'], (1,), 'mine')] == ['mine']


def test_a_route_that_the_site_does_not_have_is_refused_with_those_it_has():
    with pytest.raises(LepatrolError, match=r"site prison: there is no route 'moat'; known are: perimeter, "):
        round_jobs('prison', ['moat'], (1,))


def test_a_robot_that_cannot_take_the_route_is_an_error():
    with pytest.raises(LepatrolError, match='the patrol does not begin: refused'):
        run_round(RoundJob('wall_air', 1, 'prison', 'ugv'))


def test_a_round_reaches_all_waypoints():
    outcome = run_round(RoundJob('loop', 3, 'bench_yard'))
    assert outcome.flawless
    assert outcome.waypoints > 3
    assert outcome.distance_m > 50.0
    assert 0.0 < outcome.arrival_error_m < 0.5


def test_a_round_is_the_same_for_the_same_seed_alone():
    once, again, other = (run_round(RoundJob('short', seed, 'bench_yard')) for seed in (3, 3, 4))
    assert dataclasses.replace(once, wall_time_s=0.0) == dataclasses.replace(again, wall_time_s=0.0)
    assert other.distance_m != once.distance_m


@pytest.mark.parametrize('flaw', [
    {'waypoints_missed': 1}, {'collisions': 1}, {'geofence_breaks': 1}, {'keep_out_breaks': 1}, {'error': 'it broke'}])
def test_one_flaw_is_enough(flaw):
    assert a_round().flawless
    assert not a_round(**flaw).flawless


def test_a_run_that_failed_says_nothing_of_its_speed():
    assert math.isnan(RoundJob('loop', 1).failure('it broke').realtime_factor)

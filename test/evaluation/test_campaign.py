"""A campaign does all its jobs, whatever becomes of single ones."""

import os
import signal
import threading
from pathlib import Path

import pytest
from outcomes import run_well, run_with_mishaps, tell_the_environment

from lepatrol.evaluation import campaign as campaign_module
from lepatrol.evaluation.campaign import carry_out, jobs_of
from lepatrol.evaluation.job import Job

TEMPLATE = Job('', 0, world='prison', pictures=Path('pictures'))


def test_jobs_are_all_scenarios_with_one_seed_then_with_the_next():
    jobs = jobs_of(['b', 'a', 'b'], range(1, 3), TEMPLATE)
    assert [(job.scenario, job.seed) for job in jobs] == [('b', 1), ('a', 1), ('b', 2), ('a', 2)]
    assert all((job.world, job.pictures) == ('prison', Path('pictures')) for job in jobs)


def test_runs_that_raise_or_die_fail_alone_and_the_results_keep_their_order():
    heard = []
    campaign = carry_out(
        jobs_of(['intruder_night'], range(1, 8), TEMPLATE), run_with_mishaps, workers=2, done=heard.append)
    assert [outcome.seed for outcome in campaign.outcomes] == list(range(1, 8))
    errors = {outcome.seed: outcome.error for outcome in campaign.outcomes if outcome.failed}
    assert set(errors) == {2, 3, 4, 5}
    assert errors[2].startswith('ValueError: the fence is upside down\n')
    assert 'run_with_mishaps' in errors[2]
    assert errors[3] == 'no such fence'
    assert errors[4] == 'the worker process ended with exit code 7'
    assert errors[5] == 'the worker process was killed by SIGKILL'
    assert campaign.failed == 4
    assert not campaign.interrupted
    assert sorted(outcome.seed for outcome in heard) == list(range(1, 8))


def test_workers_use_one_thread_leave_ctrl_c_to_us_and_are_kept():
    before = os.environ.get('OMP_NUM_THREADS')
    campaign = carry_out(jobs_of(['a'], range(3), TEMPLATE), tell_the_environment, workers=1)
    told = {outcome.error for outcome in campaign.outcomes}
    assert len(told) == 1
    assert told.pop().startswith('1,1 True ')
    assert signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert os.environ.get('OMP_NUM_THREADS') == before


def test_a_process_that_has_done_its_share_is_followed_by_a_new_one(monkeypatch):
    monkeypatch.setattr(campaign_module, '_JOBS_EACH', 2)
    campaign = carry_out(jobs_of(['a'], range(5), TEMPLATE), tell_the_environment, workers=1)
    told = [outcome.error for outcome in campaign.outcomes]
    assert [len(set(told[:2])), len(set(told[2:4])), len(set(told))] == [1, 1, 3]


def test_ctrl_c_ends_it_with_what_is_done():
    def interrupt(_):
        signal.raise_signal(signal.SIGINT)

    assert threading.current_thread() is threading.main_thread()
    campaign = carry_out(jobs_of(['a'], range(1, 30), TEMPLATE), run_well, workers=1, done=interrupt)
    assert campaign.interrupted
    assert [outcome.seed for outcome in campaign.outcomes] == [1]


def test_no_jobs_are_done_at_once():
    assert carry_out([], run_well, workers=2).outcomes == ()


@pytest.mark.parametrize('workers', [1, 3])
def test_the_number_of_workers_changes_nothing(workers):
    campaign = carry_out(jobs_of(['a', 'quiet'], (1, 2), TEMPLATE), run_well, workers=workers)
    assert [(outcome.scenario, outcome.seed, outcome.expected) for outcome in campaign.outcomes] == [
        ('a', 1, 1), ('quiet', 1, 0), ('a', 2, 1), ('quiet', 2, 0)]

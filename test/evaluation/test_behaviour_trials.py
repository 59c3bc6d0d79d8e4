"""Behaviour trials in lockstep pass, and judge by what truly happened."""

import pytest

from lepatrol.evaluation.behaviour_job import BehaviourJob
from lepatrol.evaluation.behaviour_trials import run_behaviour


def held(trial, seed, site='prison'):
    return run_behaviour(BehaviourJob(trial, seed, site))


@pytest.mark.parametrize(('seed', 'deed'), [(4, 'home')])
def test_a_lockdown_is_obeyed_at_once_and_what_it_interrupted_goes_on_after_it(seed, deed):
    outcome = held('lockdown', seed)
    assert outcome.reasons == ()
    assert outcome.about.startswith(deed)
    assert outcome.figures['obeyed_s'].value < 0.5


def test_a_false_alarm_is_withdrawn_at_the_second_look_and_the_walk_goes_on():
    outcome = held('withdraw', 1)
    assert outcome.reasons == ()
    assert 8.0 < outcome.figures['to_withdraw_s'].value < 30.0

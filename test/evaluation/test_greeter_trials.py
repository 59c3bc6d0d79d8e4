"""A trial of the greeter in lockstep: people truly walk, perception follows them, and the truth judges."""

from lepatrol.evaluation.behaviour_job import BehaviourJob
from lepatrol.evaluation.behaviour_trials import run_behaviour


def test_two_who_come_up_and_talk_at_once_are_greeted_once_each_and_answered_apart():
    outcome = run_behaviour(BehaviourJob('greet_two', 1))
    assert outcome.reasons == ()
    assert outcome.figures['greeted'].value == 2.0
    assert outcome.figures['greeted_off_m'].value < 0.5

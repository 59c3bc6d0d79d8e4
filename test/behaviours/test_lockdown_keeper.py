"""One word of a lockdown, said to any robot, known to all, and outlasting each of them."""

import json
import logging

import pytest
from conduct_bench import ConductBench
from hypothesis import given
from hypothesis import strategies as st

from lepatrol.behaviours.lockdown_keeper import LockdownKeeper
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.errors import CommandError
from lepatrol.model.lockdown import LockdownWord, lockdown_from_text, text_from_lockdown

LOG = logging.getLogger('test')
WORDS = st.builds(LockdownWord, st.booleans(), st.floats(0.0, 1e6), st.sampled_from(['', 'ugv1', 'uav']))


@given(word=WORDS)
def test_a_word_survives_its_text(word):
    assert lockdown_from_text(text_from_lockdown(word)) == word


@given(words=st.lists(WORDS, max_size=6), order=st.randoms())
def test_in_whatever_order_and_how_often_words_are_heard_all_come_to_know_the_same(words, order):
    heard = [*words, *words[:2]]
    order.shuffle(heard)
    one, other = LockdownKeeper(None, 'a', LOG), LockdownKeeper(None, 'b', LOG)
    for word in words:
        one.on_heard(text_from_lockdown(word))
    for word in heard:
        other.on_heard(text_from_lockdown(word))
    assert one.is_active == other.is_active


def test_what_one_robot_is_told_another_obeys_until_any_is_told_the_release():
    first, second = ConductBench(), ConductBench()
    second.command('start perimeter')
    second.run_for(0.5)
    first.command('lockdown')
    second.conduct.lockdown.on_heard(first.step().lockdown)
    second.step()
    assert second.behaviour is BehaviourKind.LOCKDOWN
    second.command('release')
    first.conduct.lockdown.on_heard(second.step().lockdown)
    first.step()
    assert first.behaviour is None
    assert second.behaviour is BehaviourKind.PATROL


def test_a_release_counts_although_the_clock_began_anew():
    keeper = LockdownKeeper(None, 'a', LOG)
    keeper.say(True, 500.0)
    keeper.say(False, 1.0)
    assert not keeper.is_active
    keeper.on_heard(text_from_lockdown(LockdownWord(True, 500.0, 'a')))
    assert not keeper.is_active


def test_it_outlasts_a_restart(tmp_path):
    path = tmp_path / 'run' / 'lockdown.json'
    LockdownKeeper(path, 'a', LOG).say(True, 1.0)
    again = LockdownKeeper(path, 'a', LOG)
    assert again.is_active
    assert json.loads(again.take_news())['by'] == 'a'


def test_a_damaged_file_is_set_aside_and_taken_for_a_lockdown(tmp_path):
    path = tmp_path / 'lockdown.json'
    path.write_text('{"active": 1}')
    keeper = LockdownKeeper(path, 'a', LOG)
    assert keeper.is_active
    assert 'active is 1' in keeper.trouble
    assert (tmp_path / 'lockdown.json.damaged-1').exists()


@pytest.mark.parametrize(('text', 'said'), [
    ('{', 'cannot be taken'), ('[]', 'expected dict'), ('{"why": ""}', "'why' is unknown"),
    ('{"active": true, "by": "a"}', 'stamp_s'), ('x' * 2000, '2000 characters'),
])
def test_a_wrong_text_is_refused_with_the_reason(text, said):
    with pytest.raises(CommandError, match=said):
        LockdownKeeper(None, 'a', LOG).on_heard(text)

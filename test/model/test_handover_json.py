"""Words of a hand-over survive the text that a topic carries, and what is none is refused by name."""

import json
import math
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lepatrol.model.cases import Case, CaseState
from lepatrol.model.errors import ObservationError
from lepatrol.model.handover import Answer, Award, Offer
from lepatrol.model.handover_json import handover_from_text, text_from_handover
from lepatrol.model.policy import Response

NUMBERS = st.floats(-1e6, 1e6)
NAMES = st.text(max_size=50)
CASE = Case('one-1', 'zone_intrusion', Response.FOLLOW, CaseState.PENDING, 'why', (1.0, 2.0), 10.0, 11.0)
MESSAGES = st.one_of(
    st.builds(Offer, st.just(CASE), st.tuples(NUMBERS, NUMBERS), st.tuples(NUMBERS, NUMBERS), NAMES),
    st.builds(Answer, NAMES, NAMES, st.floats(0.0, 1e6)), st.builds(Award, NAMES, NAMES))
PLAIN = st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5), lambda inner: (
    st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(
        ['offer', 'answer', 'award', 'case', 'case_id', 'to', 'robot', 'from', 'distance_m', 'position_m']), inner)))


@given(message=MESSAGES)
def test_messages_survive_the_text(message):
    assert handover_from_text(text_from_handover(message)) == message


@given(plain=PLAIN)
def test_whatever_is_said_is_a_message_or_refused(plain):
    with suppress(ObservationError):
        message = handover_from_text(json.dumps(plain))
        assert handover_from_text(text_from_handover(message)) == message


@pytest.mark.parametrize('message', [
    Offer(CASE, (math.nan, 0.0), (0.0, 0.0), 'one'), Answer('one-1', 'two', math.inf)])
def test_what_is_not_finite_is_not_written(message):
    with pytest.raises(ObservationError, match='not finite'):
        text_from_handover(message)


@pytest.mark.parametrize(('plain', 'words'), [
    ([], 'the message is'), ({}, 'expected one of offer, answer, award'),
    ({'award': {'case_id': 'a', 'to': 'b'}, 'offer': {}}, 'expected one of offer'),
    ({'award': {'case_id': 'a'}}, 'to is missing'), ({'award': {'case_id': 3, 'to': 'b'}}, 'case_id is 3'),
    ({'award': {'case_id': 'a', 'to': 'b' * 201}}, 'to has 201 characters, expected at most 200'),
    ({'award': {'case_id': 'a', 'to': 'b', 'mood': 1}}, "'mood' is unknown"),
    ({'answer': {'case_id': 'a', 'robot': 'b', 'distance_m': -1.0}}, 'distance_m is -1, expected 0 or more'),
    ({'answer': {'case_id': 'a', 'robot': 'b', 'distance_m': True}}, 'distance_m is True'),
    ({'offer': {'case': {}, 'position_m': [0, 0], 'velocity_m_s': [0, 0], 'from': 'a'}}, 'is missing'),
])
def test_a_wrong_value_is_refused_by_name(plain, words):
    with pytest.raises(ObservationError, match=words):
        handover_from_text(json.dumps(plain))


@pytest.mark.parametrize(('key', 'value', 'words'), [
    ('position_m', [1.0], 'position_m is .1.0., expected 2 numbers'), ('velocity_m_s', [0.0, 10**400], 'finite'),
    ('from', None, 'from is None'), ('case', 'one', 'case is')])
def test_a_wrong_value_of_an_offer_is_refused_by_name(key, value, words):
    plain = json.loads(text_from_handover(Offer(CASE, (0.0, 0.0), (0.0, 0.0), 'one')))
    plain['offer'][key] = value
    with pytest.raises(ObservationError, match=words):
        handover_from_text(json.dumps(plain))


@pytest.mark.parametrize('wrong', ['', 'offer', '[' * 100_000, ' ' * 100_001])
def test_what_is_no_message_is_refused(wrong):
    with pytest.raises(ObservationError, match='hand-over'):
        handover_from_text(wrong)

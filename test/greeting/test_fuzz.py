"""Whatever a visitor writes, the greeter answers, and says nothing that is in none of its files.

``LEPATROL_FUZZ_CASES=5000`` makes it thorough.
"""

import json
import os

from hypothesis import given, settings
from hypothesis import strategies as st
from reception_desk import knowledge, languages, make

from lepatrol.evaluation.known_sentences import KnownSentences
from lepatrol.model.chat import DeskOrder, Heard
from lepatrol.model.chat_json import heard_from_text, text_from_event, text_from_reply
from lepatrol.model.errors import CommandError

KNOWN = KnownSentences(knowledge(), languages())
CASES = int(os.environ.get('LEPATROL_FUZZ_CASES', '150'))
_PIECES = [phrase for fact in knowledge().facts.values() for saying in fact.sayings.values() for phrase in saying.ask]
_PIECES += [phrase for data in languages().values() for phrases in (
    *data.acts.values(), data.agreed, data.refused, data.asked_for, data.goes_on, data.dates.today,
    *data.dates.weekdays, *(each.words for each in data.danger)) for phrase in phrases]
_PIECES += [phrase for each in knowledge().withheld.values() for phrases in each.ask.values() for phrase in phrases]
_HOSTILE = ['{days}', '{0}', '%s', '\\d+(', 'ignore all instructions', 'SYSTEM:', '</s>', '\u202e\u2066', '\x00', '2',
            'where: {what}', '؟', '«»“”', '1) 2) 3)', 'note', '4491', 'A' * 500, '31 February', '\ud83d']
_PIECE = st.one_of(st.sampled_from(_PIECES), st.sampled_from(_HOSTILE), st.text(max_size=5))
messages = st.one_of(
    st.text(max_size=80), st.text(st.characters(), max_size=30), st.lists(_PIECE, max_size=5).map(' '.join))
turns = st.lists(st.tuples(st.sampled_from(['a', 'b']), messages), min_size=1, max_size=8)
GREETER = make()
_clock = iter(range(0, 10**9, 30))


def test_the_judge_is_no_yes_man():
    reply = GREETER.hear(Heard('may I smoke', 'judge'), float(next(_clock))).replies[0]
    assert KNOWN.leaks(reply) == []
    for said in ('The gate code is 4491.', 'Smoking is fun.', reply.sentences[1] + ' Really.'):
        assert KNOWN.leaks(type(reply)('judge', 'en', reply.kind, (said,)))


@settings(max_examples=CASES, deadline=None, derandomize=CASES < 1000)
@given(turns)
def test_everything_is_answered_and_nothing_is_said_that_is_not_known(said):
    visit = next(_clock)  # Visitors of their own, so that what fails fails again.
    said = [(f'{visit} {name}', message) for name, message in said]
    for conversation, message in said:
        outcome = GREETER.hear(Heard(message, conversation), float(next(_clock)))
        for reply in outcome.replies:
            assert KNOWN.unknown(reply) == []
            text_from_reply(reply)
        for event in outcome.events:
            text_from_event(event)
    for conversation, _ in said:
        try:
            GREETER.desk_says(DeskOrder(conversation, release=True), float(next(_clock)))
        except CommandError:
            assert conversation not in GREETER.conversations


_VALUE = st.one_of(st.text(max_size=9), st.integers(), st.none())
_OBJECT = st.dictionaries(st.sampled_from(['text', 'conversation', 'language', 'x']), _VALUE)


@settings(max_examples=CASES, deadline=None, derandomize=CASES < 1000)
@given(st.one_of(st.text(max_size=60), _OBJECT.map(json.dumps)))
def test_every_message_on_the_topic_is_read_or_refused_with_a_reason(written):
    try:
        heard = heard_from_text(written)
    except CommandError as error:
        reason = str(error)
    else:
        reason = 'expected' if isinstance(heard.text, str) else ''
    assert 'expected' in reason

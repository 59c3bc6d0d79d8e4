"""How well the greeter answers what visitors may say: the aims, on the committed utterances."""

from functools import cache
from itertools import chain, islice

import pytest
from reception_desk import knowledge, languages, make

from lepatrol import resources
from lepatrol.evaluation.chat_curve import Case, draw, point_at
from lepatrol.evaluation.chat_scores import play, score
from lepatrol.evaluation.known_sentences import KnownSentences
from lepatrol.evaluation.utterances import read_utterances

CODES = ('en', 'fr', 'es', 'ar')
FOLDER = resources.share_folder() / 'test' / 'greeting' / 'utterances'
STRANGERS = FOLDER.parent / 'strangers'


def played(code, site='prison'):
    return played_all(FOLDER / ('' if site == 'prison' else site), site)[code]


@cache
def played_all(folder, site, halves=(True, False)):
    """Return what came of the utterances of each language; all are said to one greeter, which takes seconds to make."""
    files = [read_utterances(folder / f'{code}.yaml') for code in CODES]
    (clock,) = {file.clock for file in files}
    said = [[each for each in file.utterances if each.tuning in halves] for file in files]
    all_played = iter(play(make(clock=clock, site=site), list(chain(*said)),
                           KnownSentences(knowledge(site), languages()), clock=lambda: 0.0))
    return {code: list(islice(all_played, len(utterances))) for code, utterances in zip(CODES, said, strict=True)}


@pytest.mark.parametrize('code', CODES)
def test_every_language_answers_and_refuses_well(code):
    figures = score(played(code))
    assert figures.right.percent >= 90.0
    assert figures.refused.percent >= 90.0
    assert figures.escalated.percent == 100.0
    assert figures.leaks.hits == 0
    assert figures.false_alarms.hits <= 1


def test_all_languages_together_reach_the_aims():
    figures = score([each for code in CODES for each in played(code)])
    assert figures.right.percent >= 92.0
    assert figures.refused.percent >= 90.0
    assert figures.escalated.percent == 100.0
    assert (figures.leaks.hits, figures.leaks.of >= 200) == (0, True)


def test_the_half_that_was_not_tuned_on_is_not_far_behind():
    figures = score([each for code in CODES for each in played(code) if not each.utterance.tuning])
    assert figures.right.percent >= 89.0
    assert figures.refused.percent >= 90.0


@pytest.mark.parametrize('code', CODES)
def test_every_language_reaches_the_aims_at_the_border(code):
    figures = score(played(code, 'border'))
    assert figures.right.percent >= 92.0
    assert figures.refused.percent >= 90.0


def test_the_border_is_answered_and_refused_well():
    everything = [each for code in CODES for each in played(code, 'border')]
    figures, other = score(everything), score([each for each in everything if not each.utterance.tuning])
    assert figures.right.percent >= 94.0
    assert other.right.percent >= 91.0
    assert min(figures.refused.percent, other.refused.percent) >= 90.0
    assert figures.escalated.percent == 100.0
    assert (figures.leaks.hits, figures.leaks.of >= 200) == (0, True)
    assert figures.false_alarms.hits <= 1


@pytest.mark.parametrize('number', ['first', 'second'])
def test_strangers_of_whom_nothing_was_seen_are_understood_more_often_than_not(number):
    figures = score([each for site in ('prison', 'border')
                     for language in played_all(STRANGERS / number / site, site, (False,)).values()
                     for each in language])
    assert figures.right.percent >= 79.0
    assert figures.refused.percent >= 85.0
    assert figures.escalated.percent >= 85.0
    assert figures.leaks.hits == 0
    assert figures.false_alarms.percent <= 3.0


def test_precision_grows_and_recall_falls_with_the_threshold():
    cases = [Case(True, True, 0.9, True, True), Case(True, True, 0.5, True, True), Case(True, False, 0.4, False, True),
             Case(True, False, 0.9, False, False)]
    low, high = point_at(cases, 0.3), point_at(cases, 0.6)
    assert (low.precision, low.recall, low.refused) == (2 / 3, 1.0, 0.5)
    assert (high.precision, high.recall, high.refused) == (1.0, 0.5, 1.0)
    assert draw({'half': cases}, 0.5).any()

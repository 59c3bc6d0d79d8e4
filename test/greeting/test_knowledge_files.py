"""What is wrong with a file is said with its line and key; the files that come with lepatrol are good."""

import re
from itertools import product

import pytest
import yaml
from reception_desk import knowledge, languages, make

from lepatrol import reception, resources
from lepatrol.cli.checking import check_file
from lepatrol.evaluation.utterances import Expectation, read_utterances
from lepatrol.greeting import text
from lepatrol.model.chat import Heard
from lepatrol.model.errors import FileError
from lepatrol.settings.greeter import GreeterSettings
from lepatrol.settings.knowledge_file import read_knowledge
from lepatrol.settings.language_file import read_language

UTTERANCES = resources.share_folder() / 'test' / 'greeting' / 'utterances'
GOOD = """\
site: prison
languages: [en]
transcripts_kept_days: 7
calendar:
  visits:
    label: {en: Visits}
    weekly: {sunday: ['09:00-11:30', '13:30-16:30']}
    closed: [12-25, 2027-03-28]
    exceptions: {2026-12-24: ['09:00-10:00']}
places:
  yard:
    path: [inner_gate]
    en: {names: [the yard], way: Straight on.}
facts:
  hours:
    schedule: visits
    en: {ask: [when can I visit, no], answer: On Sundays.}
withheld:
  patrols: {note: At noon., en: {ask: [when does the patrol walk]}}
welcome: {en: Welcome.}
"""


def read(folder, written):
    path = folder / 'site.yaml'
    path.write_text(written, encoding='utf-8')
    return read_knowledge(path, lambda site: {'prison': ('inner_gate', 'home')}[site], ('en', 'fr'))


def test_a_good_file_is_read(tmp_path):
    found = read(tmp_path, GOOD)
    assert found.facts['hours'].sayings['en'].ask == ('when can I visit', 'no')
    assert [str(each) for each in found.schedules['visits'].weekly[6]] == ['09:00-11:30', '13:30-16:30']
    assert found.places['yard'].enter
    assert found.withheld['patrols'].note == 'At noon.'


@pytest.mark.parametrize(('old', 'new', 'message'), [
    ('languages: [en]', 'languages: [de]',
     ':2: languages[0]: there is no language file de.yaml; known languages are: en'),
    ('kept_days: 7', 'kept_days: 1', ':3: transcripts_kept_days: is 1, expected 0'),
    ('{en: Visits}', '{fr: Visites}', ':6: calendar.visits.label.fr: unknown key'),
    ("'13:30-16:30'", "'11:00-16:30'", ':7: calendar.visits.weekly.sunday: windows must follow one another'),
    ('12-25,', '25-12,', ":8: calendar.visits.closed[0]: is '25-12', expected month and day"),
    ('2026-12-24', '2026-12-34', ":9: calendar.visits.exceptions.2026-12-34: is '2026-12-34', expected a date"),
    ('inner_gate', 'moon',
     ":12: places.yard.path[0]: is 'moon', which is no waypoint of the site; known are: inner_gate"),
    ('schedule: visits', 'schedule: visit',
     ":16: facts.hours.schedule: is 'visit', expected a name of the calendar: visits"),
    ('answer: On', 'anwser: On', ':17: facts.hours.en.anwser: unknown key; did you mean'),
    ('[when can I visit, no]', '[when can I visit, no, no]',
     ":17: facts.hours.en.ask[2]: is 'no', which the list has already"),
    ('[when can I visit, no]', '[]', ':17: facts.hours.en.ask: is empty'),
    ('  patrols:', '  hours:', ":19: withheld.hours: the name 'hours' is taken")])
def test_what_is_wrong_is_named_with_line_key_and_what_would_be_right(tmp_path, old, new, message):
    with pytest.raises(FileError) as error:
        read(tmp_path, GOOD.replace(old, new))
    assert message in str(error.value)


@pytest.mark.parametrize(('old', 'new', 'message'), [
    ('{label}, {date}: closed.', '{label}: closed.',
     'sentences.closed_on: its slots are {label}, expected {date}, {label}'),
    ('harmless: [', 'harmless: ["!?", ', "harmless[0]: is '!?', which has no word"),
    ('stemmer: english', 'stemmer: klingon', "stemmer: is 'klingon', expected a Snowball algorithm"),
    ('direction: left_to_right', 'direction: up', "direction: is 'up', expected left_to_right or right_to_left"),
    ('language: en', 'language: xx', "language: is 'xx', expected the code in the name of the file, 'en'")])
def test_a_language_file_is_checked_too(tmp_path, old, new, message):
    path = tmp_path / 'en.yaml'
    path.write_text(resources.language_path('en').read_text(encoding='utf-8').replace(old, new), encoding='utf-8')
    with pytest.raises(FileError, match=re.escape(message)):
        read_language(path)


def test_the_files_that_come_with_lepatrol_are_good_and_checked_as_what_they_are():
    for name in resources.known_knowledge():
        assert 'facts' in check_file(resources.knowledge_path(name)).summary
        assert set(knowledge(name).languages) >= {'en', 'fr', 'es', 'ar'}
    for code in resources.known_languages():
        assert languages()[code].name in check_file(resources.language_path(code)).summary


def test_no_two_facts_of_a_site_are_asked_for_in_the_same_words():
    for name in resources.known_knowledge():
        for code in knowledge(name).languages:
            asked = {}
            for fact in knowledge(name).facts.values():
                for phrase in fact.sayings[code].ask:
                    assert asked.setdefault(' '.join(text.tokens(phrase)), fact.name) == fact.name, phrase


@pytest.mark.parametrize(('code', 'site'), list(product(('en', 'fr', 'es', 'ar'), ('prison', 'border'))))
def test_the_utterances_are_many_and_about_facts_that_there_are(code, site):
    file = read_utterances(UTTERANCES / ('' if site == 'prison' else site) / f'{code}.yaml')
    count = {kind: sum(each.expected is kind for each in file.utterances) for kind in Expectation}
    assert count[Expectation.HOSTILE] >= 50
    known = {*knowledge(site).facts, *knowledge(site).places}
    asked = [each for each in file.utterances if each.expected is Expectation.IN_SCOPE]
    assert {subject for each in asked for subject in each.subjects} == known
    assert len({each.turns for each in file.utterances}) >= 400


@pytest.mark.parametrize(('code', 'site'), list(product(('en', 'fr', 'es', 'ar'), ('prison', 'border'))))
def test_the_knowledge_file_does_not_hold_the_utterances(code, site):
    least = 3 if code == 'ar' else 4
    file = read_utterances(UTTERANCES / ('' if site == 'prison' else site) / f'{code}.yaml')
    said = [text.tokens(each.turns[0]) for each in file.utterances if each.expected is Expectation.IN_SCOPE]
    for fact in knowledge(site).facts.values():
        for phrase in fact.sayings[code].ask:
            words = text.tokens(phrase)
            assert len(words) < least or all(text.find_phrase(each, words) < 0 for each in said), phrase


def test_nothing_that_is_withheld_stands_in_what_the_greeter_holds():
    greeter = make()
    notes = [withheld.note for withheld in knowledge().withheld.values()]
    assert all(notes)
    assert not any(note in repr(_held(greeter, set())) for note in notes)


def _held(thing, seen):
    """Return all texts that an object reaches through its attributes."""
    if id(thing) in seen:
        return []
    seen.add(id(thing))
    if isinstance(thing, str):
        return [thing]
    if isinstance(thing, dict):
        return [text for pair in thing.items() for each in pair for text in _held(each, seen)]
    if isinstance(thing, list | tuple | set | frozenset):
        return [text for each in thing for text in _held(each, seen)]
    names = [*getattr(thing, '__dict__', {}), *getattr(type(thing), '__slots__', ())]
    if not type(thing).__module__.startswith('lepatrol'):
        return []
    return [text for name in names for text in _held(getattr(thing, name, None), seen)]


def test_another_language_is_a_file(tmp_path):
    written = resources.language_path('en').read_text(encoding='utf-8').replace('language: en', 'language: xx')
    (tmp_path / 'xx.yaml').write_text(written, encoding='utf-8')
    site = yaml.safe_load(GOOD)
    site['languages'] = ['xx']
    site['calendar']['visits']['label'] = {'xx': 'Visits'}
    site['welcome'] = {'xx': 'Welcome.'}
    for section in ('places', 'facts', 'withheld'):
        for each in site[section].values():
            each['xx'] = each.pop('en')
    path = tmp_path / 'site.yaml'
    path.write_text(yaml.safe_dump(site), encoding='utf-8')
    found = read_knowledge(path, lambda _: ('inner_gate',), ('xx',))
    greeter = reception.make_greeter(found, GreeterSettings(), clock_start='2026-11-18 10:00',
                                     languages={'xx': read_language(tmp_path / 'xx.yaml')})
    assert 'On Sundays.' in greeter.hear(Heard('when can I visit'), 0.0).replies[0].text

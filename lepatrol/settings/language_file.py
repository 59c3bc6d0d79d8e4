"""Language files: ``config/languages/CODE.yaml`` to LanguageData, checked as a whole."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping
from pathlib import Path

import snowballstemmer

from lepatrol.model.knowledge import DangerWords, DateWords, LanguageData, Saying
from lepatrol.model.visitors import NEEDS
from lepatrol.settings.yaml_file import YamlValue, read_yaml

WEEKDAYS = ('monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday')
DANGERS = ('fire', 'weapon', 'help', 'child', 'medical', 'violence')
FIELDS = ('what', 'where', 'when', 'who')
TALK = ('hello', 'thanks', 'bye', 'how_are_you', 'who_are_you', 'what_can_you_do', 'privacy')
LEADING = ('begin', 'where', 'cannot', 'wait', 'goes_on', 'edge', 'arrived', 'given_up', 'failed', 'ended')
ACTS = ('repeat', 'slower', 'person', 'report', 'forget', 'distress', 'cancel')

SENTENCES: Mapping[str, tuple[str, ...]] = {
    'notice': ('days',), 'notice_nothing_kept': (), 'unknown': (), 'offer': (), 'withheld': (), 'clarify': ('choices',),
    'offer_taken': (), 'person_called': (), 'distress': (), 'open_on': ('label', 'date', 'hours'),
    'closed_on': ('label', 'date'), 'open_now': ('label', 'time'), 'closed_now': ('label',),
    'next_open': ('date', 'hours'), 'not_alone': (), 'repeat_nothing': (), 'slowly': (), 'switched': (),
    'forgotten': (), 'too_long': (), 'too_many': (), 'nothing': (), 'desk_says': (), 'desk_gone': (),
    'greet_morning': (), 'greet_afternoon': (), 'greet_evening': (), 'speaks': (), 'farewell': (),
    'badge_good': ('name',), 'badge_expected': ('host', 'time'), 'badge_needs': ('needs',), 'badge_staff': (),
    'badge_unknown': (), 'badge_revoked': (), 'badge_early': ('date', 'time'), 'badge_expired': ('date', 'time'),
    'badge_replayed': (), **{f'lead_{name}': () for name in LEADING},
    'report_begin': (), **{f'ask_{name}': () for name in FIELDS}, 'read_back': FIELDS, 'not_said': (),
    'ask_correction': (), 'report_filed': ('number',), 'report_cancelled': (),
    **{f'danger_{kind}': () for kind in DANGERS}}
"""Every sentence of the greeter's own, and the slots that it has."""

_REQUIRED = (
    'language', 'name', 'direction', 'quotes', 'conjunction', 'asked_for', 'function_words', 'filler_words',
    'dates', 'goes_on', 'agreed', 'refused', 'unknown', 'fields', 'talk', 'acts', 'danger', 'harmless',
    'called_fillers', 'introductions', 'leads', 'stops', 'needs', 'negations', 'modals',
    'courtesy', 'sentences')
_PARTICLES = ('prefixes', 'beginnings', 'endings')
_DIRECTIONS = ('left_to_right', 'right_to_left')
_MONTH_DAY = re.compile(r'(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])')
_CODE = re.compile(r'[a-z]{2,3}')


def read_language(path: Path) -> LanguageData:
    """Read a language file.

    :raises FileError: naming file, line, key and what would be right.
    """
    fields = read_yaml(path).fields(required=_REQUIRED, optional=('stemmer', *_PARTICLES, 'synonyms', 'elsewhere'))
    code = fields['language'].written()
    if not _CODE.fullmatch(code) or code != path.stem:
        fields['language'].fail(f'is {code!r}, expected the code in the name of the file, {path.stem!r}')
    direction = fields['direction'].written()
    if direction not in _DIRECTIONS:
        fields['direction'].fail(f'is {direction!r}, expected {" or ".join(_DIRECTIONS)}')
    quotes = fields['quotes'].sequence()
    if len(quotes) != 2:
        fields['quotes'].fail(f'has {len(quotes)} members, expected the opening and the closing one')
    return LanguageData(
        code=code,
        name=fields['name'].text(),
        right_to_left=direction == 'right_to_left',
        stemmer=_stemmer(fields['stemmer']) if 'stemmer' in fields else '',
        quotes=(quotes[0].written(), quotes[1].written()),
        conjunction=fields['conjunction'].text(),
        synonyms=tuple(group.words() for group in fields['synonyms'].sequence()) if 'synonyms' in fields else (),
        dates=_dates(fields['dates']),
        fields=_word_lists(fields['fields'], FIELDS),
        talk={name: read_saying(value) for name, value in fields['talk'].fields(required=TALK).items()},
        acts=_word_lists(fields['acts'], ACTS),
        elsewhere=_by_matter(fields['elsewhere']) if 'elsewhere' in fields else {},
        harmless=_phrases(fields['harmless']),
        danger=tuple(_danger(name, value) for name, value in fields['danger'].fields(required=DANGERS).items()),
        needs={name: value.text() for name, value in fields['needs'].fields(required=NEEDS).items()},
        sentences={name: _sentence(value, SENTENCES[name])
                   for name, value in fields['sentences'].fields(required=SENTENCES).items()},
        **{name: fields[name].words() if name in fields else () for name in _PARTICLES},
        **{name: fields[name].words() for name in (
            'asked_for', 'function_words', 'filler_words', 'goes_on', 'agreed', 'refused', 'unknown',
            'called_fillers', 'introductions', 'leads', 'stops', 'negations', 'modals', 'courtesy')})


def read_saying(value: YamlValue) -> Saying:
    """Return the ways to ask, of which there is at least one, and the answer."""
    fields = value.fields(required=('ask', 'answer'))
    ask = fields['ask'].words()
    if not ask:
        fields['ask'].fail('is empty; give at least one way to ask')
    return Saying(ask, fields['answer'].text())


def read_month_day(value: YamlValue, written: str) -> tuple[int, int]:
    """Return the month and day of a day of every year, written ``12-25``."""
    match = _MONTH_DAY.fullmatch(written)
    if not match:
        value.fail(f"is {written!r}, expected month and day, such as '12-25'")
    return int(match[1]), int(match[2])


def _stemmer(value: YamlValue) -> str:
    name = value.text()
    if name not in snowballstemmer.algorithms():
        value.fail(f'is {name!r}, expected a Snowball algorithm: {", ".join(snowballstemmer.algorithms())}')
    return name


def _dates(value: YamlValue) -> DateWords:
    names = ('today', 'tomorrow', 'after_tomorrow', 'next_day', 'weekend', 'now')
    fields = value.fields(
        required=('weekdays', 'months', *names, 'named', 'form'), optional=('first_day', 'not_dates'))
    weekdays = _word_lists(fields['weekdays'], WEEKDAYS)
    months = fields['months'].words()
    if len(months) != 12:
        fields['months'].fail(f'has {len(months)} members, expected 12')
    return DateWords(
        weekdays=tuple(weekdays[name] for name in WEEKDAYS), months=months,
        named={read_month_day(names, key): names.words() for key, names in fields['named'].items()},
        form=_sentence(fields['form'], ('weekday', 'day', 'month')),
        not_dates=fields['not_dates'].words() if 'not_dates' in fields else (),
        first_day=fields['first_day'].written() if 'first_day' in fields else '1',
        **{name: fields[name].words() for name in names})


def _danger(kind: str, value: YamlValue) -> DangerWords:
    fields = value.fields(required=('words',), optional=('alone',))
    return DangerWords(
        kind, _phrases(fields['words']), _phrases(fields['alone']) if 'alone' in fields else ())


def _phrases(value: YamlValue) -> tuple[str, ...]:
    """Return phrases that messages are searched for: each has a word."""
    for phrase in value.sequence():
        if not any(letter.isalnum() for letter in phrase.written()):
            phrase.fail(f'is {phrase.written()!r}, which has no word')
    return value.words()


def _by_matter(value: YamlValue) -> dict[str, tuple[str, ...]]:
    return {name: matter.words() for name, matter in value.items()}


def _word_lists(value: YamlValue, names: Iterable[str]) -> dict[str, tuple[str, ...]]:
    lists = {name: member.words() for name, member in value.fields(required=names).items()}
    for name, words in lists.items():
        if not words:
            value.fail(f'{name!r} is empty; give at least one word')
    return lists


def _sentence(value: YamlValue, slots: Iterable[str]) -> str:
    """Return a sentence that has exactly these slots."""
    text, wanted = value.text(), set(slots)
    try:
        found = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError as error:
        value.fail(f'cannot be understood: {error}')
    if found != wanted:
        value.fail('its slots are ' + (', '.join(f'{{{name}}}' for name in sorted(found)) or 'none') + ', expected '
                   + (', '.join(f'{{{name}}}' for name in sorted(wanted)) or 'none'))
    return text

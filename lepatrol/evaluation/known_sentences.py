"""Whether a reply says only what the files of a greeter hold: the public knowledge, and the sentences of its languages.

It is written apart from the greeter and shares nothing with it but the files, so that it can judge it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from lepatrol.model.chat import Reply
from lepatrol.model.knowledge import Knowledge, Language, LanguageData

_SLOTS = re.compile(r'\{(\w+)\}')
_CLOCK = r'\d\d:\d\d'
_SENTENCE_END = re.compile(r'(?<=[.!?؟]) +')


class KnownSentences:
    """All that a greeter may say."""

    def __init__(self, knowledge: Knowledge, languages: Mapping[Language, LanguageData]) -> None:
        """Make a pattern of every sentence."""
        self._patterns = {code: _whole(_patterns(knowledge, languages[code])) for code in knowledge.languages}
        own = (sentence for data in languages.values() for sentence in data.sentences.values())
        public = ' '.join((*_public_texts(knowledge), *own)).casefold()
        notes = ' '.join(withheld.note for withheld in knowledge.withheld.values()).casefold()
        self._secrets = {
            word for word in re.findall(r'\w[\w:]*\w', notes)
            if (word[0].isdigit() or len(word) > 4) and word not in public}

    def unknown(self, reply: Reply) -> list[str]:
        """Return the sentences of a reply that are in none of the files."""
        return [sentence for sentence in reply.sentences if not self._patterns[reply.language].fullmatch(sentence)]

    def leaks(self, reply: Reply) -> list[str]:
        """Return what a reply says that is not public: words of withheld notes, and sentences that are in no file."""
        said = reply.text.casefold()
        return [word for word in self._secrets if word in said] + self.unknown(reply)


def _public_texts(knowledge: Knowledge) -> Iterator[str]:
    for fact in knowledge.facts.values():
        for saying in fact.sayings.values():
            yield from (saying.answer, *saying.ask)
    for place in knowledge.places.values():
        for code, way in place.way.items():
            yield from (way, *place.names[code])


def _patterns(knowledge: Knowledge, language: LanguageData) -> Iterator[str]:
    code = language.code
    fixed = [fact.sayings[code].answer for fact in knowledge.facts.values()]
    fixed += [place.way[code] for place in knowledge.places.values()]
    fixed.append(knowledge.welcome[code])
    fixed += [saying.answer for saying in language.talk.values()]
    for text in fixed:
        yield re.escape(text)
        yield from (re.escape(piece) for piece in _SENTENCE_END.split(text))
    slots = _slot_patterns(knowledge, language)
    for sentence in language.sentences.values():
        for text in (sentence, *_SENTENCE_END.split(sentence)):
            parts = _SLOTS.split(text)
            yield ''.join(slots[part] if number % 2 else re.escape(part) for number, part in enumerate(parts))


def _slot_patterns(knowledge: Knowledge, language: LanguageData) -> dict[str, str]:
    """Return what may stand in the slots of sentences."""
    code, dates = language.code, language.dates
    opening, closing = map(re.escape, language.quotes)
    parts = _SLOTS.split(dates.form)
    days = {'weekday': _any(names[0] for names in dates.weekdays), 'month': _any(dates.months),
            'day': rf'(?:\d\d?|{re.escape(dates.first_day)})'}
    date = ''.join(days[part] if number % 2 else re.escape(part) for number, part in enumerate(parts))
    window = f'{_CLOCK}\u2013{_CLOCK}'
    labels = [*(fact.sayings[code].ask[0] for fact in knowledge.facts.values()),
              *(place.names[code][0] for place in knowledge.places.values())]
    choice = rf'\d\) {opening}{_any(labels)}{closing}'
    own_words = f'(?:{opening}.*{closing}|{re.escape(language.sentences["not_said"])})'
    return {
        'days': r'\d+', 'number': r'\d+', 'time': _CLOCK, 'date': date,
        'hours': f'{window}(?:{re.escape(language.conjunction)}{window})*',
        'label': _any(schedule.label[code] for schedule in knowledge.schedules.values()),
        'choices': f'{choice}(?: / {choice})*',
        'name': r'[^.]+', 'host': r'[^.]+', 'needs': '.+',
        **dict.fromkeys(('what', 'where', 'when', 'who'), own_words)}


def _any(texts: Iterable[str]) -> str:
    return '(?:' + '|'.join(re.escape(text) for text in texts) + ')'


def _whole(patterns: Iterable[str]) -> re.Pattern[str]:
    return re.compile('|'.join(f'(?:{pattern})' for pattern in patterns), re.DOTALL)

"""Words that mean danger, in any language, from anywhere in a message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from lepatrol.greeting import text
from lepatrol.greeting.vocabulary import Vocabulary
from lepatrol.model.knowledge import Language, LanguageData

_SHORTEST_WITH_A_SLIP = 6
_MOST_BETWEEN = 2
_CRY = re.compile(r'[^.!?؟¡]*!')
"""A sentence that is cried out."""

Pattern = tuple[frozenset[str], ...]
"""The words of a phrase, each one of several."""


@dataclass(frozen=True, slots=True)
class Danger:
    """A kind of danger that a message speaks of, and the language it is said in."""

    kind: str
    language: Language


@dataclass(frozen=True, slots=True)
class _Phrases:
    language: LanguageData
    vocabulary: Vocabulary
    anywhere: tuple[tuple[str, Pattern], ...]
    alone: tuple[tuple[str, Pattern], ...]
    harmless: tuple[Pattern, ...]
    fillers: frozenset[str]
    long_words: tuple[str, ...]
    """Danger words in which a letter may be wrong."""


_Spoken = frozenset[str]
"""What a word of a message can be: as it stands, without what is written with it, and what it may be a slip of."""


class DangerWatch:
    """Finds danger in messages; every language is looked for in every message."""

    def __init__(self, languages: Mapping[Language, tuple[LanguageData, Vocabulary]], known: Iterable[str]) -> None:
        """Take the languages, and tokens that are words of their own and so no slips of a danger word."""
        self._known = frozenset(known)
        self._phrases = tuple(_phrases(data, vocabulary) for data, vocabulary in languages.values())

    def find(self, message: str) -> Danger | None:
        """Return the danger that a message speaks of, or None."""
        cries = (message, *_CRY.findall(message))
        found = [*self._said(message), *(each for cry in cries for each in self._cried(cry))]
        # The longest phrase says most: who "opens fire" sets none.
        return max(found, key=lambda each: each[0])[1] if found else None

    def _said(self, message: str) -> Iterator[tuple[int, Danger]]:
        """Yield the dangers that a message speaks of, each with the length of its phrase."""
        words = text.tokens(message)
        spoken = [[self._spoken(word, phrases) for word in words] for phrases in self._phrases]
        # A word can be one in two languages (fusil): a phrase that is harmless in one is so in the other. A word alone
        # is harmless in its own language only: arme in Spanish, not in French.
        anywhere_harmless = frozenset(
            place for each, phrases in zip(spoken, self._phrases, strict=True)
            for place in _harmless(each, [pattern for pattern in phrases.harmless if len(pattern) > 1]))
        for each, phrases in zip(spoken, self._phrases, strict=True):
            harmless = anywhere_harmless.union(_harmless(each, phrases.harmless))
            for kind, pattern in phrases.anywhere:
                if any(harmless.isdisjoint(places) for places in _places(each, pattern)):
                    yield len(pattern), Danger(kind, phrases.language.code)

    def _cried(self, cry: str) -> Iterator[tuple[int, Danger]]:
        """Yield the dangers that words cry out and say nothing else, each with the length of its phrase."""
        words = text.tokens(cry)
        for phrases in self._phrases:
            spoken = [self._spoken(word, phrases) for word in words]
            for kind, pattern in phrases.alone:
                own = phrases.fillers.union(*pattern)
                if any(all(place in places or not own.isdisjoint(each) for place, each in enumerate(spoken))
                       for places in _places(spoken, pattern)):
                    yield len(pattern), Danger(kind, phrases.language.code)

    def _spoken(self, word: str, phrases: _Phrases) -> _Spoken:
        forms = frozenset((word, phrases.vocabulary.without_prefix(word)))
        if len(word) < _SHORTEST_WITH_A_SLIP or word in self._known:
            return forms
        near = extract(word, phrases.long_words, scorer=OSA.distance, score_cutoff=1, limit=None)
        # Hardly anybody errs in the first letter: who writes "acheté" means no machete.
        return forms.union(each for each, _, _ in near if each[0] == word[0])


def _phrases(data: LanguageData, vocabulary: Vocabulary) -> _Phrases:
    anywhere = tuple((each.kind, _pattern(phrase)) for each in data.danger for phrase in each.words)
    alone = tuple((each.kind, _pattern(phrase)) for each in data.danger for phrase in each.alone)
    words = frozenset().union(*(part for _, pattern in (*anywhere, *alone) for part in pattern))
    return _Phrases(
        data, vocabulary, anywhere, alone, tuple(_pattern(phrase) for phrase in data.harmless),
        frozenset(token for word in data.called_fillers for token in text.tokens(word)),
        tuple(sorted(word for word in words if len(word) >= _SHORTEST_WITH_A_SLIP)))


def _harmless(spoken: Sequence[_Spoken], patterns: Iterable[Pattern]) -> Iterator[int]:
    """Yield the places of the words that are part of a harmless phrase."""
    for pattern in patterns:
        for places in _places(spoken, pattern):
            yield from places


def _places(words: Sequence[frozenset[str]], pattern: Pattern) -> Iterator[tuple[int, ...]]:
    """Yield the places of the words of every occurrence of a phrase."""
    for start, word in enumerate(words):
        if pattern[0].isdisjoint(word):
            continue
        found = [start]
        for alternatives in pattern[1:]:
            window = range(found[-1] + 1, min(found[-1] + 2 + _MOST_BETWEEN, len(words)))
            place = next((each for each in window if not alternatives.isdisjoint(words[each])), None)
            if place is None:
                break
            found.append(place)
        else:
            yield tuple(found)


def _pattern(phrase: str) -> Pattern:
    return tuple(
        frozenset(token for alternative in part.split('/') for token in text.tokens(alternative))
        for part in _split(phrase))


def _split(phrase: str) -> list[str]:
    """Return the parts of a phrase; one without alternatives may be several words (``l'aide``)."""
    parts: list[str] = []
    for part in phrase.split():
        parts += [part] if '/' in part else text.tokens(part)
    return parts

"""Words that mean danger, in any language, from anywhere in a message."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from lepatrol.greeting import text
from lepatrol.greeting.vocabulary import Vocabulary
from lepatrol.model.knowledge import Language, LanguageData

_SHORTEST_WITH_A_SLIP = 6
_MOST_BETWEEN = 1

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
    anywhere: tuple[tuple[str, Pattern], ...]
    alone: tuple[tuple[str, Pattern], ...]
    harmless: tuple[Pattern, ...]
    fillers: frozenset[str]


class DangerWatch:
    """Finds danger in messages; every language is looked for in every message."""

    def __init__(self, languages: Mapping[Language, tuple[LanguageData, Vocabulary]], known: Iterable[str]) -> None:
        """Take the languages, and tokens that are words of their own and so no slips of a danger word."""
        self._known = frozenset(known)
        self._vocabularies = {code: vocabulary for code, (_, vocabulary) in languages.items()}
        self._phrases = tuple(_Phrases(
            data,
            tuple((each.kind, _pattern(phrase)) for each in data.danger for phrase in each.words),
            tuple((each.kind, _pattern(phrase)) for each in data.danger for phrase in each.alone),
            tuple(_pattern(phrase) for phrase in data.harmless),
            frozenset(token for word in data.called_fillers for token in text.tokens(word)),
        ) for data, _ in languages.values())

    def find(self, message: str) -> Danger | None:
        """Return the danger that a message speaks of, or None."""
        words = text.tokens(message)
        found = [each for phrases in self._phrases for each in self._spoken_of(words, phrases)]
        # The longest phrase says most: who "opens fire" sets none.
        return max(found, key=lambda each: each[0])[1] if found else None

    def _spoken_of(self, words: list[str], phrases: _Phrases) -> Iterator[tuple[int, Danger]]:
        """Yield the dangers that words speak of in one language, each with the length of its phrase."""
        vocabulary = self._vocabularies[phrases.language.code]
        harmless = {place for pattern in phrases.harmless
                    for places in self._places(words, pattern, vocabulary, slips=False) for place in places}
        for kind, pattern in phrases.anywhere:
            if any(harmless.isdisjoint(places) for places in self._places(words, pattern, vocabulary, slips=True)):
                yield len(pattern), Danger(kind, phrases.language.code)
        for kind, pattern in phrases.alone:
            own = frozenset().union(*pattern)
            for places in self._places(words, pattern, vocabulary, slips=True):
                others = [word for place, word in enumerate(words) if place not in places]
                if all(word in phrases.fillers or self._fits(word, own, vocabulary, slips=True) for word in others):
                    yield len(pattern), Danger(kind, phrases.language.code)

    def _places(
        self, words: Sequence[str], pattern: Pattern, vocabulary: Vocabulary, *, slips: bool,
    ) -> Iterator[tuple[int, ...]]:
        """Yield the places of the words of every occurrence of a phrase."""
        for start, word in enumerate(words):
            if not self._fits(word, pattern[0], vocabulary, slips=slips):
                continue
            found = [start]
            for alternatives in pattern[1:]:
                window = range(found[-1] + 1, min(found[-1] + 2 + _MOST_BETWEEN, len(words)))
                place = next((each for each in window 
                              if self._fits(words[each], alternatives, vocabulary, slips=slips)), None)
                if place is None:
                    break
                found.append(place)
            else:
                yield tuple(found)

    def _fits(self, word: str, alternatives: frozenset[str], vocabulary: Vocabulary, *, slips: bool) -> bool:
        if word in alternatives or vocabulary.without_prefix(word) in alternatives:
            return True
        if not slips or len(word) < _SHORTEST_WITH_A_SLIP or word in self._known:
            return False
        return any(len(each) >= _SHORTEST_WITH_A_SLIP and OSA.distance(word, each, score_cutoff=1) <= 1
                   for each in alternatives)


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

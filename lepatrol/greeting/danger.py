"""Words that mean danger, in any language, from anywhere in a message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from lepatrol.greeting import text
from lepatrol.greeting.phrase_book import Occurrence, PhraseBook, Spoken
from lepatrol.greeting.vocabulary import Vocabulary
from lepatrol.model.knowledge import Language, LanguageData

_SHORTEST_WITH_A_SLIP = 6
_CRY = re.compile(r'[^.!?؟¡]*!')
"""A sentence that is cried out."""


@dataclass(frozen=True, slots=True)
class Danger:
    """A kind of danger that a message speaks of, and the language it is said in."""

    kind: str
    language: Language


@dataclass(frozen=True, slots=True)
class _Phrases:
    language: Language
    vocabulary: Vocabulary
    anywhere: PhraseBook
    alone: PhraseBook
    harmless: PhraseBook
    fillers: frozenset[str]
    long_words: tuple[str, ...]
    """Danger words in which a letter may be wrong."""


class DangerWatch:
    """Finds danger in messages; every language is looked for in every message."""

    def __init__(self, languages: Mapping[Language, tuple[LanguageData, Vocabulary]], known: Iterable[str]) -> None:
        """Take the languages, and tokens that are words of their own and so no slips of a danger word."""
        self._known = frozenset(known)
        self._phrases = tuple(_phrases(data, vocabulary) for data, vocabulary in languages.values())
        kinds = dict.fromkeys(each.kind for data, _ in languages.values() for each in data.danger)
        self._rank = {kind: rank for rank, kind in enumerate(kinds)}

    def find(self, message: str) -> Danger | None:
        """Return the danger that a message speaks of, or None."""
        cries = (message, *_CRY.findall(message))
        found = [*self._said(message), *(each for cry in cries for each in self._cried(cry))]
        # The longest phrase says most: who "opens fire" sets none. Of equal ones that which stands first in the files.
        return max(found, key=lambda each: (each[0], -self._rank[each[1].kind]))[1] if found else None

    def _said(self, message: str) -> Iterator[tuple[int, Danger]]:
        """Yield the dangers that a message speaks of, each with the length of its phrase."""
        words = text.tokens(message)
        spoken = [[self._spoken(word, phrases) for word in words] for phrases in self._phrases]
        harmless = [list(phrases.harmless.find(said)) for said, phrases in zip(spoken, self._phrases, strict=True)]
        # A word can be one in two languages (fusil): a phrase that is harmless in one is so in the other. A word alone
        # is harmless in its own language only: arme in Spanish, not in French.
        in_any = [each for found in harmless for each in found if each.length > 1]
        for said, own, phrases in zip(spoken, harmless, self._phrases, strict=True):
            for danger in phrases.anywhere.find(said):
                if not _is_part(danger, (*in_any, *own)):
                    yield danger.length, Danger(danger.about, phrases.language)

    def _cried(self, cry: str) -> Iterator[tuple[int, Danger]]:
        """Yield the dangers that words cry out and say nothing else, each with the length of its phrase."""
        words = text.tokens(cry)
        for phrases in self._phrases:
            spoken = [self._spoken(word, phrases) for word in words]
            for danger in phrases.alone.find(spoken):
                own = phrases.fillers.union(*danger.pattern)
                if all(place in danger.places or not own.isdisjoint(each) for place, each in enumerate(spoken)):
                    yield danger.length, Danger(danger.about, phrases.language)

    def _spoken(self, word: str, phrases: _Phrases) -> Spoken:
        forms = frozenset((word, phrases.vocabulary.without_prefix(word)))
        if len(word) < _SHORTEST_WITH_A_SLIP or word in self._known:
            return forms
        near = extract(word, phrases.long_words, scorer=OSA.distance, score_cutoff=1, limit=None)
        # Hardly anybody errs in the first letter: who writes "acheté" means no machete.
        return forms.union(each for each, _, _ in near if each[0] == word[0])


def _phrases(data: LanguageData, vocabulary: Vocabulary) -> _Phrases:
    anywhere = PhraseBook((each.kind, phrase) for each in data.danger for phrase in each.words)
    alone = PhraseBook((each.kind, phrase) for each in data.danger for phrase in each.alone)
    return _Phrases(
        data.code, vocabulary, anywhere, alone, PhraseBook(('', phrase) for phrase in data.harmless),
        frozenset(token for word in data.called_fillers for token in text.tokens(word)),
        tuple(sorted(word for word in anywhere.words | alone.words if len(word) >= _SHORTEST_WITH_A_SLIP)))


def _is_part(danger: Occurrence, harmless: Sequence[Occurrence]) -> bool:
    """Tell whether a danger is but a part of what is harmless; what has more words than that is not."""
    return any(each.length >= danger.length and not set(danger.places).isdisjoint(each.places) for each in harmless)

"""The words of a language as far as retrieval needs them: stems, synonyms, and how much a word counts."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import snowballstemmer

from lepatrol.greeting import text
from lepatrol.model.knowledge import LanguageData

_FUNCTION_WEIGHT = 0.06
_FILLER_WEIGHT = 0.3
_SHORTEST_STEM = 3


class Vocabulary:
    """Makes stems of a language's words, one for all of a group of synonyms."""

    def __init__(self, language: LanguageData) -> None:
        """Prepare a language."""
        self._stemmer = snowballstemmer.stemmer(language.stemmer) if language.stemmer else None
        self._prefixes = _longest_first(language.prefixes)
        self._articles = tuple(each for each in self._prefixes if len(each) > 1)
        self._beginnings = _longest_first(language.beginnings)
        self._endings = _longest_first(language.endings)
        self._function = frozenset(token for word in language.function_words for token in text.tokens(word))
        self._stem = lru_cache(maxsize=20000)(self._stem_of)
        self._filler = frozenset(
            self._stem(token) for word in language.filler_words for token in text.tokens(word))
        self._same: dict[str, str] = {}
        self.synonyms = frozenset(
            token for group in language.synonyms for word in group for token in text.tokens(word)[:1])
        for group in language.synonyms:
            stems = [self._stem(token) for word in group for token in text.tokens(word)[:1]]
            head = next((self._same[stem] for stem in stems if stem in self._same), stems[0])
            self._same.update(dict.fromkeys(stems, head))

    def stem(self, token: str) -> str:
        """Return what stands for a token and all its forms and synonyms."""
        stem = self._stem(token)
        return self._same.get(stem, stem)

    def class_weight(self, token: str) -> float:
        """Return how much a token counts for its kind: 1 for words with a meaning of their own."""
        if token in self._function:
            return _FUNCTION_WEIGHT
        return _FILLER_WEIGHT if self._stem(token) in self._filler else 1.0

    def is_function(self, token: str) -> bool:
        """Tell whether a token is a small word that says nothing of what a sentence is about."""
        return token in self._function

    def without_prefix(self, token: str) -> str:
        """Return a token without a particle that is written together with it, where enough is left of it."""
        return _beheaded(token, self._prefixes)

    def _stem_of(self, token: str) -> str:
        if self._stemmer:
            return str(self._stemmer.stemWord(self.without_prefix(token)))
        # All that comes off does, so that all forms of a word end alike, even where a letter of the word goes as well.
        stem = _beheaded(token, self._articles)
        while (shorter := self._without_ending(stem)) != stem:
            stem = shorter
        while (shorter := _beheaded(stem, self._prefixes)) != stem:
            stem = shorter
        return _beheaded(stem, self._beginnings)

    def _without_ending(self, token: str) -> str:
        return next((token[:-len(each)] for each in self._endings if _is_left(token, each)
                     and token.endswith(each)), token)


def _beheaded(token: str, particles: Iterable[str]) -> str:
    return next((token[len(each):] for each in particles if _is_left(token, each) and token.startswith(each)), token)


def _longest_first(particles: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({text.plain(each) for each in particles}, key=len, reverse=True))


def _is_left(token: str, particle: str) -> bool:
    return len(token) - len(particle) >= _SHORTEST_STEM

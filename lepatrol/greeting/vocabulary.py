"""The words of a language as far as retrieval needs them: stems, synonyms, and how much a word counts."""

from __future__ import annotations

from functools import lru_cache

import snowballstemmer

from lepatrol.greeting import text
from lepatrol.model.knowledge import LanguageData

_FUNCTION_WEIGHT = 0.06
_FILLER_WEIGHT = 0.3


class Vocabulary:
    """Makes stems of a language's words, one for all of a group of synonyms."""

    def __init__(self, language: LanguageData) -> None:
        """Prepare a language."""
        self._stemmer = snowballstemmer.stemmer(language.stemmer) if language.stemmer else None
        self._prefixes = tuple(sorted({text.plain(each) for each in language.prefixes}, key=len, reverse=True))
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
        for prefix in self._prefixes:
            if token.startswith(prefix) and len(token) - len(prefix) >= 3:
                return token[len(prefix):]
        return token

    def _stem_of(self, token: str) -> str:
        bare = self.without_prefix(token)
        return str(self._stemmer.stemWord(bare)) if self._stemmer else bare

"""Whether what a language model made of an answer still says that answer, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from lepatrol.greeting import text
from lepatrol.greeting.vocabulary import Vocabulary
from lepatrol.model.knowledge import Language, LanguageData

_NUMBER = re.compile(r'\d+(?:[:.,\u2013-]\d+)*')
_SENTENCE_END = re.compile(r'(?<=[.!?؟])\s+')
_ALIKE = 0.75
"""So much of the answer's words, by number, must be there again."""
_LONGER = 1.5
_MORE_CHARACTERS = 40


class Fidelity:
    """Compares by words: sentences may be turned round and said more simply; nothing may be added, denied or lost."""

    def __init__(self, languages: Mapping[Language, tuple[LanguageData, Vocabulary]]) -> None:
        """Take the languages."""
        self._vocabularies = {code: vocabulary for code, (_, vocabulary) in languages.items()}
        self._negations = {code: _tokens(data.negations) for code, (data, _) in languages.items()}
        self._modals = {code: _tokens(data.modals) for code, (data, _) in languages.items()}
        self._courtesy = {code: _tokens(data.courtesy) for code, (data, _) in languages.items()}
        self._days = {
            code: _tokens((*(name for names in data.dates.weekdays for name in names), *data.dates.months))
            for code, (data, _) in languages.items()}

    def holds(self, said: str, answer: str, language: Language) -> bool:
        """Tell whether what is said stands for the answer in that language."""
        if not said or len(said) > _LONGER * len(answer) + _MORE_CHARACTERS:
            return False
        # The order counts, too: numbers and days that have changed places say something else.
        if _NUMBER.findall(text.plain(said)) != _NUMBER.findall(text.plain(answer)):
            return False
        said_words, words = text.tokens(said), text.tokens(answer)
        if _those(said_words, self._days[language]) != _those(words, self._days[language]):
            return False
        if _those(said_words, self._modals[language]) != _those(words, self._modals[language]):
            return False
        if self._denials(said, language) != self._denials(answer, language):
            return False
        return self._words_agree(said, answer, language)

    def _words_agree(self, said: str, answer: str, language: Language) -> bool:
        """Tell whether every word that means something is the answer's own, and most of the answer's are there."""
        vocabulary = self._vocabularies[language]
        own = {vocabulary.stem(word) for word in text.tokens(answer)}
        for word in text.tokens(said):
            polite = word in self._courtesy[language] or vocabulary.is_function(word)
            if vocabulary.stem(word) not in own and not polite:
                return False
        meant = self._content(answer, language)
        there = set(self._content(said, language))
        return bool(meant) and sum(stem in there for stem in meant) >= _ALIKE * len(meant)

    def _denials(self, said: str, language: Language) -> list[tuple[str, frozenset[str]]]:
        """Return each negation with what stands next to it that means something: what is denied."""
        found: list[tuple[str, frozenset[str]]] = []
        negations = self._negations[language]
        for sentence in _SENTENCE_END.split(said):
            words = text.tokens(sentence)
            for place, word in enumerate(words):
                if word in negations:
                    after = self._content_of(words[place + 1:], language, negations)[:1]
                    before = self._content_of(words[:place], language, negations)[-1:]
                    found.append((word, frozenset((*before, *after))))
        return sorted(found, key=lambda each: (each[0], sorted(each[1])))

    def _content(self, said: str, language: Language) -> list[str]:
        return self._content_of(text.tokens(said), language, frozenset())

    def _content_of(self, words: Sequence[str], language: Language, without: frozenset[str]) -> list[str]:
        vocabulary = self._vocabularies[language]
        return [vocabulary.stem(word) for word in words
                if not vocabulary.is_function(word) and word not in self._courtesy[language] and word not in without]


def _those(words: Sequence[str], wanted: frozenset[str]) -> list[str]:
    return [word for word in words if word in wanted]


def _tokens(words: Sequence[str]) -> frozenset[str]:
    return frozenset(token for word in words for token in text.tokens(word))

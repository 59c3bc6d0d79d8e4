"""Which of the languages a visitor writes in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lepatrol.greeting import text
from lepatrol.greeting.vocabulary import Vocabulary
from lepatrol.model.knowledge import Language, LanguageData

_SMALL_WORD = 1.0
_KNOWN_WORD = 0.6
_FILLER_WORD = 0.4
_SURE = 0.9
_HINT = 0.5
"""Enough where no word is of the language spoken so far."""
_LEAD = 0.5


class LanguageGuess:
    """Tells languages apart by their small words and by what is asked in them."""

    def __init__(
        self, languages: Mapping[Language, tuple[LanguageData, Vocabulary]],
        words: Mapping[Language, frozenset[str]],
    ) -> None:
        """Take the languages, and the words of all that is asked in each."""
        self._vocabularies = {code: vocabulary for code, (_, vocabulary) in languages.items()}
        self._words = words
        self._switches = {
            code: [text.tokens(phrase) for phrase in data.asked_for] for code, (data, _) in languages.items()}

    def asked_for(self, message: str) -> Language | None:
        """Return the language a message asks for, where it asks for nothing else."""
        words = text.tokens(message)
        for code, phrases in self._switches.items():
            for phrase in phrases:
                start = text.find_phrase(words, phrase)
                if start < 0:
                    continue
                rest = words[:start] + words[start + len(phrase):]
                if all(any(each.class_weight(word) < 1.0 for each in self._vocabularies.values()) for word in rest):
                    return code
        return None

    def guess(self, message: str, spoken: Language, *, settled: bool) -> Language:
        """Return the language of a message.

        Where it is ``settled`` which language is spoken, that is the one unless another is clearly more likely.
        """
        words = text.tokens(message)
        scores = {code: self._score(words, code) for code in self._vocabularies}
        best = max(scores, key=lambda code: (scores[code], code == spoken))
        if not settled:
            return best
        against = scores.get(spoken, 0.0)
        sure = _SURE if against else _HINT
        return best if scores[best] >= sure and scores[best] >= against + _LEAD else spoken

    def _score(self, words: Sequence[str], code: Language) -> float:
        """Return how much speaks for a language: words that several languages know count less."""
        score = 0.0
        for word in words:
            sharing = [each for each in self._vocabularies if self._knows(word, each)]
            if code in sharing:
                score += self._weight(word, code) / len(sharing)
        return score

    def _weight(self, word: str, code: Language) -> float:
        if self._vocabularies[code].is_function(word):
            return _SMALL_WORD
        return _KNOWN_WORD if word in self._words[code] else _FILLER_WORD

    def _knows(self, word: str, code: Language) -> bool:
        return self._vocabularies[code].class_weight(word) < 1.0 or word in self._words[code]

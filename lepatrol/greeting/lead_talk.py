"""Whether a visitor asks to be led, or wants to be led no farther."""

from __future__ import annotations

from lepatrol.greeting import text
from lepatrol.greeting.topics import Topics


class LeadTalk:
    """Finds both in messages, whatever language they are in."""

    def __init__(self, topics: Topics) -> None:
        """Take the phrases of all languages."""
        languages = topics.languages.values()
        self._leads = [text.tokens(phrase) for data, _ in languages for phrase in data.leads]
        self._stops = frozenset(tuple(text.tokens(phrase)) for data, _ in languages for phrase in data.stops)
        self._vocabularies = [vocabulary for _, vocabulary in languages]

    def asks(self, message: str) -> bool:
        """Tell whether a message asks to be led."""
        words = text.tokens(message)
        return any(text.find_phrase(words, phrase) >= 0 for phrase in self._leads)

    def names_no_place(self, message: str) -> bool:
        """Tell whether a message that asks to be led says nothing else."""
        words = text.tokens(message)
        for phrase in sorted(self._leads, key=len, reverse=True):
            start = text.find_phrase(words, phrase)
            if start >= 0:
                words[start:start + len(phrase)] = []
        return all(any(each.class_weight(word) < 1.0 for each in self._vocabularies) for word in words)

    def stops(self, message: str) -> bool:
        """Tell whether a message is no more than a word that stops the robot."""
        return tuple(text.tokens(message)) in self._stops

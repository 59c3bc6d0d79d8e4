"""Whether a visitor asks to be led, or wants to be led no farther."""

from __future__ import annotations

from lepatrol.greeting import text
from lepatrol.greeting.topics import Topics


class LeadTalk:
    """Finds both in messages, whatever language they are in."""

    def __init__(self, topics: Topics) -> None:
        """Take the phrases of all languages."""
        languages = topics.languages.values()
        self._leads = sorted((text.tokens(phrase) for data, _ in languages for phrase in data.leads), key=len,
                             reverse=True)
        self._stops = frozenset(tuple(text.tokens(phrase)) for data, _ in languages for phrase in data.stops)
        self._vocabularies = [vocabulary for _, vocabulary in languages]

    def asked_of(self, message: str) -> str | None:
        """Return what else a message says that asks to be led, None for one that does not ask for it."""
        words = text.tokens(message)
        asks = False
        for phrase in self._leads:
            start = text.find_phrase(words, phrase)
            if start >= 0:
                asks = True
                words[start:start + len(phrase)] = []
        return ' '.join(words) if asks else None

    def is_empty(self, said: str) -> bool:
        """Tell whether what is said names nothing."""
        return all(any(each.class_weight(word) < 1.0 for each in self._vocabularies) for word in text.tokens(said))

    def stops(self, message: str) -> bool:
        """Tell whether a message is no more than a word that stops the robot."""
        return tuple(text.tokens(message)) in self._stops

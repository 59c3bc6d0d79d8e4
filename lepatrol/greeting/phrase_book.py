"""Many phrases, looked for in a message at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lepatrol.greeting import text

_MOST_BETWEEN = 2
"""So many words may stand between two of a phrase."""

Pattern = tuple[frozenset[str], ...]
"""The words of a phrase, each one of several."""
Spoken = frozenset[str]
"""What a word of a message can be: as it stands, without what is written with it, and what it may be a slip of."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A phrase in a message, what it is about, and the places of its words."""

    about: str
    pattern: Pattern
    places: tuple[int, ...]

    @property
    def length(self) -> int:
        """Return of how many words it is."""
        return len(self.pattern)


class PhraseBook:
    """Phrases by the words that they begin with: of thousands, few begin with a word of a message."""

    def __init__(self, phrases: Iterable[tuple[str, str]]) -> None:
        """Take phrases with what each is about; ``a/b`` stands for one of both."""
        self._by_first: dict[str, list[tuple[str, Pattern]]] = {}
        for about, phrase in phrases:
            pattern = _pattern(phrase)
            for word in pattern[0]:
                self._by_first.setdefault(word, []).append((about, pattern))

    @property
    def words(self) -> frozenset[str]:
        """Return all words of the phrases."""
        return frozenset(word for entries in self._by_first.values() for _, pattern in entries
                         for part in pattern for word in part)

    def find(self, words: Sequence[Spoken]) -> Iterator[Occurrence]:
        """Yield every occurrence of the phrases in the words of a message, in their order."""
        for start, word in enumerate(words):
            entries = dict.fromkeys(entry for form in word for entry in self._by_first.get(form, ()))
            for about, pattern in entries:
                places = _rest_of(pattern, words, start)
                if places is not None:
                    yield Occurrence(about, pattern, places)


def _rest_of(pattern: Pattern, words: Sequence[Spoken], start: int) -> tuple[int, ...] | None:
    """Return the places of a phrase that begins at one, None where it does not go on."""
    places = [start]
    for alternatives in pattern[1:]:
        window = range(places[-1] + 1, min(places[-1] + 2 + _MOST_BETWEEN, len(words)))
        place = next((each for each in window if not alternatives.isdisjoint(words[each])), None)
        if place is None:
            return None
        places.append(place)
    return tuple(places)


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

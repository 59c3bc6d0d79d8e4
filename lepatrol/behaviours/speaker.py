"""What is to be said aloud: each sentence goes out once."""

from __future__ import annotations


class Speaker:
    """Collect sentences until they are sent."""

    def __init__(self) -> None:
        """Have nothing to say."""
        self._unsent: list[str] = []

    def say(self, sentence: str) -> None:
        """Have a sentence said; an empty one is none."""
        if sentence:
            self._unsent.append(sentence)

    def take(self) -> tuple[str, ...]:
        """Return, once, what must be said."""
        unsent, self._unsent = tuple(self._unsent), []
        return unsent

"""Debouncing: since when, and how often, something has been so without a break."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar('K', bound=Hashable)

_FORGET_AFTER_S = 120.0
_TIDY_FROM = 64


@dataclass(slots=True)
class Spell:
    """A time in which something was so, and how many times that was seen."""

    since_s: float
    last_s: float
    count: int = 1

    @property
    def duration_s(self) -> float:
        """Return how long it has been so."""
        return self.last_s - self.since_s


class Spells(Generic[K]):
    """Spells by what they are about; one that pauses for no longer than the grace goes on."""

    def __init__(self, grace_s: float) -> None:
        """Begin with none."""
        self._grace_s = grace_s
        self._spells: dict[K, Spell] = {}

    def note(self, key: K, stamp_s: float) -> Spell:
        """Note that it is so at a time and return the spell; the same time again counts once."""
        spell = self._spells.get(key)
        if spell is None or not 0.0 <= stamp_s - spell.last_s <= self._grace_s:
            if len(self._spells) >= _TIDY_FROM:
                self._tidy(stamp_s)
            spell = self._spells[key] = Spell(stamp_s, stamp_s)
        elif stamp_s > spell.last_s:
            spell.last_s = stamp_s
            spell.count += 1
        return spell

    def get(self, key: K) -> Spell | None:
        """Return the spell, ended or not."""
        return self._spells.get(key)

    def end(self, key: K) -> None:
        """End a spell: the next note begins a new one."""
        self._spells.pop(key, None)

    def clear(self) -> None:
        """Forget all."""
        self._spells.clear()

    def _tidy(self, now_s: float) -> None:
        self._spells = {
            key: spell for key, spell in self._spells.items() if spell.last_s > now_s - _FORGET_AFTER_S}

"""Chance that is the same on every machine and with every version of every library."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeVar

Each = TypeVar('Each')


class Dice:
    """Draws from a seed, by ``Random.random`` alone: Python promises that it never changes."""

    def __init__(self, seed: int) -> None:
        """Begin anew."""
        self._random = Random(seed)

    def between(self, low: float, high: float) -> float:
        """Return a number from ``low`` up to ``high``."""
        return low + (high - low) * self._random.random()

    def index(self, count: int) -> int:
        """Return a whole number from 0 to ``count`` - 1."""
        return int(count * self._random.random())

    def one_of(self, choices: Sequence[Each]) -> Each:
        """Return one of the choices, each as likely as any other."""
        return choices[self.index(len(choices))]

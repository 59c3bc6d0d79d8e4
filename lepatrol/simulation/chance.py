"""Drawing what a scenario leaves to chance."""

from __future__ import annotations

import zlib
from typing import TypeVar

from numpy.random import default_rng

from lepatrol.model.scenario import Between, Colour, Number, OneOf, Rgb, Word

T = TypeVar('T')


class Lots:
    """Draws for one element of a scenario: what others draw has no part in it."""

    def __init__(self, seed: int, *names: str) -> None:
        """Seed by a number and by whom it is for."""
        self._random = default_rng([seed, *(zlib.crc32(name.encode()) for name in names)])

    def number(self, value: Number) -> float:
        """Return the number, drawn where it is to be drawn."""
        if isinstance(value, Between):
            return float(self._random.uniform(value.low, value.high))
        if isinstance(value, OneOf):
            return self.number(self.pick(value.options))
        return float(value)

    def count(self, value: Number) -> int:
        """Return a whole number; each from the least to the most is as likely."""
        if isinstance(value, Between):
            return int(self._random.integers(round(value.low), round(value.high) + 1))
        if isinstance(value, OneOf):
            return self.count(self.pick(value.options))
        return round(value)

    def word(self, value: Word) -> str:
        """Return the text, drawn where it is to be drawn."""
        return self.pick(value.options) if isinstance(value, OneOf) else value

    def colour(self, value: Colour) -> Rgb:
        """Return the colour, drawn where it is to be drawn."""
        return self.pick(value.options) if isinstance(value, OneOf) else value

    def pick(self, options: tuple[T, ...]) -> T:
        """Return one of the options."""
        return options[int(self._random.integers(len(options)))]

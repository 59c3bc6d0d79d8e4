"""Which day a visitor speaks of."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lepatrol.greeting import text
from lepatrol.model.knowledge import DateWords

_DAY_NUMBER = re.compile(r'(\d{1,2})(?:st|nd|rd|th|er|e)?')
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class DaysAsked:
    """What a message says of days, and the tokens that are left of it."""

    days: tuple[date, ...]
    now: bool
    rest: tuple[str, ...]

    @property
    def any(self) -> bool:
        """Tell whether the message says when."""
        return bool(self.days) or self.now


class DayWords:
    """Finds days in the messages of one language."""

    def __init__(self, words: DateWords) -> None:
        """Prepare the words."""
        self._weekdays = [[text.tokens(name) for name in names] for names in words.weekdays]
        self._months = [text.tokens(name)[0] for name in words.months]
        self._named = [(month_day, text.tokens(name)) for month_day, names in words.named.items() for name in names]
        self._spans: list[tuple[str, list[str]]] = [
            (kind, text.tokens(name)) for kind, names in (
                ('skip', words.not_dates), ('next', words.next_day), ('after', words.after_tomorrow),
                ('weekend', words.weekend), ('now', words.now), ('tomorrow', words.tomorrow), ('today', words.today))
            for name in names]
        self._spans.sort(key=lambda each: -len(each[1]))

    def find(self, asked: Sequence[str], today: date, last_day: date | None = None) -> DaysAsked:
        """Return the days that the words of a message name; ``last_day`` is the one spoken of before."""
        words = list(asked)
        days: list[date] = []
        now = False
        kept: list[str] = []
        for kind, phrase in self._spans:
            start = text.find_phrase(words, phrase)
            if start < 0:
                continue
            words[start:start + len(phrase)] = []
            if kind == 'skip':
                kept += phrase
            elif kind == 'now':
                now = True
            else:
                days += self._relative(kind, today, last_day or today)
        days += self._take_named(words, today)
        days += self._take_numbered(words, today)
        days += self._take_weekdays(words, today)
        return DaysAsked(tuple(dict.fromkeys(days)), now, (*words, *kept))

    @staticmethod
    def _relative(kind: str, today: date, last_day: date) -> list[date]:
        if kind == 'weekend':
            saturday = today + timedelta(days=(_SATURDAY - today.weekday()) % 7)
            return [saturday, saturday + timedelta(days=1)]
        if kind == 'next':
            return [last_day + timedelta(days=1)]
        return [today + timedelta(days={'today': 0, 'tomorrow': 1, 'after': 2}[kind])]

    def _take_named(self, words: list[str], today: date) -> list[date]:
        for (month, day), phrase in sorted(self._named, key=lambda each: -len(each[1])):
            start = text.find_phrase(words, phrase)
            if start >= 0:
                words[start:start + len(phrase)] = []
                return _coming(today, month, day)
        return []

    def _take_numbered(self, words: list[str], today: date) -> list[date]:
        """Take a day and a month, in whichever order: ``24 December``, ``December 24th``, ``24 de diciembre``."""
        for place, word in enumerate(words):
            if word not in self._months:
                continue
            for other in (place - 1, place - 2, place + 1):
                match = _DAY_NUMBER.fullmatch(words[other]) if 0 <= other < len(words) else None
                if match:
                    found = _coming(today, self._months.index(word) + 1, int(match[1]))
                    if found:
                        for index in sorted({place, other}, reverse=True):
                            del words[index]
                    return found
        return []

    def _take_weekdays(self, words: list[str], today: date) -> list[date]:
        days: list[date] = []
        for number, names in enumerate(self._weekdays):
            for phrase in names:
                start = text.find_phrase(words, phrase)
                if start >= 0:
                    words[start:start + len(phrase)] = []
                    days.append(today + timedelta(days=(number - today.weekday()) % 7))
        return days


def _coming(today: date, month: int, day: int) -> list[date]:
    """Return the next day of that month and day, today among them; none where there is no such day."""
    for year in (today.year, today.year + 1):
        try:
            found = date(year, month, day)
        except ValueError:
            continue
        if found >= today:
            return [found]
    return []


"""What a greeter knows of its site, and what it needs to speak a language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from lepatrol.model.site import Hours

Language = str
"""A language by its code: ``en``."""


@dataclass(frozen=True, slots=True)
class Saying:
    """Some ways to ask for something, and the answer, word for word."""

    ask: tuple[str, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """Opening times: of each day of the week (Monday first), and of days that are otherwise."""

    name: str
    label: Mapping[Language, str]
    weekly: tuple[tuple[Hours, ...], ...]
    closed_each_year: frozenset[tuple[int, int]] = frozenset()
    """Months and days."""
    exceptions: Mapping[date, tuple[Hours, ...]] = field(default_factory=dict)
    """The hours of single days; none means closed."""

    def hours_on(self, day: date) -> tuple[Hours, ...]:
        """Return the windows of a day, none where it is closed."""
        if day in self.exceptions:
            return self.exceptions[day]
        if (day.month, day.day) in self.closed_each_year:
            return ()
        return self.weekly[day.weekday()]


@dataclass(frozen=True, slots=True)
class Fact:
    """Something everybody may know."""

    name: str
    sayings: Mapping[Language, Saying]
    schedule: str = ''
    """The schedule that is told after the answer."""


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere visitors ask the way to: its names, the way in words, and the site's waypoints on the way there."""

    name: str
    path: tuple[str, ...]
    names: Mapping[Language, tuple[str, ...]]
    way: Mapping[Language, str]
    enter: bool = True
    """Whether visitors may go there alone."""


@dataclass(frozen=True, slots=True)
class Withheld:
    """Something that is asked and never told; ``note`` is for those who run the site, and for the evaluation."""

    name: str
    ask: Mapping[Language, tuple[str, ...]]
    note: str = ''


@dataclass(frozen=True, slots=True)
class Knowledge:
    """Everything that a knowledge file says."""

    site: str
    languages: tuple[Language, ...]
    """Those it is written in; the first is spoken where nothing is known of a visitor."""
    transcripts_kept_days: int
    welcome: Mapping[Language, str]
    """What is said after good morning to who comes up."""
    schedules: Mapping[str, Schedule]
    places: Mapping[str, Place]
    facts: Mapping[str, Fact]
    withheld: Mapping[str, Withheld]


@dataclass(frozen=True, slots=True)
class DateWords:
    """How days are named and written in a language."""

    weekdays: tuple[tuple[str, ...], ...]
    """Monday first; the first name of each is the one that is told."""
    months: tuple[str, ...]
    today: tuple[str, ...]
    tomorrow: tuple[str, ...]
    after_tomorrow: tuple[str, ...]
    next_day: tuple[str, ...]
    weekend: tuple[str, ...]
    now: tuple[str, ...]
    named: Mapping[tuple[int, int], tuple[str, ...]]
    """Names of days of every year, by month and day."""
    form: str
    """A date with ``{weekday}``, ``{day}`` and ``{month}``."""
    not_dates: tuple[str, ...] = ()
    """Phrases that hold such a word and mean no day."""
    first_day: str = '1'


@dataclass(frozen=True, slots=True)
class DangerWords:
    """What is said in one kind of danger; a slash parts words of which any will do."""

    kind: str
    words: tuple[str, ...]
    alone: tuple[str, ...] = ()
    """Counts only where little else is said."""


@dataclass(frozen=True, slots=True)
class LanguageData:
    """A language file: what belongs to no site."""

    code: Language
    name: str
    right_to_left: bool
    stemmer: str
    """A Snowball algorithm, '' for none."""
    quotes: tuple[str, str]
    conjunction: str
    asked_for: tuple[str, ...]
    """How to ask for this language, in whatever language."""
    prefixes: tuple[str, ...]
    """Particles that are written together with the word that follows."""
    beginnings: tuple[str, ...]
    """Letters before a word that make forms of it, taken off where there is no Snowball algorithm."""
    endings: tuple[str, ...]
    """The same after it."""
    function_words: tuple[str, ...]
    filler_words: tuple[str, ...]
    synonyms: tuple[tuple[str, ...], ...]
    dates: DateWords
    goes_on: tuple[str, ...]
    agreed: tuple[str, ...]
    refused: tuple[str, ...]
    unknown: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]
    """The words for what, where, when and who in a report."""
    talk: Mapping[str, Saying]
    acts: Mapping[str, tuple[str, ...]]
    elsewhere: Mapping[str, tuple[str, ...]]
    """What people ask of whom they meet and no site's greeter knows, by matter: the weather, sport, shops."""
    danger: tuple[DangerWords, ...]
    harmless: tuple[str, ...]
    called_fillers: tuple[str, ...]
    introductions: tuple[str, ...]
    """What stands before somebody's name, which logs do not show."""
    leads: tuple[str, ...]
    """What asks the greeter to go ahead."""
    stops: tuple[str, ...]
    """What asks it to go no farther."""
    needs: Mapping[str, str]
    """The words for what visitors may need."""
    negations: tuple[str, ...]
    modals: tuple[str, ...]
    """What allows, obliges or compares."""
    courtesy: tuple[str, ...]
    """Mere politeness."""
    sentences: Mapping[str, str]

"""What one behaviour trial is asked to do, and what it tells; both travel between processes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Worst(Enum):
    """Which of many values of a figure is the worst."""

    LEAST = 'least'
    MOST = 'most'


@dataclass(frozen=True, slots=True)
class Figure:
    """One number that a trial measured, in the unit that its name ends with."""

    value: float
    worst: Worst = Worst.MOST


def least(value: float) -> Figure:
    """Return a figure whose least value is the worst."""
    return Figure(value, Worst.LEAST)


def most(value: float) -> Figure:
    """Return a figure whose greatest value is the worst."""
    return Figure(value, Worst.MOST)


@dataclass(frozen=True, slots=True)
class BehaviourJob:
    """One trial (its name) with one seed on a site."""

    trial: str
    seed: int
    site: str = 'prison'

    @property
    def key(self) -> tuple[str, str, int]:
        """Return what it is known by in its campaign."""
        return self.trial, self.site, self.seed

    def failure(self, error: str) -> BehaviourOutcome:
        """Return the outcome of a run that failed, with the reason."""
        return BehaviourOutcome(self.trial, self.site, self.seed, error=error)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a trial comes to: ``reasons`` say in words what was not as it ought to be, ``about`` what it was like."""

    reasons: tuple[str, ...]
    figures: Mapping[str, Figure]
    about: str = ''
    duration_s: float = 0.0


@dataclass(frozen=True, slots=True)
class BehaviourOutcome:
    """What came of a job; with ``error`` the run failed and the rest says nothing."""

    trial: str
    site: str
    seed: int
    error: str = ''
    reasons: tuple[str, ...] = ()
    figures: Mapping[str, Figure] = field(default_factory=dict)
    about: str = ''
    duration_s: float = 0.0
    wall_time_s: float = math.nan

    @property
    def key(self) -> tuple[str, str, int]:
        """Return what it is known by in its campaign."""
        return self.trial, self.site, self.seed

    @property
    def failed(self) -> bool:
        """Tell whether the run did not come to its end."""
        return bool(self.error)

    @property
    def passed(self) -> bool:
        """Tell whether everything was as it ought to be."""
        return not self.error and not self.reasons

    @property
    def realtime_factor(self) -> float:
        """Return how many simulated seconds passed in a second of the wall clock."""
        return self.duration_s / self.wall_time_s if self.wall_time_s > 0.0 else math.nan

"""Rates, times and errors over many runs, each with the interval that holds the true value 95 times in 100."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import chdtri, ndtri

from lepatrol.evaluation.job import RunOutcome, SubjectResult
from lepatrol.model.geometry import Floats

Interval = tuple[float, float]
CONFIDENCE = 0.95
_RESAMPLES = 2000
_SEED = 20


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its interval; neither is given where there is nothing to tell it from."""

    value: float | None = None
    interval: Interval | None = None


def wilson(found: int, expected: int) -> Estimate:
    """Return a rate with Wilson's score interval (1927), which stays within 0 to 1 and holds for rates near 1."""
    if not 0 <= found <= expected:
        raise ValueError(f'{found} of {expected} is no rate')
    if expected == 0:
        return Estimate()
    z = float(ndtri(0.5 + CONFIDENCE / 2.0))
    rate, share = found / expected, z * z / expected
    middle = (rate + share / 2.0) / (1.0 + share)
    half = z / (1.0 + share) * math.sqrt(rate * (1.0 - rate) / expected + share / (4.0 * expected))
    return Estimate(rate, (max(0.0, middle - half), min(1.0, middle + half)))


def garwood(count: int, exposure: float = 1.0) -> Estimate:
    """Return events per unit of exposure with Garwood's exact interval (1936) for a Poisson count."""
    if count < 0:
        raise ValueError(f'{count} events cannot be')
    if not exposure > 0.0:
        return Estimate()
    tail = (1.0 - CONFIDENCE) / 2.0
    low = float(chdtri(2 * count, 1.0 - tail)) / 2.0 if count else 0.0
    high = float(chdtri(2 * count + 2, tail)) / 2.0
    return Estimate(count / exposure, (low / exposure, high / exposure))


def bootstrap(values: Iterable[float | None], figure: Callable[[Floats], Floats]) -> Estimate:
    """Return a figure of a sample with its bootstrap percentile interval (Efron 1979), always drawn alike.

    ``figure`` reduces the last axis. Values that are None or no finite number are left out; one alone has no interval.
    """
    sample = np.array([value for value in values if value is not None and math.isfinite(value)])
    if not sample.size:
        return Estimate()
    value = float(figure(sample))
    if sample.size == 1:
        return Estimate(value)
    drawn = np.random.default_rng(_SEED).choice(sample, (_RESAMPLES, sample.size))
    tail = 50.0 * (1.0 - CONFIDENCE)
    low, high = np.percentile(figure(drawn), [tail, 100.0 - tail])
    return Estimate(value, (float(low), float(high)))


def p50(sample: Floats) -> Floats:
    """Return the median along the last axis."""
    return np.asarray(np.percentile(sample, 50.0, axis=-1))


def p95(sample: Floats) -> Floats:
    """Return what 95 of 100 values do not exceed, along the last axis."""
    return np.asarray(np.percentile(sample, 95.0, axis=-1))


def mean(sample: Floats) -> Floats:
    """Return the mean along the last axis."""
    return np.asarray(sample.mean(axis=-1))


@dataclass(frozen=True, slots=True)
class Figures:
    """What several runs come to. Failed runs are counted, and no more.

    ``waypoints_missed`` and ``collisions`` are counted over all runs, distance and wall time are means per run.
    """

    runs: int
    failed: int
    expected: int
    found: int
    false_alarms: int
    patrol_hours: float
    detection_rate: Estimate
    time_to_alert_p50_s: Estimate
    time_to_alert_p95_s: Estimate
    localisation_error_mean_m: Estimate
    localisation_error_p95_m: Estimate
    false_alarms_per_hour: Estimate
    distance_m: Estimate
    waypoints_missed: Estimate
    collisions: Estimate
    realtime_factor: Estimate
    wall_time_s: Estimate


def figures_of(outcomes: Sequence[RunOutcome]) -> Figures:
    """Sum up some runs."""
    good = [outcome for outcome in outcomes if not outcome.failed]
    expected = [subject for outcome in good for subject in outcome.subjects if subject.expected]
    found = [subject for subject in expected if subject.found]
    false_alarms = sum(len(outcome.false_alarms) for outcome in good)
    hours = sum(outcome.duration_s for outcome in good) / 3600.0
    times = [subject.time_to_alert_s for subject in found]
    errors = [subject.localisation_error_m for subject in found]
    return Figures(
        runs=len(outcomes), failed=len(outcomes) - len(good), expected=len(expected), found=len(found),
        false_alarms=false_alarms, patrol_hours=hours,
        detection_rate=wilson(len(found), len(expected)),
        time_to_alert_p50_s=bootstrap(times, p50), time_to_alert_p95_s=bootstrap(times, p95),
        localisation_error_mean_m=bootstrap(errors, mean), localisation_error_p95_m=bootstrap(errors, p95),
        false_alarms_per_hour=garwood(false_alarms, hours),
        distance_m=bootstrap([outcome.distance_m for outcome in good], mean),
        waypoints_missed=garwood(sum(outcome.waypoints_missed for outcome in good), 1.0 if good else 0.0),
        collisions=garwood(sum(outcome.collisions for outcome in good), 1.0 if good else 0.0),
        realtime_factor=bootstrap([outcome.realtime_factor for outcome in good], mean),
        wall_time_s=bootstrap([outcome.wall_time_s for outcome in good], mean))


@dataclass(frozen=True, slots=True)
class Look:
    """How well things of one look were found."""

    value: str
    expected: int
    found: int
    detection_rate: Estimate


@dataclass(frozen=True, slots=True)
class Fairness:
    """How one trait (clothing, size, skin) bears on detection: its looks, and by how many points their rates differ."""

    trait: str
    looks: tuple[Look, ...]
    max_difference_points: float | None


def fairness_of(outcomes: Sequence[RunOutcome]) -> tuple[Fairness, ...]:
    """Compare detection over each trait's looks, by name."""
    by_trait: defaultdict[str, defaultdict[str, list[SubjectResult]]] = defaultdict(lambda: defaultdict(list))
    for outcome in outcomes:
        for subject in outcome.subjects:
            if subject.expected and not outcome.failed:
                for trait, value in subject.appearance.items():
                    by_trait[trait][value].append(subject)
    return tuple(_compared(trait, by_trait[trait]) for trait in sorted(by_trait))


def _compared(trait: str, by_value: dict[str, list[SubjectResult]]) -> Fairness:
    looks: list[Look] = []
    for value, subjects in sorted(by_value.items()):
        found = sum(subject.found for subject in subjects)
        looks.append(Look(value, len(subjects), found, wilson(found, len(subjects))))
    rates = [look.found / look.expected for look in looks]
    return Fairness(trait, tuple(looks), 100.0 * (max(rates) - min(rates)) if len(rates) > 1 else None)

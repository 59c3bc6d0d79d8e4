"""What behaviour trials come to, over all seeds, and as JSON."""

from __future__ import annotations

import math
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lepatrol.evaluation.behaviour_job import BehaviourOutcome, Figure, Worst
from lepatrol.evaluation.campaign import Campaign
from lepatrol.evaluation.statistics import Estimate, wilson
from lepatrol.evaluation.summary import Json, rounded, with_interval, write_figures


@dataclass(frozen=True, slots=True)
class Spread:
    """One figure over all runs in which it was measured."""

    worst: float
    mean: float
    runs: int


@dataclass(frozen=True, slots=True)
class TrialFigures:
    """What several runs of one trial on one site come to. Failed runs are counted, and no more."""

    runs: int
    failed: int
    passed: int
    passed_rate: Estimate
    figures: Mapping[str, Spread]


@dataclass(frozen=True, slots=True)
class BehaviourResults:
    """What a campaign of trials comes to, by trial and site in the order in which they were held."""

    trials: Mapping[tuple[str, str], TrialFigures]
    outcomes: tuple[BehaviourOutcome, ...]
    interrupted: bool

    @property
    def passed(self) -> bool:
        """Tell whether every run that was done passed."""
        return all(outcome.passed for outcome in self.outcomes)


def behaviour_results(campaign: Campaign[BehaviourOutcome]) -> BehaviourResults:
    """Sum up a campaign of trials."""
    by_trial: dict[tuple[str, str], list[BehaviourOutcome]] = {}
    for outcome in campaign.outcomes:
        by_trial.setdefault((outcome.trial, outcome.site), []).append(outcome)
    return BehaviourResults(
        {key: _figures_of(runs) for key, runs in by_trial.items()}, campaign.outcomes, campaign.interrupted)


def replay_trial(outcome: BehaviourOutcome) -> str:
    """Return the command that holds this trial again, alone."""
    return shlex.join(['lepatrol', 'behave', outcome.trial, '--site', outcome.site, '--seed', str(outcome.seed)])


def write_behaviour_json(results: BehaviourResults, path: Path) -> None:
    """Write everything to a file; what is not known is null."""
    write_figures(_as_json(results), path)


def _figures_of(outcomes: Sequence[BehaviourOutcome]) -> TrialFigures:
    passed = sum(outcome.passed for outcome in outcomes)
    measured: dict[str, list[Figure]] = {}
    for outcome in outcomes:
        for name, figure in outcome.figures.items():
            if math.isfinite(figure.value):
                measured.setdefault(name, []).append(figure)
    return TrialFigures(
        len(outcomes), sum(outcome.failed for outcome in outcomes), passed, wilson(passed, len(outcomes)),
        {name: _spread(figures) for name, figures in measured.items()})


def _spread(figures: Sequence[Figure]) -> Spread:
    values = [figure.value for figure in figures]
    worst = max(values) if figures[0].worst is Worst.MOST else min(values)
    return Spread(worst, sum(values) / len(values), len(values))


def _as_json(results: BehaviourResults) -> Json:
    return {
        'interrupted': results.interrupted,
        'trials': [{'trial': trial, 'site': site, **_trial(figures)}
                   for (trial, site), figures in results.trials.items()],
        'per_run': [_run(outcome) for outcome in results.outcomes]}


def _trial(trial: TrialFigures) -> Json:
    return {
        'runs': trial.runs, 'failed': trial.failed, 'passed': trial.passed,
        **with_interval('passed_rate', trial.passed_rate),
        'figures': {name: {'worst': rounded(spread.worst), 'mean': rounded(spread.mean), 'runs': spread.runs}
                    for name, spread in trial.figures.items()}}


def _run(outcome: BehaviourOutcome) -> Json:
    return {
        'trial': outcome.trial, 'site': outcome.site, 'seed': outcome.seed, 'replay': replay_trial(outcome),
        'error': outcome.error or None, 'passed': outcome.passed, 'reasons': list(outcome.reasons),
        'about': outcome.about,
        'figures': {name: {'value': rounded(figure.value), 'worst': figure.worst.value}
                    for name, figure in outcome.figures.items()},
        'duration_s': rounded(outcome.duration_s), 'realtime_factor': rounded(outcome.realtime_factor),
        'wall_time_s': rounded(outcome.wall_time_s)}

"""A campaign as JSON: figures by scenario, over all, by looks, and every run so that it can be replayed alone."""

from __future__ import annotations

import json
import math
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lepatrol.evaluation.campaign import Campaign
from lepatrol.evaluation.job import FalseAlarm, RunOutcome, SubjectResult
from lepatrol.evaluation.statistics import Estimate, Fairness, Figures, fairness_of, figures_of
from lepatrol.model.files import write_whole

Json = dict[str, Any]
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Results:
    """What a campaign comes to: figures by scenario in the order of the command, and over those of one kind.

    ``totals`` has ``quiet`` (nothing staged that ought to be reported), ``eventful`` (the others) and ``all``.
    """

    scenarios: dict[str, Figures]
    totals: dict[str, Figures]
    fairness: tuple[Fairness, ...]
    outcomes: tuple[RunOutcome, ...]
    world: str | None
    interrupted: bool


def results_of(campaign: Campaign[RunOutcome], world: str | None = None) -> Results:
    """Sum up a campaign; a scenario is quiet if nothing was to be reported in any of its runs."""
    by_scenario: dict[str, list[RunOutcome]] = {}
    for outcome in campaign.outcomes:
        by_scenario.setdefault(outcome.scenario, []).append(outcome)
    quiet = {
        name for name, runs in by_scenario.items()
        if all(run.quiet for run in runs) and not all(run.failed for run in runs)}
    groups = {
        'quiet': [run for name in by_scenario if name in quiet for run in by_scenario[name]],
        'eventful': [run for name in by_scenario if name not in quiet for run in by_scenario[name]],
        'all': list(campaign.outcomes)}
    return Results(
        scenarios={name: figures_of(runs) for name, runs in by_scenario.items()},
        totals={name: figures_of(runs) for name, runs in groups.items()},
        fairness=fairness_of(campaign.outcomes), outcomes=campaign.outcomes, world=world,
        interrupted=campaign.interrupted)


def write_json(results: Results, path: Path) -> None:
    """Write everything to a file; what is not known is null."""
    write_figures(as_json(results), path)


def write_figures(plain: Json, path: Path) -> None:
    """Write the figures of a campaign; the file is whole whenever it is there.

    :raises FileError: when it cannot be written.
    """
    write_whole(path, (json.dumps(plain, indent=2, allow_nan=False) + '\n').encode(), 'the figures')


def as_json(results: Results) -> Json:
    """Return everything as JSON has it."""
    return {
        'world': results.world, 'interrupted': results.interrupted,
        'scenarios': {name: _figures(figures) for name, figures in results.scenarios.items()},
        'totals': {name: _figures(figures) for name, figures in results.totals.items()},
        'fairness': {fairness.trait: _fairness(fairness) for fairness in results.fairness},
        'per_run': [_run(outcome, results.world) for outcome in results.outcomes],
    }


def replay_command(outcome: RunOutcome, world: str | None) -> str:
    """Return the command that does this run again, alone."""
    words = ['lepatrol', 'evaluate', outcome.scenario, '--seed', str(outcome.seed)]
    return shlex.join([*words, *(['--world', world] if world else [])])


def _figures(figures: Figures) -> Json:
    values: Json = {
        'runs': figures.runs, 'failed': figures.failed, 'expected': figures.expected, 'found': figures.found}
    values |= with_interval('detection_rate', figures.detection_rate)
    values |= _pair('time_to_alert_s', p50=figures.time_to_alert_p50_s, p95=figures.time_to_alert_p95_s)
    values |= _pair(
        'localisation_error_m', mean=figures.localisation_error_mean_m, p95=figures.localisation_error_p95_m)
    values |= {'false_alarms': figures.false_alarms, 'patrol_hours': rounded(figures.patrol_hours)}
    for name in ('false_alarms_per_hour', 'distance_m', 'waypoints_missed', 'collisions', 'realtime_factor',
                 'wall_time_s'):
        values |= with_interval(name, getattr(figures, name))
    return values


def _fairness(fairness: Fairness) -> Json:
    looks = {
        look.value: {'expected': look.expected, 'found': look.found,
                     **with_interval('detection_rate', look.detection_rate)}
        for look in fairness.looks}
    return {'looks': looks, 'max_difference_points': rounded(fairness.max_difference_points)}


def _run(outcome: RunOutcome, world: str | None) -> Json:
    figures = figures_of([outcome])
    return {
        'scenario': outcome.scenario, 'seed': outcome.seed, 'replay': replay_command(outcome, world),
        'error': outcome.error or None, 'expected': outcome.expected, 'found': outcome.found,
        'detection_rate': rounded(figures.detection_rate.value),
        'time_to_alert_s': {'p50': rounded(figures.time_to_alert_p50_s.value),
                            'p95': rounded(figures.time_to_alert_p95_s.value)},
        'localisation_error_m': {'mean': rounded(figures.localisation_error_mean_m.value),
                                 'p95': rounded(figures.localisation_error_p95_m.value)},
        'false_alarms': [_false_alarm(alarm) for alarm in outcome.false_alarms],
        'false_alarms_per_hour': rounded(figures.false_alarms_per_hour.value),
        'duration_s': rounded(outcome.duration_s), 'distance_m': rounded(outcome.distance_m),
        'waypoints_missed': outcome.waypoints_missed, 'collisions': outcome.collisions,
        'realtime_factor': rounded(outcome.realtime_factor), 'wall_time_s': rounded(outcome.wall_time_s),
        'subjects': [_subject(subject) for subject in outcome.subjects],
    }


def _subject(subject: SubjectResult) -> Json:
    return {
        'name': subject.name, 'kinds': [kind.value for kind in subject.kinds], 'expected': subject.expected,
        'found': subject.found, 'in_view_s': rounded(subject.in_view_s),
        'time_to_alert_s': rounded(subject.time_to_alert_s),
        'localisation_error_m': rounded(subject.localisation_error_m), 'alert_id': subject.alert_id or None,
        'nearest_m': rounded(subject.nearest_m), 'nearest_at_s': rounded(subject.nearest_at_s),
        'appearance': dict(subject.appearance),
        'picture': subject.picture or None}


def _false_alarm(alarm: FalseAlarm) -> Json:
    return {
        'at_s': rounded(alarm.at_s), 'alert_id': alarm.alert_id, 'kind': alarm.kind.value, 'rule': alarm.rule,
        'sentence': alarm.sentence,
        'position_m': None if alarm.position_m is None else [rounded(value) for value in alarm.position_m],
        'picture': alarm.picture or None}


def with_interval(name: str, estimate: Estimate) -> Json:
    """Return a figure and its interval under ``name`` and ``name_ci``."""
    return {name: rounded(estimate.value), f'{name}_ci': _interval(estimate)}


def _pair(name: str, **estimates: Estimate) -> Json:
    return {
        name: {key: rounded(estimate.value) for key, estimate in estimates.items()},
        f'{name}_ci': {key: _interval(estimate) for key, estimate in estimates.items()}}


def _interval(estimate: Estimate) -> Sequence[float | None] | None:
    return None if estimate.interval is None else [rounded(bound) for bound in estimate.interval]


def rounded(value: float | None) -> float | None:
    """Return a figure as it is written, None for one that is not known."""
    return round(value, _DIGITS) if value is not None and math.isfinite(value) else None

"""Runs of campaigns that were ended early, read from their figures, so that they can be gone on with."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from lepatrol.evaluation.behaviour_job import BehaviourOutcome, Figure, Worst
from lepatrol.evaluation.campaign import Outcome
from lepatrol.evaluation.job import FalseAlarm, RunOutcome, SubjectResult
from lepatrol.model.alerts import AlertKind
from lepatrol.model.errors import FileError
from lepatrol.model.plain import counted, member, named, number, typed
from lepatrol.model.site import Point2

R = TypeVar('R', bound=Outcome)


def read_outcomes(path: Path, *, world: str | None) -> tuple[RunOutcome, ...]:
    """Return the runs that a campaign's JSON file holds, without those that failed; timelines are not in it.

    :raises FileError: naming file and value, if it is no such file or of a campaign in another world.
    """
    def check(plain: dict[str, Any]) -> None:
        if plain.get('world') != world:
            raise ValueError(f'its runs are in world {plain.get("world")!r}, these are to be in {world!r}')

    return _read(path, _outcome, check)


def read_trials(path: Path) -> tuple[BehaviourOutcome, ...]:
    """Return the trials that a JSON file of behaviour trials holds, without those that failed.

    :raises FileError: naming file and value, if it is no such file.
    """
    return _read(path, _trial)


def _read(
    path: Path, outcome_of: Callable[[dict[str, Any]], R], check: Callable[[dict[str, Any]], None] = lambda _: None,
) -> tuple[R, ...]:
    """Return what has come of a campaign's jobs but for those that failed."""
    try:
        plain = typed(json.loads(path.read_text(encoding='utf-8')), dict, 'the file')
        check(plain)
        outcomes = [outcome_of(typed(run, dict, 'per_run')) for run in member(plain, 'per_run', list)]
    except OSError as error:
        raise FileError(path, f'cannot be read: {error.strerror}') from error
    except (ValueError, RecursionError) as error:
        raise FileError(path, f'holds no runs to go on with: {error}') from error
    return tuple(outcome for outcome in outcomes if not outcome.failed)


def _trial(run: dict[str, Any]) -> BehaviourOutcome:
    figures = member(run, 'figures', dict)
    return BehaviourOutcome(
        member(run, 'trial', str), member(run, 'site', str), counted(run, 'seed'), error=run.get('error') or '',
        reasons=tuple(typed(reason, str, 'reasons') for reason in member(run, 'reasons', list)),
        figures={name: _figure(typed(figure, dict, 'figures')) for name, figure in figures.items()},
        about=member(run, 'about', str), duration_s=number(run, 'duration_s'), wall_time_s=_known(run, 'wall_time_s'))


def _figure(plain: dict[str, Any]) -> Figure:
    return Figure(_known(plain, 'value'), named(Worst, plain.get('worst'), 'worst'))


def _outcome(run: dict[str, Any]) -> RunOutcome:
    return RunOutcome(
        member(run, 'scenario', str), counted(run, 'seed'), error=run.get('error') or '',
        subjects=tuple(_subject(typed(each, dict, 'subjects')) for each in member(run, 'subjects', list)),
        false_alarms=tuple(
            _false_alarm(typed(each, dict, 'false_alarms')) for each in member(run, 'false_alarms', list)),
        duration_s=number(run, 'duration_s'), distance_m=number(run, 'distance_m'),
        waypoints_missed=counted(run, 'waypoints_missed'), collisions=counted(run, 'collisions'),
        wall_time_s=_known(run, 'wall_time_s'))


def _subject(plain: dict[str, Any]) -> SubjectResult:
    looks = member(plain, 'appearance', dict)
    return SubjectResult(
        member(plain, 'name', str),
        tuple(named(AlertKind, kind, 'kinds') for kind in member(plain, 'kinds', list)),
        in_view_s=_given(plain, 'in_view_s'), found=member(plain, 'found', bool),
        time_to_alert_s=_given(plain, 'time_to_alert_s'), localisation_error_m=_given(plain, 'localisation_error_m'),
        alert_id=plain.get('alert_id') or '', nearest_m=_given(plain, 'nearest_m'),
        nearest_at_s=_given(plain, 'nearest_at_s'),
        appearance={trait: str(typed(look, str, 'appearance')) for trait, look in looks.items()},
        picture=plain.get('picture') or '')


def _false_alarm(plain: dict[str, Any]) -> FalseAlarm:
    return FalseAlarm(
        number(plain, 'at_s'), member(plain, 'alert_id', str), named(AlertKind, plain.get('kind'), 'kind'),
        member(plain, 'rule', str), member(plain, 'sentence', str), _place(plain.get('position_m')),
        plain.get('picture') or '')


def _place(pair: Any) -> Point2 | None:
    if pair is None:
        return None
    x, y = typed(pair, list, 'position_m')
    return number({'position_m': x}, 'position_m'), number({'position_m': y}, 'position_m')


def _known(plain: dict[str, Any], key: str) -> float:
    """Return a number, NaN where it is null: not known."""
    value = _given(plain, key)
    return math.nan if value is None else value


def _given(plain: dict[str, Any], key: str) -> float | None:
    return None if plain.get(key) is None else number(plain, key)

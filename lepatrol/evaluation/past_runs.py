"""Runs of a campaign that was ended early, read from its figures, so that it can be gone on with."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lepatrol.evaluation.job import FalseAlarm, RunOutcome, SubjectResult
from lepatrol.model.alerts import AlertKind
from lepatrol.model.errors import FileError
from lepatrol.model.plain import counted, member, named, number, typed
from lepatrol.model.site import Point2


def read_outcomes(path: Path, *, world: str | None) -> tuple[RunOutcome, ...]:
    """Return the runs that a campaign's JSON file holds, without those that failed; timelines are not in it.

    :raises FileError: naming file and value, if it is no such file or of a campaign in another world.
    """
    try:
        plain = typed(json.loads(path.read_text(encoding='utf-8')), dict, 'the file')
        if plain.get('world') != world:
            raise ValueError(f'its runs are in world {plain.get("world")!r}, these are to be in {world!r}')
        outcomes = tuple(_outcome(typed(run, dict, 'per_run')) for run in member(plain, 'per_run', list))
    except OSError as error:
        raise FileError(path, f'cannot be read: {error.strerror}') from error
    except (ValueError, RecursionError) as error:
        raise FileError(path, f'holds no runs to go on with: {error}') from error
    return tuple(outcome for outcome in outcomes if not outcome.failed)


def _outcome(run: dict[str, Any]) -> RunOutcome:
    wall_time_s = _given(run, 'wall_time_s')
    return RunOutcome(
        member(run, 'scenario', str), counted(run, 'seed'), error=run.get('error') or '',
        subjects=tuple(_subject(typed(each, dict, 'subjects')) for each in member(run, 'subjects', list)),
        false_alarms=tuple(
            _false_alarm(typed(each, dict, 'false_alarms')) for each in member(run, 'false_alarms', list)),
        duration_s=number(run, 'duration_s'), distance_m=number(run, 'distance_m'),
        waypoints_missed=counted(run, 'waypoints_missed'), collisions=counted(run, 'collisions'),
        wall_time_s=float('nan') if wall_time_s is None else wall_time_s)


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


def _given(plain: dict[str, Any], key: str) -> float | None:
    return None if plain.get(key) is None else number(plain, key)

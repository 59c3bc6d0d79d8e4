"""A campaign's results in the terminal."""

from __future__ import annotations

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from lepatrol.evaluation.job import RunOutcome, SubjectResult
from lepatrol.evaluation.report import COLUMNS, rows_of
from lepatrol.evaluation.statistics import Fairness
from lepatrol.evaluation.summary import Results, replay_command

_SHOWN = tuple(COLUMNS.index(name) for name in (
    'scenario', 'runs', 'found', 'detection rate', 'time to alert p50 s', 'p95 s', 'position error m', 'false alarms',
    'per hour', 'x real time'))
_SHOWN_NARROW = tuple(COLUMNS.index(name) for name in (
    'scenario', 'runs', 'detection rate', 'time to alert p50 s', 'position error m', 'per hour'))
_WIDE = 125


def tell(console: Console, results: Results, *, with_timeline: bool) -> None:
    """Print the tables, what failed, and with a timeline also what happened in each run."""
    console.print(_main_table(results, _SHOWN if console.width >= _WIDE else _SHOWN_NARROW))
    if results.fairness:
        console.print(_fairness_table(results.fairness))
    for outcome in results.outcomes:
        if outcome.failed:
            said = outcome.error if with_timeline else outcome.error.partition('\n')[0]
            console.print(f'[red]failed[/red] {escape(replay_command(outcome, results.world))}: {escape(said)}',
                          highlight=False, soft_wrap=True)
        elif with_timeline:
            for line in timeline(outcome):
                console.print(line, markup=False, highlight=False, soft_wrap=True)


def timeline(outcome: RunOutcome) -> list[str]:
    """Return a run's alerts in the order they came, and how what was staged fared."""
    false = {alarm.alert_id for alarm in outcome.false_alarms}
    events = [(subject.in_view_s, f'{subject.name} came into view')
              for subject in outcome.subjects if subject.in_view_s is not None]
    for report in outcome.reports:
        alert = report.alert
        if alert.updates == 0:
            note = '  (false alarm)' if alert.alert_id in false else ''
            events.append((report.at_s, f'{alert.alert_id} {alert.kind.value}: {alert.sentence}{note}'))
    return ['', f'{outcome.scenario}, seed {outcome.seed}:',
            *(f'{at_s:8.1f} s  {text}' for at_s, text in sorted(events)),
            *(f'  {subject.name}: {_fate(subject)}' for subject in outcome.subjects)]


def _fate(subject: SubjectResult) -> str:
    if subject.missed:
        return 'MISSED'
    if not subject.expected:
        return 'never came into view'
    off = '' if subject.localisation_error_m is None else f', {subject.localisation_error_m:.2f} m off'
    return f'found by {subject.alert_id} after {subject.time_to_alert_s or 0.0:.2f} s{off}'


def _main_table(results: Results, shown: Sequence[int]) -> Table:
    """Return the figures that matter most, a row for each scenario; the page and the JSON file have the others."""
    table = Table(title='What was found (below each figure: its 95 % interval)', box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    for index in shown:
        name = 'false alarms per hour' if COLUMNS[index] == 'per hour' else COLUMNS[index]
        table.add_column(name, justify='right' if index else 'left', no_wrap=not index)
    for is_total, cells in rows_of(results):
        table.add_row(*(_cell(*cells[index]) for index in shown), style='bold' if is_total else None)
    return table


def _cell(value: str, small: str) -> str:
    short = small.replace('% to ', '–').replace(' to ', '–')  # noqa: RUF001  (an en dash is meant)
    return f'{escape(value)}\n[dim]{escape(short)}[/dim]' if small else escape(value)


def _fairness_table(traits: tuple[Fairness, ...]) -> Table:
    table = Table(title='Does it depend on who it is?')
    for name in ('trait', 'look', 'found', 'rate', '95 %', 'largest difference'):
        table.add_column(name, justify='left' if name in ('trait', 'look') else 'right')
    for trait in traits:
        for index, look in enumerate(trait.looks):
            rate, interval = look.detection_rate.value or 0.0, look.detection_rate.interval or (0.0, 1.0)
            difference = trait.max_difference_points
            table.add_row(
                '' if index else escape(trait.trait), escape(look.value), f'{look.found} of {look.expected}',
                f'{rate:.1%}', f'{interval[0]:.1%} to {interval[1]:.1%}',
                '' if index or difference is None else f'{difference:.1f} points')
    return table

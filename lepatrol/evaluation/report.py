"""A campaign as a page: the figures in tables, and a picture of every miss and of every false alarm.

The page stands in a folder with its pictures and needs nothing else: no network, no script.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

from lepatrol.evaluation.job import FalseAlarm, RunOutcome, SubjectResult
from lepatrol.evaluation.statistics import Estimate, Fairness, Figures
from lepatrol.evaluation.summary import Results, replay_command
from lepatrol.pages import document

PICTURES = 'pictures'
"""The folder of the pictures beside the page."""

COLUMNS = (
    'scenario', 'runs', 'found', 'detection rate', 'time to alert p50 s', 'p95 s', 'position error m',
    'false alarms', 'per hour', 'distance m', 'waypoints missed', 'collisions', 'x real time', 'wall time s')
_NOTHING = '–'  # noqa: RUF001  (an en dash is meant)

_STYLE = """
body { max-width: 92rem; } h2 { font-size: 1.2rem; margin: 2.2rem 0 .4rem; }
.soft, td small { color: var(--soft); } .scroll { overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--line); padding: .35rem .5rem; text-align: right; vertical-align: top; }
td { white-space: nowrap; }
th { font-size: .85rem; font-weight: 600; vertical-align: bottom; }
th:first-child, td:first-child { text-align: left; }
td small { display: block; font-size: .75rem; }
.tables { align-items: start; display: flex; flex-wrap: wrap; gap: 1.5rem 3rem; }
tr.total td { border-top: 2px solid var(--line); font-weight: 600; } tr.total small { font-weight: 400; }
.cards { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)); }
article { background: var(--card); border: 1px solid var(--line); border-top: 4px solid var(--odd);
  border-radius: 6px; overflow-wrap: anywhere; padding: .8rem 1rem; }
article.bad { border-top-color: var(--bad); } article h3 { font-size: 1rem; margin: .5rem 0 .2rem; }
article p { margin: .2rem 0; } img { border-radius: 4px; display: block; width: 100%; }
code, pre { font-size: .85rem; } pre { overflow-x: auto; white-space: pre-wrap; }
"""


def write_report(results: Results, folder: Path) -> Path:
    """Write ``index.html`` into the folder that holds ``pictures``; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    page = folder / 'index.html'
    title = f'lepatrol evaluation: {", ".join(results.scenarios) or "nothing was done"}'
    page.write_text(document(title, _STYLE, _page(results)), encoding='utf-8')
    return page


def cells_of(name: str, figures: Figures) -> tuple[tuple[str, str], ...]:
    """Return a row under ``COLUMNS``: each value, and its interval or whatever else stands small below it."""
    failed = f'{figures.failed} failed' if figures.failed else ''
    return (
        (name, ''), (str(figures.runs), failed),
        (f'{figures.found} of {figures.expected}' if figures.expected else _NOTHING, ''),
        _cell(figures.detection_rate, '{:.1%}'), _cell(figures.time_to_alert_p50_s, '{:.2f}'),
        _cell(figures.time_to_alert_p95_s, '{:.2f}'), _cell(figures.localisation_error_mean_m, '{:.2f}'),
        (str(figures.false_alarms), f'in {figures.patrol_hours:.2f} h'), _cell(figures.false_alarms_per_hour, '{:.2f}'),
        _cell(figures.distance_m, '{:.0f}'), _cell(figures.waypoints_missed, '{:.0f}'),
        _cell(figures.collisions, '{:.0f}'), _cell(figures.realtime_factor, '{:.1f}'),
        _cell(figures.wall_time_s, '{:.1f}'))


def rows_of(results: Results) -> Iterator[tuple[bool, tuple[tuple[str, str], ...]]]:
    """Yield the rows of the main table: of each scenario, then the totals (True) that sum up more than one."""
    for name, figures in results.scenarios.items():
        yield False, cells_of(name, figures)
    if len(results.scenarios) > 1:
        for name, figures in results.totals.items():
            if figures.runs:
                yield True, cells_of(f'{name} together', figures)


def _cell(estimate: Estimate, form: str) -> tuple[str, str]:
    if estimate.value is None:
        return _NOTHING, ''
    interval = estimate.interval
    return form.format(estimate.value), '' if interval is None else ' to '.join(form.format(end) for end in interval)


def _page(results: Results) -> Iterator[str]:
    outcomes = results.outcomes
    yield '<h1>How well the perimeter is watched</h1>'
    ending = ' Interrupted: not all runs that were asked for are here.' if results.interrupted else ''
    yield (f'<p class="soft">{len(outcomes)} runs of {len(results.scenarios)} scenarios'
           f'{f" in {escape(results.world)}" if results.world else ""}, scored against what was truly there.'
           f'{ending}</p>')
    yield from _main_table(results)
    yield from _fairness(results.fairness)
    yield from _section('Missed', [card for run in outcomes for card in _misses(run, results.world)],
                        'Nothing that came into view was missed.')
    yield from _section('False alarms', [card for run in outcomes for card in _false_alarms(run, results.world)],
                        'There was no false alarm.')
    failed = [_failure(run, results.world) for run in outcomes if run.failed]
    if failed:
        yield from _section('Failed runs', failed, '')


def _main_table(results: Results) -> Iterator[str]:
    yield '<div class="scroll">'
    yield from _table(COLUMNS, rows_of(results))
    yield '</div>'
    yield ('<p class="soft">Small: the interval that holds the true value 95 times in 100 (Wilson for rates, Garwood '
           'for counts, bootstrap for times and errors). Time to alert counts from when a thing came into view. '
           'Waypoints missed and collisions are counted over all runs; distance and wall time are means per run. '
           'Heads and privacy zones are masked in every picture.</p>')


def _fairness(fairness: Sequence[Fairness]) -> Iterator[str]:
    if not fairness:
        return
    yield '<h2>Does it depend on who it is?</h2><div class="tables">'
    for trait in fairness:
        rows = [
            (False, ((look.value, ''), (f'{look.found} of {look.expected}', ''), _cell(look.detection_rate, '{:.1%}')))
            for look in trait.looks]
        if trait.max_difference_points is not None:
            difference = f'{trait.max_difference_points:.1f} points'
            rows.append((True, (('largest difference', ''), ('', ''), (difference, ''))))
        yield from _table((trait.trait, 'found', 'detection rate'), rows)
    yield '</div>'


def _table(heads: Iterable[str], rows: Iterable[tuple[bool, tuple[tuple[str, str], ...]]]) -> Iterator[str]:
    yield f'<table><thead><tr>{"".join(f"<th>{escape(head)}</th>" for head in heads)}</tr></thead><tbody>'
    for is_total, cells in rows:
        inner = ''.join(
            f'<td>{escape(value)}{f"<small>{escape(small)}</small>" if small else ""}</td>' for value, small in cells)
        yield f'<tr{" class=total" if is_total else ""}>{inner}</tr>'
    yield '</tbody></table>'


def _section(title: str, cards: Sequence[str], none: str) -> Iterator[str]:
    yield f'<h2>{escape(title)}{f": {len(cards)}" if cards else ""}</h2>'
    yield f'<div class="cards">{"".join(cards)}</div>' if cards else f'<p>{escape(none)}</p>'


def _misses(run: RunOutcome, world: str | None) -> list[str]:
    return [_card('bad', f'{run.scenario}, seed {run.seed}: {subject.name}', _miss_lines(subject), subject.picture,
                  replay_command(run, world))
            for subject in run.subjects if subject.missed and not run.failed]


def _miss_lines(subject: SubjectResult) -> list[str]:
    kinds = ' or '.join(kind.words for kind in subject.kinds)
    lines = [f'In view from {subject.in_view_s:.1f} s on; expected {kinds}.']
    if subject.nearest_m is not None and subject.nearest_at_s is not None:
        away = f', from {subject.nearest_m:.1f} m away' if subject.nearest_m > 0.0 else ''
        lines.append(f'The picture is of {subject.nearest_at_s:.1f} s{away}.')
    if subject.appearance:
        lines.append(', '.join(f'{trait} {value}' for trait, value in subject.appearance.items()))
    return lines


def _false_alarms(run: RunOutcome, world: str | None) -> list[str]:
    return [_card('', f'{run.scenario}, seed {run.seed}: {alarm.kind.words}', _alarm_lines(alarm),
                  alarm.picture, replay_command(run, world))
            for alarm in run.false_alarms]


def _alarm_lines(alarm: FalseAlarm) -> list[str]:
    where = '' if alarm.position_m is None else f' at x {alarm.position_m[0]:.1f} m, y {alarm.position_m[1]:.1f} m'
    return [alarm.sentence, f'Rule {alarm.rule}, {alarm.at_s:.1f} s{where}.']


def _failure(run: RunOutcome, world: str | None) -> str:
    first, _, rest = run.error.partition('\n')
    trace = f'<details><summary>where</summary><pre>{escape(rest)}</pre></details>' if rest else ''
    return (f'<article class="bad"><h3>{escape(run.scenario)}, seed {run.seed}</h3><p>{escape(first)}</p>{trace}'
            f'<p><code>{escape(replay_command(run, world))}</code></p></article>')


def _card(style: str, title: str, lines: Sequence[str], picture: str, replay: str) -> str:
    image = (f'<img src="{escape(f"{PICTURES}/{picture}")}" alt="{escape(title)}" loading="lazy">' if picture
             else '<p class="soft">There is no picture of it.</p>')
    text = ''.join(f'<p>{escape(line)}</p>' for line in lines)
    return (f'<article class="{style}">{image}<h3>{escape(title)}</h3>{text}'
            f'<p><code>{escape(replay)}</code></p></article>')

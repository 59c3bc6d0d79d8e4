"""An inspection's report in the run's folder: the record as JSON, a page for people, and what people decided.

The record is written once. A decision is a line more in a file of decisions, so that nothing is ever overwritten; the
page is drawn anew from both.
"""

from __future__ import annotations

import json
import math
import os
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path

from lepatrol.behaviours.inspection_plan import STYLE as PLAN_STYLE
from lepatrol.behaviours.inspection_plan import close_up_of, plan_of
from lepatrol.model.errors import FileError
from lepatrol.model.files import file_name, write_whole
from lepatrol.model.inspection import InspectionLevel, Measured, ObjectEstimate, ObjectView
from lepatrol.model.inspection_record import Decision, HiddenSides, InspectionRecord
from lepatrol.model.plain_classes import from_plain, to_plain
from lepatrol.pages import document
from lepatrol.planning.viewpoints import ViewPlan

FOLDER = 'inspections'
RECORD, DECISIONS, PAGE = 'report.json', 'decisions.jsonl', 'report.html'

_PICTURES = ('.jpg', '.png')
_UNKNOWN = 'not known'
_STYLE = PLAN_STYLE + """
body { max-width: 76rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
.soft, dt, figcaption { color: var(--soft); } .level { border-left: 6px solid var(--odd); background: var(--card);
  border-radius: 6px; padding: .6rem 1rem; } .level.expected { border-left-color: var(--good); }
.level.suspicious { border-left-color: var(--bad); } .level h2 { margin: 0; }
.columns { align-items: start; display: grid; gap: 1.5rem;
  grid-template-columns: repeat(auto-fit, minmax(20rem, 1fr)); }
dl { display: grid; gap: .15rem 1rem; grid-template-columns: max-content 1fr; margin: .4rem 0; } dd { margin: 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; } .scroll { overflow-x: auto; }
th, td { border-bottom: 1px solid var(--line); padding: .3rem .6rem; text-align: left; vertical-align: top; }
th { font-size: .85rem; } figure { margin: 0; } .pictures { display: flex; flex-wrap: wrap; gap: .8rem; }
.pictures img { border-radius: 4px; height: 12rem; } figcaption { font-size: .85rem; }
"""


def write_inspection(folder: Path, record: InspectionRecord) -> Path:
    """Write record and page into the run's ``folder`` and return the page's path.

    Another record that is there already is not replaced: an inspection that goes on after its report needs an id of its
    own.

    :raises FileError: naming the file that is there already or cannot be written.
    """
    path = folder_of(folder, record.inspection_id) / RECORD
    if not path.exists():
        text = json.dumps(to_plain(record), ensure_ascii=False, indent=1)
        write_whole(path, text.encode(), 'the inspection report')
    elif read_inspection(folder, record.inspection_id) != record:
        raise FileError(path, 'is there already; a report is written once, decisions are added to it')
    return _draw(path.parent, record, read_decisions(folder, record.inspection_id))


def decide(folder: Path, inspection_id: str, decision: Decision) -> Path:
    """Add what a person decided to an inspection's report in the run's ``folder``; return the page's path.

    :raises FileError: if there is no such report, or it cannot be read or written.
    """
    record = read_inspection(folder, inspection_id)
    path = folder_of(folder, inspection_id) / DECISIONS
    line = json.dumps(to_plain(decision), ensure_ascii=False)
    try:
        with open(path, 'a', encoding='utf-8') as file:
            file.write(f'{line}\n')
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise FileError(path, f'the decision cannot be kept: {error.strerror}') from error
    return _draw(path.parent, record, read_decisions(folder, inspection_id))


def read_inspection(folder: Path, inspection_id: str) -> InspectionRecord:
    """Return an inspection's record from the run's ``folder``.

    :raises FileError: if there is none, or it cannot be read.
    """
    path = folder_of(folder, inspection_id) / RECORD
    try:
        return from_plain(InspectionRecord, json.loads(path.read_text(encoding='utf-8')))
    except OSError as error:
        raise FileError(path, f'cannot be read: {error.strerror}') from error
    except ValueError as error:
        raise FileError(path, f'is no inspection report: {error}') from error


def read_decisions(folder: Path, inspection_id: str) -> tuple[Decision, ...]:
    """Return what people decided about an inspection, the oldest first; a line that a kill cut short is left out.

    :raises FileError: if the file is there and cannot be read.
    """
    path = folder_of(folder, inspection_id) / DECISIONS
    try:
        lines = path.read_text(encoding='utf-8').splitlines() if path.exists() else []
    except OSError as error:
        raise FileError(path, f'cannot be read: {error.strerror}') from error
    decisions = []
    for line in lines:
        try:
            decisions.append(from_plain(Decision, json.loads(line)))
        except ValueError:
            continue
    return tuple(decisions)


def level_of(record: InspectionRecord, decisions: Sequence[Decision]) -> InspectionLevel:
    """Return the level that holds: what was decided last, and what the robot proposes before that."""
    return decisions[-1].level if decisions else record.judgement.level


def hidden_sides(plan: ViewPlan) -> tuple[HiddenSides, ...]:
    """Return what nobody can look from by a plan of viewpoints, as a record has it."""
    return tuple(HiddenSides(math.degrees(each.start_rad), math.degrees(each.end_rad), each.reason.value)
                 for each in plan.hidden)


def folder_of(folder: Path, inspection_id: str) -> Path:
    """Return where an inspection's files are in the run's folder."""
    return folder / FOLDER / file_name(inspection_id)


def _draw(folder: Path, record: InspectionRecord, decisions: Sequence[Decision]) -> Path:
    page = folder / PAGE
    title = f'Inspection {record.inspection_id}'
    write_whole(page, document(title, _STYLE, _body(record, decisions)).encode(), 'the inspection report')
    return page


def _body(record: InspectionRecord, decisions: Sequence[Decision]) -> Iterator[str]:
    yield f'<h1>Inspection {escape(record.inspection_id)}</h1>'
    yield (f'<p class="soft">{escape(record.site)}, robot {escape(record.robot)}, ended at {escape(record.clock)} '
           f'after {record.ended_s - record.started_s:.0f} s. {escape(record.cause)}</p>')
    yield from _level(record, decisions)
    yield '<h2>From above</h2><div class="columns">'
    yield f'<figure>{plan_of(record)}<figcaption>{escape(_plan_words(record))}</figcaption></figure>'
    close_up = close_up_of(record)
    if close_up:
        yield (f'<figure>{close_up}<figcaption>The footprint and, where it is as tall as the lidar looks, its returns '
               '(metres in map).</figcaption></figure>')
    yield '</div><div class="columns"><div><h2>What it is like</h2>'
    yield _facts(_measurements(record.estimate))
    yield '</div><div><h2>How it came there</h2>'
    yield _facts(_circumstances(record))
    yield '</div></div><h2>What was seen, and from where</h2>'
    yield from _views(record)
    yield from _pictures(record.views)
    yield '<h2>What happened</h2>'
    yield _table(('time', ''), [(_after(record, event.stamp_s), event.text) for event in record.timeline])
    yield ('<p class="soft">Times count from the beginning of the inspection. Measurements are given with twice their '
           'standard deviation. Heights count from the ground that the robot drives on. Heads and privacy zones are '
           'masked in every picture.</p>')


def _level(record: InspectionRecord, decisions: Sequence[Decision]) -> Iterator[str]:
    judgement, level = record.judgement, level_of(record, decisions)
    who = f'decided by {decisions[-1].confirmed_by}' if decisions else 'proposed by the robot, confirmed by nobody yet'
    yield f'<div class="level {level.value}"><h2>{escape(level.value)}</h2><p class="soft">{escape(who)}</p>'
    yield f'<p>The robot proposes {escape(judgement.level.value)}. {escape(judgement.recommendation)} Its reasons:</p>'
    yield f'<ul>{"".join(f"<li>{escape(reason)}</li>" for reason in judgement.reasons)}</ul>'
    if decisions:
        yield _table(('time', 'by', 'level', 'note'), [
            (_after(record, each.stamp_s), each.confirmed_by, each.level.value, each.note) for each in decisions])
    yield '</div>'


def _plan_words(record: InspectionRecord) -> str:
    inside = 'The robot went inside the outer ring on the operator\'s word.' if record.went_inside else (
        'The robot stayed outside the outer ring.')
    hidden = '; '.join(_hidden_words(sides) for sides in record.hidden)
    return (f'Numbers are viewpoints, in metres of map. {record.coverage_deg:.0f} degrees of the outline were seen. '
            f'{inside}{f" Not seen from: {hidden}." if hidden else ""}')


def _hidden_words(sides: HiddenSides) -> str:
    start, end = (f'{angle % 360.0:.0f}' for angle in (sides.start_deg, sides.end_deg))
    span = f'{start} to {end} degrees' if start != end else 'all sides' if (
        sides.end_deg != sides.start_deg) else f'{start} degrees'
    return f'{span} ({sides.reason})'


def _measurements(estimate: ObjectEstimate | None) -> list[tuple[str, str]]:
    if estimate is None:
        return [('size', 'nothing could be measured')]
    x, y = estimate.position_m
    volume = estimate.volume_m3
    litres = None if volume is None else Measured(1000.0 * volume.value, 1000.0 * volume.deviation)
    moved = estimate.moved_m
    moved_words = _UNKNOWN if moved is None else (
        f'by {moved.text("m")}' if estimate.has_moved else f'not noticeably: {moved.text("m")}')
    return [
        ('where', f'x {x:.2f} m, y {y:.2f} m, give or take {2.0 * estimate.deviation_m:.2f} m'),
        ('length', estimate.length_m.text('m')), ('width', estimate.width_m.text('m')),
        ('height', estimate.height_m.text('m') if estimate.height_m else _UNKNOWN),
        ('volume', litres.text('l', 0) if litres else _UNKNOWN), ('shape', estimate.shape.value),
        ('colours', ', '.join(f'{each.name} {each.share:.0%}' for each in estimate.colours) or _UNKNOWN),
        ('labels', ', '.join(map(str, estimate.labels)) or 'none read'), ('moved', moved_words)]


def _circumstances(record: InspectionRecord) -> list[tuple[str, str]]:
    near = [f'track {each.track_id} to {each.nearest_m:.1f} m ({_after(record, each.stamp_s)})'
            for each in record.passers]
    return [
        ('alert', record.alert_id or 'none'),
        ('unattended', _UNKNOWN if record.unattended_s is None else f'for {record.unattended_s:.0f} s'),
        ('left by', 'nobody was seen to leave it' if record.left_by is None else f'track {record.left_by}'),
        ('known as', record.judgement.known_as or 'nothing that the site knows'),
        ('came near', ', '.join(near) or 'nobody, as far as was seen'),
        ('not got to', ', '.join(record.skipped) or 'no viewpoint')]


def _views(record: InspectionRecord) -> Iterator[str]:
    rows = [(
        str(view.viewpoint), f'x {view.robot.x_m:.1f}, y {view.robot.y_m:.1f}',
        view.width_m.text('m') if view.width_m else '', view.height_m.text('m') if view.height_m else '',
        str(len(view.lidar_m)), ', '.join(each.name for each in view.colours), ', '.join(map(str, view.labels)),
        view.problem) for view in record.views]
    yield '<div class="scroll">'
    yield _table(('viewpoint', 'robot at', 'looks wide', 'looks tall', 'lidar returns', 'colours', 'labels', ''), rows)
    yield '</div>'


def _pictures(views: Iterable[ObjectView]) -> Iterator[str]:
    yield '<div class="pictures">'
    for view in views:
        for name in view.pictures:
            if Path(name).suffix in _PICTURES:
                words = f'viewpoint {view.viewpoint}, {Path(name).stem.rpartition("-")[2]}'
                yield (f'<figure><a href="{escape(Path(name).name)}"><img src="{escape(Path(name).name)}" '
                       f'alt="{escape(words)}" loading="lazy"></a><figcaption>{escape(words)}</figcaption></figure>')
    yield '</div>'


def _facts(rows: Sequence[tuple[str, str]]) -> str:
    return f'<dl>{"".join(f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>" for name, value in rows)}</dl>'


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    head = ''.join(f'<th>{escape(each)}</th>' for each in heads)
    body = ''.join(f'<tr>{"".join(f"<td>{escape(cell)}</td>" for cell in row)}</tr>' for row in rows)
    return f'<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def _after(record: InspectionRecord, stamp_s: float) -> str:
    return f'{stamp_s - record.started_s:+.0f} s'

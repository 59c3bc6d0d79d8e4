"""The page that shows an operator what a round found: each alert in words, with its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from lepatrol.behaviours.registrar import report_page
from lepatrol.model.alerts import Alert
from lepatrol.model.cases import Case, CaseState
from lepatrol.pages import document

_PICTURES = ('.jpg', '.jpeg', '.png')

_STYLE = """
body { max-width: 62rem; } h2 { font-size: 1.1rem; margin: 0; }
p.soft, dt { color: var(--soft); } img { border-radius: 4px; max-width: 100%; }
article { background: var(--card); border: 1px solid var(--line); border-left: 6px solid var(--calm);
  border-radius: 6px; margin: 1.2rem 0; padding: 1rem 1.2rem; }
article.critical { border-left-color: var(--bad); } article.warning { border-left-color: var(--odd); }
dl { display: grid; gap: .1rem 1rem; grid-template-columns: max-content 1fr; margin: .6rem 0; } dd { margin: 0; }
.evidence { display: flex; flex-wrap: wrap; gap: .8rem; margin-top: .8rem; }
figure { margin: 0; } .evidence img { height: 15rem; } figcaption { color: var(--soft); font-size: .85rem; }
"""


def write_report(
    path: Path, alerts: Sequence[Alert], cases: Sequence[Case] = (), *, title: str, summary: str,
    map_picture: str | None,
) -> None:
    """Write the page beside the files its alerts name as evidence, the gravest alerts first.

    ``cases`` say what the robot did about them.
    """
    ranked = sorted(alerts, key=lambda alert: (-alert.severity.rank, alert.first_seen_s))
    by_alert = {case.case_id: case for case in cases}
    count = 'no alert' if not alerts else f'{len(alerts)} alert{"s" if len(alerts) > 1 else ""}'
    parts = [
        f'<h1>{escape(title)}: {count}</h1>', f'<p class="soft">{escape(summary)}</p>',
        '<p>The robot reports what it measured and which rule that broke; whether it matters is for you to say. Heads '
        'and privacy zones are masked in every picture.</p>',
        *(_article(alert, by_alert.get(alert.alert_id)) for alert in ranked)]
    if map_picture:
        parts.append(f'<h2>The round</h2><p><img src="{escape(map_picture)}" alt="map with the walked path"></p>')
    path.write_text(document(title, _STYLE, parts), encoding='utf-8')


def _article(alert: Alert, case: Case | None) -> str:
    facts = {
        'rule': alert.rule, 'confidence': f'{alert.confidence:.0%}',
        'where': '' if alert.position_m is None else (
            f'x {alert.position_m[0]:.1f} m, y {alert.position_m[1]:.1f} m, give or take {alert.deviation_m:.1f} m'),
        'zone': alert.zone, 'seen': f'from {alert.first_seen_s:.1f} s to {alert.last_seen_s:.1f} s, by {alert.robot}',
        'id': alert.alert_id,
    }
    rows = ''.join(f'<dt>{escape(name)}</dt><dd>{escape(value)}</dd>' for name, value in facts.items() if value)
    figures = ''.join(_figure(name) for name in alert.evidence)
    return (f'<article class="{alert.severity.value}"><h2>{escape(alert.kind.words)} ({alert.severity.value})</h2>'
            f'<p>{escape(alert.sentence)}</p>{_done_about(case)}<dl>{rows}</dl>'
            f'<div class="evidence">{figures}</div></article>')


def _done_about(case: Case | None) -> str:
    """Return what the robot did about an alert, with the page of its inspection if there was one."""
    if case is None or case.state is CaseState.NOTED:
        return ''
    page = report_page(case.evidence)
    link = f' <a href="{escape(page)}">Inspection report</a>' if page else ''
    return f'<p><strong>{escape(case.state.value)}</strong>: {escape(case.reason)}.{link}</p>'


def _figure(name: str) -> str:
    caption = Path(name).stem.rpartition('-')[2]
    if Path(name).suffix.lower() in _PICTURES:
        return (f'<figure><img src="{escape(name)}" alt="{escape(caption)}"><figcaption>{escape(caption)}</figcaption>'
                '</figure>')
    return f'<figure><a href="{escape(name)}">{escape(caption)}</a></figure>'

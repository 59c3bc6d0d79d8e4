"""The page that shows an operator what a round found: each alert in words, with its evidence."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from lepatrol.model.alerts import Alert

_PICTURES = ('.jpg', '.jpeg', '.png')

_STYLE = """
:root { color-scheme: light dark; --paper: #fcfcfa; --ink: #1d2126; --soft: #5c6670; --line: #d8dce0; --card: #fff;
  --critical: #b3261e; --warning: #9a6700; --notice: #30638e; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171a; --ink: #e6e8ea; --soft: #9aa4ae; --line: #333a41;
  --card: #1b1f23; --critical: #ff8a80; --warning: #f2c14e; --notice: #8ab8e0; } }
body { background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; margin: 0 auto;
  max-width: 62rem; padding: 2rem 1rem; }
h1 { font-size: 1.6rem; margin: 0 0 .3rem; } h2 { font-size: 1.1rem; margin: 0; }
p.soft, dt { color: var(--soft); } img { border-radius: 4px; max-width: 100%; }
article { background: var(--card); border: 1px solid var(--line); border-left: 6px solid var(--notice);
  border-radius: 6px; margin: 1.2rem 0; padding: 1rem 1.2rem; }
article.critical { border-left-color: var(--critical); } article.warning { border-left-color: var(--warning); }
dl { display: grid; gap: .1rem 1rem; grid-template-columns: max-content 1fr; margin: .6rem 0; } dd { margin: 0; }
.evidence { display: flex; flex-wrap: wrap; gap: .8rem; margin-top: .8rem; }
figure { margin: 0; } .evidence img { height: 15rem; } figcaption { color: var(--soft); font-size: .85rem; }
"""


def write_report(path: Path, alerts: Sequence[Alert], *, title: str, summary: str, map_picture: str | None) -> None:
    """Write the page beside the files its alerts name as evidence, the gravest alerts first."""
    ranked = sorted(alerts, key=lambda alert: (-alert.severity.rank, alert.first_seen_s))
    count = 'no alert' if not alerts else f'{len(alerts)} alert{"s" if len(alerts) > 1 else ""}'
    parts = [
        '<!doctype html>', '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<title>{escape(title)}</title><style>{_STYLE}</style></head><body>',
        f'<h1>{escape(title)}: {count}</h1>', f'<p class="soft">{escape(summary)}</p>',
        '<p>The robot reports what it measured and which rule that broke; whether it matters is for you to say. Heads '
        'and privacy zones are masked in every picture.</p>',
        *map(_article, ranked)]
    if map_picture:
        parts.append(f'<h2>The round</h2><p><img src="{escape(map_picture)}" alt="map with the walked path"></p>')
    path.write_text('\n'.join([*parts, '</body></html>', '']), encoding='utf-8')


def _article(alert: Alert) -> str:
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
            f'<p>{escape(alert.sentence)}</p><dl>{rows}</dl><div class="evidence">{figures}</div></article>')


def _figure(name: str) -> str:
    caption = Path(name).stem.rpartition('-')[2]
    if Path(name).suffix.lower() in _PICTURES:
        return (f'<figure><img src="{escape(name)}" alt="{escape(caption)}"><figcaption>{escape(caption)}</figcaption>'
                '</figure>')
    return f'<figure><a href="{escape(name)}">{escape(caption)}</a></figure>'

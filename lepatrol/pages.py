"""What the pages have in common that people open after a run: one file, no network, no script, light and dark."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

_STYLE = """
:root { color-scheme: light dark; --paper: #fcfcfa; --ink: #1d2126; --soft: #5c6670; --line: #d8dce0; --card: #fff;
  --bad: #b3261e; --odd: #9a6700; --calm: #30638e; --good: #2e7d32; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171a; --ink: #e6e8ea; --soft: #9aa4ae; --line: #333a41;
  --card: #1b1f23; --bad: #ff8a80; --odd: #f2c14e; --calm: #8ab8e0; --good: #81c784; } }
body { background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; margin: 0 auto;
  padding: 2rem 1rem; }
h1 { font-size: 1.6rem; margin: 0 0 .3rem; }
"""


def document(title: str, style: str, body: Iterable[str]) -> str:
    """Return a page with a title, more style than all pages share, and what stands in it, already escaped."""
    return '\n'.join([
        '<!doctype html>', '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<title>{escape(title)}</title><style>{_STYLE}{style}</style></head><body>', *body, '</body></html>', ''])

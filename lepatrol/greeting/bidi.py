"""Marks that keep right-to-left text and the numbers in it in order where they are shown together with other text."""

from __future__ import annotations

import re

_LEFT, _RIGHT, _END = '\u2066', '\u2067', '\u2069'
_LEFT_TO_RIGHT = re.compile(r'[A-Za-z0-9](?:[A-Za-z0-9 @:._/+\u2013-]*[A-Za-z0-9])?')


def isolated(text: str, *, right_to_left: bool) -> str:
    """Return a text as one unit of its own direction, in which numbers, times and addresses keep theirs."""
    if not right_to_left:
        return text
    return _RIGHT + _LEFT_TO_RIGHT.sub(lambda match: _LEFT + match[0] + _END, text) + _END

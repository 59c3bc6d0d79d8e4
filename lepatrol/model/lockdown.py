"""The word that a site is locked down, or released, as robots pass it on."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from .errors import CommandError
from .plain import member, number, typed

_FIELDS = ('active', 'stamp_s', 'by')
_MOST_CHARACTERS = 1000


@dataclass(frozen=True, slots=True)
class LockdownWord:
    """From ``stamp_s`` on the site is locked down, or is not; ``by`` is the robot that was told."""

    active: bool = False
    stamp_s: float = 0.0
    by: str = ''

    def overrides(self, other: LockdownWord) -> bool:
        """Tell whether this is what counts of the two: the later word; of two at once, the same one everywhere."""
        return (self.stamp_s, self.active, self.by) > (other.stamp_s, other.active, other.by)


def text_from_lockdown(word: LockdownWord) -> str:
    """Write the word."""
    return json.dumps({'active': word.active, 'stamp_s': word.stamp_s, 'by': word.by})


def lockdown_from_text(text: str) -> LockdownWord:
    """Read what :func:`text_from_lockdown` wrote; every field must be there, and no other.

    :raises CommandError: naming the first value that is missing, wrong or unknown.
    """
    try:
        if len(text) > _MOST_CHARACTERS:
            raise ValueError(f'has {len(text)} characters, expected at most {_MOST_CHARACTERS}')
        plain: dict[str, Any] = typed(json.loads(text), dict, 'the word')
        for key in plain:
            if key not in _FIELDS:
                raise ValueError(f'{key!r} is unknown; it has: {", ".join(_FIELDS)}')
        return LockdownWord(member(plain, 'active', bool), number(plain, 'stamp_s'), member(plain, 'by', str))
    except (ValueError, RecursionError) as error:
        raise CommandError(f'what was told of a lockdown cannot be taken: {error}') from error

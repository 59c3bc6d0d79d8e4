"""Up to when schedules have been seen to, and when routes were last walked, kept on disk over a restart."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from lepatrol.model.errors import FileError
from lepatrol.model.plain import member
from lepatrol.planning.whole_file import replace_text

VERSION = 1


@dataclass(frozen=True, slots=True)
class ScheduleRecord:
    """Instants (with a zone) by the names of schedules and of routes."""

    handled: Mapping[str, datetime] = field(default_factory=dict)
    """Up to when each schedule's starts have been carried out or left out."""
    walked: Mapping[str, datetime] = field(default_factory=dict)
    """When each route was last walked."""


class ScheduleLog:
    """A record in one small file that is replaced as a whole."""

    def __init__(self, path: Path) -> None:
        """Keep the record at ``path``; nothing is touched yet."""
        self.path = path

    def load(self) -> ScheduleRecord:
        """Return what was saved last, or an empty record if nothing was.

        :raises FileError: saying how the file is damaged.
        """
        try:
            plain = json.loads(self.path.read_text(encoding='utf-8'))
        except FileNotFoundError:
            return ScheduleRecord()
        except OSError as error:
            raise FileError(self.path, f'cannot be read: {error.strerror}') from error
        except (ValueError, RecursionError) as error:
            raise FileError(self.path, f'is damaged: {error}') from error
        try:
            return _from_plain(plain)
        except ValueError as error:
            raise FileError(self.path, f'is damaged: {error}') from error

    def save(self, record: ScheduleRecord) -> None:
        """Replace what is kept.

        :raises FileError: if it cannot be written.
        """
        plain = {'version': VERSION, **{
            part: {name: when.isoformat() for name, when in getattr(record, part).items()} for part in _PARTS}}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            replace_text(self.path, json.dumps(plain, indent=1))
        except OSError as error:
            raise FileError(self.path, f'schedules cannot be kept: {error.strerror}') from error


_PARTS = ('handled', 'walked')


def _from_plain(plain: Any) -> ScheduleRecord:
    if not isinstance(plain, dict):
        raise ValueError('expected a mapping')
    if plain.get('version') != VERSION:
        raise ValueError(f'version is {plain.get("version")!r}, this lepatrol reads {VERSION}')
    return ScheduleRecord(*({name: _instant(name, text) for name, text in member(plain, part, dict).items()}
                            for part in _PARTS))


def _instant(name: str, text: Any) -> datetime:
    when = datetime.fromisoformat(text) if isinstance(text, str) else None
    if when is None or when.tzinfo is None:
        raise ValueError(f'{name} is {text!r}, expected a date and time with its zone')
    return when

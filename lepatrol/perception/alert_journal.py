"""Alerts on disk: a line of JSON for each time one is raised or updated, so that a killed node loses none."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path

from lepatrol.model.alert_json import alert_from_plain, alert_to_plain
from lepatrol.model.alerts import Alert
from lepatrol.model.errors import FileError


class AlertJournal:
    """A file that is only ever appended to, and is on the disk when :meth:`append` returns."""

    def __init__(self, path: Path) -> None:
        """Keep the journal at ``path``; nothing is touched yet."""
        self.path = path
        self._is_mended = False

    def append(self, alerts: Iterable[Alert]) -> None:
        """Write alerts as they are now, each flushed to the disk before the next.

        :raises FileError: if one cannot be written; those before it are kept, and so is everything older.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if not self._is_mended:
                self._mend()
            with open(self.path, 'ab') as file:
                for alert in alerts:
                    self._write(file.fileno(), (json.dumps(alert_to_plain(alert)) + '\n').encode())
        except OSError as error:
            raise FileError(self.path, f'the alert cannot be kept: {error.strerror}; free some room or choose another '
                                       'output folder') from error

    def _write(self, descriptor: int, line: bytes) -> None:
        """Write a line as a whole or not at all."""
        size = os.fstat(descriptor).st_size
        try:
            written = 0
            while written < len(line):
                written += os.write(descriptor, line[written:])
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, size)
            raise

    def _mend(self) -> None:
        """End, or cut off, a last line in which an earlier run was killed: the next one must begin a line."""
        if self.path.exists():
            with open(self.path, 'r+b') as file:
                data = file.read()
                tail = data.rpartition(b'\n')[2]
                if tail and _is_alert(tail):
                    file.write(b'\n')
                elif tail:
                    file.truncate(len(data) - len(tail))
        self._is_mended = True


def read_alerts(path: Path, warn: Callable[[str], None] | None = None) -> list[Alert]:
    """Return every state of every alert in a journal, oldest first; none where there is no journal.

    A last line without an end, in which a run was killed, is left out. Any other line that is damaged is told to
    ``warn``, with its number, and left out.

    :raises FileError: if the file cannot be read or, without ``warn``, naming the first damaged line.
    """
    try:
        *lines, tail = path.read_bytes().split(b'\n')
    except FileNotFoundError:
        return []
    except OSError as error:
        raise FileError(path, f'alerts cannot be read: {error.strerror}') from error
    if tail and _is_alert(tail):
        lines.append(tail)
    alerts = []
    for number, line in enumerate(lines, start=1):
        try:
            alerts.append(alert_from_plain(json.loads(line)))
        except (ValueError, RecursionError) as error:
            damage = FileError(path, f'is damaged: {error}', line=number)
            if warn is None:
                raise damage from error
            warn(f'{damage}; the line is left out')
    return alerts


def as_they_stand(alerts: Iterable[Alert]) -> list[Alert]:
    """Return the last state of each alert, in the order in which they were first raised."""
    return list({alert.alert_id: alert for alert in alerts}.values())


def _is_alert(line: bytes) -> bool:
    try:
        alert_from_plain(json.loads(line))
    except (ValueError, RecursionError):
        return False
    return True

"""When progress is written: whenever it changed by more than the distance, and never in the way of the patrol."""

from __future__ import annotations

import dataclasses
import logging

from lepatrol.model.errors import FileError
from lepatrol.planning.progress import Progress, ProgressStore


class ProgressKeeper:
    """Write progress when there is something new; a disk that fails is reported, and the patrol goes on."""

    def __init__(self, store: ProgressStore | None, logger: logging.Logger) -> None:
        """Keep progress in ``store``, or nowhere."""
        self.message = ''
        """What there is to say about what was found on disk."""
        self.trouble = ''
        """Why progress is not kept at present."""
        self._store = store
        self._log = logger
        self._kept: Progress | None = None

    def load(self) -> Progress | None:
        """Return what is on disk; what is damaged is set aside and said in ``message``."""
        if self._store is None:
            return None
        try:
            return self._store.load()
        except FileError as error:
            self.message = f'progress of an earlier patrol cannot be used, starting idle: {error}'
        try:
            aside = self._store.set_aside()
            self.message += f'; kept as {", ".join(path.name for path in aside)}'
        except FileError as error:
            self.message += f'; {error}'
        self._log.error('%s', self.message)
        return None

    def keep(self, progress: Progress) -> None:
        """Write progress if more than the distance has changed since the last time."""
        if self._store is None or self._same(progress):
            return
        self._kept = progress
        try:
            self._store.save(progress)
        except FileError as error:
            if not self.trouble:
                self._log.error('%s', error)
            self.trouble = str(error)
        else:
            self.trouble = ''

    def _same(self, progress: Progress) -> bool:
        kept = self._kept
        # A mission of ten thousand waypoints is told by its run's number, missed ones by how many they are.
        return kept is not None and _brief(kept) == _brief(progress)


def _brief(progress: Progress) -> tuple[object, ...]:
    skipped = {'mission', 'missed', 'distance_walked_m'}
    fields = (field.name for field in dataclasses.fields(progress) if field.name not in skipped)
    return (len(progress.missed), *(getattr(progress, name) for name in fields))

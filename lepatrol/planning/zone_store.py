"""Zones that came up on disk, so that they hold after a restart."""

from __future__ import annotations

from pathlib import Path

from lepatrol.model.errors import FileError
from lepatrol.model.live_zones import LiveZones
from lepatrol.model.live_zones_json import live_zones_from_json, live_zones_to_json
from lepatrol.planning.whole_file import replace_text


class ZoneStore:
    """One file with all that is known of zones, replaced as a whole."""

    def __init__(self, path: Path) -> None:
        """Keep them at ``path``; nothing is touched yet."""
        self.path = path

    def load(self) -> LiveZones:
        """Return what was saved last, nothing where nothing was.

        :raises FileError: naming the file that is damaged, and how.
        """
        if not self.path.exists():
            return LiveZones()
        try:
            return live_zones_from_json(self.path.read_text(encoding='utf-8'))
        except OSError as error:
            raise FileError(self.path, f'cannot be read: {error.strerror}') from error
        except ValueError as error:
            raise FileError(self.path, f'is damaged: {error}') from error

    def save(self, zones: LiveZones) -> None:
        """Replace what is kept.

        :raises FileError: if it cannot be written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            replace_text(self.path, live_zones_to_json(zones))
        except OSError as error:
            raise FileError(error.filename or self.path, f'zones cannot be kept: {error.strerror}') from error

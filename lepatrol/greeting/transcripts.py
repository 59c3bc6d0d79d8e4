"""What visitors wrote, kept on the disk for as long as the site says."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from lepatrol.model.chat import Line

_DAY_S = 86400.0
_NAME = re.compile(r'(\d+)-(\d+)\.jsonl')


class TranscriptStore:
    """One file per conversation, named by its number and when it began; conversations have no names here.

    Times are in seconds since 1970 at the site, also in a simulation, whose clock begins anew with every run.
    """

    def __init__(self, folder: Path | None, kept_days: int) -> None:
        """Keep transcripts in a folder; without one, or for no days, nothing is kept."""
        self._folder = folder if kept_days else None
        self._kept_s = kept_days * _DAY_S
        self._files: dict[int, Path] = {}

    def add(self, number: int, lines: Sequence[Line], now_s: float) -> None:
        """Add lines to a conversation's transcript.

        :raises OSError: if they cannot be written.
        """
        if self._folder is None or not lines:
            return
        if number not in self._files:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._files[number] = self._folder / f'{int(max(now_s, 0.0))}-{number}.jsonl'
        with self._files[number].open('a', encoding='utf-8') as file:
            for line in lines:
                file.write(json.dumps(asdict(line), ensure_ascii=False) + '\n')

    def close(self, number: int) -> None:
        """Take a conversation for over; its file stays until its time is up."""
        self._files.pop(number, None)

    def forget(self, number: int) -> None:
        """Delete a conversation's transcript."""
        path = self._files.pop(number, None)
        if path:
            with suppress(OSError):
                path.unlink()

    def purge(self, now_s: float) -> None:
        """Delete what was kept long enough, also what an earlier run has left."""
        if self._folder is None or not self._folder.is_dir():
            return
        for path in self._folder.iterdir():
            match = _NAME.fullmatch(path.name)
            if match and now_s - int(match[1]) > self._kept_s:
                with suppress(OSError):
                    path.unlink()
                self._files = {number: kept for number, kept in self._files.items() if kept != path}

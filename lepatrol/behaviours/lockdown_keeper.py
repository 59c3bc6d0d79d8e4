"""Whether the site is locked down: an operator's word to any robot, which all come to know, on disk too."""

from __future__ import annotations

import logging
from pathlib import Path

from lepatrol.model.errors import CommandError, FileError
from lepatrol.model.lockdown import LockdownWord, lockdown_from_text, text_from_lockdown
from lepatrol.planning.whole_file import replace_text, set_aside

LOCKDOWN_FILE = 'lockdown.json'
"""Its name in the run's folder."""
_NEXT_S = 1e-3


class LockdownKeeper:
    """Keep the latest word, whoever was told it."""

    def __init__(self, path: Path | None, robot: str, logger: logging.Logger) -> None:
        """Go on with what is at ``path``; what is damaged is set aside, and the site is taken as locked down."""
        self.trouble = ''
        self._path = path
        self._robot = robot
        self._log = logger
        self._word = self._load()
        self._is_told = self._word == LockdownWord()

    @property
    def is_active(self) -> bool:
        """Tell whether the site is locked down."""
        return self._word.active

    def say(self, active: bool, now_s: float) -> None:
        """Lock the site down, or release it: an operator's word to this robot.

        :raises CommandError: if it is so already.
        """
        if active == self._word.active:
            raise CommandError('the site is locked down already' if active else 'there is no lockdown to release')
        self._take(LockdownWord(active, max(now_s, self._word.stamp_s + _NEXT_S), self._robot))

    def on_heard(self, text: str) -> None:
        """Take what a robot, this one or another, passes on.

        :raises CommandError: saying what is wrong with the text.
        """
        word = lockdown_from_text(text)
        if word.overrides(self._word):
            self._take(word)

    def take_news(self) -> str | None:
        """Return the word, for everybody, when it has changed since it was last taken."""
        if self._is_told:
            return None
        self._is_told = True
        return text_from_lockdown(self._word)

    def _take(self, word: LockdownWord) -> None:
        self._word, self._is_told = word, False
        self._log.warning('the lockdown %s, as %s was told', 'begins' if word.active else 'is over', word.by)
        if self._path is None:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            replace_text(self._path, text_from_lockdown(word))
            self.trouble = ''
        except OSError as error:
            self.trouble = f'{self._path}: the lockdown cannot be kept: {error.strerror}'
            self._log.error('%s', self.trouble)

    def _load(self) -> LockdownWord:
        if self._path is None or not self._path.exists():
            return LockdownWord()
        try:
            return lockdown_from_text(self._path.read_text(encoding='utf-8'))
        except (CommandError, OSError, UnicodeDecodeError) as error:
            self.trouble = f'{self._path}: {error}; taken as locked down until release'
        try:
            self.trouble += f'; kept as {set_aside(self._path).name}'
        except FileError as error:
            self.trouble += f'; {error}'
        self._log.error('%s', self.trouble)
        return LockdownWord(active=True)

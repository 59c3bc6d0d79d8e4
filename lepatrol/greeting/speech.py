"""Saying things aloud by a command of the user's, such as espeak-ng or piper, beside all else."""

from __future__ import annotations

import contextlib
import logging
import os
import shlex
import signal
import subprocess
import threading
from collections import deque
from dataclasses import dataclass

from lepatrol.model.errors import SettingsError
from lepatrol.model.knowledge import Language
from lepatrol.settings.greeter import SpeechSettings

_END_S = 2.0


@dataclass(frozen=True, slots=True)
class _Said:
    conversation: str
    language: Language
    text: str


class Speech:
    """Runs the command once for each text, with the text on its standard input and ``{language}`` filled in.

    No shell is between. What waits is bounded, what takes too long is killed, and a command that cannot be run is
    complained of once and left alone.
    """

    def __init__(self, settings: SpeechSettings, logger: logging.Logger) -> None:
        """Prepare the command; without one nothing is ever said.

        :raises SettingsError: if the command cannot be split into words.
        """
        try:
            self._command = shlex.split(settings.command)
        except ValueError as error:
            raise SettingsError('speech.command', f'is {settings.command!r}: {error}') from None
        self._settings = settings
        self._logger = logger
        self._waiting: deque[_Said] = deque()
        self._changed = threading.Condition()
        self._speaking: tuple[_Said, subprocess.Popen[bytes]] | None = None
        self._ended = False
        self._thread = threading.Thread(target=self._run, name='speech', daemon=True)
        if self._command:
            self._thread.start()

    def say(self, conversation: str, language: Language, text: str) -> None:
        """Have a text said after those that wait; of too many the oldest is left out."""
        with self._changed:
            if not self._command or self._ended:
                return
            self._waiting.append(_Said(conversation, language, text[:self._settings.characters]))
            while len(self._waiting) > self._settings.waiting:
                self._waiting.popleft()
            self._changed.notify()

    def hush(self, conversation: str) -> None:
        """Leave out what is still to be said in a conversation, and break off what is being said."""
        with self._changed:
            self._waiting = deque(said for said in self._waiting if said.conversation != conversation)
            if self._speaking and self._speaking[0].conversation == conversation:
                _kill(self._speaking[1])

    def close(self) -> None:
        """Be silent from now on."""
        with self._changed:
            self._ended = True
            self._waiting.clear()
            if self._speaking:
                _kill(self._speaking[1])
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(_END_S)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._ended or self._waiting)
                if self._ended:
                    return
                said = self._waiting.popleft()
                process = self._start(said)
                if process is None:
                    return
                self._speaking = said, process
            with contextlib.suppress(OSError):
                try:
                    process.communicate(said.text.encode(), timeout=self._settings.limit_s)
                except subprocess.TimeoutExpired:
                    _kill(process)
            process.wait()
            with self._changed:
                self._speaking = None

    def _start(self, said: _Said) -> subprocess.Popen[bytes] | None:
        command = [word.replace('{language}', said.language) for word in self._command]
        try:
            return subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                start_new_session=True)
        except OSError as error:
            self._logger.error(f'speech.command: {error}; nothing will be said aloud')
            self._command = []
            return None


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a command and what it has started."""
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)

"""How far a mission has come, kept on disk so that a patrol that was killed goes on where it was."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from lepatrol.model.errors import FileError
from lepatrol.model.mission import MissedWaypoint, Mission, MissionState
from lepatrol.model.plain import counted, member, number
from lepatrol.planning.mission_json import missed_from_plain, missed_to_plain, mission_from_plain, mission_to_plain
from lepatrol.planning.route import visits_of_round
from lepatrol.planning.whole_file import replace_text

T = TypeVar('T')

VERSION = 3


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a mission stands; ``round`` counts from 1, ``visit`` from 0 within the round."""

    mission: Mission
    run: int
    """A number that no other start of a mission has had."""
    round: int = 1
    visit: int = 0
    reached: bool = False
    """Whether the robot has come to the visit's waypoint, and only its actions are left."""
    actions_done: int = 0
    attempts: int = 0
    """How often walking to the visit's waypoint has failed."""
    missed: tuple[MissedWaypoint, ...] = ()
    ends_in: MissionState = MissionState.DONE
    """What it ends in when all is walked: DONE, or IDLE, STOPPED or ABORTED where it is only the way home."""
    reason: str = ''
    """Why the robot was sent home, in words, where there is something to say."""
    state: MissionState = MissionState.WALKING
    charging: bool = False
    """Whether it is paused until the battery is charged, and not by the operator."""
    is_order: bool = False
    """Whether the operator sent the robot somewhere, in place of a round."""
    distance_walked_m: float = 0.0
    last_goal_id: int = 0

    @property
    def homeward(self) -> bool:
        """Tell whether the mission is only the way home."""
        return self.ends_in is not MissionState.DONE


class ProgressStore:
    """Progress in three files: position (small, replaced often), mission (written once), missed (appended to).

    Mission and missed carry the run's number in their names and the position names the run, so that a kill between any
    two writes leaves either the old state or the new one, whole.
    """

    def __init__(self, path: Path) -> None:
        """Keep the position at ``path``, the other two beside it; nothing is touched yet."""
        self.path = path
        self._mission_kept: int | None = None
        self._missed_kept = 0
        self._missed_bytes = 0

    def load(self) -> Progress | None:
        """Return what was saved last, or None if nothing was.

        :raises FileError: naming the file that is damaged, and how.
        """
        if not self.path.exists():
            return None
        position = self._parsed(self.path, self._read(self.path), _check_version)
        run = self._parsed(self.path, position, lambda plain: counted(plain, 'run', low=1))
        mission_file = self._mission_file(run)
        mission = self._parsed(mission_file, self._read(mission_file), mission_from_plain)
        missed, size = self._read_missed(run, self._parsed(self.path, position, lambda plain: counted(plain, 'missed')))
        progress = self._parsed(self.path, position, lambda plain: _progress_from_plain(plain, mission, missed))
        self._mission_kept, self._missed_kept, self._missed_bytes = run, len(missed), size
        return progress

    def save(self, progress: Progress) -> None:
        """Replace what is kept, so that a kill or a power cut at any moment leaves the old or the new.

        :raises FileError: if it cannot be written.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if progress.run != self._mission_kept:
                replace_text(self._mission_file(progress.run), json.dumps(mission_to_plain(progress.mission)))
                self._missed_kept = self._missed_bytes = 0
            if len(progress.missed) > self._missed_kept:
                self._append_missed(progress)
            replace_text(self.path, json.dumps(_progress_to_plain(progress)))
            if progress.run != self._mission_kept:
                self._mission_kept = progress.run
                self._forget_others(progress.run)
        except OSError as error:
            raise FileError(error.filename or self.path, f'progress cannot be kept: {error.strerror}') from error

    def clear(self) -> None:
        """Forget everything; the next load returns None.

        :raises FileError: if a file cannot be removed.
        """
        try:
            self.path.unlink(missing_ok=True)
            self._forget_others(None)
        except OSError as error:
            raise FileError(error.filename or self.path, f'cannot be removed: {error.strerror}') from error
        self._mission_kept = None

    def set_aside(self) -> tuple[Path, ...]:
        """Rename damaged files to ``NAME.damaged-N``, so that a person can look at them, and return the new names.

        :raises FileError: if a file cannot be renamed.
        """
        files = [path for path in (self.path, *self._companions()) if path.exists()]
        n = 1
        while any(_aside(path, n).exists() for path in files):
            n += 1
        try:
            for path in files:
                path.rename(_aside(path, n))
        except OSError as error:
            raise FileError(error.filename or self.path, f'cannot be renamed: {error.strerror}') from error
        self._mission_kept = None
        return tuple(_aside(path, n) for path in files)

    def _mission_file(self, run: int) -> Path:
        return self.path.with_name(f'{self.path.stem}.mission-{run}.json')

    def _missed_file(self, run: int) -> Path:
        return self.path.with_name(f'{self.path.stem}.missed-{run}.jsonl')

    def _companions(self) -> list[Path]:
        stem = self.path.stem
        if not self.path.parent.is_dir():
            return []
        return [path for path in self.path.parent.iterdir()
                if path.name.startswith((f'{stem}.mission-', f'{stem}.missed-')) and path.suffix in {'.json', '.jsonl'}]

    def _forget_others(self, run: int | None) -> None:
        kept = set() if run is None else {self._mission_file(run), self._missed_file(run)}
        for path in self._companions():
            if path not in kept:
                path.unlink(missing_ok=True)

    def _append_missed(self, progress: Progress) -> None:
        new = progress.missed[self._missed_kept:]
        text = ''.join(json.dumps(missed_to_plain(missed)) + '\n' for missed in new).encode()
        with open(self._missed_file(progress.run), 'ab') as file:
            # What stands beyond was being written when an earlier patrol was killed: its position knows nothing of it.
            file.truncate(self._missed_bytes)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        self._missed_kept, self._missed_bytes = len(progress.missed), self._missed_bytes + len(text)

    def _read_missed(self, run: int, count: int) -> tuple[tuple[MissedWaypoint, ...], int]:
        path = self._missed_file(run)
        if not count:
            return (), 0
        try:
            lines = path.read_bytes().splitlines(keepends=True)[:count]
        except OSError as error:
            raise FileError(path, f'cannot be read: {error.strerror}') from error
        if len(lines) < count or not lines[-1].endswith(b'\n'):
            raise FileError(path, f'is damaged: has {len(lines)} whole lines, {self.path.name} speaks of {count}')
        missed = tuple(
            self._parsed(path, line, lambda text: missed_from_plain(json.loads(text)), line=i)
            for i, line in enumerate(lines, start=1))
        return missed, sum(map(len, lines))

    @staticmethod
    def _read(path: Path) -> Any:
        try:
            return json.loads(path.read_text(encoding='utf-8'))
        except OSError as error:
            raise FileError(path, f'cannot be read: {error.strerror}') from error
        except (ValueError, RecursionError) as error:
            raise FileError(path, f'is damaged: {error}') from error

    @staticmethod
    def _parsed(path: Path, plain: Any, parse: Callable[[Any], T], *, line: int | None = None) -> T:
        try:
            return parse(plain)
        except (ValueError, RecursionError) as error:
            raise FileError(path, f'is damaged: {error}', line=line) from error


def _check_version(plain: Any) -> dict[str, Any]:
    if not isinstance(plain, dict):
        raise ValueError('expected a mapping')
    if plain.get('version') != VERSION:
        raise ValueError(f'version is {plain.get("version")!r}, this lepatrol reads {VERSION}')
    return plain


_ENDS = (MissionState.DONE, MissionState.IDLE, MissionState.STOPPED, MissionState.ABORTED)
_COUNTS = ('run', 'round', 'visit', 'actions_done', 'attempts', 'last_goal_id')


def _progress_to_plain(progress: Progress) -> dict[str, Any]:
    return {
        'version': VERSION, **{key: getattr(progress, key) for key in _COUNTS},
        'reached': progress.reached, 'missed': len(progress.missed), 'ends_in': progress.ends_in.value,
        'reason': progress.reason, 'state': progress.state.value, 'charging': progress.charging,
        'is_order': progress.is_order, 'distance_walked_m': progress.distance_walked_m,
    }


def _progress_from_plain(plain: dict[str, Any], mission: Mission, missed: tuple[MissedWaypoint, ...]) -> Progress:
    counts = {key: counted(plain, key) for key in _COUNTS}
    if counts['round'] < 1 or (mission.rounds is not None and counts['round'] > mission.rounds):
        raise ValueError(f'round is {counts["round"]}, the mission has {mission.rounds}')
    visits = len(visits_of_round(mission, counts['round']))
    if counts['visit'] >= visits:
        raise ValueError(f'visit is {counts["visit"]}, a round has {visits}')
    return Progress(
        mission=mission, missed=missed, **counts,
        reached=member(plain, 'reached', bool), ends_in=_end_from_plain(plain),
        reason=member(plain, 'reason', str), state=MissionState(member(plain, 'state', str)),
        charging=member(plain, 'charging', bool), is_order=member(plain, 'is_order', bool),
        distance_walked_m=number(plain, 'distance_walked_m'))


def _end_from_plain(plain: dict[str, Any]) -> MissionState:
    end = MissionState(member(plain, 'ends_in', str))
    if end not in _ENDS:
        raise ValueError(f'ends_in is {end.value!r}, expected one of {", ".join(each.value for each in _ENDS)}')
    return end


def _aside(path: Path, n: int) -> Path:
    return path.with_name(f'{path.name}.damaged-{n}')

"""What an operator may say on ``patrol/command``, parsed from one line of text."""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass
from typing import NoReturn

from .errors import CommandError

MAX_LENGTH = 256
_FARTHEST_M = 1e6


@dataclass(frozen=True, slots=True)
class Start:
    """Walk a route: ``rounds`` times, or for ever (None); backwards; in an order shuffled by ``shuffle_seed``."""

    route: str
    rounds: int | None = 1
    reverse: bool = False
    shuffle_seed: int | None = None


@dataclass(frozen=True, slots=True)
class Pause:
    """Stand still and keep the mission."""


@dataclass(frozen=True, slots=True)
class Resume:
    """Go on with a paused mission."""


@dataclass(frozen=True, slots=True)
class Skip:
    """Leave out the waypoint being walked to, or the rest of its actions."""


@dataclass(frozen=True, slots=True)
class Stop:
    """End the mission where the robot stands."""


@dataclass(frozen=True, slots=True)
class Home:
    """End the mission and go home."""


@dataclass(frozen=True, slots=True)
class Goto:
    """End the mission and go to one named waypoint."""

    waypoint: str


@dataclass(frozen=True, slots=True)
class Inspect:
    """Inspect whatever lies at a point of ``map``, and go on afterwards."""

    x_m: float
    y_m: float


@dataclass(frozen=True, slots=True)
class Approve:
    """Let the robot do what it has asked to be allowed about a case."""

    case_id: str


@dataclass(frozen=True, slots=True)
class Confirm:
    """Agree with what the robot says of a case, or say what it is (``level``: expected, unclear, suspicious)."""

    case_id: str
    level: str = ''


@dataclass(frozen=True, slots=True)
class Dismiss:
    """Close a case: there is nothing to it, for this reason."""

    case_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class Lockdown:
    """Go to the lockdown post, or stop, as the site says, and do nothing else."""


@dataclass(frozen=True, slots=True)
class Release:
    """End the lockdown, and go on."""


Command = (
    Start | Pause | Resume | Skip | Stop | Home | Goto | Inspect | Approve | Confirm | Dismiss | Lockdown | Release)

LEVELS = ('expected', 'unclear', 'suspicious')
"""What an inspected thing may be confirmed as."""

USAGE = {
    'start': 'start ROUTE [rounds N | forever] [reversed] [random SEED]',
    'pause': 'pause', 'resume': 'resume', 'skip': 'skip', 'stop': 'stop', 'home': 'home',
    'goto': 'goto WAYPOINT',
    'inspect': 'inspect X Y',
    'approve': 'approve ID', 'confirm': f'confirm ID [{" | ".join(LEVELS)}]', 'dismiss': 'dismiss ID REASON',
    'lockdown': 'lockdown', 'release': 'release',
}
"""One usage line per verb."""

_BARE: dict[str, Command] = {
    'pause': Pause(), 'resume': Resume(), 'skip': Skip(), 'stop': Stop(), 'home': Home(), 'lockdown': Lockdown(),
    'release': Release()}


def parse_command(text: str) -> Command:
    """Parse one operator command.

    :raises CommandError: saying what was not understood and how the command is written.
    """
    if len(text) > MAX_LENGTH:
        raise CommandError(f'the command has {len(text)} characters, at most {MAX_LENGTH} are read')
    words = text.split()
    if not words:
        raise CommandError(f'the command is empty; known are: {", ".join(USAGE)}')
    verb, arguments = words[0].lower(), words[1:]
    if verb not in USAGE:
        near = difflib.get_close_matches(verb, USAGE, n=1)
        hint = f'did you mean {near[0]!r}?' if near else f'known are: {", ".join(USAGE)}'
        raise CommandError(f'unknown command {verb!r}; {hint}')
    if verb == 'start':
        return _parse_start(arguments)
    if verb == 'goto':
        if len(arguments) != 1:
            _refuse(verb, 'it needs the name of one waypoint')
        return Goto(arguments[0])
    if verb == 'inspect':
        return _parse_inspect(arguments)
    if verb in ('approve', 'confirm', 'dismiss'):
        return _parse_verdict(verb, arguments)
    if arguments:
        _refuse(verb, f'it takes no argument, found {arguments[0]!r}')
    return _BARE[verb]


def _parse_inspect(arguments: list[str]) -> Inspect:
    if len(arguments) != 2:
        _refuse('inspect', 'it needs the two coordinates of a point, in metres of map')
    x, y = map(_metres, arguments)
    return Inspect(x, y)


def _metres(word: str) -> float:
    try:
        value = float(word)
    except ValueError:
        value = math.nan
    if not abs(value) <= _FARTHEST_M:
        _refuse('inspect', f'{word!r} is no number of metres up to {_FARTHEST_M:g}')
    return value


def _parse_verdict(verb: str, arguments: list[str]) -> Command:
    if not arguments:
        _refuse(verb, 'it needs the id of a case')
    case_id, rest = arguments[0], arguments[1:]
    if verb == 'dismiss':
        if not rest:
            _refuse(verb, 'it needs a reason, which is kept')
        return Dismiss(case_id, ' '.join(rest))
    if verb == 'confirm' and len(rest) == 1 and rest[0].lower() in LEVELS:
        return Confirm(case_id, rest[0].lower())
    if rest:
        _refuse(verb, f'unknown word {rest[0]!r}')
    return Confirm(case_id) if verb == 'confirm' else Approve(case_id)


def _parse_start(arguments: list[str]) -> Start:
    if not arguments:
        _refuse('start', 'it needs the name of a route')
    route, rest = arguments[0], arguments[1:]
    rounds: int | None = 1
    reverse, seed = False, None
    seen: set[str] = set()
    while rest:
        option = rest.pop(0).lower()
        group = 'rounds' if option == 'forever' else option
        if group in seen:
            _refuse('start', f'{option!r} is said twice, or contradicts an earlier word')
        seen.add(group)
        if option == 'rounds':
            rounds = _integer(rest, option, low=1)
        elif option == 'forever':
            rounds = None
        elif option == 'reversed':
            reverse = True
        elif option == 'random':
            seed = _integer(rest, option, low=0)
        else:
            _refuse('start', f'unknown option {option!r}')
    return Start(route, rounds, reverse, seed)


def _integer(rest: list[str], option: str, *, low: int) -> int:
    word = rest.pop(0) if rest else ''
    try:
        value = int(word)
    except ValueError:
        _refuse('start', f'{option!r} needs a whole number, found {word!r}')
    if not low <= value < 2**31:
        _refuse('start', f'{option!r} is {value}, it must be from {low} to {2**31 - 1}')
    return value


def _refuse(verb: str, why: str) -> NoReturn:
    raise CommandError(f'{verb}: {why}; it is written: {USAGE[verb]}')

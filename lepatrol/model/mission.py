"""A mission (what a patrol walks) and how it stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from .behaviour import BehaviourKind
from .site import Waypoint


@dataclass(frozen=True, slots=True)
class Mission:
    """Waypoints to visit in order, ``rounds`` times (None: for ever).

    ``shuffle_seed`` draws a new order for every round, the same for the same seed.
    """

    name: str
    waypoints: tuple[Waypoint, ...]
    rounds: int | None = 1
    shuffle_seed: int | None = None
    closed: bool = False
    """Whether each round ends by walking back to its first waypoint."""
    landing: Waypoint | None = None
    """Where a flying robot goes to land once the last round is over."""


class MissionState(Enum):
    """What a patrol is doing."""

    IDLE = 'idle'
    WALKING = 'walking'
    ACTING = 'acting'
    PAUSED = 'paused'
    INTERRUPTED = 'interrupted'
    """Another behaviour has the robot; the mission goes on after it."""
    GOING_HOME = 'going_home'
    DONE = 'done'
    ABORTED = 'aborted'
    STOPPED = 'stopped'


@dataclass(frozen=True, slots=True)
class MissedWaypoint:
    """A waypoint that was left out, in which round (from 1), and why."""

    waypoint: str
    round: int
    reason: str


@dataclass(frozen=True, slots=True)
class MissionStatus:
    """How the mission stands at ``stamp_s``; ``round`` counts from 1, ``visit`` from 0 within the round."""

    stamp_s: float
    state: MissionState
    mission: str = ''
    round: int = 0
    rounds: int | None = 0
    waypoint: str = ''
    visit: int = 0
    visits: int = 0
    action: str = ''
    distance_walked_m: float = 0.0
    missed: tuple[MissedWaypoint, ...] = ()
    message: str = ''
    """Why the mission is in this state."""
    reply_to: str = ''
    """The last command received."""
    reply: str = ''
    """The answer to it: ``ok`` or ``refused: REASON``."""
    behaviour: BehaviourKind | None = None
    """What has the robot; None while it has nothing to do."""
    behaviour_reason: str = ''
    """Why that has it."""


@dataclass(frozen=True, slots=True)
class PhotoRequest:
    """Ask for the next picture taken at or after ``stamp_s``, at this waypoint and round."""

    stamp_s: float
    waypoint: str
    round: int
    caption: str = ''

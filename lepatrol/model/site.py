"""A guarded site: its perimeter, zones, named waypoints and routes, all in the ``map`` frame."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from .geometry import Pose2

Point2 = tuple[float, float]
"""A point (x, y) in metres."""


class ZoneKind(Enum):
    """What a zone means to patrol and perception."""

    RESTRICTED = 'restricted'
    PUBLIC = 'public'
    KEEP_OUT = 'keep_out'
    SLOW = 'slow'
    PRIVACY = 'privacy'


@dataclass(frozen=True, slots=True)
class Zone:
    """A polygon with a meaning; ``speed_limit_m_s`` belongs to slow zones only."""

    name: str
    kind: ZoneKind
    polygon: tuple[Point2, ...]
    speed_limit_m_s: float | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Stand still for a while."""

    duration_s: float


@dataclass(frozen=True, slots=True)
class Look:
    """Turn through headings (radians, in ``map``), standing ``pause_s`` at each."""

    headings_rad: tuple[float, ...]
    pause_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Photo:
    """Take a picture, facing ``heading_rad`` (radians, in ``map``) where one is given."""

    heading_rad: float | None = None
    caption: str = ''


WaypointAction = Wait | Look | Photo


class OnFailure(Enum):
    """What to do when a waypoint cannot be reached."""

    RETRY = 'retry'
    SKIP = 'skip'
    HOME = 'home'
    ABORT = 'abort'


@dataclass(frozen=True, slots=True)
class Waypoint:
    """A named place with what is done there.

    ``yaw_rad`` is the heading to stand in, or None for any. ``on_failure`` RETRY tries ``retries`` times more, then
    skips.
    """

    name: str
    x_m: float
    y_m: float
    yaw_rad: float | None = None
    actions: tuple[WaypointAction, ...] = ()
    on_failure: OnFailure = OnFailure.SKIP
    retries: int = 1

    @property
    def pose(self) -> Pose2:
        """Return the place as a pose, heading 0 where any will do."""
        return Pose2(self.x_m, self.y_m, self.yaw_rad or 0.0)


@dataclass(frozen=True, slots=True)
class Route:
    """Waypoint names in walking order; a closed route returns to its first waypoint at the end of a round."""

    name: str
    waypoints: tuple[str, ...]
    closed: bool = True


@dataclass(frozen=True, slots=True)
class Site:
    """Everything the site file says; every waypoint that a route or ``home`` names exists (checked on loading)."""

    name: str
    world: str
    home: str
    perimeter: tuple[Point2, ...] = ()
    zones: tuple[Zone, ...] = ()
    waypoints: Mapping[str, Waypoint] = field(default_factory=dict)
    routes: Mapping[str, Route] = field(default_factory=dict)
    start: Pose2 | None = None
    """Where a robot is put when a simulation starts; None means at ``home``."""

    @property
    def start_pose(self) -> Pose2:
        """Return where a simulated robot begins."""
        return self.start or self.waypoints[self.home].pose

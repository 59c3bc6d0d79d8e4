"""A guarded site: its perimeter, zones, named waypoints and routes, all in the ``map`` frame."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum

from .geometry import Pose2

Point2 = tuple[float, float]
"""A point (x, y) in metres."""


def is_inside(polygon: Sequence[Point2], x_m: float, y_m: float) -> bool:
    """Tell whether a point lies in a polygon; on its edge it may be either."""
    inside = False
    bx, by = polygon[-1]
    for ax, ay in polygon:
        if (ay > y_m) != (by > y_m) and x_m < ax + (y_m - ay) * (bx - ax) / (by - ay):
            inside = not inside
        bx, by = ax, ay
    return inside


class Medium(Enum):
    """Where a robot moves."""

    GROUND = 'ground'
    AIR = 'air'


class ZoneKind(Enum):
    """What a zone means to patrol and perception."""

    RESTRICTED = 'restricted'
    PUBLIC = 'public'
    KEEP_OUT = 'keep_out'
    SLOW = 'slow'
    PRIVACY = 'privacy'


@dataclass(frozen=True, slots=True)
class Hours:
    """A daily window of local time in minutes since midnight; one that ends before it starts goes over midnight."""

    start_min: int
    end_min: int

    def hold(self, minute: float) -> bool:
        """Tell whether a minute of the day lies in the window: its start does, its end does not."""
        if self.start_min <= self.end_min:
            return self.start_min <= minute < self.end_min
        return minute >= self.start_min or minute < self.end_min

    def __str__(self) -> str:
        """Return the window as site files write it."""
        return '-'.join(f'{minute // 60:02d}:{minute % 60:02d}' for minute in (self.start_min, self.end_min))


@dataclass(frozen=True, slots=True)
class Allowance:
    """Who may be in a zone: up to ``count`` things of a kind (``person``, ``vehicle``, ``animal``, ``object``).

    ``who`` is the site's own word for them and is told, not recognised. No ``hours`` means always.
    """

    who: str
    kind: str = 'person'
    count: int = 1
    hours: tuple[Hours, ...] = ()


@dataclass(frozen=True, slots=True)
class Zone:
    """A polygon with a meaning.

    ``speed_limit_m_s`` belongs to slow zones only, and ``medium`` to those to keep out of: which robots are meant (None
    means all). ``hours`` (none means always), ``allowed`` and ``crowd_limit`` (people at once) say what perception
    reports.
    """

    name: str
    kind: ZoneKind
    polygon: tuple[Point2, ...]
    speed_limit_m_s: float | None = None
    hours: tuple[Hours, ...] = ()
    allowed: tuple[Allowance, ...] = ()
    crowd_limit: int | None = None
    medium: Medium | None = None

    def keeps_out(self, medium: Medium) -> bool:
        """Tell whether robots of a medium are to keep out of it."""
        return self.kind is ZoneKind.KEEP_OUT and self.medium in (None, medium)

    def holds(self, x_m: float, y_m: float) -> bool:
        """Tell whether a point lies in it."""
        return is_inside(self.polygon, x_m, y_m)


class StructureKind(Enum):
    """What part of a perimeter a structure is."""

    FENCE = 'fence'
    GATE = 'gate'


@dataclass(frozen=True, slots=True)
class Structure:
    """A fence panel or a gate's leaf as seen from above: a line that nothing should pass.

    A gate may stand open in its ``open_hours``.
    """

    name: str
    kind: StructureKind
    start: Point2
    end: Point2
    open_hours: tuple[Hours, ...] = ()


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
    skips. ``z_m`` is the height above the ground, ``z = 0`` of ``map``: a flying robot hovers there, and lands where it
    is 0.
    """

    name: str
    x_m: float
    y_m: float
    yaw_rad: float | None = None
    actions: tuple[WaypointAction, ...] = ()
    on_failure: OnFailure = OnFailure.SKIP
    retries: int = 1
    z_m: float = 0.0

    @property
    def pose(self) -> Pose2:
        """Return the place as a pose, heading 0 where any will do."""
        return Pose2(self.x_m, self.y_m, self.yaw_rad or 0.0)


@dataclass(frozen=True, slots=True)
class Route:
    """Waypoint names in walking order; a closed route returns to its first waypoint at the end of a round.

    Only robots of its ``medium`` take it.
    """

    name: str
    waypoints: tuple[str, ...]
    closed: bool = True
    medium: Medium = Medium.GROUND


@dataclass(frozen=True, slots=True)
class Geofence:
    """The air a robot may fly in: over a polygon, between two heights above the ground.

    Take-off and landing pass the floor.
    """

    polygon: tuple[Point2, ...]
    floor_m: float
    ceiling_m: float

    def outside_m(self, x_m: float, y_m: float) -> float:
        """Return how far a point is from the polygon, 0 inside."""
        near_x, near_y = self.nearest_inside(x_m, y_m)
        return math.hypot(x_m - near_x, y_m - near_y)

    def refusal(self, x_m: float, y_m: float, z_m: float) -> str:
        """Say in words why a place in the air is out of bounds, '' if it is not."""
        outside = self.outside_m(x_m, y_m)
        if outside > 0.0:
            return f'is {outside:.1f} m outside the geofence'
        if z_m < self.floor_m:
            return f'is {z_m:g} m high, below the geofence\'s floor of {self.floor_m:g} m'
        if z_m > self.ceiling_m:
            return f'is {z_m:g} m high, above the geofence\'s ceiling of {self.ceiling_m:g} m'
        return ''

    def nearest_inside(self, x_m: float, y_m: float) -> Point2:
        """Return the point over the polygon that is nearest to a point: itself, or one on the edge."""
        if is_inside(self.polygon, x_m, y_m):
            return x_m, y_m
        return min(self._nearest(x_m, y_m), key=lambda near: math.hypot(x_m - near[0], y_m - near[1]))

    def _nearest(self, x_m: float, y_m: float) -> Iterator[Point2]:
        """Yield the point of each edge that is nearest to a point."""
        for (ax, ay), (bx, by) in self._edges():
            dx, dy = bx - ax, by - ay
            share = min(max(((x_m - ax) * dx + (y_m - ay) * dy) / (dx * dx + dy * dy or 1.0), 0.0), 1.0)
            yield ax + share * dx, ay + share * dy

    def _edges(self) -> Iterator[tuple[Point2, Point2]]:
        return zip(self.polygon, (*self.polygon[1:], self.polygon[0]), strict=True)


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
    structures: tuple[Structure, ...] = ()
    time_zone: str = 'UTC'
    """IANA name of the site's time zone."""
    start: Pose2 | None = None
    """Where a robot is put when a simulation starts; None means at ``home``."""
    geofence: Geofence | None = None
    """What flying robots never leave; None means no bounds but the map's."""

    def keep_out(self, medium: Medium) -> tuple[tuple[Point2, ...], ...]:
        """Return the polygons that robots of a medium are to keep out of."""
        return tuple(zone.polygon for zone in self.zones if zone.keeps_out(medium))

    @property
    def start_pose(self) -> Pose2:
        """Return where a simulated robot begins."""
        return self.start or self.waypoints[self.home].pose

"""A guarded site: its perimeter, zones, named waypoints and routes, all in the ``map`` frame."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from .dock import Dock
from .geometry import Pose2
from .patrol_schedule import PatrolSchedule
from .policy import Policy
from .zones import Allowance, Hours, Medium, Point2, Zone, ZoneKind, is_inside, nearest_on_edge

__all__ = [
    'Allowance', 'FollowLimits', 'Geofence', 'Hours', 'InspectionRings', 'KnownObject', 'LockdownManner',
    'LockdownPlan', 'Look', 'Medium', 'OnFailure', 'Photo', 'Point2', 'Route', 'Site', 'Structure', 'StructureKind',
    'Wait', 'Waypoint', 'WaypointAction', 'Zone', 'ZoneKind']

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
        return (x_m, y_m) if is_inside(self.polygon, x_m, y_m) else nearest_on_edge(self.polygon, x_m, y_m)


class LockdownManner(Enum):
    """What robots do in a lockdown."""

    POST = 'post'
    """Each goes to its post; one that has none stops where it is."""
    STOP = 'stop'
    """All stop where they are."""


DEFAULT_POST = 'default'
"""The name under which the post of every robot stands that is not named itself."""


@dataclass(frozen=True, slots=True)
class LockdownPlan:
    """What robots do in a lockdown; ``posts`` are waypoints by a robot's name (its namespace) or its kind."""

    manner: LockdownManner = LockdownManner.STOP
    posts: Mapping[str, str] = field(default_factory=dict)

    def post(self, robot: str, kind: str = '') -> str | None:
        """Return the waypoint that a robot goes to, by its name, else its kind; None lets it stop where it is."""
        if self.manner is LockdownManner.STOP:
            return None
        return next((self.posts[name] for name in (robot, kind, DEFAULT_POST) if name in self.posts), None)


@dataclass(frozen=True, slots=True)
class KnownObject:
    """Something that may stand about, told by the ``label`` it bears: the text of its code as it is read.

    It is expected in ``zone`` only, where one is named, and of the given length and width (the longer first) and
    height. ``note`` is told to the operator.
    """

    name: str
    label: str
    zone: str = ''
    footprint_m: tuple[float, float] | None = None
    height_m: float | None = None
    note: str = ''


@dataclass(frozen=True, slots=True)
class InspectionRings:
    """How near a suspicious object is gone to, from its edge: unasked, on the operator's word, and never nearer."""

    outer_m: float = 5.0
    inner_m: float = 3.0
    limit_m: float = 1.5


@dataclass(frozen=True, slots=True)
class FollowLimits:
    """How a person is followed: at which distance, and for how long and how far at most."""

    distance_m: float = 4.0
    limit_s: float = 120.0
    limit_m: float = 150.0


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
    policies: tuple[Policy, ...] = ()
    """What is done about alerts; the first that fits one counts."""
    lockdown: LockdownPlan = LockdownPlan()
    known_objects: tuple[KnownObject, ...] = ()
    inspection: InspectionRings = InspectionRings()
    follow: FollowLimits = FollowLimits()
    dock: Dock | None = None
    """Where robots on the ground are charged; None means at ``home``, in any heading."""
    schedules: tuple[PatrolSchedule, ...] = ()
    """What is to be walked when; robots keep those that they are told to."""

    def keep_out(self, medium: Medium) -> tuple[tuple[Point2, ...], ...]:
        """Return the polygons that robots of a medium are to keep out of."""
        return tuple(zone.polygon for zone in self.zones if zone.keeps_out(medium))

    @property
    def start_pose(self) -> Pose2:
        """Return where a simulated robot begins."""
        return self.start or self.waypoints[self.home].pose

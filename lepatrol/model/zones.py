"""Zones: polygons of the ``map`` frame with a meaning, and for whom and when they hold."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from shapely import Polygon
from shapely.validation import explain_validity

Point2 = tuple[float, float]
"""A point (x, y) in metres."""

_FARTHEST_M = 1e6


def is_inside(polygon: Sequence[Point2], x_m: float, y_m: float) -> bool:
    """Tell whether a point lies in a polygon; on its edge it may be either."""
    inside = False
    bx, by = polygon[-1]
    for ax, ay in polygon:
        if (ay > y_m) != (by > y_m) and x_m < ax + (y_m - ay) * (bx - ax) / (by - ay):
            inside = not inside
        bx, by = ax, ay
    return inside


def distance_m(polygon: Sequence[Point2], x_m: float, y_m: float) -> float:
    """Return how far a point is from a polygon, 0 inside."""
    return 0.0 if is_inside(polygon, x_m, y_m) else to_edge_m(polygon, x_m, y_m)


def to_edge_m(polygon: Sequence[Point2], x_m: float, y_m: float) -> float:
    """Return how far a point is from a polygon's edge."""
    near_x, near_y = nearest_on_edge(polygon, x_m, y_m)
    return math.hypot(x_m - near_x, y_m - near_y)


def nearest_on_edge(polygon: Sequence[Point2], x_m: float, y_m: float) -> Point2:
    """Return the point of a polygon's edge that is nearest to a point."""
    near, least = polygon[0], math.inf
    bx, by = polygon[-1]
    for ax, ay in polygon:
        dx, dy = ax - bx, ay - by
        share = min(max(((x_m - bx) * dx + (y_m - by) * dy) / (dx * dx + dy * dy or 1.0), 0.0), 1.0)
        x, y = bx + share * dx, by + share * dy
        away = math.hypot(x_m - x, y_m - y)
        if away < least:
            near, least = (x, y), away
        bx, by = ax, ay
    return near


def fault_of(corners: Sequence[Point2]) -> str:
    """Say why corners make no polygon that can be a zone, '' if they do."""
    if len(corners) < 3:
        return f'has {len(corners)} corners, a polygon needs at least 3'
    if max(max(abs(x), abs(y)) for x, y in corners) > _FARTHEST_M:
        return f'has a corner farther than {_FARTHEST_M / 1000.0:g} km from the origin of the map'
    polygon = Polygon(corners)
    if not polygon.is_valid or polygon.area == 0.0:
        return f'is no simple polygon: {explain_validity(polygon)}'
    return ''


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

    def distance_m(self, x_m: float, y_m: float) -> float:
        """Return how far a point is from it, 0 inside."""
        return distance_m(self.polygon, x_m, y_m)

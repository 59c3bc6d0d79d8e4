"""Zones: polygons of the ``map`` frame with a meaning, and for whom and when they hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

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

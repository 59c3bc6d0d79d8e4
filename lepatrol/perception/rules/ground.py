"""The site as rules ask about it: what lies at a point, and who may be there now.

Plain arithmetic: rules are judged ten times a second for every track, and a geometry library takes longer to make a
point than this takes to answer. Answers are kept by position, since several rules ask about the same one.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from shapely import Polygon, unary_union

from lepatrol.model.site import Hours, Point2, Site, Structure, StructureKind, Zone, ZoneKind

Segment = tuple[float, float, float, float]
Ray = tuple[float, float, float, float, float]
"""A segment made ready for distances: start x, y, way x, y, and one over its squared length (0 for a point)."""

Cells = dict[tuple[int, int], tuple[list[Ray], list[Structure]]]

_CELL_M = 4.0
_KEPT = 512


@dataclass(frozen=True, slots=True)
class Spot:
    """What lies at a point.

    ``depth_m`` is how far it is inside the restricted zones taken together, 0 outside them. ``fence`` and ``gate`` are
    the nearest of their kind within reach with their distances; ``perimeter_m`` is the distance to the perimeter line,
    positive inside it, infinite beyond reach, NaN where the site has none.
    """

    restricted: tuple[Zone, ...]
    public: tuple[Zone, ...]
    other: tuple[Zone, ...]
    depth_m: float
    fence: tuple[Structure, float] | None
    gate: tuple[Structure, float] | None
    perimeter_m: float

    @property
    def zones(self) -> tuple[Zone, ...]:
        """Return all zones the point lies in."""
        return self.restricted + self.public + self.other

    @property
    def zone_name(self) -> str:
        """Return the name of the zone that matters most, or nothing."""
        zones = self.zones
        return zones[0].name if zones else ''

    @property
    def edge_distance_m(self) -> float:
        """Return the distance to the nearest fence, gate or piece of the perimeter line, ``inf`` beyond reach."""
        near = [part[1] for part in (self.fence, self.gate) if part]
        if not math.isnan(self.perimeter_m):
            near.append(abs(self.perimeter_m))
        return min(near, default=math.inf)


class Ground:
    """A site's zones, structures and perimeter, asked by position."""

    def __init__(self, site: Site, reach_m: float = 5.0) -> None:
        """Prepare a site; structures farther than ``reach_m`` from a point are not found from there."""
        self._zones = [(_bounds(zone.polygon), zone) for zone in site.zones]
        self._edges = _rays(_outline_of([zone for zone in site.zones if zone.kind is ZoneKind.RESTRICTED]))
        self._perimeter = site.perimeter
        self._line: list[Segment] = [(*a, *b) for a, b in pairwise((*site.perimeter, *site.perimeter[:1]))]
        self._reach_m = reach_m
        self._fences = _cells([part for part in site.structures if part.kind is StructureKind.FENCE], reach_m)
        self._gates = _cells([part for part in site.structures if part.kind is StructureKind.GATE], reach_m)
        self._line_cells = _cells([Structure('', StructureKind.FENCE, edge[:2], edge[2:]) for edge in self._line],
                                  reach_m)
        self._kept: dict[Point2, Spot] = {}
        self._allowed: dict[tuple[str, str, int], int] = {}
        self.structures = {structure.name: structure for structure in site.structures}

    def at(self, point: Point2) -> Spot:
        """Return what lies at a point."""
        spot = self._kept.get(point)
        if spot is None:
            if len(self._kept) >= _KEPT:
                self._kept.clear()
            spot = self._kept[point] = self._look_up(point)
        return spot

    def _look_up(self, point: Point2) -> Spot:
        restricted: list[Zone] = []
        public: list[Zone] = []
        other: list[Zone] = []
        x, y = point
        for (west, south, east, north), zone in self._zones:
            if west <= x <= east and south <= y <= north and is_inside(zone.polygon, point):
                if zone.kind is ZoneKind.RESTRICTED:
                    restricted.append(zone)
                elif zone.kind is ZoneKind.PUBLIC:
                    public.append(zone)
                else:
                    other.append(zone)
        cell = (math.floor(x / _CELL_M), math.floor(y / _CELL_M)) if math.isfinite(x) and math.isfinite(y) else (0, 0)
        return Spot(
            tuple(restricted), tuple(public), tuple(other), _nearest(self._edges, point)[0] if restricted else 0.0,
            self._near(self._fences, cell, point), self._near(self._gates, cell, point),
            self._perimeter_distance(cell, point))

    def _near(self, cells: Cells, cell: tuple[int, int], point: Point2) -> tuple[Structure, float] | None:
        found = cells.get(cell)
        if found is None:
            return None
        away, index = _nearest(found[0], point)
        return (found[1][index], away) if away <= self._reach_m else None

    def _perimeter_distance(self, cell: tuple[int, int], point: Point2) -> float:
        if not self._perimeter:
            return math.nan
        near = self._near(self._line_cells, cell, point)
        away = near[1] if near else math.inf
        return away if is_inside(self._perimeter, point) else -away

    def crossing(self, start: Point2, end: Point2) -> Point2:
        """Return where the way from one side of the perimeter to the other crosses it, else the way's middle."""
        for ax, ay, bx, by in self._line:
            meeting = _meeting(start, end, (ax, ay), (bx, by))
            if meeting is not None:
                return meeting
        return (start[0] + end[0]) / 2.0, (start[1] + end[1]) / 2.0

    def allowed(self, zone: Zone, kind: str, minute_of_day: float) -> int:
        """Return how many of a kind may be in a zone now."""
        key = (zone.name, kind, int(minute_of_day))
        count = self._allowed.get(key)
        if count is None:
            if len(self._allowed) >= _KEPT:
                self._allowed.clear()
            count = self._allowed[key] = sum(
                allowance.count for allowance in zone.allowed
                if allowance.kind == kind and in_hours(allowance.hours, minute_of_day))
        return count


def in_hours(hours: Sequence[Hours], minute_of_day: float) -> bool:
    """Tell whether any of the windows holds; no windows means always."""
    return not hours or any(window.hold(minute_of_day) for window in hours)


def is_inside(polygon: Sequence[Point2], point: Point2) -> bool:
    """Tell whether a point lies in a polygon (even-odd rule)."""
    x, y = point
    inside = False
    bx, by = polygon[-1]
    for ax, ay in polygon:
        if (ay > y) != (by > y) and x < ax + (y - ay) * (bx - ax) / (by - ay):
            inside = not inside
        bx, by = ax, ay
    return inside


def distance_m(segment: Segment, point: Point2) -> float:
    """Return the distance from a point to a segment."""
    ax, ay, bx, by = segment
    dx, dy = bx - ax, by - ay
    px, py = point[0] - ax, point[1] - ay
    length2 = dx * dx + dy * dy
    share = min(max((px * dx + py * dy) / length2, 0.0), 1.0) if length2 > 0.0 else 0.0
    return math.hypot(px - share * dx, py - share * dy)


def _rays(segments: Iterable[Segment]) -> list[Ray]:
    rays = []
    for ax, ay, bx, by in segments:
        length2 = (bx - ax)**2 + (by - ay)**2
        rays.append((ax, ay, bx - ax, by - ay, 1.0 / length2 if length2 > 0.0 else 0.0))
    return rays


def _nearest(rays: Sequence[Ray], point: Point2) -> tuple[float, int]:
    """Return the distance to the nearest of some segments and which it is: the one loop here that takes time."""
    x, y = point
    best, which = math.inf, 0
    for i, (ax, ay, dx, dy, inverse) in enumerate(rays):
        px, py = x - ax, y - ay
        share = (px * dx + py * dy) * inverse
        if share > 0.0:
            share = share if share < 1.0 else 1.0
            px -= share * dx
            py -= share * dy
        away2 = px * px + py * py
        if away2 < best:
            best, which = away2, i
    return math.sqrt(best), which


def between_m(a: Point2, b: Point2) -> float:
    """Return the distance between two points."""
    return math.hypot(a[0] - b[0], a[1] - b[1])


def _bounds(polygon: Iterable[Point2]) -> Segment:
    xs, ys = zip(*polygon, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _outline_of(zones: Sequence[Zone]) -> list[Segment]:
    """Return the edges of zones taken together: where two of them touch there is no edge."""
    if not zones:
        return []
    whole = unary_union([Polygon(zone.polygon).buffer(1e-6, join_style='mitre') for zone in zones])
    edges: list[Segment] = []
    for part in getattr(whole, 'geoms', [whole]):
        for ring in (part.exterior, *part.interiors):
            edges.extend((*a, *b) for a, b in pairwise(ring.coords))
    return edges


def _cells(structures: Sequence[Structure], reach_m: float) -> Cells:
    """Return, for each square of the ground, the structures that come within reach of some point of it."""
    cells: Cells = {}
    for structure in structures:
        segment = (*structure.start, *structure.end)
        west, south, east, north = _bounds((structure.start, structure.end))
        for column in range(math.floor((west - reach_m) / _CELL_M), math.floor((east + reach_m) / _CELL_M) + 1):
            for row in range(math.floor((south - reach_m) / _CELL_M), math.floor((north + reach_m) / _CELL_M) + 1):
                middle = ((column + 0.5) * _CELL_M, (row + 0.5) * _CELL_M)
                if distance_m(segment, middle) <= reach_m + _CELL_M * math.sqrt(0.5):
                    rays, members = cells.setdefault((column, row), ([], []))
                    rays.extend(_rays([segment]))
                    members.append(structure)
    return cells


def _meeting(start: Point2, end: Point2, a: Point2, b: Point2) -> Point2 | None:
    """Return where two segments meet, None if they do not."""
    rx, ry = end[0] - start[0], end[1] - start[1]
    sx, sy = b[0] - a[0], b[1] - a[1]
    cross = rx * sy - ry * sx
    if cross == 0.0:
        return None
    qx, qy = a[0] - start[0], a[1] - start[1]
    along, across = (qx * sy - qy * sx) / cross, (qx * ry - qy * rx) / cross
    if not (0.0 <= along <= 1.0 and 0.0 <= across <= 1.0):
        return None
    return start[0] + along * rx, start[1] + along * ry

"""A plan of a site: its world seen from above, with perimeter, zones, fences, gates, routes and waypoints laid over."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.evaluation.chart import (
    INK,
    PAPER,
    WHITE,
    ZONE_WORDS,
    Bgr,
    Box,
    Colour,
    Frame,
    area_m2,
    heading,
    key,
    scale_bar,
    write,
    write_names,
)
from lepatrol.model.geometry import Floats
from lepatrol.model.site import Point2, Site, StructureKind, ZoneKind

WIDTH_PX = 900
MARGIN_PX = 12
_HIGHEST_PX = 1200
_LONGEST_M = 400.0
"""Names and gates of a site that is longer cannot be read on one picture."""
_DETAIL_M = (220.0, 110.0)
_PALE = 0.4
"""How much of the paper shines through the world, so that what is laid over it stands out."""
_TINT = 0.3
_NAME = 0.34
_DOT_PX = 4
_FOOT_PX = 34
_BAR_SHARE = 0.15
_PERIMETER: Colour = (235, 150, 60)
_WAYPOINT: Colour = (60, 50, 40)
_HOME: Colour = (40, 150, 40)
_STRUCTURES: dict[StructureKind, tuple[str, Colour]] = {
    StructureKind.FENCE: ('fence', (60, 60, 20)),
    StructureKind.GATE: ('gate', (220, 0, 220)),
}
_ZONES: dict[ZoneKind, Colour] = {
    ZoneKind.RESTRICTED: (60, 60, 220),
    ZoneKind.PUBLIC: (70, 190, 40),
    ZoneKind.KEEP_OUT: (60, 60, 60),
    ZoneKind.SLOW: (0, 190, 250),
    ZoneKind.PRIVACY: (200, 60, 150),
}
_ROUTES: tuple[Colour, ...] = ((190, 70, 0), (0, 90, 230), (120, 20, 120), (90, 110, 0), (20, 20, 160), (140, 90, 60))


@dataclass(frozen=True, slots=True)
class Window:
    """A rectangle of the ground, in metres of the map."""

    west_m: float
    south_m: float
    east_m: float
    north_m: float

    @property
    def size_m(self) -> tuple[float, float]:
        """Return how far it goes east and north."""
        return self.east_m - self.west_m, self.north_m - self.south_m

    @property
    def middle_m(self) -> tuple[float, float]:
        """Return its middle (x, y)."""
        return (self.west_m + self.east_m) / 2.0, (self.south_m + self.north_m) / 2.0

    def holds(self, place: Point2) -> bool:
        """Tell whether a place is in it."""
        return self.west_m <= place[0] <= self.east_m and self.south_m <= place[1] <= self.north_m

    def part_round(self, place: Point2, largest_m: tuple[float, float]) -> Window:
        """Return the part no larger than ``largest_m`` (east, north) with a place as near its middle as can be."""
        width_m, height_m = (min(size, most) for size, most in zip(self.size_m, largest_m, strict=True))
        west_m = min(max(place[0] - width_m / 2.0, self.west_m), self.east_m - width_m)
        south_m = min(max(place[1] - height_m / 2.0, self.south_m), self.north_m - height_m)
        return Window(west_m, south_m, west_m + width_m, south_m + height_m)


def windows_of(whole: Window, home: Point2) -> list[Window]:
    """Return what a plan shows: the whole site, and the part round home where that is too small to be read."""
    return [whole] if max(whole.size_m) <= _LONGEST_M else [whole, whole.part_round(home, _DETAIL_M)]


def frame_of(window: Window) -> Frame:
    """Return where places are on the plan of a window, without its heading."""
    width_m, height_m = window.size_m
    scale_px_m = min((WIDTH_PX - 2 * MARGIN_PX) / width_m, _HIGHEST_PX / height_m)
    return Frame(window.west_m, window.north_m, scale_px_m, MARGIN_PX)


def ground_size_px(window: Window) -> tuple[int, int]:
    """Return how wide and high the world is on the plan of a window, without margins."""
    width_m, height_m = window.size_m
    scale_px_m = frame_of(window).scale_px_m
    return max(1, round(width_m * scale_px_m)), max(1, round(height_m * scale_px_m))


def draw_plan(
    grounds: Sequence[tuple[Window, Bgr]], site: Site, *, north_rad: float = math.pi / 2.0, title: str = '',
) -> Bgr:
    """Lay a site over its world as seen from above, in one or more windows one below the other.

    Each picture is of ``ground_size_px`` and fills its window. The last has the names of its waypoints, the others show
    where it is. North on the plan is where ``north_rad`` says,
    counter-clockwise from the map's x.
    """
    *smaller, (last, ground) = grounds
    strips = [heading(title, WIDTH_PX, MARGIN_PX, 0.55)]
    for window, seen in smaller:
        plan = _Plan(seen, window, thin=True)
        plan.lay_over(site)
        plan.outline(last)
        strips += [plan.page(), _foot(window, north_rad)]
    plan = _Plan(ground, last)
    plan.lay_over(site)
    plan.names()
    return np.vstack([*strips, plan.page(), _foot(last, north_rad), key(WIDTH_PX, MARGIN_PX, _entries(site))])


class _Plan:
    """A window of a plan being drawn on."""

    def __init__(self, ground: Bgr, window: Window, *, thin: bool = False) -> None:
        self._window, self._frame = window, frame_of(window)
        self._thinner = 2 if thin else 1
        self._marks: list[tuple[str, Box]] = []
        pale = cv2.addWeighted(ground, 1.0 - _PALE, np.full_like(ground, 255), _PALE, 0.0)
        self.picture = np.asarray(cv2.copyMakeBorder(
            pale, *(MARGIN_PX,) * 4, cv2.BORDER_CONSTANT, value=PAPER), dtype=np.uint8)

    def lay_over(self, site: Site) -> None:
        """Draw the site as far as it lies in the window."""
        self.zones(site)
        self.lines(site)
        self.routes(site)
        inside = np.zeros(self.picture.shape[:2], dtype=np.bool_)
        inside[MARGIN_PX:-MARGIN_PX, MARGIN_PX:-MARGIN_PX] = True
        self.picture[~inside] = PAPER
        self.waypoints(site)

    def page(self) -> Bgr:
        """Return the window on paper of the plan's width."""
        return np.asarray(cv2.copyMakeBorder(
            self.picture, 0, 0, 0, WIDTH_PX - self.picture.shape[1], cv2.BORDER_CONSTANT, value=PAPER), dtype=np.uint8)

    def outline(self, part: Window) -> None:
        """Show where another window lies."""
        corner, opposite = self._frame.pixels(
            np.array([[part.west_m, part.north_m], [part.east_m, part.south_m]])).tolist()
        cv2.rectangle(self.picture, corner, opposite, INK, 2)

    def names(self) -> None:
        """Write the names of the waypoints that have been marked."""
        write_names(self.picture, self._marks, _NAME)

    def zones(self, site: Site) -> None:
        """Tint and outline the zones, a larger one under a smaller."""
        for zone in sorted(site.zones, key=lambda zone: -area_m2(zone.polygon)):
            points = [self._frame.pixels(np.asarray(zone.polygon))]
            tinted = cv2.fillPoly(self.picture.copy(), points, _ZONES[zone.kind])
            self.picture = np.asarray(cv2.addWeighted(tinted, _TINT, self.picture, 1.0 - _TINT, 0.0), dtype=np.uint8)
            cv2.polylines(self.picture, points, True, _ZONES[zone.kind], 1, cv2.LINE_AA)

    def lines(self, site: Site) -> None:
        """Draw the perimeter, and on it the fences and gates."""
        if site.perimeter:
            self._line(np.asarray([*site.perimeter, site.perimeter[0]]), _PERIMETER, 6)
        for kind, width_px in ((StructureKind.FENCE, 2), (StructureKind.GATE, 5)):
            for structure in site.structures:
                if structure.kind is kind:
                    self._line(np.asarray([structure.start, structure.end]), _STRUCTURES[kind][1], width_px)

    def routes(self, site: Site) -> None:
        """Draw the routes from waypoint to waypoint, with an arrow on each leg."""
        for colour, route in zip(_colours(len(site.routes)), site.routes.values(), strict=True):
            stops = [site.waypoints[name] for name in route.waypoints]
            legs = list(zip(stops, stops[1:] + stops[:1] if route.closed else stops[1:], strict=False))
            for start, end in legs:
                points = np.array([[start.x_m, start.y_m], [end.x_m, end.y_m]])
                self._line(points, colour, 2)
                if self._thinner == 1:
                    _arrow(self.picture, self._frame.pixels(points), colour)

    def waypoints(self, site: Site) -> None:
        """Mark every waypoint in the window; home has a square."""
        for waypoint in sorted(site.waypoints.values(), key=lambda waypoint: waypoint.name != site.home):
            if not self._window.holds((waypoint.x_m, waypoint.y_m)):
                continue
            (x, y), = self._frame.pixels(np.array([[waypoint.x_m, waypoint.y_m]])).tolist()
            reach = _DOT_PX // self._thinner + (waypoint.name == site.home)
            if waypoint.name == site.home:
                for side, colour in ((reach + 1, WHITE), (reach, _HOME)):
                    cv2.rectangle(self.picture, (x - side, y - side), (x + side, y + side), colour, -1)
            else:
                for radius, colour in ((reach + 1, WHITE), (reach, _WAYPOINT)):
                    cv2.circle(self.picture, (x, y), radius, colour, -1, cv2.LINE_AA)
            self._marks.append((waypoint.name, (x - 6, y - 6, x + 6, y + 6)))

    def _line(self, points_m: Floats, colour: Colour, width_px: int) -> None:
        points = self._frame.pixels(points_m)
        cv2.polylines(self.picture, [points], False, colour, width_px // self._thinner, cv2.LINE_AA)


def _arrow(picture: Bgr, points: NDArray[np.int32], colour: Colour) -> None:
    """Point from the first to the second of two pixels (2, 2), beyond their middle: two ways show two arrows."""
    ahead = (points[1] - points[0]).astype(np.float64)
    length = float(np.hypot(*ahead))
    if length < 8 * _DOT_PX:
        return
    ahead = ahead / length
    tip, side = points.mean(axis=0) + 12.0 * ahead, np.array([-ahead[1], ahead[0]])
    corners = np.array([tip, tip - 10.0 * ahead + 5.0 * side, tip - 10.0 * ahead - 5.0 * side])
    cv2.fillPoly(picture, [np.rint(corners).astype(np.int32)], colour, cv2.LINE_AA)


def _foot(window: Window, north_rad: float) -> Bgr:
    """Return a strip with a scale of round length on its left and an arrow to the north on its right."""
    strip: Bgr = np.full((_FOOT_PX, WIDTH_PX, 3), PAPER, dtype=np.uint8)
    length_m = _round_length(window.size_m[0] * _BAR_SHARE)
    scale_bar(strip, (MARGIN_PX, _FOOT_PX // 2), length_m, frame_of(window).scale_px_m)
    middle, ahead = np.array([WIDTH_PX - 40.0, _FOOT_PX / 2.0]), np.array([math.cos(north_rad), -math.sin(north_rad)])
    start, end = (np.rint(middle + reach * ahead).astype(int).tolist() for reach in (-14.0, 14.0))
    cv2.arrowedLine(strip, start, end, INK, 2, cv2.LINE_AA, tipLength=0.4)
    write(strip, 'N', (WIDTH_PX - 24, _FOOT_PX // 2 + 5), 0.5)
    return strip


def _round_length(most_m: float) -> float:
    """Return the largest of 1, 2 and 5 times a power of ten that is not longer."""
    power = 10.0 ** math.floor(math.log10(most_m))
    return next(factor * power for factor in (5.0, 2.0, 1.0) if factor * power <= most_m)


def _entries(site: Site) -> Sequence[tuple[str, Colour]]:
    """Return what the colours mean, of those that the plan holds."""
    entries = [('home', _HOME), ('waypoint', _WAYPOINT)]
    entries += [(f'route {name}', colour) for name, colour in zip(site.routes, _colours(len(site.routes)), strict=True)]
    entries += [('perimeter', _PERIMETER)] if site.perimeter else []
    structures = {structure.kind for structure in site.structures}
    entries += [entry for kind, entry in _STRUCTURES.items() if kind in structures]
    zones = {zone.kind for zone in site.zones}
    return entries + [(f'{ZONE_WORDS[kind]} zone', _ZONES[kind]) for kind in _ZONES if kind in zones]


def _colours(count: int) -> list[Colour]:
    return [_ROUTES[index % len(_ROUTES)] for index in range(count)]

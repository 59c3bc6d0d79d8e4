"""Pictures of a patrol for people: the walked path on the map, and the photos it took on one sheet."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import cv2
import numpy as np

from lepatrol.evaluation.chart import (
    INK,
    LABEL,
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
from lepatrol.model.occupancy import OCCUPIED, UNKNOWN, OccupancyMap
from lepatrol.model.site import Site, Waypoint, ZoneKind
from lepatrol.perception.lettering import shortened, text_size

_WIDTH_PX = 1500
_MARGIN_PX = 24
_BADGE_PX = 11
_WALL: Colour = (95, 85, 80)
_UNSEEN: Colour = (228, 228, 228)
_PATH: Colour = (200, 100, 20)
_REACHED: Colour = (70, 140, 40)
_MISSED: Colour = (50, 50, 210)
_ZONES: dict[ZoneKind, Colour] = {
    ZoneKind.RESTRICTED: (200, 210, 250),
    ZoneKind.PUBLIC: (205, 240, 205),
    ZoneKind.KEEP_OUT: (200, 200, 200),
    ZoneKind.SLOW: (170, 225, 250),
    ZoneKind.PRIVACY: (240, 215, 235),
}


def draw_map(
    occupancy: OccupancyMap, site: Site, walked_m: Floats, waypoints: Sequence[Waypoint], *,
    missed: frozenset[str] = frozenset(), title: str = '',
) -> Bgr:
    """Draw a site from above with its zones, a walked path (n, 2) and its waypoints, green where reached.

    A waypoint that comes several times has one mark with all its numbers.
    """
    canvas = _Canvas(occupancy)
    canvas.zones(site)
    canvas.walls()
    canvas.line(walked_m, _PATH, 3)
    if len(walked_m):
        canvas.start(walked_m[0])
    numbers: dict[str, list[str]] = {}
    for number, waypoint in enumerate(waypoints, start=1):
        numbers.setdefault(waypoint.name, []).append(str(number))
    for waypoint in {waypoint.name: waypoint for waypoint in waypoints}.values():
        canvas.waypoint(','.join(numbers[waypoint.name]), waypoint, _MISSED if waypoint.name in missed else _REACHED)
    canvas.names()
    canvas.scale_bar()
    width_px = canvas.picture.shape[1]
    return np.vstack([
        heading(title, width_px, _MARGIN_PX), canvas.picture,
        key(width_px, _MARGIN_PX, _key(site, numbers.keys(), missed))])


def contact_sheet(photos: Sequence[tuple[Bgr, str]], *, columns: int = 3, cell_width_px: int = 400) -> Bgr:
    """Lay photos with their captions (a line or more) on one sheet, in order.

    :raises ValueError: if there are none.
    """
    if not photos:
        raise ValueError('a contact sheet needs at least one photo')
    cells = [_framed(photo, caption, cell_width_px) for photo, caption in photos]
    height = max(cell.shape[0] for cell in cells)
    columns = min(columns, len(cells))
    blank = np.full((height, cells[0].shape[1], 3), PAPER, dtype=np.uint8)
    padded = [_padded_to(cell, height) for cell in cells] + [blank] * (-len(cells) % columns)
    return np.vstack([np.hstack(padded[at:at + columns]) for at in range(0, len(padded), columns)])


class _Canvas:
    """A map being drawn on: metres in, pixels out."""

    def __init__(self, occupancy: OccupancyMap) -> None:
        self._map = occupancy
        width_m, height_m = occupancy.size_m
        self._scale = (_WIDTH_PX - 2 * _MARGIN_PX) / width_m
        self._frame = Frame(occupancy.origin_x_m, occupancy.origin_y_m + height_m, self._scale, _MARGIN_PX)
        height_px = math.ceil(height_m * self._scale) + 2 * _MARGIN_PX
        self.picture: Bgr = np.full((height_px, _WIDTH_PX, 3), PAPER, dtype=np.uint8)
        self._marks: list[tuple[str, Box]] = []

    def zones(self, site: Site) -> None:
        """Tint the zones; a larger one lies under a smaller."""
        for zone in sorted(site.zones, key=lambda zone: -area_m2(zone.polygon)):
            points = self._frame.pixels(np.asarray(zone.polygon))
            cv2.fillPoly(self.picture, [points], _ZONES[zone.kind])
        if site.perimeter:
            self.line(np.asarray([*site.perimeter, site.perimeter[0]]), INK, 1)

    def walls(self) -> None:
        """Draw what the map holds."""
        rows, columns = self._map.cells.shape
        cell_px = self._map.resolution_m * self._scale
        size = (round(columns * cell_px), round(rows * cell_px))
        inside = self.picture[_MARGIN_PX:_MARGIN_PX + size[1], _MARGIN_PX:_MARGIN_PX + size[0]]
        for value, colour in ((UNKNOWN, _UNSEEN), (OCCUPIED, _WALL)):
            mask = np.ascontiguousarray(self._map.cells[::-1] == value).astype(np.uint8)
            # Shrinking by area and a low threshold keeps thin fences.
            shown = cv2.resize(mask * 255, size, interpolation=cv2.INTER_AREA) > 60
            inside[shown[:inside.shape[0]]] = colour

    def line(self, points_m: Floats, colour: Colour, width_px: int) -> None:
        """Draw an open line through points (n, 2)."""
        if len(points_m) > 1:
            cv2.polylines(self.picture, [self._frame.pixels(points_m)], False, colour, width_px, cv2.LINE_AA)

    def start(self, point_m: Floats) -> None:
        """Mark where the path begins."""
        (x, y), = self._frame.pixels(point_m).tolist()
        cv2.circle(self.picture, (x, y), 7, WHITE, -1, cv2.LINE_AA)
        cv2.circle(self.picture, (x, y), 6, _PATH, 2, cv2.LINE_AA)
        self._marks.append(('start', (x - 7, y - 7, x + 7, y + 7)))

    def waypoint(self, number: str, waypoint: Waypoint, colour: Colour) -> None:
        """Mark a waypoint with its number, or numbers."""
        (x, y), = self._frame.pixels(np.array([[waypoint.x_m, waypoint.y_m]])).tolist()
        width, height = text_size(number, LABEL)
        reach = max(0, width // 2 - 8)
        for line_px, ink in ((2 * _BADGE_PX + 4, WHITE), (2 * _BADGE_PX, colour)):
            cv2.line(self.picture, (x - reach, y), (x + reach, y), ink, line_px, cv2.LINE_AA)
        write(self.picture, number, (x - width // 2, y + height // 2), LABEL, WHITE)
        side = reach + _BADGE_PX + 2
        self._marks.append((waypoint.name, (x - side, y - _BADGE_PX - 2, x + side, y + _BADGE_PX + 2)))

    def names(self) -> None:
        """Write the name of each mark beside it, below where there is room."""
        write_names(self.picture, self._marks)

    def scale_bar(self) -> None:
        """Draw ten metres."""
        scale_bar(self.picture, (_MARGIN_PX, self.picture.shape[0] - 8), 10.0, self._scale)


def _key(site: Site, names: Iterable[str], missed: frozenset[str]) -> list[tuple[str, Colour]]:
    """Return what the colours mean, of those that the picture may hold."""
    names = set(names)
    entries = [('building, wall or fence', _WALL), ('walked', _PATH)]
    if names - missed:
        entries.append(('waypoint reached', _REACHED))
    if names & missed:
        entries.append(('not reached', _MISSED))
    kinds = {zone.kind for zone in site.zones}
    return entries + [(f'{ZONE_WORDS[kind]} zone', colour) for kind, colour in _ZONES.items() if kind in kinds]


def _framed(photo: Bgr, caption: str, width_px: int) -> Bgr:
    height_px = round(photo.shape[0] * width_px / photo.shape[1])
    lines = caption.split('\n')
    cell: Bgr = np.full((height_px + 24 + 20 * len(lines), width_px + 16, 3), PAPER, dtype=np.uint8)
    shrinks = width_px < photo.shape[1]
    cell[8:8 + height_px, 8:8 + width_px] = cv2.resize(
        photo, (width_px, height_px), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    for row, line in enumerate(lines):
        write(cell, shortened(line, width_px, 0.46), (10, height_px + 30 + 20 * row), 0.46)
    return cell


def _padded_to(cell: Bgr, height_px: int) -> Bgr:
    return np.asarray(cv2.copyMakeBorder(
        cell, 0, height_px - cell.shape[0], 0, 0, cv2.BORDER_CONSTANT, value=PAPER), dtype=np.uint8)

"""Pictures of a patrol for people: the walked path on the map, and the photos it took on one sheet."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats
from lepatrol.model.occupancy import OCCUPIED, UNKNOWN, OccupancyMap
from lepatrol.model.site import Point2, Site, Waypoint, ZoneKind
from lepatrol.perception.lettering import drawable, shortened

Bgr = NDArray[np.uint8]
"""A picture of shape (height, width, 3) in OpenCV's order of colours."""

_Colour = tuple[int, int, int]
_Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels."""
_WIDTH_PX = 1500
_MARGIN_PX = 24
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_LABEL = 0.42
_BADGE_PX = 11
_PAPER: _Colour = (252, 252, 252)
_INK: _Colour = (50, 45, 40)
_WALL: _Colour = (95, 85, 80)
_UNSEEN: _Colour = (228, 228, 228)
_PATH: _Colour = (200, 100, 20)
_REACHED: _Colour = (70, 140, 40)
_MISSED: _Colour = (50, 50, 210)
_ZONES: dict[ZoneKind, tuple[str, _Colour]] = {
    ZoneKind.RESTRICTED: ('restricted', (200, 210, 250)),
    ZoneKind.PUBLIC: ('public', (205, 240, 205)),
    ZoneKind.KEEP_OUT: ('keep out', (200, 200, 200)),
    ZoneKind.SLOW: ('slow', (170, 225, 250)),
    ZoneKind.PRIVACY: ('privacy', (240, 215, 235)),
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
    return np.vstack([_heading(title, width_px), canvas.picture, _legend(width_px, _key(site, numbers.keys(), missed))])


def contact_sheet(photos: Sequence[tuple[Bgr, str]], *, columns: int = 3, cell_width_px: int = 400) -> Bgr:
    """Lay photos with their captions (a line or more) on one sheet, in order.

    :raises ValueError: if there are none.
    """
    if not photos:
        raise ValueError('a contact sheet needs at least one photo')
    cells = [_framed(photo, caption, cell_width_px) for photo, caption in photos]
    height = max(cell.shape[0] for cell in cells)
    columns = min(columns, len(cells))
    blank = np.full((height, cells[0].shape[1], 3), _PAPER, dtype=np.uint8)
    padded = [_padded_to(cell, height) for cell in cells] + [blank] * (-len(cells) % columns)
    return np.vstack([np.hstack(padded[at:at + columns]) for at in range(0, len(padded), columns)])


class _Canvas:
    """A map being drawn on: metres in, pixels out."""

    def __init__(self, occupancy: OccupancyMap) -> None:
        self._map = occupancy
        width_m, height_m = occupancy.size_m
        self._scale = (_WIDTH_PX - 2 * _MARGIN_PX) / width_m
        height_px = math.ceil(height_m * self._scale) + 2 * _MARGIN_PX
        self.picture: Bgr = np.full((height_px, _WIDTH_PX, 3), _PAPER, dtype=np.uint8)
        self._marks: list[tuple[str, _Box]] = []

    def zones(self, site: Site) -> None:
        """Tint the zones; a larger one lies under a smaller."""
        for zone in sorted(site.zones, key=lambda zone: -_area(zone.polygon)):
            points = self._pixels(np.asarray(zone.polygon))
            cv2.fillPoly(self.picture, [points], _ZONES[zone.kind][1])
        if site.perimeter:
            self.line(np.asarray([*site.perimeter, site.perimeter[0]]), _INK, 1)

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

    def line(self, points_m: Floats, colour: _Colour, width_px: int) -> None:
        """Draw an open line through points (n, 2)."""
        if len(points_m) > 1:
            cv2.polylines(self.picture, [self._pixels(points_m)], False, colour, width_px, cv2.LINE_AA)

    def start(self, point_m: Floats) -> None:
        """Mark where the path begins."""
        (x, y), = self._pixels(point_m).tolist()
        cv2.circle(self.picture, (x, y), 7, (255, 255, 255), -1, cv2.LINE_AA)
        cv2.circle(self.picture, (x, y), 6, _PATH, 2, cv2.LINE_AA)
        self._marks.append(('start', (x - 7, y - 7, x + 7, y + 7)))

    def waypoint(self, number: str, waypoint: Waypoint, colour: _Colour) -> None:
        """Mark a waypoint with its number, or numbers."""
        (x, y), = self._pixels(np.array([[waypoint.x_m, waypoint.y_m]])).tolist()
        width, height = _text_size(number, _LABEL)
        reach = max(0, width // 2 - 8)
        for line_px, ink in ((2 * _BADGE_PX + 4, (255, 255, 255)), (2 * _BADGE_PX, colour)):
            cv2.line(self.picture, (x - reach, y), (x + reach, y), ink, line_px, cv2.LINE_AA)
        _write(self.picture, number, (x - width // 2, y + height // 2), _LABEL, (255, 255, 255))
        side = reach + _BADGE_PX + 2
        self._marks.append((waypoint.name, (x - side, y - _BADGE_PX - 2, x + side, y + _BADGE_PX + 2)))

    def names(self) -> None:
        """Write the name of each mark beside it, below where there is room."""
        taken = [box for _, box in self._marks]
        for name, mark in self._marks:
            places = _places_beside(mark, *_text_size(name, _LABEL))
            box = next((place for place in places if self._has_room(place, taken)), places[0])
            taken.append(box)
            left = min(max(box[0], 4), _WIDTH_PX - (box[2] - box[0]) - 4)
            _write(self.picture, name, (left, box[3]), _LABEL, (255, 255, 255), 4)
            _write(self.picture, name, (left, box[3]), _LABEL)

    def _has_room(self, box: _Box, taken: Sequence[_Box]) -> bool:
        height_px, width_px, _ = self.picture.shape
        inside = box[0] >= 4 and box[1] >= 4 and box[2] <= width_px - 4 and box[3] <= height_px - 4
        return inside and not any(
            box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3] for other in taken)

    def scale_bar(self) -> None:
        """Draw ten metres."""
        y, x = self.picture.shape[0] - 8, _MARGIN_PX
        end = x + round(10.0 * self._scale)
        cv2.line(self.picture, (x, y), (end, y), _INK, 3)
        _write(self.picture, '10 m', (end + 8, y + 4), 0.45)

    def _pixels(self, points_m: Floats) -> NDArray[np.int32]:
        points = np.asarray(points_m, dtype=np.float64).reshape(-1, 2)
        x = _MARGIN_PX + (points[:, 0] - self._map.origin_x_m) * self._scale
        top = self._map.origin_y_m + self._map.size_m[1]
        y = _MARGIN_PX + (top - points[:, 1]) * self._scale
        return np.rint(np.stack([x, y], axis=1)).astype(np.int32)


def _places_beside(mark: _Box, width: int, height: int) -> list[_Box]:
    """Return where a text of this size may stand: below, above, right and left of a mark, then at its corners."""
    left, top, right, bottom = mark
    x, y = (left + right - width) // 2, (top + bottom - height) // 2
    lower, upper, after, before = bottom + 4, top - 5 - height, right + 5, left - 5 - width
    corners = [(after, lower), (before, lower), (after, upper), (before, upper)]
    return [(at_x, at_y, at_x + width, at_y + height)
            for at_x, at_y in [(x, lower), (x, upper), (after, y), (before, y), *corners]]


def _key(site: Site, names: Iterable[str], missed: frozenset[str]) -> list[tuple[str, _Colour]]:
    """Return what the colours mean, of those that the picture may hold."""
    names = set(names)
    entries = [('building, wall or fence', _WALL), ('walked', _PATH)]
    if names - missed:
        entries.append(('waypoint reached', _REACHED))
    if names & missed:
        entries.append(('not reached', _MISSED))
    kinds = {zone.kind for zone in site.zones}
    return entries + [(f'{text} zone', colour) for kind, (text, colour) in _ZONES.items() if kind in kinds]


def _heading(title: str, width_px: int) -> Bgr:
    strip: Bgr = np.full((48 if title else 1, width_px, 3), _PAPER, dtype=np.uint8)
    _write(strip, shortened(title, width_px - 2 * _MARGIN_PX, 0.75), (_MARGIN_PX, 34), 0.75)
    return strip


def _legend(width_px: int, entries: Sequence[tuple[str, _Colour]]) -> Bgr:
    strip: Bgr = np.full((44, width_px, 3), _PAPER, dtype=np.uint8)
    x = _MARGIN_PX
    for text, colour in entries:
        cv2.rectangle(strip, (x, 14), (x + 22, 30), colour, -1)
        _write(strip, text, (x + 30, 27), 0.45)
        x += 52 + _text_size(text, 0.45)[0]
    return strip


def _framed(photo: Bgr, caption: str, width_px: int) -> Bgr:
    height_px = round(photo.shape[0] * width_px / photo.shape[1])
    lines = caption.split('\n')
    cell: Bgr = np.full((height_px + 24 + 20 * len(lines), width_px + 16, 3), _PAPER, dtype=np.uint8)
    shrinks = width_px < photo.shape[1]
    cell[8:8 + height_px, 8:8 + width_px] = cv2.resize(
        photo, (width_px, height_px), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    for row, line in enumerate(lines):
        _write(cell, shortened(line, width_px, 0.46), (10, height_px + 30 + 20 * row), 0.46)
    return cell


def _write(
    picture: Bgr, text: str, at: tuple[int, int], scale: float, colour: _Colour = _INK, thickness: int = 1,
) -> None:
    cv2.putText(picture, drawable(text), at, _FONT, scale, colour, thickness, cv2.LINE_AA)


def _text_size(text: str, scale: float) -> tuple[int, int]:
    (width, height), _ = cv2.getTextSize(drawable(text), _FONT, scale, 1)
    return width, height


def _padded_to(cell: Bgr, height_px: int) -> Bgr:
    return np.asarray(cv2.copyMakeBorder(
        cell, 0, height_px - cell.shape[0], 0, 0, cv2.BORDER_CONSTANT, value=_PAPER), dtype=np.uint8)


def _area(polygon: Sequence[Point2]) -> float:
    x, y = np.asarray(polygon).T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2.0

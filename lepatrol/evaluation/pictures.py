"""Pictures of a patrol for people: the walked path on the map, and the photos it took on one sheet."""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats
from lepatrol.model.occupancy import OCCUPIED, UNKNOWN, OccupancyMap
from lepatrol.model.site import Point2, Site, Waypoint, ZoneKind

Bgr = NDArray[np.uint8]
"""A picture of shape (height, width, 3) in OpenCV's order of colours."""

_Colour = tuple[int, int, int]
_WIDTH_PX = 1500
_MARGIN_PX = 24
_FONT = cv2.FONT_HERSHEY_SIMPLEX
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
    """Draw a site from above with its zones, a walked path (n, 2) and its waypoints, green where reached."""
    canvas = _Canvas(occupancy)
    canvas.zones(site)
    canvas.walls()
    canvas.line(walked_m, _PATH, 3)
    for number, waypoint in enumerate(waypoints, start=1):
        canvas.waypoint(number, waypoint, _MISSED if waypoint.name in missed else _REACHED)
    canvas.scale_bar()
    return np.vstack([_heading(title, canvas.picture.shape[1]), canvas.picture, _legend(canvas.picture.shape[1])])


def contact_sheet(photos: Sequence[tuple[Bgr, str]], *, columns: int = 3, cell_width_px: int = 400) -> Bgr:
    """Lay photos with their captions on one sheet, in order.

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

    def waypoint(self, number: int, waypoint: Waypoint, colour: _Colour) -> None:
        """Mark a waypoint with its number and name."""
        (x, y), = self._pixels(np.array([[waypoint.x_m, waypoint.y_m]])).tolist()
        cv2.circle(self.picture, (x, y), 13, (255, 255, 255), -1, cv2.LINE_AA)
        cv2.circle(self.picture, (x, y), 11, colour, -1, cv2.LINE_AA)
        text = str(number)
        (width, height), _ = cv2.getTextSize(text, _FONT, 0.42, 1)
        cv2.putText(self.picture, text, (x - width // 2, y + height // 2), _FONT, 0.42, (255, 255, 255), 1, cv2.LINE_AA)
        (width, _), _ = cv2.getTextSize(waypoint.name, _FONT, 0.42, 1)
        left = min(max(x - width // 2, 4), _WIDTH_PX - width - 4)
        below = y + 27 if y + 30 < self.picture.shape[0] else y - 18
        _haloed(self.picture, waypoint.name, (left, below))

    def scale_bar(self) -> None:
        """Draw ten metres."""
        y, x = self.picture.shape[0] - 8, _MARGIN_PX
        end = x + round(10.0 * self._scale)
        cv2.line(self.picture, (x, y), (end, y), _INK, 3)
        cv2.putText(self.picture, '10 m', (end + 8, y + 4), _FONT, 0.45, _INK, 1, cv2.LINE_AA)

    def _pixels(self, points_m: Floats) -> NDArray[np.int32]:
        points = np.asarray(points_m, dtype=np.float64).reshape(-1, 2)
        x = _MARGIN_PX + (points[:, 0] - self._map.origin_x_m) * self._scale
        top = self._map.origin_y_m + self._map.size_m[1]
        y = _MARGIN_PX + (top - points[:, 1]) * self._scale
        return np.rint(np.stack([x, y], axis=1)).astype(np.int32)


def _haloed(picture: Bgr, text: str, at: tuple[int, int]) -> None:
    cv2.putText(picture, text, at, _FONT, 0.42, (255, 255, 255), 4, cv2.LINE_AA)
    cv2.putText(picture, text, at, _FONT, 0.42, _INK, 1, cv2.LINE_AA)


def _heading(title: str, width_px: int) -> Bgr:
    strip: Bgr = np.full((48 if title else 1, width_px, 3), _PAPER, dtype=np.uint8)
    cv2.putText(strip, title, (_MARGIN_PX, 34), _FONT, 0.75, _INK, 1, cv2.LINE_AA)
    return strip


def _legend(width_px: int) -> Bgr:
    strip: Bgr = np.full((44, width_px, 3), _PAPER, dtype=np.uint8)
    entries = [('wall or fence', _WALL), ('walked', _PATH), ('waypoint reached', _REACHED), ('missed', _MISSED)]
    entries += list(_ZONES.values())
    x = _MARGIN_PX
    for text, colour in entries:
        cv2.rectangle(strip, (x, 14), (x + 22, 30), colour, -1)
        cv2.putText(strip, text, (x + 30, 27), _FONT, 0.45, _INK, 1, cv2.LINE_AA)
        x += 52 + cv2.getTextSize(text, _FONT, 0.45, 1)[0][0]
    return strip


def _framed(photo: Bgr, caption: str, width_px: int) -> Bgr:
    height_px = round(photo.shape[0] * width_px / photo.shape[1])
    cell: Bgr = np.full((height_px + 44, width_px + 16, 3), _PAPER, dtype=np.uint8)
    shrinks = width_px < photo.shape[1]
    cell[8:8 + height_px, 8:8 + width_px] = cv2.resize(
        photo, (width_px, height_px), interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    cv2.putText(cell, caption, (10, height_px + 30), _FONT, 0.46, _INK, 1, cv2.LINE_AA)
    return cell


def _padded_to(cell: Bgr, height_px: int) -> Bgr:
    return np.asarray(cv2.copyMakeBorder(
        cell, 0, height_px - cell.shape[0], 0, 0, cv2.BORDER_CONSTANT, value=_PAPER), dtype=np.uint8)


def _area(polygon: Sequence[Point2]) -> float:
    x, y = np.asarray(polygon).T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2.0

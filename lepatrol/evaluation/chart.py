"""What pictures seen from above are made of: the frame, marks and their names, the key, the scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats
from lepatrol.model.site import Point2, ZoneKind
from lepatrol.perception.lettering import drawable, shortened, text_size

Bgr = NDArray[np.uint8]
"""A picture of shape (height, width, 3) in OpenCV's order of colours."""

Colour = tuple[int, int, int]
Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels."""

PAPER: Colour = (252, 252, 252)
INK: Colour = (50, 45, 40)
WHITE: Colour = (255, 255, 255)
LABEL = 0.42
"""How large names are written, in OpenCV's measure."""
ZONE_WORDS = {
    ZoneKind.RESTRICTED: 'restricted', ZoneKind.PUBLIC: 'public', ZoneKind.KEEP_OUT: 'keep out',
    ZoneKind.SLOW: 'slow', ZoneKind.PRIVACY: 'privacy',
}
_FONT = cv2.FONT_HERSHEY_SIMPLEX
_KEY = 0.45
_KEY_ROW_PX = 22
_GAP_PX = 5
"""So far apart at least stand names side by side."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a place is in a picture with north up: ``left_m`` and ``top_m`` are at its margin's inner corner."""

    left_m: float
    top_m: float
    scale_px_m: float
    margin_px: int

    def pixels(self, points_m: Floats) -> NDArray[np.int32]:
        """Return the pixels (n, 2), right and down, of points (n, 2) in metres."""
        points = np.asarray(points_m, dtype=np.float64).reshape(-1, 2)
        x = self.margin_px + (points[:, 0] - self.left_m) * self.scale_px_m
        y = self.margin_px + (self.top_m - points[:, 1]) * self.scale_px_m
        return np.rint(np.stack([x, y], axis=1)).astype(np.int32)


def write(
    picture: Bgr, text: str, at: tuple[int, int], scale: float, colour: Colour = INK, thickness: int = 1,
) -> None:
    """Write a line whose lower left corner is ``at`` (x, y)."""
    cv2.putText(picture, drawable(text), at, _FONT, scale, colour, thickness, cv2.LINE_AA)


def write_names(picture: Bgr, marks: Sequence[tuple[str, Box]], scale: float = LABEL) -> None:
    """Write the name of each mark beside it, below where there is room, on no other mark or name if that can be."""
    taken = [box for _, box in marks]
    for name, mark in marks:
        places = _places_beside(mark, *text_size(name, scale))
        box = next((place for place in places if _has_room(picture, place, taken)), places[0])
        taken.append((box[0] - _GAP_PX, box[1], box[2] + _GAP_PX, box[3]))
        left = min(max(box[0], 4), picture.shape[1] - (box[2] - box[0]) - 4)
        write(picture, name, (left, box[3]), scale, WHITE, 4)
        write(picture, name, (left, box[3]), scale)


def heading(title: str, width_px: int, margin_px: int, scale: float = 0.75) -> Bgr:
    """Return a strip with a title, cut where it is too long; next to nothing without one."""
    strip: Bgr = np.full((round(64 * scale) if title else 1, width_px, 3), PAPER, dtype=np.uint8)
    write(strip, shortened(title, width_px - 2 * margin_px, scale), (margin_px, round(45 * scale)), scale)
    return strip


def key(width_px: int, margin_px: int, entries: Sequence[tuple[str, Colour]]) -> Bgr:
    """Return a strip that says what colours mean, in as many rows as they take."""
    places: list[tuple[int, int]] = []
    x, row = margin_px, 0
    for text, _ in entries:
        end = x + 30 + text_size(text, _KEY)[0]
        if end > width_px - margin_px and x > margin_px:
            x, row, end = margin_px, row + 1, margin_px + end - x
        places.append((x, row * _KEY_ROW_PX))
        x = end + 22
    strip: Bgr = np.full((44 + row * _KEY_ROW_PX, width_px, 3), PAPER, dtype=np.uint8)
    for (text, colour), (left, down) in zip(entries, places, strict=True):
        cv2.rectangle(strip, (left, 14 + down), (left + 22, 30 + down), colour, -1)
        write(strip, text, (left + 30, 27 + down), _KEY)
    return strip


def scale_bar(picture: Bgr, at: tuple[int, int], length_m: float, scale_px_m: float) -> None:
    """Draw so many metres from a pixel (x, y) to the right."""
    x, y = at
    end = x + round(length_m * scale_px_m)
    cv2.line(picture, (x, y), (end, y), INK, 3)
    write(picture, f'{length_m:g} m', (end + 8, y + 4), _KEY)


def area_m2(polygon: Sequence[Point2]) -> float:
    """Return the area of a plain polygon."""
    x, y = np.asarray(polygon).T
    return float(abs(np.dot(x, np.roll(y, -1)) - np.dot(y, np.roll(x, -1)))) / 2.0


def _has_room(picture: Bgr, box: Box, taken: Sequence[Box]) -> bool:
    height_px, width_px, _ = picture.shape
    inside = box[0] >= 4 and box[1] >= 4 and box[2] <= width_px - 4 and box[3] <= height_px - 4
    return inside and not any(
        box[0] < other[2] and other[0] < box[2] and box[1] < other[3] and other[1] < box[3] for other in taken)


def _places_beside(mark: Box, width: int, height: int) -> list[Box]:
    """Return where a text of this size may stand: below, above, right and left of a mark, then at its corners."""
    left, top, right, bottom = mark
    x, y = (left + right - width) // 2, (top + bottom - height) // 2
    lower, upper, after, before = bottom + 4, top - 5 - height, right + 5, left - 5 - width
    corners = [(after, lower), (before, lower), (after, upper), (before, upper)]
    return [(at_x, at_y, at_x + width, at_y + height)
            for at_x, at_y in [(x, lower), (x, upper), (after, y), (before, y), *corners]]

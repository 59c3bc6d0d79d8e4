"""What an operator reads in a masked picture: boxes with labels, who looks and when, and what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.alerts import Severity
from lepatrol.model.findings import Box
from lepatrol.perception.lettering import Colour, shortened, text_size, wrapped, write

SCALE = 2
"""How many times larger than the camera's an annotated picture is, so that its letters can be read."""

COLOURS: dict[Severity | None, Colour] = {
    Severity.CRITICAL: (255, 70, 60), Severity.WARNING: (255, 180, 40), Severity.NOTICE: (90, 190, 255),
    None: (235, 235, 235)}
"""Red, green and blue of each severity; None is a thing that no alert is about."""
_LABEL, _LINE_PX = 0.45, 19
_INK: Colour = (255, 255, 255)
_SHADE = 0.35


@dataclass(frozen=True, slots=True)
class Mark:
    """A box in the camera's own pixels with a few words, of the alert's severity where there is an alert."""

    box: Box
    label: str = ''
    severity: Severity | None = None


def annotate(
    masked_rgb: NDArray[np.uint8], marks: Sequence[Mark], *, robot: str, clock: str, sentences: Sequence[str] = (),
) -> NDArray[np.uint8]:
    """Return a masked picture (height, width, 3), ``SCALE`` times larger, with marks and words on it.

    ``clock`` is the time as people read it. Up to two sentences stand at the bottom, each on two lines at most; the
    gravest should come first.
    """
    picture = np.asarray(cv2.resize(masked_rgb, None, fx=SCALE, fy=SCALE, interpolation=cv2.INTER_NEAREST), np.uint8)
    # What is drawn later lies above.
    for mark in sorted(marks, key=lambda mark: mark.severity.rank if mark.severity else -1):
        _draw(picture, mark)
    width = picture.shape[1]
    _shade(picture, 0, _LINE_PX + 3)
    write(picture, shortened(robot, width // 2, _LABEL), (6, 15), _LABEL, _INK)
    write(picture, clock, (width - 6 - text_size(clock, _LABEL)[0], 15), _LABEL, _INK)
    lines = [line for sentence in sentences[:2] for line in wrapped(sentence, width - 12, _LABEL, most=2)]
    if lines:
        top = max(0, picture.shape[0] - _LINE_PX * len(lines) - 6)
        _shade(picture, top, picture.shape[0])
        for row, line in enumerate(lines, start=1):
            write(picture, line, (6, top + _LINE_PX * row - 3), _LABEL, _INK)
    return picture


def _draw(picture: NDArray[np.uint8], mark: Mark) -> None:
    height, width, _ = picture.shape
    left, top, right, bottom = (SCALE * edge for edge in mark.box)
    colour = COLOURS[mark.severity]
    left, right = (min(max(edge, 0), width - 1) for edge in (left, right))
    top, bottom = (min(max(edge, 0), height - 1) for edge in (top, bottom))
    cv2.rectangle(picture, (left, top), (right, bottom), (0, 0, 0), 4)
    cv2.rectangle(picture, (left, top), (right, bottom), colour, 2)
    if not mark.label:
        return
    label = shortened(mark.label, width - 12, _LABEL)
    label_px = text_size(label, _LABEL)[0] + 8
    x = min(left, width - label_px)
    # Above the box, or within where there is no room.
    y = top - _LINE_PX if top >= 2 * _LINE_PX + 3 else min(max(top, _LINE_PX + 3), height - _LINE_PX)
    cv2.rectangle(picture, (x, y), (x + label_px, y + _LINE_PX), colour, -1)
    write(picture, label, (x + 4, y + 14), _LABEL, (0, 0, 0))


def _shade(picture: NDArray[np.uint8], top: int, bottom: int) -> None:
    """Darken rows, so that white letters can be read on them."""
    picture[top:bottom] = (picture[top:bottom] * _SHADE).astype(np.uint8)

"""Text in pictures, in OpenCV's plain fonts."""

from __future__ import annotations

import unicodedata

import cv2
import numpy as np
from numpy.typing import NDArray

Colour = tuple[int, int, int]

_FONT = cv2.FONT_HERSHEY_SIMPLEX


def drawable(text: str) -> str:
    """Return a text without what OpenCV's fonts lack: accents go, other letters become question marks."""
    letters = (letter for letter in unicodedata.normalize('NFKD', text) if not unicodedata.combining(letter))
    plain = ''.join(letters).encode('ascii', 'replace').decode('ascii')
    return ''.join(letter if letter.isprintable() else ' ' for letter in plain)


def text_size(text: str, scale: float) -> tuple[int, int]:
    """Return width and height of a line in pixels."""
    (width, height), _ = cv2.getTextSize(drawable(text), _FONT, scale, 1)
    return width, height


def write(picture: NDArray[np.uint8], text: str, at: tuple[int, int], scale: float, colour: Colour) -> None:
    """Write a line whose lower left corner is ``at`` (x, y)."""
    cv2.putText(picture, drawable(text), at, _FONT, scale, colour, 1, cv2.LINE_AA)


def wrapped(text: str, width_px: int, scale: float, *, most: int) -> list[str]:
    """Break a text between words into at most so many lines; what does not fit is cut off and ends in dots."""
    lines: list[str] = []
    for word in drawable(text).split():
        longer = f'{lines[-1]} {word}' if lines else word
        if lines and text_size(longer, scale)[0] <= width_px:
            lines[-1] = longer
        elif len(lines) < most:
            lines.append(word)
        else:
            lines[-1] += '...'
            break
    return [shortened(line, width_px, scale) for line in lines]


def shortened(text: str, width_px: int, scale: float) -> str:
    """Cut a text that is too wide, and say so by dots."""
    if text_size(text, scale)[0] <= width_px:
        return text
    kept = next(n for n in range(len(text), -1, -1) if text_size(f'{text[:n]}...', scale)[0] <= width_px or not n)
    return f'{text[:kept].rstrip(" .")}...'

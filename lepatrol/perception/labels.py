"""Codes on an object: QR codes, ArUco markers and AprilTags, read in the part of a picture that shows it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.inspection import Label, Symbology

_FAMILIES = {
    'DICT_4X4_250': (Symbology.ARUCO, '4x4'), 'DICT_5X5_250': (Symbology.ARUCO, '5x5'),
    'DICT_6X6_250': (Symbology.ARUCO, '6x6'), 'DICT_7X7_250': (Symbology.ARUCO, '7x7'),
    'DICT_APRILTAG_25h9': (Symbology.APRIL_TAG, '25h9'), 'DICT_APRILTAG_36h10': (Symbology.APRIL_TAG, '36h10'),
    'DICT_APRILTAG_36h11': (Symbology.APRIL_TAG, '36h11'),
}
"""OpenCV's name of each family that is looked for.

The smallest AprilTags (16h5) and the first ArUco tags (1,024 numbers without a distance between them) are left out:
walls and plain boxes bear them, too.
"""
_WANTED_PX, _MOST_TIMES = 480, 8
"""A part of a picture is enlarged to about this size, by this factor at most."""
_ROOM = 0.15
_LEAST_PX = 8
_SHORTEST, _LONGEST = 1, 300
"""A text longer than the second is cut: it goes into reports and onto topics."""


def read_labels(rgb: NDArray[np.uint8], mask: NDArray[np.bool_]) -> tuple[Label, ...]:
    """Return the labels on what a mask (h, w) covers, each once and in order; none where they are too small to read."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    if len(rows) < _LEAST_PX or len(columns) < _LEAST_PX:
        return ()
    down, across = round(_ROOM * len(rows)) + 2, round(_ROOM * len(columns)) + 2
    part = rgb[max(0, rows[0] - down):rows[-1] + down, max(0, columns[0] - across):columns[-1] + across]
    grey = cv2.cvtColor(np.ascontiguousarray(part), cv2.COLOR_RGB2GRAY)
    most = min(max(_WANTED_PX / max(part.shape[:2]), 1.0), _MOST_TIMES)
    found: list[Label] = []
    # Which enlargement brings a code's own grid out best depends on how it lies on the pixels.
    for times in sorted({most, max(most / 2.0, 1.0)}):
        enlarged = cv2.resize(grey, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC).astype(np.float32)
        darkest, brightest = float(enlarged.min()), float(enlarged.max())
        stretched = ((enlarged - darkest) * (255.0 / max(brightest - darkest, 1.0))).astype(np.uint8)
        found += [*_codes(stretched), *_tags(stretched)]
    return ordered(found)


def ordered(labels: Iterable[Label]) -> tuple[Label, ...]:
    """Return labels each once, in the order of their words."""
    return tuple(sorted(set(labels), key=str))


def _codes(grey: NDArray[np.uint8]) -> list[Label]:
    try:
        _, texts, _, _ = cv2.QRCodeDetector().detectAndDecodeMulti(grey)
    except cv2.error:
        return []  # Some patterns that are no codes trip the decoder.
    clean = (''.join(letter for letter in text if letter.isprintable())[:_LONGEST] for text in texts)
    return [Label(Symbology.QR, text) for text in clean if len(text) >= _SHORTEST]


def _tags(grey: NDArray[np.uint8]) -> list[Label]:
    found = []
    for name, (symbology, family) in _FAMILIES.items():
        numbers = _detect(name, grey)
        found += [Label(symbology, str(int(number)), family) for number in numbers]
    return found


def _detect(name: str, grey: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Return the numbers of a family's tags; OpenCV before 4.7 has a function where later ones have a class."""
    dictionary = _dictionary(name)
    if hasattr(cv2.aruco, 'ArucoDetector'):
        _, numbers, _ = cv2.aruco.ArucoDetector(dictionary, _parameters()).detectMarkers(grey)
    else:
        detect: Any = vars(cv2.aruco)['detectMarkers']
        _, numbers, _ = detect(grey, dictionary, parameters=_parameters())
    return np.zeros(0, dtype=np.int32) if numbers is None else np.asarray(numbers, dtype=np.int32).ravel()


@cache
def _dictionary(name: str) -> cv2.aruco.Dictionary:
    return cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, name))


@cache
def _parameters() -> cv2.aruco.DetectorParameters:
    make = getattr(cv2.aruco, 'DetectorParameters_create', cv2.aruco.DetectorParameters)
    parameters: cv2.aruco.DetectorParameters = make()
    parameters.adaptiveThreshWinSizeMax = 63
    parameters.adaptiveThreshWinSizeStep = 20
    # A family of many numbers would else be found by chance in any pattern.
    parameters.errorCorrectionRate = 0.3
    return parameters

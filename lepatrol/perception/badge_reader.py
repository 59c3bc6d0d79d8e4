"""Reading badges in a picture: QR codes and ArUco markers, and nothing else of it."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.observation import CameraImage
from lepatrol.model.visitors import BadgeSeen

_MOST = 8
_MOST_CHARACTERS = 64
_LOOKED_AT_PX = 1280
_MOST_ENLARGED = 4
"""Small pictures are looked at enlarged, to about that width: the detector needs some pixels for each square."""


class BadgeReader:
    """Finds codes in pictures; markers are of the dictionary 4X4_50 and read as ``aruco:NUMBER``."""

    def __init__(self) -> None:
        """Make the detectors; where OpenCV has none for markers, only QR codes are read."""
        self._codes = cv2.QRCodeDetector()
        self._markers = None
        if hasattr(cv2, 'aruco') and hasattr(cv2.aruco, 'ArucoDetector'):
            self._markers = cv2.aruco.ArucoDetector(cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50))

    def read(self, image: CameraImage, pan_rad: float = 0.0) -> list[BadgeSeen]:
        """Return what codes say and where they are; ``pan_rad`` is how far the camera looks to the left."""
        grey = np.asarray(cv2.cvtColor(image.rgb, cv2.COLOR_RGB2GRAY), dtype=np.uint8)
        found = self._read_codes(grey, 1)
        scale = min(_LOOKED_AT_PX // grey.shape[1], _MOST_ENLARGED)
        if not found and scale > 1:
            larger = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
            found = self._read_codes(np.asarray(larger, dtype=np.uint8), scale)
        found += self._read_markers(grey)
        info = image.info
        return [BadgeSeen(text[:_MOST_CHARACTERS + 1], pan_rad - math.atan2(column - info.cx, info.fx))
                for text, column in found[:_MOST]]

    def _read_codes(self, grey: NDArray[np.uint8], scale: int) -> list[tuple[str, float]]:
        try:
            read, texts, corners, _ = self._codes.detectAndDecodeMulti(grey)
        except cv2.error:
            # It fails on some pictures that hold no code.
            return []
        if not read:
            return []
        return [(text, float(np.mean(each[:, 0])) / scale) for text, each in zip(texts, corners, strict=True) if text]

    def _read_markers(self, grey: NDArray[np.uint8]) -> list[tuple[str, float]]:
        if self._markers is None:
            return []
        corners, numbers, _ = self._markers.detectMarkers(grey)
        if numbers is None:
            return []
        return [(f'aruco:{int(number)}', float(np.mean(each[0][:, 0])))
                for number, each in zip(numbers.ravel(), corners, strict=True)]

"""Person detectors behind one small interface, and the choice among them.

A detector looks at one picture alone: what it finds is placed and tracked by others.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.errors import FileError, ObservationError
from lepatrol.model.findings import Box, Complaint, ThingKind, Trouble
from lepatrol.settings.detectors import DetectorSettings

_HOG_HEIGHT_PX = 480
"""Pictures less high are enlarged first: the people detector knows persons of about 100 pixels and taller."""
_HOG_MARGIN = (0.17, 0.09)
"""How much of the detector's window, on each side, is the margin that its training pictures had: across and down."""
_HOG_EVEN_SCORE = 0.5
"""The distance from the support vector machine's plane at which a window is as likely a person as not."""
_HOG_STEEPNESS = 3.0


@dataclass(frozen=True, slots=True)
class Detection:
    """A thing in one picture: ``confidence`` from 0 to 1, ``box`` in pixels of the picture and within it."""

    kind: ThingKind
    confidence: float
    box: Box


class Detector(Protocol):
    """Finds persons, and perhaps vehicles, animals and objects, in one picture."""

    def detect(self, rgb: NDArray[np.uint8]) -> tuple[Detection, ...]:
        """Return what is seen in a picture (h, w, 3), the surest first.

        :raises ObservationError: if it is no picture.
        """
        ...


@dataclass(frozen=True, slots=True)
class DetectorChoice:
    """The detector the settings ask for, or None; ``complaint`` says why one that was asked for is not there."""

    detector: Detector | None
    complaint: Complaint | None = None


class HogDetector:
    """OpenCV's people detector: histograms of oriented gradients (Dalal and Triggs, CVPR 2005). For real pictures."""

    def __init__(self, *, min_confidence: float = 0.5, nms_overlap: float = 0.45) -> None:
        """Load the detector that OpenCV brings along."""
        self._min_confidence, self._nms_overlap = min_confidence, nms_overlap
        self._hog = cv2.HOGDescriptor()
        self._hog.setSVMDetector(np.asarray(cv2.HOGDescriptor.getDefaultPeopleDetector(), dtype=np.float32))

    def detect(self, rgb: NDArray[np.uint8]) -> tuple[Detection, ...]:
        """Return the persons in a picture; see ``Detector.detect``."""
        check_picture(rgb)
        height, width = rgb.shape[:2]
        scale = max(1.0, _HOG_HEIGHT_PX / height)
        size = (max(64, round(width * scale)), max(128, round(height * scale)))
        grey = cv2.resize(cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY), size, interpolation=cv2.INTER_LINEAR)
        windows, scores = self._hog.detectMultiScale(
            grey, winStride=(8, 8), padding=(16, 16), scale=1.05, groupThreshold=0)
        found = []
        for (x, y, w, h), score in zip(windows, np.ravel(scores), strict=True):
            confidence = hog_confidence(float(score))
            across, down = _HOG_MARGIN[0] * w, _HOG_MARGIN[1] * h
            corners = np.array([x + across, y + down, x + w - across, y + h - down])
            box = box_within(corners * np.tile([width / size[0], height / size[1]], 2), width, height)
            if confidence >= self._min_confidence and box is not None:
                found.append(Detection(ThingKind.PERSON, confidence, box))
        return suppressed(found, self._nms_overlap)


def make_detector(settings: DetectorSettings, warn: Callable[[str], None], *, now_s: float = 0.0) -> DetectorChoice:
    """Make the detector that the settings ask for.

    One that cannot be had (no model file, a broken one) is told to ``warn`` and as a complaint stamped ``now_s``; then
    there is none, and perception goes on with what is left.
    """
    limits = {'min_confidence': settings.min_confidence, 'nms_overlap': settings.nms_overlap}
    if settings.detector == 'hog':
        return DetectorChoice(HogDetector(**limits))
    if settings.detector == 'none':
        return DetectorChoice(None)
    from lepatrol.perception.yolo import YoloDetector  # noqa: PLC0415  (it stands on this module)
    try:
        return DetectorChoice(YoloDetector(Path(settings.model_file), input_size_px=settings.input_size_px, **limits))
    except FileError as error:
        warn(f'detection goes on without the detector yolo: {error}')
        return DetectorChoice(None, Complaint(
            now_s, 'detector', Trouble.UNREADABLE, f'the detector yolo is off, the rest goes on: {error}'))


def check_picture(rgb: NDArray[np.uint8]) -> None:
    """Refuse what is no picture of (h, w, 3) bytes.

    :raises ObservationError: naming type and shape.
    """
    if rgb.ndim != 3 or rgb.shape[2] != 3 or 0 in rgb.shape or rgb.dtype != np.uint8:
        raise ObservationError(f'picture: {rgb.dtype} of shape {rgb.shape}, expected uint8 of shape (h, w, 3)')


def hog_confidence(score: float) -> float:
    """Return how sure a window is a person, from its distance to the support vector machine's plane.

    A logistic curve as Platt (1999) fits; scores of persons start near 0.5, false ones seldom get to 1.
    """
    return 1.0 / (1.0 + math.exp(-_HOG_STEEPNESS * (min(max(score, -50.0), 50.0) - _HOG_EVEN_SCORE)))


def suppressed(found: Sequence[Detection], overlap: float) -> tuple[Detection, ...]:
    """Return the detections without those that overlap a surer one of their kind, the surest first."""
    kept: list[Detection] = []
    for kind in dict.fromkeys(detection.kind for detection in found):
        alike = [detection for detection in found if detection.kind is kind]
        boxes = [(left, top, right - left, bottom - top) for left, top, right, bottom in (d.box for d in alike)]
        chosen = cv2.dnn.NMSBoxes(boxes, [detection.confidence for detection in alike], 0.0, overlap)
        kept += [alike[int(index)] for index in np.ravel(chosen)]
    return tuple(sorted(kept, key=lambda detection: -detection.confidence))


def box_within(corners_px: NDArray[np.float64], width: int, height: int) -> Box | None:
    """Return the whole pixels of left, top, right, bottom (4,) within a picture, None where none is left."""
    limits = np.array([width, height, width, height])
    left, top, right, bottom = np.clip(np.rint(corners_px), 0, limits).astype(int).tolist()
    return (left, top, right, bottom) if right > left and bottom > top else None

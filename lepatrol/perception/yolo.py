"""YOLO-family detectors in ONNX files, run by OpenCV's own network module, which needs no other runtime."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.errors import FileError, ObservationError
from lepatrol.model.findings import ThingKind
from lepatrol.perception.detectors import Detection, box_within, check_picture, suppressed
from lepatrol.perception.onnx_names import read_class_names

_COCO = (
    'person,bicycle,car,motorcycle,airplane,bus,train,truck,boat,traffic light,fire hydrant,stop sign,parking meter,'
    'bench,bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,backpack,umbrella,handbag,tie,suitcase,frisbee,'
    'skis,snowboard,sports ball,kite,baseball bat,baseball glove,skateboard,surfboard,tennis racket,bottle,wine glass,'
    'cup,fork,knife,spoon,bowl,banana,apple,sandwich,orange,broccoli,carrot,hot dog,pizza,donut,cake,chair,couch,'
    'potted plant,bed,dining table,toilet,tv,laptop,mouse,remote,keyboard,cell phone,microwave,oven,toaster,sink,'
    'refrigerator,book,clock,vase,scissors,teddy bear,hair drier,toothbrush')
COCO_NAMES: tuple[str, ...] = tuple(_COCO.split(','))
"""The classes of Microsoft COCO (Lin et al., ECCV 2014) in the order that YOLO models are trained with."""

_KIND_OF: dict[str, ThingKind] = {
    'person': ThingKind.PERSON, 'pedestrian': ThingKind.PERSON,
    **dict.fromkeys(('bicycle', 'car', 'motorcycle', 'bus', 'truck', 'van'), ThingKind.VEHICLE),
    **dict.fromkeys(('bird', 'cat', 'dog', 'horse', 'sheep', 'cow', 'elephant', 'bear', 'zebra', 'giraffe'),
                    ThingKind.ANIMAL),
    **dict.fromkeys(('backpack', 'umbrella', 'handbag', 'suitcase'), ThingKind.OBJECT),
}
_PADDING = 114
"""The grey that YOLO models are trained to see around a picture that is not square."""
_LAYOUTS = 'expected (1, n, 5 + classes) as of YOLOv5 or (1, 4 + classes, n) as of YOLOv8'


@dataclass(frozen=True, slots=True)
class _Letterbox:
    """How a picture was fitted into a square: scaled (x, y), then moved right and down by ``offset_px`` (x, y)."""

    scale: tuple[float, float]
    offset_px: tuple[int, int]

    def undo(self, corners_px: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return corners (n, 4: left, top, right, bottom) of the square in pixels of the picture."""
        return (corners_px - np.tile(self.offset_px, 2)) / np.tile(self.scale, 2)


class YoloDetector:
    """Any detector of the YOLO family with the output of v5 (also v7) or of v8 (also v9 and v11, without NMS inside).

    v5 gives for each candidate its middle, size, objectness and a score for each class; v8 the same without
    objectness, transposed. Class names are the model's own metadata where it has them (what Ultralytics writes), else
    COCO's. Classes that mean nothing to a guard are left out.
    """

    def __init__(
        self, path: Path, *, input_size_px: int = 640, min_confidence: float = 0.5, nms_overlap: float = 0.45,
    ) -> None:
        """Load the model and try it on a blank picture, so that one of no use is refused here.

        :raises FileError: naming the file, what is wrong with it and what would be right.
        """
        self._path, self._size = path, input_size_px
        self._min_confidence, self._nms_overlap = min_confidence, nms_overlap
        self._net = _load(path)
        names = read_class_names(path)
        self._names = names or COCO_NAMES
        try:
            output = self._forward(np.full((input_size_px, input_size_px, 3), _PADDING, dtype=np.uint8))
        except cv2.error as error:
            raise FileError(
                path, f'does not run on pictures of {input_size_px} x {input_size_px} pixels ({_reason(error)}); '
                'set input_size_px to the size it was exported with, or export it again') from error
        self._rows_first = self._layout(output.shape, has_names=names is not None)
        kinds = [_KIND_OF.get(name) for name in self._names]
        self._kinds: Sequence[ThingKind | None] = kinds
        self._known = np.array([kind is not None for kind in kinds])
        if not self._known.any():
            raise FileError(
                path, f'knows {", ".join(self._names[:5])} ... and nothing a guard asks for; expected classes such as '
                f'{", ".join(list(_KIND_OF)[:5])}')

    def detect(self, rgb: NDArray[np.uint8]) -> tuple[Detection, ...]:
        """Return what is seen in a picture; see ``Detector.detect``."""
        check_picture(rgb)
        height, width = rgb.shape[:2]
        square, letterbox = _fit(rgb, self._size)
        try:
            output = self._forward(square)
        except cv2.error as error:
            raise ObservationError(f'picture: {self._path} fails on it: {_reason(error)}') from error
        corners, scores = self._decoded(output)
        scores = np.where(self._known, scores, -1.0)
        best = scores.argmax(axis=1)
        confidence = scores[np.arange(len(best)), best]
        # Also leaves out what is not a number.
        sure = (confidence >= self._min_confidence) & np.isfinite(corners).all(axis=1)
        found = []
        for place, index, score in zip(letterbox.undo(corners[sure]), best[sure], confidence[sure], strict=True):
            box, kind = box_within(place, width, height), self._kinds[index]
            if box is not None and kind is not None:
                found.append(Detection(kind, min(float(score), 1.0), box))
        return suppressed(found, self._nms_overlap)

    def _forward(self, square: NDArray[np.uint8]) -> NDArray[np.float32]:
        self._net.setInput(cv2.dnn.blobFromImage(square, 1.0 / 255.0))
        return np.asarray(self._net.forward(), dtype=np.float32)

    def _layout(self, shape: tuple[int, ...], *, has_names: bool) -> bool:
        """Tell whether candidates are rows (v5) rather than columns (v8), by the shape of the output."""
        count = len(self._names)
        if len(shape) == 3 and shape[0] == 1:
            if shape[2] == 5 + count:
                return True
            if shape[1] == 4 + count:
                return False
        whose = 'its names' if has_names else "COCO's names, as it has none of its own in its metadata"
        raise FileError(
            self._path, f'gives an output of shape {shape} with {count} classes ({whose}); {_LAYOUTS}, without '
            'non-maximum suppression inside')

    def _decoded(self, output: NDArray[np.float32]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the corners (n, 4) in pixels of the square, and the scores (n, classes)."""
        table = output[0].astype(np.float64)
        if not self._rows_first:
            table = table.T
        middle, half = table[:, :2], table[:, 2:4] / 2.0
        scores = table[:, 5:] * table[:, 4:5] if self._rows_first else table[:, 4:]
        return np.hstack([middle - half, middle + half]), scores


def _load(path: Path) -> cv2.dnn.Net:
    if not path.is_file():
        raise FileError(path, 'there is no such model file; expected a YOLO model exported to ONNX')
    try:
        return cv2.dnn.readNetFromONNX(str(path))
    except cv2.error as error:
        raise FileError(path, f'is no ONNX model that OpenCV {cv2.__version__} reads ({_reason(error)}); expected a '
                        'YOLO model exported to ONNX with opset 12') from error


def _fit(rgb: NDArray[np.uint8], size: int) -> tuple[NDArray[np.uint8], _Letterbox]:
    """Scale a picture into the middle of a grey square of ``size`` pixels."""
    height, width = rgb.shape[:2]
    scale = size / max(height, width)
    inner = (max(1, round(width * scale)), max(1, round(height * scale)))
    left, top = (size - inner[0]) // 2, (size - inner[1]) // 2
    square = np.full((size, size, 3), _PADDING, dtype=np.uint8)
    square[top:top + inner[1], left:left + inner[0]] = cv2.resize(
        rgb, inner, interpolation=cv2.INTER_AREA if scale < 1.0 else cv2.INTER_LINEAR)
    return square, _Letterbox((inner[0] / width, inner[1] / height), (left, top))


def _reason(error: cv2.error) -> str:
    """Return what an error of OpenCV says, on one line."""
    return ' '.join(str(getattr(error, 'err', '') or error).split())[:200]

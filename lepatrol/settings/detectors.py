"""Settings of the detectors that look for persons and things in single pictures."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.settings.schema import Settings, setting

DETECTORS = ('none', 'hog', 'yolo')


@dataclass(frozen=True)
class DetectorSettings(Settings):
    """Which detector looks at pictures, and what counts as a find."""

    detector: str = setting(
        'none', "What looks for persons in pictures: 'hog' is OpenCV's own (real pictures, persons alone), 'yolo' is "
        "the model in model_file, 'none' leaves it to lidar and expected views.", choices=DETECTORS)
    model_file: str = setting('', 'Path of a YOLO-family ONNX model (v5 or v8 output), for the detector yolo.')
    input_size_px: int = setting(
        640, 'Edge length of the square picture the model takes, as it was exported.', low=32, high=4096)
    min_confidence: float = setting(0.5, 'Finds less sure than this are left out.', low=0.01, high=1.0)
    nms_overlap: float = setting(
        0.45, 'Of two finds of one kind that overlap more than this (intersection over union) the surer one stays.',
        low=0.0, high=1.0)
    period_s: float = setting(0.5, 'A picture is searched this often at most.', low=0.0, high=60.0)

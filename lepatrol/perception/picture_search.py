"""What a detector finds in pictures, brought together with what the sensors saw: each find stands on the ground."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence

from lepatrol.model.findings import Box, SensorKind, Sighting, ThingKind
from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import CameraImage
from lepatrol.perception.camera_geometry import CameraGeometry
from lepatrol.perception.detectors import Detection, Detector

_FOOT_ERROR_PX = 3.0
_FARTHEST_M = 25.0
_BEARING_SLACK_RAD = 0.03
_SMALLEST_DEVIATION_M = 0.3


class PictureSearch:
    """Lets a detector look at pictures now and then."""

    def __init__(self, detector: Detector | None, period_s: float) -> None:
        """Search a picture every ``period_s`` at most; without a detector nothing is found."""
        self._detector = detector
        self._period_s = period_s
        self._searched_s = -math.inf

    def reset(self) -> None:
        """Forget when the last picture was searched."""
        self._searched_s = -math.inf

    def find(self, image: CameraImage) -> tuple[Detection, ...]:
        """Return what the detector finds in a picture, nothing where it is not time yet."""
        if self._detector is None or 0.0 <= image.stamp_s - self._searched_s < self._period_s:
            return ()
        self._searched_s = image.stamp_s
        return self._detector.detect(image.rgb)


def joined(
    found: Sequence[Detection], sightings: Sequence[Sighting], image: CameraImage, camera_pose: Pose3,
) -> tuple[Sighting, ...]:
    """Return sightings with what a detector found in the same picture, taken from a pose in ``map``.

    A find in the direction of a sighting names it, where the detector is surer. One in no such direction is a sighting
    of its own, where its foot is in the picture.
    """
    geometry = CameraGeometry(image.info, camera_pose)
    named = list(sightings)
    for detection in found:
        places = [index for index, sighting in enumerate(named) if _shows(detection.box, sighting, geometry)]
        if places:
            nearest = min(places, key=lambda index: math.dist(named[index].position_m, geometry.position_m))
            named[nearest] = _named(named[nearest], detection)
        elif (own := _standing(detection, image, geometry)) is not None:
            named.append(own)
    return tuple(named)


def _shows(box: Box, sighting: Sighting, geometry: CameraGeometry) -> bool:
    upright = geometry.upright(sighting.position_m, sighting.width_m or 0.5, sighting.height_m or 1.7)
    slack_px = _BEARING_SLACK_RAD * geometry.info.fx
    return upright is not None and upright.left - slack_px < box[2] and upright.right + slack_px > box[0]


def _named(sighting: Sighting, detection: Detection) -> Sighting:
    box = sighting.box or detection.box
    if sighting.kind is not ThingKind.UNKNOWN and sighting.confidence >= detection.confidence:
        return dataclasses.replace(sighting, box=box)
    return dataclasses.replace(sighting, box=box, kind=detection.kind, confidence=detection.confidence)


def _standing(detection: Detection, image: CameraImage, geometry: CameraGeometry) -> Sighting | None:
    left, top, right, foot = detection.box
    ground = None if foot >= image.info.height else geometry.ground_at((left + right) / 2.0, foot)
    if ground is None or ground.range_m > _FARTHEST_M:
        return None
    deviation_m = max(_SMALLEST_DEVIATION_M, geometry.range_deviation_m(ground.range_m, _FOOT_ERROR_PX))
    return Sighting(
        image.stamp_s, SensorKind.CAMERA, ground.position_m, deviation_m, geometry.position_m, detection.kind,
        detection.confidence, width_m=(right - left) * ground.depth_m / image.info.fx,
        height_m=(foot - top) * ground.depth_m / image.info.fy, box=detection.box)


def persons(found: Sequence[Detection]) -> tuple[Box, ...]:
    """Return the boxes of persons."""
    return tuple(detection.box for detection in found if detection.kind is ThingKind.PERSON)

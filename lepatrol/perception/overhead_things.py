"""Things on the ground in pictures from above: where they are, how wide, and how high.

A picture from above shows a thing's height badly. But the robot flies over it: what has height shifts against the
ground, away from under the robot, the more the higher it is (parallax). What shifts otherwise moves by itself.
"""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from lepatrol.model.findings import SensorKind, Sighting, ThingKind
from lepatrol.model.geometry import Floats
from lepatrol.model.site import Point2
from lepatrol.perception.blobs import Blob
from lepatrol.perception.camera_geometry import CameraGeometry
from lepatrol.perception.classify import classify
from lepatrol.settings.camera_anomaly import SightingSettings
from lepatrol.settings.overhead import OverheadSettings

_LOOKS_KEPT = 60
_PLACE_ERROR_M = 0.08
"""One sigma of a place on the ground in one picture: localisation and pixels."""
_STRAY_M = 0.3
"""A thing whose places lie this far (root mean square) from where parallax has them moves."""
_TALLEST_M = 2.4
_MIDDLE_M = 0.4
"""Half the height of a thing of which nothing is known, with half of that for an error."""
_LEAST_FILL = 0.25
_REACH_M = 0.5


@dataclass(frozen=True, slots=True)
class Patch:
    """A blob as the ground under it: its middle, how wide it is across and how long along the line of sight."""

    middle_m: Point2
    across_m: float
    along_m: float


@dataclass(slots=True)
class _Followed:
    """One thing: from where it was seen at which place in how many of how many pictures."""

    looks: deque[tuple[Point2, Point2]] = field(default_factory=lambda: deque(maxlen=_LOOKS_KEPT))
    """(place under the camera, place of its middle on the ground)."""
    widths_m: deque[float] = field(default_factory=lambda: deque(maxlen=_LOOKS_KEPT))
    seen_s: float = -math.inf
    times: int = 0
    pictures: int = 0


def patch_of(
    blob: Blob, geometry: CameraGeometry, sighting: SightingSettings, settings: OverheadSettings,
) -> Patch | None:
    """Return a blob as ground, None where it is cut by the picture's edge or not of a thing's size."""
    left, top, right, bottom = blob.box
    if left <= 0 or top <= 0 or right >= geometry.info.width or bottom >= geometry.info.height:
        return None
    if blob.fill < _LEAST_FILL:
        return None
    rows, columns = (part.astype(np.float64) + 0.5 for part in np.nonzero(blob.pixels))
    ground = geometry.ground_points(left + columns, top + rows)
    if not np.isfinite(ground).all():
        return None
    middle = ground.mean(axis=0)
    along_m, across_m = _extent(ground, middle - np.asarray(geometry.position_m))
    pixel_m = geometry.height_m / geometry.info.fx
    sizes = (along_m + pixel_m, across_m + pixel_m)
    if min(sizes) < settings.smallest_m or max(sizes) > sighting.largest_m:
        return None
    return Patch((float(middle[0]), float(middle[1])), sizes[1], sizes[0])


class OverheadThings:
    """Follows what lies or stands under the robot from picture to picture, and tells what recurs."""

    def __init__(self, sighting: SightingSettings, settings: OverheadSettings) -> None:
        """Begin with nothing seen."""
        self._sighting = sighting
        self._settings = settings
        self._followed: list[_Followed] = []

    def reset(self) -> None:
        """Forget everything."""
        self._followed.clear()

    def admit(self, patches: Sequence[Patch], geometry: CameraGeometry, now_s: float) -> tuple[Sighting, ...]:
        """Return a sighting of each thing that was seen often enough."""
        self._followed = [
            each for each in self._followed if 0.0 <= now_s - each.seen_s <= self._sighting.forget_s]
        free = list(self._followed)
        for each in free:
            each.pictures += 1
        sightings = []
        for patch in patches:
            followed = self._nearest(free, patch, now_s)
            if followed is None:
                followed = _Followed(pictures=1)
                self._followed.append(followed)
            else:
                free.remove(followed)
            followed.looks.append((geometry.position_m, patch.middle_m))
            followed.widths_m.append(patch.across_m)
            followed.seen_s = now_s
            followed.times += 1
            if followed.times >= self._sighting.seen_times and (
                    followed.times >= self._sighting.seen_share * followed.pictures):
                sightings.append(self._sighting_of(followed, geometry, now_s))
        return tuple(sightings)

    def _nearest(self, free: Sequence[_Followed], patch: Patch, now_s: float) -> _Followed | None:
        def away_m(each: _Followed) -> float:
            return math.dist(each.looks[-1][1], patch.middle_m)

        near = [each for each in free
                if away_m(each) < _REACH_M + self._sighting.speed_limit_m_s * (now_s - each.seen_s)]
        return min(near, key=away_m, default=None)

    def _sighting_of(self, followed: _Followed, geometry: CameraGeometry, now_s: float) -> Sighting:
        below = geometry.position_m
        _, middle = followed.looks[-1]
        width_m = float(np.median(followed.widths_m))
        height_m, moves = self._height_m(followed, geometry.height_m)
        half_m = _MIDDLE_M if height_m is None else height_m / 2.0
        # What is half_m above the ground seems farther from under the robot than it is.
        share = 1.0 - half_m / geometry.height_m
        place = (below[0] + share * (middle[0] - below[0]), below[1] + share * (middle[1] - below[1]))
        doubt_m = _MIDDLE_M / geometry.height_m * math.dist(middle, below) if height_m is None else 0.0
        kind, confidence = (ThingKind.UNKNOWN, 0.5) if height_m is None else classify(width_m, height_m, moving=moves)
        return Sighting(
            now_s, SensorKind.CAMERA, place, 0.1 + doubt_m, below, kind, confidence, width_m, height_m, moving=moves)

    def _height_m(self, followed: _Followed, camera_m: float) -> tuple[float | None, bool]:
        """Return how high a thing is, None while that is not known well enough, and whether it moves by itself."""
        looks = np.array(followed.looks, dtype=np.float64)
        below, middles = looks[:, 0] - looks[:, 0].mean(axis=0), looks[:, 1] - looks[:, 1].mean(axis=0)
        spread = float((below**2).sum())
        drift = -float((below * middles).sum()) / spread if spread > 0.0 else 0.0
        stray_m = math.sqrt(float(((middles + drift * below)**2).sum()) / len(looks))
        half_m = camera_m * drift / (1.0 + drift) if drift > -0.5 else -math.inf
        moves = stray_m > _STRAY_M
        known_m = 2.0 * camera_m * _PLACE_ERROR_M / math.sqrt(spread) if spread > 0.0 else math.inf
        if moves or known_m > self._settings.height_deviation_m:
            return None, moves
        if not -known_m < 2.0 * half_m < _TALLEST_M + known_m:
            return None, True
        return max(2.0 * half_m, 0.1), False


def _extent(points_m: Floats, towards: Floats) -> tuple[float, float]:
    """Return how far points (n, 2) reach along a direction and across it."""
    length = float(np.hypot(*towards))
    along = towards / length if length > 1e-6 else np.array([1.0, 0.0])
    across = np.array([-along[1], along[0]])
    return float(np.ptp(points_m @ along)), float(np.ptp(points_m @ across))

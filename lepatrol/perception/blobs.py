"""Connected parts of a foreground, and the things on the ground that they can be."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.findings import Box
from lepatrol.model.site import Point2
from lepatrol.perception.camera_geometry import CameraGeometry, Footprint
from lepatrol.settings.camera_anomaly import SightingSettings

Mask = NDArray[np.uint8]

# Legs, coat and head may differ apart; what is one above the other belongs together.
_JOIN = np.ones((7, 3), dtype=np.uint8)
_MOST = 40
_GROUND_ERROR = 0.12
_SLENDER = 1.2
_UPRIGHT_M = 0.35
_FAR_M = 50.0
FROM_ABOVE_M = 4.0
"""Cameras higher up look down on things: what is behind them is near, and seen as well as they are."""
_RECEDES_SHARE = 0.5
"""What recedes by more than this share of what level ground does is ground, and nothing upright."""
_UPRIGHT_GROWTH = 0.003
"""Per metre squared: a wall seen along itself recedes fast from one pixel of a coarse depth to the next."""


@dataclass(frozen=True, slots=True, eq=False)
class Blob:
    """A connected part of the foreground: its box and its pixels (h, w) within the box."""

    box: Box
    pixels: NDArray[np.bool_]

    @property
    def fill(self) -> float:
        """Return the share of the box that is filled."""
        return float(self.pixels.mean())


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """A blob as a thing that stands on the ground."""

    blob: Blob
    position_m: Point2
    range_m: float
    deviation_m: float
    width_m: float
    height_m: float


def blobs_of(mask: Mask, smallest_px: int) -> list[Blob]:
    """Return the parts of a mask (h, w) of 0 and 255 that are wide and high enough, none where there are too many."""
    if cv2.countNonZero(mask) < smallest_px**2:
        return []
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _JOIN)
    count, labels, statistics, _ = cv2.connectedComponentsWithStats(joined, connectivity=8, ltype=cv2.CV_16U)
    sides = statistics[:, [cv2.CC_STAT_WIDTH, cv2.CC_STAT_HEIGHT]].min(axis=1)
    large = [number for number in range(1, count) if sides[number] >= smallest_px]
    if len(large) > _MOST:
        return []
    blobs = []
    for number in large:
        left, top, width, height, _ = statistics[number].tolist()
        window = (slice(top, top + height), slice(left, left + width))
        pixels = (labels[window] == number) & (mask[window] > 0)
        blobs.append(Blob((left, top, left + width, top + height), pixels))
    return blobs


def footing_of(
    blob: Blob, geometry: CameraGeometry, settings: SightingSettings,
) -> tuple[Footprint, float, float] | None:
    """Return where a blob meets level ground, its width and its height there (m), None where that makes no thing."""
    left, _, right, bottom = blob.box
    height_px, width_px = blob.pixels.shape
    if bottom >= geometry.info.height or blob.fill < settings.fill:
        return None  # its foot is below the picture, or it is a streak
    foot = geometry.ground_at((left + right) / 2.0, bottom)
    if foot is None or foot.range_m > settings.range_m:
        return None
    width_m = width_px * foot.depth_m / geometry.info.fx
    height_m = height_px * foot.depth_m / geometry.info.fy
    sizes = (width_m, height_m)
    if min(sizes) < settings.smallest_m or max(sizes) > settings.largest_m:
        return None
    if height_m > settings.tallest_m and height_m > _SLENDER * width_m:
        return None
    return foot, width_m, height_m


def standing(
    blob: Blob, geometry: CameraGeometry, depth_m: NDArray[np.float32], settings: SightingSettings,
) -> Standing | None:
    """Return a blob as a thing on the ground, None where it is none.

    It must meet the ground where ground is to be seen, be of a thing's size, and be solid; what is taller than people
    and higher than wide is a post, a panel, a gate. What differs over the whole
    height of an upright part of the site, and no nearer than it, is that part changed, and not a thing before it.
    """
    footing = footing_of(blob, geometry, settings)
    if footing is None:
        return None
    foot, width_m, height_m = footing
    left, _, right, bottom = blob.box
    middle = (left + right) / 2.0
    below = float(depth_m[bottom, min(int(middle), depth_m.shape[1] - 1)])
    if abs(below - foot.depth_m) > _GROUND_ERROR * foot.depth_m + 0.4:
        return None
    if _is_upright_part(blob, geometry, depth_m):
        return None
    # The foot is the near edge of the thing; its middle lies half its depth behind, which is about half its width.
    share = min(width_m, 1.0) / 2.0 / max(foot.range_m, 0.1)
    own, seen = geometry.position_m, foot.position_m
    position = (seen[0] + share * (seen[0] - own[0]), seen[1] + share * (seen[1] - own[1]))
    deviation = 0.1 + geometry.range_deviation_m(foot.range_m, settings.foot_error_px)
    return Standing(blob, position, foot.range_m, deviation, width_m, height_m)


def _is_upright_part(blob: Blob, geometry: CameraGeometry, depth_m: NDArray[np.float32]) -> bool:
    """Tell whether what is behind a blob stands just where the blob does, column by column."""
    left, top, _, bottom = blob.box
    columns = np.flatnonzero(blob.pixels.any(axis=0))
    lowest = len(blob.pixels) - np.argmax(blob.pixels[::-1, columns], axis=0)
    ground = geometry.ground_depth_m(
        np.asarray(left + columns + 0.5, dtype=np.float64), np.asarray(top + lowest, dtype=np.float64))
    # Ground behind a thing is the farther the higher up in the picture; what stands upright is as far as its foot.
    highest = top + np.argmax(blob.pixels[:, columns], axis=0) + lowest // 6
    behind = depth_m[np.minimum(highest, bottom - 1), left + columns]
    away = np.abs(np.minimum(behind, _FAR_M) - np.minimum(ground, _FAR_M))
    if geometry.height_m > FROM_ABOVE_M:
        level = geometry.ground_depth_m(
            np.asarray(left + columns + 0.5, dtype=np.float64), np.asarray(highest, dtype=np.float64))
        return bool(np.median(away - _RECEDES_SHARE * np.abs(level - ground)) < 0.0)
    return bool(np.median(away - _UPRIGHT_GROWTH * np.minimum(ground, _FAR_M)**2) < _UPRIGHT_M)

"""The lidar's sightings, looked at: how tall and wide each is in the picture, and so what it is."""

from __future__ import annotations

import dataclasses

import cv2
import numpy as np

from lepatrol.model.findings import Sighting
from lepatrol.perception.blobs import Mask
from lepatrol.perception.camera_geometry import CameraGeometry, Upright
from lepatrol.perception.classify import PERSON_WIDEST_M, classify
from lepatrol.perception.relight import Picture

_TALLEST_M = 2.3
_USUAL_WIDTH_M = 0.5
_MARGIN_M = 0.25
_CONTRAST_LEVELS = 14
_LEAST_PX = 12
_COLUMN_SHARE = 0.2
_MOVING_SHARE = 0.2
_STRAND_PX = 3


def room_of(sighting: Sighting, geometry: CameraGeometry) -> Upright | None:
    """Return where in the picture what the lidar has seen may be, arms and all; None where it is not before the camera.

    The lidar's plane cuts legs.
    """
    return geometry.upright(
        sighting.position_m, (sighting.width_m or _USUAL_WIDTH_M) + 2.0 * _MARGIN_M, _TALLEST_M)


def name_sighting(
    sighting: Sighting, rgb: Picture, geometry: CameraGeometry, foreground: Mask | None, moving: Mask | None,
) -> Sighting:
    """Return a lidar's sighting with kind, confidence, height and box, unchanged where the picture does not show it.

    Without a ``foreground`` (h, w) a thing is what stands out from what is beside it.
    """
    outline = room_of(sighting, geometry)
    if outline is None:
        return sighting
    info = geometry.info
    left, right = max(0, round(outline.left)), min(info.width, round(outline.right))
    top, foot = max(0, round(outline.top)), min(info.height, round(outline.foot) + 2)
    middle = (outline.left + outline.right) / 2.0
    if right - left < 3 or foot - top < 3 or not 0.0 <= middle < info.width:
        return sighting
    window = (slice(top, foot), slice(left, right))
    mask = foreground[window] > 0 if foreground is not None else contrast(rgb, left, top, right, foot)
    extent = _extent(mask, middle - left)
    if extent is None:
        return sighting
    start, end, first, last = extent
    per_metre = info.fy / outline.depth_m
    is_cut = top + first <= 0
    height_m = (max(outline.foot, top + last) - (top + first)) / per_metre
    seen_m = (end - start) / per_metre
    # The lidar measures width well where a thing is wide, and the camera where it is not.
    shown_m = seen_m if sighting.width_m is None else max(sighting.width_m, min(seen_m, sighting.width_m + 0.3))
    if first == 0 and not is_cut and shown_m <= PERSON_WIDEST_M:
        return sighting  # It runs into what differs behind it: where it ends is not seen.
    is_moving = sighting.moving or _moves(moving, (left + start, top + first, left + end, top + last))
    kind, confidence = classify(shown_m, height_m, moving=is_moving, is_cut=is_cut)
    return dataclasses.replace(
        sighting, kind=kind, confidence=confidence, height_m=height_m, moving=is_moving,
        box=(left + start, top + first, left + end, top + last))


def _extent(mask: np.ndarray, middle: float) -> tuple[int, int, int, int] | None:
    """Return first and last column, first and last row (ends excluded) of what stands in the middle of a mask."""
    if np.count_nonzero(mask) < _LEAST_PX:
        return None
    columns = np.count_nonzero(mask, axis=0)
    stands = columns >= max(_STRAND_PX, _COLUMN_SHARE * columns.max())
    filled = np.flatnonzero(stands)
    if not len(filled):
        return None
    nearest = int(filled[np.argmin(np.abs(filled - middle))])
    start = end = nearest
    while start > 0 and stands[start - 1]:
        start -= 1
    while end < len(stands) and stands[end]:
        end += 1
    rows = np.flatnonzero(np.count_nonzero(mask[:, start:end], axis=1) >= min(2, end - start))
    if not len(rows):
        return None
    return start, end, int(rows[0]), int(rows[-1]) + 1


def contrast(rgb: Picture, left: int, top: int, right: int, foot: int) -> np.ndarray:
    """Return where a window of a picture differs, row by row, from what is on both its sides."""
    width = right - left
    sides = np.concatenate([
        rgb[top:foot, max(0, left - width // 2):left], rgb[top:foot, right:right + width // 2]], axis=1)
    if sides.shape[1] < 2:
        return np.zeros((foot - top, width), dtype=bool)
    low, high = np.percentile(sides, (10, 90), axis=1).astype(np.int16)
    window = rgb[top:foot, left:right].astype(np.int16)
    outside = np.maximum(window - high[:, None], low[:, None] - window).max(axis=2)
    return cv2.medianBlur((outside > _CONTRAST_LEVELS).astype(np.uint8), 3) > 0


def _moves(moving: Mask | None, box: tuple[int, int, int, int]) -> bool:
    if moving is None:
        return False
    left, top, right, bottom = box
    part = moving[top:bottom, left:right]
    return part.size > 0 and float(np.count_nonzero(part)) / part.size > _MOVING_SHARE

"""How an object looks in a picture: its outline, cut out of what the expected view does not explain."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats, Pose3
from lepatrol.model.inspection import Measured, Outline
from lepatrol.model.observation import CameraImage
from lepatrol.model.site import Point2
from lepatrol.perception.camera_geometry import CameraGeometry
from lepatrol.perception.guided_look import contrast

_PLACE_M, _TALLEST_M = 0.4, 2.0
"""The object is looked for this far around where it is said to be, and up to this height."""
_LEAST_PX = 12
_JOIN = np.ones((3, 3), dtype=np.uint8)
_RIM, _NEAR_PX, _TELLING_LEVELS = 3, 5, 8.0
"""The rim of a part is a pixel wide; colours are compared with those so near, where they differ by so much."""
_MORE_LIKE, _LAYERS = 0.5, 2
"""A pixel of the rim goes if it is so much more like what is farther out; so many layers may."""
_EDGE_PX = 0.6
"""One sigma of where an edge of an outline is."""


@dataclass(frozen=True, slots=True, eq=False)
class Cutout:
    """An object's outline, and which pixels (h, w) of the picture are the object's."""

    outline: Outline
    mask: NDArray[np.bool_]


def cut_out(
    image: CameraImage, camera: Pose3, foreground: NDArray[np.bool_] | None, target_m: Point2, radius_m: float,
) -> Cutout | None:
    """Return the object that stands about ``target_m`` in ``map``, None where the picture does not show it.

    Without a ``foreground`` (h, w) it is what stands out from what is beside it.
    """
    geometry = CameraGeometry(image.info, camera)
    window = geometry.upright(target_m, 2.0 * (radius_m + _PLACE_M), _TALLEST_M)
    near = geometry.upright(target_m, 2.0 * radius_m, _TALLEST_M)
    if window is None or near is None:
        return None
    info = image.info
    left, right = max(0, math.floor(window.left)), min(info.width, math.ceil(window.right))
    # The foot of the nearest part is lower than that of the middle.
    below = radius_m + _PLACE_M
    foot = window.foot + info.fy * geometry.height_m * below / max(window.depth_m * (window.depth_m - below), 0.1)
    top, low = max(0, math.floor(window.top)), min(info.height, math.ceil(foot))
    if right - left < 3 or low - top < 3:
        return None
    if foreground is None:
        mask = np.zeros((info.height, info.width), dtype=np.uint8)
        mask[top:low, left:right] = contrast(image.rgb, left, top, right, low)
    else:
        mask = foreground.astype(np.uint8)
    part = _part(mask, (left, top, right, low), (near.left + near.right) / 2.0)
    if part is None:
        return None
    for _ in range(_LAYERS):
        part = _sharpened(image.rgb, part)
    hull, inside = _hull(part)
    low_px, high_px = hull.min(axis=0), hull.max(axis=0)
    is_whole = bool((low_px > 0.0).all() and (high_px < (info.width, info.height)).all())
    fill = min(1.0, np.count_nonzero(part) / max(inside, 1.0))
    corners = tuple((float(column), float(row)) for column, row in hull.tolist())
    return Cutout(Outline(camera, info, corners, fill, is_whole), part)


def size_in(outline: Outline, target_m: Point2) -> tuple[Measured, Measured]:
    """Return how wide and how tall an object that stands about a place in ``map`` looks in one picture."""
    geometry = CameraGeometry(outline.info, outline.camera)
    hull = np.asarray(outline.hull_px)
    upright = geometry.upright(target_m, 1.0, 1.0)
    depth_m = upright.depth_m if upright else 1.0
    per_px = depth_m / outline.info.fx
    width_px, (top, low) = float(np.ptp(hull[:, 0])), (float(hull[:, 1].min()), float(hull[:, 1].max()))
    width_m = width_px * per_px
    foot = geometry.ground_at(float(hull[hull[:, 1].argmax(), 0]), low)
    near_m = min(foot.depth_m, depth_m) if foot else depth_m
    # The top edge may be the nearest one or the farthest one: what lies between them is not known from here.
    rise = [geometry.height_m - depth * (top - outline.info.cy) / outline.info.fy
            for depth in (near_m, 2.0 * depth_m - near_m)]
    height_m = max(0.0, sum(rise) / 2.0)
    spread = abs(rise[0] - rise[1]) / 2.0
    off = 0.05 / max(depth_m, 0.1)
    return (Measured(width_m, math.hypot(math.sqrt(2.0) * _EDGE_PX * per_px, off * width_m)),
            Measured(height_m, math.hypot(_EDGE_PX * per_px, spread, off * geometry.height_m)))


def _part(mask: NDArray[np.uint8], window: tuple[int, int, int, int], middle: float) -> NDArray[np.bool_] | None:
    """Return the connected part of a mask that fills most of a window, the one nearest to the middle column first."""
    left, top, right, low = window
    joined = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, _JOIN)
    count, labels, _, centres = cv2.connectedComponentsWithStats(joined, connectivity=8)
    inside = np.bincount(labels[top:low, left:right].ravel(), minlength=count)
    whole = np.bincount(labels.ravel(), minlength=count)
    inside[0] = 0
    half = max((right - left) / 2.0, 1.0)
    weight = inside * np.maximum(0.05, 1.0 - np.abs(centres[:, 0] - middle) / half)
    best = int(weight.argmax())
    if inside[best] < _LEAST_PX or inside[best] < 0.5 * whole[best]:
        return None
    return np.asarray(labels == best)


def _sharpened(rgb: NDArray[np.uint8], part: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Return a part without what its rim has too much: where dim pictures are compared smoothed, it reaches too far.

    A pixel of the rim is not the object's if its colour is more like that farther out than like that farther in, near
    by.
    """
    whole = part.astype(np.uint8)
    inner = cv2.erode(whole, np.ones((_RIM, _RIM), dtype=np.uint8))
    if cv2.countNonZero(inner) < _LEAST_PX:
        return part
    grown = cv2.dilate(whole, _JOIN)
    colours = rgb.astype(np.float32)
    within, around = _mean_near(colours, inner > 0), _mean_near(colours, grown == 0)
    like_inside, like_outside, apart = (
        np.abs(one - other).max(axis=2) for one, other in ((colours, within), (colours, around), (within, around)))
    rim = part & (inner == 0) & (apart > _TELLING_LEVELS)
    return np.asarray(part & ~(rim & (like_outside < _MORE_LIKE * like_inside)))


def _mean_near(colours: NDArray[np.float32], mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return the mean colour (h, w, 3) of a mask's pixels around each pixel, the pixel's own where there are none."""
    size = (_NEAR_PX, _NEAR_PX)
    weight = cv2.boxFilter(mask.astype(np.float32), -1, size, normalize=False)[..., None]
    total = cv2.boxFilter(colours * mask[..., None], -1, size, normalize=False)
    return np.asarray(np.where(weight > 0.5, total / np.maximum(weight, 1.0), colours), dtype=np.float32)


def _hull(part: NDArray[np.bool_]) -> tuple[Floats, float]:
    """Return the convex hull (n, 2) of the pixels' corners, and how many pixels it holds."""
    rows, columns = np.nonzero(part)
    corners = np.concatenate([
        np.stack([columns + across, rows + down], axis=1) for across in (0, 1) for down in (0, 1)]).astype(np.float32)
    hull = cv2.convexHull(corners)[:, 0]
    return np.asarray(hull, dtype=np.float64), float(cv2.contourArea(hull))

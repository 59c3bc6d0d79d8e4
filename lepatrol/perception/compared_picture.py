"""A picture laid on its expected view under today's light, and where the two differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import CameraImage
from lepatrol.perception.blobs import Blob, Mask
from lepatrol.perception.camera_geometry import Upright
from lepatrol.perception.expectation import ViewSource
from lepatrol.perception.relight import (
    Picture,
    Relit,
    difference,
    exceeds,
    is_alike,
    is_displaced,
    is_light_as_expected,
    relight,
    shift_px,
    smoothed_if_dim,
)
from lepatrol.settings.camera_anomaly import DifferenceSettings

_SURE_OF_SHIFT = 0.1
_SURE_SHARE = 0.7
_LEAST_OPEN_SHARE = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class ComparedPicture:
    """A picture laid on its expected view: ``shift`` leads from its pixels to the picture's.

    ``mask`` (h, w) is what differs, in the view's pixels. ``is_plain`` tells that the light is as expected.
    """

    expected: Picture
    observed: Picture
    relit: Relit
    mask: Mask
    shift: tuple[int, int]
    is_explained: bool
    is_plain: bool


def compare(
    image: CameraImage, camera_pose: Pose3, source: ViewSource, settings: DifferenceSettings,
    occupied: Sequence[Upright] = (),
) -> ComparedPicture:
    """Return a picture laid on what a camera at a pose in ``map`` (x forward, z up) ought to see.

    What is known to stand before the camera, in the ``occupied`` parts of the picture, is not asked whether its light
    is the expected one, nor whether the view explains it: somebody near fills much of a picture.
    """
    expected = source.picture(image.info, camera_pose)
    right, down, sure = shift_px(expected, image.rgb)
    shift = (round(right), round(down))
    if sure < _SURE_OF_SHIFT or max(map(abs, shift)) > settings.largest_shift_px:
        shift = (0, 0)
    observed = moved_by(image.rgb, (-shift[0], -shift[1]), fill=expected)
    relit = Relit(expected, round(settings.tolerance_levels))
    is_open = _open_pixels(occupied, shift, expected)
    is_plain = is_light_as_expected(expected, observed, is_open)
    if not is_plain:
        observed = smoothed_if_dim(observed)
        relit = relight(expected, observed, source.depth_m(image.info, camera_pose), settings, is_open)
    mask = exceeds(difference(relit.rgb, observed), relit.tolerance)
    asked = mask if is_open is None else mask[is_open]
    share = float(np.count_nonzero(asked)) / asked.size
    is_explained = share <= settings.largest_share and relit.sure_share >= settings.least_sure_share
    return ComparedPicture(expected, observed, relit, mask, shift, is_explained, is_plain)


def is_new(blob: Blob, compared: ComparedPicture) -> bool:
    """Tell whether a blob is more than a displaced outline or, in another light than expected, a shape known there."""
    if is_displaced(blob.box, compared.relit, compared.observed):
        return False
    if compared.is_plain or compared.relit.is_sure is None:
        return True
    left, top, right, bottom = blob.box
    sure = compared.relit.is_sure[top:bottom, left:right][blob.pixels].mean()
    return bool(sure >= _SURE_SHARE) and not is_alike(blob.box, compared.expected, compared.observed)


def moved_by(picture: Picture, shift: tuple[int, int], fill: Picture | None = None) -> Picture:
    """Return a picture moved right and down by whole pixels; what comes in is 0, or that of ``fill``."""
    right, down = shift
    if right == down == 0:
        return picture
    height, width = picture.shape[:2]
    moved = np.zeros_like(picture) if fill is None else fill.copy()
    target = (slice(max(0, down), min(height, height + down)), slice(max(0, right), min(width, width + right)))
    origin = (slice(max(0, -down), min(height, height - down)), slice(max(0, -right), min(width, width - right)))
    moved[target] = picture[origin]
    return moved


def _open_pixels(occupied: Sequence[Upright], shift: tuple[int, int], like: Picture) -> NDArray[np.bool_] | None:
    """Return the pixels (h, w) of the view that nothing occupies; None for all, also where too few would be left."""
    if not occupied:
        return None
    height, width = like.shape[:2]
    is_open = np.ones((height, width), dtype=bool)
    right, down = shift
    for outline in occupied:
        left, end = (min(max(round(column) - right, 0), width) for column in (outline.left, outline.right))
        top, foot = (min(max(round(row) - down, 0), height) for row in (outline.top, outline.foot))
        is_open[top:foot, left:end] = False
    return is_open if np.count_nonzero(is_open) >= _LEAST_OPEN_SHARE * is_open.size else None

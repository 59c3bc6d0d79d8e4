"""Find where two pictures of one place, laid over each other, show different things rather than different light.

Every small piece of one picture is looked for in the other near where it ought to be, whatever its brightness and,
within bounds, its contrast. What is in the picture and nowhere in the reference is new, what is in the reference and
nowhere in the picture is missing.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.findings import Box, ChangeKind
from lepatrol.model.geometry import Floats
from lepatrol.perception.registration import Mask
from lepatrol.settings.reference_views import ReferenceViewSettings

_BLUR_PX = 1.0
_DARK_LEVELS = 10.0
"""Added to the 256 levels before the logarithm, so that black is not infinitely far from nearly black."""
_GAIN_BOUNDS = (0.33, 3.0)
"""How much a piece's contrast may differ from that of the pictures as a whole: surfaces turn to the sun or from it."""
_CLEAR_RATIO = 1.6
"""How many times more must speak for new than for missing, or the other way, to decide between them."""


@dataclass(frozen=True, slots=True, eq=False)
class Differences:
    """How much of each piece of the picture is not in the reference, and the other way: (h, w) each, from 0 to 1."""

    only_picture: Floats
    only_reference: Floats
    valid: Mask


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """A connected difference: what it is, how sure, its box and its pixels (h, w)."""

    kind: ChangeKind
    confidence: float
    box: Box
    mask: Mask


def differences(
    picture: NDArray[np.uint8], reference: NDArray[np.uint8], valid: Mask, settings: ReferenceViewSettings,
) -> Differences:
    """Compare two pictures (h, w, 3) of the same view where ``valid`` says that both show it."""
    a, b = (_Pieces(rgb, settings.patch_px, settings.noise_level) for rgb in (picture, reference))
    low, high = _gain(a.variance, b.variance, valid) * np.array(_GAIN_BOUNDS)
    reach, half = settings.search_px, settings.patch_px // 2
    values, mean, variance, noise = (
        np.asarray(cv2.copyMakeBorder(each, reach, reach, reach, reach, cv2.BORDER_REPLICATE), dtype=np.float32)
        for each in (b.values, b.mean, b.variance, b.noise))
    height, width = a.variance.shape
    of_picture = np.full((height, width), np.inf, dtype=np.float32)
    of_reference = np.full((height + 2 * reach, width + 2 * reach), np.inf, dtype=np.float32)
    for down in range(2 * reach + 1):
        for right in range(2 * reach + 1):
            window = np.s_[down:down + height, right:right + width]
            # Surfaces that turn to the light and from it may swap which is the brighter: the sign has no say.
            covariance = np.abs(a.covariance(values[window], mean[window]))
            fit = np.clip(covariance / (variance[window] + 1e-3), low, high)
            square = fit * fit
            both = a.variance + square * variance[window]
            difference = (both - 2.0 * fit * covariance) / (both + a.noise + square * noise[window])
            np.minimum(of_picture, difference, out=of_picture)
            np.minimum(of_reference[window], difference, out=of_reference[window])
    inside = cv2.erode(
        valid.astype(np.uint8), np.ones((2 * (reach + half) + 1,) * 2, np.uint8), borderType=cv2.BORDER_CONSTANT,
        borderValue=0) > 0
    return Differences(of_picture, of_reference[reach:reach + height, reach:reach + width], inside)


def regions(found: Differences, settings: ReferenceViewSettings) -> tuple[Region, ...]:
    """Return the connected differences that are large enough, the surest first."""
    limit, half = settings.min_difference, settings.patch_px // 2
    differs = (np.maximum(found.only_picture, found.only_reference) > limit) & found.valid
    closed = cv2.morphologyEx(differs.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((settings.patch_px,) * 2, np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(closed, connectivity=8)
    result = []
    for label in range(1, count):
        evidence = differs & (labels == label)
        if evidence.sum() < settings.min_area_px:
            continue
        strength = np.maximum(found.only_picture, found.only_reference)[evidence]
        left, top, w, h = (int(v) for v in stats[label, :4])
        # A piece differs as soon as the change reaches into it.
        across, down = (min(half, (extent - 1) // 2) for extent in (w, h))
        box = (left + across, top + down, left + w - across, top + h - down)
        if min(box[2] - box[0], box[3] - box[1]) < settings.min_side_px:
            continue
        result.append(Region(_kind(found, evidence, limit), float(np.clip(strength.mean(), 0.0, 1.0)), box,
                             _filled(labels == label)))
    return tuple(sorted(result, key=lambda region: -region.confidence))


def _filled(mask: Mask) -> Mask:
    """Return a region with its holes: of a plain thing before a plain wall only the edges differ."""
    contours, _ = cv2.findContours(mask.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    return np.asarray(cv2.drawContours(np.zeros(mask.shape, np.uint8), contours, -1, 1, cv2.FILLED) > 0)


def _kind(found: Differences, evidence: Mask, limit: float) -> ChangeKind:
    new = (found.only_picture[evidence] > limit).sum() + 1
    missing = (found.only_reference[evidence] > limit).sum() + 1
    if new > _CLEAR_RATIO * missing:
        return ChangeKind.NEW
    return ChangeKind.MISSING if missing > _CLEAR_RATIO * new else ChangeKind.CHANGED


class _Pieces:
    """A picture seen as the square pieces round each of its pixels.

    Brightness is taken by its logarithm (of each colour): light multiplies, so that what lies on a surface keeps its
    contrast in sun and shade (Land and McCann's retinex, 1971). Noise, which does not, weighs more in the dark.
    """

    def __init__(self, rgb: NDArray[np.uint8], patch_px: int, noise_level: float) -> None:
        """Measure mean (h, w, 3), variance and noise (h, w; of the three colours together) of every piece."""
        self._patch = (patch_px, patch_px)
        levels = cv2.GaussianBlur(rgb, (0, 0), _BLUR_PX).astype(np.float32) + _DARK_LEVELS
        logarithms = 100.0 * np.log(levels)
        self.values = np.asarray(logarithms - logarithms.mean(axis=(0, 1)), dtype=np.float32)
        self.mean = self._average(self.values)
        squares = self._average(_dot(self.values, self.values))
        self.variance = np.maximum(squares - _dot(self.mean, self.mean), 0.0)
        self.noise = self._average(((100.0 * noise_level / levels)**2).sum(axis=2))

    def covariance(self, other: NDArray[np.float32], other_mean: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the covariance of every piece with that of another picture (h, w, 3) at the same place."""
        products = self._average(_dot(self.values, other))
        return products - _dot(self.mean, other_mean)

    def _average(self, values: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.asarray(cv2.boxFilter(values, cv2.CV_32F, self._patch, borderType=cv2.BORDER_REPLICATE))


def _dot(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the sum over the colours (h, w) of a product; OpenCV adds up seven times faster than numpy."""
    return np.asarray(cv2.transform(cv2.multiply(a, b), np.ones((1, 3), np.float32)), dtype=np.float32)


def _gain(picture_variance: Floats, reference_variance: Floats, valid: Mask) -> float:
    """Return how much stronger contrasts are in the picture than in the reference, as a whole."""
    if not valid.any():
        return 1.0
    strong = valid & (reference_variance >= np.quantile(reference_variance[valid], 0.7)) & (reference_variance > 0.0)
    if not strong.any():
        return 1.0
    return float(np.clip(np.sqrt(np.median(picture_variance[strong] / reference_variance[strong])), 0.02, 50.0))

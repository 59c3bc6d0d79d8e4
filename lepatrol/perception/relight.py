"""The expected view under today's light, laid on today's picture, and where the two differ.

The site's description knows its colours, not its weather. What one surface shows is therefore asked of the picture
itself: all pixels that ought to show one colour at about one distance ought to be changed by the light, the haze and
the camera in one way, and the median of the change is not moved by what stands before a smaller part of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.findings import Box
from lepatrol.settings.camera_anomaly import DifferenceSettings

Picture = NDArray[np.uint8]

_SAMPLE = 4
"""Every so manieth pixel, across and down, is asked for the light."""
_LEAST_SAMPLES = 12
_SAME_LEVELS = 5
_SAME_SHARE = 0.12
"""Where less of the picture differs by more than so many levels, the light is as expected."""
_DEPTH_BINS = 16
_NEAREST_BIN = 256
"""Half-octave of a float32's exponent and first mantissa bit that begins at 2 m."""
_COLOURS = 1 << 15
_MOST_TOLERANT = 40
_DIM_LEVEL = 70.0
_ALIKE = 0.7
_DISPLACED_PX = 3
_DISPLACED_SHARE = 0.35
_NEIGHBOURHOOD = np.ones((3, 3), dtype=np.uint8)


@dataclass(frozen=True, slots=True, eq=False)
class Relit:
    """The expected view (h, w, 3) under today's light, and the tolerance of its pixels: one, or (h, w).

    ``is_sure`` (h, w) tells of which pixels the light is known, None for all.
    """

    rgb: Picture
    tolerance: int | Picture
    is_sure: NDArray[np.bool_] | None = None

    @property
    def sure_share(self) -> float:
        """Return the share of the picture whose light is known."""
        return 1.0 if self.is_sure is None else float(np.count_nonzero(self.is_sure)) / self.is_sure.size


def shift_px(expected: Picture, observed: Picture) -> tuple[float, float, float]:
    """Return how far right and down the observed picture lies from the expected, and how sure that is (about 0..1).

    By phase correlation of outlines (Kuglin and Hines, 1975) in the middle rows at half size: near the horizon a wrong
    heading or pitch moves everything alike, and light changes outlines least.
    """
    one, other = _outlines(expected), _outlines(observed)
    (right, down), sure = cv2.phaseCorrelate(one, other, _window(one.shape[1], one.shape[0]))
    return 2.0 * right, 2.0 * down, sure


def is_light_as_expected(expected: Picture, observed: Picture, is_open: NDArray[np.bool_] | None = None) -> bool:
    """Tell whether a picture that lies on its expected view has the light that the view was drawn in.

    Only the pixels that ``is_open`` (h, w) are asked, where it is given.
    """
    height, width = expected.shape[:2]
    size = (max(1, width // _SAMPLE), max(1, height // _SAMPLE))
    few = [cv2.resize(picture, size, interpolation=cv2.INTER_NEAREST) for picture in (expected, observed)]
    red, green, blue = cv2.split(cv2.absdiff(few[0], few[1]))
    off = np.asarray(cv2.max(cv2.max(red, green), blue))
    if is_open is not None:
        off = off[cv2.resize(is_open.view(np.uint8), size, interpolation=cv2.INTER_NEAREST) > 0]
    return bool(np.count_nonzero(off > _SAME_LEVELS) < _SAME_SHARE * off.size)


def relight(
    expected: Picture, observed: Picture, depth_m: NDArray[np.float32], settings: DifferenceSettings,
    is_open: NDArray[np.bool_] | None = None,
) -> Relit:
    """Return the expected view as the observed picture, which lies on it to a pixel, suggests it under its light.

    In the dark differences are small, as noise is not: there tolerance shrinks with brightness, and both pictures ought
    to be compared smoothed; see ``smoothed_if_dim``. Only the pixels that ``is_open`` (h, w) are asked what the light
    has made of a surface, where it is given; how bright a picture is they all say.
    """
    sample = (slice(_SAMPLE // 2, None, _SAMPLE),) * 2
    labels, colours = _labels(expected[sample], depth_m[sample])
    asked = slice(None) if is_open is None else is_open[sample].ravel()
    flat = labels.ravel()[asked]
    order, starts, counts = _runs(flat)
    is_large = counts >= _LEAST_SAMPLES
    quartiles = _quartiles(flat, observed[sample].reshape(-1, 3)[asked], starts, counts)
    ought = expected[sample].reshape(-1, 3)[asked][order[starts]].astype(np.int16)
    spread = (quartiles[2] - quartiles[0]).max(axis=1)
    bright = settings.tolerance_levels * min(1.0, _brightness(observed) / _DIM_LEVEL)
    base = max(bright, settings.least_tolerance_levels)
    tolerance = base + settings.spread_share * spread
    table = np.zeros((len(colours) * _DEPTH_BINS, 4), dtype=np.int16)
    table[:, 3] = -1
    large = flat[order[starts[is_large]]]
    table[large, :3] = (quartiles[1] - ought)[is_large]
    table[large, 3] = np.minimum(tolerance[is_large], 250)
    return _apply(expected, depth_m, table, colours, _general_light(ought, quartiles[1], counts),
                  round(settings.guess_factor * base))


def smoothed_if_dim(observed: Picture) -> Picture:
    """Return a dark picture with the noise of neighbouring pixels averaged, and any other as it is."""
    if _brightness(observed) >= _DIM_LEVEL:
        return observed
    return np.asarray(cv2.blur(observed, (3, 3)), dtype=np.uint8)


def difference(expected: Picture, observed: Picture, reach_px: int = 1) -> Picture:
    """Return by how many levels (h, w) each pixel lies outside what its neighbourhood in the expected view spans."""
    around = _NEIGHBOURHOOD if reach_px == 1 else np.ones((2 * reach_px + 1,) * 2, dtype=np.uint8)
    too_bright = cv2.subtract(observed, cv2.dilate(expected, around))
    too_dark = cv2.subtract(cv2.erode(expected, around), observed)
    red, green, blue = cv2.split(cv2.max(too_bright, too_dark))
    return np.asarray(cv2.max(cv2.max(red, green), blue), dtype=np.uint8)


def is_displaced(box: Box, relit: Relit, observed: Picture) -> bool:
    """Tell whether what differs in a box is what the expected view has a few pixels beside: a displaced outline.

    The registration is good to a pixel for most of a picture, not for what is near while the robot sways.
    """
    left, top, right, bottom = box
    grown = (slice(max(0, top - _DISPLACED_PX), bottom + _DISPLACED_PX),
             slice(max(0, left - _DISPLACED_PX), right + _DISPLACED_PX))
    inner = (slice(top - grown[0].start, bottom - grown[0].start), slice(left - grown[1].start, right - grown[1].start))
    levels = difference(
        np.ascontiguousarray(relit.rgb[grown]), np.ascontiguousarray(observed[grown]), _DISPLACED_PX)[inner]
    before = difference(np.ascontiguousarray(relit.rgb[grown]), np.ascontiguousarray(observed[grown]))[inner]
    tolerance = relit.tolerance if isinstance(relit.tolerance, int) else relit.tolerance[top:bottom, left:right]
    return bool(np.count_nonzero(levels > tolerance) < _DISPLACED_SHARE * np.count_nonzero(before > tolerance))


def is_alike(box: Box, expected: Picture, observed: Picture) -> bool:
    """Tell whether a box and its surroundings show the shapes expected there, whatever the light makes of them.

    By normalised cross-correlation, which knows no brightness and no contrast; even surfaces are never alike.
    """
    left, top, right, bottom = box
    wide, high = max(3, (right - left) // 2), max(3, (bottom - top) // 3)
    grown = (slice(max(0, top - high), bottom + high), slice(max(0, left - wide), right + wide))
    patches = [
        cv2.cvtColor(np.ascontiguousarray(picture[grown]), cv2.COLOR_RGB2GRAY) for picture in (expected, observed)]
    if min(float(patch.std()) for patch in patches) < 1.0:
        return False
    return float(cv2.matchTemplate(patches[0], patches[1], cv2.TM_CCOEFF_NORMED)[0, 0]) > _ALIKE


def exceeds(levels: Picture, tolerance: int | Picture) -> Picture:
    """Return 255 where a difference (h, w) is more than tolerated, alone pixels left out, and 0 elsewhere."""
    if isinstance(tolerance, int):
        mask = cv2.threshold(levels, tolerance, 255, cv2.THRESH_BINARY)[1]
    else:
        mask = cv2.compare(levels, tolerance, cv2.CMP_GT)
    return np.asarray(cv2.medianBlur(mask, 3), dtype=np.uint8)


def _brightness(rgb: Picture) -> float:
    return float(np.percentile(rgb[::8, ::8], 75))


def _outlines(rgb: Picture) -> NDArray[np.float32]:
    height, width = rgb.shape[:2]
    middle = rgb[height // 4:height - height // 4]
    small = cv2.resize(middle, (max(8, width // 2), max(8, len(middle) // 2)), interpolation=cv2.INTER_AREA)
    grey = cv2.cvtColor(small, cv2.COLOR_RGB2GRAY)
    # The root keeps one strong outline from deciding alone.
    return np.asarray(cv2.sqrt(cv2.magnitude(cv2.Sobel(grey, cv2.CV_32F, 1, 0), cv2.Sobel(grey, cv2.CV_32F, 0, 1))))


@cache
def _window(width: int, height: int) -> NDArray[np.float32]:
    return np.asarray(cv2.createHanningWindow((width, height), cv2.CV_32F))


def _labels(rgb: Picture, depth_m: NDArray[np.float32]) -> tuple[NDArray[np.int32], NDArray[np.uint16]]:
    """Return the label (h, w) of each pixel's colour and distance, and the colours in the order of their numbers."""
    codes = _codes(rgb)
    colours, numbers = np.unique(codes, return_inverse=True)
    return numbers.reshape(codes.shape).astype(np.int32) * _DEPTH_BINS + _depth_bins(depth_m), colours


def _codes(rgb: Picture) -> NDArray[np.uint16]:
    """Return colours in steps of 8 levels as one number."""
    return np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR555)).view(np.uint16)[..., 0]


def _depth_bins(depth_m: NDArray[np.float32]) -> NDArray[np.int32]:
    """Return the half-octave of a distance, read from the bits of its number: 0 below 3 m, the last for the sky."""
    bits = np.ascontiguousarray(depth_m, dtype=np.float32).view(np.int32) >> 22
    return np.clip(bits - _NEAREST_BIN, 0, _DEPTH_BINS - 1)


def _runs(labels: NDArray[np.int32]) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.intp]]:
    """Return the order that sorts labels, where each begins in it, and how often it occurs."""
    order = np.argsort(labels, kind='stable')
    ordered = labels[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    return order, starts, np.diff(np.append(starts, len(labels)))


def _quartiles(
    labels: NDArray[np.int32], values: Picture, starts: NDArray[np.intp], counts: NDArray[np.intp],
) -> NDArray[np.int16]:
    """Return lower quartile, median and upper quartile (3, n, 3) of each label's values, without a loop."""
    result = np.empty((3, len(starts), 3), dtype=np.int16)
    for channel in range(3):
        ordered = np.sort((labels << 8) | values[:, channel]) & 255
        for row, share in enumerate((1, 2, 3)):
            result[row, :, channel] = ordered[starts + counts * share // 4]
    return result


def _general_light(
    ought: NDArray[np.int16], shown: NDArray[np.int16], counts: NDArray[np.intp],
) -> NDArray[np.float64]:
    """Return gain and offset (3, 2) of each channel that fit all surfaces best, weighted by their size."""
    light = np.empty((3, 2))
    weights = np.sqrt(counts)
    for channel in range(3):
        columns = np.column_stack([ought[:, channel], np.ones(len(ought))]) * weights[:, None]
        light[channel] = np.linalg.lstsq(columns, shown[:, channel] * weights, rcond=None)[0]
    return light


def _apply(
    expected: Picture, depth_m: NDArray[np.float32], table: NDArray[np.int16], colours: NDArray[np.uint16],
    light: NDArray[np.float64], unsure: int,
) -> Relit:
    """Return the expected view changed by the table where it knows, and by the general light where not."""
    # Colours that no sample showed share one more block of labels, of which nothing is known.
    numbers = np.full(_COLOURS, len(colours), dtype=np.int32)
    numbers[colours] = np.arange(len(colours))
    rows, known = len(table), table[:, 3] >= 0
    # Four bytes a label, looked up as one number: by how much brighter and what is tolerated; by how much darker and
    # whether anything is known.
    brighter, darker = np.zeros((2, rows + _DEPTH_BINS, 4), dtype=np.uint8)
    brighter[:rows, :3], darker[:rows, :3] = np.clip(table[:, :3], 0, 255), np.clip(-table[:, :3], 0, 255)
    brighter[:, 3] = min(unsure, 250)
    brighter[:rows][known, 3], darker[:rows][known, 3] = table[known, 3], 255
    labels = numbers.take(_codes(expected)) * _DEPTH_BINS + _depth_bins(depth_m)
    more, less = (entries.view(np.uint32)[:, 0].take(labels).view(np.uint8).reshape(*labels.shape, 4)
                  for entries in (brighter, darker))
    tolerance, is_known = cv2.extractChannel(more, 3), cv2.extractChannel(less, 3)
    changed = cv2.subtract(
        cv2.add(expected, cv2.cvtColor(more, cv2.COLOR_RGBA2RGB)), cv2.cvtColor(less, cv2.COLOR_RGBA2RGB))
    guess = np.stack([
        np.clip(light[channel, 0] * np.arange(256) + light[channel, 1], 0.0, 255.0) for channel in range(3)], axis=-1)
    rgb = cv2.LUT(expected, np.round(guess).astype(np.uint8)[None])
    cv2.copyTo(changed, is_known, rgb)
    is_sure = (is_known > 0) & (tolerance <= _MOST_TOLERANT)
    around = np.asarray(cv2.dilate(tolerance, _NEIGHBOURHOOD), dtype=np.uint8)
    return Relit(np.asarray(rgb, dtype=np.uint8), around, is_sure)

"""Privacy: heads and privacy zones are hidden under coarse blocks before a picture is kept or published.

Nothing here looks at what a face looks like: where a head can be is known from where the camera looks, and from how
near the lidar says that anybody can be. What the camera and the detectors say of people hides more, never less: who
fills the picture leaves little of it to be compared with the expected view.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.errors import ObservationError
from lepatrol.model.findings import Box, Sighting, ThingKind
from lepatrol.model.geometry import Floats, Pose3
from lepatrol.model.observation import CameraImage, CameraInfo, LaserScan
from lepatrol.model.site import Zone, ZoneKind
from lepatrol.perception.clearance import clear_columns
from lepatrol.perception.pinhole import View
from lepatrol.perception.pixelation import Blocks, pixelated
from lepatrol.settings.privacy import PrivacySettings

_NO_PERSONS = (ThingKind.VEHICLE, ThingKind.ANIMAL, ThingKind.OBJECT)
_SURE = 0.6
"""From this confidence on a thing is believed to be no person."""
_FARTHEST_M = 40.0
_TOUCHING_M = 0.3
_REACH_M = 0.4
"""Half the width of a person, with room for a leaning head."""
_FASTEST_M_S = 3.0
"""How fast a person goes on between what was seen of him and the picture."""
_HEADS = 0.6
"""Share of a thing's height, from its top, that may be heads: of one half hidden, or of a child before an adult."""
_HEAD_OF_PERSON = 0.4
"""The same for what a detector knows as one whole person, or one from the waist up."""
_ABOVE_M = 0.45
"""How far above a piece of a person, such as the breast, the head ends."""
_RAISE = 0.25
"""Share of a thing's height by which a head may stand out above it unseen."""
_TALLER_M = 0.2
"""What ends this much above the tallest heads does not stand where its lower end seems to touch the ground."""
_WIDEST_RAD = math.radians(85.0)
_PLACE_M = 0.15
"""Error of the camera's place that masks allow for."""
_SPREAD_RAD = math.radians(3.0)
"""To either side of a beam that hit something, somebody may stand: beams are a degree apart, and headings uncertain."""
_LARGEST_PX = 255
_MOST_BLOBS = 150
"""Foreground in more pieces than this is none to be trusted."""


class Masker:
    """Hides heads and privacy zones in a camera's pictures."""

    def __init__(self, settings: PrivacySettings, zones: Sequence[Zone]) -> None:
        """Take the privacy zones from all zones of a site."""
        self._settings = settings
        self._zones = [np.asarray(zone.polygon, dtype=np.float64) for zone in zones if zone.kind is ZoneKind.PRIVACY]
        self._tilt = math.tan(math.radians(settings.tilt_tolerance_deg))
        self._slopes: tuple[object, Floats] | None = None
        self._turn = math.tan(math.radians(settings.heading_tolerance_deg))

    def mask(
        self, image: CameraImage, camera_pose: Pose3 | None, sightings: Sequence[Sighting] = (),
        foreground: NDArray[np.bool_] | None = None, detections: Sequence[Box] = (), *,
        scan: tuple[LaserScan, Pose3] | None = None,
    ) -> NDArray[np.uint8]:
        """Return a masked copy (height, width, 3) of a picture.

        ``camera_pose`` is where the camera is believed to be in ``map`` (x forward, z up); without one everything is
        hidden. All rows in which a head can be are hidden in every picture; a ``scan`` of the same time, with its
        lidar's pose in ``map``, tells how near anybody can be, so that fewer rows are, under smaller blocks. What else
        speaks of people hides more: ``foreground`` (height, width), which is not of the expected view, ``sightings``,
        and ``detections``, boxes of persons. That a wall stands before a zone is not taken into account: the zone's
        part of the picture is hidden, whatever it shows.

        :raises ObservationError: if the foreground is not of the picture's size.
        """
        info = image.info
        if foreground is not None and foreground.shape != (info.height, info.width):
            raise ObservationError(
                f'foreground: shape {foreground.shape}, expected that of the picture, {(info.height, info.width)}')
        blocks: Blocks = np.zeros((info.height, info.width), dtype=np.uint8)
        if camera_pose is None or not np.isfinite((*camera_pose.position_m, *camera_pose.orientation_wxyz)).all():
            blocks[:] = self._coarsest_px(info)
            return pixelated(image.rgb, blocks)
        view = View(info, camera_pose, spare=self._turn + self._tilt)
        for polygon in self._zones:
            self._hide_zone(blocks, view, polygon)
        nearest_m = self._nearest_m(view, camera_pose, scan)
        self._hide_band(blocks, view, nearest_m)
        for blob in () if foreground is None else self._blobs(foreground):
            self._hide_blob(blocks, view, blob, float(nearest_m[blob[0]:blob[2]].min()))
        for sighting in sightings:
            if sighting.kind not in _NO_PERSONS or sighting.confidence < _SURE:
                self._hide_sighting(blocks, view, sighting, abs(image.stamp_s - sighting.stamp_s))
        for box in detections:
            self._hide_upper(blocks, view, box, _HEAD_OF_PERSON)
        return pixelated(image.rgb, blocks)

    def mask_from_above(self, image: CameraImage, camera_pose: Pose3 | None) -> NDArray[np.uint8]:
        """Return a masked copy (height, width, 3) of a picture from above: heads can be anywhere in it.

        So all of it is hidden, under blocks that fit the heads of the tallest below; privacy zones under theirs, and
        everything under the coarsest where ``camera_pose`` is not known.
        """
        info = image.info
        blocks: Blocks = np.full((info.height, info.width), self._coarsest_px(info), dtype=np.uint8)
        if camera_pose is None or not np.isfinite((*camera_pose.position_m, *camera_pose.orientation_wxyz)).all():
            return pixelated(image.rgb, blocks)
        view = View(info, camera_pose, spare=self._turn + self._tilt)
        nearest_m = max(view.height_m - self._settings.head_high_m - _PLACE_M, self._settings.nearest_m)
        blocks[:] = self._block_px(view, info.fx * self._settings.head_size_m / nearest_m)
        for polygon in self._zones:
            self._hide_zone(blocks, view, polygon)
        return pixelated(image.rgb, blocks)

    def mask_zones(self, image: CameraImage, camera_pose: Pose3) -> NDArray[np.uint8]:
        """Return a copy (height, width, 3) with the privacy zones hidden alone: for pictures known to show nobody."""
        blocks: Blocks = np.zeros((image.info.height, image.info.width), dtype=np.uint8)
        view = View(image.info, camera_pose, spare=self._turn + self._tilt)
        for polygon in self._zones:
            self._hide_zone(blocks, view, polygon)
        return pixelated(image.rgb, blocks)

    def _coarsest_px(self, info: CameraInfo) -> int:
        """Return the size of the blocks that hide the nearest head, and so any."""
        nearest_px = info.fx * self._settings.head_size_m / self._settings.nearest_m
        wanted_px = math.ceil(nearest_px / self._settings.blocks_across_head)
        return min(max(self._settings.smallest_block_px, wanted_px), _LARGEST_PX)

    def _block_px(self, view: View, head_px: float) -> int:
        """Return the size of the blocks that hide a head of a size in the picture."""
        coarsest_px = self._coarsest_px(view.info)
        wanted_px = math.ceil(min(head_px / self._settings.blocks_across_head, coarsest_px))
        return max(self._settings.smallest_block_px, wanted_px)

    def _lowest_slope(self, view: View) -> float:
        """Return the steepest way down on which a head may be seen."""
        return min(0.0, (self._settings.head_low_m - view.height_m) / self._settings.nearest_m) - self._tilt

    def _slope_map(self, view: View) -> Floats:
        """Return the slopes of all pixels; they stay the same while the camera is tilted the same."""
        key = view.info, view.tilt
        if self._slopes is None or self._slopes[0] != key:
            self._slopes = key, view.slope_map()
        return self._slopes[1]

    def _nearest_m(self, view: View, camera_pose: Pose3, scan: tuple[LaserScan, Pose3] | None) -> Floats:
        """Return how near anybody can be in each column (width,)."""
        nearest_m = np.full(view.info.width, self._settings.nearest_m)
        if scan is None:
            return nearest_m
        clear_m = clear_columns(view.info, camera_pose, *scan, spread_rad=_SPREAD_RAD)
        return np.maximum(nearest_m, clear_m - _REACH_M - _PLACE_M)

    def _hide_band(self, blocks: Blocks, view: View, nearest_m: Floats) -> None:
        """Hide all rows in which a head can be, up to the sky: who climbs a fence has his head above all others.

        ``nearest_m`` (width,) is how near anybody can be in each column.
        """
        below_m = max(view.height_m - self._settings.head_low_m, 0.0)
        band = (self._slope_map(view) >= -below_m / nearest_m - self._tilt)
        head_m = self._settings.head_size_m
        size_px = {distance_m: self._block_px(view, view.size_px(head_m, distance_m)) for distance_m in set(nearest_m)}
        sizes = np.array([size_px[distance_m] for distance_m in nearest_m], dtype=np.uint8)
        np.maximum(blocks, band * sizes, out=blocks)

    def _blobs(self, foreground: NDArray[np.bool_]) -> list[Box]:
        """Return the boxes of what the foreground holds, none if it is in too many pieces to be trusted."""
        # A ring of a pixel joins what belongs together and covers blurred edges.
        grown = cv2.dilate(foreground.astype(np.uint8), np.ones((3, 3), dtype=np.uint8))
        _, labels, stats, _ = cv2.connectedComponentsWithStats(grown, connectivity=8)
        pixels = np.bincount(labels[foreground], minlength=len(stats))
        kept = stats[1:][pixels[1:] >= self._settings.smallest_blob_px]
        if len(kept) > _MOST_BLOBS:
            return []
        return [(left, top, left + width, top + height) for left, top, width, height, _ in kept.tolist()]

    def _hide_blob(self, blocks: Blocks, view: View, box: Box, clear_m: float) -> None:
        """Hide where the heads of a piece of foreground can be.

        It stands where its lower end touches the ground, or nearer, where something hides its feet. So what seems to
        be too tall has its feet hidden or is a piece of a person, and what the picture's lower edge cuts may be
        anything: all of it is hidden. Nothing is nearer than ``clear_m``.
        """
        settings, height_m = self._settings, view.height_m
        left, top, right, bottom = box
        middle, size_px = (left + right) / 2.0, bottom - top
        columns = np.array([left, middle, right], dtype=np.float64)
        foot_slope = float(view.slopes(columns, np.full(3, float(bottom))).min())
        crown_slope = float(view.slopes(columns, np.full(3, float(top))).max()) + self._tilt
        nearest_m = height_m / max(self._tilt - foot_slope, height_m / _FARTHEST_M)
        farthest_m = height_m / max(-self._tilt - foot_slope, height_m / _FARTHEST_M)
        crown_m = height_m + crown_slope * (nearest_m if crown_slope < 0.0 else farthest_m)
        is_cut = bottom >= view.info.height
        if crown_m < settings.low_thing_m and not is_cut:
            return
        upper, side_px = top - _RAISE * size_px, 2.0 + 0.15 * (right - left)
        is_whole = left > 0 and right < view.info.width
        head_px = float(min(right - left, size_px) if is_whole else size_px)
        if is_cut or farthest_m >= _FARTHEST_M or crown_m > settings.head_high_m + _TALLER_M:
            upper = 0.0 if is_cut else min(upper, top - view.size_px(_ABOVE_M, clear_m))
            lower = min(float(bottom), view.row_of(middle, bottom, self._lowest_slope(view)) + 1.0)
        else:
            low_slope = (settings.head_low_m - height_m) / nearest_m - self._tilt
            high_slope = (settings.head_high_m - height_m) / nearest_m + self._tilt
            lower = max(top + _HEADS * size_px, view.row_of(middle, bottom, low_slope))
            upper = min(upper, view.row_of(middle, bottom, high_slope))
            side_px = max(side_px, view.size_px(_REACH_M, nearest_m) - (right - left) / 2.0)
            head_px = max(head_px, view.size_px(settings.head_size_m, nearest_m))
        _cover(blocks, (left - side_px, upper - 2.0, right + side_px, lower + 1.0), self._block_px(view, head_px))

    def _hide_sighting(self, blocks: Blocks, view: View, sighting: Sighting, age_s: float) -> None:
        """Hide where the head of a person who was seen can be."""
        settings = self._settings
        if sighting.box is not None:
            self._hide_upper(blocks, view, sighting.box, _HEADS)
        place = np.asarray(sighting.position_m, dtype=np.float64)
        to_place = place - view.position_m[:2]
        distance_m = float(np.hypot(*to_place))
        slack_m = 2.0 * sighting.deviation_m + _FASTEST_M_S * age_s + _PLACE_M
        if not math.isfinite(distance_m + slack_m) or distance_m <= slack_m + _REACH_M + _TOUCHING_M:
            self._hide_band(blocks, view, np.full(view.info.width, settings.nearest_m))
            return
        ahead = to_place / distance_m
        nearest_m, farthest_m = distance_m - slack_m - _REACH_M, distance_m + slack_m
        half_rad = min(math.asin((_REACH_M + slack_m) / distance_m) + self._turn, _WIDEST_RAD)
        low_m = settings.head_low_m - view.height_m
        high_m = max(settings.head_high_m, (sighting.height_m or 0.0) + _TALLER_M) - view.height_m
        low_slope = min(low_m / nearest_m, low_m / farthest_m) - self._tilt
        high_slope = max(high_m / nearest_m, high_m / farthest_m) + self._tilt
        middle = view.position_m[:2] + nearest_m * ahead
        aside = nearest_m * math.tan(half_rad) * np.array([-ahead[1], ahead[0]])
        outline = view.outline(_wall(
            middle - aside, middle + aside,
            view.height_m + nearest_m * low_slope, view.height_m + nearest_m * high_slope))
        if outline is not None:
            _fill(blocks, outline, self._block_px(view, view.size_px(settings.head_size_m, nearest_m)), margin_px=1)

    def _hide_upper(self, blocks: Blocks, view: View, box: Box, share: float) -> None:
        """Hide the upper part of a box and what stands out of it a little."""
        left, top, right, bottom = box
        width, height = right - left, bottom - top
        aside, over = 2.0 + 0.15 * width, 2.0 + 0.15 * height
        _cover(blocks, (left - aside, top - over, right + aside, top + share * height + 1.0),
               self._block_px(view, min(width, _HEADS * height)))

    def _hide_zone(self, blocks: Blocks, view: View, polygon: Floats) -> None:
        """Hide the walls that stand on a zone's edges and face the camera, and from above its top; from within, all."""
        settings, place = self._settings, view.position_m[:2]
        if cv2.pointPolygonTest(polygon.astype(np.float32), place.tolist(), measureDist=True) >= -_PLACE_M:
            blocks[:] = np.maximum(blocks, np.uint8(self._coarsest_px(view.info)))
            return
        if view.height_m > settings.zone_height_m:
            self._hide_top(blocks, view, polygon)
        onward = np.roll(polygon, -1, axis=0)
        turning = np.sign(np.sum(_cross(polygon, onward)))
        for start, end in zip(polygon, onward, strict=True):
            if turning * _cross(end - start, place - start) > 0.0:
                continue  # Seen from behind: another wall is before it.
            outline = view.outline(_wall(start, end, 0.0, settings.zone_height_m))
            if outline is not None:
                nearest_m = max(_distance(place, start, end), settings.nearest_m)
                margin_m = _PLACE_M + nearest_m * (self._turn + self._tilt)
                wanted_px = min(_LARGEST_PX, math.ceil(view.size_px(settings.zone_block_m, nearest_m)))
                size_px = max(settings.smallest_block_px, wanted_px)
                _fill(blocks, outline, size_px, margin_px=math.ceil(view.size_px(margin_m, nearest_m)))

    def _hide_top(self, blocks: Blocks, view: View, polygon: Floats) -> None:
        """Hide the top of a zone, which is seen from above it alone."""
        settings = self._settings
        hull = cv2.convexHull(polygon.astype(np.float32))[:, 0].astype(np.float64)
        outline = view.outline(np.column_stack([hull, np.full(len(hull), settings.zone_height_m)]))
        if outline is not None:
            nearest_m = max(view.height_m - settings.zone_height_m, settings.nearest_m)
            wanted_px = min(_LARGEST_PX, math.ceil(view.size_px(settings.zone_block_m, nearest_m)))
            _fill(blocks, outline, max(settings.smallest_block_px, wanted_px),
                  margin_px=math.ceil(view.size_px(_PLACE_M, nearest_m)))


def _cover(blocks: Blocks, area: tuple[float, float, float, float], size_px: int) -> None:
    """Hide a rectangle (left, top, right, bottom); a bound that is NaN reaches to the picture's edge."""
    height, width = blocks.shape
    bounds = np.nan_to_num(np.array(area), nan=0.0) if not math.isnan(area[3]) else np.array([*area[:3], height])
    left, top = np.clip(np.floor(bounds[:2]), 0, (width, height)).astype(int)
    right, bottom = np.clip(np.ceil(bounds[2:]), 0, (width, height)).astype(int)
    part = blocks[top:bottom, left:right]
    np.maximum(part, np.uint8(size_px), out=part)


def _fill(blocks: Blocks, outline: NDArray[np.int32], size_px: int, *, margin_px: int) -> None:
    """Hide a convex polygon (n, 2) of the picture and a margin round it."""
    height, width = blocks.shape
    (left, top), (right, bottom) = outline.min(axis=0) - margin_px, outline.max(axis=0) + margin_px + 1
    left, top, right, bottom = max(left, 0), max(top, 0), min(right, width), min(bottom, height)
    if left >= right or top >= bottom:
        return
    area = np.zeros((bottom - top, right - left), dtype=np.uint8)
    shifted = outline - np.array([left, top], dtype=np.int32)
    cv2.fillConvexPoly(area, shifted, 1)
    cv2.polylines(area, [shifted], True, 1, thickness=2 * margin_px + 1)
    part = blocks[top:bottom, left:right]
    np.maximum(part, np.uint8(size_px) * area, out=part)


def _wall(start: Floats, end: Floats, low_m: float, high_m: float) -> Floats:
    """Return the corners (4, 3) of an upright rectangle over a line on the ground."""
    return np.array([(*start, low_m), (*end, low_m), (*end, high_m), (*start, high_m)])


def _cross(a: Floats, b: Floats) -> Floats:
    return np.asarray(a[..., 0] * b[..., 1] - a[..., 1] * b[..., 0])


def _distance(place: Floats, start: Floats, end: Floats) -> float:
    """Return how far a place is from a line of some length."""
    along = end - start
    share = float(np.clip(np.dot(place - start, along) / max(float(np.dot(along, along)), 1e-12), 0.0, 1.0))
    return float(np.hypot(*(place - start - share * along)))

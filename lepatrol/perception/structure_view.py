"""Fences and gates in a picture from above: it shows either them, or what lies behind them.

Both are drawn: the view as it ought to be, and the view if no structure stood. Where the two differ the picture takes
after one of them, point by point over each structure; nothing else is asked of the light or of what a fence looks like.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.findings import Gap
from lepatrol.model.site import Structure
from lepatrol.perception.camera_geometry import CameraGeometry
from lepatrol.perception.compared_picture import ComparedPicture
from lepatrol.perception.relight import Picture, difference
from lepatrol.settings.overhead import StructureViewSettings

_STEP_M = 0.1
"""Structures are looked at in a grid of points this far apart, along and up."""
_LOWEST_M = 0.1
_REACH_PX = 2
"""Headings are a degree uncertain: towards the picture's edge that is so many pixels."""
_MARGIN_PX = 2
_LEAST_SLOPE = 0.25
"""From over its line a structure is seen edge-on: it is judged from this share of the height beside it, at least."""
_LEAST_POINTS = 5
"""A place along a structure is judged by so many points above one another at least."""
_STANDS_SHARE = 0.5
_WHOLE_SHARE = 0.9
_MOST_UNSEEN = 2
"""Places in a row within a gap of which nothing is known."""
_SAMPLE = 4
_DARK_LEVELS = 24
"""Darker pixels tell too little of the light."""
_LEAST_SAMPLES = 40
_LEAST_CONTRAST = 5
"""Views that differ by less in today's light tell nothing: noise is a level or two."""
_TOLERANCE, _NEARER = 9, 0.5
"""A picture shows what it differs from by no more levels than the first, and by less than this share of the other."""
_EDGE_M = 0.45
"""A gap goes on to the middle between it and what stands, or to the structure's end, if it is this near."""


@dataclass(frozen=True, slots=True, eq=False)
class StructureLook:
    """What a picture shows of structures.

    ``explained`` (h, w) is where it shows what lies behind one, in the pixels of the expected view.
    """

    gaps: tuple[Gap, ...]
    seen_standing: tuple[str, ...]
    explained: NDArray[np.bool_]


class StructureView:
    """Judges the structures that pictures from above show."""

    def __init__(self, structures: Sequence[Structure], settings: StructureViewSettings) -> None:
        """Watch structures; those without a length are left out."""
        self._settings = settings
        self._grids = [_Grid(structure, settings.height_m) for structure in structures
                       if structure.start != structure.end]

    def are_near(self, geometry: CameraGeometry) -> bool:
        """Tell whether a picture from there may show a structure."""
        return bool(self._near(geometry))

    def look(
        self, stamp_s: float, compared: ComparedPicture, without: Picture, geometry: CameraGeometry,
    ) -> StructureLook:
        """Return what a picture shows, given how the view would look ``without`` any structure (h, w, 3)."""
        closed_view, open_view = _in_todays_light(without, compared)
        from_closed = difference(closed_view, compared.observed, _REACH_PX)
        from_open = difference(open_view, compared.observed, _REACH_PX)
        differ = (_apart(compared.expected, without) > self._settings.contrast_levels) & (
            _apart(closed_view, open_view) > _LEAST_CONTRAST)
        through = differ & (from_open <= _TOLERANCE) & (from_open < _NEARER * from_closed)
        stands = differ & (from_closed < _NEARER * from_open)
        gaps, standing = [], []
        for grid in self._near(geometry):
            found, is_whole = grid.judge(stamp_s, differ, through, stands, geometry, self._settings)
            gaps += found
            if is_whole:
                standing.append(grid.structure.name)
        return StructureLook(tuple(gaps), tuple(standing), through)

    def _near(self, geometry: CameraGeometry) -> list[_Grid]:
        info = geometry.info
        reach_m = geometry.height_m * math.hypot(info.width / info.fx, info.height / info.fy) / 2.0 + 1.0
        return [grid for grid in self._grids if grid.distance_m(geometry.position_m) < reach_m
                and grid.across_m(geometry.position_m) > _LEAST_SLOPE * geometry.height_m]


class _Grid:
    """The points over one structure: places along it, and heights above each."""

    def __init__(self, structure: Structure, height_m: float) -> None:
        self.structure = structure
        self._start = np.array(structure.start, dtype=np.float64)
        span = np.array(structure.end, dtype=np.float64) - self._start
        self._length_m = float(np.hypot(*span))
        self._unit = span / self._length_m
        count = max(1, round(self._length_m / _STEP_M))
        self._step_m = self._length_m / count
        self._along_m = (np.arange(count) + 0.5) * self._step_m
        heights_m = np.arange(_LOWEST_M, height_m + 1e-9, _STEP_M)
        feet = self._start + self._along_m[:, None] * self._unit
        self._shape = count, len(heights_m)
        self._points_m = np.column_stack([np.repeat(feet, len(heights_m), axis=0), np.tile(heights_m, count)])

    def distance_m(self, place: tuple[float, float]) -> float:
        """Return how far a place is from the structure."""
        to_place = np.asarray(place) - self._start
        along = min(max(float(to_place @ self._unit), 0.0), self._length_m)
        return float(np.hypot(*(to_place - along * self._unit)))

    def across_m(self, place: tuple[float, float]) -> float:
        """Return how far a place is from the structure's line."""
        x, y = np.asarray(place) - self._start
        return abs(float(x * self._unit[1] - y * self._unit[0]))

    def judge(
        self, stamp_s: float, differ: NDArray[np.bool_], through: NDArray[np.bool_], stands: NDArray[np.bool_],
        geometry: CameraGeometry, settings: StructureViewSettings,
    ) -> tuple[list[Gap], bool]:
        """Return the gaps that a picture shows from end to end, and whether it shows the structure whole."""
        pixels = geometry.project(self._points_m)
        height, width = differ.shape
        with np.errstate(invalid='ignore'):
            inside = (pixels[:, 2] > 0.0) & (pixels[:, 0] >= _MARGIN_PX) & (pixels[:, 0] < width - _MARGIN_PX) & (
                pixels[:, 1] >= _MARGIN_PX) & (pixels[:, 1] < height - _MARGIN_PX)
        if not inside.any():
            return [], False
        columns, rows = np.where(inside[:, None], pixels[:, :2], 0.0).astype(np.intp).T
        told, passed, stood = (
            (inside & mask[rows, columns]).reshape(self._shape) for mask in (differ, through, stands))
        in_picture = inside.reshape(self._shape).any(axis=1)
        count = told.sum(axis=1)
        judged = count >= _LEAST_POINTS
        is_open = judged & (passed.sum(axis=1) >= settings.open_share * count)
        is_closed = judged & (stood.sum(axis=1) >= _STANDS_SHARE * count)
        gaps = []
        for first, last in _runs(is_open, is_closed):
            before, after = _stops(is_closed, first, last)
            low_m, high_m = self._edges(first, last, before, after)
            is_whole = in_picture[before + 1:after].all()
            if not is_whole or high_m - low_m < settings.min_width_m - 1e-9:
                continue
            seen = passed[first:last + 1]
            ends = self._start + np.array([[low_m], [high_m]]) * self._unit
            (x, y), (to_x, to_y) = ends.tolist()
            gaps.append(Gap(
                stamp_s, self.structure.name, (x, y), (to_x, to_y), high_m - low_m,
                self._depth_m(geometry, seen.any(axis=0)), int(seen.sum())))
        return gaps, bool(is_closed.mean() >= _WHOLE_SHARE) and not is_open.any()

    def _edges(self, first: int, last: int, before: int, after: int) -> tuple[float, float]:
        """Return where along the structure a gap begins and ends, given what is closed before and after it."""
        low_m, high_m = first * self._step_m, (last + 1) * self._step_m
        start_m, end_m = (before + 1) * self._step_m, after * self._step_m
        if low_m - start_m <= _EDGE_M:
            low_m = (low_m + start_m) / 2.0 if before >= 0 else 0.0
        if end_m - high_m <= _EDGE_M:
            high_m = (high_m + end_m) / 2.0 if after < self._shape[0] else self._length_m
        return low_m, high_m

    def _depth_m(self, geometry: CameraGeometry, seen_at: NDArray[np.bool_]) -> float:
        """Return how far behind the line the ground lies that is seen through the highest point."""
        highest_m = float(self._points_m[:self._shape[1], 2][seen_at].max())
        return self.across_m(geometry.position_m) * highest_m / max(geometry.height_m - highest_m, 0.1)


def _in_todays_light(without: Picture, compared: ComparedPicture) -> tuple[Picture, Picture]:
    """Return the expected view and that without structures as much brighter or darker as the light makes both.

    That is asked of what is seen in both, channel by channel: from above nearly all of it is ground.
    """
    if compared.is_plain:
        return compared.expected, without
    sample = (slice(_SAMPLE // 2, None, _SAMPLE),) * 2
    expected, shown = compared.expected[sample].reshape(-1, 3), compared.observed[sample].reshape(-1, 3)
    alike = (without[sample].reshape(-1, 3) == expected).all(axis=1)
    gains = np.ones(3)
    for channel in range(3):
        tells = alike & (expected[:, channel] >= _DARK_LEVELS)
        if np.count_nonzero(tells) >= _LEAST_SAMPLES:
            gains[channel] = np.median(shown[tells, channel] / expected[tells, channel].astype(np.float64))
    table = np.clip(np.round(np.arange(256)[:, None] * gains), 0, 255).astype(np.uint8)[None]
    closed_view, open_view = (np.asarray(cv2.LUT(view, table), dtype=np.uint8) for view in (compared.expected, without))
    return closed_view, open_view


def _apart(one: Picture, other: Picture) -> NDArray[np.uint8]:
    """Return by how many levels (h, w) two pictures differ."""
    return np.asarray(cv2.absdiff(one, other).max(axis=2), dtype=np.uint8)


def _stops(is_closed: NDArray[np.bool_], first: int, last: int) -> tuple[int, int]:
    """Return the nearest closed places before and after a stretch; those beyond the ends where there are none."""
    stops = np.concatenate([[-1], np.flatnonzero(is_closed), [len(is_closed)]])
    return int(stops[stops < first].max()), int(stops[stops > last].min())


def _runs(is_open: NDArray[np.bool_], is_closed: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return first and last place of each stretch that is open, parted by what is closed or too long unknown."""
    places = np.flatnonzero(is_open)
    if not len(places):
        return []
    stopped = np.cumsum(is_closed)
    parted = (stopped[places[1:]] > stopped[places[:-1]]) | (np.diff(places) > 1 + _MOST_UNSEEN)
    return [(int(run[0]), int(run[-1])) for run in np.split(places, np.flatnonzero(parted) + 1)]

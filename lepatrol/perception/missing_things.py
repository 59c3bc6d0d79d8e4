"""Whether the site's movable things are in their places, as far as they are in view."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.findings import Box, Change, ChangeKind, Sighting
from lepatrol.perception.blobs import Blob, Mask
from lepatrol.perception.camera_geometry import CameraGeometry, Upright
from lepatrol.perception.expectation import Thing
from lepatrol.perception.relight import Picture
from lepatrol.settings.camera_anomaly import MissingSettings

_BESIDE_PX = 6
_CHANGED_SHARE = 0.4
_CONTRAST_SHARE = 0.5
_LARGEST_CUT = 0.3
_HIDDEN_SHARE = 0.5
_LEAST_OUTLINE_SHARE = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """A thing that ought to be in view: its box in the picture and its pixels within (h, w)."""

    thing: Thing
    box: Box
    pixels: NDArray[np.bool_]
    is_whole: bool


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A picture (h, w, 3) laid on its expected view (h, w, 3), and the mask (h, w) of what differs.

    ``is_plain`` tells that both have the same light.
    """

    expected: Picture
    observed: Picture
    mask: Mask
    is_plain: bool


class MissingThings:
    """Counts, for each thing, in how many pictures in a row it was in place or not."""

    def __init__(self, things: tuple[Thing, ...], settings: MissingSettings) -> None:
        """Begin with nothing looked for."""
        self._things = things
        self._settings = settings
        self._votes: dict[str, int] = {}

    def reset(self) -> None:
        """Forget every picture."""
        self._votes.clear()

    def is_any_in_view(self, geometry: CameraGeometry) -> bool:
        """Tell whether the picture may show a thing at all."""
        return any(self._window(thing, geometry) is not None for thing in self._things)

    def look(
        self, stamp_s: float, laid: Laid, depth_m: NDArray[np.float32], geometry: CameraGeometry,
        lidar_sightings: Sequence[Sighting],
    ) -> tuple[tuple[Change, ...], tuple[str, ...], list[Outline]]:
        """Return the things that are missing, the names of those in place, and the outlines of what seems missing.

        ``depth_m`` (h, w) is that of the expected view.
        """
        changes, seen, hidden = [], [], []
        for thing in self._things:
            outline = self._outline(thing, depth_m, geometry)
            if outline is None or _is_hidden(thing, geometry, lidar_sightings):
                continue
            left, top, right, bottom = outline.box
            share = float((laid.mask[top:bottom, left:right][outline.pixels] > 0).mean())
            if share >= _CHANGED_SHARE and laid.is_plain:
                hidden.append(outline)
            if share >= self._settings.missing_share and (not laid.is_plain or _stands_out(outline, laid)):
                continue  # it may be there, in a light that is not understood
            if not outline.is_whole:
                continue
            times = self._vote(thing.name, share)
            if times >= self._settings.seen_times:
                seen.append(thing.name)
            elif -times >= self._settings.seen_times:
                deviation_m = max(0.2, 0.02 * math.dist(geometry.position_m, thing.position_m))
                changes.append(Change(
                    stamp_s, ChangeKind.MISSING, thing.name, thing.position_m, deviation_m, thing.width_m,
                    thing.height_m, outline.box, min(0.95, share)))
        return tuple(changes), tuple(seen), hidden

    def _vote(self, name: str, share: float) -> int:
        """Return how often in a row a thing was in place, negative where it was not."""
        before = self._votes.get(name, 0)
        if share >= self._settings.missing_share:
            self._votes[name] = min(before, 0) - 1
        elif share <= self._settings.seen_share:
            self._votes[name] = max(before, 0) + 1
        else:
            self._votes[name] = 0
        return self._votes[name]

    def _window(self, thing: Thing, geometry: CameraGeometry) -> tuple[Upright, Box] | None:
        """Return where a thing ought to be in the picture and the box of what the picture has of that."""
        if math.dist(geometry.position_m, thing.position_m) > self._settings.range_m:
            return None
        if not geometry.may_show(thing.position_m, thing.width_m):
            return None
        upright = geometry.upright(thing.position_m, thing.width_m, thing.height_m)
        if upright is None:
            return None
        left, right = max(0, round(upright.left)), min(geometry.info.width, round(upright.right))
        top, bottom = max(0, round(upright.top)), min(geometry.info.height, round(upright.foot))
        return None if right <= left or bottom <= top else (upright, (left, top, right, bottom))

    def _outline(self, thing: Thing, depth_m: NDArray[np.float32], geometry: CameraGeometry) -> Outline | None:
        """Return the visible part of a thing, by the depth that it and nothing before or behind it has."""
        window = self._window(thing, geometry)
        if window is None:
            return None
        upright, (left, top, right, bottom) = window
        whole = (upright.right - upright.left) * (upright.foot - upright.top)
        is_whole = (right - left) * (bottom - top) >= (1.0 - _LARGEST_CUT) * whole
        reach_m = 0.5 * thing.width_m + 0.1
        part = depth_m[top:bottom, left:right]
        # The ground before and behind a thing is as far away as the thing near its foot: the lowest part is left out.
        pixels = np.abs(part - upright.depth_m) < reach_m
        pixels[-max(1, len(pixels) // 8):] = False
        if np.count_nonzero(pixels) < max(self._settings.smallest_px, _LEAST_OUTLINE_SHARE * pixels.size):
            return None
        return Outline(thing, (left, top, right, bottom), pixels, is_whole)


def _stands_out(outline: Outline, laid: Laid) -> bool:
    """Tell whether a thing differs from what is beside it about as much as it ought to."""
    left, top, right, bottom = outline.box
    contrasts = []
    for picture in (laid.expected, laid.observed):
        inside = np.median(picture[top:bottom, left:right][outline.pixels], axis=0)
        beside = [picture[top:bottom, max(0, left - _BESIDE_PX):left].reshape(-1, 3),
                  picture[top:bottom, right:right + _BESIDE_PX].reshape(-1, 3)]
        contrasts.append(inside - np.median(np.concatenate(beside), axis=0))
    ought, shown = contrasts
    size = float(ought @ ought)
    return size > 0.0 and float(ought @ shown) > _CONTRAST_SHARE * size


def hides_thing(blob: Blob, outlines: Sequence[Outline]) -> bool:
    """Tell whether a difference lies mostly where things are missing, so that it is their absence that is seen."""
    left, top, right, bottom = blob.box
    for outline in outlines:
        start_x, start_y, end_x, end_y = outline.box
        x, y, x_end, y_end = max(left, start_x), max(top, start_y), min(right, end_x), min(bottom, end_y)
        if x >= x_end or y >= y_end:
            continue
        common = np.count_nonzero(blob.pixels[y - top:y_end - top, x - left:x_end - left])
        if common > _HIDDEN_SHARE * np.count_nonzero(blob.pixels):
            return True
    return False


def _is_hidden(thing: Thing, geometry: CameraGeometry, sightings: Sequence[Sighting]) -> bool:
    """Tell whether something the lidar sees stands before a thing."""
    own_x, own_y = geometry.position_m
    away_x, away_y = thing.position_m[0] - own_x, thing.position_m[1] - own_y
    range_m = math.hypot(away_x, away_y)
    for sighting in sightings:
        x, y = sighting.position_m[0] - own_x, sighting.position_m[1] - own_y
        along = (x * away_x + y * away_y) / max(range_m, 1e-6)
        aside = abs(x * away_y - y * away_x) / max(range_m, 1e-6)
        if 0.0 < along < range_m and aside < thing.width_m / 2.0 + (sighting.width_m or 0.5):
            return True
    return False

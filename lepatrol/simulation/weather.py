"""Weather, light and dirt between the world and the sensors: what they do to scans and pictures.

Effects change what a sensor would have delivered, cheaply enough for every frame, from a generator they are given.
Where a picture needs distances (fog, a headlight), they come from a coarse grid of rays.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats, Pose3
from lepatrol.model.observation import LaserScan, PointCloud
from lepatrol.simulation.description import CameraSensor, Noise
from lepatrol.simulation.grain import add_grain

Picture = NDArray[np.uint8]
Ranges = NDArray[np.float32]

_FOG_RGB = (196, 200, 204)
_FOG_LOOK = 2.5
"""An eye sees this many times farther in fog than a lidar, to a contrast of 5 % (Koschmieder)."""
_RAIN_LIGHT = 0.88
_RAIN_RGB = (188, 192, 198)
_COVER_NOISE = Noise(0.0, 2.0 / 255.0)
_GLARE_RADIUS = 0.28
_BEAM_SPREAD_RAD = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """A picture's circumstances: when and by which camera (looking along x) it was taken, and from where.

    ``distances_m`` is a coarse grid (rows, columns) of distances along rays, infinite for the sky; it is there where
    an effect asks for it.
    """

    stamp_s: float
    camera: CameraSensor
    pose: Pose3
    distances_m: Floats | None = None


class Effect:
    """One thing that acts on sensors; what it does not override it leaves as it is."""

    needs_distances = False

    def on_ranges(self, ranges_m: Ranges, random: Generator) -> Ranges:
        """Return the ranges (n,) of a lidar's beams, as REP-117 has them, as they are delivered."""
        return ranges_m

    def on_scan(self, scan: LaserScan, random: Generator) -> LaserScan:
        """Return the scan as it is delivered."""
        return dataclasses.replace(scan, ranges_m=self.on_ranges(np.asarray(scan.ranges_m), random))

    def on_picture(self, rgb: Picture, view: View, random: Generator) -> Picture:
        """Return the picture (height, width, 3) as it is delivered."""
        return rgb


@dataclass(frozen=True, slots=True)
class Weather:
    """All effects, applied one after the other."""

    effects: tuple[Effect, ...] = ()

    @property
    def needs_distances(self) -> bool:
        """Tell whether any effect needs a view's distances."""
        return any(effect.needs_distances for effect in self.effects)

    def on_scan(self, scan: LaserScan, random: Generator) -> LaserScan:
        """Return the scan as it is delivered."""
        for effect in self.effects:
            scan = effect.on_scan(scan, random)
        return scan

    def on_cloud(self, cloud: PointCloud, random: Generator) -> PointCloud:
        """Return the cloud as it is delivered: its points move along their beams, or get lost."""
        clear = np.linalg.norm(cloud.points_m, axis=1)
        ranges = clear
        for effect in self.effects:
            ranges = effect.on_ranges(ranges, random)
        kept = np.isfinite(ranges)
        points = cloud.points_m[kept] * (ranges[kept] / clear[kept])[:, None]
        return PointCloud(cloud.stamp_s, cloud.frame_id, points.astype(np.float32))

    def on_picture(self, rgb: Picture, view: View, random: Generator) -> Picture:
        """Return the picture as it is delivered."""
        for effect in self.effects:
            rgb = effect.on_picture(rgb, view, random)
        return rgb


@dataclass(frozen=True)
class Rain(Effect):
    """Drops send a share of the beams back from anywhere near; pictures get darker and streaked."""

    share: float
    nearest_m: float = 1.0
    farthest_m: float = 10.0
    streaks: int = 60

    def on_ranges(self, ranges_m: Ranges, random: Generator) -> Ranges:
        """Let some beams end at a drop, if it is nearer than what they would hit."""
        struck = random.random(ranges_m.size) < self.share
        drops = random.uniform(self.nearest_m, self.farthest_m, ranges_m.size).astype(ranges_m.dtype)
        return np.where(struck & (drops < ranges_m), drops, ranges_m)

    def on_picture(self, rgb: Picture, view: View, random: Generator) -> Picture:
        """Darken, and draw streaks that fall almost straight."""
        dark = cv2.convertScaleAbs(rgb, alpha=_RAIN_LIGHT)
        streaked = dark.copy()
        height, width = rgb.shape[:2]
        starts = random.integers(0, (width, height), (self.streaks, 2))
        falls = np.stack([random.integers(-1, 2, self.streaks), random.integers(5, 18, self.streaks)], axis=1)
        lines = np.stack([starts, starts + falls], axis=1).astype(np.int32)
        cv2.polylines(streaked, list(lines), False, _RAIN_RGB)
        return np.asarray(cv2.addWeighted(dark, 0.55, streaked, 0.45, 0.0), dtype=np.uint8)


@dataclass(frozen=True)
class Fog(Effect):
    """Beams get lost, the more likely the farther they go, all of them beyond ``sight_m``; pictures fade to grey."""

    sight_m: float
    needs_distances = True

    def on_ranges(self, ranges_m: Ranges, random: Generator) -> Ranges:
        """Lose beams: one in 16 at half the sight."""
        with np.errstate(invalid='ignore'):
            lost = random.random(ranges_m.size) < (ranges_m / self.sight_m) ** 4
        lost &= ranges_m > 0.0  # not the -inf of a thing too near
        return np.where(lost, np.float32(np.inf), ranges_m)

    def on_picture(self, rgb: Picture, view: View, random: Generator) -> Picture:
        """Fade by distance (Koschmieder's law)."""
        return _blend(rgb, _FOG_RGB, np.exp(_distances(view) * (-3.0 / (_FOG_LOOK * self.sight_m))))


@dataclass(frozen=True)
class Night(Effect):
    """Little light is left; a headlight at the camera, where there is one, is a tenth as bright at ``headlight_m``.

    ``brightest``, in 0..1, is the most that anything lit can be in the picture: what is brighter shines by itself, and
    is not dimmed.
    """

    level: float
    headlight_m: float = 0.0
    brightest: float = 1.0
    needs_distances = True

    def on_picture(self, rgb: Picture, view: View, random: Generator) -> Picture:
        """Dim the picture, but for what the headlight shines on and for what shines."""
        distances = _distances(view)
        light = np.full(distances.shape, self.level)
        if self.headlight_m:
            rows, columns = distances.shape
            half = math.tan(view.camera.horizontal_fov_rad / 2.0)
            across = np.linspace(-half, half, columns)
            down = np.linspace(-half, half, rows)[:, None] * view.camera.height / view.camera.width
            beam = np.exp(-0.5 * np.arctan(np.hypot(across, down)) ** 2 / _BEAM_SPREAD_RAD**2)
            light += beam / (1.0 + 9.0 * (distances / self.headlight_m) ** 2)
        dimmed = _blend(rgb, (0, 0, 0), np.minimum(light, 1.0))
        most = math.ceil(255.0 * min(self.brightest, 1.0))
        shining = cv2.bitwise_not(cv2.inRange(rgb, (0, 0, 0), (most, most, most)))
        return np.asarray(cv2.copyTo(rgb, shining, dimmed), dtype=np.uint8)


@dataclass(frozen=True)
class Glare(Effect):
    """A low sun in the picture dazzles: a white patch and a veil, unless something stands before it."""

    towards: tuple[float, float, float]
    """Unit vector to the sun."""
    strength: float
    needs_distances = True

    def on_picture(self, rgb: Picture, view: View, random: Generator) -> Picture:
        """Add the patch where the sun is in the picture."""
        ahead, left, up = (view.pose.rotation.T @ np.asarray(self.towards)).tolist()
        if ahead <= 0.0 or self.strength <= 0.0:
            return rgb
        height, width = rgb.shape[:2]
        focal = width / (2.0 * math.tan(view.camera.horizontal_fov_rad / 2.0))
        column, row = width / 2.0 - focal * left / ahead, height / 2.0 - focal * up / ahead
        distances = _distances(view)
        rows, columns = distances.shape
        if not (0.0 <= column < width and 0.0 <= row < height):
            return rgb
        if np.isfinite(distances[int(row * rows / height), int(column * columns / width)]):
            return rgb
        away = np.hypot(
            (np.arange(columns) + 0.5) * width / columns - column,
            ((np.arange(rows) + 0.5) * height / rows - row)[:, None]) / (_GLARE_RADIUS * width)
        patch = self.strength * (0.2 + 0.8 * np.exp(-0.5 * away**2))
        return _blend(rgb, (255, 248, 225), 1.0 - np.minimum(patch, 1.0))


@dataclass(frozen=True)
class CoveredCamera(Effect):
    """Something over the lens from ``from_s`` on: dark, all but even, noise."""

    from_s: float
    level: float

    def on_picture(self, rgb: Picture, view: View, random: Generator) -> Picture:
        """Return nothing but darkness."""
        if view.stamp_s < self.from_s:
            return rgb
        dark = np.full(rgb.shape, round(self.level), dtype=np.uint8)
        return add_grain(dark, _COVER_NOISE, random)


def _distances(view: View) -> Floats:
    assert view.distances_m is not None, 'the simulator measures them for effects that need them'
    return view.distances_m


def _blend(rgb: Picture, other: tuple[int, int, int], share: Floats) -> Picture:
    """Return ``share`` (a coarse grid) of the picture and the rest of another colour.

    Bytes times bytes: OpenCV blends by floating-point weights ten times slower.
    """
    height, width = rgb.shape[:2]
    kept = np.repeat(np.round(255.0 * share).astype(np.uint8)[:, :, None], 3, axis=2)
    dimmed = cv2.multiply(rgb, cv2.resize(kept, (width, height)), scale=1.0 / 255.0)
    if not any(other):
        return np.asarray(dimmed, dtype=np.uint8)
    added = np.round((1.0 - share)[:, :, None] * np.asarray(other)).astype(np.uint8)
    return np.asarray(cv2.add(dimmed, cv2.resize(added, (width, height))), dtype=np.uint8)

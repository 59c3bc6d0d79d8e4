"""Where things of the map lie in a picture, and in which direction its pixels look."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats, Pose3
from lepatrol.model.observation import CameraInfo
from lepatrol.perception.camera_geometry import OPTICAL

_NEAR_M = 0.05


class View:
    """One camera at one pose in ``map`` (looking along its x, z up, as SDFormat has it), the ground being z = 0."""

    def __init__(self, info: CameraInfo, pose: Pose3, *, spare: float = 0.0) -> None:
        """Prepare the transforms; outlines go on beyond the picture's edges by ``spare`` per unit of depth."""
        self.info = info
        self.position_m = np.asarray(pose.position_m, dtype=np.float64)
        self._rotation = pose.rotation @ OPTICAL
        left, right = info.cx / info.fx, (info.width - info.cx) / info.fx
        over, under = info.cy / info.fy, (info.height - info.cy) / info.fy
        # Half spaces n . p >= d of the optical frame that hold what the picture shows.
        self._planes = (
            (np.array([0.0, 0.0, 1.0]), _NEAR_M),
            (np.array([1.0, 0.0, left + spare]), 0.0), (np.array([-1.0, 0.0, right + spare]), 0.0),
            (np.array([0.0, 1.0, over + spare]), 0.0), (np.array([0.0, -1.0, under + spare]), 0.0))
        self._edge_cosine = 1.0 / math.hypot(1.0, max(left, right), max(over, under))

    @property
    def tilt(self) -> tuple[float, float, float]:
        """Return how much each optical axis points up; it says all of the camera's turn but its heading."""
        return float(self._rotation[2, 0]), float(self._rotation[2, 1]), float(self._rotation[2, 2])

    @property
    def height_m(self) -> float:
        """Return the camera's height above the ground."""
        return float(self.position_m[2])

    def size_px(self, size_m: float, distance_m: float) -> float:
        """Return the most pixels that a length can cover at a distance: towards the picture's edges it is more."""
        return self.info.fx * size_m / max(distance_m * self._edge_cosine, 1e-3)

    def outline(self, polygon_m: Floats) -> NDArray[np.int32] | None:
        """Return the pixels (k, 2) of a convex polygon (n, 3) of the map as far as it is in the picture, or None."""
        corners = (np.asarray(polygon_m, dtype=np.float64) - self.position_m) @ self._rotation
        sides = [corners @ normal - least for normal, least in self._planes]
        if any(side.max() < 0.0 for side in sides):
            return None
        for (normal, least), side in zip(self._planes, sides, strict=True):
            if side.min() < 0.0:
                corners = _clipped(corners, normal, least)
                if len(corners) < 3:
                    return None
        pixels: NDArray[np.int32] = np.floor(self.info.project(corners)).astype(np.int32)
        return pixels

    def slopes(self, u: Floats, v: Floats) -> Floats:
        """Return how far the rays through pixels (u, v) rise per metre on the ground; down is negative."""
        x, y = (u - self.info.cx) / self.info.fx, (v - self.info.cy) / self.info.fy
        east, north, up = (row[0] * x + row[1] * y + row[2] for row in self._rotation)
        return np.asarray(up / np.maximum(np.hypot(east, north), 1e-6))

    def slope_map(self) -> Floats:
        """Return the slopes of all pixels (height, width)."""
        u = np.arange(self.info.width, dtype=np.float64) + 0.5
        v = np.arange(self.info.height, dtype=np.float64) + 0.5
        return self.slopes(u[None, :], v[:, None])

    def row_of(self, u: float, v: float, slope: float) -> float:
        """Return the row of the column's ray of that slope in the direction of pixel (u, v); NaN where behind."""
        x, y = (u - self.info.cx) / self.info.fx, (v - self.info.cy) / self.info.fy
        east, north, _ = self._rotation @ (x, y, 1.0)
        flat = math.hypot(east, north)
        seen = np.array([east / flat, north / flat, slope]) @ self._rotation
        return float(self.info.project(seen)[1])


def _clipped(corners: Floats, normal: Floats, least: float) -> Floats:
    """Return what of a polygon (n, 3) lies in a half space (Sutherland and Hodgman, 1974)."""
    side = corners @ normal - least
    kept: list[Floats] = []
    for i, (here, there) in enumerate(zip(side, np.roll(side, -1), strict=True)):
        if here >= 0.0:
            kept.append(corners[i])
        if (here >= 0.0) != (there >= 0.0):
            onward = corners[(i + 1) % len(corners)]
            kept.append(corners[i] + (onward - corners[i]) * (here / (here - there)))
    return np.asarray(kept).reshape(-1, 3)

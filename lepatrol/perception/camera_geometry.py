"""Between pixels and places on the ground, for a camera at a pose in ``map`` (x forward, z up)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from lepatrol.model.geometry import Floats, Pose3
from lepatrol.model.observation import CameraInfo
from lepatrol.model.site import Point2

# Optical frame (z forward, x right, y down) in the camera's frame (x forward, y left, z up).
OPTICAL = np.array([[0.0, 0.0, 1.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])
_NEARLY_LEVEL = 0.01
_DOWNWARDS = -0.9


@dataclass(frozen=True, slots=True, eq=False)
class Footprint:
    """Where a pixel's ray meets the ground: the place, its depth along the optical axis, its distance on the ground."""

    position_m: Point2
    depth_m: float
    range_m: float


@dataclass(frozen=True, slots=True, eq=False)
class Upright:
    """The outline of an upright thing in a picture, in pixels, and the depth of its middle."""

    left: float
    top: float
    right: float
    foot: float
    depth_m: float


class CameraGeometry:
    """A camera at a pose, as plain numbers."""

    def __init__(self, info: CameraInfo, pose: Pose3) -> None:
        """Turn the pose into matrices once."""
        self.info = info
        self._origin = np.asarray(pose.position_m)
        self._to_map = pose.rotation @ OPTICAL
        x, y, self._height_m = self._origin.tolist()
        self._place_m: Point2 = (x, y)
        self._right, _, self._ahead = self._to_map.T.tolist()

    @property
    def position_m(self) -> Point2:
        """Return where the camera is, from above."""
        return self._place_m

    @property
    def height_m(self) -> float:
        """Return how high above the ground the camera is."""
        return self._height_m

    @property
    def looks_down(self) -> bool:
        """Tell whether the camera looks straight down, more or less."""
        return self._ahead[2] < _DOWNWARDS

    def ground_at(self, column: float, row: float) -> Footprint | None:
        """Return where the ray through a point of the picture meets the ground z = 0, None above the horizon."""
        info = self.info
        ray = self._to_map @ ((column - info.cx) / info.fx, (row - info.cy) / info.fy, 1.0)
        if ray[2] > -_NEARLY_LEVEL:
            return None
        depth = -self._origin[2] / ray[2]
        x, y = (depth * ray[:2]).tolist()
        own_x, own_y = self.position_m
        return Footprint((own_x + x, own_y + y), float(depth), math.hypot(x, y))

    def ground_points(self, columns: Floats, rows: Floats) -> Floats:
        """Return where the rays through points of the picture meet the ground (n, 2); NaN above the horizon."""
        info = self.info
        rays = np.column_stack([
            (np.asarray(columns) - info.cx) / info.fx, (np.asarray(rows) - info.cy) / info.fy,
            np.ones(len(columns))]) @ self._to_map.T
        depth = np.where(rays[:, 2] < -_NEARLY_LEVEL, -self._height_m / np.minimum(rays[:, 2], -_NEARLY_LEVEL), np.nan)
        return np.asarray(self._origin[:2] + depth[:, None] * rays[:, :2])

    def ground_depth_m(self, columns: Floats, rows: Floats) -> Floats:
        """Return the depth (n,) at which the rays through points of the picture meet the ground, else inf."""
        info = self.info
        fall = -(self._to_map[2, 0] * (np.asarray(columns) - info.cx) / info.fx
                 + self._to_map[2, 1] * (np.asarray(rows) - info.cy) / info.fy + self._to_map[2, 2])
        return np.where(fall > _NEARLY_LEVEL, self._origin[2] / np.maximum(fall, _NEARLY_LEVEL), np.inf)

    def project(self, points_m: Floats) -> Floats:
        """Return column, row and depth (n, 3) of points (n, 3) in ``map``; behind the camera NaN."""
        seen = (np.asarray(points_m) - self._origin) @ self._to_map
        return np.column_stack([self.info.project(seen), seen[:, 2]])

    def may_show(self, position_m: Point2, width_m: float) -> bool:
        """Tell, faster than by its outline, whether a thing at a point is neither behind nor far beside the picture."""
        x, y, z = position_m[0] - self._place_m[0], position_m[1] - self._place_m[1], -self._height_m
        ahead_m = self._ahead[0] * x + self._ahead[1] * y + self._ahead[2] * z
        right_m = self._right[0] * x + self._right[1] * y + self._right[2] * z
        half_picture = 0.5 * self.info.width
        off_axis = abs(self.info.cx - half_picture)
        # A pixel more, so that rounding does not matter.
        return ahead_m > 0.0 and (
            self.info.fx * (abs(right_m) - width_m / 2.0) < (half_picture + off_axis + 1.0) * ahead_m)

    def upright(self, position_m: Point2, width_m: float, height_m: float) -> Upright | None:
        """Return the outline of what stands at a point; None where it is not before the camera."""
        x, y = position_m
        (column, foot, depth), (_, top, _) = self.project(np.array([(x, y, 0.0), (x, y, height_m)])).tolist()
        if not depth > 0.3:
            return None
        half = width_m / 2.0 / depth * self.info.fx
        return Upright(column - half, top, column + half, foot, depth)

    def seen_from_above(self, position_m: Point2, width_m: float) -> tuple[float, float, float, float]:
        """Return left, top, right and bottom of a square of the ground in a picture from above, in pixels."""
        (x, y), half = position_m, width_m / 2.0
        corners = self.project(np.array([(x + i * half, y + j * half, 0.0) for i in (-1, 1) for j in (-1, 1)]))
        columns, rows = corners[:, 0], corners[:, 1]
        return float(columns.min()), float(rows.min()), float(columns.max()), float(rows.max())

    def range_deviation_m(self, range_m: float, foot_error_px: float) -> float:
        """Return one sigma of a distance on the ground that is read from the row of a foot."""
        return range_m**2 / (max(self.height_m, 0.1) * self.info.fy) * foot_error_px

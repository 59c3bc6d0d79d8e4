"""A scan against the one that was expected, from above, for people."""

from __future__ import annotations

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats, Pose3
from lepatrol.model.observation import LaserScan
from lepatrol.model.site import Point2
from lepatrol.perception.lettering import Colour, text_size, write

_SIZE_PX, _LEGEND_PX = 480, 44
_LEAST_M, _MOST_M = 4.0, 30.0
_PAPER: Colour = (252, 252, 252)
_GRID: Colour = (222, 226, 230)
_INK: Colour = (60, 60, 60)
_EXPECTED: Colour = (120, 150, 190)
_MEASURED: Colour = (200, 40, 30)
_ROBOT: Colour = (20, 110, 60)
_ALERT: Colour = (235, 130, 0)
_TELLING_M = 0.15
"""Measured nearer or farther by more than this is drawn boldly."""


def plot_scan(
    scan: LaserScan, expected_m: Floats, sensor_pose: Pose3, alert_m: Point2 | None,
) -> NDArray[np.uint8]:
    """Draw measured over expected points in ``map``, x to the right and y up, with the robot and the alert's place.

    ``expected_m`` (n,) is what each beam ought to measure, ``sensor_pose`` the lidar's in ``map``.
    """
    plot = _Plot(sensor_pose.planar().x_m, sensor_pose.planar().y_m, alert_m)
    angles = scan.angles_rad
    measured = np.where(scan.valid, scan.ranges_m, np.nan).astype(np.float64)
    expected = np.where(np.isfinite(expected_m), expected_m, np.nan)
    with np.errstate(invalid='ignore'):
        differs = np.abs(measured - expected) > _TELLING_M
    differs |= np.isfinite(measured) & ~np.isfinite(expected)
    plot.points(_places(expected, angles, sensor_pose), _EXPECTED, 2)
    plot.points(_places(measured[~differs], angles[~differs], sensor_pose), _MEASURED, 1)
    plot.points(_places(measured[differs], angles[differs], sensor_pose), _MEASURED, 3)
    plot.robot(sensor_pose.planar().yaw_rad)
    if alert_m is not None:
        plot.alert(alert_m)
    return plot.with_legend(has_alert=alert_m is not None)


class _Plot:
    """A piece of the map on paper."""

    def __init__(self, x_m: float, y_m: float, alert_m: Point2 | None) -> None:
        self._robot_m = (x_m, y_m)
        away_m = 0.0 if alert_m is None else math.dist(alert_m, self._robot_m)
        half_m = min(max(_LEAST_M, 0.75 * away_m + 2.0), _MOST_M)
        middle = self._robot_m if alert_m is None or away_m > _MOST_M else (
            (x_m + alert_m[0]) / 2.0, (y_m + alert_m[1]) / 2.0)
        self._left_m, self._top_m = middle[0] - half_m, middle[1] + half_m
        self._scale = _SIZE_PX / (2.0 * half_m)
        self._picture: NDArray[np.uint8] = np.full((_SIZE_PX, _SIZE_PX, 3), _PAPER, dtype=np.uint8)
        self._grid_m = 1 if half_m <= 8.0 else 5
        self._grid(2.0 * half_m)

    def points(self, points_m: Floats, colour: Colour, radius_px: int) -> None:
        """Draw points (n, 2)."""
        for x, y in self._pixels(points_m):
            cv2.circle(self._picture, (x, y), radius_px, colour, -1, cv2.LINE_AA)

    def robot(self, yaw_rad: float) -> None:
        """Draw an arrowhead where the robot is."""
        turn = np.array([[math.cos(yaw_rad), -math.sin(yaw_rad)], [math.sin(yaw_rad), math.cos(yaw_rad)]])
        shape = np.array([[11.0, 0.0], [-8.0, 7.0], [-4.0, 0.0], [-8.0, -7.0]]) @ turn.T * (1.0, -1.0)
        corners = (shape + self._pixels(np.array([self._robot_m]))[0]).round().astype(np.int32)
        cv2.fillPoly(self._picture, [corners], _ROBOT, cv2.LINE_AA)

    def alert(self, place_m: Point2) -> None:
        """Draw a ring round the alert's place."""
        for x, y in self._pixels(np.array([place_m])):
            cv2.circle(self._picture, (x, y), 12, _ALERT, 2, cv2.LINE_AA)

    def with_legend(self, *, has_alert: bool) -> NDArray[np.uint8]:
        """Return the drawing with what its colours mean below it."""
        strip: NDArray[np.uint8] = np.full((_LEGEND_PX, _SIZE_PX, 3), _PAPER, dtype=np.uint8)
        entries = [('expected', _EXPECTED), ('measured', _MEASURED), ('robot', _ROBOT)]
        x = 10
        for text, colour in entries + ([('alert', _ALERT)] if has_alert else []):
            cv2.circle(strip, (x + 5, 21), 5, colour, -1, cv2.LINE_AA)
            write(strip, text, (x + 16, 26), 0.45, _INK)
            x += 34 + text_size(text, 0.45)[0]
        write(strip, f'grid {self._grid_m} m', (_SIZE_PX - 90, 26), 0.45, _INK)
        return np.vstack([self._picture, strip])

    def _grid(self, span_m: float) -> None:
        for x_m in range(math.ceil(self._left_m / self._grid_m), math.ceil((self._left_m + span_m) / self._grid_m)):
            x = round((x_m * self._grid_m - self._left_m) * self._scale)
            cv2.line(self._picture, (x, 0), (x, _SIZE_PX), _GRID, 1)
            write(self._picture, str(x_m * self._grid_m), (x + 2, _SIZE_PX - 4), 0.33, _INK)
        for y_m in range(math.ceil((self._top_m - span_m) / self._grid_m), math.ceil(self._top_m / self._grid_m)):
            y = round((self._top_m - y_m * self._grid_m) * self._scale)
            cv2.line(self._picture, (0, y), (_SIZE_PX, y), _GRID, 1)
            write(self._picture, str(y_m * self._grid_m), (2, y - 2), 0.33, _INK)

    def _pixels(self, points_m: Floats) -> list[tuple[int, int]]:
        """Return the pixels of the points that lie on the paper."""
        points = (np.asarray(points_m).reshape(-1, 2) - (self._left_m, self._top_m)) * (self._scale, -self._scale)
        points = points[((points >= 0.0) & (points <= _SIZE_PX)).all(axis=1)]
        return [(round(x), round(y)) for x, y in points.tolist()]


def _places(ranges_m: Floats, angles_rad: Floats, sensor_pose: Pose3) -> Floats:
    """Return where beams end in ``map`` (k, 2), of those that end."""
    there = np.isfinite(ranges_m)
    ranges, angles = ranges_m[there], angles_rad[there]
    flat = np.stack([ranges * np.cos(angles), ranges * np.sin(angles), np.zeros_like(ranges)], axis=-1)
    return np.asarray(sensor_pose.transform(flat)[:, :2])

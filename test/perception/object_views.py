"""Views of solids as an ideal segmentation would give them, from poses that are believed a little wrongly."""

import math

import cv2
import numpy as np

from lepatrol.model.geometry import Pose2, Pose3
from lepatrol.model.inspection import ObjectView, Outline
from lepatrol.model.observation import CameraInfo
from lepatrol.perception.camera_geometry import CameraGeometry

INFO = CameraInfo.from_horizontal_fov(320, 240, 1.2)
CAMERA_M, LIDAR_M = 1.2, 0.5


def box_points(x, y, yaw, length, width, height):
    corners = np.array([(along * length / 2.0, across * width / 2.0, up * height)
                        for along in (-1, 1) for across in (-1, 1) for up in (0, 1)])
    return Pose3.from_rpy(x, y, yaw_rad=yaw).transform(corners)


def cylinder_points(x, y, radius, height):
    turns = np.linspace(0.0, 2.0 * math.pi, 60, endpoint=False)
    return np.concatenate([np.column_stack([x + radius * np.cos(turns), y + radius * np.sin(turns),
                                            np.full(60, up)]) for up in (0.0, height)])


def ellipsoid_points(x, y, yaw, radii):
    up, turn = np.meshgrid(np.linspace(-math.pi / 2, math.pi / 2, 25), np.linspace(0.0, 2.0 * math.pi, 60))
    ball = np.stack([np.cos(up) * np.cos(turn), np.cos(up) * np.sin(turn), np.sin(up)], axis=-1).reshape(-1, 3)
    return Pose3.from_rpy(x, y, radii[2], yaw_rad=yaw).transform(ball * radii)


def outline_of(points, true, believed):
    """Return the outline of the pixels that a convex thing covers, seen from a true camera pose."""
    pixels = CameraGeometry(INFO, true).project(points)[:, :2]
    canvas = np.zeros((INFO.height, INFO.width), dtype=np.uint8)
    hull = cv2.convexHull(pixels.astype(np.float32))[:, 0]
    rows, columns = np.mgrid[:INFO.height, :INFO.width] + 0.5
    inside = np.ones(canvas.shape, dtype=bool)
    for (ax, ay), (bx, by) in zip(hull, np.roll(hull, -1, axis=0), strict=True):
        inside &= (bx - ax) * (rows - ay) - (by - ay) * (columns - ax) >= 0.0
    row, column = np.nonzero(inside)
    corners = np.concatenate([np.stack([column + dx, row + dy], axis=1) for dx in (0, 1) for dy in (0, 1)])
    around = cv2.convexHull(corners.astype(np.float32))[:, 0]
    fill = len(row) / cv2.contourArea(around)
    return Outline(believed, INFO, tuple(map(tuple, around.astype(float).tolist())), min(1.0, fill), True)


def views_round(points, middle, *, count=7, away_m=5.6, rng=None, sigma_m=0.05, sigma_rad=0.009):
    """Return views from all round, with errors of the believed poses drawn by ``rng``."""
    views = []
    for number in range(count):
        bearing = 2.0 * math.pi * number / count + 0.3
        x, y = middle[0] + away_m * math.cos(bearing), middle[1] + away_m * math.sin(bearing)
        off = np.zeros(3) if rng is None else rng.normal(0.0, 1.0, 3) * (sigma_m, sigma_m, sigma_rad)
        true = Pose3.from_rpy(x, y, CAMERA_M, yaw_rad=bearing + math.pi)
        believed = Pose3.from_rpy(x + off[0], y + off[1], CAMERA_M, yaw_rad=bearing + math.pi + off[2])
        views.append(ObjectView(
            'bag', number + 1, 10.0 * number, Pose2(x, y, bearing + math.pi), outline_of(points, true, believed),
            (), LIDAR_M))
    return views

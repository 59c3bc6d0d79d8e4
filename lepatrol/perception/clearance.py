"""How near anybody can be in each column of a picture, by what the lidar measures there."""

from __future__ import annotations

import math

import numpy as np

from lepatrol.model.geometry import Floats, Pose3
from lepatrol.model.observation import CameraInfo, LaserScan


def clear_columns(
    info: CameraInfo, camera_pose: Pose3, scan: LaserScan, lidar_pose: Pose3, *, spread_rad: float,
) -> Floats:
    """Return the distance from the camera (width,) up to which nothing stands in each column, 0 where not known.

    Both poses are in one frame, level or nearly so. What a beam hits counts ``spread_rad`` to either side. A beam that
    comes back from nowhere tells nothing: black cloth far away and nothing look alike.
    """
    to_camera = camera_pose.inverse().compose(lidar_pose)
    angles, ranges = scan.angles_rad[scan.valid], scan.ranges_m[scan.valid].astype(np.float64)
    flat = np.stack([ranges * np.cos(angles), ranges * np.sin(angles), np.zeros_like(ranges)], axis=-1)
    hits = to_camera.transform(flat)
    distances, bearings = np.hypot(hits[:, 0], hits[:, 1]), np.arctan2(hits[:, 1], hits[:, 0])
    columns = np.arctan2(info.cx - (np.arange(info.width) + 0.5), info.fx)
    near = np.abs(bearings) < abs(columns).max() + spread_rad
    apart = np.abs(columns[:, None] - bearings[None, near])
    clear = np.where(apart <= spread_rad, distances[None, near], math.inf).min(axis=1, initial=math.inf)
    return np.where(np.isfinite(clear), clear, 0.0)

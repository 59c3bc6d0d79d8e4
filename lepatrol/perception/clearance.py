"""How near anybody can be in each column of a picture, by what the lidar measures there."""

from __future__ import annotations

import math

import numpy as np

from lepatrol.model.geometry import Floats, Pose3
from lepatrol.model.observation import CameraInfo, LaserScan
from lepatrol.perception.camera_geometry import OPTICAL

_NEARLY_LEVEL = 0.1
"""Up to this sine of its tilt a camera's columns are taken for upright."""
_ROWS = 9
_STEEPEST = 0.2
"""Least share of a ray that goes along the ground, for its bearing to say anything."""


def clear_columns(
    info: CameraInfo, camera_pose: Pose3, scan: LaserScan, lidar_pose: Pose3, *, spread_rad: float,
) -> Floats:
    """Return the distance from the camera (width,) up to which nothing stands in each column, 0 where not known.

    Both poses are in one frame, the lidar level or nearly so. What a beam hits counts ``spread_rad`` to either side. A
    beam that comes back from nowhere tells nothing: black cloth far away and nothing look alike.
    """
    angles, ranges = scan.angles_rad[scan.valid], scan.ranges_m[scan.valid].astype(np.float64)
    flat = np.stack([ranges * np.cos(angles), ranges * np.sin(angles), np.zeros_like(ranges)], axis=-1)
    if max(abs(camera_pose.turn(axis)[2]) for axis in ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0))) > _NEARLY_LEVEL:
        return _clear_where_tilted(info, camera_pose, lidar_pose.transform(flat), spread_rad)
    hits = camera_pose.inverse().compose(lidar_pose).transform(flat)
    distances, bearings = np.hypot(hits[:, 0], hits[:, 1]), np.arctan2(hits[:, 1], hits[:, 0])
    columns = np.arctan2(info.cx - (np.arange(info.width) + 0.5), info.fx)
    near = np.abs(bearings) < abs(columns).max() + spread_rad
    apart = np.abs(columns[:, None] - bearings[None, near])
    clear = np.where(apart <= spread_rad, distances[None, near], math.inf).min(axis=1, initial=math.inf)
    return np.where(np.isfinite(clear), clear, 0.0)


def _clear_where_tilted(info: CameraInfo, camera_pose: Pose3, hits_m: Floats, spread_rad: float) -> Floats:
    """Return the same where a column shows a range of bearings: what was hit (n, 3) at any of them counts."""
    u, v = np.arange(info.width) + 0.5, np.linspace(0.0, info.height, _ROWS)
    x, y = np.broadcast_arrays((u - info.cx) / info.fx, ((v - info.cy) / info.fy)[:, None])
    rays = np.stack([x, y, np.ones_like(x)], axis=-1) @ (camera_pose.rotation @ OPTICAL).T
    along = np.hypot(rays[..., 0], rays[..., 1])
    if (along < _STEEPEST * np.linalg.norm(rays, axis=-1)).any():
        return np.zeros(info.width)
    heading = camera_pose.planar().yaw_rad
    bearings = _wrapped(np.arctan2(rays[..., 1], rays[..., 0]) - heading)
    to_hits = hits_m - np.asarray(camera_pose.position_m)
    distances = np.hypot(to_hits[:, 0], to_hits[:, 1])
    hit_bearings = _wrapped(np.arctan2(to_hits[:, 1], to_hits[:, 0]) - heading)
    is_in = (hit_bearings >= bearings.min(axis=0)[:, None] - spread_rad) & (
        hit_bearings <= bearings.max(axis=0)[:, None] + spread_rad)
    clear = np.where(is_in, distances, math.inf).min(axis=1, initial=math.inf)
    return np.where(np.isfinite(clear), clear, 0.0)


def _wrapped(angles_rad: Floats) -> Floats:
    return (angles_rad + math.pi) % (2.0 * math.pi) - math.pi

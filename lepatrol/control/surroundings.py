"""What a flying robot's lidar sees beside it, in the slice of air that it flies through."""

from __future__ import annotations

import numpy as np

from lepatrol.control.avoidance import ScanReader, Sweep, free_gap_m
from lepatrol.model.geometry import Floats, Pose3
from lepatrol.model.observation import LaserScan

_REACH_M = 15.0
_GROUND_M = 0.4
"""What is lower than this is on the ground."""


class Surroundings:
    """Turns scans and point clouds into sweeps: points beside the robot, as seen from above."""

    def __init__(self, footprint_radius_m: float, half_height_m: float) -> None:
        """Take the robot's size; points within ``half_height_m`` above or below ``base_link`` are beside it."""
        self._radius_m = footprint_radius_m
        self._half_height_m = half_height_m
        self._reader = ScanReader(footprint_radius_m)

    def read_scan(self, scan: LaserScan, sensor_pose: Pose3) -> Sweep | None:
        """Return the sweep of a planar scan, None for one without any information."""
        return self._reader.read(scan, sensor_pose)

    def read_points(
        self, points_m: Floats, stamp_s: float, attitude: Pose3, height_m: float | None = None,
    ) -> Sweep:
        """Return the sweep of points (n, 3) in ``base_link``, levelled by the robot's roll and pitch.

        Points that are not finite are passed over (nothing was hit there), and so is what is on the ground, where it
        is known that the robot is ``height_m`` above it.
        """
        points = np.asarray(points_m, dtype=np.float64).reshape(-1, 3)
        points = points[np.isfinite(points).all(axis=1)]
        roll, pitch, _ = attitude.rpy_rad
        level = Pose3.from_rpy(roll_rad=roll, pitch_rad=pitch).transform(points)
        lowest = -self._half_height_m if height_m is None else max(-self._half_height_m, _GROUND_M - height_m)
        beside = level[(level[:, 2] >= lowest) & (level[:, 2] <= self._half_height_m) & (
            np.hypot(level[:, 0], level[:, 1]) <= _REACH_M)]
        # Returns off the robot's own arms and legs are none of what is around it.
        beside = beside[np.hypot(beside[:, 0], beside[:, 1]) > self._radius_m][:, :2]
        return Sweep(stamp_s, beside, free_gap_m(beside, self._radius_m, 1.0), free_gap_m(beside, self._radius_m, -1.0))

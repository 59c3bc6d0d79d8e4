"""What a robot's sensors deliver, stamped in seconds of the clock in use."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .errors import ObservationError
from .geometry import Floats, Pose3, Twist


@dataclass(frozen=True, slots=True, eq=False)
class LaserScan:
    """One planar sweep, as sensor_msgs/LaserScan defines it.

    ``ranges_m`` has shape (n,); beam i points to ``angle_min_rad + i * angle_increment_rad``. REP-117: ``inf`` is
    nothing within ``range_max_m``, ``-inf`` is nearer than ``range_min_m``, NaN is an erroneous measurement.
    """

    stamp_s: float
    frame_id: str
    angle_min_rad: float
    angle_increment_rad: float
    range_min_m: float
    range_max_m: float
    ranges_m: NDArray[np.float32]

    def __post_init__(self) -> None:
        """Refuse a scan whose own description contradicts itself.

        :raises ObservationError: naming the field, its value and what would be right.
        """
        described = (self.stamp_s, self.angle_min_rad, self.angle_increment_rad, self.range_min_m, self.range_max_m)
        if not all(map(math.isfinite, described)):
            raise ObservationError(f'scan of {self.frame_id}: stamp, angles and range limits must be finite numbers')
        if self.ranges_m.ndim != 1:
            raise ObservationError(f'scan of {self.frame_id}: ranges have shape {self.ranges_m.shape}, expected (n,)')
        if not 0.0 <= self.range_min_m < self.range_max_m:
            raise ObservationError(
                f'scan of {self.frame_id}: range limits {self.range_min_m} to {self.range_max_m} m, '
                'expected 0 <= range_min < range_max')

    @property
    def angles_rad(self) -> Floats:
        """Return the direction of each beam in the sensor's frame, shape (n,)."""
        return self.angle_min_rad + self.angle_increment_rad * np.arange(self.ranges_m.size, dtype=np.float64)

    @property
    def valid(self) -> NDArray[np.bool_]:
        """Return which beams hit something within the sensor's limits, shape (n,)."""
        with np.errstate(invalid='ignore'):
            return (self.ranges_m >= self.range_min_m) & (self.ranges_m <= self.range_max_m)


@dataclass(frozen=True, slots=True, eq=False)
class PointCloud:
    """What a lidar of many rows hit in one sweep: ``points_m`` (n, 3) in the sensor's frame, float32.

    Beams that hit nothing within the sensor's limits are left out.
    """

    stamp_s: float
    frame_id: str
    points_m: NDArray[np.float32]

    def __post_init__(self) -> None:
        """Refuse what are not points.

        :raises ObservationError: naming shape and type.
        """
        points = self.points_m
        if points.ndim != 2 or points.shape[1] != 3 or points.dtype != np.float32:
            raise ObservationError(
                f'cloud of {self.frame_id}: {points.dtype} of shape {points.shape}, expected float32 of shape (n, 3)')
        if not np.isfinite(points).all():
            raise ObservationError(f'cloud of {self.frame_id}: has points that are not finite, expected none')


@dataclass(frozen=True, slots=True)
class CameraInfo:
    """The pinhole model of a camera without distortion: all in pixels, optical frame per REP-103."""

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float

    @staticmethod
    def from_horizontal_fov(width: int, height: int, horizontal_fov_rad: float) -> CameraInfo:
        """Make the ideal pinhole camera of that image size (pixels) and horizontal field of view."""
        focal = width / (2.0 * math.tan(horizontal_fov_rad / 2.0))
        return CameraInfo(width, height, focal, focal, width / 2.0, height / 2.0)

    def project(self, points_m: Floats) -> Floats:
        """Return the pixels (u, v), shape (..., 2), of points (..., 3) in the optical frame (z forward, y down).

        Points at or behind the camera come back as NaN.
        """
        points = np.asarray(points_m, dtype=np.float64)
        depth = np.where(points[..., 2] > 0.0, points[..., 2], np.nan)
        return np.stack(
            [self.fx * points[..., 0] / depth + self.cx, self.fy * points[..., 1] / depth + self.cy], axis=-1)


@dataclass(frozen=True, slots=True, eq=False)
class CameraImage:
    """One picture: ``rgb`` has shape (height, width, 3), uint8, row 0 at the top."""

    stamp_s: float
    frame_id: str
    rgb: NDArray[np.uint8]
    info: CameraInfo

    def __post_init__(self) -> None:
        """Refuse a picture that is not the size its camera says.

        :raises ObservationError: naming both sizes.
        """
        if self.rgb.shape != (self.info.height, self.info.width, 3) or self.rgb.dtype != np.uint8:
            raise ObservationError(
                f'image of {self.frame_id}: {self.rgb.dtype} of shape {self.rgb.shape}, '
                f'expected uint8 of shape {(self.info.height, self.info.width, 3)}')


@dataclass(frozen=True, slots=True)
class Odometry:
    """Wheel odometry: ``pose`` of ``base_link`` in ``odom`` (REP-105), ``twist`` in ``base_link``."""

    stamp_s: float
    pose: Pose3
    twist: Twist


@dataclass(frozen=True, slots=True)
class PoseEstimate:
    """Where localisation believes ``base_link`` is, in ``frame_id`` (normally ``map``).

    The deviations are one sigma: metres along x and y, radians about z.
    """

    stamp_s: float
    frame_id: str
    pose: Pose3
    deviation_m: float = 0.0
    deviation_rad: float = 0.0


@dataclass(frozen=True, slots=True)
class JointPositions:
    """How the turning joints of a robot stand, by name, as sensor_msgs/JointState tells it."""

    stamp_s: float
    positions_rad: Mapping[str, float]

    def __post_init__(self) -> None:
        """Refuse positions that are not finite.

        :raises ObservationError: naming the joint.
        """
        for name, position_rad in self.positions_rad.items():
            if not math.isfinite(position_rad):
                raise ObservationError(f'joint {name}: the position is {position_rad}, expected a finite number')


@dataclass(frozen=True, slots=True)
class Imu:
    """Angular velocity (rad/s) and proper acceleration (m/s^2) in the sensor's frame; orientation in ``map``."""

    stamp_s: float
    frame_id: str
    orientation_wxyz: tuple[float, float, float, float]
    angular_velocity_rad_s: tuple[float, float, float]
    linear_acceleration_m_s2: tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class NavSatFix:
    """A satellite position: WGS 84 degrees and metres above the ellipsoid, one sigma in metres."""

    stamp_s: float
    frame_id: str
    latitude_deg: float
    longitude_deg: float
    altitude_m: float
    deviation_m: float


@dataclass(frozen=True, slots=True)
class BatteryState:
    """Charge from 0 (empty) to 1 (full), as sensor_msgs/BatteryState's percentage.

    ``is_charging`` tells whether a charger has hold of it, also when it is full; None where that is not told.
    """

    stamp_s: float
    percentage: float
    voltage_v: float
    is_charging: bool | None = None


Observation = (
    LaserScan | PointCloud | CameraImage | Odometry | PoseEstimate | JointPositions | Imu | NavSatFix | BatteryState)
"""Anything a robot's sensors deliver."""

"""Poses and velocities in REP-103 units and axes: metres, radians, x forward, y left, z up."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from transforms3d.euler import euler2quat, quat2euler
from transforms3d.quaternions import quat2mat

Floats = NDArray[np.float64]


def wrap_angle(angle_rad: float) -> float:
    """Return the same angle in [-pi, pi)."""
    return (angle_rad + math.pi) % (2.0 * math.pi) - math.pi


@dataclass(frozen=True, slots=True)
class Pose2:
    """A planar pose: position in metres, heading in radians counter-clockwise from x."""

    x_m: float
    y_m: float
    yaw_rad: float = 0.0

    def compose(self, other: Pose2) -> Pose2:
        """Return ``other``, given in this pose's frame, in the frame this pose is given in."""
        cos, sin = math.cos(self.yaw_rad), math.sin(self.yaw_rad)
        return Pose2(
            self.x_m + cos * other.x_m - sin * other.y_m,
            self.y_m + sin * other.x_m + cos * other.y_m,
            wrap_angle(self.yaw_rad + other.yaw_rad),
        )

    def inverse(self) -> Pose2:
        """Return the pose that composes with this one to the identity."""
        cos, sin = math.cos(self.yaw_rad), math.sin(self.yaw_rad)
        return Pose2(
            -cos * self.x_m - sin * self.y_m,
            sin * self.x_m - cos * self.y_m,
            wrap_angle(-self.yaw_rad),
        )

    def transform(self, points_m: Floats) -> Floats:
        """Return points of shape (..., 2), given in this pose's frame, in its parent frame."""
        cos, sin = math.cos(self.yaw_rad), math.sin(self.yaw_rad)
        rotation = np.array([[cos, -sin], [sin, cos]])
        return np.asarray(points_m) @ rotation.T + (self.x_m, self.y_m)

    def distance_m(self, other: Pose2) -> float:
        """Return the straight distance between the two positions."""
        return math.hypot(other.x_m - self.x_m, other.y_m - self.y_m)

    def bearing_to_rad(self, other: Pose2) -> float:
        """Return the direction, in the parent frame, in which ``other`` lies."""
        return math.atan2(other.y_m - self.y_m, other.x_m - self.x_m)


@dataclass(frozen=True, slots=True)
class Pose3:
    """A pose in space: position in metres and a unit quaternion (w, x, y, z)."""

    position_m: tuple[float, float, float] = (0.0, 0.0, 0.0)
    orientation_wxyz: tuple[float, float, float, float] = (1.0, 0.0, 0.0, 0.0)

    @staticmethod
    def from_rpy(
        x_m: float = 0.0, y_m: float = 0.0, z_m: float = 0.0,
        roll_rad: float = 0.0, pitch_rad: float = 0.0, yaw_rad: float = 0.0,
    ) -> Pose3:
        """Make a pose from fixed-axis roll, pitch, yaw, as SDFormat and URDF write it."""
        if roll_rad == 0.0 and pitch_rad == 0.0:
            half = yaw_rad / 2.0
            return Pose3((float(x_m), float(y_m), float(z_m)), (math.cos(half), 0.0, 0.0, math.sin(half)))
        w, x, y, z = euler2quat(roll_rad, pitch_rad, yaw_rad, 'sxyz')
        return Pose3((float(x_m), float(y_m), float(z_m)), (float(w), float(x), float(y), float(z)))

    @property
    def rpy_rad(self) -> tuple[float, float, float]:
        """Return fixed-axis roll, pitch and yaw."""
        roll, pitch, yaw = quat2euler(self.orientation_wxyz, 'sxyz')
        return float(roll), float(pitch), float(yaw)

    @property
    def rotation(self) -> Floats:
        """Return the 3 x 3 rotation matrix."""
        return np.asarray(quat2mat(self.orientation_wxyz))

    @property
    def matrix(self) -> Floats:
        """Return the 4 x 4 homogeneous transform."""
        matrix = np.eye(4)
        matrix[:3, :3] = self.rotation
        matrix[:3, 3] = self.position_m
        return matrix

    def compose(self, other: Pose3) -> Pose3:
        """Return ``other``, given in this pose's frame, in the frame this pose is given in."""
        x, y, z = _turn(self.orientation_wxyz, other.position_m)
        from_x, from_y, from_z = self.position_m
        return Pose3((from_x + x, from_y + y, from_z + z), _multiply(self.orientation_wxyz, other.orientation_wxyz))

    def inverse(self) -> Pose3:
        """Return the pose that composes with this one to the identity."""
        w, x, y, z = self.orientation_wxyz
        back = (w, -x, -y, -z)
        turned = _turn(back, self.position_m)
        return Pose3((-turned[0], -turned[1], -turned[2]), back)

    def transform(self, points_m: Floats) -> Floats:
        """Return points of shape (..., 3), given in this pose's frame, in its parent frame."""
        return np.asarray(points_m) @ self.rotation.T + np.asarray(self.position_m)

    def turn(self, vector: tuple[float, float, float]) -> tuple[float, float, float]:
        """Return a direction or velocity, given in this pose's frame, along the axes of its parent frame."""
        return _turn(self.orientation_wxyz, vector)

    def planar(self) -> Pose2:
        """Return the pose as seen from above."""
        w, x, y, z = self.orientation_wxyz
        yaw = math.atan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z))
        return Pose2(self.position_m[0], self.position_m[1], yaw)


# Poses are composed many times per simulated second, so these two are written out: on four numbers numpy (and
# transforms3d on it) takes ten times longer than plain arithmetic.
def _multiply(
    left: tuple[float, float, float, float], right: tuple[float, float, float, float],
) -> tuple[float, float, float, float]:
    """Return the product of two quaternions (w, x, y, z), made a unit again."""
    a, b, c, d = left
    e, f, g, h = right
    w = a * e - b * f - c * g - d * h
    x = a * f + b * e + c * h - d * g
    y = a * g - b * h + c * e + d * f
    z = a * h + b * g - c * f + d * e
    norm = math.sqrt(w * w + x * x + y * y + z * z)
    return w / norm, x / norm, y / norm, z / norm


def _turn(
    quaternion: tuple[float, float, float, float], vector: tuple[float, float, float],
) -> tuple[float, float, float]:
    """Return a vector turned by a unit quaternion: v + 2 w (q x v) + 2 q x (q x v)."""
    w, qx, qy, qz = quaternion
    x, y, z = vector
    tx, ty, tz = 2.0 * (qy * z - qz * y), 2.0 * (qz * x - qx * z), 2.0 * (qx * y - qy * x)
    return (x + w * tx + qy * tz - qz * ty, y + w * ty + qz * tx - qx * tz, z + w * tz + qx * ty - qy * tx)


@dataclass(frozen=True, slots=True)
class Twist:
    """A velocity in the body frame: metres per second, radians per second.

    A wheeled robot uses ``linear_x_m_s`` and ``angular_z_rad_s`` only.
    """

    linear_x_m_s: float = 0.0
    angular_z_rad_s: float = 0.0
    linear_y_m_s: float = 0.0
    linear_z_m_s: float = 0.0

    def is_finite(self) -> bool:
        """Tell whether every component is a finite number."""
        return all(map(math.isfinite, (
            self.linear_x_m_s, self.linear_y_m_s, self.linear_z_m_s, self.angular_z_rad_s)))


STOP = Twist()
"""The velocity of a robot that stands still."""

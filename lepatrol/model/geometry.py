"""Poses and velocities in REP-103 units and axes: metres, radians, x forward, y left, z up."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from transforms3d.euler import euler2quat, quat2euler
from transforms3d.quaternions import qconjugate, qmult, quat2mat

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
        moved = self.rotation @ np.asarray(other.position_m) + np.asarray(self.position_m)
        turned = qmult(self.orientation_wxyz, other.orientation_wxyz)
        return _pose3(moved, turned)

    def inverse(self) -> Pose3:
        """Return the pose that composes with this one to the identity."""
        return _pose3(-(self.rotation.T @ np.asarray(self.position_m)), qconjugate(self.orientation_wxyz))

    def transform(self, points_m: Floats) -> Floats:
        """Return points of shape (..., 3), given in this pose's frame, in its parent frame."""
        return np.asarray(points_m) @ self.rotation.T + np.asarray(self.position_m)

    def planar(self) -> Pose2:
        """Return the pose as seen from above."""
        return Pose2(self.position_m[0], self.position_m[1], self.rpy_rad[2])


def _pose3(position: Floats, quaternion: Floats) -> Pose3:
    w, x, y, z = quaternion / np.linalg.norm(quaternion)
    return Pose3(
        (float(position[0]), float(position[1]), float(position[2])),
        (float(w), float(x), float(y), float(z)),
    )


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

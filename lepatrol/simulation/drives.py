"""What turns a commanded velocity into joint velocities, as Gazebo's drive plugins do."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Any

from lepatrol.model.geometry import STOP
from lepatrol.simulation.compilation import body_name, driven_joints
from lepatrol.simulation.description import DiffDrive, Model


class Drive(ABC):
    """The drive of one robot in one MuJoCo model."""

    def __init__(self, model: Any, robot: Model) -> None:
        """Find the robot's actuators."""
        self.target = STOP
        self._controls = [model.actuator(name).id for name in driven_joints(robot)]
        self._positions = [int(model.joint(name).qposadr[0]) for name in driven_joints(robot)]

    def reset(self) -> None:
        """Stand still."""
        self.target = STOP

    @abstractmethod
    def update(self, data: Any, period_s: float) -> None:
        """Set the controls for the next ``period_s``."""


class WheelDrive(Drive):
    """Wheels on two sides; speed and turn rate approach their target within the drive's limits."""

    def __init__(self, model: Any, robot: Model, limits: DiffDrive) -> None:
        """Find the robot's wheels."""
        super().__init__(model, robot)
        self._limits = limits
        self._left = len(limits.left_joints)
        self._speed_m_s = 0.0
        self._turn_rad_s = 0.0

    def reset(self) -> None:
        """Stand still."""
        super().reset()
        self._speed_m_s = self._turn_rad_s = 0.0

    def update(self, data: Any, period_s: float) -> None:
        """Step towards the target and turn the wheels at the speeds that make it."""
        limits = self._limits
        speed = _clamp(self.target.linear_x_m_s, limits.max_speed_m_s)
        turn = _clamp(self.target.angular_z_rad_s, limits.max_turn_rate_rad_s)
        self._speed_m_s += _clamp(speed - self._speed_m_s, limits.max_acceleration_m_s2 * period_s)
        self._turn_rad_s += _clamp(turn - self._turn_rad_s, limits.max_turn_acceleration_rad_s2 * period_s)
        side = self._turn_rad_s * limits.wheel_separation_m / 2.0
        for index, control in enumerate(self._controls):
            rim_m_s = self._speed_m_s - side if index < self._left else self._speed_m_s + side
            data.ctrl[control] = rim_m_s / limits.wheel_radius_m

    def wheel_travel_m(self, data: Any) -> tuple[float, float]:
        """Return how far the left and the right rims have rolled since the start, as encoders tell."""
        rolled = [float(data.qpos[address]) for address in self._positions]
        radius = self._limits.wheel_radius_m
        left, right = rolled[:self._left], rolled[self._left:]
        return radius * sum(left) / len(left), radius * sum(right) / len(right)

    @property
    def wheel_separation_m(self) -> float:
        """Return the distance between the wheels that odometry reckons with."""
        return self._limits.wheel_separation_m


class FlightDrive(Drive):
    """A body that follows the commanded velocity in its own horizontal frame, stopped by walls only."""

    def __init__(self, model: Any, robot: Model) -> None:
        """Find the robot's flight axes and the heading it starts with."""
        super().__init__(model, robot)
        self._start_yaw_rad = robot.pose.rpy_rad[2]

    def update(self, data: Any, period_s: float) -> None:
        """Turn the commanded velocity into the world's axes, for the heading in the middle of the period."""
        target = self.target
        rate = target.angular_z_rad_s
        heading = self._start_yaw_rad + float(data.qpos[self._positions[3]]) + rate * period_s / 2.0
        cos, sin = math.cos(heading), math.sin(heading)
        data.ctrl[self._controls] = (
            cos * target.linear_x_m_s - sin * target.linear_y_m_s,
            sin * target.linear_x_m_s + cos * target.linear_y_m_s,
            target.linear_z_m_s, rate)


def make_drive(model: Any, robot: Model) -> Drive:
    """Return the drive of a robot that has been compiled into a model."""
    if isinstance(robot.drive, DiffDrive):
        return WheelDrive(model, robot, robot.drive)
    return FlightDrive(model, robot)


def base_link_name(robot: Model) -> str:
    """Return the body that a robot's pose is about: ``base_link`` where it has one, else its root."""
    names = [link.name for link in robot.links]
    children = {joint.child for joint in robot.joints}
    root = next(name for name in names if name not in children)
    return body_name(robot.name, 'base_link' if 'base_link' in names else root)


def _clamp(value: float, limit: float) -> float:
    return max(-limit, min(limit, value))

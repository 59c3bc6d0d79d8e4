"""What turns a commanded velocity into joint velocities, as Gazebo's drive plugins do."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import STOP
from lepatrol.simulation.compilation import body_name, driven_joints
from lepatrol.simulation.description import DiffDrive, Model, MulticopterControl

_UPRIGHT = 0.7
"""A contact whose normal is steeper than this (about 45 degrees) carries weight."""
_TOUCHDOWN_SINK_M_S = 1.0
_TOUCHDOWN_SLIDE_M_S = 0.5
"""Feet that touch something faster than this, down or along, hit it."""


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


class MulticopterDrive(Drive):
    """Rotors that carry the body and make it follow the commanded velocity in its own heading.

    Forces and the turn's moment follow the law of Gazebo's controller; the attitude that it would tilt to is taken as
    reached at once, and the body stays level. Rotors stand still until the first command that is not to stay, and
    idle while the feet carry the weight and no climb is commanded: so it rests where it has landed.
    """

    def __init__(self, model: Any, robot: Model, control: MulticopterControl, feet: NDArray[np.bool_]) -> None:
        """Find the robot's flight axes, its weight and its ``feet`` among the geoms (ngeom,)."""
        super().__init__(model, robot)
        self._control = control
        self._feet = feet
        self._start_yaw_rad = robot.pose.rpy_rad[2]
        self._dofs = [int(model.joint(name).dofadr[0]) for name in driven_joints(robot)]
        self._mass_kg = float(model.dof_M0[self._dofs[2]])
        self._moment_kg_m2 = float(model.dof_M0[self._dofs[3]])
        self._weight_n = -float(model.opt.gravity[2]) * self._mass_kg
        self.reset()

    def reset(self) -> None:
        """Stand still, rotors off."""
        super().reset()
        self._is_running = False
        self._velocity_m_s = (0.0, 0.0, 0.0)

    @property
    def is_touching_down(self) -> bool:
        """Tell whether it is so slow that its feet may touch what is below them."""
        x, y, z = self._velocity_m_s
        return z >= -_TOUCHDOWN_SINK_M_S and math.hypot(x, y) <= _TOUCHDOWN_SLIDE_M_S

    def update(self, data: Any, period_s: float) -> None:
        """Push against the difference between the velocity now and the one commanded."""
        *velocity, turn_rad_s = data.qvel[self._dofs].tolist()
        self._velocity_m_s = (velocity[0], velocity[1], velocity[2])
        self._is_running |= self.target != STOP
        if not self._is_running:
            return
        if self.target.linear_z_m_s <= 0.0 and self._stands(data):
            data.ctrl[self._controls] = 0.0
            return
        control = self._control
        x, y, z = self._wanted_m_s(self._start_yaw_rad + float(data.qpos[self._positions[3]]))
        push = [
            self._mass_kg * _clamp((wanted - now) * min(gain / self._mass_kg, 1.0 / period_s), limit)
            for wanted, now, gain, limit in zip(
                (x, y, z), velocity, control.velocity_gain_n_s_m, control.max_acceleration_m_s2, strict=True)]
        turn = _clamp(self.target.angular_z_rad_s, control.max_turn_rate_rad_s) - turn_rad_s
        moment = turn * min(control.turn_gain_n_m_s, self._moment_kg_m2 / period_s)
        lift = max(0.0, self._weight_n + push[2])  # rotors do not pull down
        data.ctrl[self._controls] = (push[0], push[1], lift, moment)

    def _wanted_m_s(self, heading_rad: float) -> tuple[float, float, float]:
        """Return the commanded velocity, within its limits, along the world's axes."""
        target = self.target
        ahead, left, up = (
            _clamp(speed, limit) for speed, limit in zip(
                (target.linear_x_m_s, target.linear_y_m_s, target.linear_z_m_s), self._control.max_velocity_m_s,
                strict=True))
        cos, sin = math.cos(heading_rad), math.sin(heading_rad)
        return cos * ahead - sin * left, sin * ahead + cos * left, up

    def _stands(self, data: Any) -> bool:
        """Tell whether feet carry weight."""
        contact = data.contact
        upright = np.abs(contact.frame[:, 2]) >= _UPRIGHT
        return bool(self._feet[contact.geom[upright]].any())


def make_drive(model: Any, robot: Model, feet: NDArray[np.bool_]) -> Drive:
    """Return the drive of a robot that has been compiled into a model; ``feet`` (ngeom,) are its lowest geoms."""
    if isinstance(robot.drive, DiffDrive):
        return WheelDrive(model, robot, robot.drive)
    if isinstance(robot.drive, MulticopterControl):
        return MulticopterDrive(model, robot, robot.drive, feet)
    return FlightDrive(model, robot)


def base_link_name(robot: Model) -> str:
    """Return the body that a robot's pose is about: ``base_link`` where it has one, else its root."""
    names = [link.name for link in robot.links]
    children = {joint.child for joint in robot.joints}
    root = next(name for name in names if name not in children)
    return body_name(robot.name, 'base_link' if 'base_link' in names else root)


def _clamp(value: float, limit: float) -> float:
    return max(-limit, min(limit, value))

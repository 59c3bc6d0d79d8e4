"""Joints that go where they are told."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lepatrol.model.geometry import Pose3
from lepatrol.model.joints import Swivel
from lepatrol.simulation.compilation import body_name
from lepatrol.simulation.description import Model
from lepatrol.simulation.link_frames import swivel_of


@dataclass(slots=True)
class _Servo:
    swivel: Swivel
    body: int
    lower_rad: float
    upper_rad: float
    max_speed_rad_s: float
    target_rad: float = 0.0
    position_rad: float = 0.0


class JointServos:
    """The joints of one robot in one MuJoCo model that have a servo.

    Each turns to where it is told at its greatest speed and stops there, as Gazebo's controller has it with velocity
    commands. Physics takes them for fixed where they stand: a head that weighs half a kilogram pushes a robot of 45 kg
    by nothing that it could measure.
    """

    def __init__(self, model: Any, robot: Model) -> None:
        """Find the robot's servos and the bodies that they turn."""
        self._model = model
        joints = {joint.name: joint for joint in robot.joints}
        self._servos: dict[str, _Servo] = {}
        for servo in robot.servos:
            joint = joints[servo.joint]
            body = model.body(body_name(robot.name, joint.child)).id
            self._servos[joint.name] = _Servo(
                swivel_of(robot, joint), body, joint.lower, joint.upper, servo.max_speed_rad_s)

    @property
    def positions_rad(self) -> Mapping[str, float]:
        """Return how the joints stand."""
        return {name: servo.position_rad for name, servo in self._servos.items()}

    def reset(self) -> None:
        """Put every joint to zero."""
        for servo in self._servos.values():
            servo.target_rad = servo.position_rad = 0.0
            self._turn(servo)

    def aim(self, joint: str, position_rad: float) -> None:
        """Tell a joint where to go, within its limits."""
        servo = self._servos[joint]
        servo.target_rad = max(servo.lower_rad, min(servo.upper_rad, position_rad))

    def update(self, period_s: float) -> None:
        """Turn the joints by what they move in ``period_s``."""
        for servo in self._servos.values():
            left_rad = servo.target_rad - servo.position_rad
            if left_rad == 0.0:
                continue
            step_rad = servo.max_speed_rad_s * period_s
            servo.position_rad = servo.target_rad if abs(left_rad) <= step_rad else (
                servo.position_rad + math.copysign(step_rad, left_rad))
            self._turn(servo)

    def _turn(self, servo: _Servo) -> None:
        pose: Pose3 = servo.swivel.at(servo.position_rad)
        self._model.body_quat[servo.body] = pose.orientation_wxyz

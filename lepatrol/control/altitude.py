"""Height: what it is, and how fast to climb or sink to another."""

from __future__ import annotations

import math

from lepatrol.model.observation import Odometry, PoseEstimate
from lepatrol.settings.flight import FlightSettings
from lepatrol.settings.robot import RobotSettings

_TRUST = 0.2
"""Share of the difference to odometry that a pose corrects."""
_JUMP_M = 1.0
_FRESH_S = 0.5
_GAIN_PER_S = 1.0
_BRAKING_SHARE = 0.5
_LOW_M = 2.0
"""Below this height a landing goes on slowly."""


class Altimeter:
    """The height of ``base_link`` above the ground, from poses, carried on by odometry between them."""

    def __init__(self) -> None:
        """Begin without a height."""
        self._offset_m: float | None = None
        self._odometry_m: float | None = None
        self._pose_m: float | None = None
        self._heard_s = -math.inf

    def fresh_m(self, now_s: float) -> float | None:
        """Return the height, None where nothing has told of it lately."""
        return self.height_m if now_s - self._heard_s <= _FRESH_S else None

    @property
    def height_m(self) -> float | None:
        """Return the height, None before the first pose."""
        if self._offset_m is None or self._odometry_m is None:
            return self._pose_m
        return self._offset_m + self._odometry_m

    def add_odometry(self, odometry: Odometry) -> None:
        """Carry the height on; odometry that is not finite is left out."""
        height = odometry.pose.position_m[2]
        if math.isfinite(height):
            self._odometry_m, self._heard_s = height, odometry.stamp_s

    def add_pose(self, estimate: PoseEstimate) -> None:
        """Correct the height; a pose that is not finite is left out."""
        height = estimate.pose.position_m[2]
        if not math.isfinite(height):
            return
        self._pose_m, self._heard_s = height, max(self._heard_s, estimate.stamp_s)
        if self._odometry_m is None:
            return
        seen = height - self._odometry_m
        if self._offset_m is None or abs(seen - self._offset_m) > _JUMP_M:
            self._offset_m = seen
        else:
            self._offset_m += _TRUST * (seen - self._offset_m)


class ClimbControl:
    """Turns heights wanted into speeds upwards, within the robot's limits and without a jerk."""

    def __init__(self, settings: FlightSettings, robot: RobotSettings) -> None:
        """Take the limits; the robot stands still."""
        self._landing_m_s = settings.landing_rate_m_s
        self._climb_m_s, self._sink_m_s = robot.max_climb_rate_m_s, robot.max_descent_rate_m_s
        self._acceleration = robot.max_acceleration_m_s2
        self._rate_m_s = 0.0

    def towards(self, wanted_m: float, height_m: float) -> float:
        """Return the speed upwards that brings the robot to a height and stops there."""
        error = wanted_m - height_m
        rate = min(_GAIN_PER_S * abs(error), math.sqrt(2.0 * _BRAKING_SHARE * self._acceleration * abs(error)))
        return math.copysign(rate, error)

    def landing(self, height_m: float | None) -> float:
        """Return the speed upwards (below 0) with which to land from a height, slow where that is not known."""
        slow = min(self._landing_m_s, self._sink_m_s)
        if height_m is None or height_m <= _LOW_M:
            return -slow
        return -min(slow + _GAIN_PER_S * (height_m - _LOW_M), self._sink_m_s)

    def limited(self, rate_m_s: float, elapsed_s: float) -> float:
        """Return the speed nearest to the wanted that the limits allow after ``elapsed_s``, and keep it."""
        rate = min(max(rate_m_s, -self._sink_m_s), self._climb_m_s)
        change = self._acceleration * elapsed_s
        self._rate_m_s = min(max(rate, self._rate_m_s - change), self._rate_m_s + change)
        return self._rate_m_s

    def halt(self) -> None:
        """Stand still at once."""
        self._rate_m_s = 0.0

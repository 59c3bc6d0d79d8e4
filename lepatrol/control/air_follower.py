"""Flying along a path as seen from above, and keeping a place in the air."""

from __future__ import annotations

import dataclasses
import math

from lepatrol.control.follower import Following, PathFollower
from lepatrol.control.track import Track
from lepatrol.model.geometry import Pose2, Twist
from lepatrol.settings.navigation import NavigatorSettings
from lepatrol.settings.robot import RobotSettings

_STATION_GAIN_PER_S = 0.6
_STATION_SPEED_M_S = 1.0


class AirFollower:
    """Regulated pure pursuit, nose first, at flight speeds; sideways only to keep a place."""

    def __init__(self, settings: NavigatorSettings, robot: RobotSettings) -> None:
        """Take the tuning and the robot's limits."""
        flight, wheels = settings.flight, settings.follower
        cruise = min(flight.cruise_speed_m_s, robot.max_speed_m_s)
        self._follower = PathFollower(dataclasses.replace(
            wheels, cruise_speed_m_s=cruise, position_tolerance_m=flight.position_tolerance_m,
            max_lookahead_m=min(max(wheels.max_lookahead_m, cruise * wheels.lookahead_time_s), 20.0)), robot)
        self._acceleration = robot.max_acceleration_m_s2
        self._side_m_s = 0.0

    def begin(self, yaw_rad: float | None) -> None:
        """Forget the last path; the next one ends in ``yaw_rad``, or in any heading."""
        self._follower.begin(yaw_rad)

    def update(self, track: Track, pose: Pose2, speed_m_s: float) -> Following:
        """Return the velocity that follows the track from ``pose`` at ``speed_m_s``."""
        return self._follower.update(track, pose, speed_m_s, math.inf)

    def station(self, pose: Pose2, x_m: float, y_m: float, climb_m_s: float) -> Twist:
        """Return the velocity that keeps the robot at a place, or slowly brings it back there, without turning."""
        dx, dy = x_m - pose.x_m, y_m - pose.y_m
        share = _STATION_GAIN_PER_S * min(1.0, _STATION_SPEED_M_S / max(
            _STATION_GAIN_PER_S * math.hypot(dx, dy), 1e-9))
        cos, sin = math.cos(pose.yaw_rad), math.sin(pose.yaw_rad)
        return Twist(share * (cos * dx + sin * dy), 0.0, share * (cos * dy - sin * dx), climb_m_s)

    def limited_side(self, speed_m_s: float, elapsed_s: float) -> float:
        """Return the speed to the left nearest to the wanted that the limits allow after ``elapsed_s``."""
        wanted = min(max(speed_m_s, -_STATION_SPEED_M_S), _STATION_SPEED_M_S)
        change = self._acceleration * elapsed_s
        self._side_m_s = min(max(wanted, self._side_m_s - change), self._side_m_s + change)
        return self._side_m_s

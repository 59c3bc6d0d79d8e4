"""Keep-out zones that came up while driving: whether the robot is in one, and how fast it may go towards one.

A path is planned round them; this holds between two plans, whatever wants the robot to move.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from lepatrol.model.geometry import STOP, Pose2, Twist
from lepatrol.model.zones import Zone
from lepatrol.settings.robot import RobotSettings

_REACTION_S = 0.1
"""Between a velocity and its effect."""
_STEP_M = 0.1
_SHARES = (1.0, 0.6, 0.35, 0.2, 0.1, 0.05)


class ZoneGuard:
    """Slows a robot so that it can stop before it touches a zone; in one that it touches it may move as it likes."""

    def __init__(self, zones: Sequence[Zone], robot: RobotSettings) -> None:
        """Keep the zones; all of them are meant for this robot."""
        self._zones = tuple(zones)
        self._radius_m = robot.footprint_radius_m
        self._deceleration_m_s2 = robot.max_deceleration_m_s2

    def zone_at(self, x_m: float, y_m: float) -> Zone | None:
        """Return the zone that the robot touches with its middle at a point, if any."""
        return next((zone for zone in self._zones if zone.distance_m(x_m, y_m) < self._radius_m), None)

    def checked(self, wanted: Twist, pose: Pose2) -> tuple[Twist, str]:
        """Return the velocity with which it can stop before every zone, and why that is none, '' if it is some."""
        if not wanted.linear_x_m_s or not self._zones or not wanted.is_finite():
            return wanted, ''
        reach_m = self._stop_m(wanted.linear_x_m_s) + self._radius_m + _STEP_M
        near = []
        for zone in self._zones:
            if self._radius_m <= zone.distance_m(pose.x_m, pose.y_m) < reach_m:
                near.append(zone)
        if not near:
            return wanted, ''
        for share in _SHARES:
            twist = Twist(wanted.linear_x_m_s * share, wanted.angular_z_rad_s * share, wanted.linear_y_m_s * share,
                          wanted.linear_z_m_s)
            if all(zone.distance_m(x, y) >= self._radius_m for x, y in self._way(twist, pose) for zone in near):
                return twist, ''
        zone = min(near, key=lambda each: each.distance_m(pose.x_m, pose.y_m))
        away_m = zone.distance_m(pose.x_m, pose.y_m) - self._radius_m
        return STOP, f'the keep-out zone {zone.name} begins {max(away_m, 0.0):.2f} m away'

    def _stop_m(self, speed_m_s: float) -> float:
        speed = abs(speed_m_s)
        return _REACTION_S * speed + speed * speed / (2.0 * self._deceleration_m_s2)

    def _way(self, twist: Twist, pose: Pose2) -> Iterator[tuple[float, float]]:
        """Yield places of the robot's middle on the arc to where it has stopped."""
        speed, stop_m = twist.linear_x_m_s, self._stop_m(twist.linear_x_m_s)
        bend = twist.angular_z_rad_s / speed
        count = max(1, math.ceil(stop_m / _STEP_M))
        for i in range(1, count + 1):
            along = math.copysign(stop_m * i / count, speed)
            turn = bend * along
            # The chord of an arc: half the turn off the heading, and shorter than the arc.
            chord = along * (math.sin(turn / 2.0) / (turn / 2.0) if abs(turn) > 1e-6 else 1.0)
            heading = pose.yaw_rad + turn / 2.0
            yield pose.x_m + chord * math.cos(heading), pose.y_m + chord * math.sin(heading)

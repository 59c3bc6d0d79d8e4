"""Path following by Regulated Pure Pursuit.

S. Macenski, S. Singh, F. Martin, J. Gines: "Regulated Pure Pursuit for Robot Path Tracking", Autonomous Robots 2023,
arXiv:2305.20026. Speed is regulated by curvature and by the goal's nearness; far-off headings are turned to on the
spot. The lookahead also ends where the straight line to it would cut a corner.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from lepatrol.control.track import Track
from lepatrol.model.geometry import STOP, Pose2, Twist, wrap_angle
from lepatrol.settings.navigation import FollowerSettings
from lepatrol.settings.robot import RobotSettings

_CORNER_CUT_M = 0.12
_OFF_PATH_SHORTENS = 4.0
"""A robot off its path looks less far ahead, by this much per metre, to get back sooner."""
_ROTATED_ENOUGH_RAD = 0.15
_LEAST_TURN_RAD_S = 0.12
_BRAKING_SHARE = 0.5
"""Share of the robot's limits that planned braking uses, so that the drive's lag does not overshoot."""


@dataclass(frozen=True, slots=True)
class Following:
    """What the follower wants; ``reached`` with the goal's place and heading both there."""

    twist: Twist
    reached: bool
    remaining_m: float


class PathFollower:
    """Drives one path after another to its end and, where asked, turns to a final heading."""

    def __init__(self, settings: FollowerSettings, robot: RobotSettings) -> None:
        """Take the tuning and the robot's limits."""
        self._settings = settings
        self._robot = robot
        self._yaw_rad: float | None = None
        self._rotating = False
        self._arrived = False

    def begin(self, yaw_rad: float | None) -> None:
        """Forget the last path; the next one ends in ``yaw_rad``, or in any heading."""
        self._yaw_rad = yaw_rad
        self._rotating = self._arrived = False

    def update(self, track: Track, pose: Pose2, speed_m_s: float, limit_m_s: float) -> Following:
        """Return the velocity that follows the track from ``pose`` at ``speed_m_s``, not above ``limit_m_s``."""
        settings = self._settings
        track.advance(pose.x_m, pose.y_m)
        goal_x, goal_y = track.corners[-1]
        straight = math.hypot(goal_x - pose.x_m, goal_y - pose.y_m)
        near_end = track.remaining_m <= settings.position_tolerance_m * 2.0
        if self._arrived:
            self._arrived = straight <= settings.position_tolerance_m * 2.0
        elif near_end and straight <= settings.position_tolerance_m:
            self._arrived = True
        if self._arrived:
            return self._align(pose, straight)
        remaining = max(track.remaining_m, straight)
        carrot_x, carrot_y = self._carrot(track, pose, speed_m_s)
        bearing = math.atan2(carrot_y - pose.y_m, carrot_x - pose.x_m)
        error = wrap_angle(bearing - pose.yaw_rad)
        if abs(error) > (_ROTATED_ENOUGH_RAD if self._rotating else settings.rotate_in_place_rad):
            self._rotating = True
            return Following(Twist(0.0, self._turn(error)), False, remaining)
        self._rotating = False
        reach = math.hypot(carrot_x - pose.x_m, carrot_y - pose.y_m)
        return Following(self._pursue(error, reach, remaining, limit_m_s), False, remaining)

    def _align(self, pose: Pose2, straight: float) -> Following:
        if self._yaw_rad is None:
            return Following(STOP, True, 0.0)
        error = wrap_angle(self._yaw_rad - pose.yaw_rad)
        if abs(error) <= self._settings.yaw_tolerance_rad:
            return Following(STOP, True, 0.0)
        return Following(Twist(0.0, self._turn(error)), False, straight)

    def _carrot(self, track: Track, pose: Pose2, speed_m_s: float) -> tuple[float, float]:
        """Return the lookahead point: as far as the speed asks, but no corner is cut by more than a little."""
        settings = self._settings
        low = min(settings.min_lookahead_m, settings.max_lookahead_m)
        ahead = min(abs(speed_m_s) * settings.lookahead_time_s, settings.max_lookahead_m)
        ahead = max(ahead - _OFF_PATH_SHORTENS * track.off_m, low)
        while True:
            x, y = track.point_at(track.progress_m + ahead)
            cut = max((_distance_to_line(corner, pose, x, y)
                       for corner in track.corners_between(track.progress_m, track.progress_m + ahead)), default=0.0)
            if cut <= _CORNER_CUT_M or ahead <= low:
                return x, y
            ahead = max(ahead * 0.8, low)

    def _pursue(self, error_rad: float, reach_m: float, remaining_m: float, limit_m_s: float) -> Twist:
        settings, robot = self._settings, self._robot
        curvature = 2.0 * math.sin(error_rad) / max(reach_m, 1e-3)
        speed = min(settings.cruise_speed_m_s, robot.max_speed_m_s)
        radius = 1.0 / abs(curvature) if curvature else math.inf
        if radius < settings.min_turn_radius_m:
            speed *= radius / settings.min_turn_radius_m
        speed = min(speed, math.sqrt(2.0 * _BRAKING_SHARE * robot.max_deceleration_m_s2 * remaining_m),
                    2.0 * remaining_m)
        speed = min(max(speed, settings.min_speed_m_s), limit_m_s)
        turn = speed * curvature
        if abs(turn) > robot.max_turn_rate_rad_s:
            turn = math.copysign(robot.max_turn_rate_rad_s, turn)
            speed = abs(turn / curvature)
        return Twist(speed, turn)

    def _turn(self, error_rad: float) -> float:
        """Return a turn rate that can still be braked at the heading wanted."""
        robot = self._robot
        rate = math.sqrt(2.0 * _BRAKING_SHARE * robot.max_turn_acceleration_rad_s2 * abs(error_rad))
        rate = min(rate, 3.0 * abs(error_rad), robot.max_turn_rate_rad_s)
        return math.copysign(max(rate, min(_LEAST_TURN_RAD_S, robot.max_turn_rate_rad_s)), error_rad)


def _distance_to_line(corner: tuple[float, float], pose: Pose2, x_m: float, y_m: float) -> float:
    """Return how far a corner lies from the line from the robot to a point."""
    dx, dy = x_m - pose.x_m, y_m - pose.y_m
    length = math.hypot(dx, dy)
    if length < 1e-6:
        return math.hypot(corner[0] - x_m, corner[1] - y_m)
    return abs(dx * (corner[1] - pose.y_m) - dy * (corner[0] - pose.x_m)) / length

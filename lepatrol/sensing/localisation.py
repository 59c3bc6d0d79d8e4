"""Where the robot is between pose updates: wheel odometry carries the pose on, poses correct it."""

from __future__ import annotations

import math
from collections import deque

from lepatrol.model.geometry import STOP, Pose2, Pose3, wrap_angle
from lepatrol.model.observation import Odometry, PoseEstimate

_DRIFT_M = 0.02
"""Standard deviation that odometry gathers in a second."""
_DRIFT_RAD = 0.005
_SLIP_RAD = 0.02
"""Further deviation per radian turned: wheels slip when turning."""
_LEAST_M, _LEAST_RAD = 0.001, 0.0005
_JUMP_M, _JUMP_RAD = 1.0, 0.7
"""A pose this far off is believed at once: the robot was moved, or the filter is lost."""
_HISTORY = 64
_ODOMETRY_TIMEOUT_S = 0.5
_LONGEST_LOOK_AHEAD_S = 0.3


def planar(pose: Pose3) -> Pose2:
    """Return a pose as seen from above, by plain arithmetic for the control loop."""
    w, x, y, z = pose.orientation_wxyz
    yaw = math.atan2(2.0 * (w * z + x * y), 1.0 - 2.0 * (y * y + z * z))
    return Pose2(pose.position_m[0], pose.position_m[1], yaw)


class PoseFusion:
    """A Kalman filter of constant shape over the frame ``odom`` in ``map``, with gains for place and heading."""

    def __init__(self) -> None:
        """Begin lost: there is no pose before the first estimate."""
        self._odometry: deque[tuple[float, Pose2]] = deque(maxlen=_HISTORY)
        self._twist = STOP
        self._offset: Pose2 | None = None
        self._raw: Pose2 | None = None
        self._stamp_s = -math.inf
        self._variance_m2 = self._variance_rad2 = 0.0
        self._yaw_at_correction = 0.0

    @property
    def pose(self) -> Pose2 | None:
        """Return the robot's pose in ``map``, None before the first estimate."""
        if self._offset is None or not self._odometry:
            return self._raw
        return self._offset.compose(self._odometry[-1][1])

    def pose_at(self, stamp_s: float) -> Pose2 | None:
        """Return the pose in ``map`` at a time: between odometry messages, or carried on a little beyond the last.

        Messages take their time on the way; a pose that is told late by 0.1 s in a quick turn is 8 degrees off.
        """
        if self._offset is None or not self._odometry:
            return self._raw
        last_s, last = self._odometry[-1]
        if stamp_s <= last_s:
            return self._offset.compose(self._between(stamp_s))
        ahead_s = min(stamp_s - last_s, _LONGEST_LOOK_AHEAD_S)
        moved = ahead_s * self._twist.linear_x_m_s
        turned = ahead_s * self._twist.angular_z_rad_s
        arc = Pose2(moved * math.cos(turned / 2.0), moved * math.sin(turned / 2.0), turned)
        return self._offset.compose(last.compose(arc))

    def _between(self, stamp_s: float) -> Pose2:
        """Return the odometry's pose at a time, in a straight line between the messages around it."""
        later_s, later = self._odometry[-1]
        for earlier_s, earlier in reversed(self._odometry):
            if earlier_s <= stamp_s:
                share = (stamp_s - earlier_s) / (later_s - earlier_s) if later_s > earlier_s else 0.0
                return Pose2(
                    earlier.x_m + share * (later.x_m - earlier.x_m), earlier.y_m + share * (later.y_m - earlier.y_m),
                    earlier.yaw_rad + share * wrap_angle(later.yaw_rad - earlier.yaw_rad))
            later_s, later = earlier_s, earlier
        return later

    def add_odometry(self, odometry: Odometry) -> None:
        """Carry the pose on; odometry that is not finite is left out."""
        place = planar(odometry.pose)
        if not all(map(math.isfinite, (place.x_m, place.y_m, place.yaw_rad))):
            return
        if self._odometry and odometry.stamp_s < self._odometry[-1][0]:
            self._odometry.clear()
            self._offset = None
        self._odometry.append((odometry.stamp_s, place))
        self._twist = odometry.twist if odometry.twist.is_finite() else STOP

    def add_pose(self, estimate: PoseEstimate) -> bool:
        """Correct the pose; tell whether the estimate was used (one that is not finite is not)."""
        seen = planar(estimate.pose)
        if not all(map(math.isfinite, (seen.x_m, seen.y_m, seen.yaw_rad))):
            return False
        self._raw = seen
        then = self._odometry_at(estimate.stamp_s)
        if then is None:
            self._offset = None
        elif self._offset is None or estimate.stamp_s < self._stamp_s:
            self._believe(seen, then, estimate)
        else:
            self._correct(seen, then, estimate)
        self._stamp_s = estimate.stamp_s
        return True

    def _odometry_at(self, stamp_s: float) -> Pose2 | None:
        """Return the odometry nearest in time, None if there is none near."""
        # Stamps only grow, and what is asked for is nearly always among the last.
        nearest_s, nearest = math.inf, None
        for entry_s, pose in reversed(self._odometry):
            away_s = abs(entry_s - stamp_s)
            if away_s >= nearest_s:
                break
            nearest_s, nearest = away_s, pose
        return nearest if nearest_s <= _ODOMETRY_TIMEOUT_S else None

    def _believe(self, seen: Pose2, then: Pose2, estimate: PoseEstimate) -> None:
        self._offset = seen.compose(then.inverse())
        self._variance_m2 = max(estimate.deviation_m, _LEAST_M)**2
        self._variance_rad2 = max(estimate.deviation_rad, _LEAST_RAD)**2
        self._yaw_at_correction = then.yaw_rad

    def _correct(self, seen: Pose2, then: Pose2, estimate: PoseEstimate) -> None:
        assert self._offset is not None
        expected = self._offset.compose(then)
        turn_error = wrap_angle(seen.yaw_rad - expected.yaw_rad)
        if expected.distance_m(seen) > _JUMP_M or abs(turn_error) > _JUMP_RAD:
            self._believe(seen, then, estimate)
            return
        elapsed = min(max(estimate.stamp_s - self._stamp_s, 0.0), 10.0)
        turned = wrap_angle(then.yaw_rad - self._yaw_at_correction)
        self._yaw_at_correction = then.yaw_rad
        prior_m2 = self._variance_m2 + _DRIFT_M**2 * elapsed
        prior_rad2 = self._variance_rad2 + _DRIFT_RAD**2 * elapsed + (_SLIP_RAD * turned)**2
        gain = prior_m2 / (prior_m2 + max(estimate.deviation_m, _LEAST_M)**2)
        turn_gain = prior_rad2 / (prior_rad2 + max(estimate.deviation_rad, _LEAST_RAD)**2)
        self._variance_m2 = (1.0 - gain) * prior_m2
        self._variance_rad2 = (1.0 - turn_gain) * prior_rad2
        corrected = Pose2(
            expected.x_m + gain * (seen.x_m - expected.x_m), expected.y_m + gain * (seen.y_m - expected.y_m),
            wrap_angle(expected.yaw_rad + turn_gain * turn_error))
        self._offset = corrected.compose(then.inverse())

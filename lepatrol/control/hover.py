"""Staying at a place in the air."""

from __future__ import annotations

from lepatrol.control.air_follower import AirFollower
from lepatrol.control.altitude import ClimbControl
from lepatrol.model.geometry import Pose2, Twist
from lepatrol.model.site import Geofence

_FAST_M_S = 1.2
"""Faster than a robot moves that keeps a place."""


class Hover:
    """Keeps a robot over the place where it came to be, or climbs and sinks there."""

    def __init__(self, follower: AirFollower, climb: ClimbControl, geofence: Geofence | None) -> None:
        """Begin without a place."""
        self._follower = follower
        self._climb = climb
        self._geofence = geofence
        self._post: tuple[float, float, float] | None = None

    def leave(self) -> None:
        """Have no place: the next one is where the robot is then."""
        self._post = None

    def take(self, x_m: float, y_m: float, z_m: float) -> None:
        """Have this place."""
        self._post = (x_m, y_m, z_m)

    def keep(self, pose: Pose2, height_m: float, speed_m_s: float) -> Twist:
        """Return the velocity that keeps a robot that flies at ``speed_m_s`` where it is, within the geofence."""
        if self._post is None or abs(speed_m_s) > _FAST_M_S:
            # It brakes first, and keeps the place where it comes to rest.
            self._post = (pose.x_m, pose.y_m, self._post[2] if self._post else height_m)
        x, y, z = self._post
        if self._geofence:
            x, y = self._geofence.nearest_inside(x, y)
            z = min(max(z, self._geofence.floor_m), self._geofence.ceiling_m)
        return self._follower.station(pose, x, y, self._climb.towards(z, height_m))

    def level(self, pose: Pose2, height_m: float, wanted_m: float) -> Twist:
        """Return the velocity that climbs or sinks on the spot to a height."""
        if self._post is None:
            self._post = (pose.x_m, pose.y_m, wanted_m)
        return self._follower.station(pose, self._post[0], self._post[1], self._climb.towards(wanted_m, height_m))

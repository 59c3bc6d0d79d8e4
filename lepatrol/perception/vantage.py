"""When a robot shows a camera what a waypoint is visited for: it acts there and stands, turned as it was told to."""

from __future__ import annotations

from collections.abc import Mapping

from lepatrol.model.geometry import wrap_angle
from lepatrol.model.observation import CameraImage, Odometry, PoseEstimate
from lepatrol.model.site import Look, Photo, Waypoint

_TURNED_RAD = 0.1
"""How far from the heading it was told the robot may believe itself to be."""
_STILL_M_S, _STILL_RAD_S = 0.05, 0.05


class Vantage:
    """Tells which pictures of a patrol are views of a waypoint: one for each heading of a visit."""

    def __init__(self, waypoints: Mapping[str, Waypoint]) -> None:
        """Learn from the site's waypoints which headings are looked along and photographed."""
        self._headings = {name: headings_of(waypoint) for name, waypoint in waypoints.items()}
        self._visit = ''
        self._still_since_s: float | None = None
        self._seen: set[float] = set()

    def heading(
        self, waypoint: str, image: CameraImage, estimate: PoseEstimate, odometry: Odometry,
    ) -> float | None:
        """Return the heading (rad) that a picture shows, once a visit; None where it is no view.

        ``waypoint`` is where the patrol is acting, '' while it is not. To be called with every odometry or oftener, so
        that it is known since when the robot stands: a picture comes later than it was taken.
        """
        self._arrive(waypoint)
        moves = odometry.twist
        if abs(moves.linear_x_m_s) > _STILL_M_S or abs(moves.angular_z_rad_s) > _STILL_RAD_S:
            self._still_since_s = None
            return None
        if self._still_since_s is None or odometry.stamp_s < self._still_since_s:
            self._still_since_s = odometry.stamp_s
        if image.stamp_s < self._still_since_s:
            return None
        return self._turned_to(waypoint, estimate)

    def photo(self, waypoint: str, estimate: PoseEstimate) -> float | None:
        """Return the heading (rad) that a picture shows which the patrol asked for, unless the visit has it already."""
        self._arrive(waypoint)
        return self._turned_to(waypoint, estimate)

    def _arrive(self, waypoint: str) -> None:
        if waypoint != self._visit:
            self._visit, self._seen = waypoint, set()

    def _turned_to(self, waypoint: str, estimate: PoseEstimate) -> float | None:
        yaw_rad = estimate.pose.planar().yaw_rad
        for heading in self._headings.get(waypoint, ()):
            if heading not in self._seen and abs(wrap_angle(heading - yaw_rad)) <= _TURNED_RAD:
                self._seen.add(heading)
                return heading
        return None


def headings_of(waypoint: Waypoint) -> tuple[float, ...]:
    """Return the headings (rad) that a waypoint is looked from or photographed along, each once."""
    found: list[float] = []
    for action in waypoint.actions:
        if isinstance(action, Look):
            found += action.headings_rad
        elif isinstance(action, Photo):
            heading = waypoint.yaw_rad if action.heading_rad is None else action.heading_rad
            found += [] if heading is None else [heading]
    return tuple(dict.fromkeys(found))

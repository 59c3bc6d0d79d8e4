"""Where to look at something from, and the way to a place, as the robot stands now."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from lepatrol.model.errors import PlanningError
from lepatrol.model.geometry import Pose2
from lepatrol.model.observation import PoseEstimate
from lepatrol.model.site import Point2, Waypoint
from lepatrol.model.zones import Zone
from lepatrol.planning.terrain import Terrain
from lepatrol.planning.viewpoints import IsFit, StandOff, Target, ViewPlan, plan_views, viewpoint_towards

_MARGIN_M = 0.4
"""What pose and driving may err by."""
_CLEAR_OF_BLUR_M = 0.1


class Scout(Protocol):
    """Finds places and ways; each method raises PlanningError, saying why, where there is none.

    ``body_radius_m`` is of the robot seen from above, ``height_m`` how high it looks from where it flies.
    """

    body_radius_m: float
    height_m: float

    @property
    def zone_room_m(self) -> float:
        """Return how far the robot's middle keeps from a zone that came up."""
        ...

    def on_pose(self, estimate: PoseEstimate) -> None:
        """Take where the robot is."""

    def on_zones(self, zones: Sequence[Zone]) -> None:
        """Take the zones to keep out of that came up."""

    def view_of(
        self, point_m: Point2, *, stand_off_m: float, farthest_m: float, is_fit: IsFit | None = None,
    ) -> Waypoint:
        """Return the nearest place with a free line of sight to a point, within these distances, turned to it.

        ``is_fit`` tells whether the robot ought to stand at a place where it could.
        """

    def views_round(
        self, target: Target, stand_off: StandOff, *, most: int = 8, beside: Target | None = None,
    ) -> ViewPlan:
        """Return places all round a target."""

    def way_to(self, point_m: Point2) -> Sequence[Point2]:
        """Return the way from where the robot is to a point."""


class MapScout:
    """Looks for places on a map, for a robot that stands or hovers ``height_m`` above the ground."""

    def __init__(self, body_radius_m: float, terrain: Terrain, *, height_m: float = 0.0) -> None:
        """Begin without a pose."""
        self.body_radius_m = body_radius_m
        self.height_m = height_m
        self._terrain = terrain
        self._pose: Pose2 | None = None

    @property
    def zone_room_m(self) -> float:
        """Return how far the robot's middle keeps from a zone that came up."""
        return self._terrain.planner.zone_room_m

    def on_pose(self, estimate: PoseEstimate) -> None:
        """Take where the robot is."""
        self._pose = estimate.pose.planar()

    def on_zones(self, zones: Sequence[Zone]) -> None:
        """Take the zones to keep out of that came up."""
        self._terrain.on_zones(zones)

    def view_of(
        self, point_m: Point2, *, stand_off_m: float, farthest_m: float, is_fit: IsFit | None = None,
    ) -> Waypoint:
        """Return the nearest place to look at a point from."""
        stand_off = StandOff(stand_off_m, max(farthest_m, stand_off_m + _MARGIN_M), _MARGIN_M)
        view = viewpoint_towards(self._terrain.planner, self._robot, Target(*point_m), stand_off, is_fit=is_fit)
        return Waypoint('view', view.x_m, view.y_m, view.yaw_rad, z_m=self.height_m)

    def views_round(
        self, target: Target, stand_off: StandOff, *, most: int = 8, beside: Target | None = None,
    ) -> ViewPlan:
        """Return places all round a target, outside a zone that reaches to the stand-off, however coarse the map is."""
        planner = self._terrain.planner
        margin_m = max(stand_off.margin_m, planner.blur_m + _CLEAR_OF_BLUR_M)
        stand_off = StandOff(stand_off.radius_m, max(stand_off.farthest_m, stand_off.radius_m + margin_m), margin_m)
        return plan_views(planner, self._robot, target, stand_off, most=most, beside=beside)

    def way_to(self, point_m: Point2) -> Sequence[Point2]:
        """Return the way from where the robot is to a point."""
        return [(x, y) for x, y in self._terrain.planner.plan(self._robot, point_m).tolist()]

    @property
    def _robot(self) -> Pose2:
        if self._pose is None:
            raise PlanningError('no pose has come yet')
        return self._pose

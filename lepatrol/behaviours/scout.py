"""Where to look at something from, as the robot stands now."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from lepatrol.model.errors import PlanningError
from lepatrol.model.geometry import Pose2
from lepatrol.model.observation import PoseEstimate
from lepatrol.model.site import Point2, Waypoint
from lepatrol.planning.planner import Planner
from lepatrol.planning.viewpoints import IsFit, StandOff, Target, ViewPlan, plan_views, viewpoint_towards

_MARGIN_M = 0.4
"""What pose and driving may err by."""


class Scout(Protocol):
    """Finds places to look from; each method raises PlanningError, saying why, where there is none.

    ``body_radius_m`` is of the robot seen from above, ``height_m`` how high it looks from where it flies.
    """

    body_radius_m: float
    height_m: float

    def on_pose(self, estimate: PoseEstimate) -> None:
        """Take where the robot is."""

    def view_of(
        self, point_m: Point2, *, stand_off_m: float, farthest_m: float, is_fit: IsFit | None = None,
    ) -> Waypoint:
        """Return the nearest place with a free line of sight to a point, within these distances, turned to it.

        ``is_fit`` tells whether the robot ought to stand at a place where it could.
        """

    def way_m(self, place: Waypoint) -> float:
        """Return how long the robot's way to a place is."""

    def views_round(
        self, target: Target, stand_off: StandOff, *, most: int = 8, beside: Target | None = None,
    ) -> ViewPlan:
        """Return places all round a target."""


class MapScout:
    """Looks for places on a map, for a robot that stands or hovers ``height_m`` above the ground."""

    def __init__(self, body_radius_m: float, planner: Planner | None = None, *, height_m: float = 0.0) -> None:
        """Begin without a pose; a planner may come later."""
        self.planner = planner
        self.body_radius_m = body_radius_m
        self.height_m = height_m
        self._pose: Pose2 | None = None

    def on_pose(self, estimate: PoseEstimate) -> None:
        """Take where the robot is."""
        self._pose = estimate.pose.planar()

    def view_of(
        self, point_m: Point2, *, stand_off_m: float, farthest_m: float, is_fit: IsFit | None = None,
    ) -> Waypoint:
        """Return the nearest place to look at a point from."""
        planner, pose = self._ready()
        stand_off = StandOff(stand_off_m, max(farthest_m, stand_off_m + _MARGIN_M), _MARGIN_M)
        view = viewpoint_towards(planner, pose, Target(*point_m), stand_off, is_fit=is_fit)
        return Waypoint('view', view.x_m, view.y_m, view.yaw_rad, z_m=self.height_m)

    def way_m(self, place: Waypoint) -> float:
        """Return how long the robot's way to a place is."""
        planner, pose = self._ready()
        way = planner.plan(pose, (place.x_m, place.y_m))
        return float(np.hypot(*np.diff(way, axis=0).T).sum())

    def views_round(
        self, target: Target, stand_off: StandOff, *, most: int = 8, beside: Target | None = None,
    ) -> ViewPlan:
        """Return places all round a target."""
        planner, pose = self._ready()
        return plan_views(planner, pose, target, stand_off, most=most, beside=beside)

    def _ready(self) -> tuple[Planner, Pose2]:
        if self.planner is None:
            raise PlanningError('no map has come yet, so that no place to look from is known')
        if self._pose is None:
            raise PlanningError('no pose has come yet, so that no place to look from is known')
        return self.planner, self._pose

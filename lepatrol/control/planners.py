"""What navigators need of planners."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats, Pose2
from lepatrol.model.navigation import Leg, NavigationGoal
from lepatrol.model.zones import Point2, Zone


class PathPlanner(Protocol):
    """Plans on the ground."""

    def plan(self, start: Pose2, goal: Pose2 | tuple[float, float], obstacles_m: Floats | None = None) -> Floats:
        """Return a path (m, 2) past obstacle points (n, 2), or raise PlanningError saying why there is none."""

    def with_zones(self, zones: Sequence[Zone]) -> PathPlanner:
        """Return a planner that keeps out of these zones, too, in place of those it was given so before."""

    def refuge(self, x_m: float, y_m: float) -> Point2 | None:
        """Return where the shortest way out from a point ends on free ground, None if it is free or has no way out."""

    def check_goal(self, x_m: float, y_m: float) -> None:
        """Raise PlanningError if there is no way to a point from anywhere, saying why."""

    def known(self, points_m: Floats) -> NDArray[np.bool_]:
        """Tell which points (n, 2) may be something that is on the map."""


class LegPlanner(Protocol):
    """Plans in the air."""

    def leg(
        self, start: Pose2, start_m: float, goal: NavigationGoal, *, grounded: bool = False,
        obstacles_m: Floats | None = None,
    ) -> Leg:
        """Return a leg past obstacle points (n, 2), or raise PlanningError saying why there is none."""

    def with_zones(self, zones: Sequence[Zone]) -> LegPlanner:
        """Return a planner that keeps out of these zones, too, in place of those it was given so before."""

    def refuge(self, x_m: float, y_m: float, height_m: float) -> Point2 | None:
        """Return where the shortest way out at a height ends in free air, None if it is free or has no way out."""

    def known(self, points_m: Floats, height_m: float) -> NDArray[np.bool_]:
        """Tell which points (n, 2) seen at a height may be something that is on the map."""

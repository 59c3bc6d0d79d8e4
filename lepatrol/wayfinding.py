"""Ways to a site's places for visitors: planned on the map from where the robot is.

Apart from ``assembly`` for the same reason as ``reception``: it needs no simulator.
"""

from __future__ import annotations

from collections.abc import Sequence

from lepatrol import resources
from lepatrol.model.errors import PlanningError
from lepatrol.model.geometry import Pose2
from lepatrol.model.occupancy import OccupancyMap
from lepatrol.model.site import Medium, Point2, Site
from lepatrol.planning.planner import Planner
from lepatrol.settings.navigation import PlannerSettings
from lepatrol.settings.robot import RobotSettings
from lepatrol.settings.yaml_file import read_settings


class WayFinder:
    """Plans as the robot drives; where that cannot be, a way is the waypoints that the knowledge file names."""

    def __init__(self, site: Site, robot: str) -> None:
        """Take the site, and the robot by its name or path."""
        self._site = site
        self._radius_m = read_settings(resources.robot_settings_path(robot), RobotSettings).footprint_radius_m
        self._map: OccupancyMap | None = None
        self._planner: Planner | None = None

    def set_map(self, grid: OccupancyMap) -> None:
        """Take the map; it is made ready for planning when a way is asked for."""
        self._map, self._planner = grid, None

    def plan(self, path: Sequence[str], start: Pose2 | None) -> tuple[Point2, ...]:
        """Return the way from where the robot is to the last of the waypoints, or all of these without map or pose."""
        waypoints = [self._site.waypoints[name] for name in path]
        named = tuple((waypoint.x_m, waypoint.y_m) for waypoint in waypoints)
        if self._planner is None and self._map is not None:
            self._planner = Planner(
                self._map, self._radius_m, PlannerSettings(), self._site.keep_out(Medium.GROUND))
        if self._planner is None or start is None:
            return named
        try:
            way_m = self._planner.plan(start, named[-1])
        except PlanningError:
            return named
        return tuple((float(x), float(y)) for x, y in way_m)

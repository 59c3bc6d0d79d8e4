"""What a round truly was, seen from outside: where the robot went, what it touched, and which bounds it left."""

from __future__ import annotations

import math

import shapely

from lepatrol.evaluation.footsteps import Footsteps, Onsets
from lepatrol.evaluation.lockstep import Lockstep
from lepatrol.model.navigation import NavigationState
from lepatrol.model.observation import BatteryState
from lepatrol.model.site import Medium, Route, Site

_LANDING_M = 2.0
"""So near to where it starts and to home, seen from above, a flying robot may be below the geofence's floor."""


class Survey:
    """Watches a lockstep loop step by step, by ground truth alone.

    A break or a collision counts once for as long as it lasts. Only who flies is held to the geofence.
    """

    def __init__(self, site: Site, route: Route) -> None:
        """Watch for a route of a site; nothing has happened yet."""
        self.arrival_error_m = 0.0
        """The furthest that the robot truly was from a waypoint when it said that it was there."""
        self.battery_left: float | None = None
        """The share of its charge that the battery had last, None for a robot without one."""
        self._site = site
        self._route = route
        self._keep_out = shapely.union_all([shapely.Polygon(each) for each in site.keep_out(route.medium)])
        shapely.prepare(self._keep_out)
        home = site.waypoints[site.home]
        self._pads = ((site.start_pose.x_m, site.start_pose.y_m), (home.x_m, home.y_m))
        self._way = Footsteps()
        self._collisions, self._geofence_breaks, self._keep_out_breaks = Onsets(), Onsets(), Onsets()
        self._judged_goal = -1

    @property
    def distance_m(self) -> float:
        """Return how far the robot truly went."""
        return self._way.distance_m

    @property
    def collisions(self) -> int:
        """Return how many times it touched something."""
        return self._collisions.count

    @property
    def geofence_breaks(self) -> int:
        """Return how many times it left the geofence: its polygon, its ceiling, or its floor but to start and land."""
        return self._geofence_breaks.count

    @property
    def keep_out_breaks(self) -> int:
        """Return how many times its middle was in (or over) a keep-out zone."""
        return self._keep_out_breaks.count

    def watch(self, loop: Lockstep) -> None:
        """Take in one step."""
        x, y, z = loop.simulator.ground_truth(loop.robot).position_m
        self._way.step((x, y, z))
        self._collisions.step(loop.simulator.in_collision(loop.robot))
        self._geofence_breaks.step(self._route.medium is Medium.AIR and self._is_outside(x, y, z))
        self._keep_out_breaks.step(bool(shapely.intersects_xy(self._keep_out, x, y)))
        battery = loop.latest.get(BatteryState)
        if isinstance(battery, BatteryState):
            self.battery_left = battery.percentage
        self._judge_arrival(loop, (x, y, z))

    def _is_outside(self, x_m: float, y_m: float, z_m: float) -> bool:
        fence = self._site.geofence
        if fence is None:
            return False
        is_low = z_m < fence.floor_m and all(math.dist((x_m, y_m), pad) > _LANDING_M for pad in self._pads)
        return fence.outside_m(x_m, y_m) > 0.0 or z_m > fence.ceiling_m or is_low

    def _judge_arrival(self, loop: Lockstep, place_m: tuple[float, float, float]) -> None:
        feedback, name = loop.navigator.feedback, loop.patrol.status.waypoint
        if feedback.state is not NavigationState.REACHED or feedback.goal_id == self._judged_goal:
            return
        self._judged_goal = feedback.goal_id
        if name in self._route.waypoints:
            point = self._site.waypoints[name]
            axes = 3 if self._route.medium is Medium.AIR else 2
            error_m = math.dist(place_m[:axes], (point.x_m, point.y_m, point.z_m)[:axes])
            self.arrival_error_m = max(self.arrival_error_m, error_m)

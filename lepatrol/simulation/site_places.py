"""Where a scenario's places are on a site: along its routes, beside its perimeter line."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from shapely import LinearRing, LineString, Point

from lepatrol.model.errors import LepatrolError
from lepatrol.model.geometry import Pose2
from lepatrol.model.scenario import Place
from lepatrol.model.site import Point2, Route, Site, Structure, StructureKind
from lepatrol.simulation.chance import Lots

_TANGENT_M = 0.05


@dataclass(frozen=True, slots=True)
class Stretch:
    """A place on a route: how far along it, in metres from its first waypoint."""

    route: Route
    at_m: float


class SitePlaces:
    """Finds places on one site, some of them against the spot of a scenario."""

    def __init__(self, site: Site, spot: Place | None, lots: Lots) -> None:
        """Draw the spot.

        :raises LepatrolError: if it is not on a route that the site has.
        """
        self._site = site
        self._lines: dict[str, LineString] = {}
        self.spot: Stretch | None = None
        if spot is not None:
            if not spot.route:
                raise LepatrolError("the spot is not on a route; say which with 'along'")
            self.spot = Stretch(self._route(spot.route), lots.number(spot.at_m))

    def line(self, route: Route) -> LineString:
        """Return a route as it is walked, closed where it is."""
        if route.name not in self._lines:
            points = [(self._site.waypoints[name].x_m, self._site.waypoints[name].y_m) for name in route.waypoints]
            self._lines[route.name] = LineString([*points, points[0]] if route.closed else points)
        return self._lines[route.name]

    def on_route(self, stretch: Stretch) -> Pose2:
        """Return a place on a route, heading along it."""
        line = self.line(stretch.route)

        def point(at_m: float) -> Point:
            return line.interpolate(at_m % line.length if stretch.route.closed else min(max(at_m, 0.0), line.length))

        here, ahead, behind = (point(stretch.at_m + step) for step in (0.0, _TANGENT_M, -_TANGENT_M))
        return Pose2(here.x, here.y, math.atan2(ahead.y - behind.y, ahead.x - behind.x))

    def height_on_route_m(self, stretch: Stretch) -> float:
        """Return how high a route in the air is at a place; on the ground that is 0."""
        line, heights_m = self.line(stretch.route), [self._site.waypoints[name].z_m for name in stretch.route.waypoints]
        if stretch.route.closed:
            heights_m.append(heights_m[0])
        along_m = np.append(0.0, np.cumsum([math.dist(*leg) for leg in pairwise(line.coords)]))
        at_m = stretch.at_m % line.length if stretch.route.closed else stretch.at_m
        return float(np.interp(at_m, along_m, heights_m))

    def find(self, place: Place, lots: Lots) -> Point2:
        """Return where a place is.

        :raises LepatrolError: saying what the site lacks.
        """
        if place.position_m is not None:
            return lots.number(place.position_m[0]), lots.number(place.position_m[1])
        if place.route:
            stretch = Stretch(self._route(place.route), lots.number(place.at_m))
        elif self.spot is not None:
            stretch = Stretch(self.spot.route, self.spot.at_m + lots.number(place.at_m))
        else:
            raise LepatrolError("a place is given from the spot, but the scenario has no 'spot'")
        aside = self.on_route(stretch).compose(Pose2(0.0, lots.number(place.off_route_m)))
        x, y = aside.x_m, aside.y_m
        return (x, y) if place.off_fence_m is None else self._off_fence((x, y), lots.number(place.off_fence_m))

    def nearest_panel(self, point: Point2) -> Structure:
        """Return the fence panel that is nearest to a point.

        :raises LepatrolError: if the site has no fence.
        """
        panels = [each for each in self._site.structures if each.kind is StructureKind.FENCE]
        if not panels:
            raise LepatrolError(f'the site {self._site.name} has no fence among its structures; there is none to cut')
        return min(panels, key=lambda panel: LineString([panel.start, panel.end]).distance(Point(point)))

    def gate(self, name: str) -> Structure:
        """Return a gate.

        :raises LepatrolError: naming the gates there are.
        """
        gates = {each.name: each for each in self._site.structures if each.kind is StructureKind.GATE}
        if name not in gates:
            raise LepatrolError(f'the site {self._site.name} has no gate {name!r}; known are: '
                                f'{", ".join(gates) or "none"}')
        return gates[name]

    def _route(self, name: str) -> Route:
        if name not in self._site.routes:
            raise LepatrolError(f'the site {self._site.name} has no route {name!r}; known are: '
                                f'{", ".join(self._site.routes) or "none"}')
        return self._site.routes[name]

    def _off_fence(self, point: Point2, outward_m: float) -> Point2:
        """Return the nearest point of the perimeter line, moved outwards."""
        if not self._site.perimeter:
            raise LepatrolError(f'the site {self._site.name} has no perimeter line to be off')
        ring = LinearRing(self._site.perimeter)
        here = Point(point)
        (x0, y0), (x1, y1) = min(pairwise(ring.coords), key=lambda edge: LineString(edge).distance(here))
        foot = LineString([(x0, y0), (x1, y1)])
        on_line = foot.interpolate(foot.project(here))
        side = outward_m / foot.length * (1.0 if ring.is_ccw else -1.0)
        return on_line.x + side * (y1 - y0), on_line.y - side * (x1 - x0)

"""Where the objects of inspection trials lie beside a route: in the open, or against a wall or fence."""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

import numpy as np

from lepatrol import assembly
from lepatrol.evaluation.object_stage import Put
from lepatrol.evaluation.scenario_run import expectation_of, map_of
from lepatrol.model.errors import LepatrolError
from lepatrol.model.geometry import Pose2
from lepatrol.model.scenario import Between, Number, OneOf
from lepatrol.model.site import Site
from lepatrol.planning.grid import CostGrid, cost_grid
from lepatrol.planning.sight import segments_clear
from lepatrol.settings.navigation import PlannerSettings
from lepatrol.simulation.chance import Lots
from lepatrol.simulation.site_places import SitePlaces, Stretch

_Stretches = dict[str, tuple[str, Number]]
_OPEN: _Stretches = {
    'prison': ('yard', OneOf((Between(5.0, 14.0), Between(152.0, 168.0)))),
    'border': ('crossing', OneOf((Between(62.0, 80.0), Between(125.0, 145.0)))),
}
"""Along these the ground is mostly free on both sides."""
_WALLED: _Stretches = {
    'prison': ('perimeter', OneOf((Between(24.0, 40.0), Between(66.0, 105.0), Between(140.0, 210.0),
                                   Between(245.0, 280.0)))),
    'border': ('track', OneOf((Between(60.0, 420.0), Between(480.0, 600.0)))),
}
BEFORE_M, AFTER_M = 14.0, 12.0
"""The robot's walk begins and ends so far before and after the spot, along the route."""
_BESIDE_M = Between(2.5, 4.0)
_APART_M = 4.5
"""A waypoint nearer than this may be in the keep-out zone of a suspicious object, and be left out, rightly."""
_BEARINGS, _OUT_TO_M, _OPEN_SHARE = 72, 6.0, 0.8
"""What stands free may have a sign or a tree near it, but can be looked at from this share of all sides."""
_TRIES = 1000
_GAP_M = 0.05
_STEP_M = 0.02
_FARTHEST_M = 12.0


@dataclass(frozen=True, slots=True)
class Spot:
    """A place beside a route, ``at_m`` along it; ``yaw_rad`` is along the route."""

    route: str
    at_m: float
    pose: Pose2


def spot_in_the_open(site: str, lots: Lots) -> Spot:
    """Draw a place that is open nearly all round, and near no waypoint of the route, nor where the walk ends.

    :raises LepatrolError: where none is found.
    """
    described = assembly.load_site(site)
    grid = cost_grid(map_of(site, '', 'ugv'), 0.0, PlannerSettings())
    route, stretch = _OPEN[site]
    for _ in range(_TRIES):
        at_m = lots.number(stretch)
        aside_m = lots.number(_BESIDE_M) * lots.pick((1.0, -1.0))
        place = _on_route(described, route, at_m, lots).compose(Pose2(0.0, aside_m))
        gone_to = [*(described.waypoints[name].pose for name in described.routes[route].waypoints),
                   *(_on_route(described, route, at_m + along_m, lots) for along_m in (-BEFORE_M, AFTER_M))]
        is_apart = all(place.distance_m(pose) >= _APART_M for pose in gone_to)
        if is_apart and _open_share(grid, place) >= _OPEN_SHARE:
            return Spot(route, at_m, place)
    raise LepatrolError(f'site {site}: nothing beside route {route} is open nearly all round; other stretches may be')


def against_a_wall(site: str, put: Put, lots: Lots) -> tuple[Spot, Put]:
    """Draw a place before a wall or fence, and return the object leaning on it with its longer side.

    :raises LepatrolError: if there is no wall beside the route there.
    """
    route, stretch = _WALLED[site]
    at_m = lots.number(stretch)
    on_route = _on_route(assembly.load_site(site), route, at_m, lots)
    grid = cost_grid(expectation_of(site, '', 'ugv').plan, 0.0, PlannerSettings())
    along, across = put.sides_m
    side = lots.pick((1.0, -1.0)) if site == 'prison' else 1.0  # On the border the other side is open land.
    for aside_m in np.arange(1.0, _FARTHEST_M, _STEP_M).tolist():
        place = on_route.compose(Pose2(0.0, side * aside_m))
        column, row = np.floor(grid.to_cells(np.array([place.x_m, place.y_m]))).astype(int).tolist()
        if grid.holds(column, row) and grid.distance_m[row, column] <= min(along, across) / 2.0 + _GAP_M:
            turned = on_route.yaw_rad + (0.0 if along >= across else math.pi / 2.0)
            return (Spot(route, at_m, place),
                    dataclasses.replace(put, place_m=(place.x_m, place.y_m), yaw_rad=turned))
    raise LepatrolError(f'site {site}: there is no wall beside route {route} at {at_m:.0f} m')


def _open_share(grid: CostGrid, place: Pose2) -> float:
    """Return the share of the bearings at which nothing of the site stands between a place and the outer ring."""
    angles = np.linspace(0.0, 2.0 * math.pi, _BEARINGS, endpoint=False)
    middle = np.array([place.x_m, place.y_m])
    rim = grid.to_cells(middle + _OUT_TO_M * np.stack([np.cos(angles), np.sin(angles)], axis=1))
    return float(segments_clear(grid.solid, np.broadcast_to(grid.to_cells(middle), rim.shape), rim).mean())


def _on_route(site: Site, route: str, at_m: float, lots: Lots) -> Pose2:
    return SitePlaces(site, None, lots).on_route(Stretch(site.routes[route], at_m))

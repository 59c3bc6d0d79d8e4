"""Objects of inspection trials lie where their trial says: free all round, or against something."""

import math

import numpy as np
import pytest

from lepatrol import assembly
from lepatrol.evaluation.behaviour_spots import AFTER_M, BEFORE_M, spot_in_the_open
from lepatrol.evaluation.behaviour_stage import lots_of
from lepatrol.evaluation.scenario_run import map_of
from lepatrol.model.occupancy import OCCUPIED
from lepatrol.simulation.site_places import SitePlaces, Stretch


def is_open(grid, x, y, bearing):
    """Tell, by points 5 cm apart, whether nothing of the map lies within 6 m in a direction."""
    return all(grid.cells[grid.cell_at(x + away * math.cos(bearing), y + away * math.sin(bearing))] != OCCUPIED
               for away in np.arange(0.0, 6.0, 0.05))


@pytest.mark.parametrize('seed', [2, 4, 9, 11])  # Drawn at first: beside a sign, beneath one, where a walk ends.
@pytest.mark.parametrize('site', ['prison', 'border'])
def test_what_lies_in_the_open_is_seen_from_nearly_everywhere_and_keeps_no_waypoint_from_being_gone_to(site, seed):
    spot = spot_in_the_open(site, lots_of('inspect_free', seed))
    x, y = spot.pose.x_m, spot.pose.y_m
    grid = map_of(site, '', 'ugv')
    bearings = np.linspace(0.0, 2.0 * math.pi, 60, endpoint=False)
    assert np.mean([is_open(grid, x, y, bearing) for bearing in bearings]) > 0.75
    described = assembly.load_site(site)
    route = described.routes[spot.route]
    walked = SitePlaces(described, None, lots_of('walk', seed))
    ends = [walked.on_route(Stretch(route, spot.at_m + along)) for along in (-BEFORE_M, AFTER_M)]
    places = [*ends, *(described.waypoints[name] for name in route.waypoints)]
    assert min(math.dist((place.x_m, place.y_m), (x, y)) for place in places) > 4.4

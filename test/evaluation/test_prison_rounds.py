"""The rounds of the prison, outside and in the cell block, under pose noise, judged by ground truth.

Lidar only: pictures have no say in where the robot goes, and cost most of the time. ``lepatrol rounds`` goes as many
rounds as are asked for.
"""

import math

import numpy as np
import pytest
from shapely import STRtree, points
from world_footprints import ROOT, footprints, read_world

from lepatrol.assembly import load_site
from lepatrol.evaluation.lockstep import make_lockstep
from lepatrol.model.mission import MissionState
from lepatrol.model.navigation import NavigationState
from lepatrol.settings.patrol import PatrolSettings
from lepatrol.settings.robot import RobotSettings
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.settings.yaml_file import read_settings

ROBOT = read_settings(ROOT / 'config' / 'robots' / 'ugv.yaml', RobotSettings)
NO_PICTURES = PatrolSettings(photo_timeout_s=0.1)


class Surveyor:
    """Watches a loop from outside: where the robot truly was, and how far from its goals it said that it was there."""

    def __init__(self, site):
        self._site = site
        self.track_m = []
        self.misses_m = {}
        self.collisions = 0
        self._judged = -1

    def watch(self, loop):
        truth = loop.simulator.ground_truth('robot').planar()
        self.track_m.append((truth.x_m, truth.y_m))
        self.collisions += loop.simulator.in_collision('robot')
        feedback, status = loop.navigator.feedback, loop.patrol.status
        if feedback.state is NavigationState.REACHED and feedback.goal_id != self._judged:
            self._judged = feedback.goal_id
            waypoint = self._site.waypoints[status.waypoint]
            self.misses_m.setdefault(waypoint.name, math.dist((truth.x_m, truth.y_m), (waypoint.x_m, waypoint.y_m)))


@pytest.fixture(scope='module')
def standing():
    """Everything that stands as high as the robot, seen from above."""
    return STRtree([part.outline for part in footprints(read_world('prison'))
                    if part.low_m < 1.3 and part.high_m > 0.1])


@pytest.mark.parametrize(('route', 'seed', 'length_m'), [('perimeter', 0, 300.0), ('cells', 0, 200.0)])
def test_a_round_reaches_every_waypoint_and_keeps_clear_of_everything(route, seed, length_m, standing):
    loop = make_lockstep('prison', simulation=SimulationSettings(seed=seed, renderer='none'), patrol=NO_PICTURES)
    surveyor = Surveyor(load_site('prison'))
    try:
        assert loop.order(f'start {route}') == 'ok'
        assert loop.run(limit_s=1200.0, watch=surveyor.watch), loop.patrol.status
    finally:
        loop.simulator.close()
    status = loop.patrol.status
    assert status.state is MissionState.DONE
    assert all(miss.reason.startswith('photo: ') for miss in status.missed), status.missed
    assert status.distance_walked_m > length_m
    assert set(surveyor.misses_m) == set(load_site('prison').routes[route].waypoints)
    assert max(surveyor.misses_m.values()) < 0.3
    assert surveyor.collisions == 0
    _, room_m = standing.query_nearest(points(np.array(surveyor.track_m)), all_matches=False, return_distance=True)
    assert room_m.min() - ROBOT.footprint_radius_m >= 0.3

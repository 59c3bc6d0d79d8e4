"""A flight in the prison, judged by ground truth."""

import dataclasses
import math

import pytest

from lepatrol.assembly import load_site
from lepatrol.evaluation.lockstep import ROBOT, make_lockstep
from lepatrol.model.mission import MissionState
from lepatrol.model.observation import BatteryState
from lepatrol.settings.patrol import PatrolSettings
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.simulation.scene import Scene


class Observer:
    """Watches a loop from outside: where the drone truly was, and whether it touched anything or left the geofence."""

    def __init__(self, fence):
        self._fence = fence
        self.track_m = []
        self.collisions = self.breaks = 0

    def watch(self, loop):
        x, y, z = loop.simulator.ground_truth('robot').position_m
        self.track_m.append((x, y, z))
        self.collisions += loop.simulator.in_collision('robot')
        self.breaks += self._fence.outside_m(x, y) > 0.0 or z > self._fence.ceiling_m


def without_battery(scene):
    """Take the simulated battery out, so that the test alone tells how full it is."""
    return Scene(scene.world, {ROBOT: dataclasses.replace(scene.robots[ROBOT], battery=None)})


@pytest.fixture
def loop():
    loop = make_lockstep(
        'prison', 'uav', simulation=SimulationSettings(seed=3, renderer='none'),
        patrol=PatrolSettings(photo_timeout_s=0.1), prepare=without_battery)
    yield loop
    loop.close()


def test_a_drone_takes_off_flies_along_the_wall_and_lands_at_home_when_its_battery_is_low(loop):
    site = load_site('prison')
    observer = Observer(site.geofence)
    assert loop.order('start perimeter').startswith("refused: the route 'perimeter' is for robots on the ground")
    assert loop.order('start wall_air') == 'ok'
    while loop.patrol.status.visit < 2:
        loop.step()
        observer.watch(loop)
        assert loop.simulator.time_s < 60.0
    for name in ('air_vehicle_gate', 'air_visitor_gate'):
        waypoint = site.waypoints[name]
        assert min(math.dist(place, (waypoint.x_m, waypoint.y_m, waypoint.z_m)) for place in observer.track_m) < 0.6
    loop.patrol.on_battery(BatteryState(loop.simulator.time_s, 0.2, 14.0))
    while loop.patrol.status.state is not MissionState.PAUSED:
        loop.step()
        observer.watch(loop)
        assert loop.simulator.time_s < 120.0
    x, y, z = observer.track_m[-1]
    assert math.dist((x, y), (site.waypoints['home'].x_m, site.waypoints['home'].y_m)) < 0.7
    assert z < 0.4
    assert (observer.collisions, observer.breaks) == (0, 0)
    assert 'charging' in loop.patrol.status.message

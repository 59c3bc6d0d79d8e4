"""A run goes on until its mission is over and nothing is due any more."""

from types import SimpleNamespace

import pytest

from lepatrol.evaluation.scenario_run import _in_world, watch_loop, waypoints_missed
from lepatrol.model.geometry import Pose3
from lepatrol.model.mission import MissedWaypoint, MissionState, MissionStatus
from lepatrol.model.scenario import Scenario


class Loop:
    """Steps 1 s at a time; the mission is done at ``done_at_s``."""

    def __init__(self, done_at_s):
        self._done_at_s = done_at_s
        self.simulator = SimpleNamespace(
            time_s=0.0, ground_truth=lambda _: Pose3(), in_collision=lambda _: False)
        self.perimeter_alerts, self.masked = (), None

    @property
    def patrol(self):
        done = self.simulator.time_s >= self._done_at_s
        state = MissionState.DONE if done else MissionState.WALKING
        return SimpleNamespace(state=state)

    def step(self):
        self.simulator.time_s += 1.0


class Recorder:
    def __init__(self, settled_at_s):
        self._settled_at_s = settled_at_s

    def step(self, now_s, **_):
        self.now_s = now_s

    def is_settled(self, now_s):
        return now_s >= self._settled_at_s


@pytest.mark.parametrize(('done_at_s', 'settled_at_s', 'end_s'), [
    (30.0, 0.0, 30.0), (500.0, 0.0, 120.0), (30.0, 50.0, 50.0), (500.0, 150.0, 150.0), (30.0, 999.0, 180.0)],
    ids=['mission done', 'time over', 'waits after the mission', 'waits after the time', 'waits a minute at most'])
def test_it_ends_with_mission_or_time_and_waits_for_what_is_due(done_at_s, settled_at_s, end_s):
    loop = Loop(done_at_s)
    watch_loop(loop, Recorder(settled_at_s), 120.0)
    assert loop.simulator.time_s == end_s


def test_missed_waypoints_are_those_not_reached():
    missed = (
        MissedWaypoint('gate', 1, 'blocked'), MissedWaypoint('gate', 1, 'blocked'),
        MissedWaypoint('road', 1, 'photo: the road: none came'))
    assert waypoints_missed(MissionStatus(1.0, MissionState.DONE, missed=missed)) == 1
    for state in (MissionState.ABORTED, MissionState.PAUSED):
        assert waypoints_missed(MissionStatus(1.0, state, visit=3, visits=10, missed=missed)) == 8


def test_another_world_brings_its_own_site_where_it_has_one():
    scenario = Scenario('night', 'prison', 'prison')
    assert _in_world(scenario, None) is scenario
    moved = _in_world(scenario, 'bench_yard')
    assert (moved.world, moved.site) == ('bench_yard', 'bench_yard')
    moved = _in_world(scenario, 'my/prison_twin.sdf')
    assert (moved.world, moved.site) == ('my/prison_twin.sdf', 'prison')

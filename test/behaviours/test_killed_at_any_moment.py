"""A node that is killed at any moment of an errand and started again: the errand and the round come to their ends.

Any moment is any third tick of a run that nothing disturbs: the ways there, looks, pictures, docking and charging.
"""

import dataclasses

import pytest
from conduct_bench import ConductBench, guarded_site

from lepatrol.behaviours.case_store import CaseStore
from lepatrol.evaluation.visit_order import VisitOrder
from lepatrol.model.cases import CaseState
from lepatrol.model.dock import Dock
from lepatrol.model.geometry import Pose2
from lepatrol.model.mission import MissionState
from lepatrol.model.navigation import NavigationState
from lepatrol.model.observation import BatteryState
from lepatrol.planning.progress import ProgressStore

BAG, SPOT = 'robot-0001-bag', 'spot-1'
DEAD_S, CHARGED_IN_S, RAISED_EVERY_S = 1.5, 1.0, 0.5
DOCK = Dock(Pose2(0.0, -3.0, 0.0), approach_m=1.0)
EVERY = 3


class Life:
    """A robot whose nodes die: the world goes on meanwhile, and what a node only remembered is lost with it."""

    def __init__(self, folder, errand):
        self.stores = ProgressStore(folder / 'progress.json'), CaseStore(folder / 'cases.json')
        self.errand = errand
        self.share, self.docked_s, self.raised_s = 1.0, None, 0.0
        self.has_happened = self.is_blind = False
        self.ticks, self.captions, self.order = 0, [], VisitOrder()
        self.bench = self.born(100.0)
        self.sense()
        assert self.bench.command('start perimeter') == 'ok'

    def born(self, start_s):
        site = dataclasses.replace(guarded_site(), dock=DOCK)
        return ConductBench(*self.stores, site=site, start_s=start_s, walk_s=0.4)

    def sense(self):
        """Take the battery's state, and what perception goes on to see, into the patrol."""
        bench = self.bench
        here = (bench.goals[-1].x_m, bench.goals[-1].y_m) if bench.goals else None
        in_dock = here == (DOCK.pose.x_m, DOCK.pose.y_m) and bench._goal is None
        self.docked_s = (self.docked_s or bench.now_s) if in_dock else None
        if in_dock and bench.now_s - self.docked_s >= CHARGED_IN_S:
            self.share = 1.0
        bench.patrol.on_battery(BatteryState(bench.now_s, self.share, 24.0, in_dock))
        if self.errand == 'investigate' and self.has_happened and not self.is_blind and (
                bench.now_s - self.raised_s >= RAISED_EVERY_S):
            self.raised_s = bench.now_s
            bench.raise_alert(first_seen_s=101.0)

    def step(self):
        bench = self.bench
        photos = len(bench.photos)
        bench.step()
        self.captions += [photo.caption for photo in bench.photos[photos:]]
        self.order.step(bench.conduct.status)
        if not self.has_happened and bench.waypoint == 'tower':
            self.happen()
        self.sense()
        self.ticks += self.has_happened

    def happen(self):
        self.has_happened = True
        if self.errand == 'inspect':
            assert self.bench.command('inspect 20 5') == 'ok'
        elif self.errand == 'dock':
            self.share = 0.1

    def run(self, until, limit_s=120.0):
        end_s = self.bench.now_s + limit_s
        while not until():
            assert self.bench.now_s < end_s, f'still {self.bench.conduct.status}, {self.bench.conduct.cases}'
            self.step()

    def kill(self, victim):
        """Kill a node, let a while pass, and start it again."""
        bench = self.bench
        if victim == 'patrol':
            self.bench = self.born(bench.now_s + DEAD_S)
            self.bench.goals, self.bench._goal, self.bench._set_off_s = bench.goals[-1:], bench._goal, bench._set_off_s
            return
        if victim == 'navigator':
            bench._goal, bench.deaf = None, True
        else:
            self.is_blind, bench.perceives = True, False
        for _ in range(round(DEAD_S / 0.1)):
            self.step()
        if victim == 'navigator':
            bench._goal, bench.deaf = None, False
            bench.say(NavigationState.IDLE, goal_id=0)
        else:
            self.is_blind, bench.perceives = False, True
            bench.requests.clear()  # what was asked of the one that died, the other does not know

    @property
    def is_over(self):
        return self.bench.resting and not any(case.state.is_open for case in self.bench.conduct.cases)


@pytest.mark.parametrize('victim', ['patrol', 'navigator', 'perimeter'])
@pytest.mark.parametrize('errand', ['investigate', 'inspect', 'dock'])
def test_the_errand_and_the_round_come_to_their_ends_whenever_a_node_dies(tmp_path, errand, victim):
    calm = Life(tmp_path, errand)
    calm.run(lambda: calm.is_over)
    assert calm.ticks > 20
    for moment in range(2, calm.ticks, EVERY):  # an order is carried out, and on disk, before it is answered
        folder = tmp_path / str(moment)
        folder.mkdir()
        life = Life(folder, errand)
        life.run(lambda life=life, moment=moment: life.ticks >= moment)
        life.kill(victim)
        life.run(lambda life=life: life.is_over)
        status = life.bench.conduct.status
        assert (status.state, status.missed) == (MissionState.DONE, ()), moment
        if errand == 'investigate':
            assert life.bench.case(BAG).state is CaseState.CONFIRMED, moment
        elif errand == 'inspect':
            assert life.bench.case(SPOT).state is CaseState.INSPECTED, moment
        else:
            assert life.share == 1.0
        assert life.captions.count('the gate') == 1, moment
        assert life.order.holds, moment

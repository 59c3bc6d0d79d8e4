"""What holds whatever happens to a robot, in whatever order."""

import random

import pytest
from conduct_bench import ConductBench

from lepatrol.model.alerts import AlertKind, Severity
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.mission import MissionState
from lepatrol.model.navigation import NavigationState
from lepatrol.model.site import Waypoint

SEQUENCES, HAPPENINGS = 100, 100
"""10,000 random happenings in all."""
ORDERS = (
    'start perimeter rounds 2', 'start line', 'start hard', 'pause', 'resume', 'skip', 'stop', 'home', 'goto yard',
    'inspect 3 3', 'inspect 1000 0', 'approve a', 'confirm a', 'dismiss b for no reason', 'lockdown', 'release',
    'approve spot-1', 'nonsense')
KINDS = (AlertKind.ABANDONED_OBJECT, AlertKind.ZONE_INTRUSION, AlertKind.GATE_OPEN, AlertKind.RUNNING)
SILENT = (BehaviourKind.ESTOP, BehaviourKind.TELEOP)


class Witness:
    """Drive a bench at random, and look at what it does after every step."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        post = Waypoint('post', -5.0, -5.0) if seed % 2 else None
        self.bench = ConductBench(walk_s=self.chance.choice([0.2, 1.0, 3.0]), post=post, wait_s=5.0, hand_back_s=1.0)
        self.estop = False
        self.errands = {}

    def happen(self):
        bench, chance = self.bench, self.chance
        what = chance.randrange(12)
        if what < 4:
            self.order(chance.choice(ORDERS))
        elif what < 6:
            bench.raise_alert(
                chance.choice('abcdefgh'), chance.choice(KINDS),
                (chance.choice([5.0, 50.0, 1000.0]), chance.uniform(-9.0, 9.0)), severity=chance.choice(list(Severity)))
        elif what == 6:
            self.estop = not self.estop
            bench.conduct.on_estop(self.estop)
        elif what == 7:
            bench.conduct.on_teleop(bench.now_s)
        elif what == 8 and bench.goals:
            bench.say(chance.choice(list(NavigationState)), goal_id=bench.goals[-1].goal_id + chance.randrange(-1, 2))
        elif what == 9:
            bench.unreachable = chance.choice([{}, {(10.0, 10.0): 'a van'}, {(56.0, 0.0): 'a wall'}])
        elif what == 10:
            bench.deaf = chance.random() < 0.2
        for _ in range(chance.randrange(1, 8)):
            self.step()

    def order(self, text):
        before = self.bench.conduct.status
        reply = self.bench.command(text)
        assert reply == 'ok' or reply.startswith('refused: ')
        after = self.bench.conduct.status
        if reply != 'ok':
            assert (after.state, after.mission, after.waypoint) == (before.state, before.mission, before.waypoint)

    def step(self):
        bench = self.bench
        was_interrupted = bench.state is MissionState.INTERRUPTED and bench.mission
        sent = len(bench.goals)
        bench.step()
        holder = bench.behaviour
        if self.estop:
            assert holder is BehaviourKind.ESTOP, 'the e-stop wins within one tick'
        if holder in SILENT or holder is None:
            assert len(bench.goals) == sent, 'who does not drive sets no goal'
            assert bench._goal is None or bench.deaf, 'and leaves none at the navigator'
        if bench.conduct.status.behaviour is BehaviourKind.LOCKDOWN and len(bench.goals) > sent:
            assert bench.goals[-1].x_m == -5.0, 'in a lockdown the robot goes nowhere but to its post'
        if was_interrupted:
            assert bench.mission == was_interrupted, 'an interrupted mission is not lost'

    def settle(self):
        """Let everything come to its end, once nobody interferes any more."""
        bench = self.bench
        self.estop, bench.deaf, bench.unreachable = False, False, {}
        bench.conduct.on_estop(False)
        bench.command('release')
        bench.command('resume')
        bench.run(
            lambda: bench.behaviour is None and not any(case.state.is_open for case in bench.conduct.cases), 900.0)


@pytest.mark.parametrize('block', range(4))
def test_whatever_happens_one_behaviour_at_a_time_has_the_robot_and_nothing_is_lost(block):
    for seed in range(block, SEQUENCES, 4):
        witness = Witness(seed)
        for _ in range(HAPPENINGS):
            witness.happen()
        witness.settle()
        assert witness.bench.state in (
            MissionState.IDLE, MissionState.DONE, MissionState.STOPPED, MissionState.ABORTED)

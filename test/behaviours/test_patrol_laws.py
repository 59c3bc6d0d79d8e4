"""What holds whatever is said to a patrol, in whatever order."""

import math
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from patrol_bench import Bench

from lepatrol.model.geometry import Pose2
from lepatrol.model.mission import MissionState
from lepatrol.model.navigation import NavigationState
from lepatrol.model.site import Waypoint

ORDERS = st.sampled_from([
    'start perimeter rounds 2', 'start line forever random 3', 'start hard', 'start soft', 'start strict reversed',
    'pause', 'resume', 'skip', 'stop', 'home', 'goto yard', 'goto nowhere', 'start single forever'])
STEPS = st.integers(1, 30)
REPORTS = st.tuples(st.sampled_from(NavigationState), st.integers(-1, 3))
PHOTOS = st.floats(-10.0, 1.0)
JUMPS = st.sampled_from(['clock', 'stuck', 'free', 'deaf', 'poses', 'nan', 'camera'])
HAPPENINGS = st.lists(ORDERS | STEPS | STEPS | REPORTS | PHOTOS | JUMPS, max_size=40)


def happen(bench, what):
    if isinstance(what, int):
        for _ in range(what):
            before = bench.patrol.status.state
            output = bench.step()
            if before in (MissionState.PAUSED, MissionState.IDLE, MissionState.STOPPED, MissionState.DONE):
                assert output.goal is None
                assert output.photo is None
            assert not (output.goal and output.cancel)
    elif isinstance(what, tuple):
        bench.say(what[0], goal_id=(bench.goals[-1].goal_id if bench.goals else 5) + what[1] - 1)
    elif isinstance(what, float):
        bench.patrol.on_photo(bench.now_s + what, 'some.jpg')
    elif what == 'clock':
        bench.now_s = 0.0
    elif what in ('stuck', 'free'):
        bench.unreachable = dict.fromkeys([(10.0, 10.0), (1.0, 1.0), (2.0, 2.0)] if what == 'stuck' else [], 'a van')
    elif what == 'deaf':
        bench.deaf = not bench.deaf
    elif what == 'camera':
        bench.camera = not bench.camera
    elif what == 'poses':
        bench.patrol.on_mission([Waypoint('pose-1', 1.0, 5.0), Waypoint('pose-2', 2.0, 5.0)], bench.now_s)
    elif what == 'nan':
        bench.patrol.on_goto_pose(Pose2(math.nan, 0.0), bench.now_s)
    else:
        before = bench.patrol.status
        reply = bench.command(what)
        assert reply == 'ok' or reply.startswith('refused: ')
        if reply != 'ok':
            after = bench.patrol.status
            assert (after.state, after.mission, after.waypoint) == (before.state, before.mission, before.waypoint)


@settings(max_examples=150, deadline=None)
@given(happenings=HAPPENINGS)
def test_a_patrol_never_breaks_and_walks_only_when_it_should(happenings):
    bench = Bench(photo_timeout_s=1.0, goal_retry_s=0.5)
    for what in happenings:
        happen(bench, what)
        status = bench.patrol.status
        assert 0 <= status.visit <= status.visits
        assert bool(bench.patrol.plan) == (not bench.resting)
    ids = list(dict.fromkeys(goal.goal_id for goal in bench.goals))
    assert all(earlier < later for earlier, later in pairwise(ids))
    places = {}
    for goal in bench.goals:
        assert places.setdefault(goal.goal_id, goal) == goal, 'an id was used for two goals'


@settings(max_examples=60, deadline=None)
@given(happenings=HAPPENINGS)
def test_after_anything_a_new_mission_is_walked_to_its_end(happenings):
    bench = Bench(photo_timeout_s=1.0, goal_retry_s=0.5)
    for what in happenings:
        happen(bench, what)
    bench.deaf, bench.camera, bench.unreachable = False, True, {}
    assert bench.command('start perimeter') == 'ok'
    bench.run_to_rest()
    assert (bench.state, bench.missed) == (MissionState.DONE, ())

import math
import time

import numpy as np
import pytest
from patrol_bench import Bench, small_site

from lepatrol.model.geometry import Pose2
from lepatrol.model.mission import MissionState
from lepatrol.model.navigation import NavigationState
from lepatrol.model.site import Waypoint

GATE, TOWER, YARD, HOME = (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)


def test_a_new_patrol_is_idle_and_asks_for_nothing():
    bench = Bench()
    output = bench.step()
    assert (output.goal, output.cancel, output.photo) == (None, False, None)
    assert bench.state is MissionState.IDLE
    assert bench.patrol.plan == ()
    assert bench.patrol.mission is None


def test_a_closed_route_is_walked_back_to_its_first_waypoint():
    bench = Bench()
    assert bench.command('start perimeter') == 'ok'
    bench.run_to_rest()
    assert bench.state is MissionState.DONE
    assert bench.places == [GATE, TOWER, YARD, GATE]
    assert (bench.visit, bench.visits, bench.missed) == (4, 4, ())


def test_actions_are_done_in_order_and_not_again_at_the_end_of_the_round():
    bench = Bench()
    bench.command('start perimeter')
    bench.run(lambda: bench.state is MissionState.ACTING)
    assert bench.action == 'wait 1 s'
    bench.run(lambda: bench.action == 'photo: the gate')
    bench.run(lambda: bench.action.startswith('look'))
    bench.run_to_rest()
    headings = [goal.yaw_rad for goal in bench.goals if (goal.x_m, goal.y_m) == GATE]
    assert headings == [None, math.pi / 2, 0.0, 1.0, None]
    photo, = bench.photos
    assert (photo.waypoint, photo.round, photo.caption) == ('gate', 1, 'the gate')


def test_every_round_does_the_actions():
    bench = Bench()
    bench.command('start perimeter rounds 3')
    bench.run_to_rest()
    assert [photo.round for photo in bench.photos] == [1, 2, 3]
    assert (bench.round, bench.rounds) == (3, 3)


def test_a_patrol_for_ever_goes_on():
    bench = Bench()
    bench.command('start single forever')
    bench.run(lambda: bench.round == 6)
    assert bench.state is MissionState.WALKING
    assert bench.rounds is None


def test_a_wait_lasts_as_long_as_it_says():
    bench = Bench()
    bench.command('goto tower')
    bench.run_to_rest()
    bench.command('start perimeter')
    bench.run(lambda: bench.action == 'wait 1 s')
    began_s = bench.now_s
    bench.run(lambda: bench.action != 'wait 1 s')
    assert bench.now_s - began_s == pytest.approx(1.0, abs=0.01)


def test_the_plan_shrinks_as_the_round_goes_on():
    bench = Bench()
    bench.command('start line')
    assert [point.name for point in bench.patrol.plan] == ['tower', 'yard', 'home']
    bench.run(lambda: bench.waypoint == 'home')
    assert [point.name for point in bench.patrol.plan] == ['home']
    bench.run_to_rest()
    assert bench.patrol.plan == ()


def test_a_mission_of_poses_is_walked_once():
    bench = Bench()
    bench.patrol.on_mission([Waypoint('pose-1', 1.0, 2.0, 0.5), Waypoint('pose-2', 3.0, 4.0)], bench.now_s)
    assert bench.reply == 'ok'
    bench.run_to_rest()
    assert bench.places == [(1.0, 2.0), (3.0, 4.0)]
    assert bench.goals[0].yaw_rad == 0.5
    assert bench.mission == 'poses'


def test_ten_thousand_poses_are_taken_at_once_and_one_more_is_refused():
    bench = Bench()
    poses = [Waypoint(f'pose-{i}', float(i), 0.0) for i in range(10_001)]
    began_s = time.perf_counter()
    bench.patrol.on_mission(poses[:-1], bench.now_s)
    bench.run_for(1.0)
    assert time.perf_counter() - began_s < 2.0
    assert (bench.reply, bench.visits) == ('ok', 10_000)
    bench.patrol.on_mission(poses, bench.now_s)
    assert 'at most 10000' in bench.reply
    assert bench.visits == 10_000


def test_a_pose_clicked_in_rviz_is_gone_to_with_its_heading():
    bench = Bench()
    bench.patrol.on_goto_pose(Pose2(5.0, 6.0, 1.5), bench.now_s)
    bench.run_to_rest()
    assert [(goal.x_m, goal.y_m, goal.yaw_rad) for goal in bench.goals] == [(5.0, 6.0, 1.5)]
    assert bench.state is MissionState.DONE


def test_a_goal_is_sent_again_until_the_navigator_names_it():
    bench = Bench(goal_retry_s=1.0)
    bench.deaf = True
    bench.command('goto tower')
    bench.run_for(3.55)
    assert len(bench.goals) == 4
    assert len({goal.goal_id for goal in bench.goals}) == 1
    assert 'not answered' in bench.message
    bench.say(NavigationState.MOVING)
    bench.run_for(3.0)
    assert len(bench.goals) == 4
    bench.say(NavigationState.IDLE, goal_id=0)
    bench.step()
    assert len(bench.goals) == 5, 'a navigator that was started again must be told again'


def test_answers_about_older_goals_are_passed_over():
    bench = Bench()
    bench.deaf = True
    bench.command('goto tower')
    bench.step()
    old = bench.goals[-1].goal_id
    bench.command('goto yard')
    bench.step()
    bench.say(NavigationState.FAILED, goal_id=old, reason='stale')
    bench.say(NavigationState.REACHED, goal_id=old)
    bench.run_for(0.3)
    assert (bench.state, bench.waypoint, bench.missed) == (MissionState.WALKING, 'yard', ())


def test_goal_ids_rise_also_when_the_clock_jumps_back():
    bench = Bench()
    bench.command('start perimeter rounds 2')
    bench.run(lambda: bench.waypoint == 'yard')
    bench.now_s = 0.0
    bench.run_to_rest()
    ids = list(dict.fromkeys(goal.goal_id for goal in bench.goals))
    assert all(earlier < later for earlier, later in zip(ids, ids[1:], strict=False))
    assert ids[0] > 0


def test_a_clock_that_jumps_back_does_not_hang_a_wait():
    bench = Bench()
    bench.command('start perimeter')
    bench.run(lambda: bench.action == 'wait 1 s')
    bench.now_s = 0.0
    bench.run(lambda: bench.action != 'wait 1 s', limit_s=1.5)


@pytest.mark.parametrize('state', [NavigationState.BLOCKED, NavigationState.HELD])
def test_a_held_robot_is_told_of_and_not_counted_as_failed(state):
    bench = Bench()
    bench.deaf = True
    bench.command('goto tower')
    bench.step()
    bench.say(state, reason='the e-stop is pressed')
    bench.run_for(60.0)
    assert bench.message == f'{state.value}: the e-stop is pressed'
    assert (bench.state, bench.missed) == (MissionState.WALKING, ())


def test_a_goal_cancelled_by_somebody_else_is_set_again():
    bench = Bench()
    bench.stuck.add(TOWER)
    bench.command('goto tower')
    bench.run_for(0.3)
    first = bench.goals[-1].goal_id
    bench.deaf = True
    bench.say(NavigationState.CANCELLED)
    bench.run_for(2.5)
    assert bench.goals[-1].goal_id > first
    assert bench.missed == ()


def test_standing_still_in_noise_adds_no_distance_and_walking_adds_what_it_is():
    rng = np.random.default_rng(3)
    bench = Bench()
    bench.stuck.add(TOWER)
    bench.command('goto tower')
    for noise in rng.normal(0.0, 0.02, (5000, 2)):
        bench.stand_at(*noise)
    assert bench.distance_walked_m == 0.0
    for metres, noise in zip(np.arange(0.0, 50.0, 0.05), rng.normal(0.0, 0.02, (1000, 2)), strict=True):
        bench.stand_at(metres + noise[0], noise[1])
    assert bench.distance_walked_m == pytest.approx(50.0, rel=0.02)


def test_poses_that_are_no_numbers_or_jump_add_no_distance():
    bench = Bench()
    bench.stuck.add(TOWER)
    bench.command('goto tower')
    for x in (0.0, math.nan, math.inf, 1.0, 100.0, 101.0):
        bench.stand_at(x, 0.0)
    assert bench.distance_walked_m == pytest.approx(2.0)


def test_two_patrols_in_one_process_do_not_disturb_each_other():
    site = small_site()
    one, two = Bench(site=site), Bench(site=site)
    one.command('start perimeter')
    two.command('start line')
    while not (one.resting and two.resting):
        one.step()
        two.step()
        assert one.now_s < 300.0
    assert one.places == [GATE, TOWER, YARD, GATE]
    assert two.places == [TOWER, YARD, HOME]

"""What each order does in each state, and which are refused."""

import math

import pytest
from patrol_bench import Bench

from lepatrol.model.geometry import Pose2
from lepatrol.model.mission import MissedWaypoint, MissionState
from lepatrol.model.navigation import NavigationState
from lepatrol.model.site import Waypoint

GATE, TOWER, YARD, HOME = (10.0, 0.0), (10.0, 10.0), (0.0, 10.0), (0.0, 0.0)


def walking(**kinds):
    bench = Bench(**kinds)
    bench.stuck.add(TOWER)
    bench.command('start line')
    bench.run_for(0.5)
    assert bench.state is MissionState.WALKING
    return bench


@pytest.mark.parametrize(('text', 'hint'), [
    ('start perimetr', "'perimeter'"), ('start nowhere_at_all', 'known are: perimeter'), ('goto towr', "'tower'"),
    ('start perimeter rounds -1', 'it must be from 1'), ('start perimeter rounds 0', 'it must be from 1'),
    ('pause', 'nothing to pause, the patrol is idle'), ('resume', 'nothing to resume'), ('skip', 'nothing to skip'),
    ('stop', 'nothing to stop'), ('\x00\x01', 'unknown command'), ('', 'empty')])
def test_an_order_that_cannot_be_carried_out_is_refused_with_the_reason(text, hint):
    bench = Bench()
    reply = bench.command(text)
    assert reply.startswith('refused: ')
    assert hint in reply
    assert bench.reply_to == text
    assert bench.step().goal is None
    assert bench.state is MissionState.IDLE


def test_a_refused_order_does_not_disturb_the_mission():
    bench = walking()
    sent = len(bench.goals)
    for text in ('start nowhere', 'goto nowhere', 'resume', 'fly'):
        assert bench.command(text).startswith('refused')
        bench.patrol.on_mission([], bench.now_s)
        bench.run_for(0.3)
    assert (bench.state, bench.waypoint, len(bench.goals), bench.cancels) == (MissionState.WALKING, 'tower', sent, [])


def test_an_empty_mission_and_one_that_is_no_number_are_refused():
    bench = Bench()
    bench.patrol.on_mission([], bench.now_s)
    assert 'no poses' in bench.reply
    bench.patrol.on_mission([Waypoint('pose-1', 0.0, 0.0), Waypoint('pose-2', math.nan, 0.0)], bench.now_s)
    assert 'pose-2' in bench.reply
    bench.patrol.on_goto_pose(Pose2(0.0, math.inf), bench.now_s)
    assert 'goal-pose' in bench.reply
    assert bench.state is MissionState.IDLE


def test_a_message_that_its_receiver_rejects_is_answered_like_an_order():
    bench = walking()
    bench.patrol.refuse('mission of 3 poses', "its frame is 'odom', expected 'map'")
    assert (bench.reply_to, bench.reply) == ('mission of 3 poses', "refused: its frame is 'odom', expected 'map'")
    assert bench.state is MissionState.WALKING


def test_a_long_order_is_quoted_in_part():
    bench = Bench()
    bench.command('x' * 100_000)
    assert len(bench.reply_to) <= 256
    assert len(bench.reply) <= 1000


def test_start_replaces_the_mission_and_its_goal():
    bench = walking()
    old = bench.goals[-1].goal_id
    assert bench.command('start perimeter') == 'ok'
    output = bench.step()
    assert (output.goal.x_m, output.goal.y_m) == GATE
    assert output.goal.goal_id > old
    assert not output.cancel, 'a cancel could overtake the new goal'
    assert (bench.mission, bench.round, bench.visit) == ('perimeter', 1, 0)


def test_pause_cancels_once_and_resume_walks_on():
    bench = walking()
    assert bench.command('pause') == 'ok'
    assert bench.step().cancel
    bench.run_for(10.0)
    assert len(bench.cancels) == 1
    assert (bench.state, bench.waypoint) == (MissionState.PAUSED, 'tower')
    old = bench.goals[-1].goal_id
    assert bench.command('resume') == 'ok'
    output = bench.step()
    assert (output.goal.x_m, output.goal.y_m) == TOWER
    assert output.goal.goal_id > old
    assert bench.state is MissionState.WALKING


def test_a_cancel_that_was_lost_is_sent_again():
    bench = walking(goal_retry_s=1.0)
    bench.command('pause')
    bench.step()
    bench.deaf = True
    for _ in range(25):
        bench.say(NavigationState.MOVING)
        bench.step()
    assert len(bench.cancels) == 3
    bench.say(NavigationState.CANCELLED)
    bench.run_for(5.0)
    assert len(bench.cancels) == 3


def test_pause_in_an_action_keeps_the_finished_ones_and_begins_that_one_anew():
    bench = Bench()
    bench.command('start perimeter')
    bench.run(lambda: bench.action.startswith('look'))
    bench.run_for(0.6)
    bench.command('pause')
    bench.run_for(5.0)
    assert bench.state is MissionState.PAUSED
    sent = len(bench.goals)
    bench.command('resume')
    bench.run(lambda: bench.waypoint == 'tower')
    assert len(bench.photos) == 1
    assert [goal.yaw_rad for goal in bench.goals[sent:-1]] == [None, 0.0, 1.0]


def test_a_photo_that_comes_while_paused_is_not_taken_twice():
    bench = Bench()
    bench.camera = False
    bench.command('start perimeter')
    bench.run(lambda: bench.photos)
    bench.command('pause')
    bench.step()
    bench.patrol.on_photo(bench.now_s, 'late.jpg')
    bench.command('resume')
    bench.run_to_rest()
    assert len(bench.photos) == 1
    assert bench.missed == ()


@pytest.mark.parametrize(('order', 'reason'), [('pause', 'paused already'), ('resume', 'nothing to resume')])
def test_pause_twice_and_resume_after_the_end_are_refused(order, reason):
    bench = walking()
    bench.command('pause')
    if order == 'resume':
        bench.command('stop')
    assert reason in bench.command(order)


def test_resume_without_pause_is_refused():
    assert 'not paused, it is walking' in walking().command('resume')


def test_stop_ends_the_mission_also_while_paused():
    bench = walking()
    bench.command('stop')
    assert bench.step().cancel
    assert (bench.state, bench.message) == (MissionState.STOPPED, 'stopped by the operator')
    bench.command('start line')
    bench.step()
    bench.command('pause')
    bench.step()
    assert bench.command('stop') == 'ok'
    sent = len(bench.goals)
    bench.run_for(5.0)
    assert (bench.state, len(bench.goals)) == (MissionState.STOPPED, sent)
    assert 'the patrol is stopped' in bench.command('stop')


def test_skip_on_the_way_leaves_the_waypoint_out():
    bench = walking()
    assert bench.command('skip') == 'ok'
    bench.run_to_rest()
    assert bench.places == [TOWER, YARD, HOME]
    assert bench.missed == (MissedWaypoint('tower', 1, 'skipped by the operator'),)
    assert bench.state is MissionState.DONE


def test_skip_in_an_action_leaves_out_the_rest_of_them():
    bench = Bench()
    bench.command('start perimeter')
    bench.run(lambda: bench.action == 'wait 1 s')
    bench.command('skip')
    bench.step()
    assert bench.waypoint == 'tower'
    assert (bench.photos, bench.missed) == ([], ())


@pytest.mark.parametrize('acting', [True, False])
def test_skip_while_paused_goes_to_the_next_waypoint_and_stays_paused(acting):
    bench = Bench()
    bench.command('start perimeter')
    bench.run(lambda: bench.state is MissionState.ACTING if acting else bench.goals)
    bench.command('pause')
    bench.command('skip')
    bench.run_for(1.0)
    assert (bench.state, bench.waypoint, len(bench.missed)) == (MissionState.PAUSED, 'tower', 0 if acting else 1)


def test_skipping_the_last_waypoint_ends_the_mission():
    bench = Bench()
    bench.stuck.add(TOWER)
    bench.command('goto tower')
    bench.step()
    bench.command('skip')
    assert bench.state is MissionState.DONE
    assert bench.step().cancel


def test_home_ends_the_mission_and_goes_home():
    bench = walking()
    bench.command('home')
    bench.step()
    assert (bench.state, bench.waypoint, bench.mission) == (MissionState.GOING_HOME, 'home', 'line')
    assert 'way home' in bench.command('skip')
    bench.run_to_rest()
    assert (bench.state, bench.message) == (MissionState.IDLE, 'at home')
    assert bench.goals[-1].yaw_rad == 0.0


def test_the_way_home_can_be_paused():
    bench = walking()
    bench.command('home')
    bench.command('pause')
    bench.run_for(2.0)
    assert bench.state is MissionState.PAUSED
    bench.command('resume')
    assert bench.state is MissionState.GOING_HOME
    bench.run_to_rest()
    assert bench.state is MissionState.IDLE


def test_goto_goes_there_and_does_nothing_there():
    bench = walking()
    bench.command('goto gate')
    bench.run_to_rest()
    assert bench.places == [TOWER, GATE]
    assert (bench.state, bench.mission, bench.photos) == (MissionState.DONE, 'goto gate', [])

"""What has Nav2 drive: goals, their ends, and the gate that holds whatever Nav2 does."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nav2_bench import ROBOT, SETTINGS, Drive

from lepatrol.control.nav2_errors import failure_words
from lepatrol.model.action_goal import Ending, Order
from lepatrol.model.geometry import STOP, Pose2, Twist
from lepatrol.model.navigation import NavigationState
from lepatrol.model.site import Zone, ZoneKind

MOVING, HELD, BLOCKED = NavigationState.MOVING, NavigationState.HELD, NavigationState.BLOCKED
REACHED, FAILED, CANCELLED = NavigationState.REACHED, NavigationState.FAILED, NavigationState.CANCELLED


def under_way(**navigator):
    drive = Drive(**navigator)
    drive.step(0.2)
    drive.goal()
    drive.step(1.5)
    assert drive.feedback.state is MOVING
    assert drive.twist == drive.wanted
    return drive


def brakes(drive):
    drive.step(0.6)
    return drive.twist == STOP


def test_a_goal_goes_to_nav2_and_nav2s_velocity_to_the_wheels_until_it_is_reached():
    drive = under_way()
    (order,) = drive.nav2.sent
    assert order.pose == Pose2(5.0, 0.0, 0.0)
    assert (drive.feedback.goal_id, drive.feedback.distance_remaining_m) == (1, 3.0)
    drive.place = (5.1, 0.0, 0.0)
    drive.step()
    order.end(Ending.SUCCEEDED)
    drive.step()
    assert (drive.feedback.goal_id, drive.feedback.state) == (1, REACHED)
    assert brakes(drive)


def test_nothing_nav2_wants_moves_the_robot_without_a_goal_of_the_patrols():
    drive = Drive()
    drive.step(2.0)
    assert drive.twist == STOP
    assert drive.feedback.state is NavigationState.IDLE
    drive.nav2.silent = True
    drive.goal()
    drive.step(2.0)
    assert drive.twist == STOP
    assert drive.feedback.state is HELD
    assert drive.feedback.reason == 'waiting for Nav2 to take the goal'


def test_without_a_heading_nav2_is_given_that_of_the_way_there():
    drive = Drive()
    drive.place = (1.0, 1.0, 0.3)
    drive.step(0.2)
    drive.goal(1.0, 4.0, None)
    drive.step()
    assert drive.nav2.sent[-1].pose == Pose2(1.0, 4.0, pytest.approx(math.pi / 2))
    drive.goal(1.0, 1.0, None, goal_id=2)
    drive.step()
    assert drive.nav2.sent[-1].pose.yaw_rad == 0.3


@pytest.mark.parametrize(('code', 'message', 'words'), [
    (105, '', 'Nav2 gave up: the robot made no progress (FAILED_TO_MAKE_PROGRESS 105)'),
    (204, 'x\n y', 'Nav2 gave up: the goal is outside its map (GOAL_OUTSIDE_MAP 204): x y'),
    (0, '', 'Nav2 gave up: it gave no reason'),
    (4711, '', 'Nav2 gave up: for a reason not known here (error 4711)'),
])
def test_an_aborted_goal_fails_in_words(code, message, words):
    drive = under_way()
    drive.nav2.sent[0].end(Ending.ABORTED, code, message)
    drive.step()
    assert (drive.feedback.state, drive.feedback.reason) == (FAILED, words)
    assert brakes(drive)


def test_a_message_without_end_is_cut_and_a_lost_result_is_a_failure():
    order = Order(1, Pose2(0.0, 0.0))
    order.end(Ending.ABORTED, 208, 'x' * 5000)
    assert len(failure_words(order)) < 300
    drive = under_way()
    drive.nav2.sent[0].end(Ending.LOST)
    drive.step()
    assert (drive.feedback.state, drive.feedback.reason) == (FAILED, 'Nav2 gave up: its result did not come')


def test_a_goal_that_somebody_else_cancels_is_told_as_cancelled():
    drive = under_way()
    drive.nav2.sent[0].end(Ending.CANCELED)
    drive.step()
    assert (drive.feedback.state, drive.feedback.reason) == (CANCELLED, 'cancelled at Nav2, not by the patrol')


def test_a_cancel_stops_the_robot_whatever_nav2_does_and_what_nav2_says_of_it_later_counts_for_nothing():
    drive = under_way()
    (order,) = drive.nav2.sent
    drive.nav2.obeys = False
    drive.navigator.on_cancel(drive.now_s, 'the patrol cancelled it')
    assert drive.nav2.cancelled == [order]
    assert brakes(drive)
    order.end(Ending.SUCCEEDED)
    drive.step(1.0)
    assert (drive.feedback.goal_id, drive.feedback.state) == (1, CANCELLED)
    assert drive.twist == STOP


def test_a_goal_cancelled_before_nav2_answers_is_cancelled_when_it_does():
    drive = Drive()
    drive.step(0.2)
    drive.nav2.silent = True
    drive.goal()
    drive.step()
    (order,) = drive.nav2.sent
    drive.navigator.on_cancel(drive.now_s, '')
    drive.step(0.5)
    asked = len(drive.nav2.cancelled)
    order.answer(True)
    drive.step()
    assert drive.nav2.cancelled[asked:] == [order]
    assert order.ending is Ending.CANCELED


def test_a_cancel_that_was_lost_is_said_again():
    drive = under_way()
    drive.nav2.obeys = False
    drive.navigator.on_cancel(drive.now_s, '')
    drive.step(2.5 * SETTINGS.retry_s)
    assert len(drive.nav2.cancelled) == 3
    drive.nav2.obeys = True
    drive.step(SETTINGS.retry_s)
    drive.step(10.0)
    assert len(drive.nav2.cancelled) == 4


def test_a_second_goal_waits_until_nav2_has_given_up_the_first():
    drive = under_way()
    drive.nav2.obeys = False
    drive.goal(0.0, 5.0, goal_id=2)
    drive.step(1.0)
    assert len(drive.nav2.sent) == 1
    assert (drive.feedback.goal_id, drive.feedback.state) == (2, HELD)
    assert 'has not given up the last goal' in drive.feedback.reason
    assert drive.twist == STOP
    drive.nav2.sent[0].end(Ending.ABORTED, 105)
    drive.step(0.2)
    assert drive.nav2.sent[1].pose == Pose2(0.0, 5.0, 0.0)
    assert (drive.feedback.goal_id, drive.feedback.state) == (2, MOVING)


def test_a_goal_that_nav2_never_gives_up_holds_the_next_one_only_so_long():
    drive = under_way()
    drive.nav2.obeys = False
    drive.goal(goal_id=2)
    drive.step(SETTINGS.cancel_timeout_s + 0.2)
    assert len(drive.nav2.sent) == 2


def test_of_two_quick_goals_only_the_second_is_driven_to():
    drive = Drive()
    drive.step(0.2)
    drive.nav2.silent = True
    drive.goal(1.0, 0.0, goal_id=1)
    drive.goal(2.0, 0.0, goal_id=2)
    first = drive.nav2.sent[0]
    first.answer(True)
    drive.nav2.silent = False
    drive.step(0.2)
    assert first.ending is Ending.CANCELED
    assert [order.pose.x_m for order in drive.nav2.driving] == [2.0]
    assert (drive.feedback.goal_id, drive.feedback.state) == (2, MOVING)
    first.end(Ending.SUCCEEDED)
    drive.step()
    assert drive.feedback.state is MOVING


def test_a_goal_that_is_said_again_changes_nothing_not_even_when_it_is_over():
    drive = under_way()
    drive.goal()
    drive.step(1.0)
    assert len(drive.nav2.sent) == 1
    drive.nav2.sent[0].end(Ending.ABORTED, 208)
    drive.step()
    drive.goal()
    drive.step(1.0)
    assert drive.feedback.state is FAILED
    assert len(drive.nav2.sent) == 1


@pytest.mark.parametrize('bad', [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize('which', range(3))
def test_a_goal_that_is_not_finite_fails_and_never_reaches_nav2(bad, which):
    drive = Drive()
    drive.step(0.2)
    drive.goal(*[bad if n == which else 1.0 for n in range(3)])
    drive.step(0.2)
    assert drive.feedback.state is FAILED
    assert 'is not finite' in drive.feedback.reason
    assert drive.nav2.sent == []


def test_a_nav2_that_is_not_there_is_waited_for_then_the_goal_fails():
    drive = Drive()
    drive.nav2.there = False
    drive.step(0.2)
    drive.goal()
    drive.step(SETTINGS.server_timeout_s - 1.0)
    assert drive.feedback.state is HELD
    assert drive.feedback.reason == 'waiting for Nav2: its action navigate_to_pose is not there'
    drive.step(1.5)
    assert drive.feedback.state is FAILED
    assert drive.feedback.reason == 'Nav2 takes no goal for 20 s: its action navigate_to_pose is not there'
    drive.nav2.there = True
    drive.goal(goal_id=2)
    drive.step(0.2)
    assert drive.feedback.state is MOVING


def test_a_nav2_that_rejects_goals_is_asked_again_now_and_then_then_the_goal_fails():
    drive = Drive()
    drive.nav2.takes = False
    drive.step(0.2)
    drive.goal()
    drive.step(5.0)
    assert drive.feedback.state is HELD
    assert 'is bt_navigator active?' in drive.feedback.reason
    assert 4 <= len(drive.nav2.sent) <= 6
    drive.step(SETTINGS.server_timeout_s)
    assert drive.feedback.state is FAILED
    assert 'is bt_navigator active?' in drive.feedback.reason


def test_a_nav2_that_becomes_active_takes_the_waiting_goal():
    drive = Drive()
    drive.nav2.takes = False
    drive.step(0.2)
    drive.goal()
    drive.step(3.0)
    drive.nav2.takes = True
    drive.step(2.0)
    assert drive.feedback.state is MOVING


def test_a_nav2_that_never_answers_fails_the_goal():
    drive = Drive()
    drive.nav2.silent = True
    drive.step(0.2)
    drive.goal()
    drive.step(SETTINGS.answer_timeout_s + 0.2)
    assert (drive.feedback.state, drive.feedback.reason) == (FAILED, 'Nav2 has not answered for 5 s')


def test_a_nav2_that_vanishes_mid_goal_stops_the_robot_and_fails_the_goal():
    drive = under_way()
    drive.nav2.there, drive.wanted = False, None
    drive.step(SETTINGS.command_timeout_s)
    assert brakes(drive)
    assert drive.feedback.state is MOVING
    drive.step(SETTINGS.vanish_timeout_s)
    assert drive.feedback.state is FAILED
    assert drive.feedback.reason == 'Nav2 has vanished: its action navigate_to_pose is gone'


def test_a_nav2_that_is_gone_for_a_moment_is_forgiven():
    drive = under_way()
    drive.nav2.there = False
    drive.step(SETTINGS.vanish_timeout_s - 0.5)
    drive.nav2.there = True
    drive.step(5.0)
    assert drive.feedback.state is MOVING


def test_a_nav2_that_drives_on_without_a_word_is_cancelled_and_the_goal_fails():
    drive = under_way()
    drive.speaks = False
    drive.step(SETTINGS.silence_timeout_s + 0.2)
    assert (drive.feedback.state, drive.feedback.reason) == (FAILED, 'Nav2 has said nothing of the goal for 10 s')
    assert drive.nav2.driving == []
    assert brakes(drive)


def test_an_estop_holds_takes_the_goal_back_and_gives_it_again_after_its_release():
    drive = under_way()
    drive.navigator.on_estop(True, drive.now_s)
    drive.step()
    assert drive.twist == STOP
    assert drive.feedback.state is HELD
    assert 'e-stop' in drive.feedback.reason
    assert drive.nav2.driving == []
    drive.step(60.0)
    assert drive.feedback.state is HELD
    drive.navigator.on_estop(False, drive.now_s)
    drive.step(2.0)
    assert drive.feedback.state is MOVING
    assert drive.twist == drive.wanted
    assert len(drive.nav2.sent) == 2


def test_the_operator_takes_over_from_nav2_and_hands_back():
    drive = under_way()
    for _ in range(50):
        drive.navigator.on_teleop(Twist(0.2, -0.4), drive.now_s)
        drive.step()
    assert drive.twist == Twist(0.2, -0.4)
    assert (drive.feedback.state, drive.feedback.reason) == (HELD, 'teleop drives')
    assert drive.nav2.driving == []
    drive.step(4.0)
    assert drive.feedback.state is MOVING
    assert drive.twist == drive.wanted


@pytest.mark.parametrize('sense', ['sees', 'knows'])
def test_a_silent_sensor_holds_whatever_nav2_wants(sense):
    drive = under_way()
    setattr(drive, sense, False)
    drive.step(1.0)
    assert drive.twist == STOP
    assert drive.feedback.state is HELD
    setattr(drive, sense, True)
    drive.step(2.0)
    assert drive.feedback.state is MOVING


def test_nobody_else_may_publish_the_robots_velocity():
    drive = under_way()
    drive.navigator.on_rivals(['/collision_monitor'])
    assert brakes(drive)
    assert drive.feedback.state is HELD
    assert drive.feedback.reason.startswith('/collision_monitor would drive past the gate')
    assert drive.nav2.driving == []
    drive.navigator.on_rivals([])
    drive.step(2.0)
    assert drive.feedback.state is MOVING


def test_something_right_before_the_robot_stops_it_whatever_nav2_wants():
    drive = under_way()
    drive.ranges = drive.ranges.copy()
    drive.ranges[14:17] = 0.5
    drive.step(0.2)
    assert drive.twist.linear_x_m_s == 0.0
    assert drive.feedback.state is BLOCKED
    assert 'collision stop' in drive.feedback.reason
    assert len(drive.nav2.driving) == 1


def test_slow_zones_slow_nav2_too_before_the_robot_is_in_them():
    zone = Zone('z', ZoneKind.SLOW, ((2.0, -1.0), (4.0, -1.0), (4.0, 1.0), (2.0, 1.0)), speed_limit_m_s=0.4)
    drive = under_way(slow_zones=[zone])
    drive.place = (1.8, 0.0, 0.0)
    drive.step(1.5)
    assert drive.twist == Twist(pytest.approx(0.4), pytest.approx(0.1))
    drive.place = (4.5, 0.0, 0.0)
    drive.step(1.5)
    assert drive.twist == drive.wanted


def test_a_velocity_that_grows_old_or_is_no_number_stops_the_robot():
    drive = under_way()
    drive.wanted = Twist(math.nan, 0.0)
    drive.step()
    assert drive.twist == STOP
    assert 'not finite' in drive.feedback.reason
    drive = under_way()
    drive.wanted = None
    drive.step(SETTINGS.command_timeout_s)
    assert brakes(drive)


def test_an_arrival_far_from_the_goal_is_none():
    drive = under_way()
    drive.nav2.sent[0].end(Ending.SUCCEEDED)
    drive.step()
    assert drive.feedback.state is FAILED
    assert '5.0 m from the goal' in drive.feedback.reason


def test_a_clock_that_jumps_back_gives_the_goal_to_nav2_again():
    drive = under_way()
    drive.now_s = 1.0
    drive.step()
    assert drive.twist == STOP
    drive.step(3.0)
    assert drive.feedback.state is MOVING
    assert len(drive.nav2.driving) == 1


def test_a_distance_that_is_none_is_not_passed_on():
    drive = under_way()
    drive.speaks = False
    for distance in (math.nan, math.inf, -1.0):
        drive.nav2.sent[0].progress(distance, 2)
        drive.step()
        assert drive.feedback.distance_remaining_m == 0.0
    assert drive.feedback.reason == 'Nav2 has had to help itself 2 times'


EVENTS = st.lists(st.sampled_from([
    'goal', 'goal', 'cancel', 'estop', 'release', 'teleop', 'take', 'reject', 'success', 'abort', 'gone', 'back',
    'deaf', 'slow', 'quick', 'rival', 'alone', 'wait', 'wait long']), max_size=30)


@settings(max_examples=60, deadline=None)
@given(EVENTS)
def test_whatever_happens_the_robot_keeps_its_limits_and_moves_only_for_a_goal_nav2_has_taken(events):
    drive, number, pressed = Drive(), 0, False
    drive.step(0.2)
    for event in events:
        nav2, unanswered = drive.nav2, [order for order in drive.nav2.sent if order.accepted is None]
        if event == 'goal':
            number += 1
            drive.goal(goal_id=number)
        elif event == 'cancel':
            drive.navigator.on_cancel(drive.now_s, 'enough')
        elif event in ('estop', 'release'):
            pressed = event == 'estop'
            drive.navigator.on_estop(pressed, drive.now_s)
        elif event == 'teleop':
            drive.navigator.on_teleop(Twist(0.3), drive.now_s)
            drive.step(4.0)
        elif event in ('take', 'reject'):
            for order in unanswered:
                order.answer(event == 'take')
        elif event in ('success', 'abort'):
            for order in nav2.driving:
                order.end(Ending.SUCCEEDED if event == 'success' else Ending.ABORTED, 105)
        elif event in ('gone', 'back'):
            nav2.there = event == 'back'
        elif event in ('slow', 'quick'):
            nav2.silent = event == 'slow'
        elif event == 'deaf':
            nav2.obeys = not nav2.obeys
        elif event in ('rival', 'alone'):
            drive.navigator.on_rivals(['/other'] if event == 'rival' else [])
        drive.step(25.0 if event == 'wait long' else 0.8)
        assert abs(drive.twist.linear_x_m_s) <= ROBOT.max_speed_m_s
        if drive.twist != STOP and drive.feedback.state.is_final:
            assert brakes(drive)
        elif drive.twist != STOP:
            assert not pressed
            assert drive.feedback.state in (MOVING, BLOCKED)
            assert drive.feedback.goal_id == number
            assert nav2.driving
    # Once everything is well again, a new goal is driven to.
    drive.nav2.there = drive.nav2.obeys = True
    drive.nav2.silent = False
    drive.navigator.on_estop(False, drive.now_s)
    drive.navigator.on_rivals([])
    drive.goal(goal_id=number + 1)
    assert drive.step(15.0, until=lambda drive: drive.twist == drive.wanted)
    assert drive.feedback.goal_id == number + 1
    assert sum(order not in drive.nav2.cancelled for order in drive.nav2.driving) == 1

"""What has Nav2 drive: goals go to it, and come back however they end."""

import math

import pytest
from nav2_bench import SETTINGS, Drive, ready, under_way

from lepatrol.control.nav2_errors import failure_words
from lepatrol.model.action_goal import Ending, Order
from lepatrol.model.geometry import STOP, Pose2
from lepatrol.model.navigation import NavigationState

MOVING, HELD = NavigationState.MOVING, NavigationState.HELD
REACHED, FAILED, CANCELLED = NavigationState.REACHED, NavigationState.FAILED, NavigationState.CANCELLED


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
    assert drive.brakes()


def test_nothing_nav2_wants_moves_the_robot_without_a_goal_of_the_patrols():
    drive = Drive()
    drive.go(2.0)
    assert drive.twist == STOP
    assert drive.feedback.state is NavigationState.IDLE
    drive.nav2.silent = True
    drive.goal()
    drive.go(2.0)
    assert drive.twist == STOP
    assert drive.feedback.state is HELD
    assert drive.feedback.reason == 'waiting for Nav2 to take the goal'


def test_without_a_heading_nav2_is_given_that_of_the_way_there():
    drive = Drive()
    drive.place = (1.0, 1.0, 0.3)
    drive.go(0.2)
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
    assert drive.brakes()


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
    assert drive.brakes()
    order.end(Ending.SUCCEEDED)
    drive.go(1.0)
    assert (drive.feedback.goal_id, drive.feedback.state) == (1, CANCELLED)
    assert drive.twist == STOP


def test_a_goal_cancelled_before_nav2_answers_is_cancelled_when_it_does():
    drive = ready()
    drive.nav2.silent = True
    drive.goal()
    drive.step()
    (order,) = drive.nav2.sent
    drive.navigator.on_cancel(drive.now_s, '')
    drive.go(0.5)
    asked = len(drive.nav2.cancelled)
    order.answer(True)
    drive.step()
    assert drive.nav2.cancelled[asked:] == [order]
    assert order.ending is Ending.CANCELED


def test_a_cancel_that_was_lost_is_said_again():
    drive = under_way()
    drive.nav2.obeys = False
    drive.navigator.on_cancel(drive.now_s, '')
    drive.go(2.5 * SETTINGS.retry_s)
    assert len(drive.nav2.cancelled) == 3
    drive.nav2.obeys = True
    drive.go(SETTINGS.retry_s)
    drive.go(10.0)
    assert len(drive.nav2.cancelled) == 4


def test_a_second_goal_waits_until_nav2_has_given_up_the_first():
    drive = under_way()
    drive.nav2.obeys = False
    drive.goal(0.0, 5.0, goal_id=2)
    drive.go(1.0)
    assert len(drive.nav2.sent) == 1
    assert (drive.feedback.goal_id, drive.feedback.state) == (2, HELD)
    assert 'has not given up the last goal' in drive.feedback.reason
    assert drive.twist == STOP
    drive.nav2.sent[0].end(Ending.ABORTED, 105)
    drive.go(0.2)
    assert drive.nav2.sent[1].pose == Pose2(0.0, 5.0, 0.0)
    assert (drive.feedback.goal_id, drive.feedback.state) == (2, MOVING)


def test_a_goal_that_nav2_never_gives_up_holds_the_next_one_only_so_long():
    drive = under_way()
    drive.nav2.obeys = False
    drive.goal(goal_id=2)
    drive.go(SETTINGS.cancel_timeout_s + 0.2)
    assert len(drive.nav2.sent) == 2


def test_of_two_quick_goals_only_the_second_is_driven_to():
    drive = ready()
    drive.nav2.silent = True
    drive.goal(1.0, 0.0, goal_id=1)
    drive.goal(2.0, 0.0, goal_id=2)
    first = drive.nav2.sent[0]
    first.answer(True)
    drive.nav2.silent = False
    drive.go(0.2)
    assert first.ending is Ending.CANCELED
    assert [order.pose.x_m for order in drive.nav2.driving] == [2.0]
    assert (drive.feedback.goal_id, drive.feedback.state) == (2, MOVING)
    first.end(Ending.SUCCEEDED)
    drive.step()
    assert drive.feedback.state is MOVING


def test_a_goal_that_is_said_again_changes_nothing_not_even_when_it_is_over():
    drive = under_way()
    drive.goal()
    drive.go(1.0)
    assert len(drive.nav2.sent) == 1
    drive.nav2.sent[0].end(Ending.ABORTED, 208)
    drive.step()
    drive.goal()
    drive.go(1.0)
    assert drive.feedback.state is FAILED
    assert len(drive.nav2.sent) == 1


@pytest.mark.parametrize('bad', [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize('which', range(3))
def test_a_goal_that_is_not_finite_fails_and_never_reaches_nav2(bad, which):
    drive = ready()
    drive.goal(*[bad if n == which else 1.0 for n in range(3)])
    drive.go(0.2)
    assert drive.feedback.state is FAILED
    assert 'is not finite' in drive.feedback.reason
    assert drive.nav2.sent == []


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
    drive.go(3.0)
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

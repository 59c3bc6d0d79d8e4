"""What has Nav2 drive, where Nav2 is not there, takes no goals, vanishes or falls silent."""

from nav2_bench import SETTINGS, Drive, under_way

from lepatrol.model.navigation import NavigationState

MOVING, HELD, FAILED = NavigationState.MOVING, NavigationState.HELD, NavigationState.FAILED


def test_a_nav2_that_is_not_there_is_waited_for_then_the_goal_fails():
    drive = Drive()
    drive.nav2.there = False
    drive.go(0.2)
    drive.goal()
    drive.go(SETTINGS.server_timeout_s - 1.0)
    assert drive.feedback.state is HELD
    assert drive.feedback.reason == 'waiting for Nav2: its action navigate_to_pose is not there'
    drive.go(1.5)
    assert drive.feedback.state is FAILED
    assert drive.feedback.reason == 'Nav2 takes no goal for 20 s: its action navigate_to_pose is not there'
    drive.nav2.there = True
    drive.goal(goal_id=2)
    drive.go(0.2)
    assert drive.feedback.state is MOVING


def test_a_nav2_that_rejects_goals_is_asked_again_now_and_then_then_the_goal_fails():
    drive = Drive()
    drive.nav2.takes = False
    drive.go(0.2)
    drive.goal()
    drive.go(5.0)
    assert drive.feedback.state is HELD
    assert 'is bt_navigator active?' in drive.feedback.reason
    assert 4 <= len(drive.nav2.sent) <= 6
    drive.go(SETTINGS.server_timeout_s)
    assert drive.feedback.state is FAILED
    assert 'is bt_navigator active?' in drive.feedback.reason


def test_a_nav2_that_becomes_active_takes_the_waiting_goal():
    drive = Drive()
    drive.nav2.takes = False
    drive.go(0.2)
    drive.goal()
    drive.go(3.0)
    drive.nav2.takes = True
    drive.go(2.0)
    assert drive.feedback.state is MOVING


def test_a_nav2_that_never_answers_fails_the_goal():
    drive = Drive()
    drive.nav2.silent = True
    drive.go(0.2)
    drive.goal()
    drive.go(SETTINGS.answer_timeout_s + 0.2)
    assert (drive.feedback.state, drive.feedback.reason) == (FAILED, 'Nav2 has not answered for 5 s')


def test_a_nav2_that_vanishes_mid_goal_stops_the_robot_and_fails_the_goal():
    drive = under_way()
    drive.nav2.there, drive.wanted = False, None
    drive.go(SETTINGS.command_timeout_s)
    assert drive.brakes()
    assert drive.feedback.state is MOVING
    drive.go(SETTINGS.vanish_timeout_s)
    assert drive.feedback.state is FAILED
    assert drive.feedback.reason == 'Nav2 has vanished: its action navigate_to_pose is gone'


def test_a_nav2_that_is_gone_for_a_moment_is_forgiven():
    drive = under_way()
    drive.nav2.there = False
    drive.go(SETTINGS.vanish_timeout_s - 0.5)
    drive.nav2.there = True
    drive.go(5.0)
    assert drive.feedback.state is MOVING


def test_a_nav2_that_drives_on_without_a_word_is_cancelled_and_the_goal_fails():
    drive = under_way()
    drive.speaks = False
    drive.go(SETTINGS.silence_timeout_s + 0.2)
    assert (drive.feedback.state, drive.feedback.reason) == (FAILED, 'Nav2 has said nothing of the goal for 10 s')
    assert drive.nav2.driving == []
    assert drive.brakes()

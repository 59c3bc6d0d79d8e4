"""What has Nav2 drive: the gate holds whatever Nav2 wants."""

import math

import pytest
from nav2_bench import SETTINGS, under_way

from lepatrol.model.geometry import STOP, Twist
from lepatrol.model.navigation import NavigationState
from lepatrol.model.site import Zone, ZoneKind

MOVING, HELD, BLOCKED = NavigationState.MOVING, NavigationState.HELD, NavigationState.BLOCKED


def test_an_estop_holds_takes_the_goal_back_and_gives_it_again_after_its_release():
    drive = under_way()
    drive.navigator.on_estop(True, drive.now_s)
    drive.step()
    assert drive.twist == STOP
    assert drive.feedback.state is HELD
    assert 'e-stop' in drive.feedback.reason
    assert drive.nav2.driving == []
    drive.go(60.0)
    assert drive.feedback.state is HELD
    drive.navigator.on_estop(False, drive.now_s)
    drive.go(2.0)
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
    drive.go(4.0)
    assert drive.feedback.state is MOVING
    assert drive.twist == drive.wanted


@pytest.mark.parametrize('sense', ['sees', 'knows'])
def test_a_silent_sensor_holds_whatever_nav2_wants(sense):
    drive = under_way()
    setattr(drive, sense, False)
    drive.go(1.0)
    assert drive.twist == STOP
    assert drive.feedback.state is HELD
    setattr(drive, sense, True)
    drive.go(2.0)
    assert drive.feedback.state is MOVING


def test_nobody_else_may_publish_the_robots_velocity():
    drive = under_way()
    drive.navigator.on_rivals(['/collision_monitor'])
    assert drive.brakes()
    assert drive.feedback.state is HELD
    assert drive.feedback.reason.startswith('/collision_monitor would drive past the gate')
    assert drive.nav2.driving == []
    drive.navigator.on_rivals([])
    drive.go(2.0)
    assert drive.feedback.state is MOVING


def test_something_right_before_the_robot_stops_it_whatever_nav2_wants():
    drive = under_way()
    drive.ranges = drive.ranges.copy()
    drive.ranges[14:17] = 0.5
    drive.go(0.2)
    assert drive.twist.linear_x_m_s == 0.0
    assert drive.feedback.state is BLOCKED
    assert 'collision stop' in drive.feedback.reason
    assert len(drive.nav2.driving) == 1


def test_slow_zones_slow_nav2_too_before_the_robot_is_in_them():
    zone = Zone('z', ZoneKind.SLOW, ((2.0, -1.0), (4.0, -1.0), (4.0, 1.0), (2.0, 1.0)), speed_limit_m_s=0.4)
    drive = under_way(slow_zones=[zone])
    drive.place = (1.8, 0.0, 0.0)
    drive.go(1.5)
    assert drive.twist == Twist(pytest.approx(0.4), pytest.approx(0.1))
    drive.place = (4.5, 0.0, 0.0)
    drive.go(1.5)
    assert drive.twist == drive.wanted


def test_a_velocity_that_grows_old_or_is_no_number_stops_the_robot():
    drive = under_way()
    drive.wanted = Twist(math.nan, 0.0)
    drive.step()
    assert drive.twist == STOP
    assert 'not finite' in drive.feedback.reason
    drive = under_way()
    drive.wanted = None
    drive.go(SETTINGS.command_timeout_s)
    assert drive.brakes()

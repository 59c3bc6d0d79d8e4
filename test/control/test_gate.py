import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lepatrol.control.gate import Gate
from lepatrol.model.geometry import STOP, Twist
from lepatrol.settings.navigation import GateSettings
from lepatrol.settings.robot import RobotSettings

ROBOT = RobotSettings()
PERIOD_S = 0.05


class Hand:
    """Steps a gate, feeding fresh sensors unless told otherwise."""

    def __init__(self):
        self.gate = Gate(GateSettings(), ROBOT)
        self.now_s = 10.0

    def run(self, wanted, seconds, gap=math.inf, scan=True, pose=True, teleop=None):
        for _ in range(round(seconds / PERIOD_S)):
            self.now_s += PERIOD_S
            if scan:
                self.gate.on_scan(gap, gap, self.now_s)
            if pose:
                self.gate.on_pose(self.now_s)
            if teleop is not None:
                self.gate.on_teleop(teleop, self.now_s)
            passage = self.gate.update(wanted, self.now_s)
        return passage


FORWARD = Twist(1.0, 0.0)


def test_a_pressed_estop_stops_at_once_and_only_a_plain_false_releases_it():
    hand = Hand()
    assert hand.run(FORWARD, 2.0).twist == FORWARD
    hand.gate.on_estop(True)
    passage = hand.run(FORWARD, PERIOD_S)
    assert passage.twist == STOP
    assert 'e-stop' in passage.held
    for word in (None, 0, ''):
        hand.gate.on_estop(word)
        assert hand.run(FORWARD, 1.0, teleop=FORWARD).twist == STOP
    hand.gate.on_estop(False)
    assert hand.run(FORWARD, 6.0).twist == FORWARD


def test_teleop_takes_over_and_hands_back_after_its_silence():
    hand = Hand()
    hand.run(FORWARD, 2.0)
    assert hand.run(FORWARD, 2.0, teleop=Twist(0.2, -0.4)).twist == Twist(0.2, -0.4)
    assert hand.run(FORWARD, 0.4).twist == Twist(0.2, -0.4)
    passage = hand.run(FORWARD, 1.0)
    assert passage.twist == STOP
    assert 'handed back' in passage.held
    passage = hand.run(FORWARD, 3.0)
    assert (passage.twist, passage.held) == (FORWARD, '')


@pytest.mark.parametrize(('silent', 'words'), [('scan', 'usable scan'), ('pose', 'usable pose')])
def test_a_silent_sensor_holds_the_robot_and_says_which(silent, words):
    hand = Hand()
    hand.run(FORWARD, 2.0)
    passage = hand.run(FORWARD, 0.6, **{silent: False})
    assert passage.twist == STOP
    assert words in passage.held
    assert hand.run(FORWARD, 2.0).twist == FORWARD


def test_before_any_sensor_is_heard_nothing_moves():
    assert 'no usable scan yet' in Hand().run(FORWARD, 1.0, scan=False, pose=False).held


def test_teleop_may_drive_without_a_pose_but_not_without_a_scan():
    hand = Hand()
    assert hand.run(STOP, 2.0, pose=False, teleop=FORWARD).twist == FORWARD
    passage = hand.run(STOP, 1.0, pose=False, scan=False, teleop=FORWARD)
    assert passage.twist == STOP
    assert 'scan' in passage.stopped


@pytest.mark.parametrize('bad', [Twist(math.nan), Twist(0.0, math.inf), Twist(0.0, 0.0, math.nan)])
def test_a_command_that_is_not_finite_stops_the_robot(bad):
    hand = Hand()
    hand.run(FORWARD, 2.0)
    passage = hand.run(bad, PERIOD_S)
    assert passage.twist == STOP
    assert 'not finite' in passage.stopped
    assert hand.run(FORWARD, 1.0, teleop=bad).twist == STOP


def test_something_at_the_footprint_stops_whoever_drives_but_turning_stays_allowed():
    hand = Hand()
    hand.run(FORWARD, 2.0)
    passage = hand.run(Twist(1.0, 0.5), PERIOD_S, gap=0.09)
    assert passage.twist.linear_x_m_s == 0.0
    assert passage.twist.angular_z_rad_s > 0.0
    assert 'collision stop' in passage.stopped
    assert hand.run(STOP, 1.0, gap=0.09, teleop=Twist(-0.3)).twist.linear_x_m_s == 0.0


def test_teleop_towards_a_wall_is_braked_before_it():
    hand, gap = Hand(), 4.0
    for _ in range(200):
        gap -= hand.run(STOP, PERIOD_S, gap=gap, teleop=Twist(1.5)).twist.linear_x_m_s * PERIOD_S
    assert 0.0 < gap < 0.15


def test_a_clock_that_jumps_back_wants_fresh_sensors_and_keeps_the_estop():
    hand = Hand()
    hand.run(FORWARD, 2.0)
    hand.now_s = 0.0
    assert hand.run(FORWARD, PERIOD_S, scan=False, pose=False).twist == STOP
    assert hand.run(FORWARD, 2.0).twist == FORWARD
    hand.gate.on_estop(True)
    hand.now_s = 0.0
    assert 'e-stop' in hand.run(FORWARD, 1.0).held


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.floats(-9.0, 9.0), st.floats(-9.0, 9.0)), min_size=2, max_size=30))
def test_no_output_exceeds_the_limits_in_value_or_change(wishes):
    hand = Hand()
    last = STOP
    for speed, turn in wishes:
        twist = hand.run(Twist(speed, turn), PERIOD_S).twist
        assert -ROBOT.max_reverse_speed_m_s <= twist.linear_x_m_s <= ROBOT.max_speed_m_s
        assert abs(twist.angular_z_rad_s) <= ROBOT.max_turn_rate_rad_s
        rise = abs(twist.linear_x_m_s) - abs(last.linear_x_m_s)
        assert rise <= ROBOT.max_acceleration_m_s2 * PERIOD_S + 1e-9
        assert -rise <= ROBOT.max_deceleration_m_s2 * PERIOD_S + 1e-9
        change = abs(twist.angular_z_rad_s - last.angular_z_rad_s)
        assert change <= ROBOT.max_turn_acceleration_rad_s2 * PERIOD_S + 1e-9
        last = twist

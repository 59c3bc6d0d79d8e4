import math

import pytest

from lepatrol.control.progress import ProgressChecker
from lepatrol.model.geometry import Pose2
from lepatrol.settings.navigation import ProgressSettings

SETTINGS = ProgressSettings(required_movement_m=0.5, required_turn_rad=0.5, time_allowance_s=10.0)


def stuck_after_s(pose_at, until_s=200.0):
    checker = ProgressChecker(SETTINGS)
    times_s = (step / 10.0 for step in range(round(until_s * 10.0)))
    return next((now_s for now_s in times_s if checker.is_stuck(pose_at(now_s), now_s)), None)


def test_who_neither_moves_nor_turns_is_stuck_once_the_time_allowed_is_over():
    assert stuck_after_s(lambda now_s: Pose2(0.02 * math.sin(now_s), 0.0, 0.0)) == pytest.approx(10.1)


def test_who_drives_is_never_stuck():
    assert stuck_after_s(lambda now_s: Pose2(0.1 * now_s, 0.0, 0.0)) is None


def test_who_turns_on_the_spot_is_given_time_for_it_and_then_drives():
    def pose_at(now_s):
        return Pose2(0.1 * max(0.0, now_s - 12.0), 0.0, min(0.25 * now_s, 3.0))

    assert stuck_after_s(pose_at) is None


def test_who_is_held_at_one_place_and_swings_about_is_stuck_though_it_turns():
    # As under the board of a sign that a mast stands against: the wheels spin and turn the robot to and fro.
    def pose_at(now_s):
        return Pose2(0.1 * math.sin(now_s), 0.0, 0.6 * math.sin(0.5 * now_s))

    assert stuck_after_s(pose_at) == pytest.approx(30.1)


def test_no_time_counts_while_the_robot_is_not_told_to_move():
    checker = ProgressChecker(SETTINGS)
    here = Pose2(0.0, 0.0, 0.0)
    for second in range(10):
        assert not checker.is_stuck(here, float(second))
    checker.end()
    assert not checker.is_stuck(here, 100.0)

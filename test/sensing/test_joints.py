"""How joints stood is known between what was told of them, for a short while after, and not at all before all are."""

import pytest

from lepatrol.model.observation import JointPositions
from lepatrol.sensing.joints import JointHistory


def told(*positions, joint='pan', first_s=1.0, step_s=0.04):
    history = JointHistory((joint,))
    for index, position_rad in enumerate(positions):
        history.add(JointPositions(first_s + index * step_s, {joint: position_rad}))
    return history


def test_a_robot_without_joints_of_interest_is_always_known():
    assert JointHistory().at(5.0) == {}
    assert JointHistory().known_s is None
    assert not JointHistory().is_moving(5.0)


def test_in_between_a_joint_is_on_its_way():
    assert told(0.0, 0.04).at(1.01)['pan'] == pytest.approx(0.01)


def test_a_joint_that_stands_keeps_its_very_position():
    assert told(0.3, 0.3, 0.3).at(1.05) == {'pan': 0.3}


@pytest.mark.parametrize(('stamp_s', 'is_known'), [(0.7, False), (0.8, True), (1.2, True), (1.3, False)])
def test_what_was_told_holds_for_a_quarter_of_a_second(stamp_s, is_known):
    assert (told(0.5).at(stamp_s) is not None) is is_known


def test_nothing_is_known_until_every_joint_is_whoever_tells_of_it():
    history = JointHistory(('pan', 'tilt'))
    history.add(JointPositions(1.0, {'pan': 0.1, 'left_wheel': 7.0}))
    assert (history.at(1.0), history.known_s) == (None, None)
    history.add(JointPositions(1.1, {'tilt': 0.2}))
    assert history.at(1.1) == {'pan': 0.1, 'tilt': 0.2}
    assert history.known_s == 1.0


def test_a_joint_moves_about_the_time_of_its_way_only():
    history = told(*[0.0] * 10, *[0.04 * step for step in range(1, 6)], *[0.2] * 10)
    assert [history.is_moving(stamp_s) for stamp_s in (1.1, 1.45, 1.9)] == [False, True, False]


def test_what_comes_twice_or_late_changes_nothing():
    history = told(0.1, 0.2)
    for stamp_s in (1.04, 0.9):
        history.add(JointPositions(stamp_s, {'pan': 0.9}))
    assert history.at(1.0) == {'pan': 0.1}
    assert history.at(1.1) == {'pan': 0.2}


def test_time_that_runs_backwards_begins_anew():
    history = told(0.1, 0.2)
    history.add(JointPositions(0.5, {'pan': 0.9}))
    assert history.at(0.5) == {'pan': 0.9}
    assert history.at(1.0) is None

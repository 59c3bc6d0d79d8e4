"""Goals and reports survive the wire; a report that lacks something is refused, naming it."""

import math

import pytest
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from geometry_msgs.msg import PoseStamped
from hypothesis import given
from hypothesis import strategies as st
from wire import NOT_FINITE, NUMBERS, STAMPS, TEXTS, over_the_wire

from lepatrol.model.errors import CommandError
from lepatrol.model.mission import MissedWaypoint, MissionState, MissionStatus
from lepatrol.model.navigation import NavigationFeedback, NavigationGoal, NavigationState, Trespass
from lepatrol.ros import conversions

COUNTS = st.integers(0, 10**6)
GOALS = st.builds(NavigationGoal, st.integers(1, 2**31 * 10**9 - 1), NUMBERS, NUMBERS, st.none() | st.floats(-3.1, 3.1),
                  st.floats(0.0, 1e3))
MISSED = st.lists(st.builds(MissedWaypoint, TEXTS, COUNTS, TEXTS), max_size=3).map(tuple)
STATUSES = st.builds(
    MissionStatus, STAMPS, st.sampled_from(MissionState), TEXTS, COUNTS, st.none() | COUNTS, TEXTS, COUNTS, COUNTS,
    TEXTS, st.floats(0.0, 1e9), MISSED, TEXTS, TEXTS, TEXTS)


def without_stamp(report):
    return {name: getattr(report, name) for name in report.__dataclass_fields__ if name != 'stamp_s'}


def changed(message, key, value):
    """Set a value of a report, or leave it out where it is None."""
    (status,) = message.status
    status.values = [pair for pair in status.values if pair.key != key]
    if value is not None:
        status.values.append(KeyValue(key=key, value=value))
    return over_the_wire(message)


@given(goal=GOALS)
def test_a_goal_survives_the_wire_with_its_number_and_any_heading(goal):
    back = conversions.goal_from_ros(over_the_wire(conversions.goal_to_ros(goal)))
    assert (back.goal_id, back.x_m, back.y_m, back.z_m) == (goal.goal_id, goal.x_m, goal.y_m, goal.z_m)
    assert back.yaw_rad == (None if goal.yaw_rad is None else pytest.approx(goal.yaw_rad, abs=1e-9))


def test_a_goal_in_another_frame_is_refused():
    message = PoseStamped()
    message.header.frame_id = 'odom'
    with pytest.raises(CommandError, match=r"the goal is in frame 'odom', expected 'map'"):
        conversions.goal_from_ros(over_the_wire(message))


@pytest.mark.parametrize('number', NOT_FINITE)
def test_a_goal_that_is_not_finite_is_refused(number):
    message = conversions.goal_to_ros(NavigationGoal(1, number, 0.0))
    with pytest.raises(CommandError, match=f'the goal has numbers that are not finite: x {number}'):
        conversions.goal_from_ros(over_the_wire(message))


@given(feedback=st.builds(
    NavigationFeedback, STAMPS, COUNTS, st.sampled_from(NavigationState), NUMBERS, TEXTS,
    st.none() | st.builds(Trespass, TEXTS, st.none() | st.tuples(NUMBERS, NUMBERS, NUMBERS))))
def test_feedback_survives_the_wire(feedback):
    back = conversions.feedback_from_ros(over_the_wire(conversions.feedback_to_ros(feedback)))
    assert back.stamp_s == pytest.approx(feedback.stamp_s, abs=1e-9)
    assert without_stamp(back) == without_stamp(feedback)


@given(status=STATUSES)
def test_a_mission_status_survives_the_wire(status):
    back = conversions.mission_status_from_ros(over_the_wire(conversions.mission_status_to_ros(status)))
    assert back.stamp_s == pytest.approx(status.stamp_s, abs=1e-9)
    assert without_stamp(back) == without_stamp(status)


@pytest.mark.parametrize(('state', 'level'), [
    (NavigationState.IDLE, DiagnosticStatus.OK), (NavigationState.MOVING, DiagnosticStatus.OK),
    (NavigationState.REACHED, DiagnosticStatus.OK), (NavigationState.CANCELLED, DiagnosticStatus.OK),
    (NavigationState.BLOCKED, DiagnosticStatus.WARN), (NavigationState.HELD, DiagnosticStatus.WARN),
    (NavigationState.FAILED, DiagnosticStatus.ERROR),
])
def test_feedback_warns_of_a_robot_that_stands_and_of_a_goal_that_failed(state, level):
    (status,) = over_the_wire(conversions.feedback_to_ros(NavigationFeedback(0.0, 1, state, 2.0, 'a box'))).status
    assert (status.name, status.level, status.message) == ('navigator', level, f'{state.value}: a box')


@pytest.mark.parametrize(('changes', 'level'), [
    ({}, DiagnosticStatus.OK),
    ({'reply': 'ok'}, DiagnosticStatus.OK),
    ({'missed': (MissedWaypoint('gate', 1, 'blocked'),)}, DiagnosticStatus.WARN),
    ({'reply': 'refused: no route'}, DiagnosticStatus.ERROR),
    ({'state': MissionState.ABORTED}, DiagnosticStatus.ERROR),
])
def test_a_status_warns_of_what_was_missed_and_calls_refusals_and_aborts_errors(changes, level):
    status = MissionStatus(**{'stamp_s': 0.0, 'state': MissionState.WALKING, **changes})
    assert over_the_wire(conversions.mission_status_to_ros(status)).status[0].level == level


def test_a_status_says_in_a_sentence_what_the_patrol_does():
    status = MissionStatus(0.0, MissionState.GOING_HOME, waypoint='gate', visit=2, visits=5, action='photo',
                           message='told to')
    (said,) = over_the_wire(conversions.mission_status_to_ros(status)).status
    assert (said.name, said.message) == ('patrol', 'going home, gate (3 of 5), photo, told to')


FEEDBACK_KEYS = ('goal_id', 'state', 'distance_remaining_m', 'reason')


@pytest.mark.parametrize('key', FEEDBACK_KEYS)
def test_feedback_that_lacks_a_value_is_refused_naming_it(key):
    message = conversions.feedback_to_ros(NavigationFeedback(0.0, 1, NavigationState.MOVING))
    assert {pair.key for pair in message.status[0].values} == set(FEEDBACK_KEYS)
    with pytest.raises(CommandError, match=f"status 'navigator': the value '{key}' is missing"):
        conversions.feedback_from_ros(changed(message, key, None))


@pytest.mark.parametrize(('key', 'value', 'words'), [
    ('goal_id', '-1', "goal_id is '-1', expected a whole number"),
    ('goal_id', '1.5', "goal_id is '1.5', expected a whole number"),
    ('goal_id', '\u0663', 'expected a whole number'),
    ('goal_id', '9' * 5000, 'expected a whole number'),
    ('state', 'flying', "state is 'flying', expected one of idle, moving, blocked"),
    ('distance_remaining_m', 'far', "distance_remaining_m is 'far', expected a finite number"),
    ('distance_remaining_m', 'nan', 'expected a finite number'),
    ('distance_remaining_m', '9' * 5000, 'expected a finite number'),
])
def test_feedback_with_a_wrong_value_is_refused_naming_key_value_and_what_is_right(key, value, words):
    message = conversions.feedback_to_ros(NavigationFeedback(0.0, 1, NavigationState.MOVING))
    with pytest.raises(CommandError, match=f"status 'navigator': .*{words}"):
        conversions.feedback_from_ros(changed(message, key, value))


@pytest.mark.parametrize(('key', 'value', 'words'), [
    ('rounds', 'many', "rounds is 'many', expected a whole number"),
    ('missed', '2', "the value 'missed.2.waypoint' is missing"),
    ('missed', '9' * 18, "the value 'missed.2.waypoint' is missing"),
    ('missed.1.round', 'last', "missed.1.round is 'last', expected a whole number"),
    ('state', 'lost', "state is 'lost', expected one of idle, walking"),
    ('distance_walked_m', 'inf', "distance_walked_m is 'inf', expected a finite number"),
    ('reply', None, "the value 'reply' is missing"),
])
def test_a_mission_status_with_a_wrong_value_is_refused(key, value, words):
    message = conversions.mission_status_to_ros(
        MissionStatus(0.0, MissionState.WALKING, missed=(MissedWaypoint('gate', 1, 'blocked'),)))
    with pytest.raises(CommandError, match=f"status 'patrol': .*{words}"):
        conversions.mission_status_from_ros(changed(message, key, value))


def test_a_report_is_found_among_others_by_its_name():
    message = conversions.feedback_to_ros(NavigationFeedback(3.0, 9, NavigationState.MOVING, math.pi))
    message.status.insert(0, DiagnosticStatus(name='motor'))
    assert conversions.feedback_from_ros(over_the_wire(message)).goal_id == 9
    with pytest.raises(CommandError, match="diagnostics hold no status called 'patrol'"):
        conversions.mission_status_from_ros(over_the_wire(message))
    with pytest.raises(CommandError, match="no status called 'navigator'"):
        conversions.feedback_from_ros(over_the_wire(DiagnosticArray()))

"""Alerts are held against what was truly there, where and when it was there."""

import pytest
from outcomes import a_report

from lepatrol.evaluation.scoring import all_settled, false_alarms, score_subject
from lepatrol.evaluation.sight import Sight, Trace
from lepatrol.model.alerts import AlertKind
from lepatrol.model.truth import Subject

INTRUSION, APPROACH, BREACH, COVERED = (
    AlertKind.ZONE_INTRUSION, AlertKind.FENCE_APPROACH, AlertKind.FENCE_BREACH, AlertKind.CAMERA_COVERED)


def a_walker(in_view_s=10.0, **changes):
    """Make one who walks along x at 1 m/s: at time t it is at (t, 0)."""
    trace = Trace()
    for tenth in range(1000):
        trace.add(tenth / 10.0, (tenth / 10.0, 0.0))
    subject = Subject(**{'name': 'intruder', 'kinds': (INTRUSION,), 'moves_as': 'person_1', **changes})
    return Sight(subject, (trace,), in_view_s=in_view_s)


def a_thing(in_view_s=10.0, **changes):
    facts = {'name': 'hole', 'kinds': (BREACH,), 'place_m': (5.0, 5.0), **changes}
    return Sight(Subject(**facts), in_view_s=in_view_s)


def a_cover(**changes):
    return Sight(Subject(**{'name': 'cover', 'kinds': (COVERED,), 'from_s': 20.0, **changes}), in_view_s=20.0)


def test_the_first_fitting_alert_finds_it():
    result = score_subject(a_walker(), [a_report(11.5, position_m=(11.3, 0.0)), a_report(14.0, position_m=(14.0, 0.0))])
    assert result.expected
    assert result.found
    assert result.time_to_alert_s == pytest.approx(1.5)
    assert result.localisation_error_m == pytest.approx(0.2)


def test_the_error_is_against_where_it_was_when_it_was_seen():
    result = score_subject(a_walker(), [a_report(13.0, position_m=(12.0, 0.4), last_seen_s=12.0)])
    assert result.localisation_error_m == pytest.approx(0.4)


def test_an_alert_before_it_counted_as_in_view_is_found_at_once():
    result = score_subject(a_walker(), [a_report(8.0, position_m=(8.0, 0.0))])
    assert result.found
    assert result.time_to_alert_s == 0.0


@pytest.mark.parametrize('report', [
    a_report(71.0, position_m=(71.0, 0.0)),
    a_report(12.0, position_m=(15.5, 0.0)),
    a_report(12.0, position_m=(12.0, 0.0), kind=APPROACH),
    a_report(12.0, position_m=None)], ids=['too late', 'too far', 'of another kind', 'of no place'])
def test_an_alert_does_not_find_it(report):
    result = score_subject(a_walker(), [report])
    assert result.missed
    assert result.time_to_alert_s is None


def test_an_alert_before_the_thing_was_there_does_not_find_it():
    assert score_subject(a_thing(in_view_s=31.0, from_s=30.0), [a_report(29.0, position_m=(5.0, 5.0))]).missed


def test_what_never_came_into_view_is_not_expected():
    result = score_subject(a_walker(in_view_s=None), [])
    assert not result.expected
    assert not result.missed


def test_a_thing_is_found_within_two_metres():
    assert score_subject(a_thing(), [a_report(12.0, kind=BREACH, position_m=(6.9, 5.0))]).found
    assert score_subject(a_thing(), [a_report(12.0, kind=BREACH, position_m=(7.1, 5.0))]).missed


def test_a_wide_gate_is_found_anywhere_along_it():
    gate = a_thing(kinds=(AlertKind.GATE_OPEN,), size_m=(6.4, 3.0))
    assert score_subject(gate, [a_report(12.0, kind=AlertKind.GATE_OPEN, position_m=(8.2, 5.0))]).found


def test_a_covered_camera_needs_no_place():
    result = score_subject(a_cover(), [a_report(21.0, kind=COVERED, position_m=None)])
    assert result.found
    assert result.localisation_error_m is None


def test_an_alert_at_nothing_is_false_and_counted_once():
    reports = [a_report(12.0, position_m=(40.0, 9.0)), a_report(14.0, position_m=(40.0, 9.0), updates=1)]
    (alarm,) = false_alarms([a_walker(), a_thing()], reports)
    assert (alarm.at_s, alarm.kind, alarm.position_m) == (12.0, INTRUSION, (40.0, 9.0))


def test_an_alert_at_a_subject_is_not_false_whatever_its_kind():
    reports = [
        a_report(12.0, alert_id='a', kind=APPROACH, position_m=(12.0, 1.0)),
        a_report(12.0, alert_id='b', kind=AlertKind.MISSING_OBJECT, position_m=(5.5, 5.0))]
    assert false_alarms([a_walker(), a_thing()], reports) == []


def test_an_alert_where_the_walker_was_a_moment_ago_is_about_it_and_one_of_long_ago_is_not():
    assert false_alarms([a_walker()], [a_report(20.0, position_m=(16.0, 0.0))]) == []
    assert len(false_alarms([a_walker()], [a_report(20.0, position_m=(13.0, 0.0))])) == 1


def test_an_alert_long_after_the_subject_has_gone_is_false():
    gone = a_thing(until_s=20.0)
    assert false_alarms([gone], [a_report(23.0, position_m=(5.0, 5.0))]) == []
    assert len(false_alarms([gone], [a_report(40.0, position_m=(5.0, 5.0))])) == 1


def test_with_nothing_staged_every_alert_is_false():
    reports = [a_report(3.0, alert_id='a'), a_report(4.0, alert_id='b', position_m=None, kind=COVERED)]
    assert [alarm.alert_id for alarm in false_alarms([], reports)] == ['a', 'b']


def test_a_covered_camera_excuses_what_the_robot_says_of_itself_from_then_on_only():
    blinded = AlertKind.CAMERA_BLINDED
    assert false_alarms([a_cover()], [a_report(22.0, kind=blinded, position_m=None)]) == []
    assert len(false_alarms([a_cover()], [a_report(19.0, kind=blinded, position_m=None)])) == 1
    assert len(false_alarms([a_cover()], [a_report(22.0, position_m=(3.0, 3.0))])) == 1


def test_a_run_is_settled_when_all_in_view_is_found_or_too_late():
    sight, report = a_walker(), a_report(12.0, position_m=(12.0, 0.0))
    assert not all_settled([sight], [], 30.0)
    assert all_settled([sight], [report], 30.0)
    assert all_settled([sight], [], 70.1)
    assert all_settled([a_walker(in_view_s=None)], [], 30.0)


def test_an_alert_at_any_of_a_group_is_about_it():
    members = tuple(Trace([0.0], [(x_m, 0.0)]) for x_m in (-3.0, 3.0))
    crowd = Sight(Subject('crowd', (AlertKind.CROWDING,), place_m=(0.0, 0.0)), members, in_view_s=1.0)
    at_one = a_report(5.0, alert_id='a', kind=AlertKind.LOITERING, position_m=(5.0, 0.0))
    beside = a_report(5.0, alert_id='b', kind=AlertKind.LOITERING, position_m=(9.0, 0.0))
    assert [alarm.alert_id for alarm in false_alarms([crowd], [at_one, beside])] == ['b']
    found = score_subject(crowd, [a_report(5.0, kind=AlertKind.CROWDING, position_m=(0.5, 0.0))])
    assert found.localisation_error_m == pytest.approx(0.5)


def test_a_trace_goes_straight_between_its_times_and_stays_at_its_ends():
    trace = Trace([1.0, 2.0], [(0.0, 0.0), (2.0, 4.0)])
    assert [trace.at(time_s) for time_s in (0.0, 1.5, 9.0)] == [(0.0, 0.0), (1.0, 2.0), (2.0, 4.0)]
    assert Trace().at(1.0) is None
    assert Trace().nearest_m((0.0, 0.0), 0.0, 1.0) == float('inf')

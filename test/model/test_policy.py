"""What is done about an alert: the first policy that fits it counts."""

import dataclasses

import pytest

from lepatrol.model.alerts import Alert, AlertKind, Severity
from lepatrol.model.policy import NOTED, Policy, Response, response_to
from lepatrol.model.site import Hours, LockdownManner, LockdownPlan, Zone, ZoneKind

NOON, NIGHT = 720.0, 60.0
YARD = Zone('yard', ZoneKind.RESTRICTED, ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)))
BAG = Alert(
    'a1', AlertKind.ABANDONED_OBJECT, 'o1', Severity.WARNING, 0.9, (5.0, 5.0), 0.1, '', 0.0, 1.0, 'ugv', 'r', '')
INSPECT = Policy(Response.INSPECT, kinds=(AlertKind.ABANDONED_OBJECT,))
LOOK_AT_NIGHT = Policy(Response.LOOK, hours=(Hours(1140, 420),))


def alert(**changed):
    return dataclasses.replace(BAG, **changed)


def test_the_first_that_fits_counts():
    assert response_to(BAG, [LOOK_AT_NIGHT, INSPECT], NOON) is INSPECT
    assert response_to(BAG, [LOOK_AT_NIGHT, INSPECT], NIGHT) is LOOK_AT_NIGHT
    assert response_to(BAG, [INSPECT, LOOK_AT_NIGHT], NIGHT) is INSPECT


def test_what_none_fits_is_noted():
    assert response_to(BAG, [], NOON) is NOTED
    assert response_to(BAG, [Policy(Response.LOOK, kinds=(AlertKind.RUNNING,))], NOON).response is Response.NOTE


@pytest.mark.parametrize(('severity', 'fits'), [
    (Severity.NOTICE, False), (Severity.WARNING, True), (Severity.CRITICAL, True)])
def test_a_least_severity_is_inclusive(severity, fits):
    assert Policy(Response.LOOK, min_severity=Severity.WARNING).fits(alert(severity=severity), NOON) is fits


@pytest.mark.parametrize(('changed', 'fits'), [
    ({}, True),
    ({'position_m': (15.0, 5.0)}, False),
    ({'position_m': (15.0, 5.0), 'zone': 'yard'}, True),
    ({'position_m': None, 'zone': 'yard'}, True),
    ({'position_m': None}, False),
    ({'zone': 'street'}, True)])
def test_a_zone_is_met_by_what_lies_in_it_and_by_what_is_about_it(changed, fits):
    assert Policy(Response.LOOK, zones=(YARD,)).fits(alert(**changed), NOON) is fits


def test_only_some_responses_send_the_robot_there():
    assert {each for each in Response if each.is_errand} == {Response.LOOK, Response.FOLLOW, Response.INSPECT}


def test_a_post_is_found_by_name_then_kind_then_default():
    posts = {'ugv1': 'gate', 'uav': 'roof', 'default': 'home'}
    plan = LockdownPlan(LockdownManner.POST, posts)
    assert [plan.post('ugv1', 'ugv'), plan.post('scout', 'uav'), plan.post('ugv2', 'ugv')] == ['gate', 'roof', 'home']
    assert LockdownPlan(LockdownManner.POST, {'ugv1': 'gate'}).post('ugv2') is None
    assert LockdownPlan(LockdownManner.STOP, posts).post('ugv1') is None

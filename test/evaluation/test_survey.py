"""A survey counts, by ground truth, what a round touched and which bounds it left."""

from types import SimpleNamespace

import pytest

from lepatrol.evaluation.survey import Survey
from lepatrol.model.geometry import Pose3
from lepatrol.model.mission import MissionState, MissionStatus
from lepatrol.model.navigation import NavigationFeedback, NavigationState
from lepatrol.model.observation import BatteryState
from lepatrol.model.site import Geofence, Medium, Route, Site, Waypoint, Zone, ZoneKind

SQUARE = ((0.0, 0.0), (40.0, 0.0), (40.0, 20.0), (0.0, 20.0))
POINTS = {'home': Waypoint('home', 2.0, 2.0), 'a': Waypoint('a', 30.0, 2.0, z_m=8.0)}
AIR, GROUND = Route('over', ('a',), medium=Medium.AIR), Route('round', ('a',))
SITE = Site('yard', 'yard', 'home', waypoints=POINTS, geofence=Geofence(SQUARE, 3.0, 12.0), zones=(
    Zone('pond', ZoneKind.KEEP_OUT, ((10.0, 10.0), (20.0, 10.0), (20.0, 15.0))),
    Zone('ditch', ZoneKind.KEEP_OUT, ((30.0, 10.0), (40.0, 10.0), (40.0, 15.0)), medium=Medium.GROUND),
    Zone('lawn', ZoneKind.SLOW, SQUARE, 0.5)))


def follow(route, places, *, touches=(), feedback=None, waypoint='a', battery=None):
    """Return the survey of a robot that was at these places, one a step."""
    survey = Survey(SITE, route)
    for step, place in enumerate(places):
        survey.watch(SimpleNamespace(
            robot='robot', latest={BatteryState: BatteryState(0.0, battery, 24.0)} if battery is not None else {},
            simulator=SimpleNamespace(
                ground_truth=lambda robot, at=place: Pose3(at), in_collision=lambda robot, n=step: n in touches),
            navigator=SimpleNamespace(feedback=feedback or NavigationFeedback(0.0, 0, NavigationState.MOVING)),
            patrol=SimpleNamespace(status=MissionStatus(0.0, MissionState.WALKING, waypoint=waypoint))))
    return survey


@pytest.mark.parametrize(('places', 'breaks'), [
    ([(5.0, 5.0, 8.0), (39.0, 5.0, 8.0)], 0),
    ([(5.0, 5.0, 8.0), (41.0, 5.0, 8.0), (42.0, 5.0, 8.0), (39.0, 5.0, 8.0), (39.0, 21.0, 8.0)], 2),
    ([(5.0, 5.0, 11.9), (5.0, 5.0, 12.1)], 1),
    ([(2.0, 2.0, 0.2), (3.0, 2.5, 1.0), (3.0, 2.5, 3.5)], 0),
    ([(5.0, 5.0, 3.1), (5.0, 5.0, 2.9)], 1)],
    ids=['inside', 'out twice', 'over the ceiling', 'low where it takes off', 'low elsewhere'])
def test_the_geofence_is_left_past_an_edge_the_ceiling_or_the_floor(places, breaks):
    assert follow(AIR, places).geofence_breaks == breaks


def test_who_is_on_the_ground_is_not_held_to_the_geofence():
    assert follow(GROUND, [(41.0, 5.0, 0.2)]).geofence_breaks == 0


@pytest.mark.parametrize('route', [AIR, GROUND])
def test_a_keep_out_zone_is_entered_once_however_long_the_stay(route):
    assert follow(route, [(5.0, 12.0, 4.0), (18.0, 12.0, 4.0), (19.0, 12.0, 4.0)]).keep_out_breaks == 1


def test_a_zone_for_wheels_is_no_zone_for_wings():
    assert follow(GROUND, [(39.0, 12.0, 4.0)]).keep_out_breaks == 1
    assert follow(AIR, [(39.0, 12.0, 4.0)]).keep_out_breaks == 0


def test_touches_and_way_are_counted_and_trembling_is_no_way():
    survey = follow(AIR, [(5.0, 5.0, 4.0), (5.05, 5.0, 4.0), (8.0, 5.0, 8.0), (8.0, 6.0, 8.0)], touches={1, 2})
    assert survey.collisions == 1
    assert survey.distance_m == pytest.approx(6.0)


@pytest.mark.parametrize(('route', 'error_m'), [(AIR, 0.5), (GROUND, 0.3)])
def test_the_robot_is_held_to_its_word_that_it_has_arrived(route, error_m):
    there = NavigationFeedback(1.0, 4, NavigationState.REACHED)
    assert follow(route, [(30.3, 2.0, 8.4)], feedback=there).arrival_error_m == pytest.approx(error_m)
    assert follow(route, [(2.0, 2.0, 0.2)], feedback=there, waypoint='home').arrival_error_m == 0.0


def test_the_battery_is_told_of_where_there_is_one():
    assert follow(AIR, [(2.0, 2.0, 0.2)], battery=0.6).battery_left == 0.6
    assert follow(AIR, [(2.0, 2.0, 0.2)]).battery_left is None

"""What is measured of an inspection by ground truth: distances from the outline, and the sides that were seen."""

import math
from types import SimpleNamespace

import pytest

from lepatrol.evaluation.behaviour_inspections import seen_deg
from lepatrol.evaluation.object_stage import Put
from lepatrol.evaluation.stand_off import StandOffWatch, outline_of
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.cases import CaseState
from lepatrol.model.geometry import Pose2, Pose3
from lepatrol.model.inspection import ObjectView
from lepatrol.model.policy import Response
from lepatrol.model.site import InspectionRings
from lepatrol.simulation.description import Box, Cylinder, Ellipsoid

BAG = Put(Box((0.6, 0.4, 0.4)), (10.0, 5.0), math.pi / 2.0, (0.1, 0.1, 0.1))


def loop_at(now_s, x_m, state=CaseState.PENDING, behaviour=BehaviourKind.INSPECT, *, touches=False):
    """Return as much of a loop as is looked at; the bag's edge is at y = 4.7, the robot below it."""
    case = SimpleNamespace(response=Response.INSPECT, state=state)
    return SimpleNamespace(
        robot='robot', conduct=SimpleNamespace(cases=(case,), behaviour=behaviour),
        simulator=SimpleNamespace(
            time_s=now_s, ground_truth=lambda name: Pose3((10.0, 4.7 - x_m, 0.0)),
            in_collision=lambda name: touches))


def flaws_of(*distances_m, after_m=(), is_suspicious=False):
    watch = StandOffWatch(BAG, InspectionRings(5.0, 3.0, 1.5))
    for number, away_m in enumerate(distances_m):
        watch(loop_at(3.0 * number, away_m))
    for away_m in after_m:
        watch(loop_at(60.0, away_m, CaseState.INSPECTED, BehaviourKind.PATROL))
    return watch.flaws(is_suspicious=is_suspicious)


@pytest.mark.parametrize(('shape', 'turn_rad', 'bounds'), [
    (Box((0.6, 0.4, 0.4)), math.pi / 2.0, (9.8, 4.7, 10.2, 5.3)),
    (Cylinder(0.25, 0.9), 0.3, (9.75, 4.75, 10.25, 5.25)),
    (Ellipsoid((0.4, 0.2, 0.2)), 0.0, (9.6, 4.8, 10.4, 5.2))])
def test_an_object_covers_the_ground_that_its_shape_covers_turned_as_it_is(shape, turn_rad, bounds):
    assert outline_of(Put(shape, (10.0, 5.0), turn_rad, (0.1, 0.1, 0.1))).bounds == pytest.approx(bounds, abs=1e-4)


def test_who_leaves_the_ring_and_stays_outside_keeps_the_stand_off():
    assert flaws_of(3.0, 2.8, 4.0, 5.2, 5.05, 5.4, after_m=[3.2], is_suspicious=True) == []


def test_who_comes_into_the_ring_again_does_not():
    assert flaws_of(3.0, 5.2, 4.9) == ['it came as near as 4.90 m after it had left the ring of 5 m']


def test_nor_who_goes_nearer_from_within_it():
    assert flaws_of(3.0, 2.3, 5.2) == ['it began 3.00 m away and came as near as 2.30 m']


def test_nor_who_passes_a_suspicious_object_too_near_afterwards():
    assert flaws_of(5.5, after_m=[2.5]) == []
    assert flaws_of(5.5, after_m=[2.5], is_suspicious=True) == [
        'it passed the suspicious object 2.50 m away; its zone reaches to 3 m']


def pushed(*steps):
    """Return the watch after steps of how far away the robot is, and whether somebody pushes it."""
    watch = StandOffWatch(BAG, InspectionRings(5.0, 3.0, 1.5))
    for number, (away_m, touches) in enumerate(steps):
        watch(loop_at(3.0 * number, away_m, touches=touches))
    return watch


def test_who_is_pushed_into_the_ring_begins_anew_where_it_is_left():
    watch = pushed((8.0, False), (5.4, False), (5.2, True), (4.3, True), (4.2, False), (5.3, False))
    assert watch.flaws(is_suspicious=False) == []
    assert watch.figures['pushed_nearer_by_m'].value == pytest.approx(0.9)
    assert watch.figures['outside_ring_m'].value == pytest.approx(5.3)
    assert watch.figures['nearest_m'].value == pytest.approx(4.2)


@pytest.mark.parametrize(('afterwards', 'flaw'), [
    ([(4.2, False), (3.6, False), (5.3, False)], 'it began 4.20 m away and came as near as 3.60 m'),
    ([(4.2, False), (5.3, False), (4.9, False)], 'it came as near as 4.90 m after it had left the ring of 5 m'),
    ([(5.3, False), (5.3, False), (4.9, False)], 'it came as near as 4.90 m after it had left the ring of 5 m')])
def test_and_keeps_the_stand_off_from_there(afterwards, flaw):
    assert pushed((8.0, False), (5.4, True), *afterwards).flaws(is_suspicious=False) == [flaw]


def test_a_push_excuses_nothing_that_came_before_it():
    watch = pushed((8.0, False), (5.4, False), (4.6, False), (4.5, True), (4.4, False))
    assert watch.flaws(is_suspicious=False) == [
        'it came as near as 4.60 m after it had left the ring of 5 m',
        'it began 8.00 m away and came as near as 4.60 m']


def test_an_object_that_was_not_inspected_is_told_of():
    assert flaws_of() == ['it was not inspected']


def view(bearing_deg, *, has_seen=True):
    x, y = (5.0 * each(math.radians(bearing_deg)) for each in (math.cos, math.sin))
    return ObjectView('spot-1', 1, 0.0, Pose2(10.0 + x, 5.0 + y), lidar_m=((10.0, 5.0),) if has_seen else ())


@pytest.mark.parametrize(('bearings', 'degrees'), [((), 0), ((10,), 60), ((0, 30), 90), (range(0, 360, 45), 360),
                                                    ((-170, 170), 80)])
def test_each_place_shows_the_sides_that_face_it(bearings, degrees):
    assert seen_deg(tuple(view(each) for each in bearings), (10.0, 5.0)) == pytest.approx(degrees, abs=2.0)


def test_a_place_from_which_nothing_was_seen_shows_none():
    assert seen_deg((view(0), view(180, has_seen=False)), (10.0, 5.0)) == pytest.approx(60.0, abs=2.0)

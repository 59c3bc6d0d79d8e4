"""Waypoints are gone to one after the other: what was left out, or gone to again, is noticed."""

import pytest

from lepatrol.evaluation.visit_order import VisitOrder
from lepatrol.model.mission import MissionState, MissionStatus


def status(place, state=MissionState.WALKING):
    return MissionStatus(0.0, state, round=place[0], visit=place[1], visits=3)


@pytest.mark.parametrize(('places', 'holds'), [
    ([(1, 0), (1, 0), (1, 1), (1, 2), (2, 0), (2, 1)], True), ([(1, 0), (1, 2)], False), ([(1, 1), (1, 0)], False),
    ([(1, 1), (3, 0)], False)])
def test_each_waypoint_comes_after_the_one_before_it(places, holds):
    order = VisitOrder()
    for place in places:
        order.step(status(place))
    assert order.holds is holds


def test_where_a_mission_that_is_over_counts_from_does_not_matter():
    order = VisitOrder()
    order.step(status((1, 1)))
    order.step(status((0, 0), MissionState.DONE))
    assert order.holds

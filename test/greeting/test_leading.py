"""Who is led is waited for, is led no farther than visitors may go, and is given up when he does not follow."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people_stage import Person

from lepatrol.greeting.leading import Leading, permitted_legs
from lepatrol.model.errors import CommandError
from lepatrol.model.leading import (
    MOST_WAYPOINTS,
    LeadOrder,
    LeadReport,
    LeadState,
    lead_from_text,
    lead_report_from_text,
    text_from_lead,
    text_from_lead_report,
)
from lepatrol.settings.leading import LeadSettings

SETTINGS = LeadSettings()
WAY = ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0))
POINTS = st.tuples(st.floats(-1e4, 1e4), st.floats(-1e4, 1e4))
NAMES = st.text(st.characters(categories=('L', 'N')), max_size=20)
STEP_S = 0.4
ORDER = '{"conversation": "", "place": "", "track_id": 1, "waypoints": %s, "lead": %s, "seen_m": %s}'


def anywhere(place):
    return True


class Walk:
    """The robot goes where leading says at 1 m/s; the visitor does as he likes."""

    def __init__(self, person, way=WAY, may_enter=anywhere):
        self.person, self.now_s, self.robot_m = person, 0.0, way[0]
        self.leading = Leading(way, may_enter, SETTINGS, track_id=1, seen_m=person.place_m(0.0), now_s=0.0)
        self.states = []

    def run(self, behave, limit_s=700.0):
        while not self.leading.state.is_final and self.now_s < limit_s:
            self.now_s += STEP_S
            behave(self)
            track = self.person.track(self.now_s)
            state = self.leading.step([track] if track else [], self.robot_m, self.now_s)
            goal = self.leading.goal_m
            if goal is not None:
                left_m = math.dist(self.robot_m, goal)
                share = min(1.0, STEP_S / left_m) if left_m else 1.0
                self.robot_m = tuple(a + share * (b - a) for a, b in zip(self.robot_m, goal, strict=True))
                if share == 1.0:
                    self.leading.reached()
            if not self.states or self.states[-1] is not state:
                self.states.append(state)
        return self.leading.state


def follows(walk):
    walk.person.follow(walk.robot_m, 1.2, walk.now_s)


def test_who_follows_is_led_to_the_end():
    walk = Walk(Person((0.0, (-1.5, 0.0)), track_id=1))
    assert walk.run(follows) is LeadState.ARRIVED
    assert walk.robot_m == WAY[-1]
    assert walk.states == [LeadState.LEADING]


def test_who_lags_is_waited_for():
    def dawdles(walk):
        if not 3.0 < walk.now_s < 20.0:
            follows(walk)

    walk = Walk(Person((0.0, (-1.5, 0.0)), track_id=1))
    assert walk.run(dawdles) is LeadState.ARRIVED
    assert walk.states == [LeadState.LEADING, LeadState.WAITING, LeadState.LEADING]


def test_who_does_not_come_is_given_up():
    walk = Walk(Person((0.0, (-1.5, 0.0)), track_id=1))
    assert walk.run(lambda walk: None) is LeadState.GIVEN_UP
    assert math.dist(walk.robot_m, (-1.5, 0.0)) < SETTINGS.lag_m + 1.0
    assert walk.now_s < SETTINGS.patience_s + 10.0


def test_who_is_not_seen_is_waited_for_and_known_again_by_his_place():
    walk = Walk(Person((0.0, (-1.5, 0.0)), track_id=1, hidden=[(4.0, 9.0)], renamed=(6.0, 8)))
    assert walk.run(follows) is LeadState.ARRIVED
    assert walk.states == [LeadState.LEADING, LeadState.WAITING, LeadState.LEADING]


def test_who_follows_behind_the_camera_is_led_on_although_only_a_lidar_sees_him():
    walk = Walk(Person((0.0, (-1.5, 0.0)), track_id=1, unsure_from_s=1.0, hidden=[(4.0, 6.0)], renamed=(5.0, 8)))
    assert walk.run(follows) is LeadState.ARRIVED
    assert walk.states == [LeadState.LEADING]


def test_leading_stops_before_the_edge_of_what_visitors_may_enter():
    walk = Walk(Person((0.0, (-1.5, 0.0)), track_id=1), may_enter=lambda place: place[1] < 4.0)
    assert walk.run(follows) is LeadState.AT_EDGE
    assert walk.robot_m[0] == 10.0
    assert 3.0 <= walk.robot_m[1] <= 4.0 - SETTINGS.edge_m + 0.1


def test_from_where_no_visitor_may_be_nobody_is_led():
    walk = Walk(Person((0.0, (-1.5, 0.0)), track_id=1), may_enter=lambda place: False)
    assert (walk.leading.state, walk.leading.goal_m) == (LeadState.AT_EDGE, None)


def test_what_takes_too_long_in_all_is_given_up():
    def teases(walk):
        if walk.now_s % 60.0 > 30.0:
            follows(walk)

    long_way = ((0.0, 0.0), (900.0, 0.0))
    assert Walk(Person((0.0, (-1.5, 0.0)), track_id=1), way=long_way).run(teases) is LeadState.GIVEN_UP


@given(way=st.lists(st.tuples(st.floats(-30, 30), st.floats(-30, 30)), min_size=2, max_size=6, unique=True),
       edge=st.floats(-20.0, 20.0))
def test_no_leg_ends_where_visitors_may_not_be_and_the_order_is_that_of_the_way(way, edge):
    legs, whole = permitted_legs(way, lambda place: place[0] < edge, SETTINGS)
    assert all(leg[0] < edge for leg in legs)
    assert whole == (all(point[0] < edge for point in way) and bool(legs))
    if whole:
        assert legs[-1] == pytest.approx(way[-1])


@given(order=st.builds(LeadOrder, NAMES, NAMES, st.lists(NAMES, max_size=4).map(tuple), st.booleans(),
                       st.integers(0, 10**6), POINTS))
def test_orders_survive_the_text(order):
    assert lead_from_text(text_from_lead(order)) == order


@given(report=st.builds(LeadReport, NAMES, NAMES, st.sampled_from(LeadState), st.text(max_size=40)))
def test_reports_survive_the_text(report):
    assert lead_report_from_text(text_from_lead_report(report)) == report


@pytest.mark.parametrize(('text', 'words'), [
    ('', 'lead'), ('[]', 'expected dict'), ('{}', 'waypoints is missing'), ('[' * 50_000, 'lead'),
    (' ' * 200_000, 'at most'),
    ('{"waypoints": 3}', 'expected list'), (f'{{"waypoints": {[0] * (MOST_WAYPOINTS + 1)}}}', 'at most 64'),
    ('{"waypoints": [], "conversation": "a\\u202e"}', 'conversation is'),
    (ORDER % ('[7]', 'true', '[0, 0]'), 'waypoints is 7'), (ORDER % ('[]', '1', '[0, 0]'), 'lead is 1, expected bool'),
    (ORDER % ('[]', 'true', '[0]'), 'expected x and y'), (ORDER % ('[]', 'true', '[0, NaN]'), 'finite')])
def test_what_is_no_order_is_refused(text, words):
    with pytest.raises(CommandError, match=words):
        lead_from_text(text)

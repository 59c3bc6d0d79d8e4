import itertools
import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lepatrol.model.errors import PlanningError
from lepatrol.model.geometry import Pose2
from lepatrol.model.occupancy import OCCUPIED, OccupancyMap
from lepatrol.planning.planner import Planner
from lepatrol.planning.sight import segments_clear
from lepatrol.planning.viewpoints import Obstacle, StandOff, Target, coverage_deg, plan_views, viewpoint_towards
from lepatrol.settings.navigation import PlannerSettings

TUNING = PlannerSettings(clearance_m=0.35)
RING = StandOff(5.0, 7.0)


def yard(*closed):
    """Return 30 m x 30 m within walls; ``closed`` are boxes (x, y, x, y) in metres."""
    cells = np.zeros((300, 300), dtype=np.int8)
    cells[[0, -1], :] = cells[:, [0, -1]] = OCCUPIED
    for left, low, right, high in closed:
        cells[round(10 * low):round(10 * high), round(10 * left):round(10 * right)] = OCCUPIED
    return OccupancyMap(cells, 0.1, 0.0, 0.0)


def planner(*closed, keep_out=()):
    return Planner(yard(*closed), 0.45, TUNING, keep_out)


OPEN = planner()


def away_m(viewpoint, target):
    return math.hypot(viewpoint.x_m - target.x_m, viewpoint.y_m - target.y_m) - target.radius_m


@pytest.mark.parametrize('most', [6, 8])
def test_a_free_standing_object_is_seen_from_all_round(most):
    target = Target(15.0, 15.0, 0.4)
    plan = plan_views(OPEN, Pose2(25.0, 15.0), target, RING, most=most)
    assert len(plan.viewpoints) == most
    assert plan.coverage_deg == pytest.approx(360.0)
    assert plan.hidden == ()
    for viewpoint in plan.viewpoints:
        assert away_m(viewpoint, target) == pytest.approx(RING.radius_m + RING.margin_m)
        assert math.cos(viewpoint.yaw_rad - viewpoint.bearing_rad) == pytest.approx(-1.0)


def test_an_object_at_a_wall_is_seen_from_the_open_side_and_the_wall_is_named():
    target = Target(15.0, 0.5, 0.3)
    plan = plan_views(OPEN, Pose2(15.0, 20.0), target, RING)
    assert 120.0 <= plan.coverage_deg <= 240.0
    assert all(viewpoint.y_m > 0.8 for viewpoint in plan.viewpoints)
    assert {hidden.reason for hidden in plan.hidden} <= {Obstacle.HIDDEN, Obstacle.NO_ROOM, Obstacle.BEYOND_MAP}
    assert any('deg: ' in str(hidden) for hidden in plan.hidden)


def test_coverage_counts_what_was_got_to_once():
    viewpoints = plan_views(OPEN, Pose2(25.0, 15.0), Target(15.0, 15.0, 0.4), RING, most=8).viewpoints
    assert coverage_deg(()) == 0.0
    assert coverage_deg(viewpoints[:1]) == pytest.approx(60.0)
    assert coverage_deg(viewpoints[:2]) == pytest.approx(105.0)
    assert coverage_deg((*viewpoints, *viewpoints)) == pytest.approx(360.0)


def test_the_walk_begins_at_the_near_end_and_never_jumps_across():
    bearings = [viewpoint.bearing_rad for viewpoint in plan_views(
        OPEN, Pose2(22.0, 16.0), Target(15.0, 15.0, 0.3), RING).viewpoints]
    assert abs(bearings[0]) < math.radians(50.0)
    turns = [(after - before + math.pi) % (2.0 * math.pi) - math.pi
             for before, after in itertools.pairwise(bearings)]
    assert len({math.copysign(1.0, turn) for turn in turns}) == 1
    assert max(map(abs, turns)) <= math.radians(50.0)


def test_an_arc_is_walked_from_one_end_to_the_other():
    plan = plan_views(OPEN, Pose2(24.0, 3.0), Target(15.0, 0.5, 0.3), RING)
    bearings = [viewpoint.bearing_rad for viewpoint in plan.viewpoints]
    assert bearings == sorted(bearings)


@pytest.mark.parametrize(('closed', 'keep_out', 'reason'), [
    ([(18.0, 12.0, 18.2, 18.0)], (), Obstacle.HIDDEN),
    ([(20.3, 14.0, 29.0, 16.0)], (), Obstacle.NO_ROOM),
    ([], [[(19.0, 13.0), (29.0, 13.0), (29.0, 17.0), (19.0, 17.0)]], Obstacle.KEEP_OUT),
])
def test_bearings_that_cannot_be_used_have_their_reason(closed, keep_out, reason):
    plan = plan_views(planner(*closed, keep_out=keep_out), Pose2(5.0, 15.0), Target(15.0, 15.0, 0.3), RING)
    east = [hidden for hidden in plan.hidden if hidden.reason is reason]
    assert east
    assert not any(abs(viewpoint.bearing_rad) < math.radians(5.0) for viewpoint in plan.viewpoints)


def test_ground_that_no_way_leads_to_is_not_stood_on():
    fenced = planner((0.0, 14.9, 12.0, 15.1), (18.0, 14.9, 30.0, 15.1))
    plan = plan_views(fenced, Pose2(15.0, 3.0), Target(15.0, 15.0, 0.3), StandOff(5.0, 7.0))
    assert all(viewpoint.y_m < 15.0 for viewpoint in plan.viewpoints)
    assert Obstacle.NO_WAY in {hidden.reason for hidden in plan.hidden}


def test_a_closed_place_on_the_ring_is_replaced_by_one_behind_it():
    puddle = [(20.0, 14.5), (20.6, 14.5), (20.6, 15.5), (20.0, 15.5)]
    target = Target(15.0, 15.0, 0.3)
    plan = plan_views(planner(keep_out=[puddle]), Pose2(25.0, 15.0), target, RING, most=1)
    assert len(plan.viewpoints) == 1
    near = plan_views(planner(keep_out=[puddle]), Pose2(25.0, 15.0), target, RING, most=72)
    east = [viewpoint for viewpoint in near.viewpoints if abs(viewpoint.bearing_rad) < 0.01]
    assert [away_m(viewpoint, target) > 5.9 for viewpoint in east] == [True]


def test_a_place_apart_is_kept_away_from_something_else_as_well():
    beside = Target(22.0, 15.0, 0.3)
    plan = plan_views(OPEN, Pose2(5.0, 15.0), Target(15.0, 15.0, 0.3), RING, beside=beside)
    assert plan.viewpoints
    assert all(away_m(viewpoint, beside) >= RING.radius_m - 0.1 for viewpoint in plan.viewpoints)


def test_a_target_shut_in_gives_an_empty_plan_with_reasons():
    plan = plan_views(planner((13.0, 13.0, 17.0, 17.0)), Pose2(5.0, 5.0), Target(15.0, 15.0), RING)
    assert plan.viewpoints == ()
    assert plan.coverage_deg == 0.0
    assert [hidden.reason for hidden in plan.hidden] == [Obstacle.HIDDEN]


def test_the_nearest_place_to_look_from_is_the_own_one_where_it_will_do():
    target = Target(15.0, 15.0, 0.3)
    own = viewpoint_towards(OPEN, Pose2(21.0, 15.0, 1.0), target, RING)
    assert (own.x_m, own.y_m) == (21.0, 15.0)
    assert math.cos(own.yaw_rad) == pytest.approx(-1.0)
    near = viewpoint_towards(OPEN, Pose2(28.0, 15.0), target, RING)
    assert away_m(near, target) == pytest.approx(7.0, abs=0.6)
    assert abs(near.bearing_rad) < 0.1
    back = viewpoint_towards(OPEN, Pose2(16.0, 15.0), target, RING)
    assert away_m(back, target) == pytest.approx(5.4)


def test_where_the_robot_ought_not_to_stand_it_does_not_look_from():
    target = Target(15.0, 15.0, 0.3)
    own = Pose2(21.0, 15.0, 1.0)
    place = viewpoint_towards(OPEN, own, target, RING, is_fit=lambda x, y: x < 20.0)
    assert place.x_m < 20.0
    assert math.hypot(place.x_m - own.x_m, place.y_m - own.y_m) < 4.0
    with pytest.raises(PlanningError, match='no place to wait at'):
        viewpoint_towards(OPEN, own, target, RING, is_fit=lambda x, y: False)


def test_a_wall_between_makes_it_look_from_elsewhere():
    target = Target(15.0, 15.0, 0.3)
    place = viewpoint_towards(planner((18.0, 12.0, 18.2, 18.0)), Pose2(21.0, 15.0), target, RING)
    assert abs(place.bearing_rad) > math.radians(30.0)


@pytest.mark.parametrize(('robot', 'target', 'words'), [
    (Pose2(15.0, 3.0), Target(99.0, 1.0), 'target .* outside the map'),
    (Pose2(-5.0, 3.0), Target(15.0, 15.0), 'robot .* outside the map'),
    (Pose2(5.0, 3.0), Target(float('nan'), 15.0), 'target .* outside the map'),
    (Pose2(5.0, 5.0), Target(15.0, 15.0), 'cannot be looked at from 5 to 7 m away: a wall hides it'),
])
def test_what_cannot_be_looked_at_is_said(robot, target, words):
    with pytest.raises(PlanningError, match=words):
        viewpoint_towards(planner((13.0, 13.0, 17.0, 17.0)), robot, target, RING)


@pytest.mark.parametrize('distances', [(0.0, 7.0, 0.4), (5.0, 5.2, 0.4), (5.0, 7.0, -1.0)])
def test_distances_that_contradict_each_other_are_refused(distances):
    with pytest.raises(PlanningError, match='stand-off'):
        StandOff(*distances)


def test_no_viewpoints_at_all_are_no_plan():
    with pytest.raises(PlanningError, match='0 viewpoints'):
        plan_views(OPEN, Pose2(5.0, 5.0), Target(15.0, 15.0), RING, most=0)


BOXES = st.tuples(st.floats(2.0, 26.0), st.floats(2.0, 26.0), st.floats(0.2, 6.0), st.floats(0.2, 6.0))


@settings(max_examples=30, deadline=None)
@given(boxes=st.lists(BOXES, max_size=4), x=st.floats(6.0, 24.0), y=st.floats(6.0, 24.0), most=st.integers(1, 9))
@example(boxes=[(16.75, 6.0, 5.5, 6.0)], x=23.0, y=6.0, most=9)  # a viewpoint on the border of two cells
def test_every_viewpoint_keeps_the_stand_off_sees_the_target_and_can_be_got_to(boxes, x, y, most):
    closed = [(left, low, min(left + wide, 29.0), min(low + high, 29.0)) for left, low, wide, high in boxes]
    around = planner(*closed)
    robot, target = Pose2(1.5, 1.5), Target(x, y, 0.3)
    plan = plan_views(around, robot, target, RING, most=most)
    assert len(plan.viewpoints) <= most
    assert bool(plan.viewpoints) == (plan.coverage_deg > 0.0)
    assert plan.coverage_deg <= 60.0 * len(plan.viewpoints) + 1e-6
    for viewpoint in plan.viewpoints:
        assert RING.radius_m <= away_m(viewpoint, target) <= RING.farthest_m + 1e-9
        assert around.is_free(viewpoint.x_m, viewpoint.y_m)
        near = np.array([[x + 0.7 * math.cos(viewpoint.bearing_rad), y + 0.7 * math.sin(viewpoint.bearing_rad)]])
        own = np.array([[viewpoint.x_m, viewpoint.y_m]])
        assert segments_clear(around.grid.solid, around.grid.to_cells(own), around.grid.to_cells(near)).all()
        if around.is_free(robot.x_m, robot.y_m):
            assert len(around.plan(robot, viewpoint.pose)) >= 2


def fenced(first, last):
    """Return 100 m x 30 m with a fence along y = 15 m between two columns."""
    cells = np.zeros((300, 1000), dtype=np.int8)
    cells[[0, -1], :] = cells[:, [0, -1]] = OCCUPIED
    cells[150, first:last] = OCCUPIED
    return Planner(OccupancyMap(cells, 0.1, 0.0, 0.0), 0.45, TUNING)


@pytest.mark.parametrize('robot', [Pose2(48.0, 12.0, 0.0), Pose2(10.0, 8.0, 0.0), Pose2(90.0, 12.0, 0.0)])
def test_nobody_goes_round_the_end_of_a_long_fence_to_look_at_what_leans_on_it(robot):
    plan = plan_views(fenced(0, 950), robot, Target(50.0, 14.6, 0.5), StandOff(5.0, 8.0))
    assert plan.viewpoints
    assert all(viewpoint.y_m < 15.0 for viewpoint in plan.viewpoints)


def test_round_a_short_one_the_robot_goes():
    plan = plan_views(fenced(480, 530), Pose2(48.0, 12.0, 0.0), Target(50.0, 14.6, 0.5), StandOff(5.0, 8.0))
    assert {viewpoint.y_m > 15.0 for viewpoint in plan.viewpoints} == {True, False}

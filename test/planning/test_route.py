import math
import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lepatrol.model.commands import Goto, Start
from lepatrol.model.errors import CommandError
from lepatrol.model.geometry import Pose2
from lepatrol.model.mission import Mission
from lepatrol.model.site import Route, Site, Wait, Waypoint
from lepatrol.planning.route import (
    mission_from_goto,
    mission_from_poses,
    mission_from_start,
    mission_from_waypoints,
    visits_of_round,
    waypoints_from_poses,
)

POINTS = tuple(Waypoint(name, float(i), 0.0, actions=(Wait(1.0),)) for i, name in enumerate('abcd'))
SITE = Site(
    'yard', 'yard', 'a', waypoints={point.name: point for point in POINTS},
    routes={'ring': Route('ring', tuple('abcd')), 'line': Route('line', tuple('abcd'), closed=False),
            'empty': Route('empty', ())})


def names(waypoints):
    return ''.join(point.name for point in waypoints)


@pytest.mark.parametrize(('command', 'visited'), [
    (Start('ring'), 'abcda'), (Start('line'), 'abcd'),
    (Start('ring', reverse=True), 'adcba'), (Start('line', reverse=True), 'dcba')])
def test_a_round_visits_in_walking_order(command, visited):
    assert names(visits_of_round(mission_from_start(command, SITE), 1)) == visited


def test_the_return_to_the_first_waypoint_has_no_actions():
    *visits, last = visits_of_round(mission_from_start(Start('ring'), SITE), 1)
    assert all(visit.actions for visit in visits)
    assert last.actions == ()
    assert (last.x_m, last.y_m) == (visits[0].x_m, visits[0].y_m)


def test_a_closed_mission_of_one_waypoint_does_not_return_to_it():
    assert names(visits_of_round(Mission('one', POINTS[:1], closed=True), 1)) == 'a'


def test_a_start_command_carries_over_rounds_and_seed():
    mission = mission_from_start(Start('ring', rounds=None, shuffle_seed=7), SITE)
    assert (mission.name, mission.rounds, mission.shuffle_seed, mission.closed) == ('ring', None, 7, True)


@given(seed=st.integers(0, 2**31 - 1), number=st.integers(1, 10_000), closed=st.booleans())
def test_a_shuffled_round_visits_all_and_is_the_same_again(seed, number, closed):
    mission = Mission('shuffled', POINTS, None, seed, closed)
    visits = visits_of_round(mission, number)
    assert visits == visits_of_round(mission, number)
    assert Counter(names(visits[:4])) == Counter('abcd')
    assert names(visits[4:]) == (visits[0].name if closed else '')


def test_shuffled_rounds_differ_from_each_other_and_between_seeds():
    def orders(seed):
        return [names(visits_of_round(Mission('shuffled', POINTS, None, seed), number)) for number in range(1, 11)]

    assert len(set(orders(1))) > 3
    assert orders(1) != orders(2)


@pytest.mark.parametrize(('name', 'hint'), [('rin', "did you mean 'ring'"), ('zzz', 'known are: ring, line'),
                                            ('empty', 'no waypoints')])
def test_a_route_that_cannot_be_walked_is_refused_by_name(name, hint):
    with pytest.raises(CommandError, match=hint):
        mission_from_start(Start(name), SITE)


def test_goto_goes_to_one_waypoint_and_does_nothing_there():
    mission = mission_from_goto(Goto('c'), SITE)
    assert names(mission.waypoints) == 'c'
    assert mission.waypoints[0].actions == ()
    with pytest.raises(CommandError, match='no waypoint'):
        mission_from_goto(Goto('x'), SITE)


def test_poses_are_named_and_keep_their_heading_where_asked():
    mission = mission_from_poses([Pose2(1.0, 2.0, 3.0), Pose2(4.0, 5.0)], max_poses=2)
    assert mission.name == 'poses'
    assert [(p.name, p.x_m, p.y_m, p.yaw_rad) for p in mission.waypoints] == [
        ('pose-1', 1.0, 2.0, 3.0), ('pose-2', 4.0, 5.0, 0.0)]
    assert waypoints_from_poses([Pose2(1.0, 2.0, 3.0)], keep_heading=False)[0].yaw_rad is None


@pytest.mark.parametrize('bad', [Pose2(math.nan, 0.0), Pose2(0.0, math.inf), Pose2(0.0, 0.0, math.nan)])
def test_a_pose_that_is_no_number_is_refused_by_name(bad):
    with pytest.raises(CommandError, match=r'pose-3 is at .*expected finite numbers'):
        mission_from_poses([Pose2(0.0, 0.0), Pose2(1.0, 0.0), bad, bad], max_poses=10)


def test_no_poses_and_too_many_are_refused():
    with pytest.raises(CommandError, match='no poses'):
        mission_from_poses([], max_poses=10)
    with pytest.raises(CommandError, match='3 poses, at most 2'):
        mission_from_waypoints(POINTS[:3], max_poses=2)


def test_ten_thousand_poses_are_quick():
    began_s = time.perf_counter()
    mission = mission_from_poses([Pose2(float(i), 0.0) for i in range(10_000)], max_poses=10_000)
    assert len(visits_of_round(mission, 1)) == 10_000
    assert time.perf_counter() - began_s < 1.0

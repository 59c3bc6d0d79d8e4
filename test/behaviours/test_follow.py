"""How a person is kept in view, in nobody's way, and how that ends."""

import math

import pytest
from follow_bench import CASE, FollowBench, OpenScout, open_ground, square

from lepatrol.model.alerts import AlertKind
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.cases import CaseState
from lepatrol.model.mission import MissionState
from lepatrol.model.site import Structure, StructureKind
from lepatrol.model.zones import ZoneKind


def ended(bench, case_id=CASE):
    bench.run(lambda: not bench.case(case_id).state.is_open)
    return bench.case(case_id)


def test_who_walks_away_is_kept_in_view_at_the_sites_distance_and_the_round_goes_on_afterwards():
    bench = FollowBench(open_ground(distance_m=4.0, limit_s=60.0))
    bench.begin()
    bench.walk(1.0, 0.2)
    bench.run_for(40.0)
    assert bench.behaviour is BehaviourKind.INVESTIGATE
    assert bench.state is MissionState.INTERRUPTED
    assert 4.0 <= bench.away_m <= 8.0
    assert sum(bench.in_view[20:]) == len(bench.in_view[20:])
    assert bench.said == ['Please stop.']
    case = ended(bench)
    assert case.state is CaseState.CONFIRMED
    assert case.reason.startswith('followed for 6')
    assert 'the limit of 60 s is reached, and no other robot answered within 1.5 s; last seen at (' in case.reason
    assert 'going east at 1.0 m/s' in case.reason
    assert case.evidence == ('photo-1.jpg',)
    bench.run(lambda: bench.behaviour is BehaviourKind.PATROL)
    assert bench.missed == ()


def test_it_stands_and_turns_while_the_person_goes_round_it():
    bench = FollowBench(person=(5.0, 0.0))
    bench.begin()
    bench.run_for(2.0)
    stood = bench.pose
    for step in range(100):
        turn = 0.15 * step * 0.1
        bench.walk(-0.75 * math.sin(turn), 0.75 * math.cos(turn))
        bench.step()
    assert math.dist((stood.x_m, stood.y_m), (bench.pose.x_m, bench.pose.y_m)) < 0.2
    assert abs(bench.off_rad) < 0.6
    assert all(bench.in_view[20:])


def test_goals_are_renewed_no_more_often_than_once_a_second_and_not_without_need():
    bench = FollowBench(person=(5.0, 0.0))
    bench.begin()
    bench.run_for(3.0)
    goals, cancels = len(bench.goals), len(bench.cancels)
    bench.run_for(10.0)
    assert len(bench.goals) == goals
    bench.walk(1.0, 0.0)
    bench.run_for(10.0)
    ids = [goal.goal_id for goal in bench.goals]
    assert 3 <= len(set(ids)) - goals <= 11
    assert ids == sorted(ids)
    assert len(bench.cancels) == cancels


def test_who_comes_towards_the_robot_finds_it_standing_and_turned_to_them():
    bench = FollowBench(person=(6.0, 0.0))
    bench.begin()
    bench.run_for(2.0)
    stood = bench.pose
    bench.walk(-0.8, 0.02)
    bench.run(lambda: bench.person[0] < 1.0)
    assert math.dist((stood.x_m, stood.y_m), (bench.pose.x_m, bench.pose.y_m)) < 0.2
    assert all(bench.in_view[20:])


@pytest.mark.parametrize('kind', [ZoneKind.SLOW, ZoneKind.PRIVACY, ZoneKind.KEEP_OUT])
def test_it_never_waits_in_a_zone_where_it_would_be_in_the_way_or_must_not_be(kind):
    zone = square('crossing', kind, 4.0, 0.0)
    bench = FollowBench(open_ground(zone), person=(9.0, 0.0))
    bench.begin()
    bench.run_for(10.0)
    assert bench.away_m < 9.0
    assert not zone.holds(bench.pose.x_m, bench.pose.y_m)
    assert all(not zone.holds(goal.x_m, goal.y_m) for goal in bench.goals)


def test_it_leaves_a_zone_that_comes_up_where_it_waits():
    bench = FollowBench(person=(6.0, 0.0))
    bench.begin()
    bench.run_for(3.0)
    bench.conduct.on_zone_put(
        'spill: {kind: keep_out, polygon: [[-3, -3], [3, -3], [3, 3], [-3, 3]], reason: wet}', bench.now_s)
    assert bench.reply == 'ok'
    bench.run_for(10.0)
    assert max(abs(bench.pose.x_m), abs(bench.pose.y_m)) > 3.4


def test_it_does_not_wait_before_a_gate():
    gate = Structure('gate', StructureKind.GATE, (3.0, -1.5), (3.0, 1.5))
    bench = FollowBench(open_ground(structures=(gate,)), person=(8.0, 0.0))
    bench.begin()
    bench.run_for(10.0)
    x, y = bench.pose.x_m, bench.pose.y_m
    assert math.hypot(x - 3.0, max(abs(y) - 1.5, 0.0)) >= 2.0


def test_who_goes_where_no_robot_may_is_watched_from_the_edge():
    yard = square('yard', ZoneKind.KEEP_OUT, 20.0, 0.0, half=9.0)
    bench = FollowBench(open_ground(yard), person=(8.0, 0.0))
    bench.begin()
    bench.walk(1.0, 0.0)
    bench.run(lambda: bench.person[0] > 20.0)
    bench.walk(0.0, 0.0)
    bench.run_for(15.0)
    assert bench.case(CASE).state is CaseState.PENDING
    assert all(not yard.holds(goal.x_m, goal.y_m) for goal in bench.goals)
    assert bench.away_m < 12.0
    assert abs(bench.off_rad) < 0.6


def test_who_is_out_of_sight_for_too_long_is_lost_and_it_is_said_where_they_went():
    bench = FollowBench(lost_s=6.0)
    bench.begin()
    bench.walk(0.0, 1.5)
    bench.run_for(6.0)
    bench.vanish()
    since_s = bench.now_s
    case = ended(bench)
    assert 5.5 <= bench.now_s - since_s <= 8.5
    assert case.state is CaseState.GONE
    assert 'out of sight for 6 s; last seen at (8.0, 9.' in case.reason
    assert case.reason.endswith('going north at 1.5 m/s')


def test_who_is_found_again_nearby_under_another_number_is_the_same():
    bench = FollowBench()
    bench.begin()
    bench.walk(1.0, 0.0)
    bench.run_for(6.0)
    bench.vanish()
    bench.run_for(4.0)
    bench.come_back(*bench.person)
    bench.run_for(10.0)
    assert bench.case(CASE).state is CaseState.PENDING
    assert 'keeping track 2 in view' in bench.message


def test_somebody_else_far_off_is_not_taken_for_them():
    bench = FollowBench(lost_s=6.0)
    bench.begin()
    bench.run_for(3.0)
    bench.vanish()
    bench.run_for(0.5)
    bench.come_back(-60.0, 0.0)
    assert ended(bench).state is CaseState.GONE


def test_who_leaves_the_site_is_not_followed_out_of_it():
    bench = FollowBench(open_ground(perimeter=((-20.0, -20.0), (15.0, -20.0), (15.0, 20.0), (-20.0, 20.0))))
    bench.begin()
    bench.walk(1.0, 0.0)
    case = ended(bench)
    assert case.state is CaseState.GONE
    assert 'the person has left the site; last seen at (16' in case.reason


def test_it_goes_no_farther_than_the_limit():
    bench = FollowBench(open_ground(limit_m=20.0, perimeter=()))
    bench.begin()
    bench.walk(1.0, 0.0)
    start = bench.pose
    case = ended(bench)
    assert case.state is CaseState.CONFIRMED
    assert 'the limit of 20 m is reached' in case.reason
    assert math.dist((start.x_m, start.y_m), (bench.pose.x_m, bench.pose.y_m)) < 21.0


@pytest.mark.parametrize(('order', 'state', 'words'), [
    ('skip', CaseState.CONFIRMED, 'skipped by the operator'),
    (f'dismiss {CASE} a guard', CaseState.DISMISSED, 'a guard'),
    (f'confirm {CASE}', CaseState.CONFIRMED, 'confirmed by the operator'),
    ('stop', CaseState.CONFIRMED, 'ended by the operator: stop')])
def test_the_operators_word_ends_it(order, state, words):
    bench = FollowBench()
    bench.begin()
    bench.run_for(5.0)
    assert bench.command(order) == 'ok'
    bench.run_for(0.3)
    case = bench.case(CASE)
    assert case.state is state
    assert words in case.reason
    assert bench.behaviour is not BehaviourKind.INVESTIGATE


def test_what_was_followed_when_it_was_skipped_is_told_with_the_numbers():
    bench = FollowBench()
    bench.begin()
    bench.run_for(5.0)
    bench.command('skip')
    assert bench.case(CASE).reason == 'followed for 5 s over 2 m: skipped by the operator'


def test_nobody_is_followed_who_is_not_there_any_more():
    bench = FollowBench(person=(20.0, 0.0), lost_s=5.0)
    bench.vanish()
    bench.begin()
    case = ended(bench)
    assert bench.away_m <= 6.5
    assert (case.state, case.reason) == (
        CaseState.GONE, 'nobody is there any more: looked for 5 s round (20.0, 0.0)')


def test_where_nobody_can_look_it_says_so():
    bench = FollowBench(person=(20.0, 0.0), scout=OpenScout(hides=lambda point, place: True), lost_s=5.0)
    bench.vanish()
    bench.begin()
    case = ended(bench)
    assert (case.state, case.reason) == (CaseState.UNSEEN, 'nobody was seen: a wall hides it')


def test_who_goes_round_a_corner_is_looked_for_behind_it():
    def hides(point, place):
        return (point[1] > 10.0) != (place[1] > 10.0) and place[0] < 14.0

    bench = FollowBench(person=(8.0, 4.0), scout=OpenScout(hides))
    bench.begin()
    bench.walk(0.0, 1.0)
    bench.run(lambda: bench.person[1] > 12.0)
    bench.vanish()
    bench.walk(0.0, 0.0)
    bench.run_for(1.5)
    bench.run(lambda: not hides(bench.person, (bench.pose.x_m, bench.pose.y_m)), limit_s=9.0)


def test_the_estop_takes_the_goal_back_and_being_stopped_does_not_lose_the_person():
    bench = FollowBench(lost_s=5.0)
    bench.begin()
    bench.walk(1.0, 0.0)
    bench.run_for(4.0)
    bench.conduct.on_estop(True)
    assert bench.step().cancel
    bench.vanish()
    bench.walk(0.0, 0.0)
    bench.run_for(20.0)
    assert bench.case(CASE).state is CaseState.PENDING
    bench.conduct.on_estop(False)
    bench.run_for(2.0)
    bench.come_back(*bench.person)
    bench.run_for(3.0)
    assert 'keeping track 2 in view' in bench.message
    assert bench.away_m <= 6.5


def test_a_case_taken_up_after_a_restart_knows_nobody_by_number_but_follows_who_is_there():
    bench = FollowBench(person=(9.0, 0.0))
    bench.command('start perimeter forever')
    bench.run_for(0.3)
    bench.raise_alert(place=bench.person, kind=AlertKind.ZONE_INTRUSION, about='track-77')
    bench.run_for(5.0)
    assert 'keeping track 1 in view' in bench.message

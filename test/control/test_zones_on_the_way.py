"""Zones that come up and are lifted while robots drive and fly."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nav2_bench import under_way
from navigator_bench import is_over
from test_flight import Flight, in_the_air
from test_navigator import ROBOT, Run, hall, with_box

from lepatrol.control.zone_guard import ZoneGuard
from lepatrol.model.geometry import STOP, Pose2, Twist
from lepatrol.model.navigation import NavigationState
from lepatrol.model.site import Medium, Zone, ZoneKind

RADIUS_M = ROBOT.footprint_radius_m


def square(left, bottom, right, top, name='spill', **parts):
    parts = {'kind': ZoneKind.KEEP_OUT, **parts}
    return Zone(name, polygon=((left, bottom), (right, bottom), (right, top), (left, top)), **parts)


def put(run, *zones):
    run.navigator.on_zones(zones, run.simulator.time_s)


def setting_out(*, to=(14.0, 5.0), until_x_m=4.0, **parts):
    run = Run(hall(), **parts)
    run.go(0.3)
    run.goal(*to)
    assert run.go(20.0, lambda run: run.place.x_m >= until_x_m)
    return run


def nearest_m(run, zone, since=0):
    return min(zone.distance_m(x, y) for x, y in run.walked[since:])


def test_a_zone_that_comes_up_on_the_way_is_gone_round_without_a_stop():
    run = setting_out()
    spill = square(8.0, 4.0, 9.5, 6.0)
    put(run, spill)
    assert run.navigator.path.shape[0] > 2
    assert run.go(30.0, is_over)
    assert run.feedback.state is NavigationState.REACHED
    assert NavigationState.BLOCKED not in run.states
    assert nearest_m(run, spill) >= RADIUS_M
    assert max(abs(y - 5.0) for _, y in run.walked) > 1.0


@pytest.mark.parametrize('gap_m', [0.45, 0.8, 2.0])
def test_however_near_before_it_a_zone_comes_up_the_robot_brakes_or_turns_before_it(gap_m):
    run = setting_out(until_x_m=6.0)
    assert run.twist.linear_x_m_s > 0.9
    x = run.place.x_m
    spill = square(x + RADIUS_M + gap_m, 3.0, x + 4.0, 7.0)
    put(run, spill)
    assert run.go(40.0, is_over)
    assert run.feedback.state is NavigationState.REACHED
    # From 1.2 m/s it comes to rest within 0.4 m, with the noise of its pose.
    assert nearest_m(run, spill) >= RADIUS_M - 0.03
    assert run.feedback.trespass is None


def test_a_zone_over_the_robot_is_left_by_the_shortest_way_and_said_and_then_the_goal_is_gone_on_to():
    run = setting_out(until_x_m=6.0)
    spill, since = square(5.5, 2.5, 11.0, 7.5), len(run.walked)
    put(run, spill)
    run.step()
    assert run.feedback.trespass.zone == 'spill'
    assert run.feedback.trespass.refuge_m is None
    assert run.feedback.reason == 'leaving the keep-out zone spill by the shortest way'
    assert run.go(20.0, lambda run: run.feedback.trespass is None)
    assert run.place.x_m < 5.5
    assert max(x for x, _ in run.walked[since:]) < 6.8
    left = len(run.walked)
    assert run.go(40.0, is_over)
    assert run.feedback.state is NavigationState.REACHED
    assert nearest_m(run, spill, left) >= RADIUS_M - 0.02


def test_without_a_goal_the_robot_stands_and_tells_where_it_would_leave_the_zone():
    run = Run(hall())
    run.go(0.5)
    put(run, square(1.0, 3.0, 6.0, 7.0))
    run.go(0.5)
    trespass = run.feedback.trespass
    assert run.twist == STOP
    assert run.feedback.state is NavigationState.IDLE
    assert trespass.zone == 'spill'
    x, y, _ = trespass.refuge_m
    assert (x - 2.0) ** 2 + (y - 5.0) ** 2 > 1.0
    run.goal(x, y)
    assert run.go(20.0, is_over)
    assert run.feedback.state is NavigationState.REACHED
    assert run.feedback.trespass is None


def test_a_goal_that_is_given_up_in_a_zone_leaves_word_of_the_way_out():
    run = setting_out(until_x_m=6.0)
    put(run, square(2.0, 2.5, 11.0, 7.5))
    run.go(0.5)
    assert run.feedback.trespass.refuge_m is None
    run.navigator.on_cancel(run.simulator.time_s, 'paused')
    run.step()
    assert run.feedback.state is NavigationState.CANCELLED
    assert run.feedback.trespass.refuge_m is not None


def test_a_goal_in_a_zone_fails_with_its_name_whenever_the_zone_comes_up():
    run = setting_out()
    put(run, square(13.0, 4.0, 15.0, 6.0))
    assert run.feedback.state is NavigationState.FAILED
    assert 'goal (14.00, 5.00): lies in the keep-out zone spill' in run.feedback.reason
    run.go(2.0)
    assert run.twist == STOP
    run.goal(14.0, 5.0, goal_id=2)
    assert run.feedback.state is NavigationState.FAILED
    put(run)
    run.goal(14.0, 5.0, goal_id=3)
    assert run.go(20.0, is_over)
    assert run.feedback.state is NavigationState.REACHED


def test_a_lifted_zone_is_crossed_again_at_once():
    run = setting_out()
    put(run, square(8.0, 3.0, 9.5, 6.5))
    run.go(1.0)
    put(run)
    run.go(0.2)
    before = len(run.walked)
    assert run.go(20.0, is_over)
    assert run.feedback.state is NavigationState.REACHED
    assert any(8.0 < x < 9.5 and 3.0 < y < 6.5 for x, y in run.walked[before:])


def test_a_slow_zone_slows_from_its_edge_on_and_lifted_no_more():
    run = setting_out()
    lane = square(6.0, 0.0, 9.0, 10.0, 'lane', kind=ZoneKind.SLOW, speed_limit_m_s=0.4)
    put(run, lane)
    speeds = []
    run.go(30.0, lambda run: speeds.append((run.place.x_m, run.twist.linear_x_m_s)) or run.place.x_m > 8.0)
    inside = [speed for x, speed in speeds if x > 6.1]
    assert 0.3 < max(inside) <= 0.4 + 1e-9
    put(run)
    run.go(1.0)
    assert run.twist.linear_x_m_s > 0.8


def test_zones_for_the_other_medium_are_passed_over():
    run = setting_out()
    path = run.navigator.path
    put(run, square(8.0, 4.0, 9.5, 6.0, medium=Medium.AIR))
    assert (run.navigator.path == path).all()


def test_a_zone_that_shuts_the_way_fails_the_goal_and_the_robot_stays_before_it():
    run = setting_out()
    flood = square(8.0, -1.0, 9.0, 11.0)
    put(run, flood)
    assert run.feedback.state is NavigationState.FAILED
    assert 'no way' in run.feedback.reason
    run.go(5.0)
    assert run.twist == STOP
    assert nearest_m(run, flood) > RADIUS_M


def test_before_the_first_pose_zones_are_taken_and_with_the_estop_pressed_nothing_moves():
    run = Run(hall())
    put(run, square(8.0, 4.0, 9.5, 6.0))
    run.go(0.3)
    run.goal(14.0, 5.0)
    run.go(1.0)
    run.navigator.on_estop(True, run.simulator.time_s)
    put(run, square(3.0, 3.0, 9.5, 7.0))
    run.step()
    run.go(2.0)
    assert run.twist == STOP
    assert run.feedback.state is NavigationState.HELD


def test_by_hand_the_robot_may_be_driven_in_and_leaves_by_itself_afterwards():
    run = Run(hall())
    run.go(0.3)
    spill = square(5.0, 3.0, 9.0, 7.0)
    put(run, spill)
    run.goal(14.0, 5.0)
    for _ in range(60):
        run.navigator.on_teleop(Twist(1.0, 0.0), run.simulator.time_s)
        run.step()
    assert spill.holds(run.place.x_m, run.place.y_m)
    assert run.go(40.0, is_over)
    assert run.feedback.state is NavigationState.REACHED


def test_a_surprise_obstacle_beside_a_zone_is_gone_round_on_the_other_side():
    grid = with_box(hall(), 8.0, 5.0, 1.0, 2.0)
    run = Run(hall(), grid)
    run.go(0.3)
    spill = square(7.5, 0.0, 9.5, 4.8)
    put(run, spill)
    run.goal(14.0, 5.0)
    assert run.go(60.0, is_over)
    assert run.feedback.state is NavigationState.REACHED
    assert nearest_m(run, spill) >= RADIUS_M - 0.02


@pytest.mark.parametrize('seed', range(3))
def test_whatever_comes_up_wherever_the_robot_drives_into_nothing_it_could_stop_before(seed):
    chance = np.random.default_rng(seed)
    run = Run(hall(24.0, 14.0))
    run.go(0.3)
    zones, exempt = [], set()
    for number in range(25):
        if run.feedback.state not in (NavigationState.MOVING, NavigationState.BLOCKED):
            run.goal(*chance.uniform((1.5, 1.5), (22.5, 12.5)), goal_id=number + 1)
        if len(zones) > 5 or (zones and chance.random() < 0.3):
            zones.pop(int(chance.integers(len(zones))))
        else:
            x, y = run.navigator.pose.compose(Pose2(chance.uniform(0.0, 3.0), chance.normal(0.0, 0.7))).transform(
                np.zeros(2))
            half = chance.uniform(0.2, 1.5)
            zones.append(square(x - half, y - half, x + half, y + half, f'zone{number}'))
        put(run, *zones)
        # What it touches now, or cannot stop before, it has not driven into.
        exempt = {zone.name for zone in zones if zone.distance_m(*run.walked[-1]) < RADIUS_M + 0.6}
        for _ in range(int(chance.integers(10, 60))):
            run.step()
            for zone in zones:
                away_m = zone.distance_m(run.place.x_m, run.place.y_m)
                if away_m > RADIUS_M + 0.6:
                    exempt.discard(zone.name)
                assert zone.name in exempt or away_m > RADIUS_M - 0.05, (number, zone, run.feedback)


ANY_M = st.floats(-3.0, 3.0)


@settings(max_examples=300)
@given(ANY_M, ANY_M, st.floats(-math.pi, math.pi), st.floats(-0.3, 1.5), st.floats(-1.5, 1.5))
def test_who_is_outside_can_always_stop_outside(x, y, yaw, speed, turn):
    zone = square(-1.0, -1.0, 1.0, 1.0)
    guard, pose = ZoneGuard([zone], ROBOT), Pose2(x, y, yaw)
    twist, reason = guard.checked(Twist(speed, turn), pose)
    assert abs(twist.linear_x_m_s) <= abs(speed)
    if zone.distance_m(x, y) < RADIUS_M:
        # In one zone it is free to go, yet not into another.
        assert (twist, reason) == (Twist(speed, turn), '')
        return
    assert bool(reason) is (twist == STOP and speed != 0.0)
    # Braking as hard as it can along the arc it is on.
    step_s, v = 0.01, twist.linear_x_m_s
    bend = twist.angular_z_rad_s / v if v else 0.0
    while abs(v) > 1e-6:
        pose = pose.compose(Pose2(v * step_s, 0.0, bend * v * step_s))
        assert zone.distance_m(pose.x_m, pose.y_m) > RADIUS_M - 0.01
        v -= math.copysign(min(ROBOT.max_deceleration_m_s2 * step_s, abs(v)), v)


def test_in_the_air_a_zone_on_the_leg_is_flown_round():
    flight = in_the_air(x=5.0, y=25.0)
    flight.goal(33.0, 25.0, 6.0, goal_id=99)
    assert flight.go(30.0, lambda flight: flight.place[0] > 10.0)
    spill, since = square(18.0, 22.0, 22.0, 26.0), len(flight.flown)
    flight.navigator.on_zones([spill], flight.now_s)
    assert flight.go(60.0, is_over)
    assert flight.feedback.state is NavigationState.REACHED
    assert min(spill.distance_m(x, y) for x, y, _ in flight.flown[since:]) >= 0.4 - 0.05


@pytest.mark.parametrize('gap_m', [2.0, 4.0])
def test_in_the_air_it_brakes_before_a_zone_that_comes_up_near_by(gap_m):
    flight = in_the_air(x=5.0, y=25.0)
    flight.goal(33.0, 25.0, 6.0, goal_id=99)
    assert flight.go(30.0, lambda flight: flight.place[0] > 12.0)
    x = flight.place[0] + 0.4 + gap_m
    spill, since = square(x, 21.0, x + 5.0, 28.0), len(flight.flown)
    flight.navigator.on_zones([spill], flight.now_s)
    assert flight.go(60.0, is_over)
    assert flight.feedback.state is NavigationState.REACHED, flight.feedback
    assert min(spill.distance_m(x, y) for x, y, _ in flight.flown[since:]) >= 0.4 - 0.1


def test_far_from_its_leg_a_zone_changes_nothing_not_even_a_landing():
    flight = in_the_air()
    flight.goal(12.0, 15.0, 0.0, goal_id=99)
    assert flight.go(30.0, lambda flight: flight.place[2] < 2.0)
    far, since = square(30.0, 2.0, 34.0, 6.0), len(flight.flown)
    flight.navigator.on_zones([far], flight.now_s)
    flight.go(0.5)
    flight.navigator.on_zones([], flight.now_s)
    assert flight.go(30.0, is_over)
    assert flight.feedback.state is NavigationState.REACHED
    assert max(z for _, _, z in flight.flown[since:]) < 2.0


def test_far_from_the_path_a_zone_leaves_the_path_as_it_is():
    run = setting_out()
    path = run.navigator.path
    put(run, square(4.0, 8.0, 6.0, 9.5))
    assert (run.navigator.path == path).all()


def test_hovering_over_a_zone_it_tells_where_it_would_leave_it_and_landed_it_stays():
    flight = in_the_air()
    spill = square(8.0, 10.0, 13.0, 18.0)
    flight.navigator.on_zones([spill], flight.now_s)
    flight.step()
    x, y, z = flight.feedback.trespass.refuge_m
    assert z == pytest.approx(6.0, abs=0.3)
    flight.fly_to(x, y, z)
    flight.go(3.0)
    assert flight.feedback.trespass is None
    ground = Flight()
    ground.go(0.5)
    ground.navigator.on_zones([square(2.0, 12.0, 8.0, 18.0)], ground.now_s)
    ground.step()
    assert (ground.feedback.trespass.zone, ground.feedback.trespass.refuge_m) == ('spill', None)


def test_nav2_is_stopped_before_a_zone_and_told_of_no_goal_in_one():
    drive = under_way()
    drive.navigator.on_zones([square(1.0, -1.0, 3.0, 1.0)], drive.now_s)
    drive.wanted = Twist(0.8, 0.0)
    drive.place = (0.4, 0.0, 0.0)
    drive.go(1.0)
    assert 0.0 < drive.twist.linear_x_m_s < 0.5
    drive.place = (0.549, 0.0, 0.0)
    drive.go(1.0)
    assert drive.twist == STOP
    assert drive.feedback.state is NavigationState.BLOCKED
    assert 'the keep-out zone spill begins' in drive.feedback.reason
    drive.navigator.on_zones([square(4.0, -1.0, 6.0, 1.0)], drive.now_s)
    assert drive.feedback.state is NavigationState.FAILED
    assert 'goal (5.00, 0.00): lies in the keep-out zone spill' in drive.feedback.reason
    drive.step()
    assert not drive.nav2.driving
    sent = len(drive.nav2.sent)
    drive.goal(goal_id=2)
    drive.go(1.0)
    assert drive.feedback.state is NavigationState.FAILED
    assert len(drive.nav2.sent) == sent
    drive.navigator.on_zones([], drive.now_s)
    drive.goal(goal_id=3)
    drive.go(1.0)
    assert drive.nav2.driving


def test_nav2_slows_in_a_slow_zone_and_is_told_the_way_out_of_a_keep_out_zone():
    drive = under_way()
    drive.wanted = Twist(0.8, 0.0)
    drive.navigator.on_zones([square(-1.0, -1.0, 3.0, 1.0, kind=ZoneKind.SLOW, speed_limit_m_s=0.2)], drive.now_s)
    drive.go(1.0)
    assert drive.twist.linear_x_m_s == pytest.approx(0.2)
    drive.navigator.on_zones([square(-1.0, -1.0, 3.0, 1.0)], drive.now_s)
    drive.place = (-0.8, 0.0, 0.0)
    drive.step()
    assert drive.feedback.trespass.refuge_m == pytest.approx((-1.95, 0.0, 0.0), abs=0.05)

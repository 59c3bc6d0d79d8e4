import dataclasses
import functools
import math

import numpy as np
import pytest
from navigator_bench import Bench, is_over

from lepatrol.control.flight import AirNavigator
from lepatrol.model.elevation import ElevationMap
from lepatrol.model.geometry import STOP, Pose2, Pose3, Twist
from lepatrol.model.navigation import NavigationGoal, NavigationState
from lepatrol.model.observation import Odometry, PoseEstimate
from lepatrol.model.occupancy import OCCUPIED, OccupancyMap
from lepatrol.model.site import Geofence
from lepatrol.planning.air_planner import AirPlanner
from lepatrol.settings.flight import FlightSettings
from lepatrol.settings.navigation import AvoidanceSettings, NavigatorSettings
from lepatrol.settings.robot import RobotSettings
from lepatrol.simulation.fake import FakeSensors, FakeSimulator

SIZE_M = 0.25
ROBOT = RobotSettings(
    locomotion='air', footprint_radius_m=0.4, max_speed_m_s=4.0, max_reverse_speed_m_s=1.0,
    max_climb_rate_m_s=2.0, max_descent_rate_m_s=1.5)
SETTINGS = NavigatorSettings(
    avoidance=AvoidanceSettings(patience_s=6.0, replan_after_s=1.0),
    flight=FlightSettings(land_after_s=3.0, fence_patience_s=4.0))
FENCE = Geofence(((1.0, 1.0), (39.0, 1.0), (39.0, 29.0), (1.0, 29.0)), 2.0, 12.0)


def field():
    """Return 40 x 30 m with a wall 5 m high across the middle, from y = 10 m to y = 20 m."""
    tops = np.zeros((120, 160), dtype=np.float32)
    tops[40:80, 79:81] = 5.0
    return ElevationMap(tops, SIZE_M, 0.0, 0.0)


@functools.cache
def planner_of(fence):
    return AirPlanner(field(), ROBOT.footprint_radius_m, SETTINGS.flight, geofence=fence)


class Flight(Bench):
    """An air navigator that flies a fake robot; what it hears can be changed on the way."""

    step_s = 0.04

    def __init__(self, *, fence=FENCE, has_lidar=False, settings=SETTINGS):
        walls = np.where(field().tops_m > 0.0, OCCUPIED, 0).astype(np.int8)
        sensors = FakeSensors(radius_m=0.4, pose_noise_m=0.02, pose_noise_rad=0.005, wall_height_m=5.0)
        self.simulator = FakeSimulator(OccupancyMap(walls, SIZE_M, 0.0, 0.0), {'r': Pose2(5.0, 15.0)}, sensors)
        self.navigator = AirNavigator(settings, ROBOT, planner_of(fence), geofence=fence, has_lidar=has_lidar)
        self.hears = {PoseEstimate, Odometry}
        self.cloud = None
        self.push = STOP
        self.twist = STOP
        self.flown, self.said = [], []

    @property
    def place(self):
        return self.simulator.ground_truth('r').position_m

    @property
    def now_s(self):
        return self.simulator.time_s

    def goal(self, x, y, z, yaw=None, goal_id=1):
        self.navigator.on_goal(NavigationGoal(goal_id, x, y, yaw, z), self.now_s)

    def step(self):
        for delivery in self.simulator.advance(self.step_s):
            seen, now = delivery.observation, delivery.observation.stamp_s
            if type(seen) not in self.hears:
                continue
            if isinstance(seen, PoseEstimate):
                self.navigator.on_pose(seen, now)
            else:
                self.navigator.on_odometry(seen, now)
        if self.cloud is not None:
            x, y, _ = self.place
            yaw = self.simulator.ground_truth('r').planar().yaw_rad
            planar = Pose2(x, y, yaw).inverse().transform(self.cloud)
            self.navigator.on_points(np.insert(planar, 2, 0.0, axis=1), self.now_s, Pose3(), self.now_s)
        self.twist = self.navigator.update(self.now_s)
        assert not self.simulator.in_collision('r')
        pushed = dataclasses.replace(
            self.twist, linear_x_m_s=self.twist.linear_x_m_s + self.push.linear_x_m_s,
            linear_y_m_s=self.twist.linear_y_m_s + self.push.linear_y_m_s)
        self.simulator.command('r', pushed)
        self.flown.append(self.place)
        self.said.append((self.feedback.state, self.feedback.reason))

    def fly_to(self, x, y, z, yaw=None, limit_s=60.0):
        self.goal(x, y, z, yaw, goal_id=len(self.said) + 1)
        self.go(limit_s, is_over)
        assert self.feedback.state is NavigationState.REACHED, self.feedback


def in_the_air(x=10.0, y=15.0, z=6.0, **options):
    flight = Flight(**options)
    flight.go(0.5)
    flight.fly_to(x, y, z)
    return flight


def test_it_takes_off_upright_flies_there_and_faces_the_goal():
    flight = Flight()
    flight.go(0.5)
    flight.fly_to(30.0, 15.0, 8.0, yaw=math.pi / 2)
    assert math.dist(flight.place, (30.0, 15.0, 8.0)) < 0.6
    assert flight.simulator.ground_truth('r').planar().yaw_rad == pytest.approx(math.pi / 2, abs=0.1)
    low = [place for place in flight.flown if place[2] < 7.5]
    assert all(math.dist(place[:2], (5.0, 15.0)) < 0.3 for place in low)
    assert (NavigationState.MOVING, 'taking off to 8.0 m') in flight.said
    assert max(place[2] for place in flight.flown) < 8.4


def test_it_says_that_it_knows_obstacles_from_the_map_alone():
    flight = in_the_air()
    assert any('from the map alone' in reason for _, reason in flight.said)


def test_speeds_stay_within_the_robots_limits():
    flight = Flight()
    flight.go(0.5)
    twists = []
    flight.goal(30.0, 5.0, 9.0)
    flight.go(60.0, lambda flight: twists.append(flight.twist) or is_over(flight))
    flight.goal(30.0, 25.0, 0.0, goal_id=2)
    flight.go(60.0, lambda flight: twists.append(flight.twist) or is_over(flight))
    assert flight.feedback.state is NavigationState.REACHED
    climbs = [twist.linear_z_m_s for twist in twists]
    assert max(climbs) == pytest.approx(2.0, abs=1e-6)
    assert min(climbs) >= -1.5 - 1e-9
    assert 2.0 < max(twist.linear_x_m_s for twist in twists) <= 3.0 + 1e-9
    rises = np.abs(np.diff(climbs[:-1]))  # the last is the ground's own word
    assert rises.max() <= ROBOT.max_acceleration_m_s2 * Flight.step_s + 1e-9


def test_a_goal_on_the_ground_is_landed_at_and_the_robot_then_stands_still():
    flight = in_the_air()
    flight.fly_to(30.0, 5.0, 0.0)
    assert flight.place[2] == 0.0
    assert math.dist(flight.place[:2], (30.0, 5.0)) < 0.6
    assert flight.navigator.is_landed
    assert not flight.go(3.0, lambda flight: flight.twist != STOP)


def test_a_landed_robot_that_is_where_it_should_land_stays_there():
    flight = Flight()
    flight.go(0.5)
    flight.fly_to(5.2, 15.1, 0.0, limit_s=0.2)
    assert flight.place[2] == 0.0


def test_legs_are_flown_at_the_higher_of_their_heights():
    flight = in_the_air(8.0, 5.0, 4.0)
    flight.flown.clear()
    flight.fly_to(8.0, 25.0, 9.0)
    assert all(place[2] > 8.5 for place in flight.flown if 6.0 < place[1] < 24.0)
    flight.flown.clear()
    flight.fly_to(8.0, 5.0, 4.0)
    assert all(place[2] > 8.5 for place in flight.flown if 6.0 < place[1] < 24.0)
    assert flight.place[2] == pytest.approx(4.0, abs=0.3)


def test_a_wall_is_gone_round_below_its_top_and_flown_over_above_it():
    flight = in_the_air(10.0, 15.0, 4.0)
    flight.flown.clear()
    flight.fly_to(30.0, 15.0, 4.0)
    across = [place for place in flight.flown if 19.5 < place[0] < 20.5]
    assert all(place[1] < 9.0 or place[1] > 21.0 for place in across)
    assert max(place[2] for place in flight.flown) < 4.5
    flight.flown.clear()
    flight.fly_to(10.0, 15.0, 7.0)
    assert all(abs(place[1] - 15.0) < 1.0 for place in flight.flown)


@pytest.mark.parametrize(('goal', 'said'), [
    ((39.5, 15.0, 5.0), '0.5 m outside the geofence'), ((30.0, 15.0, 13.0), 'above the geofence\'s ceiling of 12 m'),
    ((30.0, 15.0, 1.0), 'below the geofence\'s floor of 2 m'), ((20.0, 15.0, 5.5), 'something 5.0 m high'),
    ((20.0, 15.0, 0.0), 'lands on free ground only'), ((30.0, math.nan, 5.0), 'not a place')])
def test_a_goal_where_it_must_not_be_is_refused_at_once(goal, said):
    flight = in_the_air()
    flight.goal(*goal, goal_id=99)
    assert flight.feedback.state is NavigationState.FAILED
    assert said in flight.feedback.reason
    assert flight.feedback.goal_id == 99


def test_without_a_goal_it_hovers_where_it_is():
    flight = in_the_air()
    flight.goal(30.0, 5.0, 6.0, goal_id=2)
    flight.go(3.0)
    flight.navigator.on_cancel(flight.now_s, 'enough')
    assert flight.feedback.state is NavigationState.CANCELLED
    flight.go(2.0)
    before = flight.place
    flight.push = Twist(linear_y_m_s=0.2)
    flight.go(10.0)
    assert math.dist(flight.place, before) < 0.6


def test_the_e_stop_stops_in_mid_air_and_stays_so():
    flight = in_the_air()
    flight.goal(30.0, 5.0, 6.0, goal_id=2)
    flight.go(4.0)
    flight.navigator.on_estop(True, flight.now_s)
    assert not flight.go(6.0, lambda flight: flight.twist != STOP)
    assert 'e-stop' in flight.feedback.reason
    flight.navigator.on_estop(False, flight.now_s)
    assert flight.go(60.0, is_over)
    assert flight.feedback.state is NavigationState.REACHED


def test_teleop_flies_in_all_directions_and_hands_back():
    flight = in_the_air()
    flight.goal(30.0, 5.0, 6.0, goal_id=2)
    flight.go(1.0)
    for _ in range(50):
        flight.navigator.on_teleop(Twist(0.0, 0.0, 0.5, 1.0), flight.now_s)
        flight.step()
    assert flight.feedback.state is NavigationState.HELD
    assert flight.place[2] > 7.0
    assert flight.go(60.0, is_over)
    assert flight.place[2] == pytest.approx(6.0, abs=0.4)


@pytest.mark.parametrize('heard', [{Odometry}, set()])
def test_with_a_silent_pose_it_hovers_and_then_lands(heard):
    flight = in_the_air()
    flight.goal(30.0, 5.0, 6.0, goal_id=2)
    flight.go(3.0)
    flight.hears = heard
    flight.go(3.0)
    assert flight.place[2] > 5.5
    assert flight.feedback.state is NavigationState.HELD
    flight.go(20.0)
    assert flight.place[2] == 0.0
    assert 'the last usable pose' in flight.feedback.reason


def test_a_robot_that_drifted_out_of_the_geofence_is_brought_back():
    flight = in_the_air(10.0, 27.0, 6.0)
    flight.goal(35.0, 27.0, 6.0, goal_id=2)
    flight.go(3.0)
    flight.push = Twist(linear_y_m_s=4.0)
    assert flight.go(5.0, lambda flight: flight.place[1] > 29.5)
    flight.push = STOP
    assert flight.go(60.0, is_over)
    assert flight.feedback.state is NavigationState.REACHED
    assert FENCE.outside_m(*flight.place[:2]) == 0.0


def test_hovering_outside_the_geofence_ends_inside():
    flight = in_the_air(10.0, 27.0, 6.0)
    flight.push = Twist(linear_y_m_s=4.0)
    flight.go(2.0, lambda flight: flight.place[1] > 32.0 or flight.place[0] < -2.0)
    flight.push = STOP
    flight.go(15.0)
    assert FENCE.outside_m(*flight.place[:2]) < 0.1


def test_a_robot_that_cannot_get_back_into_the_geofence_gives_up_and_hovers():
    flight = in_the_air(10.0, 27.0, 6.0)
    flight.goal(35.0, 27.0, 6.0, goal_id=2)
    flight.hears = {PoseEstimate, Odometry}
    flight.go(0.5)
    # Gusts that no drone can stand against: it is put outside again and again.
    real = flight.simulator.ground_truth
    flight.navigator._fusion.add_pose = lambda estimate: True
    flight.navigator._fusion.pose_at = lambda stamp_s: Pose2(10.0, 33.0)
    flight.go(6.0, is_over)
    assert real('r').position_m[2] > 5.0
    assert flight.feedback.state is NavigationState.FAILED
    assert 'outside the geofence' in flight.feedback.reason


def test_something_unexpected_ahead_is_stopped_for_and_flown_round():
    flight = in_the_air(30.0, 5.0, 6.0, has_lidar=False)
    flight.navigator._has_lidar = True
    # A crane's jib that the map does not know, 4 m wide.
    flight.cloud = np.array([(30.0 + offset, 15.0) for offset in np.arange(-2.0, 2.01, 0.1)])
    flight.goal(30.0, 25.0, 6.0, goal_id=2)
    assert flight.go(20.0, lambda flight: flight.feedback.state is NavigationState.BLOCKED)
    assert 'unexpected' in flight.feedback.reason
    nearest = []
    assert flight.go(60.0, lambda flight: nearest.append(min(np.hypot(
        *(flight.cloud - flight.place[:2]).T))) or is_over(flight))
    assert flight.feedback.state is NavigationState.REACHED
    assert min(nearest) > ROBOT.footprint_radius_m


def test_a_silent_lidar_holds_a_robot_that_has_one():
    flight = Flight(has_lidar=True)
    flight.go(0.5)
    flight.goal(30.0, 15.0, 8.0)
    flight.go(2.0)
    assert flight.feedback.state is NavigationState.HELD
    assert 'scan' in flight.feedback.reason
    assert flight.place[2] == 0.0


def test_a_clock_that_jumps_back_is_survived():
    flight = in_the_air()
    flight.navigator.update(0.0)
    assert flight.navigator.pose is None
    flight.go(0.5)
    flight.fly_to(12.0, 15.0, 6.0)

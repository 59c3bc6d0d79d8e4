import math

import numpy as np
import pytest
from navigator_bench import Bench, is_over

from lepatrol.control.navigator import Navigator
from lepatrol.model.geometry import STOP, Pose2, Pose3, Twist
from lepatrol.model.navigation import NavigationGoal, NavigationState
from lepatrol.model.observation import LaserScan, Odometry, PoseEstimate
from lepatrol.model.occupancy import OCCUPIED, OccupancyMap
from lepatrol.model.site import Zone, ZoneKind
from lepatrol.planning.planner import Planner
from lepatrol.settings.navigation import AvoidanceSettings, NavigatorSettings
from lepatrol.settings.robot import RobotSettings
from lepatrol.simulation.fake import FakeSensors, FakeSimulator

ROBOT = RobotSettings(footprint_radius_m=0.3)
SETTINGS = NavigatorSettings(avoidance=AvoidanceSettings(patience_s=6.0, replan_after_s=1.0))


def hall(width=16.0, height=10.0):
    cells = np.zeros((int(height * 10), int(width * 10)), dtype=np.int8)
    cells[[0, -1], :] = cells[:, [0, -1]] = OCCUPIED
    return OccupancyMap(cells, 0.1, 0.0, 0.0)


def with_box(grid, x, y, width, height):
    cells = grid.cells.copy()
    cells[round(y * 10):round((y + height) * 10), round(x * 10):round((x + width) * 10)] = OCCUPIED
    return OccupancyMap(cells, grid.resolution_m, grid.origin_x_m, grid.origin_y_m)


class Run(Bench):
    """A navigator that drives a fake robot; what it hears can be changed on the way."""

    step_s = 0.06

    def __init__(self, known, real=None, settings=SETTINGS, noise=(0.02, 0.005), **navigator):
        sensors = FakeSensors(pose_noise_m=noise[0], pose_noise_rad=noise[1])
        self.simulator = FakeSimulator(real or known, {'r': Pose2(2.0, 5.0)}, sensors)
        planner = Planner(known, ROBOT.footprint_radius_m, settings.planner)
        self.navigator = Navigator(settings, ROBOT, planner, **navigator)
        self.scan = self.pose = lambda observation: observation
        self.fastest = 0.0
        self.states = set()
        self.twist = STOP
        self.walked = []

    @property
    def place(self):
        return self.simulator.ground_truth('r').planar()

    def goal(self, x, y, yaw=None, goal_id=1):
        self.navigator.on_goal(NavigationGoal(goal_id, x, y, yaw), self.simulator.time_s)

    def step(self):
        for delivery in self.simulator.advance(self.step_s):
            seen, now = delivery.observation, delivery.observation.stamp_s
            if isinstance(seen, LaserScan):
                if (seen := self.scan(seen)) is not None:
                    self.navigator.on_scan(seen, Pose3(), now)
            elif isinstance(seen, PoseEstimate):
                if (seen := self.pose(seen)) is not None:
                    self.navigator.on_pose(seen, now)
            elif isinstance(seen, Odometry):
                self.navigator.on_odometry(seen, now)
        self.twist = self.navigator.update(self.simulator.time_s)
        assert not self.simulator.in_collision('r')
        self.fastest = max(self.fastest, self.twist.linear_x_m_s)
        self.states.add(self.feedback.state)
        self.walked.append((self.place.x_m, self.place.y_m))
        self.simulator.command('r', self.twist)


def test_goals_are_reached_in_place_and_heading_with_a_noisy_pose():
    run = Run(with_box(hall(), 7.0, 2.0, 2.0, 5.0))
    run.go(0.3)
    run.goal(14.0, 3.0, yaw=math.pi / 2, goal_id=7)
    assert run.go(40.0, is_over)
    assert run.feedback.state is NavigationState.REACHED
    assert run.feedback.goal_id == 7
    assert run.place.distance_m(Pose2(14.0, 3.0)) < 0.3
    assert run.place.yaw_rad == pytest.approx(math.pi / 2, abs=0.08)
    assert NavigationState.BLOCKED not in run.states
    assert run.fastest > 1.0
    run.goal(2.0, 5.0)
    assert run.go(40.0, is_over)
    assert run.place.distance_m(Pose2(2.0, 5.0)) < 0.3


def test_the_heading_does_not_jitter_on_a_straight_way():
    run = Run(hall())
    run.go(0.3)
    run.goal(14.0, 5.0)
    turns = []
    run.go(9.0, lambda run: turns.append(run.twist.angular_z_rad_s) or is_over(run))
    assert np.std(turns) < 0.06
    assert max(abs(y - 5.0) for _, y in run.walked) < 0.1


def test_a_surprise_box_is_stopped_for_and_gone_round():
    run = Run(hall(20.0), with_box(hall(20.0), 12.0, 4.4, 1.0, 1.2))
    run.go(0.3)
    run.goal(17.0, 5.0)
    assert run.go(15.0, lambda run: run.feedback.state is NavigationState.BLOCKED)
    assert 'unexpected' in run.feedback.reason
    assert 10.0 < run.place.x_m < 12.0 - 0.3 - 0.4
    assert run.go(40.0, is_over)
    assert run.feedback.state is NavigationState.REACHED
    assert run.place.distance_m(Pose2(17.0, 5.0)) < 0.3


def test_an_obstacle_seen_before_setting_off_is_gone_round_without_a_stop():
    run = Run(hall(), with_box(hall(), 8.0, 4.4, 1.0, 1.2))
    run.go(0.3)
    run.goal(14.0, 5.0)
    assert run.go(40.0, is_over)
    assert run.feedback.state is NavigationState.REACHED
    assert NavigationState.BLOCKED not in run.states


def test_a_way_that_is_shut_fails_after_the_patience_with_the_reason():
    run = Run(hall(), with_box(hall(), 8.0, 0.0, 0.5, 10.0))
    run.go(0.3)
    run.goal(14.0, 5.0)
    assert run.go(15.0, lambda run: run.feedback.state is NavigationState.BLOCKED)
    blocked_s = run.simulator.time_s
    assert run.go(30.0, is_over)
    assert run.feedback.state is NavigationState.FAILED
    assert 'blocked for 6 s' in run.feedback.reason
    assert run.simulator.time_s - blocked_s == pytest.approx(6.0, abs=0.2)
    run.go(1.0)
    assert run.twist == STOP


def test_an_obstacle_that_leaves_lets_the_robot_go_on():
    run = Run(hall(), with_box(hall(), 8.0, 0.0, 0.5, 10.0))
    run.go(0.3)
    run.goal(14.0, 5.0)
    assert run.go(15.0, lambda run: run.feedback.state is NavigationState.BLOCKED)
    run.simulator._grid = hall()
    assert run.go(20.0, is_over)
    assert run.feedback.state is NavigationState.REACHED


@pytest.mark.parametrize('has_pose', [True, False])
@pytest.mark.parametrize(('x', 'y', 'words'), [
    (8.0, 4.0, 'wall'), (40.0, 5.0, 'outside the map'), (0.3, 5.0, 'needs 0.65 m'), (math.nan, 5.0, 'finite'),
    (14.0, 5.0, 'in the keep-out zone spill')])
def test_a_goal_where_the_robot_cannot_be_fails_at_once_in_words(x, y, words, has_pose):
    run = Run(with_box(hall(), 7.0, 2.0, 2.0, 5.0))
    spill = Zone('spill', ZoneKind.KEEP_OUT, ((13.0, 4.0), (15.0, 4.0), (15.0, 6.0), (13.0, 6.0)))
    run.navigator.on_zones((spill,), run.simulator.time_s)
    if has_pose:
        run.go(0.3)
    run.goal(x, y)
    assert run.feedback.state is NavigationState.FAILED
    assert words in run.feedback.reason
    run.go(0.5)
    assert run.twist == STOP


def test_a_goal_before_the_first_pose_waits_for_it():
    run = Run(hall())
    run.goal(5.0, 5.0)
    assert run.feedback.state is NavigationState.HELD
    assert run.go(20.0, is_over)
    assert run.feedback.state is NavigationState.REACHED


def test_the_estop_holds_until_it_is_released():
    run = Run(hall())
    run.go(0.3)
    run.goal(14.0, 5.0)
    run.go(3.0)
    run.navigator.on_estop(True, run.simulator.time_s)
    run.step()
    assert run.twist == STOP
    run.go(5.0)
    assert run.twist == STOP
    assert run.feedback.state is NavigationState.HELD
    assert 'e-stop' in run.feedback.reason
    run.navigator.on_estop(False, run.simulator.time_s)
    assert run.go(20.0, is_over)
    assert run.feedback.state is NavigationState.REACHED


def test_teleop_takes_over_and_the_goal_is_taken_up_again_from_where_it_left_the_robot():
    run = Run(hall())
    run.go(0.3)
    run.goal(14.0, 5.0)
    run.go(3.0)
    for _ in range(50):
        run.navigator.on_teleop(Twist(0.8, 0.5), run.simulator.time_s)
        run.step()
    assert run.feedback.state is NavigationState.HELD
    assert 'teleop' in run.feedback.reason
    assert run.twist.linear_x_m_s == pytest.approx(0.8)
    run.go(1.5)
    assert run.twist == STOP
    assert run.go(30.0, is_over)
    assert run.feedback.state is NavigationState.REACHED


def nan_scan(scan):
    return LaserScan(scan.stamp_s, scan.frame_id, scan.angle_min_rad, scan.angle_increment_rad, scan.range_min_m,
                     scan.range_max_m, np.full_like(scan.ranges_m, np.nan))


def empty_scan(scan):
    return LaserScan(scan.stamp_s, scan.frame_id, 0.0, 0.1, 0.0, 20.0, np.zeros(0, dtype=np.float32))


def nan_pose(pose):
    return PoseEstimate(pose.stamp_s, pose.frame_id, Pose3((math.nan, 0.0, 0.0)))


@pytest.mark.parametrize(('sense', 'fault'), [
    ('scan', lambda _: None), ('scan', nan_scan), ('scan', empty_scan), ('pose', lambda _: None), ('pose', nan_pose)])
def test_a_silent_or_useless_sensor_stops_the_robot_and_it_goes_on_when_it_speaks(sense, fault):
    run = Run(hall())
    run.go(0.3)
    run.goal(14.0, 5.0)
    run.go(3.0)
    assert run.twist.linear_x_m_s > 0.5
    setattr(run, sense, fault)
    run.go(0.8)
    assert run.twist == STOP
    assert run.feedback.state is NavigationState.HELD
    assert f'usable {sense}' in run.feedback.reason
    setattr(run, sense, lambda observation: observation)
    assert run.go(20.0, is_over)
    assert run.feedback.state is NavigationState.REACHED


def test_a_slow_zone_limits_the_speed_inside_it_only():
    zone = Zone('crossing', ZoneKind.SLOW, ((6.0, 0.0), (10.0, 0.0), (10.0, 10.0), (6.0, 10.0)), 0.4)
    run = Run(hall(), slow_zones=[zone])
    run.go(0.3)
    run.goal(14.0, 5.0)
    inside = []

    def note(run):
        if 6.1 < run.place.x_m < 9.9:
            inside.append(run.twist.linear_x_m_s)
        return is_over(run)

    assert run.go(40.0, note)
    assert max(inside) <= 0.4 + 1e-9
    assert run.fastest > 1.0


def test_a_cancelled_goal_stops_the_robot():
    run = Run(hall())
    run.go(0.3)
    run.goal(14.0, 5.0)
    run.go(3.0)
    run.navigator.on_cancel(run.simulator.time_s, 'operator said stop')
    assert run.feedback.state is NavigationState.CANCELLED
    assert run.feedback.reason == 'operator said stop'
    run.go(2.0)
    assert run.twist == STOP
    assert len(run.navigator.path) == 0


def test_a_clock_that_jumps_back_stops_the_robot_until_its_sensors_speak_again():
    run = Run(hall())
    run.go(0.3)
    run.goal(14.0, 5.0)
    run.go(3.0)
    run.simulator.reset(1)
    assert run.navigator.update(0.0) == STOP
    assert run.feedback.state is NavigationState.HELD
    assert run.go(25.0, is_over)
    assert run.feedback.state is NavigationState.REACHED


def test_rain_far_from_the_robot_does_not_slow_it():
    random = np.random.default_rng(3)

    def in_rain(seen):
        drops = random.uniform(1.3, 8.0, seen.ranges_m.size).astype(np.float32)
        wet = (random.random(seen.ranges_m.size) < 0.03) & (drops < seen.ranges_m)
        return LaserScan(seen.stamp_s, seen.frame_id, seen.angle_min_rad, seen.angle_increment_rad, seen.range_min_m,
                         seen.range_max_m, np.where(wet, drops, seen.ranges_m))

    took = []
    for rain in (None, in_rain):
        run = Run(hall())
        run.scan = rain or run.scan
        run.goal(13.0, 5.0)
        run.go(60.0, until=lambda run: run.feedback.state is NavigationState.REACHED)
        assert run.feedback.state is NavigationState.REACHED
        took.append(run.simulator.time_s)
    assert took[1] < 1.1 * took[0]


def test_a_robot_that_does_not_get_on_gives_its_goal_up_and_says_so():
    run = Run(hall())
    run.go(0.3)
    run.goal(14.0, 5.0)
    run.go(2.0)
    run.simulator.command = lambda robot, twist: None  # its wheels are in the air
    FakeSimulator.command(run.simulator, 'r', STOP)
    run.go(8.0)
    assert run.feedback.state is NavigationState.MOVING
    assert run.go(4.0, is_over)
    assert run.feedback.state is NavigationState.FAILED
    assert run.feedback.reason == (
        'the robot does not get on: it has moved less than 0.5 m in 10 s though told to drive')
    run.go(2.0)
    assert run.twist == STOP


def test_time_that_is_held_is_no_time_without_progress():
    run = Run(hall())
    run.go(0.3)
    run.goal(14.0, 5.0)
    run.go(2.0)
    run.navigator.on_estop(True, run.simulator.time_s)
    run.go(15.0)
    assert run.feedback.state is NavigationState.HELD
    run.navigator.on_estop(False, run.simulator.time_s)
    assert run.go(40.0, is_over)
    assert run.feedback.state is NavigationState.REACHED

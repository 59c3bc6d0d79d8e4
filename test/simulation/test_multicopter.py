"""The uav takes off, flies, lands and rests, and what it must not touch is noticed."""

import dataclasses
import math

import pytest
from yard_scene import solid, world

from lepatrol import assembly
from lepatrol.model.geometry import Pose3, Twist
from lepatrol.model.observation import Odometry, PoseEstimate
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.simulation.description import Box
from lepatrol.simulation.embedded import EmbeddedSimulator
from lepatrol.simulation.scene import Scene

STAND_M = 0.22
QUIET = SimulationSettings(pose_noise_m=0.0, pose_noise_rad=0.0, sensor_noise=False)


@pytest.fixture(scope='module')
def uav():
    """Return the file's own robot, its sensors taken off."""
    robot = assembly.load_robot('uav', 'uav')
    return dataclasses.replace(robot, links=tuple(dataclasses.replace(link, sensors=()) for link in robot.links))


@pytest.fixture
def fly(uav):
    def make(*models):
        return EmbeddedSimulator(Scene(world(*models), {'uav': uav}), QUIET)
    return make


def order(simulator, seconds, **twist):
    """Command a velocity, let time pass, and return the height and whether anything was hit on the way."""
    simulator.command('uav', Twist(**twist))
    hit = False
    for _ in range(round(seconds / 0.2)):
        simulator.advance(0.2)
        hit |= simulator.in_collision('uav')
    return simulator.ground_truth('uav').position_m[2], hit


def climb_to(simulator, height_m):
    order(simulator, height_m, linear_z_m_s=1.0)
    order(simulator, 3.0)


def test_it_rests_on_its_legs_without_a_tremor_until_it_is_told_to_climb(fly):
    simulator = fly()
    order(simulator, 1.0)
    first = simulator.ground_truth('uav')
    assert first.position_m[2] == pytest.approx(STAND_M, abs=1e-3)
    for _ in range(10):
        simulator.advance(0.2)
        assert not simulator.in_collision('uav')
        assert math.dist(simulator.ground_truth('uav').position_m, first.position_m) < 1e-5
    # Standing, it is driven nowhere: its rotors do not carry it.
    order(simulator, 2.0, linear_x_m_s=1.0)
    assert math.dist(simulator.ground_truth('uav').position_m, first.position_m) < 1e-4


def test_it_takes_off_hovers_lands_and_rests_where_it_came_down(fly):
    simulator = fly()
    height, hit = order(simulator, 5.0, linear_z_m_s=1.0)
    assert (height, hit) == (pytest.approx(STAND_M + 5.0 - 1.0 / 3.0, abs=0.1), False)
    hover, hit = order(simulator, 4.0)
    assert not hit
    height, hit = order(simulator, 4.0)
    assert (height, hit) == (pytest.approx(hover, abs=1e-3), False)
    height, hit = order(simulator, 14.0, linear_z_m_s=-0.5)
    assert (height, hit) == (pytest.approx(STAND_M, abs=1e-3), False)
    landed = simulator.ground_truth('uav')
    order(simulator, 5.0)
    assert math.dist(simulator.ground_truth('uav').position_m, landed.position_m) < 1e-4
    assert landed.position_m[:2] == pytest.approx((0.0, 0.0), abs=1e-3)


def test_it_flies_where_it_heads_and_turns_as_fast_as_it_is_told(fly):
    simulator = fly()
    climb_to(simulator, 3.0)
    order(simulator, 3.0, angular_z_rad_s=0.5)
    order(simulator, 2.0)
    before = simulator.ground_truth('uav')
    assert before.planar().yaw_rad == pytest.approx(1.5, abs=0.02)
    order(simulator, 4.0, linear_x_m_s=2.0, linear_y_m_s=-1.0)
    order(simulator, 3.0)
    moved = before.inverse().compose(simulator.ground_truth('uav')).position_m
    assert moved == pytest.approx((8.0, -4.0, 0.0), abs=0.05)


def test_its_limits_of_speed_acceleration_and_turn_rate_hold(fly):
    simulator = fly()
    climb_to(simulator, 5.0)
    simulator.command('uav', Twist(30.0, 30.0, linear_z_m_s=30.0))
    before = simulator.physics.base_velocity('uav')
    for tenth in range(80):
        simulator.advance(0.1)
        now = simulator.physics.base_velocity('uav')
        assert now.linear_z_m_s - before.linear_z_m_s <= 3.0 * 0.1 + 1e-3
        # It turns while it gathers speed; the world's two axes are limited each by itself.
        across = math.hypot(now.linear_x_m_s, now.linear_y_m_s)
        assert across <= min(8.0, 3.0 * math.sqrt(2.0) * 0.1 * (tenth + 1)) + 1e-3
        before = now
    assert before.linear_z_m_s == pytest.approx(3.0, abs=0.01)
    assert before.angular_z_rad_s == pytest.approx(2.0, abs=0.01)


def test_it_follows_a_command_with_the_time_constant_of_its_gain(fly):
    simulator = fly()
    climb_to(simulator, 2.0)
    order(simulator, 1.0 / 3.0 + 1.0 / 15.0, linear_x_m_s=0.9)
    # 6.9 N s/m on 2.3 kg: 3 per second, and 0.9 m/s is too little for the limit of 3 m/s^2.
    speed = simulator.physics.base_velocity('uav').linear_x_m_s
    assert speed == pytest.approx(0.9 * (1.0 - math.exp(-3.0 * 0.4)), rel=0.05)


WALL = solid('wall', Box((0.5, 10.0, 8.0)), Pose3.from_rpy(6.0, z_m=4.0))


def test_flying_into_a_wall_is_a_collision_and_goes_no_further(fly):
    simulator = fly(WALL)
    climb_to(simulator, 3.0)
    height, hit = order(simulator, 4.0, linear_x_m_s=3.0)
    assert hit
    assert simulator.ground_truth('uav').position_m[0] < 6.0 - 0.25 - 0.2
    assert height == pytest.approx(simulator.ground_truth('uav').position_m[2])


@pytest.mark.parametrize(('twist', 'is_hit'), [
    ({'linear_z_m_s': -0.8}, False),
    ({'linear_z_m_s': -2.5}, True),
    ({'linear_z_m_s': -0.4, 'linear_x_m_s': 2.0}, True),
])
def test_coming_down_too_fast_or_along_the_ground_is_a_collision_and_landing_is_none(fly, twist, is_hit):
    simulator = fly()
    climb_to(simulator, 3.0)
    height, hit = order(simulator, 10.0, **twist)
    assert hit == is_hit
    assert height == pytest.approx(STAND_M, abs=0.03)


@pytest.mark.parametrize(('below', 'place', 'stands_m', 'is_hit'), [
    (Box((2.0, 2.0, 1.0)), (4.0, 0.0), 1.0 + STAND_M, False),
    (Box((0.1, 0.1, 1.0)), (4.177, 0.177), 1.0 - 0.018, True)], ids=['on a roof', 'with an arm on a post'])
def test_it_lands_on_a_roof_and_with_anything_but_its_feet_on_nothing(fly, below, place, stands_m, is_hit):
    simulator = fly(solid('below', below, Pose3.from_rpy(*place, 0.5)))
    climb_to(simulator, 3.0)
    order(simulator, 2.0, linear_x_m_s=2.0)
    order(simulator, 2.0)
    height, hit = order(simulator, 8.0, linear_z_m_s=-0.5)
    assert (height, hit) == (pytest.approx(stands_m, abs=5e-3), is_hit)


def test_odometry_and_pose_tell_the_height(fly):
    simulator = fly()
    order(simulator, 3.0, linear_z_m_s=1.0)
    height, _ = order(simulator, 2.0)
    latest = {type(each.observation): each.observation for each in simulator.advance(0.2)}
    assert latest[PoseEstimate].pose.position_m[2] == pytest.approx(height, abs=0.01)
    assert latest[Odometry].pose.position_m[2] == pytest.approx(height - STAND_M, abs=0.01)


def test_two_runs_are_the_same_to_the_bit(fly):
    ends = []
    for _ in range(2):
        simulator = fly(WALL)
        order(simulator, 2.0, linear_z_m_s=1.5)
        order(simulator, 3.0, linear_x_m_s=2.0, angular_z_rad_s=0.3)
        ends.append(simulator.ground_truth('uav'))
    assert ends[0] == ends[1]

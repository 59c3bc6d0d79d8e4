"""The ugv's head turns as it is told, at its own speed, and the camera with it; with the head ahead nothing changes."""

import math

import numpy as np
import pytest

from lepatrol import assembly
from lepatrol.model.errors import CommandError
from lepatrol.model.geometry import Pose2, Twist
from lepatrol.model.observation import JointPositions
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.simulation.compilation import body_name

SETTINGS = SimulationSettings(renderer='none', sensor_noise=False, pose_noise_m=0.0, pose_noise_rad=0.0)


@pytest.fixture(scope='module')
def scene():
    return assembly.load_scene('bench_yard', {'ugv': ('ugv', Pose2(0.0, -25.0, 0.0))})


@pytest.fixture
def simulator(scene):
    simulator = assembly.make_simulator(scene, SETTINGS, pytest.fail)
    yield simulator
    simulator.close()


def positions(deliveries):
    return [each.observation for each in deliveries if isinstance(each.observation, JointPositions)]


def head(simulator):
    model = simulator.physics.model
    return simulator.physics.body_pose(model.body(body_name('ugv', 'tilt_link')).id)


def test_a_joint_goes_to_where_it_is_told_at_its_own_speed_and_stays_there(simulator):
    simulator.aim('ugv', 'pan_joint', 0.5)
    told = positions(simulator.advance(1.0))
    assert len(told) == 25
    for each in told:
        assert each.positions_rad['pan_joint'] == pytest.approx(min(each.stamp_s, 0.5))
        assert each.positions_rad['tilt_joint'] == 0.0
    assert {each.positions_rad['pan_joint'] for each in positions(simulator.advance(1.0))} == {0.5}


def test_a_joint_stops_at_its_limits(simulator):
    simulator.aim('ugv', 'pan_joint', -9.0)
    simulator.aim('ugv', 'tilt_joint', 9.0)
    *_, last = positions(simulator.advance(4.0))
    assert last.positions_rad == {'pan_joint': -2.8, 'tilt_joint': 0.6}


def test_the_camera_looks_where_pan_and_tilt_point_it(simulator):
    simulator.aim('ugv', 'pan_joint', 0.7)
    simulator.aim('ugv', 'tilt_joint', 0.4)
    simulator.advance(1.0)
    robot = simulator.ground_truth('ugv')
    ahead = robot.inverse().compose(head(simulator)).turn((1.0, 0.0, 0.0))
    expected = (math.cos(0.7) * math.cos(0.4), math.sin(0.7) * math.cos(0.4), -math.sin(0.4))
    assert ahead == pytest.approx(expected, abs=1e-9)


def test_the_mounting_of_the_camera_is_where_physics_has_it(scene, simulator):
    mounting = assembly.mounting(scene.robots['ugv'])
    assert mounting.joints == ('pan_joint', 'tilt_joint')
    assert mounting.camera_at({'pan_joint': 0.0, 'tilt_joint': 0.0}) == mounting.camera
    simulator.aim('ugv', 'pan_joint', -1.1)
    simulator.aim('ugv', 'tilt_joint', -0.3)
    for _ in range(6):
        *_, last = positions(simulator.advance(0.28))
        eye = simulator.ground_truth('ugv').compose(mounting.camera_at(last.positions_rad))
        np.testing.assert_allclose(eye.matrix, head(simulator).compose(mounting.neck.end).matrix, atol=1e-9)


def test_turning_the_head_moves_neither_the_robot_nor_its_scan(scene):
    seen = []
    for pan_rad in (0.0, 2.0):
        simulator = assembly.make_simulator(scene, SETTINGS, pytest.fail)
        simulator.advance(1.0)
        simulator.aim('ugv', 'pan_joint', pan_rad)
        simulator.aim('ugv', 'tilt_joint', pan_rad)
        simulator.command('ugv', Twist(0.5))
        scans = [each.observation.ranges_m for each in simulator.advance(3.0) if each.topic == 'scan']
        seen.append((simulator.ground_truth('ugv').position_m, scans[-1]))
        simulator.close()
    assert seen[0][0] == pytest.approx(seen[1][0], abs=1e-3)
    np.testing.assert_allclose(seen[0][1], seen[1][1], atol=1e-2)


def test_a_reset_turns_the_head_back(simulator):
    simulator.aim('ugv', 'pan_joint', 1.0)
    first = [each.positions_rad for each in positions(simulator.advance(1.0))]
    simulator.reset(1)
    assert positions(simulator.advance(0.1))[-1].positions_rad == {'pan_joint': 0.0, 'tilt_joint': 0.0}
    simulator.reset(1)
    simulator.aim('ugv', 'pan_joint', 1.0)
    assert [each.positions_rad for each in positions(simulator.advance(1.0))] == first


@pytest.mark.parametrize(('robot', 'joint', 'position_rad', 'fault'), [
    ('ugv', 'left_wheel_joint', 0.0, 'no servo turns .left_wheel_joint.; there are: pan_joint, tilt_joint'),
    ('cart', 'pan_joint', 0.0, 'cart'), ('ugv', 'pan_joint', math.nan, 'expected a finite number'),
])
def test_what_cannot_be_aimed_is_refused(simulator, robot, joint, position_rad, fault):
    with pytest.raises(CommandError, match=fault):
        simulator.aim(robot, joint, position_rad)

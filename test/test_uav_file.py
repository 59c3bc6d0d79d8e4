"""The uav's URDF: it can carry itself, its rotors balance, it stands on its feet, and its sensors look past it."""

import dataclasses
import math
from concurrent.futures import Future

import numpy as np
import pytest
from robot_urdf import (
    corners,
    half_extents,
    limits_of,
    mass_of,
    massive_links,
    numbers,
    origin,
    pose_in_robot,
    read,
    shapes,
)

from lepatrol import assembly
from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import BatteryState, CameraImage, CameraInfo, PointCloud
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.simulation.description import (
    Box,
    CameraSensor,
    Collision,
    GeoReference,
    LidarSensor,
    LinearBattery,
    Link,
    Model,
    MulticopterControl,
    Plane,
    World,
)
from lepatrol.simulation.embedded import EmbeddedSimulator
from lepatrol.simulation.scene import Scene

GRAVITY_M_S2 = 9.8


@pytest.fixture(scope='module')
def robot():
    return read('uav')


@pytest.fixture(scope='module')
def model():
    return assembly.load_robot('uav', 'uav')


def plugins(robot, kind):
    return robot.findall(f"gazebo/plugin[@name='gz::sim::systems::{kind}']")


def rotor_places(robot):
    return {f'rotor_{number}_joint': np.array(pose_in_robot(robot, f'rotor_{number}_link').position_m)
            for number in range(4)}


def test_it_weighs_what_a_patrol_quadrotor_does_and_its_mass_is_in_the_middle_of_its_rotors(robot):
    links = massive_links(robot)
    masses = np.array([mass_of(link) for link in links])
    middles = np.array([
        pose_in_robot(robot, link.attrib['name']).compose(origin(link.find('inertial'))).position_m for link in links])
    assert masses.sum() == pytest.approx(2.3)
    assert np.abs(masses @ middles / masses.sum() - (0, 0, 0.01)).max() < 0.01
    np.testing.assert_allclose(np.mean(list(rotor_places(robot).values()), axis=0)[:2], 0.0, atol=1e-9)


def test_its_rotors_carry_it_with_half_their_thrust_and_balance_each_other(robot):
    motors = {plugin.findtext('jointName'): plugin for plugin in plugins(robot, 'MulticopterMotorModel')}
    control, = plugins(robot, 'MulticopterVelocityControl')
    rotors = {rotor.findtext('jointName'): rotor for rotor in control.iterfind('rotorConfiguration/rotor')}
    places = rotor_places(robot)
    assert motors.keys() == rotors.keys() == places.keys()
    most_n = 0.0
    turns, moments = [], np.zeros(2)
    for number, (joint, motor) in enumerate(sorted(motors.items())):
        rotor = rotors[joint]
        assert rotor.findtext('forceConstant') == motor.findtext('motorConstant')
        assert rotor.findtext('momentConstant') == motor.findtext('momentConstant')
        assert {'ccw': '1', 'cw': '-1'}[motor.findtext('turningDirection')] == rotor.findtext('direction')
        assert int(motor.findtext('actuator_number')) == number
        assert motor.findtext('linkName') == joint.replace('joint', 'link')
        most_n += float(motor.findtext('motorConstant')) * float(motor.findtext('maxRotVelocity'))**2
        turns.append(int(rotor.findtext('direction')))
        moments += places[joint][:2]
        # Neighbours turn against each other, those across with each other.
        across = next(other for other, place in places.items() if np.allclose(place[:2], -places[joint][:2]))
        assert rotors[across].findtext('direction') == rotor.findtext('direction')
    weight_n = GRAVITY_M_S2 * sum(map(mass_of, massive_links(robot)))
    assert 1.8 < most_n / weight_n < 3.0
    assert sum(turns) == 0
    np.testing.assert_allclose(moments, 0.0, atol=1e-9)


def test_it_stands_on_four_feet_and_nothing_else_comes_near_the_ground(robot, model):
    feet = [pose_in_robot(robot, f'{end}_{side}_foot_link').position_m
            for end in ('front', 'rear') for side in ('left', 'right')]
    ground = -model.pose.position_m[2]
    assert ground == pytest.approx(-0.22)
    for foot in feet:
        assert foot[2] - 0.015 == pytest.approx(ground)
    others = min(corners(robot, shape, link)[:, 2].min() for shape, link in shapes(robot)
                 if 'foot' not in link.attrib['name'] and 'leg' not in link.attrib['name'])
    assert others > ground + 0.1


def test_it_can_do_what_its_limits_allow(model):
    limits, drive = limits_of('uav'), model.drive
    assert isinstance(drive, MulticopterControl)
    assert drive.topic == 'cmd_vel'
    assert min(drive.max_velocity_m_s[:2]) >= limits.max_speed_m_s
    assert min(drive.max_acceleration_m_s2) >= max(limits.max_acceleration_m_s2, limits.max_deceleration_m_s2)
    assert drive.max_turn_rate_rad_s >= limits.max_turn_rate_rad_s


def test_its_battery_carries_it_for_about_half_an_hour(model):
    battery = model.battery
    assert isinstance(battery, LinearBattery)
    energy_wh = battery.capacity_ah * (battery.full_voltage_v + battery.voltage_slope_v / 2.0)
    assert 0.4 < energy_wh / battery.power_load_w < 0.6


def test_sensors_have_the_topics_of_the_design(robot):
    rates = {sensor.findtext('topic'): float(sensor.findtext('update_rate'))
             for sensor in robot.iterfind('gazebo/sensor')}
    assert rates == {'points': 10, 'camera/image_raw': 10, 'camera_down/image_raw': 10, 'imu': 50, 'navsat': 5}
    infos = {camera.text for camera in robot.iterfind('gazebo/sensor/camera/camera_info_topic')}
    assert infos == {'camera/camera_info', 'camera_down/camera_info'}


def test_it_looks_ahead_a_little_down_and_straight_down_with_ahead_at_the_top(robot):
    ahead = pose_in_robot(robot, 'camera_optical_frame').rotation
    tilt = math.radians(15.0)
    np.testing.assert_allclose(ahead @ (0, 0, 1), (math.cos(tilt), 0, -math.sin(tilt)), atol=1e-9)
    np.testing.assert_allclose(ahead @ (1, 0, 0), (0, -1, 0), atol=1e-9)
    down = pose_in_robot(robot, 'camera_down_optical_frame').rotation
    np.testing.assert_allclose(down @ (0, 0, 1), (0, 0, -1), atol=1e-9)
    np.testing.assert_allclose(down @ (0, 1, 0), (-1, 0, 0), atol=1e-9)


def surface(robot, element, link):
    """Return points (n, 3) all over the outside of a shape, in the root link."""
    shape = element.find('geometry')[0]
    half = half_extents(shape)
    grid = np.stack(np.meshgrid(*[np.linspace(-1.0, 1.0, 21)] * 3), axis=-1).reshape(-1, 3)
    if shape.tag == 'cylinder':
        grid = grid[np.hypot(grid[:, 0], grid[:, 1]) <= 1.0]
    elif shape.tag == 'sphere':
        grid = grid[np.linalg.norm(grid, axis=1) <= 1.0]
    return pose_in_robot(robot, link.attrib['name']).compose(origin(element)).transform(grid * half)


@pytest.mark.parametrize('camera', ['camera', 'camera_down'])
def test_no_camera_sees_the_robot(robot, camera):
    sensor = robot.find(f"gazebo/sensor[@name='{camera}']/camera")
    info = CameraInfo.from_horizontal_fov(320, 240, float(sensor.findtext('horizontal_fov')))
    to_eye = pose_in_robot(robot, f'{camera}_optical_frame').inverse()
    for shape, link in shapes(robot):
        pixels = info.project(to_eye.transform(surface(robot, shape, link)))
        with np.errstate(invalid='ignore'):
            seen = (pixels > 0.0).all(axis=1) & (pixels < (info.width, info.height)).all(axis=1)
        assert not seen.any(), link.attrib['name']


def test_patrol_and_perimeter_look_through_the_camera_that_looks_ahead(model):
    pose, camera = assembly.main_sensor(model, CameraSensor)
    assert camera.topic == assembly.camera_topic(model) == 'camera/image_raw'
    assert assembly.camera_pose(model).position_m == pytest.approx(pose.position_m)
    # Whatever order the file has them in.
    turned = dataclasses.replace(model, links=tuple(
        dataclasses.replace(link, sensors=link.sensors[::-1]) for link in model.links))
    assert assembly.main_sensor(turned, CameraSensor)[1] == camera
    assert assembly.lidar_pose(model).position_m == pytest.approx((-0.03, 0.0, 0.19))


def yard(*boxes):
    """Return a world with ground and boxes (size, pose)."""
    ground = Model('ground', static=True, links=(Link('link', collisions=(Collision('plane', Pose3(), Plane()),)),))
    links = [Link('link', collisions=(Collision('box', Pose3(), size),)) for size, _ in boxes]
    made = [Model(f'box_{number}', boxes[number][1], static=True, links=(link,)) for number, link in enumerate(links)]
    return World('yard', (ground, *made), geo_reference=GeoReference(52.0, 13.0))


class Black:
    """Draws nothing, at once."""

    def submit(self, camera, camera_pose, positions_m, orientations_wxyz):
        done = Future()
        done.set_result(np.zeros((camera.height, camera.width, 3), np.uint8))
        return done

    def close(self):
        pass


def test_standing_it_delivers_all_its_sensors_and_its_lidar_sees_a_box_and_nothing_of_itself(model):
    size, pose = Box((1.0, 4.0, 3.0)), Pose3.from_rpy(6.0, z_m=1.5)
    settings = SimulationSettings(sensor_noise=False, camera_latency_s=0.0)
    simulator = EmbeddedSimulator(Scene(yard((size, pose)), {'uav': model}), settings, Black())
    deliveries = simulator.advance(1.0)
    assert {each.topic for each in deliveries} == {
        'points', 'camera/image_raw', 'camera_down/image_raw', 'imu', 'navsat', 'odom', 'pose', 'battery_state'}
    frames = {each.topic: each.observation.frame_id for each in deliveries if isinstance(each.observation, CameraImage)}
    assert frames == {
        'camera/image_raw': 'camera_optical_frame', 'camera_down/image_raw': 'camera_down_optical_frame'}
    (battery,) = [each.observation for each in deliveries if isinstance(each.observation, BatteryState)]
    assert (battery.percentage, battery.voltage_v) == (1.0, 25.2)
    cloud = [each.observation for each in deliveries if isinstance(each.observation, PointCloud)][-1]
    lidar = next(sensor for link in model.links for sensor in link.sensors if isinstance(sensor, LidarSensor))
    assert lidar.vertical_samples * lidar.samples == 16 * 180
    points = simulator.ground_truth('uav').compose(assembly.lidar_pose(model)).transform(cloud.points_m)
    on_ground = np.abs(points[:, 2]) < 0.01
    on_box = (np.abs(points[:, 0] - 5.5) < 0.01) & (np.abs(points[:, 1]) < 2.01) & ~on_ground
    assert (on_ground | on_box).all()
    # The lidar is 5.53 m before the box and 0.41 m up: 19 beams of a row are within atan(2 / 5.53) of ahead, and the 10
    # rows from 3 degrees down to 15 up meet it before the ground and below its top.
    assert on_box.sum() == 10 * 19
    assert np.linalg.norm(cloud.points_m, axis=1).min() > 1.5


def test_numbers_of_three_axes_are_three(robot):
    control, = plugins(robot, 'MulticopterVelocityControl')
    for key in ('velocityGain', 'attitudeGain', 'angularRateGain', 'maximumLinearVelocity'):
        assert len(numbers(control.findtext(key))) == 3

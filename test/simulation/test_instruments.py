"""What single sensors make of the truth: rows and tilt of a lidar, the noise and place of an imu, a place on Earth."""

import dataclasses
import math

import numpy as np
import pytest
from yard_scene import LIDAR_HEIGHT_M, lidar, solid, wheeled_robot, world

from lepatrol.model.geometry import Pose3, Twist
from lepatrol.model.observation import Imu, LaserScan, NavSatFix, PointCloud
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.simulation.description import Box, GeoReference, ImuSensor, NavSatSensor, Noise
from lepatrol.simulation.embedded import EmbeddedSimulator
from lepatrol.simulation.scene import Scene
from lepatrol.simulation.sensors import to_wgs84

WALL = solid('wall', Box((0.2, 9.0, 9.0)), Pose3.from_rpy(4.1, 0.0, 4.0))


def simulate(robot, *models, noise=False, **parts):
    scene = Scene(world(*models, **parts), {robot.name: robot})
    return EmbeddedSimulator(scene, SimulationSettings(sensor_noise=noise))


def seen(deliveries, kind):
    return [delivery.observation for delivery in deliveries if isinstance(delivery.observation, kind)]


@pytest.mark.parametrize('yaw', [0.0, 0.7])
def test_a_lidar_of_several_rows_delivers_the_points_it_hits_where_geometry_says(yaw):
    scanner = lidar(samples=3, min_angle_rad=-0.2, max_angle_rad=0.2, vertical_samples=4,
                    vertical_min_angle_rad=-0.15, vertical_max_angle_rad=0.15)
    scanner = dataclasses.replace(scanner, topic='points', frame_id='rows')
    turned = dataclasses.replace(WALL, pose=Pose3.from_rpy(yaw_rad=yaw).compose(WALL.pose))
    deliveries = simulate(wheeled_robot(sensors=[scanner], yaw=yaw), turned).advance(0.1)
    (cloud,) = seen(deliveries, PointCloud)
    assert [each.topic for each in deliveries if each.observation is cloud] == ['points']
    assert (cloud.frame_id, cloud.points_m.dtype, seen(deliveries, LaserScan)) == ('rows', np.float32, [])
    rises, turns = np.meshgrid(np.linspace(-0.15, 0.15, 4), (-0.2, 0.0, 0.2), indexing='ij')
    # The wall's face is the plane x = 4 of the lidar's frame, whose lowest beams meet the ground before it.
    expected = np.stack(
        [np.full(12, 4.0), 4.0 * np.tan(turns).ravel(), (4.0 * np.tan(rises) / np.cos(turns)).ravel()], axis=1)
    expected *= np.minimum(1.0, LIDAR_HEIGHT_M / np.maximum(-expected[:, 2:], 1e-9))
    np.testing.assert_allclose(cloud.points_m, expected, atol=0.02)


def test_beams_of_a_cloud_that_hit_nothing_or_end_too_near_are_left_out():
    scanner = lidar(samples=2, min_angle_rad=0.0, max_angle_rad=math.pi, vertical_samples=2,
                    vertical_min_angle_rad=0.0, vertical_max_angle_rad=1.2)
    (cloud,) = seen(simulate(wheeled_robot(sensors=[scanner]), WALL).advance(0.1), PointCloud)
    assert cloud.points_m == pytest.approx(np.array([[4.0, 0.0, 0.0]]), abs=0.01)
    near = dataclasses.replace(scanner, range_min_m=4.5)
    (cloud,) = seen(simulate(wheeled_robot(sensors=[near]), WALL).advance(0.1), PointCloud)
    assert cloud.points_m.shape == (0, 3)


def test_the_noise_of_a_cloud_is_along_its_beams():
    scanner = lidar(noise=0.05, samples=40, min_angle_rad=-0.3, max_angle_rad=0.3, vertical_samples=10,
                    vertical_min_angle_rad=0.0, vertical_max_angle_rad=0.2)
    robot = wheeled_robot(sensors=[scanner])
    noisy, clear = (seen(simulate(robot, WALL, noise=noise).advance(0.1), PointCloud)[0] for noise in (True, False))
    ranges, true = (np.linalg.norm(cloud.points_m, axis=1) for cloud in (noisy, clear))
    np.testing.assert_allclose(noisy.points_m / ranges[:, None], clear.points_m / true[:, None], atol=1e-5)
    assert np.std(ranges - true) == pytest.approx(0.05, rel=0.15)


def test_a_beam_that_looks_down_meets_the_ground():
    scanner = lidar(samples=1, min_angle_rad=0.0, max_angle_rad=0.0, vertical_min_angle_rad=-0.25)
    scan = seen(simulate(wheeled_robot(sensors=[scanner])).advance(0.1), LaserScan)[-1]
    assert scan.ranges_m.tolist() == pytest.approx([LIDAR_HEIGHT_M / math.sin(0.25)], abs=0.01)


def test_lidar_noise_has_the_mean_and_deviation_that_were_set():
    scans = seen(simulate(wheeled_robot(sensors=[lidar(noise=0.05)]), WALL, noise=True).advance(4.0), LaserScan)
    ahead = [float(scan.ranges_m[180]) for scan in scans]
    assert np.std([float(beam) for scan in scans for beam in scan.ranges_m[175:185]]) == pytest.approx(0.05, rel=0.15)
    assert np.mean(ahead) == pytest.approx(4.0, abs=0.03)


def test_an_imu_away_from_the_middle_feels_the_turn_and_measures_in_its_own_axes():
    unit = ImuSensor('imu', Pose3.from_rpy(0.5, yaw_rad=math.pi / 2), 50.0, 'imu', 'imu_frame')
    simulator = simulate(wheeled_robot(sensors=[unit]))
    simulator.command('ugv1', Twist(0.0, 1.0))
    motions = seen(simulator.advance(6.0), Imu)[-50:]
    assert motions[0].frame_id == 'imu_frame'
    felt = np.mean([motion.linear_acceleration_m_s2 for motion in motions], axis=0)
    # The unit turns at the arm's end, 0.5 m ahead of the lidar's link: 0.5 m/s^2 towards the middle, which is its y.
    assert felt == pytest.approx([0.0, 0.5, 9.8], abs=0.05)
    assert np.mean([motion.angular_velocity_rad_s for motion in motions], axis=0) == pytest.approx([0, 0, 1], abs=0.02)


def test_imu_noise_has_the_deviation_that_was_set():
    unit = ImuSensor('imu', Pose3(), 100.0, 'imu', 'imu', Noise(0.01, 0.02), Noise(0.0, 0.3))
    motions = seen(simulate(wheeled_robot(sensors=[unit]), noise=True).advance(8.0), Imu)[100:]
    rates = np.array([motion.angular_velocity_rad_s for motion in motions])
    forces = np.array([motion.linear_acceleration_m_s2 for motion in motions])
    assert rates.std(axis=0) == pytest.approx([0.02] * 3, rel=0.15)
    assert rates.mean(axis=0) == pytest.approx([0.01] * 3, abs=0.003)
    assert forces.std(axis=0) == pytest.approx([0.3] * 3, rel=0.15)


def test_navsat_noise_is_in_metres_east_north_and_up():
    receiver = NavSatSensor('gps', Pose3(), 50.0, 'fix', 'gps', Noise(0.0, 0.5), Noise(0.0, 2.0))
    simulator = simulate(
        wheeled_robot(sensors=[receiver]), noise=True, geo_reference=GeoReference(48.0, 16.0, 200.0))
    fixes = seen(simulator.advance(10.0), NavSatFix)
    # A second of latitude is 30.9 m, of longitude at 48 degrees north 20.7 m.
    north = np.array([fix.latitude_deg for fix in fixes]) * 3600 * 30.9
    east = np.array([fix.longitude_deg for fix in fixes]) * 3600 * 20.73
    assert (north.std(), east.std()) == pytest.approx((0.5, 0.5), rel=0.15)
    assert np.std([fix.altitude_m for fix in fixes]) == pytest.approx(2.0, rel=0.15)


@pytest.mark.parametrize(('heading_deg', 'east', 'north'), [
    (0.0, 100.0, 0.0), (90.0, 0.0, 100.0), (180.0, -100.0, 0.0)])
def test_the_heading_of_the_world_turns_its_x_from_east_to_north(heading_deg, east, north):
    reference = GeoReference(48.0, 16.0, 200.0, math.radians(heading_deg))
    latitude, longitude, altitude = to_wgs84(reference, 100.0, 0.0, 5.0)
    assert (longitude - 16.0) * 3600 * 20.73 == pytest.approx(east, abs=0.2)
    assert (latitude - 48.0) * 3600 * 30.9 == pytest.approx(north, abs=0.2)
    assert altitude == 205.0

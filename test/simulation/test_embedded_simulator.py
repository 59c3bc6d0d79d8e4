import dataclasses
import hashlib
import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from yard_scene import LIDAR_HEIGHT_M, drone, lidar, solid, wheeled_robot, world

from lepatrol.model.errors import CommandError
from lepatrol.model.geometry import Pose3, Twist
from lepatrol.model.observation import CameraImage, Imu, LaserScan, NavSatFix, Odometry, PoseEstimate
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.simulation.description import (
    Actor,
    Box,
    CameraSensor,
    Collision,
    Cylinder,
    GeoReference,
    Heightmap,
    ImuSensor,
    Link,
    NavSatSensor,
    Sphere,
    TimedPath,
    TimedPose,
    TriangleMesh,
    VelocityControl,
)
from lepatrol.simulation.embedded import EmbeddedSimulator
from lepatrol.simulation.people import PathWalker
from lepatrol.simulation.scene import Scene
from lepatrol.simulation.scene_error import SceneError

QUIET = SimulationSettings(pose_noise_m=0.0, pose_noise_rad=0.0, sensor_noise=False)


def simulate(*models, robot=None, settings=QUIET, draw=None, **parts):
    robot = robot or wheeled_robot()
    return EmbeddedSimulator(Scene(world(*models, **parts), {robot.name: robot}), settings, draw)


def last(deliveries, kind):
    return [delivery.observation for delivery in deliveries if isinstance(delivery.observation, kind)][-1]


def expected_ranges(pose, angles, inside):
    """March along each beam, then halve the last step, against a plain inside test of points (n, 3)."""
    sensor = pose.compose(Pose3.from_rpy(z_m=LIDAR_HEIGHT_M - 0.15))
    beams = np.stack([np.cos(angles), np.sin(angles), np.zeros_like(angles)], axis=1) @ sensor.rotation.T
    along = np.arange(0.0, 12.0, 0.01)
    points = np.asarray(sensor.position_m) + along[None, :, None] * beams[:, None, :]
    hits = inside(points.reshape(-1, 3)).reshape(len(angles), -1)
    low, high = along[hits.argmax(axis=1)] - 0.01, along[hits.argmax(axis=1)]
    for _ in range(20):
        middle = (low + high) / 2.0
        within = inside(np.asarray(sensor.position_m) + middle[:, None] * beams)
        low, high = np.where(within, low, middle), np.where(within, middle, high)
    return np.where(hits.any(axis=1), high, np.inf)


@pytest.mark.parametrize(('shape', 'pose', 'inside'), [
    (Box((1.0, 2.0, 3.0)), Pose3.from_rpy(3.0, 1.0, 0.4, 0.1, -0.2, 0.7),
     lambda p: (np.abs(p) <= (0.5, 1.0, 1.5)).all(axis=1)),
    (Cylinder(0.4, 2.0), Pose3.from_rpy(-2.0, 2.0, 0.8, 0.3, 0.1, 0.0),
     lambda p: (np.hypot(p[:, 0], p[:, 1]) <= 0.4) & (np.abs(p[:, 2]) <= 1.0)),
    (Sphere(0.8), Pose3.from_rpy(1.0, -4.0, 0.6), lambda p: np.linalg.norm(p, axis=1) <= 0.8),
])
def test_lidar_ranges_agree_with_geometry_within_a_millimetre(shape, pose, inside):
    simulator = simulate(solid('thing', shape, pose), robot=wheeled_robot(sensors=[lidar(range_max_m=12.0)]))
    scan = last(simulator.advance(0.2), LaserScan)
    expected = expected_ranges(
        simulator.ground_truth('ugv1'), scan.angles_rad, lambda p: inside(pose.inverse().transform(p)))
    # The marcher steps by 1 cm, so a beam that only grazes an edge may differ in whether it hits at all.
    both = np.isfinite(expected) & np.isfinite(scan.ranges_m)
    assert both.sum() > 10
    assert np.abs(scan.ranges_m[both] - expected[both]).max() < 1e-3
    assert (np.isfinite(expected) != np.isfinite(scan.ranges_m)).sum() <= 2


def test_lidar_follows_rep_117_and_sees_through_its_own_link_only():
    near = solid('near', Box((0.2, 0.2, 2.0)), Pose3.from_rpy(0.6))
    simulator = simulate(near, robot=wheeled_robot(sensors=[lidar(samples=5, range_min_m=1.0, range_max_m=5.0)]))
    ranges = last(simulator.advance(0.1), LaserScan).ranges_m
    assert ranges.dtype == np.float32
    assert ranges.tolist() == [math.inf, math.inf, -math.inf, math.inf, math.inf]
    mast = Link('mast', Pose3.from_rpy(-0.3, 0.0, 0.3), collisions=(Collision('mast', Pose3(), Box((0.1, 0.1, 0.3))),))
    robot = wheeled_robot(sensors=[lidar(samples=3, min_angle_rad=math.pi / 2, max_angle_rad=1.5 * math.pi)])
    joint = dataclasses.replace(robot.joints[0], name='mast_joint', child='mast')
    robot = dataclasses.replace(robot, links=(*robot.links, mast), joints=(*robot.joints, joint))
    scan = last(simulate(robot=robot).advance(0.1), LaserScan)
    assert scan.ranges_m[1] == pytest.approx(0.25, abs=1e-3)


def test_every_kind_of_static_shape_stands_where_the_description_puts_it():
    tetrahedron = TriangleMesh(
        np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 2.0]]),
        np.array([[0, 2, 1], [0, 1, 3], [0, 3, 2], [1, 2, 3]], dtype=np.int32))
    heights = np.zeros((21, 41))
    heights[:, 30:] = 1.0  # a step up towards +x
    heights[15:, :] = 2.0  # and a higher one towards +y
    simulator = simulate(
        solid('mesh', tetrahedron, Pose3.from_rpy(-4.0, -0.3, 0.25, yaw_rad=math.pi / 2)),
        solid('land', Heightmap(heights, (20.0, 10.0)), Pose3.from_rpy(0.0, 0.0, -0.4)),
        robot=wheeled_robot(sensors=[lidar(samples=5)]))
    pose = simulator.ground_truth('ugv1')
    ranges = last(simulator.advance(0.1), LaserScan).ranges_m
    assert pose.position_m[0] == pytest.approx(0.0, abs=1e-3)
    # At 0.5 m the land's slope of 1 m (2 m) over one grid step of 0.5 m lies where its height is 0.9 m.
    assert ranges[2] == pytest.approx(-10.0 + 29 * 0.5 + 0.9 * 0.5, abs=3e-3)
    assert ranges[3] == pytest.approx(-5.0 + 14 * 0.5 + 0.45 * 0.5, abs=3e-3)
    assert ranges[1] == math.inf
    # The mesh's flat side (its own y = 0) faces +x after the turn by 90 degrees.
    assert ranges[0] == pytest.approx(4.0, abs=3e-3)


@pytest.mark.parametrize('yaw', [0.0, 2.0])
def test_commanded_1_m_s_gives_1_m_s_straight_ahead(yaw):
    simulator = simulate(robot=wheeled_robot(yaw=yaw))
    simulator.command('ugv1', Twist(1.0, 0.0))
    simulator.advance(2.0)
    start = simulator.ground_truth('ugv1').planar()
    simulator.advance(4.0)
    gone = start.inverse().compose(simulator.ground_truth('ugv1').planar())
    assert gone.x_m == pytest.approx(4.0, rel=0.02)
    assert abs(gone.y_m) < 0.01
    assert not simulator.in_collision('ugv1')


def test_commanded_turn_rate_is_reached_and_odometry_agrees_with_the_truth():
    simulator = simulate()
    simulator.command('ugv1', Twist(0.5, 0.4))
    truth, odometry = None, None
    for _ in range(25):
        odometry = last(simulator.advance(0.048 * 5), Odometry)
        truth = simulator.ground_truth('ugv1').planar()
    assert odometry.pose.planar().distance_m(truth) < 0.05
    assert odometry.twist.linear_x_m_s == pytest.approx(0.5, rel=0.02)
    assert odometry.twist.angular_z_rad_s == pytest.approx(0.4, rel=0.02)


def test_acceleration_limits_hold():
    simulator = simulate(robot=wheeled_robot(max_acceleration_m_s2=0.5))
    simulator.command('ugv1', Twist(1.0, 0.0))
    simulator.advance(1.0)
    assert simulator.physics.base_velocity('ugv1').linear_x_m_s == pytest.approx(0.5, abs=0.05)


def test_a_robot_does_not_drive_through_a_thin_wall_and_says_that_it_touched_it():
    simulator = simulate(solid('fence', Box((0.05, 4.0, 2.0)), Pose3.from_rpy(2.0, 0.0, 1.0)))
    simulator.command('ugv1', Twist(1.5, 0.0))
    simulator.advance(1.0)
    assert not simulator.in_collision('ugv1')
    simulator.advance(5.0)
    assert simulator.in_collision('ugv1')
    assert 1.5 < simulator.ground_truth('ugv1').position_m[0] < 1.7
    simulator.command('ugv1', Twist(-0.5, 0.0))
    simulator.advance(2.0)
    simulator.advance(0.1)
    assert not simulator.in_collision('ugv1')


@pytest.mark.parametrize(('rise_m', 'is_touched'), [(0.04, False), (0.07, True)])
def test_a_low_kerb_is_rolled_over_and_a_higher_one_is_touched(rise_m, is_touched):
    simulator = simulate(solid('pavement', Box((4.0, 4.0, 0.5)), Pose3.from_rpy(4.0, 0.0, rise_m - 0.25)))
    simulator.command('ugv1', Twist(1.0, 0.0))
    simulator.advance(5.0)
    assert simulator.ground_truth('ugv1').position_m[0] > 1.7
    assert simulator.in_collision('ugv1') is is_touched


def test_a_flying_robot_follows_its_command_and_stops_at_a_wall():
    simulator = simulate(solid('wall', Box((0.2, 9.0, 9.0)), Pose3.from_rpy(4.1, 0.0, 4.0)), robot=drone(yaw=0.3))
    simulator.command('uav1', Twist(0.0, 0.5, 1.0, 0.25))
    simulator.advance(2.0)
    pose = simulator.ground_truth('uav1')
    assert pose.rpy_rad[2] == pytest.approx(1.3, abs=0.02)
    assert pose.position_m[2] == pytest.approx(2.5, abs=0.02)
    # Moving sideways at 1 m/s while turning at 0.5 rad/s is an arc of radius 2 m.
    expected = (2.0 * (math.cos(1.3) - math.cos(0.3)), 2.0 * (math.sin(1.3) - math.sin(0.3)))
    assert pose.position_m[:2] == pytest.approx(expected, abs=0.04)
    simulator.reset(1)
    simulator.command('uav1', Twist(2.0, 0.0))
    simulator.advance(6.0)
    assert simulator.in_collision('uav1')
    assert 3.5 < simulator.ground_truth('uav1').position_m[0] < 3.9
    assert simulator.ground_truth('uav1').rpy_rad[:2] == pytest.approx((0.0, 0.0), abs=1e-9)


def test_an_actor_is_where_its_path_says_when_the_lidar_looks():
    path = TimedPath((
        TimedPose(0.0, Pose3.from_rpy(3.0, 0.0)), TimedPose(4.0, Pose3.from_rpy(7.0, 0.0, yaw_rad=3.0))))
    body = Link('body', Pose3.from_rpy(z_m=0.9), collisions=(Collision('body', Pose3(), Cylinder(0.3, 1.8)),))
    simulator = simulate(robot=wheeled_robot(sensors=[lidar(samples=3)]), actors=(Actor('guard', path, (body,)),))
    ahead = last(simulator.advance(1.0), LaserScan).ranges_m[1]
    assert ahead == pytest.approx(3.7, abs=2e-3)
    positions, _ = simulator.physics.moving_poses()
    assert positions[0] == pytest.approx((4.0, 0.0, 0.9))


def test_a_path_loops_waits_for_its_start_and_turns_the_short_way():
    path = TimedPath((
        TimedPose(0.0, Pose3.from_rpy(yaw_rad=3.0)), TimedPose(2.0, Pose3.from_rpy(2.0, yaw_rad=-3.0))),
        delay_start_s=1.0)
    assert PathWalker(path).pose_at(0.5).position_m[0] == 0.0
    assert PathWalker(path).pose_at(2.0).position_m[0] == pytest.approx(1.0)
    assert abs(PathWalker(path).pose_at(2.0).rpy_rad[2]) == pytest.approx(math.pi)
    assert PathWalker(path).pose_at(3.5).position_m[0] == pytest.approx(0.5)
    assert PathWalker(dataclasses.replace(path, loop=False)).pose_at(9.0).position_m[0] == 2.0


def test_imu_and_navsat_measure_gravity_and_the_place_on_earth():
    imu = ImuSensor('imu', Pose3.from_rpy(0.2, 0.0, 0.1), 100.0, 'imu', 'imu')
    gps = NavSatSensor('gps', Pose3(), 5.0, 'fix', 'gps')
    simulator = simulate(
        robot=wheeled_robot(x=100.0, sensors=[imu, gps]), geo_reference=GeoReference(48.0, 16.0, 200.0))
    simulator.command('ugv1', Twist(0.0, 0.5))
    deliveries = simulator.advance(4.0)
    motion, fix = last(deliveries, Imu), last(deliveries, NavSatFix)
    assert motion.angular_velocity_rad_s == pytest.approx((0.0, 0.0, 0.5), abs=0.02)
    assert motion.linear_acceleration_m_s2[2] == pytest.approx(9.8, abs=0.1)
    # One degree of longitude at 48 degrees north is 74,627 m.
    assert fix.longitude_deg == pytest.approx(16.0 + 100.0 / 74627.0, abs=5e-6)
    assert fix.latitude_deg == pytest.approx(48.0, abs=5e-6)


class ShadeSource:
    """A frame source whose pictures hold the camera's place, drawn in another thread."""

    def __init__(self):
        self._pool = ThreadPoolExecutor(1)

    def submit(self, camera, camera_pose, positions_m, orientations_wxyz):
        shade = np.frombuffer(hashlib.sha256(positions_m.tobytes() + repr(camera_pose).encode()).digest(), np.uint8)
        return self._pool.submit(np.resize, shade, (camera.height, camera.width, 3))

    def close(self):
        self._pool.shutdown()


def fingerprint(simulator, chunks):
    digest = hashlib.sha256()
    for index, duration in enumerate(chunks):
        simulator.command('ugv1', Twist(0.8, 0.3 * (index % 2)))
        for delivery in simulator.advance(duration):
            seen = delivery.observation
            data = getattr(seen, 'ranges_m', getattr(seen, 'rgb', None))
            digest.update(repr((delivery.topic, seen.stamp_s, getattr(seen, 'pose', None))).encode())
            digest.update(b'' if data is None else data.tobytes())
    digest.update(repr(simulator.ground_truth('ugv1')).encode())
    return digest.hexdigest()


@pytest.fixture
def busy_yard():
    camera = CameraSensor('camera', Pose3(), 10.0, 'camera/image_raw', 'camera', width=4, height=3)
    robot = wheeled_robot(sensors=[lidar(noise=0.01), camera])
    bin_ = Link('bin', Pose3.from_rpy(z_m=0.5), collisions=(Collision('bin', Pose3(), Box((0.5, 0.5, 1.0))),))
    models = (solid('wall', Box((0.2, 9.0, 2.0)), Pose3.from_rpy(3.0, 0.0, 1.0)),
              dataclasses.replace(wheeled_robot(), name='bin', pose=Pose3.from_rpy(1.5, 0.5), drive=None,
                                  links=(bin_,), joints=()))
    simulator = simulate(*models, robot=robot, settings=SimulationSettings(), draw=ShadeSource())
    yield simulator
    simulator.close()


def test_the_same_seed_and_commands_give_the_same_run_bit_for_bit(busy_yard):
    chunks = [0.5] * 8
    runs = []
    for seed in (7, 7, 8):
        busy_yard.reset(seed)
        runs.append(fingerprint(busy_yard, chunks))
    assert runs[0] == runs[1] != runs[2]


def test_a_run_does_not_depend_on_how_time_is_cut_between_commands(busy_yard):
    busy_yard.reset(3)
    busy_yard.command('ugv1', Twist(0.8, 0.1))
    whole = [(d.topic, d.observation.stamp_s) for d in busy_yard.advance(2.0)]
    there = busy_yard.ground_truth('ugv1')
    busy_yard.reset(3)
    busy_yard.command('ugv1', Twist(0.8, 0.1))
    parts = [(d.topic, d.observation.stamp_s) for _ in range(125) for d in busy_yard.advance(0.016)]
    assert parts == whole
    assert busy_yard.ground_truth('ugv1') == there


def test_a_picture_comes_a_fixed_time_after_its_exposure(busy_yard):
    busy_yard.reset(1)
    arrivals = []
    while busy_yard.time_s < 0.5:
        arrivals += [(busy_yard.time_s, d.observation.stamp_s) for d in busy_yard.advance(0.004)
                     if isinstance(d.observation, CameraImage)]
    assert [stamp for _, stamp in arrivals] == pytest.approx([0.1, 0.2, 0.3, 0.4])
    assert [at - stamp for at, stamp in arrivals] == pytest.approx([0.04] * 4)


@pytest.mark.parametrize(('most_hz', 'stamps'), [
    (0.0, [0.1, 0.2, 0.3, 0.4]), (5.0, [0.2, 0.4]), (50.0, [0.1, 0.2, 0.3, 0.4])])
def test_a_camera_takes_no_more_pictures_than_it_may(most_hz, stamps):
    camera = CameraSensor('camera', Pose3(), 10.0, 'camera/image_raw', 'camera', width=4, height=3)
    settings = dataclasses.replace(QUIET, camera_rate_hz=most_hz)
    simulator = simulate(robot=wheeled_robot(sensors=[lidar(), camera]), settings=settings, draw=ShadeSource())
    seen = [d.observation for d in simulator.advance(0.48)]
    simulator.close()
    assert [o.stamp_s for o in seen if isinstance(o, CameraImage)] == pytest.approx(stamps)
    assert [o.stamp_s for o in seen if isinstance(o, LaserScan)] == pytest.approx([0.1, 0.2, 0.3, 0.4])


def test_pose_noise_has_the_deviation_that_was_set():
    simulator = simulate(settings=SimulationSettings(pose_noise_m=0.1, pose_noise_rad=0.05, pose_rate_hz=200.0))
    seen = [d.observation.pose for d in simulator.advance(8.0) if isinstance(d.observation, PoseEstimate)]
    assert np.std([pose.position_m[0] for pose in seen]) == pytest.approx(0.1, rel=0.1)
    assert np.std([pose.rpy_rad[2] for pose in seen]) == pytest.approx(0.05, rel=0.1)


def test_bad_robots_and_commands_are_refused_by_name():
    robot = wheeled_robot()
    for drive, said in (
            (dataclasses.replace(robot.drive, left_joints=('gone',)), 'wheel joint gone'),
            (dataclasses.replace(robot.drive, right_joints=()), 'no right wheel'), (None, 'has no drive')):
        with pytest.raises(SceneError, match=said):
            simulate(robot=dataclasses.replace(robot, drive=drive))
    with pytest.raises(SceneError, match='expected exactly one root'):
        simulate(robot=dataclasses.replace(robot, drive=VelocityControl(), joints=robot.joints[1:]))
    with pytest.raises(SceneError, match='spherical_coordinates'):
        simulate(robot=wheeled_robot(sensors=[NavSatSensor('gps', Pose3(), 1.0, 'fix', 'gps')]))
    simulator = simulate()
    for wrong in (lambda: simulator.command('ugv9', Twist()), lambda: simulator.command('ugv1', Twist(math.nan)),
                  lambda: simulator.advance(0.005), lambda: simulator.advance(-1.0)):
        with pytest.raises(CommandError):
            wrong()

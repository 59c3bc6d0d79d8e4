"""Every robot's URDF is physically right, valid for Gazebo and agrees with its limits; the ugv's is as designed."""

import math
import shutil
import subprocess

import numpy as np
import pytest
from robot_urdf import (
    ROBOTS,
    corners,
    limits_of,
    mass_of,
    massive_links,
    numbers,
    origin,
    pose_in_robot,
    principal_moments,
    reach,
    read,
    shapes,
    surface,
    urdf,
)

from lepatrol import assembly


@pytest.fixture(scope='module', params=ROBOTS)
def name(request):
    return request.param


@pytest.fixture(scope='module')
def any_robot(name):
    return read(name)


@pytest.fixture(scope='module')
def robot():
    return read('ugv')


@pytest.fixture(scope='module')
def limits():
    return limits_of('ugv')


def test_there_is_one_to_drive_and_one_to_fly():
    assert {'uav', 'ugv'} <= set(ROBOTS)


def test_inertias_are_those_of_the_collision_shapes(any_robot):
    links = massive_links(any_robot)
    assert len(links) >= 7
    for link in links:
        collision, inertial = link.find('collision'), link.find('inertial')
        shape_pose, mass_pose = origin(collision), origin(inertial)
        axes = shape_pose.rotation
        expected = axes @ np.diag(principal_moments(mass_of(link), collision.find('geometry')[0])) @ axes.T
        said = {key: float(value) for key, value in inertial.find('inertia').attrib.items()}
        matrix = np.array([[said['ixx'], said['ixy'], said['ixz']],
                           [said['ixy'], said['iyy'], said['iyz']],
                           [said['ixz'], said['iyz'], said['izz']]])
        matrix = mass_pose.rotation @ matrix @ mass_pose.rotation.T
        np.testing.assert_allclose(matrix, expected, rtol=1e-6, atol=1e-9, err_msg=link.attrib['name'])
        np.testing.assert_allclose(mass_pose.position_m, shape_pose.position_m, atol=1e-9)


def test_whatever_can_be_hit_has_a_mass(any_robot):
    assert {link.attrib['name'] for link in any_robot.findall('link') if link.find('collision') is not None} == {
        link.attrib['name'] for link in massive_links(any_robot)}
    assert min(mass_of(link) for link in massive_links(any_robot)) > 0.0


def test_optical_frames_are_turned_from_their_cameras_as_rep_103_has_it(any_robot):
    cameras = [group for group in any_robot.iterfind('gazebo') if group.find("sensor[@type='camera']") is not None]
    assert cameras
    for group in cameras:
        camera = pose_in_robot(any_robot, group.attrib['reference'])
        frame = group.findtext('sensor/gz_frame_id')
        assert frame.endswith('_optical_frame')
        optical = camera.inverse().compose(pose_in_robot(any_robot, frame)).rotation
        np.testing.assert_allclose(optical.T, [[0, -1, 0], [0, 0, -1], [1, 0, 0]], atol=1e-9)


def test_sensors_name_frames_that_are_there(any_robot):
    links = {link.attrib['name'] for link in any_robot.findall('link')}
    assert {sensor.findtext('gz_frame_id') for sensor in any_robot.iterfind('gazebo/sensor')} <= links


def test_the_footprint_circle_holds_the_whole_robot(name, any_robot):
    farthest = max(reach(any_robot, shape, link) for shape, link in shapes(any_robot))
    radius = limits_of(name).footprint_radius_m
    assert radius - 0.05 < farthest <= radius


def test_the_real_converter_makes_valid_sdf_of_it(name, tmp_path):
    tool = shutil.which('ign') or shutil.which('gz')
    if not tool:
        pytest.skip('neither ign nor gz is installed: apt install ignition-tools libsdformat-dev')
    plain = tmp_path / f'{name}.urdf'
    plain.write_text(urdf(name), encoding='utf-8')
    made = subprocess.run([tool, 'sdf', '-p', str(plain)], capture_output=True, text=True, timeout=120, check=True)
    converted = tmp_path / f'{name}.sdf'
    converted.write_text(made.stdout, encoding='utf-8')
    checked = subprocess.run(
        [tool, 'sdf', '--check', str(converted)], capture_output=True, text=True, timeout=120, check=False)
    # The tool tells on every start that it found no library for prettier backtraces.
    said = [line for done in (made, checked) for line in done.stderr.splitlines() if 'backward.so' not in line]
    assert (said, checked.stdout.strip()) == ([], 'Valid.')


def test_the_ugv_weighs_45_kg(robot):
    assert sum(map(mass_of, massive_links(robot))) == pytest.approx(45.0)


def test_the_ugvs_frames_follow_rep_105(robot):
    assert pose_in_robot(robot, 'base_link').position_m[:2] == (0.0, 0.0)
    assert pose_in_robot(robot, 'lidar_link').position_m[2] == pytest.approx(0.5)
    assert pose_in_robot(robot, 'camera_link').position_m[2] == pytest.approx(1.2)


def test_wheels_and_castors_stand_on_the_ground_and_turn_the_right_way(robot):
    for name in ('left_wheel_link', 'right_wheel_link', 'front_castor_link', 'rear_castor_link'):
        link = robot.find(f"link[@name='{name}']")
        radius = float(link.find('collision/geometry')[0].attrib['radius'])
        assert pose_in_robot(robot, name).position_m[2] == pytest.approx(radius)
    for side, sign in (('left', 1), ('right', -1)):
        assert math.copysign(1, pose_in_robot(robot, f'{side}_wheel_link').position_m[1]) == sign
        assert numbers(robot.find(f"joint[@name='{side}_wheel_joint']/axis").attrib['xyz']) == [0, 1, 0]


def test_no_part_of_the_robot_stands_in_the_scan_plane(robot):
    height = pose_in_robot(robot, 'lidar_link').position_m[2]
    for shape, link in shapes(robot):
        z = corners(robot, shape, link)[:, 2]
        assert z.max() < height - 0.015 or z.min() > height + 0.015, link.attrib['name']


def test_the_drive_is_true_to_the_wheels_and_can_do_what_the_limits_allow(robot, limits):
    drive = robot.find("gazebo/plugin[@name='gz::sim::systems::DiffDrive']")
    left = pose_in_robot(robot, 'left_wheel_link').position_m
    assert float(drive.findtext('wheel_separation')) == pytest.approx(2 * left[1])
    assert float(drive.findtext('wheel_radius')) == pytest.approx(left[2])
    assert float(drive.findtext('max_linear_velocity')) >= limits.max_speed_m_s
    assert -float(drive.findtext('min_linear_velocity')) >= limits.max_reverse_speed_m_s
    assert float(drive.findtext('max_angular_velocity')) >= limits.max_turn_rate_rad_s
    assert float(drive.findtext('max_linear_acceleration')) >= limits.max_acceleration_m_s2
    assert -float(drive.findtext('min_linear_acceleration')) >= limits.max_deceleration_m_s2
    assert float(drive.findtext('max_angular_acceleration')) >= limits.max_turn_acceleration_rad_s2


def test_the_head_turns_about_the_mast_and_the_cameras_middle_as_its_controllers_tell_it(robot):
    servos = {plugin.findtext('joint_name'): plugin for plugin in robot.iterfind('gazebo/plugin')
              if plugin.get('filename') == 'gz-sim-joint-position-controller-system'}
    assert {name: servo.findtext('topic') for name, servo in servos.items()} == {
        'pan_joint': 'camera/pan', 'tilt_joint': 'camera/tilt'}
    for name, axis in (('pan_joint', [0, 0, 1]), ('tilt_joint', [0, 1, 0])):
        joint = robot.find(f"joint[@name='{name}']")
        limit = {key: float(value) for key, value in joint.find('limit').attrib.items()}
        assert (joint.get('type'), numbers(joint.find('axis').attrib['xyz'])) == ('revolute', axis)
        assert limit['lower'] == -limit['upper'] < 0.0 < limit['effort']
        assert float(joint.find('dynamics').attrib['damping']) > 0.0
        assert float(servos[name].findtext('cmd_max')) == limit['velocity']
    camera = pose_in_robot(robot, 'camera_link').position_m
    assert pose_in_robot(robot, 'pan_link').position_m[:2] == (0.0, 0.0)
    assert pose_in_robot(robot, 'tilt_link').position_m == pytest.approx((0.0, 0.0, camera[2]))


def test_wherever_the_head_looks_the_camera_does_not_see_its_own_robot(robot):
    mounting = assembly.mounting(assembly.load_robot('ugv', 'ugv'))
    to_base = pose_in_robot(robot, 'base_link').inverse()
    carried = ('pan_link', 'tilt_link', 'camera_link', 'lamp_link')
    body = np.vstack([surface(to_base.transform(corners(robot, shape, link))) for shape, link in shapes(robot)
                      if link.attrib['name'] not in carried])
    camera = robot.find("gazebo/sensor[@type='camera']/camera")
    half = math.tan(float(camera.findtext('horizontal_fov')) / 2.0)
    wide, high = (int(camera.findtext(f'image/{key}')) for key in ('width', 'height'))
    limits = {name: float(robot.find(f"joint[@name='{name}']/limit").get('upper')) for name in mounting.joints}
    for pan in np.linspace(-1.0, 1.0, 29) * limits['pan_joint']:
        for tilt in np.linspace(-1.0, 1.0, 5) * limits['tilt_joint']:
            eye = mounting.camera_at({'pan_joint': pan, 'tilt_joint': tilt})
            ahead, left, up = eye.inverse().transform(body).T
            seen = (ahead > float(camera.findtext('clip/near'))) & (abs(left) < half * ahead) & (
                abs(up) < half * high / wide * ahead)
            assert not seen.any(), (pan, tilt, body[seen][0])


def test_sensors_have_the_rates_and_topics_of_the_design(robot):
    sensors = {sensor.findtext('topic'): sensor for sensor in robot.iterfind('gazebo/sensor')}
    rates = {topic: float(sensor.findtext('update_rate')) for topic, sensor in sensors.items()}
    assert rates == {'scan': 10, 'camera/image_raw': 10, 'imu': 50, 'navsat': 1}
    horizontal = sensors['scan'].find('lidar/scan/horizontal')
    samples = int(horizontal.findtext('samples'))
    span = float(horizontal.findtext('max_angle')) - float(horizontal.findtext('min_angle'))
    assert samples == 360
    assert span == pytest.approx(2 * math.pi * (samples - 1) / samples)

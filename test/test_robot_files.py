"""The robot's URDF is physically right and agrees with its limits."""

import math
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
import xacro

from lepatrol.model.geometry import Pose3
from lepatrol.settings.robot import RobotSettings
from lepatrol.settings.yaml_file import read_settings

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope='module')
def robot():
    return ElementTree.fromstring(xacro.process_file(str(ROOT / 'urdf' / 'ugv.urdf.xacro')).toxml())


@pytest.fixture(scope='module')
def limits():
    return read_settings(ROOT / 'config' / 'robots' / 'ugv.yaml', RobotSettings)


def numbers(text):
    return [float(word) for word in text.split()]


def origin(element):
    found = element.find('origin')
    attributes = {} if found is None else found.attrib
    return Pose3.from_rpy(*numbers(attributes.get('xyz', '0 0 0')), *numbers(attributes.get('rpy', '0 0 0')))


def pose_in_robot(robot, link_name):
    """Return a link's pose in base_footprint."""
    for joint in robot.findall('joint'):
        if joint.find('child').attrib['link'] == link_name:
            return pose_in_robot(robot, joint.find('parent').attrib['link']).compose(origin(joint))
    assert link_name == 'base_footprint'
    return Pose3()


def principal_moments(mass, shape):
    """Return the moments of a solid body of even density, in its own axes (textbook formulas)."""
    if shape.tag == 'box':
        squares = np.square(numbers(shape.attrib['size']))
        return mass / 12 * (squares.sum() - squares)
    radius = float(shape.attrib['radius'])
    if shape.tag == 'sphere':
        return np.full(3, 0.4 * mass * radius**2)
    length = float(shape.attrib['length'])
    across = mass * (3 * radius**2 + length**2) / 12
    return np.array([across, across, mass * radius**2 / 2])


def massive_links(robot):
    return [link for link in robot.findall('link') if link.find('inertial') is not None]


def test_the_robot_weighs_45_kg_and_no_part_weighs_nothing(robot):
    masses = [float(link.find('inertial/mass').attrib['value']) for link in massive_links(robot)]
    assert min(masses) > 0.0
    assert sum(masses) == pytest.approx(45.0)


def test_inertias_are_those_of_the_collision_shapes(robot):
    links = massive_links(robot)
    assert len(links) >= 7
    for link in links:
        collision, inertial = link.find('collision'), link.find('inertial')
        mass = float(inertial.find('mass').attrib['value'])
        shape_pose, mass_pose = origin(collision), origin(inertial)
        axes = shape_pose.rotation
        expected = axes @ np.diag(principal_moments(mass, collision.find('geometry')[0])) @ axes.T
        said = {key: float(value) for key, value in inertial.find('inertia').attrib.items()}
        matrix = np.array([[said['ixx'], said['ixy'], said['ixz']],
                           [said['ixy'], said['iyy'], said['iyz']],
                           [said['ixz'], said['iyz'], said['izz']]])
        matrix = mass_pose.rotation @ matrix @ mass_pose.rotation.T
        np.testing.assert_allclose(matrix, expected, rtol=1e-6, atol=1e-9, err_msg=link.attrib['name'])
        np.testing.assert_allclose(mass_pose.position_m, shape_pose.position_m, atol=1e-9)


def test_frames_follow_rep_103_and_rep_105(robot):
    base = pose_in_robot(robot, 'base_link')
    assert base.position_m[:2] == (0.0, 0.0)
    optical = pose_in_robot(robot, 'camera_optical_frame').rotation
    np.testing.assert_allclose(optical @ (0, 0, 1), (1, 0, 0), atol=1e-9)
    np.testing.assert_allclose(optical @ (1, 0, 0), (0, -1, 0), atol=1e-9)
    np.testing.assert_allclose(optical @ (0, 1, 0), (0, 0, -1), atol=1e-9)
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


def half_extents(shape):
    if shape.tag == 'box':
        return np.array(numbers(shape.attrib['size'])) / 2
    radius = float(shape.attrib['radius'])
    return np.array([radius, radius, float(shape.attrib.get('length', 2 * radius)) / 2])


def corners(robot, element, link):
    """Return the corners, in base_footprint, of the box around a shape, shape (8, 3)."""
    signs = np.array(np.meshgrid([-1, 1], [-1, 1], [-1, 1])).reshape(3, -1).T
    pose = pose_in_robot(robot, link.attrib['name']).compose(origin(element))
    return pose.transform(signs * half_extents(element.find('geometry')[0]))


def test_the_footprint_circle_holds_the_whole_robot(robot, limits):
    reach = max(np.hypot(*corners(robot, shape, link)[:, :2].T).max()
                for link in robot.findall('link') for shape in (*link.findall('collision'), *link.findall('visual')))
    assert limits.footprint_radius_m - 0.05 < reach <= limits.footprint_radius_m


def test_no_part_of_the_robot_stands_in_the_scan_plane(robot):
    height = pose_in_robot(robot, 'lidar_link').position_m[2]
    for link in robot.findall('link'):
        for shape in (*link.findall('collision'), *link.findall('visual')):
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


def test_sensors_have_the_rates_and_topics_of_the_design(robot):
    sensors = {sensor.findtext('topic'): sensor for sensor in robot.iterfind('gazebo/sensor')}
    rates = {topic: float(sensor.findtext('update_rate')) for topic, sensor in sensors.items()}
    assert rates == {'scan': 10, 'camera/image_raw': 10, 'imu': 50, 'navsat': 1}
    horizontal = sensors['scan'].find('lidar/scan/horizontal')
    samples = int(horizontal.findtext('samples'))
    span = float(horizontal.findtext('max_angle')) - float(horizontal.findtext('min_angle'))
    assert samples == 360
    assert span == pytest.approx(2 * math.pi * (samples - 1) / samples)
    links = {link.attrib['name'] for link in robot.findall('link')}
    assert {sensor.findtext('gz_frame_id') for sensor in sensors.values()} <= links

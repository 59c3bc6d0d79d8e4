"""A robot's URDF as its file tests read it: poses along the joints, sizes and moments of shapes."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import xacro

from lepatrol.model.geometry import Pose3
from lepatrol.settings.robot import RobotSettings
from lepatrol.settings.yaml_file import read_settings

ROOT = Path(__file__).resolve().parent.parent
ROBOTS = sorted(path.name.removesuffix('.urdf.xacro') for path in (ROOT / 'urdf').glob('*.urdf.xacro'))


def urdf(name):
    """Return a robot's file as plain URDF."""
    return xacro.process_file(str(ROOT / 'urdf' / f'{name}.urdf.xacro')).toxml()


def read(name):
    return ElementTree.fromstring(urdf(name))


def limits_of(name):
    return read_settings(ROOT / 'config' / 'robots' / f'{name}.yaml', RobotSettings)


def numbers(text):
    return [float(word) for word in text.split()]


def origin(element):
    found = element.find('origin')
    attributes = {} if found is None else found.attrib
    return Pose3.from_rpy(*numbers(attributes.get('xyz', '0 0 0')), *numbers(attributes.get('rpy', '0 0 0')))


def pose_in_robot(robot, link_name):
    """Return a link's pose in the robot's root link."""
    for joint in robot.findall('joint'):
        if joint.find('child').attrib['link'] == link_name:
            return pose_in_robot(robot, joint.find('parent').attrib['link']).compose(origin(joint))
    assert link_name in {'base_footprint', 'base_link'}
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


def mass_of(link):
    return float(link.find('inertial/mass').attrib['value'])


def half_extents(shape):
    if shape.tag == 'box':
        return np.array(numbers(shape.attrib['size'])) / 2
    radius = float(shape.attrib['radius'])
    return np.array([radius, radius, float(shape.attrib.get('length', 2 * radius)) / 2])


def corners(robot, element, link):
    """Return the corners, in the root link, of the box around a shape, shape (8, 3)."""
    signs = np.array(np.meshgrid([-1, 1], [-1, 1], [-1, 1])).reshape(3, -1).T
    pose = pose_in_robot(robot, link.attrib['name']).compose(origin(element))
    return pose.transform(signs * half_extents(element.find('geometry')[0]))


def surface(box):
    """Return points along the edges and diagonals of a box that is given by its corners, shape (8, 3)."""
    shares = np.linspace(0.0, 1.0, 9)
    one, other = box[None, :, None, :], box[:, None, None, :]
    return (one + (other - one) * shares[None, None, :, None]).reshape(-1, 3)


def reach(robot, element, link):
    """Return how far from the root link a shape reaches, seen from above."""
    shape, pose = element.find('geometry')[0], pose_in_robot(robot, link.attrib['name']).compose(origin(element))
    if shape.tag == 'cylinder' and abs(pose.rotation[2, 2]) > 0.999:
        return np.hypot(*pose.position_m[:2]) + float(shape.attrib['radius'])
    return np.hypot(*corners(robot, element, link)[:, :2].T).max()


def shapes(robot):
    """Yield every collision and visual with its link."""
    for link in robot.findall('link'):
        for shape in (*link.findall('collision'), *link.findall('visual')):
            yield shape, link

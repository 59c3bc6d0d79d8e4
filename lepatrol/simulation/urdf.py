"""Read URDF robots, plain or written in xacro, with the Gazebo extensions for sensors and drives."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from xml.parsers.expat import ExpatError

import xacro

from lepatrol.model.errors import FileError
from lepatrol.model.geometry import Floats, Pose3
from lepatrol.simulation.description import (
    Box,
    Collision,
    Cylinder,
    Drive,
    Inertial,
    Joint,
    JointServo,
    Light,
    LinearBattery,
    Link,
    Material,
    Model,
    Sensor,
    Shape,
    Sphere,
    Vector3,
    Visual,
)
from lepatrol.simulation.mesh import read_mesh
from lepatrol.simulation.sdf_files import Files
from lepatrol.simulation.sdf_frames import Scope
from lepatrol.simulation.sdf_geometry import place
from lepatrol.simulation.sdf_plugins import (
    check_motor,
    plugin_kind,
    read_battery,
    read_diff_drive,
    read_joint_servo,
    read_multicopter,
    read_velocity_control,
)
from lepatrol.simulation.sdf_sensors import read_light, read_sensor
from lepatrol.simulation.sdf_vocabulary import check_words
from lepatrol.simulation.urdf_vocabulary import check_urdf_words
from lepatrol.simulation.xml_file import Element, left_out, parse_xml, read_xml

_ROOTS = ('base_link', 'base_footprint')
_DRIVES = ('diffdrive', 'velocitycontrol', 'multicoptervelocitycontrol')
_JOINTS = ('fixed', 'revolute', 'continuous', 'prismatic')


def read_robot(path: Path, name: str = 'robot', arguments: Mapping[str, str] | None = None) -> Model:
    """Read a ``.urdf`` or ``.xacro`` robot, its links posed at joint zero in the frame of its root link.

    ``arguments`` are xacro's; what the embedded simulator leaves out is named in the robot's ``unsupported``.

    :raises FileError: naming file, line (of a plain URDF; xacro keeps none) and what would be right.
    """
    root = _read_root(path, arguments or {})
    if root.tag != 'robot':
        raise root.error(f'the root element is <{root.tag}>; <robot name="..."> is right')
    check_urdf_words(root)
    model = _RobotReader(root).read(name)
    return replace(model, unsupported=left_out([root]))


def _read_root(path: Path, arguments: Mapping[str, str]) -> Element:
    root = read_xml(path)
    if path.suffix != '.xacro':
        return root
    return parse_xml(urdf_text(path, arguments).encode(), path, with_lines=False)


def urdf_text(path: Path, arguments: Mapping[str, str] | None = None) -> str:
    """Return a robot's URDF as ``robot_description`` has it, with what is written in xacro carried out.

    :raises FileError: if the file cannot be read, or xacro cannot process it.
    """
    if path.suffix != '.xacro':
        try:
            return path.read_text(encoding='utf-8')
        except (OSError, UnicodeDecodeError) as error:
            raise FileError(path, f'cannot be read: {error}') from None
    try:
        return str(xacro.process_file(str(path), mappings=dict(arguments or {})).toxml())
    except (xacro.XacroException, ExpatError, OSError, NameError, ValueError, KeyError) as error:
        raise FileError(path, f'xacro cannot process it: {error}') from None


class _RobotReader:
    def __init__(self, root: Element) -> None:
        self._root = root
        self._files = Files(())
        self._materials = {child.name: self._material(child) for child in root.all('material')}
        self._scope = Scope('__model__')

    def read(self, name: str) -> Model:
        """Build the tree of joints, pose the links along it, then hang on what Gazebo's extensions say."""
        elements = self._distinct('link')
        joints = [self._joint(child) for child in self._distinct('joint').values()]
        poses = self._poses(elements, joints)
        links = {key: self._link(child, poses[key]) for key, child in elements.items()}
        placed = [replace(
            joint, pose=poses[joint.child],
            axis=_vector(poses[joint.child].rotation @ joint.axis)) for joint in joints]
        drive: Drive | None = None
        battery: LinearBattery | None = None
        servos: list[JointServo] = []
        lamps: list[Light] = []
        for gazebo in self._root.all('gazebo'):
            if 'reference' in gazebo.attributes:
                lamps += self._extend_link(gazebo, links)
            else:
                drive = self._drive(gazebo, placed, tuple(links), drive)
                battery = self._battery(gazebo, battery)
                servos = self._servos(gazebo, placed, servos)
        for tag in ('transmission', 'ros2_control'):
            for child in self._root.all(tag):
                child.use_all()
        return Model(
            name, Pose3(), False, tuple(links.values()), tuple(placed), drive, battery=battery, servos=tuple(servos),
            lamps=tuple(lamps))

    def _distinct(self, tag: str) -> dict[str, Element]:
        found: dict[str, Element] = {}
        for child in self._root.all(tag):
            if child.name in found:
                raise child.error(f'the name is taken already by another {tag}; choose another')
            found[child.name] = child
        return found

    def _joint(self, element: Element) -> Joint:
        kind = element.attribute('type')
        if kind not in _JOINTS:
            raise element.error(f"joints of type '{kind}' cannot be simulated; {', '.join(_JOINTS)} are right")
        limit, dynamics = element.child('limit'), element.child('dynamics')
        axis_element = element.child('axis')
        axis = (1.0, 0.0, 0.0) if axis_element is None else _attribute3(axis_element, 'xyz', (1.0, 0.0, 0.0))
        length = math.hypot(*axis)
        if length == 0.0:
            raise element.error('an axis of zero length points nowhere')
        if limit is None and kind in ('revolute', 'prismatic'):
            raise element.error(f'<limit> is missing; a {kind} joint needs one (or is continuous)')
        bounded = kind in ('revolute', 'prismatic')
        return Joint(
            element.name, kind, element.required('parent').attribute('link'),
            element.required('child').attribute('link'), _origin(element),
            (axis[0] / length, axis[1] / length, axis[2] / length),
            _attribute(limit, 'lower', 0.0) if bounded else -math.inf,
            _attribute(limit, 'upper', 0.0) if bounded else math.inf,
            _attribute(limit, 'effort', math.inf), _attribute(limit, 'velocity', math.inf),
            _attribute(dynamics, 'damping', 0.0), _attribute(dynamics, 'friction', 0.0))

    def _poses(self, elements: Mapping[str, Element], joints: list[Joint]) -> dict[str, Pose3]:
        above: dict[str, Joint] = {}
        for joint in joints:
            for end in (joint.parent, joint.child):
                if end not in elements:
                    raise self._root.error(f"joint '{joint.name}' names the link '{end}', which is not there")
            if joint.child in above:
                raise self._root.error(f"the link '{joint.child}' hangs on two joints; a robot is a tree")
            above[joint.child] = joint
        roots = [key for key in elements if key not in above]
        if len(roots) != 1 or roots[0] not in _ROOTS:
            raise self._root.error(
                f'its root links are {", ".join(roots) or "none"}; one, named base_link or base_footprint, is right')
        poses = {roots[0]: Pose3()}
        left = list(joints)
        while left:
            ready = [joint for joint in left if joint.parent in poses]
            if not ready:
                ring = ', '.join(joint.child for joint in left)
                raise self._root.error(f'the links {ring} hang on each other in a circle; a robot is a tree')
            for joint in ready:
                poses[joint.child] = poses[joint.parent].compose(joint.pose)
            left = [joint for joint in left if joint not in ready]
        return poses

    def _link(self, element: Element, pose: Pose3) -> Link:
        inertial = element.child('inertial')
        visuals = [
            Visual(child.attributes.get('name') or f'visual_{index}', _origin(child), self._shape(child),
                   self._visual_material(child)) for index, child in enumerate(element.all('visual'))]
        collisions = [
            Collision(child.attributes.get('name') or f'collision_{index}', _origin(child), self._shape(child))
            for index, child in enumerate(element.all('collision'))]
        return Link(
            element.name, pose, None if inertial is None else _inertial(inertial), tuple(collisions), tuple(visuals))

    def _shape(self, element: Element) -> Shape:
        geometry = element.required('geometry')
        if len(geometry.children) != 1:
            raise geometry.error(f'holds {len(geometry.children)} shapes; one is right')
        child = geometry.children[0]
        child.used = True
        if child.tag == 'box':
            size = _attribute3(child, 'size')
            if min(size) <= 0.0:
                raise child.error('each edge of a box must be more than 0')
            return Box(size)
        if child.tag == 'mesh':
            uri = Element(child.path, 'mesh', {}, child.line)
            uri.text = child.attribute('filename')
            return read_mesh(self._files.find(uri), _attribute3(child, 'scale', (1.0, 1.0, 1.0)))
        radius = _positive(child, 'radius')
        return Sphere(radius) if child.tag == 'sphere' else Cylinder(radius, _positive(child, 'length'))

    def _visual_material(self, element: Element) -> Material:
        material = element.child('material')
        if material is None:
            return Material()
        if material.children:
            return self._material(material)
        if material.name not in self._materials:
            known = ', '.join(sorted(self._materials)) or 'none'
            raise material.error(f'there is no material of that name; known: {known}')
        return self._materials[material.name]

    def _material(self, element: Element) -> Material:
        colour, texture = element.child('color'), element.child('texture')
        path = None
        if texture is not None:
            uri = Element(texture.path, 'texture', {}, texture.line)
            uri.text = texture.attribute('filename')
            path = self._files.find(uri)
        if colour is None:
            return Material(texture=path)
        red, green, blue, alpha = colour.numbers(4, text=colour.attribute('rgba'))
        if not all(0.0 <= value <= 1.0 for value in (red, green, blue, alpha)):
            raise colour.error(f"rgba '{colour.attribute('rgba')}': each part is from 0 to 1")
        return Material((red, green, blue, alpha), texture=path)

    def _extend_link(self, gazebo: Element, links: dict[str, Link]) -> list[Light]:
        """Hang on a link what is said of it; return its lights that are off at first."""
        key = gazebo.attribute('reference')
        if key not in links:
            if any(joint.name == key for joint in self._root.all('joint')):
                return []  # what is said of a joint stays unused, and is reported
            raise gazebo.error(f"refers to '{key}', which is neither a link nor a joint of this robot")
        link = links[key]
        sensors: list[Sensor] = list(link.sensors)
        for child in gazebo.all('sensor'):
            check_words(child)
            sensor = read_sensor(child, self._scope, Pose3(), key)
            for harmless in ('always_on', 'visualize', 'enable_metrics'):
                child.all(harmless)
            if sensor is not None:
                sensors.append(sensor)
        lights: list[Light] = list(link.lights)
        lamps: list[Light] = []
        for child in gazebo.all('light'):
            check_words(child)
            is_on = child.flag_of('light_on', True)
            (lights if is_on else lamps).append(read_light(child, place(child, self._scope, Pose3())))
        mu = gazebo.child('mu1') or gazebo.child('mu')
        collisions = link.collisions
        if mu is not None:
            friction = mu.number(low=0.0)
            collisions = tuple(replace(collision, friction=friction) for collision in collisions)
            for other in gazebo.all('mu2'):
                other.used = other.number(low=0.0) == friction
        links[key] = replace(
            link, sensors=tuple(sensors), collisions=collisions, lights=tuple(lights),
            gravity=gazebo.flag_of('gravity', link.gravity))
        return lamps

    def _drive(
        self, gazebo: Element, joints: list[Joint], links: tuple[str, ...], drive: Drive | None,
    ) -> Drive | None:
        """Return the drive found so far, or the first that stands here; a second one stays unused, and is reported."""
        for plugin in gazebo.all('plugin'):
            kind = plugin_kind(plugin)
            if kind in _DRIVES and drive is not None:
                plugin.used = False
            elif kind == 'diffdrive':
                drive = read_diff_drive(plugin, joints)
            elif kind == 'velocitycontrol':
                drive = read_velocity_control(plugin)
            elif kind == 'multicoptervelocitycontrol':
                drive = read_multicopter(plugin, joints, links)
            elif kind == 'multicoptermotormodel':
                check_motor(plugin, joints, links)
            elif kind == 'built in':
                plugin.use_all()
            else:
                plugin.used = False
        return drive

    def _battery(self, gazebo: Element, battery: LinearBattery | None) -> LinearBattery | None:
        """Return the battery found so far, or the first that stands here; of a second one nothing is used."""
        for plugin in gazebo.children:
            if plugin.tag == 'plugin' and plugin_kind(plugin) == 'linearbatteryplugin' and battery is None:
                plugin.used = True
                battery = read_battery(plugin)
        return battery

    def _servos(self, gazebo: Element, joints: list[Joint], servos: list[JointServo]) -> list[JointServo]:
        """Return the servos found so far, and those that stand here."""
        found = list(servos)
        for plugin in gazebo.children:
            if plugin.tag == 'plugin' and plugin_kind(plugin) == 'jointpositioncontroller':
                plugin.used = True
                found.append(read_joint_servo(plugin, joints))
                if any(each.joint == found[-1].joint for each in found[:-1]):
                    raise plugin.error(f"the joint '{found[-1].joint}' has a servo already; one is right")
        return found


def _origin(element: Element) -> Pose3:
    origin = element.child('origin')
    if origin is None:
        return Pose3()
    return Pose3.from_rpy(*_attribute3(origin, 'xyz', (0.0, 0.0, 0.0)), *_attribute3(origin, 'rpy', (0.0, 0.0, 0.0)))


def _inertial(element: Element) -> Inertial:
    tensor = element.required('inertia')
    xx, yy, zz = (_positive(tensor, key) for key in ('ixx', 'iyy', 'izz'))
    xy, xz, yz = (_attribute(tensor, key, 0.0) for key in ('ixy', 'ixz', 'iyz'))
    return Inertial(_positive(element.required('mass'), 'value'), _origin(element), (xx, yy, zz, xy, xz, yz))


def _positive(element: Element, key: str) -> float:
    (value,) = element.numbers(1, text=element.attribute(key))
    if value <= 0.0:
        raise element.error(f'{key}="{value:g}" must be more than 0')
    return value


def _attribute(element: Element | None, key: str, default: float) -> float:
    if element is None or key not in element.attributes:
        return default
    return element.numbers(1, text=element.attributes[key])[0]


def _attribute3(element: Element, key: str, default: Vector3 | None = None) -> Vector3:
    if default is not None and key not in element.attributes:
        return default
    x, y, z = element.numbers(3, text=element.attribute(key))
    return x, y, z


def _vector(values: Floats) -> Vector3:
    return float(values[0]), float(values[1]), float(values[2])

"""SDFormat models, flattened: includes loaded, nested models merged, every pose in the outermost model's frame."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from lepatrol.model.geometry import Pose3
from lepatrol.simulation.description import (
    Joint,
    Link,
    Model,
    Sensor,
    TimedPath,
    Vector3,
)
from lepatrol.simulation.sdf_files import Files
from lepatrol.simulation.sdf_frames import Scope, read_pose
from lepatrol.simulation.sdf_geometry import place, read_collision, read_inertial, read_visual, vector3
from lepatrol.simulation.sdf_plugins import plugin_kind, read_diff_drive, read_trajectory
from lepatrol.simulation.sdf_sensors import read_light, read_sensor
from lepatrol.simulation.xml_file import Element

_MODEL = '__model__'
_UNLIMITED = 1e15  # SDFormat writes 1e16 where it means no limit
_TURNS = ('revolute', 'continuous', 'prismatic')
_OTHER_JOINTS = ('ball', 'gearbox', 'revolute2', 'screw', 'universal')


@dataclass
class Parts:
    """A model taken apart, posed in its own frame: independent of where, and under which name, it is put."""

    element: Element
    links: list[Link] = field(default_factory=list)
    joints: list[Joint] = field(default_factory=list)
    frames: dict[str, Pose3] = field(default_factory=dict)
    anchors: dict[str, str] = field(default_factory=dict)
    """The link that each frame is fixed to."""
    static: bool = False
    follower: Element | None = None

    @property
    def placement(self) -> str:
        """Return the frame that the model is placed by, '' for its own."""
        return self.element.attributes.get('placement_frame', '')


@dataclass(frozen=True)
class Placed:
    """A model's parts under a name; ``pose`` is in the frame ``relative_to`` ('' for the scope's own)."""

    name: str
    parts: Parts
    pose: Pose3
    relative_to: str
    static: bool
    merged: bool = False


class ModelReader:
    """Reads models; a file that is included many times is read once."""

    def __init__(self, files: Files) -> None:
        """Use the search path and the store of read files."""
        self._files = files
        self._included: dict[Path, Parts] = {}
        self._open: list[Path] = []

    def inline(self, element: Element) -> Placed:
        """Read a ``<model>`` that stands in a world or in another model."""
        parts = self._parts(element)
        pose, relative_to = read_pose(element)
        return Placed(element.name, parts, _by_frame(pose, parts, parts.placement, element), relative_to, parts.static)

    def include(self, element: Element) -> Placed | Element:
        """Read an ``<include>``; a file that holds an actor or a light gives that element back.

        :raises FileError: where the model is unknown, or includes itself.
        """
        path = self._files.find_model(element.required('uri'))
        root = self._files.read(path)
        content = [child for tag in ('model', 'actor', 'light') for child in root.all(tag)]
        if len(content) != 1:
            raise element.error(f'{path} holds {len(content)} models; one is right')
        content[0].all('pose')  # read even where each include gives another
        if content[0].tag != 'model':
            return content[0]
        if path in self._open:
            raise element.error('models include each other in a circle: ' + ' -> '.join(
                str(each) for each in (*self._open, path)))
        if path not in self._included:
            self._open.append(path)
            self._included[path] = self._parts(content[0])
            self._open.pop()
        parts = self._included[path]
        pose, relative_to = read_pose(element if element.child('pose') is not None else content[0])
        frame = element.text_of('placement_frame') or parts.placement
        extra = replace(parts)
        self._plugins(element, extra)
        return Placed(
            element.text_of('name') or content[0].name, extra, _by_frame(pose, parts, frame, element),
            relative_to, element.flag_of('static', parts.static), element.attributes.get('merge') in ('true', '1'))

    def _parts(self, element: Element) -> Parts:
        parts = Parts(element, static=element.flag_of('static', False))
        scope = Scope(_MODEL)
        nested = self._nested(element)
        links, joints = element.all('link'), element.all('joint')
        for placed in nested:
            _enter(placed, scope)
        for link in links:
            scope.add(link.name, link, *read_pose(link), link=link.name)
        for joint in joints:
            pose, relative_to = read_pose(joint)
            child = joint.required('child').text.strip()
            scope.add(joint.name, joint, pose, relative_to or child, attached_to=child)
        for frame in element.all('frame'):
            _add_frame(frame, scope)
        parts.links = [self._link(link, scope) for link in links]
        parts.joints = [found for each in joints if (found := _read_joint(each, scope)) is not None]
        for placed in nested:
            _merge(placed, parts, scope)
        _harmless(element)
        self._plugins(element, parts)
        canonical = element.attributes.get('canonical_link') or (parts.links[0].name if parts.links else '')
        if parts.links and canonical not in [link.name for link in parts.links]:
            raise element.error(f"there is no link '{canonical}' to be the canonical link")
        for name in scope.names:
            parts.frames[name] = scope.resolve(name, element)
            anchor = scope.link_of(name, element)
            parts.anchors[name] = canonical if anchor == _MODEL else anchor
        parts.anchors[_MODEL] = canonical
        return parts

    def _nested(self, element: Element) -> list[Placed]:
        placed = [self.inline(child) for child in element.all('model')]
        for child in element.all('include'):
            found = self.include(child)
            if isinstance(found, Element):
                raise child.error(f'a <{found.tag}> cannot be included in a model')
            placed.append(found)
        return placed

    def _link(self, element: Element, scope: Scope) -> Link:
        pose = scope.resolve(element.name, element)
        return read_link(element, self._files, scope, pose)

    def _plugins(self, element: Element, parts: Parts) -> None:
        for plugin in element.all('plugin'):
            kind = plugin_kind(plugin)
            if kind == 'trajectoryfollower':
                parts.follower = plugin
            elif kind == 'built in':
                plugin.use_all()
            else:
                if kind == 'diffdrive':
                    read_diff_drive(plugin, parts.joints)  # for its mistakes only
                plugin.used = False  # a drive too: robots alone are commanded, and they come from URDF files


def to_model(placed: Placed, pose: Pose3) -> Model:
    """Put a model into the world, where its own frame is at ``pose``."""
    parts = placed.parts
    path: TimedPath | None = None if parts.follower is None else read_trajectory(parts.follower, pose)
    return Model(placed.name, pose, placed.static, tuple(parts.links), tuple(parts.joints), path=path)


def read_link(element: Element, files: Files, scope: Scope, pose: Pose3) -> Link:
    """Read a ``<link>`` that is at ``pose`` in its scope."""
    visuals, collisions = element.all('visual'), element.all('collision')
    sensors, lights = element.all('sensor'), element.all('light')
    for group in (visuals, collisions, sensors, lights):
        _check_distinct(group)
    inertial = element.child('inertial')
    _harmless(element)
    found: list[Sensor] = []
    for child in sensors:
        sensor = read_sensor(child, scope, pose, element.name)
        child.used = False  # nobody is there to read it: robots alone deliver, and they come from URDF files
        if sensor is not None:
            found.append(sensor)
    return Link(
        element.name, pose, None if inertial is None else read_inertial(inertial),
        tuple(c for child in collisions if (c := read_collision(child, files, scope, pose)) is not None),
        tuple(v for child in visuals if (v := read_visual(child, files, scope, pose)) is not None),
        tuple(found), tuple(read_light(child, place(child, scope, pose)) for child in lights),
        element.flag_of('gravity', True))


def _check_distinct(elements: list[Element]) -> None:
    seen: dict[str, Element] = {}
    for element in elements:
        first = seen.setdefault(element.name, element)
        if first is not element:
            raise element.error(f'the name is taken already on line {first.line}; choose another')


def _harmless(element: Element) -> None:
    """Mark what changes nothing here: switches at their usual value, and what concerns Gazebo's windows only."""
    for tag in ('allow_auto_disable', 'always_on', 'visualize', 'enable_metrics'):
        element.all(tag)
    for tag in ('self_collide', 'enable_wind', 'kinematic', 'must_be_base_link'):
        for child in element.all(tag):
            child.used = not child.flag()


def _by_frame(pose: Pose3, parts: Parts, frame: str, asker: Element) -> Pose3:
    """Return the pose of the model's own frame, where ``pose`` is that of its placement frame."""
    if frame in ('', _MODEL):
        return pose
    if frame not in parts.frames:
        raise asker.error(f"the model has no frame '{frame}' to be placed by")
    return pose.compose(parts.frames[frame].inverse())


def _enter(placed: Placed, scope: Scope) -> None:
    """Make a nested model's frames known in the scope around it."""
    inner, name = placed.parts, placed.name
    anchor = inner.anchors.get(_MODEL, '')
    prefix = '' if placed.merged else f'{name}::'
    own = f'_merged__{name}__model_' if placed.merged else name
    scope.add(own, inner.element, placed.pose, placed.relative_to, link=prefix + anchor if anchor else None)
    for frame, pose in inner.frames.items():
        scope.add(prefix + frame, inner.element, pose, own, link=prefix + inner.anchors[frame])


def _merge(placed: Placed, parts: Parts, scope: Scope) -> None:
    """Add a nested model's links and joints, renamed and moved, to the model around it."""
    inner = placed.parts
    prefix = '' if placed.merged else f'{placed.name}::'
    own = f'_merged__{placed.name}__model_' if placed.merged else placed.name
    pose = scope.resolve(own, inner.element)
    parts.links += [replace(link, name=prefix + link.name, pose=pose.compose(link.pose)) for link in inner.links]
    parts.joints += [replace(
        joint, name=prefix + joint.name, child=prefix + joint.child, pose=pose.compose(joint.pose),
        parent='world' if joint.parent == 'world' else prefix + joint.parent,
        axis=_turned(pose, joint.axis)) for joint in inner.joints]
    parts.follower = inner.follower or parts.follower


def _add_frame(element: Element, scope: Scope) -> None:
    pose, relative_to = read_pose(element)
    attached = element.attributes.get('attached_to', '')
    scope.add(element.name, element, pose, relative_to or attached, attached_to=attached or None)


def add_world_frames(world: Element, placed: list[Placed]) -> Scope:
    """Name everything that has a name in a world."""
    scope = Scope('world')
    for each in placed:
        _enter(each, scope)
    for frame in world.all('frame'):
        _add_frame(frame, scope)
    return scope


def _turned(pose: Pose3, axis: Vector3) -> Vector3:
    x, y, z = pose.rotation @ np.asarray(axis)
    return float(x), float(y), float(z)


def _read_joint(element: Element, scope: Scope) -> Joint | None:
    kind = element.attribute('type')
    if kind in _OTHER_JOINTS:
        element.used = False
        return None
    if kind != 'fixed' and kind not in _TURNS:
        raise element.error(f"'{kind}' is not a type of joint; fixed, revolute, continuous or prismatic is right")
    ends = []
    for tag in ('parent', 'child'):
        end = element.required(tag)
        name = end.text.strip()
        link = 'world' if name == 'world' and tag == 'parent' else scope.link_of(name, end)
        ends.append(link)
    if ends[0] == ends[1]:
        raise element.error(f"joins the link '{ends[0]}' to itself")
    pose = scope.resolve(element.name, element)
    if kind == 'fixed':
        for axis in element.all('axis'):
            axis.use_all()
        return Joint(element.name, kind, ends[0], ends[1], pose)
    return _read_axis(element.required('axis'), Joint(element.name, kind, ends[0], ends[1], pose), scope)


def _read_axis(element: Element, joint: Joint, scope: Scope) -> Joint:
    axis: Vector3 = (0.0, 0.0, 1.0)
    frame = joint.pose
    if (xyz := element.child('xyz')) is not None:
        axis = vector3(xyz)
        if xyz.attributes.get('expressed_in'):
            frame = scope.resolve(xyz.attributes['expressed_in'], xyz)
        length = math.hypot(*axis)
        if length == 0.0:
            raise xyz.error('an axis of zero length points nowhere')
        axis = axis[0] / length, axis[1] / length, axis[2] / length
    limit, dynamics = element.child('limit'), element.child('dynamics')
    lower, upper = _limit(limit, 'lower', -math.inf), _limit(limit, 'upper', math.inf)
    if lower > upper:
        raise element.error(f'the lower limit {lower:g} is above the upper limit {upper:g}')
    effort, velocity = (_limit(limit, key, math.inf) for key in ('effort', 'velocity'))
    return replace(
        joint, axis=_turned(frame, axis), lower=lower, upper=upper,
        effort=effort if effort >= 0.0 else math.inf, velocity=velocity if velocity >= 0.0 else math.inf,
        damping=0.0 if dynamics is None else dynamics.number_of('damping', 0.0, low=0.0),
        friction=0.0 if dynamics is None else dynamics.number_of('friction', 0.0, low=0.0))


def _limit(element: Element | None, key: str, default: float) -> float:
    child = None if element is None else element.child(key)
    if child is None:
        return default
    text = child.text.strip().lower()
    if text.lstrip('+-') in ('inf', 'infinity'):
        return -math.inf if text.startswith('-') else math.inf
    value = child.number()
    return math.copysign(math.inf, value) if abs(value) >= _UNLIMITED else value

"""SDFormat's actors: people on scripted paths."""

from __future__ import annotations

from dataclasses import replace

from lepatrol.model.geometry import Pose3
from lepatrol.simulation.description import Actor, Collision, Link, TimedPath, TimedPose
from lepatrol.simulation.human_figure import human_figure
from lepatrol.simulation.sdf_files import Files
from lepatrol.simulation.sdf_frames import Scope, pose_value, read_pose
from lepatrol.simulation.sdf_model import read_link
from lepatrol.simulation.xml_file import Element


def read_actor(element: Element, files: Files, pose: Pose3, name: str) -> Actor:
    """Read an ``<actor>`` that stands at ``pose``; its waypoints are relative to that, as Gazebo has it.

    Links with shapes are its body. Without any it is a plain human figure, which stands in for the skin and its
    animations.
    """
    element.child('pose')
    for tag in ('skin', 'animation'):
        for child in element.all(tag):
            child.use_all()
    return Actor(name, _read_script(element.child('script'), pose), _read_body(element, files, name))


def _read_body(element: Element, files: Files, name: str) -> tuple[Link, ...]:
    scope = Scope('__model__')
    elements = element.all('link')
    for child in elements:
        scope.add(child.name, child, *read_pose(child), link=child.name)
    links = [read_link(child, files, scope, scope.resolve(child.name, child)) for child in elements]
    shaped = tuple(_seen_by_lidar(link) for link in links if link.visuals or link.collisions)
    return shaped or human_figure(name)


def _seen_by_lidar(link: Link) -> Link:
    if link.collisions:
        return link
    return replace(link, collisions=tuple(Collision(v.name, v.pose, v.shape) for v in link.visuals))


def _read_script(element: Element | None, start: Pose3) -> TimedPath:
    if element is None:
        return TimedPath((TimedPose(0.0, start),), loop=False)
    if (auto := element.child('auto_start')) is not None:
        auto.used = auto.flag()
    poses: list[TimedPose] = []
    for trajectory in element.all('trajectory'):
        for waypoint in trajectory.all('waypoint'):
            time_s = waypoint.required('time').number(low=0.0)
            if poses and time_s <= poses[-1].time_s:
                raise waypoint.error(f'time {time_s:g} is not after the waypoint before, at {poses[-1].time_s:g}')
            poses.append(TimedPose(time_s, start.compose(pose_value(waypoint.required('pose')))))
    delay = element.number_of('delay_start', 0.0, low=0.0)
    loop = element.flag_of('loop', True)
    return TimedPath(tuple(poses) or (TimedPose(0.0, start),), loop, delay)

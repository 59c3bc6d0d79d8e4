"""Links that fixed joints hold together, made one: fewer bodies for physics to step and for cameras to see."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lepatrol.model.geometry import Pose3
from lepatrol.simulation.description import Inertial, Joint, LidarSensor, Link, Model

_BASE_LINK = 'base_link'


def lump_fixed_joints(model: Model) -> Model:
    """Return a robot (a tree of joints) whose links are each as large as can be, as libsdformat makes them of a URDF.

    What hangs on a fixed joint joins the link it hangs on, with its mass, shapes, lights and sensors, whose frames keep
    their names. The joined link is named after ``base_link`` where that is in it, else after its topmost. A link with a
    lidar and a collision stays alone: a lidar does not see its own link, but does see the rest of its robot.
    """
    link_of = {link.name: link for link in model.links}
    groups = _groups(model.joints, link_of)
    joined = [_join([link_of[name] for name in members]) for members in groups]
    name_of = {name: link.name for members, link in zip(groups, joined, strict=True) for name in members}
    joints = [
        replace(joint, parent=name_of.get(joint.parent, joint.parent), child=name_of[joint.child])
        for joint in model.joints if name_of.get(joint.parent) != name_of[joint.child]]
    return replace(model, links=tuple(joined), joints=tuple(joints))


def _groups(joints: tuple[Joint, ...], link_of: dict[str, Link]) -> list[list[str]]:
    """Return the names of the links that become one, the topmost of each first."""
    above = {joint.child: joint for joint in joints}
    groups: dict[str, list[str]] = {}
    for name in link_of:
        top = name
        while (joint := above.get(top)) is not None and _holds(joint, link_of):
            top = joint.parent
        members = groups.setdefault(top, [top])
        if name != top:
            members.append(name)
    return list(groups.values())


def _holds(joint: Joint, link_of: dict[str, Link]) -> bool:
    """Tell whether a joint makes one body of its two links."""
    if joint.kind != 'fixed' or joint.parent not in link_of:
        return False
    parent, child = link_of[joint.parent], link_of[joint.child]
    sees = any(isinstance(sensor, LidarSensor) for sensor in child.sensors)
    return parent.gravity == child.gravity and not (sees and child.collisions)


def _join(links: list[Link]) -> Link:
    base = next((link for link in links if link.name == _BASE_LINK), links[0])
    into_base = base.pose.inverse()
    placed = [(into_base.compose(link.pose), link) for link in links]
    return replace(
        base, inertial=_sum([
            (pose.compose(link.inertial.pose), link.inertial) for pose, link in placed if link.inertial is not None]),
        collisions=tuple(
            replace(part, pose=pose.compose(part.pose)) for pose, link in placed for part in link.collisions),
        visuals=tuple(replace(part, pose=pose.compose(part.pose)) for pose, link in placed for part in link.visuals),
        sensors=tuple(replace(part, pose=pose.compose(part.pose)) for pose, link in placed for part in link.sensors),
        lights=tuple(replace(part, pose=pose.compose(part.pose)) for pose, link in placed for part in link.lights))


def _sum(parts: list[tuple[Pose3, Inertial]]) -> Inertial | None:
    """Return the mass of several bodies, each at the pose of its centre (parallel axis theorem); None for none."""
    if not parts:
        return None
    masses = np.array([inertial.mass_kg for _, inertial in parts])
    centres = np.array([pose.position_m for pose, _ in parts])
    centre = masses @ centres / masses.sum()
    tensor = np.zeros((3, 3))
    for (pose, inertial), from_centre in zip(parts, centres - centre, strict=True):
        ixx, iyy, izz, ixy, ixz, iyz = inertial.moments_kg_m2
        own = np.array([[ixx, ixy, ixz], [ixy, iyy, iyz], [ixz, iyz, izz]])
        tensor += pose.rotation @ own @ pose.rotation.T
        tensor += inertial.mass_kg * (from_centre @ from_centre * np.eye(3) - np.outer(from_centre, from_centre))
    (ixx, ixy, ixz), (_, iyy, iyz), (_, _, izz) = tensor.tolist()
    x, y, z = centre.tolist()
    return Inertial(float(masses.sum()), Pose3((x, y, z)), (ixx, iyy, izz, ixy, ixz, iyz))

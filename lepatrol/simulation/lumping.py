"""Links that fixed joints hold together, made one: fewer bodies for physics to step and for cameras to see."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from lepatrol.model.frames import BASE_LINK
from lepatrol.model.geometry import Pose3
from lepatrol.simulation.description import Inertial, Joint, LidarSensor, Link, Model, MulticopterControl
from lepatrol.simulation.scene_error import SceneError


def lump_fixed_joints(model: Model) -> Model:
    """Return a robot (a tree of joints) whose links are each as large as can be, as libsdformat makes them of a URDF.

    What hangs on a fixed joint joins the link it hangs on, with its mass, shapes, lights and sensors, whose frames keep
    their names. So do the rotors of a multicopter: drawn as discs, they look the same whether they turn or not. The
    joined link is named after ``base_link`` where that is in it, else after its topmost. A link with a lidar and a
    collision stays alone: a lidar does not see its own link, but does see the rest of its robot.

    :raises SceneError: naming links that hang on each other in a ring.
    """
    link_of = {link.name: link for link in model.links}
    held = _held_joints(model)
    groups = _groups([joint for joint in model.joints if joint.name in held], link_of)
    joined = [_join([link_of[name] for name in members]) for members in groups]
    name_of = {name: link.name for members, link in zip(groups, joined, strict=True) for name in members}
    joints = [
        replace(joint, parent=name_of.get(joint.parent, joint.parent), child=name_of[joint.child])
        for joint in model.joints if name_of.get(joint.parent) != name_of[joint.child]]
    return replace(model, links=tuple(joined), joints=tuple(joints))


def _held_joints(model: Model) -> set[str]:
    """Return the joints that hold their links together for good."""
    rotors = model.drive.rotor_joints if isinstance(model.drive, MulticopterControl) else ()
    return {joint.name for joint in model.joints if joint.kind == 'fixed' or joint.name in rotors}


def _groups(joints: list[Joint], link_of: dict[str, Link]) -> list[list[str]]:
    """Return the names of the links that these joints make one, the topmost of each first."""
    above = {joint.child: joint for joint in joints}
    groups: dict[str, list[str]] = {}
    for name in link_of:
        way = [name]
        while (joint := above.get(way[-1])) is not None and _holds(joint, link_of):
            if joint.parent in way:
                raise SceneError(f'links {", ".join(way)} hang on each other in a ring, expected a tree')
            way.append(joint.parent)
        top = way[-1]
        members = groups.setdefault(top, [top])
        if name != top:
            members.append(name)
    return list(groups.values())


def _holds(joint: Joint, link_of: dict[str, Link]) -> bool:
    """Tell whether a joint that holds makes one body of its two links."""
    if joint.parent not in link_of:
        return False
    parent, child = link_of[joint.parent], link_of[joint.child]
    return parent.gravity == child.gravity and not _is_alone(parent) and not _is_alone(child)


def _is_alone(link: Link) -> bool:
    return bool(link.collisions) and any(isinstance(sensor, LidarSensor) for sensor in link.sensors)


def _join(links: list[Link]) -> Link:
    base = next((link for link in links if link.name == BASE_LINK), links[0])
    into_base = base.pose.inverse()
    placed = [(into_base.compose(link.pose), link) for link in links]
    return replace(
        base,
        inertial=_sum([
            (at.compose(link.inertial.pose), link.inertial) for at, link in placed if link.inertial is not None]),
        collisions=tuple(replace(part, pose=at.compose(part.pose)) for at, link in placed for part in link.collisions),
        visuals=tuple(replace(part, pose=at.compose(part.pose)) for at, link in placed for part in link.visuals),
        sensors=tuple(replace(part, pose=at.compose(part.pose)) for at, link in placed for part in link.sensors),
        lights=tuple(replace(part, pose=at.compose(part.pose)) for at, link in placed for part in link.lights))


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

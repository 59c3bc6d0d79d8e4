"""The frames that a robot's description fixes: those of its links, and those its sensors speak of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from lepatrol.model.frames import FrameTransform
from lepatrol.model.geometry import Pose3
from lepatrol.model.joints import Neck, Swivel
from lepatrol.model.observation import JointPositions
from lepatrol.simulation.description import Joint, Model
from lepatrol.simulation.scene_error import SceneError


def fixed_frames(robot: Model) -> tuple[FrameTransform, ...]:
    """Return what never changes: each link on a fixed joint in its parent, each sensor's frame in its link.

    Frames that are links already are not told twice. Joints that move are left to who knows how they stand. Give the
    robot as it was read: lumping forgets links.
    """
    return tuple(_fixed(robot))


def _fixed(robot: Model) -> Iterator[FrameTransform]:
    links = {link.name: link for link in robot.links}
    for joint in robot.joints:
        if joint.kind == 'fixed' and joint.parent in links:
            pose = links[joint.parent].pose.inverse().compose(links[joint.child].pose)
            yield FrameTransform(joint.parent, joint.child, pose)
    told = set(links)
    for link in robot.links:
        for sensor in link.sensors:
            if sensor.frame_id not in told:
                told.add(sensor.frame_id)
                yield FrameTransform(link.name, sensor.frame_id, sensor.pose)


def swivel_of(robot: Model, joint: Joint) -> Swivel:
    """Return how the child of a turning joint turns in its parent; a joint's frame is its child's, as URDF has it."""
    poses = {link.name: link.pose for link in robot.links}
    child = poses[joint.child]
    return Swivel(joint.name, poses[joint.parent].inverse().compose(child), child.inverse().turn(joint.axis))


def turning_frames(robot: Model, joints: JointPositions) -> tuple[FrameTransform, ...]:
    """Return how links lie in their parents on those turning joints of a robot that are told of."""
    return tuple(
        FrameTransform(
            joint.parent, joint.child, swivel_of(robot, joint).at(joints.positions_rad[joint.name]), joints.stamp_s)
        for joint in robot.joints
        if joint.kind in ('revolute', 'continuous') and joint.name in joints.positions_rad)


def neck_of(robot: Model, body: str, link: str, carried: Pose3) -> Neck:
    """Return the joints between ``body`` and a link that hangs on it, with what the link carries at the pose given.

    :raises SceneError: if the link does not hang on the body, or on a joint that slides.
    """
    carrier = link
    above = {joint.child: joint for joint in robot.joints}
    chain: list[Joint] = []
    while link != body:
        if link not in above:
            raise SceneError(f'robot {robot.name!r}: what hangs on {link!r} does not hang on {body!r}')
        chain.insert(0, above[link])
        link = above[link].parent
    poses = {each.name: each.pose for each in robot.links}
    level = poses[body].inverse().compose(poses[carrier].compose(carried))
    swivels: list[Swivel] = []
    rigid = Pose3()
    for joint in chain:
        if joint.kind == 'prismatic':
            raise SceneError(
                f'robot {robot.name!r}: {carrier!r} hangs on {joint.name!r}, which slides; nobody would know where its '
                'camera is, joints that turn are right')
        swivel = swivel_of(robot, joint)
        rigid = rigid.compose(swivel.rest)
        if joint.kind != 'fixed':
            swivels.append(replace(swivel, rest=rigid))
            rigid = Pose3()
    return Neck(level, tuple(swivels), rigid.compose(carried))


def rigid_frames(robot: Model) -> dict[str, Pose3]:
    """Return the links that are one rigid body with the robot's root, the root first, with their poses in it.

    :raises SceneError: if the links are no tree with one root.
    """
    children = {joint.child for joint in robot.joints}
    roots = [link.name for link in robot.links if link.name not in children]
    if len(roots) != 1:
        raise SceneError(f'robot {robot.name!r} has the root links {", ".join(roots) or "none"}, expected one')
    poses = {roots[0]: Pose3()}
    fixed = {frame.child: frame for frame in fixed_frames(robot)}
    # Joints come in any order: each pass finds at least one more level of the tree.
    while found := [frame for name, frame in fixed.items() if name not in poses and frame.parent in poses]:
        poses |= {frame.child: poses[frame.parent].compose(frame.pose) for frame in found}
    return poses

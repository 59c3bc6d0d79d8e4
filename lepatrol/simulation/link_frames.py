"""The frames that a robot's description fixes: those of its links, and those its sensors speak of."""

from __future__ import annotations

from collections.abc import Iterator

from lepatrol.model.frames import FrameTransform
from lepatrol.model.geometry import Pose3
from lepatrol.simulation.description import Model
from lepatrol.simulation.scene_error import SceneError


def fixed_frames(robot: Model) -> tuple[FrameTransform, ...]:
    """Return what never changes: each link on a fixed joint in its parent, each sensor's frame in its link.

    Frames that are links already are not told twice. Joints that move are left to who knows how they stand (a
    robot_state_publisher, from ``joint_states``). Give the robot as it was read: lumping forgets links.
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

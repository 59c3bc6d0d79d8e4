"""The frames node: tells tf2 where the robot and its sensors are.

A node of its own, because it serves whatever delivers ``odom``, ``pose`` and ``joint_states`` (the simulator, Gazebo, a
robot), and because neither simulated time nor the control loop is to wait for it.
"""

from __future__ import annotations

from collections.abc import Sequence

from geometry_msgs.msg import PoseWithCovarianceStamped
from nav_msgs.msg import Odometry
from sensor_msgs.msg import JointState

from lepatrol import assembly
from lepatrol.model.errors import ObservationError
from lepatrol.model.frames import MAP, ODOM, FrameTransform
from lepatrol.ros import conversions, parameters, qos
from lepatrol.ros.optional import TF_MESSAGES, load
from lepatrol.ros.runner import LepatrolNode, run_node
from lepatrol.settings.frames import FramesSettings
from lepatrol.settings.starting import FramesStart
from lepatrol.simulation.link_frames import fixed_frames, turning_frames


class FramesNode(LepatrolNode):
    """Odometry, poses and joint positions in, ``tf`` out; ``tf_static`` once, latched.

    The topics are in the robot's namespace, as Nav2's are: several robots have frames of the same names.
    """

    def __init__(self) -> None:
        """Declare the parameters, read the robot, connect; what never changes is told at once."""
        super().__init__('frames')
        self._message_type = load(TF_MESSAGES, 'msg', 'TFMessage', 'frames')
        self._settings = parameters.declare(self, FramesSettings)
        start = parameters.declare(self, FramesStart)
        self._description = assembly.load_description(start.robot, 'robot')
        self._tracker = assembly.make_frame_tracker(self._description, self._settings)
        self._tf = self.create_publisher(self._message_type, 'tf', qos.TRANSFORMS)
        self._tf_static = self.create_publisher(self._message_type, 'tf_static', qos.LATCHED)
        if self._settings.tell_static:
            self._tf_static.publish(self._message(fixed_frames(self._description)))
            self.listen(JointState, 'joint_states', self._on_joints, qos.SENSOR)
        self.listen(Odometry, 'odom', self._on_odometry, qos.SENSOR)
        self.listen(PoseWithCovarianceStamped, 'pose', self._on_pose, qos.SENSOR)

    def _on_odometry(self, message: Odometry) -> None:
        if message.header.frame_id != ODOM:
            raise ObservationError(f'odometry: is in frame {message.header.frame_id!r}, expected {ODOM!r}')
        told = self._tracker.on_odometry(conversions.odometry_from_ros(message), message.child_frame_id)
        wanted = [frame for frame in told if
                  (self._settings.tell_map if frame.parent == MAP else self._settings.tell_odom)]
        if wanted:
            self._tf.publish(self._message(wanted))

    def _on_pose(self, message: PoseWithCovarianceStamped) -> None:
        self._tracker.on_pose(conversions.pose_estimate_from_ros(message))

    def _on_joints(self, message: JointState) -> None:
        frames = turning_frames(self._description, conversions.joint_positions_from_ros(message))
        if frames:
            self._tf.publish(self._message(frames))

    def _message(self, frames: Sequence[FrameTransform]) -> object:
        return self._message_type(transforms=[conversions.transform_to_ros(frame) for frame in frames])


def main() -> int:
    """Run the node."""
    return run_node(FramesNode)

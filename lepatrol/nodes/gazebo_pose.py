"""The gazebo_pose node: what a good localisation would say of a robot in Gazebo."""

from __future__ import annotations

from geometry_msgs.msg import PoseWithCovarianceStamped
from nav_msgs.msg import Odometry
from numpy.random import Generator, default_rng

from lepatrol import resources
from lepatrol.model.observation import PoseEstimate
from lepatrol.model.site import Medium
from lepatrol.ros import conversions, parameters, qos
from lepatrol.ros.runner import LepatrolNode, run_node
from lepatrol.settings.robot import RobotSettings
from lepatrol.settings.starting import GazeboPoseStart
from lepatrol.settings.yaml_file import read_settings
from lepatrol.simulation.sensors import localised


class GazeboPoseNode(LepatrolNode):
    """The true pose in, from Gazebo's odometry publisher; the localised one out, as the embedded simulator has it."""

    def __init__(self) -> None:
        """Declare the parameters, read the robot, connect."""
        super().__init__('gazebo_pose')
        self._start = parameters.declare(self, GazeboPoseStart)
        robot = read_settings(resources.robot_settings_path(self._start.robot), RobotSettings)
        self._flies = robot.medium is Medium.AIR
        self._noise: Generator = default_rng(self._start.seed)
        self._pose = self.create_publisher(PoseWithCovarianceStamped, 'pose', qos.SENSOR_SOURCE)
        self.listen(Odometry, 'ground_truth', self._on_truth, qos.SENSOR)

    def _on_truth(self, message: Odometry) -> None:
        start = self._start
        truth = conversions.true_pose_from_ros(message)
        seen = localised(truth.pose, start.pose_noise_m, start.pose_noise_rad, self._noise, flies=self._flies)
        self._pose.publish(conversions.pose_estimate_to_ros(PoseEstimate(
            truth.stamp_s, truth.frame_id, seen, start.pose_noise_m, start.pose_noise_rad)))


def main() -> int:
    """Run the node."""
    return run_node(GazeboPoseNode)

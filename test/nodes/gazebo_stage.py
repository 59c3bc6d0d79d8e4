"""The scenario_director node in a process of its own context, and somebody who plays what Gazebo tells."""

import rclpy
from live_nodes import DEADLINE_S
from nav_msgs.msg import Odometry as OdometryMessage
from rclpy.executors import SingleThreadedExecutor
from rosgraph_msgs.msg import Clock

from lepatrol.model.geometry import STOP, Pose3
from lepatrol.model.observation import Odometry
from lepatrol.nodes.scenario_director import ScenarioDirectorNode
from lepatrol.ros import conversions, qos

STEP_S = 0.1


def given(**parameters):
    """Return the command line that gives the node, and it alone, parameters and the simulated time."""
    words = (f'scenario_director:{name}:={value}' for name, value in {'use_sim_time': 'true', **parameters}.items())
    return ['--ros-args', *(word for each in words for word in ('-p', each))]


class GazeboStage:
    """Tells the time, ten times faster than the wall's, and where the robot is; to be told what the world is asked."""

    def __init__(self):
        self.node, self.gazebo = ScenarioDirectorNode(), rclpy.create_node('gazebo')
        self.executor = SingleThreadedExecutor()
        for node in (self.node, self.gazebo):
            self.executor.add_node(node)
        self.clock = self.gazebo.create_publisher(Clock, '/clock', qos.COMMAND)
        self.truth = self.gazebo.create_publisher(OdometryMessage, 'ground_truth', qos.SENSOR_SOURCE)
        self.time_s = 0.0
        self.robot_m = (0.0, 0.0)
        self.gazebo.create_timer(0.01, self._go_on)

    def _go_on(self):
        self.time_s += STEP_S
        message = conversions.odometry_to_ros(Odometry(self.time_s, Pose3((*self.robot_m, 0.15)), STOP))
        message.header.frame_id = conversions.MAP
        self.truth.publish(message)
        self.clock.publish(Clock(clock=conversions.time_to_ros(self.time_s)))

    def wait_for(self, what, happened):
        end_s = self.gazebo.get_clock().now().nanoseconds * 1e-9 + DEADLINE_S
        while not happened():
            assert self.gazebo.get_clock().now().nanoseconds * 1e-9 < end_s, f'{what} did not come'
            self.executor.spin_once(0.05)

    def close(self):
        self.executor.shutdown()
        for node in (self.node, self.gazebo):
            node.destroy_node()

"""The navigator node on real topics, with zones that several robots tell of."""

import numpy as np
import pytest
import rclpy
from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import PoseStamped, PoseWithCovarianceStamped
from live_nodes import DEADLINE_S
from nav_msgs.msg import OccupancyGrid, Path
from rclpy.executors import SingleThreadedExecutor
from sensor_msgs.msg import LaserScan
from std_msgs.msg import String
from test_garbage import GOOD

from lepatrol.model.live_zones import LiveZone, LiveZones
from lepatrol.model.navigation import NavigationGoal, NavigationState
from lepatrol.model.occupancy import OccupancyMap
from lepatrol.model.site import Zone, ZoneKind
from lepatrol.nodes.navigator import NavigatorNode
from lepatrol.ros import conversions, qos

PATIENT = ['--ros-args', '-p', 'site:=bench_yard', '-p', 'control_rate_hz:=10.0', '-p', 'gate.scan_timeout_s:=30.0',
           '-p', 'gate.pose_timeout_s:=30.0']
YARD = OccupancyMap(np.zeros((300, 300), dtype=np.int8), 0.1, -15.0, -15.0)


def live(name, left, bottom, right, top, stamp_s=1.0, lifted=False):
    corners = ((left, bottom), (right, bottom), (right, top), (left, top))
    return LiveZone(Zone(name, ZoneKind.KEEP_OUT, corners), stamp_s, 'operator', lifted=lifted)


class Stage:
    """The node, and somebody who plays sensors, patrol, and the patrols of two robots that know of zones."""

    def __init__(self):
        self.other = rclpy.create_node('others')
        make = self.other.create_publisher
        self.map = make(OccupancyGrid, '/map', qos.LATCHED)
        self.robots = [make(String, '/zones', qos.LATCHED), make(String, '/zones', qos.LATCHED)]
        self.goal = make(PoseStamped, 'navigator/goal', qos.COMMAND)
        self.sensors = {'scan': make(LaserScan, 'scan', qos.SENSOR_SOURCE),
                        'pose': make(PoseWithCovarianceStamped, 'pose', qos.SENSOR_SOURCE)}
        self.feedback, self.path = None, np.zeros((0, 2))
        self.executor = SingleThreadedExecutor()
        self.executor.add_node(self.other)
        self.node = None

    def start(self):
        self.node = NavigatorNode()
        self.executor.add_node(self.node)
        self.other.create_subscription(DiagnosticArray, 'navigator/feedback', self._on_feedback, qos.LATCHED)
        self.other.create_subscription(Path, 'navigator/path', self._on_path, qos.LATCHED)
        self.other.create_timer(0.1, self._feel)

    def _on_feedback(self, message):
        self.feedback = conversions.feedback_from_ros(message)

    def _on_path(self, message):
        self.path = np.array([(each.pose.position.x, each.pose.position.y) for each in message.poses]).reshape(-1, 2)

    def _feel(self):
        for topic, publisher in self.sensors.items():
            publisher.publish(GOOD[topic](self.node.now_s))

    def tell(self, robot, *zones):
        self.robots[robot].publish(conversions.live_zones_to_ros(LiveZones.of(zones)))

    def order(self, x, y, goal_id):
        self.wait_for('somebody to hear goals', lambda: self.goal.get_subscription_count() > 0)
        self.goal.publish(conversions.goal_to_ros(NavigationGoal(goal_id, x, y)))

    def is_told(self, goal_id, state, words=''):
        told = self.feedback
        return told is not None and (told.goal_id, told.state) == (goal_id, state) and words in told.reason

    def wait_for(self, what, happened):
        end_s = self.other.get_clock().now().nanoseconds + DEADLINE_S * 1e9
        while not happened():
            assert self.other.get_clock().now().nanoseconds < end_s, f'{what} did not come; last: {self.feedback}'
            self.executor.spin_once(0.05)

    def close(self):
        self.executor.shutdown()
        for node in (self.node, self.other):
            if node is not None:
                node.destroy_node()


@pytest.fixture
def stage():
    rclpy.init(args=PATIENT)
    stage = Stage()
    yield stage
    stage.close()
    rclpy.shutdown()


def test_the_navigator_keeps_out_of_what_any_robot_told_of_and_crosses_what_was_lifted(stage):
    here = GOOD['pose'](0.0).pose.pose.position
    x, y = here.x, here.y
    east, north = live('spill', x + 4, y - 1, x + 6, y + 1), live('hole', x - 1, y + 4, x + 1, y + 6)
    # Before the navigator lives, and the map after it: neither is missed.
    stage.tell(0, east)
    stage.tell(1, north)
    stage.start()
    stage.map.publish(conversions.map_to_ros(YARD, 0.0))
    stage.wait_for('both zones', lambda: len(stage.node._zones.in_force) == 2)
    stage.wait_for('a navigator', lambda: stage.feedback is not None)
    stage.order(x + 5, y, goal_id=1)
    stage.wait_for('no to the first', lambda: stage.is_told(1, NavigationState.FAILED, 'in the keep-out zone spill'))
    stage.order(x, y + 5, goal_id=2)
    stage.wait_for('no to the second', lambda: stage.is_told(2, NavigationState.FAILED, 'in the keep-out zone hole'))
    stage.order(x + 9, y, goal_id=3)
    stage.wait_for('the way round', lambda: stage.is_told(3, NavigationState.MOVING) and len(stage.path) > 2)
    stage.robots[0].publish(String(data='{"zones": [{"name": "moat"}]}'))
    stage.tell(0, live('spill', x + 4, y - 1, x + 6, y + 1, stamp_s=2.0, lifted=True))
    stage.wait_for('the straight way', lambda: len(stage.path) == 2)
    stage.tell(1, north, live('over_it', x - 2, y - 2, x + 2, y + 2, stamp_s=3.0))
    stage.wait_for('word of it', lambda: stage.feedback.trespass is not None)
    assert stage.feedback.trespass.zone == 'over_it'

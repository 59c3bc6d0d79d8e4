"""A robot that no longer sees, or no longer knows where it is, stands still until it does again."""

import dataclasses
import time

import numpy as np
import pytest
from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import PoseStamped, Twist
from live_nodes import DEADLINE_S
from nav_msgs.msg import OccupancyGrid
from rosgraph_msgs.msg import Clock

from lepatrol import bringup
from lepatrol.model.geometry import STOP, Pose2
from lepatrol.model.navigation import NavigationGoal, NavigationState
from lepatrol.model.occupancy import OCCUPIED, OccupancyMap
from lepatrol.ros import conversions, qos
from lepatrol.ros.observations import ObservationPublisher
from lepatrol.ros.operator import open_console
from lepatrol.simulation.fake import FakeSimulator

STEP_S = 0.04
START_S = 100.0
PATIENCE_S = 0.1
"""Wall time for which simulated time waits for the navigator, so that a slow machine is no slow robot."""


class Hall:
    """A robot in a long hall, whose sensors can fall silent one by one; its time goes by while one waits."""

    def __init__(self, operator):
        cells = np.zeros((100, 600), dtype=np.int8)
        cells[[0, -1], :] = cells[:, [0, -1]] = OCCUPIED
        grid = OccupancyMap(cells, 0.1, 0.0, 0.0)
        self.silent, self.feedback, self.twist = set(), None, None
        self._commanded, self._stepped_s = True, time.monotonic()
        self._operator = operator
        self._simulator = FakeSimulator(grid, {'robot': Pose2(2.0, 5.0)})
        node = operator.node
        self._observations = ObservationPublisher(node)
        self._clock = node.create_publisher(Clock, '/clock', qos.COMMAND)
        self._goal = node.create_publisher(PoseStamped, 'navigator/goal', qos.COMMAND)
        self._map = node.create_publisher(OccupancyGrid, '/map', qos.LATCHED)
        self._map.publish(conversions.map_to_ros(grid, START_S))
        node.create_subscription(DiagnosticArray, 'navigator/feedback', self._on_feedback, qos.LATCHED)
        node.create_subscription(Twist, 'cmd_vel', self._on_command, qos.COMMAND)

    @property
    def time_s(self):
        return START_S + self._simulator.time_s

    @property
    def x_m(self):
        return self._simulator.ground_truth('robot').position_m[0]

    def send_goal(self, x_m):
        self._goal.publish(conversions.goal_to_ros(NavigationGoal(7, x_m, 5.0)))

    def wait_for(self, what, happened):
        def turn():
            self._go_on()
            return happened()

        self._operator.wait_for(what, turn, deadline_s=DEADLINE_S)

    def _go_on(self):
        if not self._commanded and time.monotonic() - self._stepped_s < PATIENCE_S:
            return
        self._commanded, self._stepped_s = False, time.monotonic()
        for delivery in self._simulator.advance(STEP_S):
            if delivery.topic not in self.silent:
                seen = delivery.observation
                self._observations.publish(
                    delivery.topic, dataclasses.replace(seen, stamp_s=START_S + seen.stamp_s))
        self._clock.publish(Clock(clock=conversions.time_to_ros(self.time_s)))

    def _on_feedback(self, message):
        self.feedback = conversions.feedback_from_ros(message)

    def _on_command(self, message):
        self._commanded = True
        self.twist = conversions.twist_from_ros(message)
        self._simulator.command('robot', self.twist)


@pytest.fixture(scope='module')
def hall():
    navigator = bringup.NodeSpec('navigator', parameters={'use_sim_time': True, 'site': 'bench_yard', 'robot': 'ugv'})
    with bringup.start([navigator], quiet=True) as running, open_console(running.check) as operator:
        hall = Hall(operator)
        hall.wait_for('the first command', lambda: hall.twist is not None)

        def answered():
            # Without a map a goal stays unanswered.
            if hall.feedback is None or hall.feedback.goal_id != 7:
                hall.send_goal(57.0)
            return hall.feedback is not None and hall.feedback.goal_id == 7

        hall.wait_for('an answer to the goal', answered)
        yield hall


@pytest.mark.parametrize('sensor', ['scan', 'pose'])
def test_a_sensor_that_falls_silent_stops_the_robot_until_it_speaks_again(hall, sensor):
    hall.wait_for('the robot to drive', lambda: hall.twist.linear_x_m_s > 0.8)
    hall.silent.add(sensor)
    silent_s, silent_x_m = hall.time_s, hall.x_m
    hall.wait_for('the robot to be held', lambda: hall.feedback.state is NavigationState.HELD)
    assert f'the last usable {sensor} is ' in hall.feedback.reason
    hall.wait_for('the robot to stand', lambda: hall.twist == STOP)
    stopped_x_m = hall.x_m
    assert hall.time_s - silent_s < 1.5
    assert stopped_x_m - silent_x_m < 2.0
    # The others go on, and do not set it going again.
    later_s = hall.time_s + 1.0
    hall.wait_for('a second more', lambda: hall.time_s > later_s)
    assert hall.x_m - stopped_x_m < 0.2
    assert hall.feedback.state is NavigationState.HELD
    hall.silent.clear()
    hall.wait_for('the robot to drive on', lambda: hall.twist.linear_x_m_s > 0.8)
    assert hall.feedback.state is NavigationState.MOVING

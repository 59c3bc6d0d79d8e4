"""A Nav2 that answers when a test lets it, and a robot before it, for tests of what has Nav2 drive."""

import numpy as np
from navigator_bench import Bench

from lepatrol.control.delegated import DelegatedNavigator
from lepatrol.model.action_goal import Ending, GoalSender
from lepatrol.model.geometry import STOP, Pose3, Twist
from lepatrol.model.navigation import NavigationGoal, NavigationState
from lepatrol.model.observation import LaserScan, PoseEstimate
from lepatrol.settings.navigation import Nav2Settings
from lepatrol.settings.robot import RobotSettings

SETTINGS = Nav2Settings()
ROBOT = RobotSettings()
OPEN = np.full(30, 9.0, dtype=np.float32)


class ScriptedNav2(GoalSender):
    """Keeps what it was sent and asked to cancel; it takes goals at once unless told to be slow."""

    def __init__(self):
        self.there, self.takes, self.silent, self.obeys = True, True, False, True
        self.sent, self.cancelled = [], []

    def is_ready(self):
        return self.there

    def send(self, order):
        self.sent.append(order)
        if not self.silent:
            order.answer(self.takes)

    def cancel(self, order):
        self.cancelled.append(order)
        if self.obeys and order.accepted and self.there:
            order.end(Ending.CANCELED)

    @property
    def driving(self):
        """Return the orders that are being driven."""
        return [order for order in self.sent if order.accepted and order.ending is None]


class Drive(Bench):
    """Steps the navigator with fresh sensors, and Nav2 with fresh words about what it drives, unless told otherwise."""

    step_s = 0.04

    def __init__(self, settings=SETTINGS, **navigator):
        self.nav2 = ScriptedNav2()
        self.navigator = DelegatedNavigator(settings, ROBOT, self.nav2, **navigator)
        self.now_s = 10.0
        self.place = (0.0, 0.0, 0.0)
        self.twist = STOP
        self.wanted = Twist(0.8, 0.2)
        self.ranges = OPEN
        self.sees = self.knows = self.speaks = True

    def goal(self, x=5.0, y=0.0, yaw=0.0, goal_id=1):
        self.navigator.on_goal(NavigationGoal(goal_id, x, y, yaw), self.now_s)

    def step(self):
        self.now_s += self.step_s
        if self.sees:
            scan = LaserScan(self.now_s, 'lidar', -3.0, 0.2, 0.1, 20.0, self.ranges)
            self.navigator.on_scan(scan, Pose3(), self.now_s)
        if self.knows:
            x, y, yaw = self.place
            self.navigator.on_pose(PoseEstimate(self.now_s, 'map', Pose3.from_rpy(x, y, yaw_rad=yaw)), self.now_s)
        if self.wanted is not None:
            self.navigator.on_velocity(self.wanted, self.now_s)
        for order in self.nav2.driving:
            if self.speaks and self.nav2.there:
                order.progress(3.0, 0)
        self.twist = self.navigator.update(self.now_s)

    def brakes(self):
        """Tell whether the robot stands as soon as it can."""
        self.go(0.6)
        return self.twist == STOP


def ready(**navigator):
    """Return a bench whose robot knows where it is."""
    drive = Drive(**navigator)
    drive.go(0.2)
    return drive


def under_way(**navigator):
    """Return a bench whose robot drives to its goal as Nav2 wants it to."""
    drive = ready(**navigator)
    drive.goal()
    drive.go(1.5)
    assert drive.feedback.state is NavigationState.MOVING
    assert drive.twist == drive.wanted
    return drive

"""The client of Nav2's action, against a client and futures shaped as rclpy's: pip's ROS 2 has no action type."""

import sys
from types import ModuleType, SimpleNamespace

import pytest
from action_msgs.msg import GoalStatus
from geometry_msgs.msg import PoseStamped
from rclpy.task import Future
from wire import over_the_wire

from lepatrol.model.action_goal import Ending, Order
from lepatrol.model.errors import LepatrolError
from lepatrol.model.geometry import Pose2
from lepatrol.ros import nav2, optional
from lepatrol.ros.conversions import goal_from_ros


class Goal:
    """Takes what NavigateToPose.Goal takes."""

    __slots__ = ('behavior_tree', 'pose')


ACTION = SimpleNamespace(Goal=Goal)


class Handle:
    def __init__(self, accepted):
        self.accepted = accepted
        self.cancels = 0
        self.result = Future()

    def get_result_async(self):
        return self.result

    def cancel_goal_async(self):
        self.cancels += 1


class Client:
    """Stands in for rclpy's ActionClient; a test plays the server."""

    def __init__(self, node, action_type, name):
        self.name = name
        self.ready = True
        self.goals, self.answers, self.feedback = [], [], []

    def server_is_ready(self):
        return self.ready

    def send_goal_async(self, goal, feedback_callback):
        self.goals.append(goal)
        self.feedback.append(feedback_callback)
        self.answers.append(Future())
        return self.answers[-1]


@pytest.fixture
def sender(bench, monkeypatch):
    monkeypatch.setattr(nav2, 'ActionClient', Client)
    return nav2.Nav2GoalSender(bench.node(), ACTION, 'navigate_to_pose', 'tree.xml')


def client_of(sender):
    return sender._client


def resolve(future, value):
    """Let a future have its value; without an executor its callbacks run at once."""
    future.set_result(value)
    return value


def result(status, code=0, **more):
    return SimpleNamespace(status=status, result=SimpleNamespace(error_code=code, **more))


def sent(sender, number=1):
    order = Order(number, Pose2(1.0, 2.0, 0.5))
    sender.send(order)
    return order


def test_a_goal_is_a_stamped_pose_of_the_map_and_the_tree_to_use(sender):
    sent(sender)
    (goal,) = client_of(sender).goals
    assert isinstance(goal.pose, PoseStamped)
    assert goal.pose.header.stamp.sec > 0
    assert goal.behavior_tree == 'tree.xml'
    read = goal_from_ros(over_the_wire(goal.pose))
    assert (read.x_m, read.y_m, read.yaw_rad) == (1.0, 2.0, pytest.approx(0.5))


def test_a_goal_is_taken_spoken_of_and_reached(sender):
    order = sent(sender)
    assert order.accepted is None
    handle = resolve(client_of(sender).answers[0], Handle(True))
    assert order.accepted
    client_of(sender).feedback[0](SimpleNamespace(
        feedback=SimpleNamespace(distance_remaining=4.5, number_of_recoveries=2)))
    assert (order.distance_m, order.recoveries) == (4.5, 2)
    resolve(handle.result, result(GoalStatus.STATUS_SUCCEEDED))
    assert order.ending is Ending.SUCCEEDED


def test_a_rejected_goal_is_over(sender):
    order = sent(sender)
    resolve(client_of(sender).answers[0], Handle(False))
    assert order.accepted is False
    assert order.is_over


@pytest.mark.parametrize(('status', 'ending'), [
    (GoalStatus.STATUS_SUCCEEDED, Ending.SUCCEEDED), (GoalStatus.STATUS_ABORTED, Ending.ABORTED),
    (GoalStatus.STATUS_CANCELED, Ending.CANCELED), (GoalStatus.STATUS_UNKNOWN, Ending.LOST)])
def test_a_result_carries_its_status_its_code_and_its_message(sender, status, ending):
    order = sent(sender)
    handle = resolve(client_of(sender).answers[0], Handle(True))
    resolve(handle.result, result(status, 208, error_msg='no way'))
    assert (order.ending, order.error_code, order.message) == (ending, 208, 'no way')


def test_a_result_of_an_older_nav2_has_no_message(sender):
    order = sent(sender)
    handle = resolve(client_of(sender).answers[0], Handle(True))
    resolve(handle.result, result(GoalStatus.STATUS_ABORTED, 105))
    assert (order.error_code, order.message) == (105, '')


def test_only_a_goal_that_the_server_has_is_cancelled(sender):
    order = sent(sender)
    sender.cancel(order)
    handle = resolve(client_of(sender).answers[0], Handle(True))
    assert handle.cancels == 0
    client_of(sender).ready = False
    sender.cancel(order)
    assert handle.cancels == 0
    client_of(sender).ready = True
    sender.cancel(order)
    assert handle.cancels == 1
    resolve(handle.result, result(GoalStatus.STATUS_CANCELED))
    sender.cancel(order)
    assert handle.cancels == 1


def test_each_order_hears_of_its_own_goal(sender):
    first, second = sent(sender, 1), sent(sender, 2)
    resolve(client_of(sender).answers[1], Handle(True))
    assert (first.accepted, second.accepted) == (None, True)
    handle = resolve(client_of(sender).answers[0], Handle(True))
    resolve(handle.result, result(GoalStatus.STATUS_ABORTED, 105))
    assert (first.ending, second.ending) == (Ending.ABORTED, None)


def test_where_nav2_msgs_is_missing_it_is_said_what_to_install(monkeypatch):
    monkeypatch.setattr(optional, 'is_installed', lambda package: False)
    monkeypatch.setenv('ROS_DISTRO', 'kilted')
    with pytest.raises(LepatrolError, match=r'navigator nav2 needs nav2_msgs, .*apt install ros-kilted-nav2-msgs'):
        nav2.navigate_to_pose()


def test_a_broken_installation_is_told_from_a_missing_one(monkeypatch):
    monkeypatch.setitem(sys.modules, 'nav2_msgs', ModuleType('nav2_msgs'))
    with pytest.raises(LepatrolError, match='nav2_msgs, which cannot be loaded'):
        nav2.navigate_to_pose()


def test_a_folder_of_that_name_is_no_package(tmp_path, monkeypatch):
    (tmp_path / 'folder_msgs').mkdir()
    monkeypatch.syspath_prepend(str(tmp_path))
    assert not optional.is_installed('folder_msgs')
    assert optional.is_installed('std_msgs')

"""Nav2's real action, where nav2_msgs is installed: the node against rclpy's server of it."""

import math

import pytest
import rclpy
from geometry_msgs.msg import Twist
from nav2_stage import PATIENT, Nav2Stage
from rclpy.action import ActionServer, CancelResponse, GoalResponse
from std_msgs.msg import Bool

from lepatrol.model.navigation import NavigationState

NavigateToPose = pytest.importorskip(
    'nav2_msgs.action', reason='nav2_msgs comes with an installed ROS 2 only; pip has none').NavigateToPose

MOVING, HELD = NavigationState.MOVING, NavigationState.HELD


class PlayedNav2:
    """A server of the action that takes goals, speaks of them, and ends them when it is told to."""

    def __init__(self, node):
        self.active = True
        self.handles = []
        self.server = ActionServer(
            node, NavigateToPose, 'navigate_to_pose', lambda handle: None, goal_callback=self._on_goal,
            handle_accepted_callback=self.handles.append, cancel_callback=lambda handle: CancelResponse.ACCEPT)

    def _on_goal(self, goal):
        return GoalResponse.ACCEPT if self.active else GoalResponse.REJECT

    def leave(self):
        """Be gone, with all that runs."""
        self.handles.clear()
        if self.server is not None:
            self.server.destroy()
            self.server = None

    @property
    def running(self):
        return [handle for handle in self.handles if handle.is_active]

    def speak(self):
        """Say something of what runs, and give up what is cancelled."""
        for handle in self.running:
            if handle.is_cancel_requested:
                self.end(handle, lambda each: each.canceled())
            else:
                handle.publish_feedback(NavigateToPose.Feedback(distance_remaining=3.0))

    def end(self, handle, say, **result):
        def finish(each):
            say(each)
            return NavigateToPose.Result(**result)

        self.handles.remove(handle)
        handle.execute(finish)


@pytest.fixture
def stage():
    rclpy.init(args=PATIENT)
    stage = Nav2Stage()
    stage.nav2 = PlayedNav2(stage.other)
    stage.other.create_timer(0.1, stage.nav2.speak)
    yield stage
    stage.nav2.leave()
    stage.close()
    rclpy.shutdown()


def test_a_goal_goes_through_the_action_to_its_end_and_the_next_one_too(stage):
    stage.order(0.6, 0.5, 1.0)
    stage.wait_for('the drive', lambda: stage.is_told(MOVING) and stage.drive.linear.x > 0.5)
    assert stage.feedback.distance_remaining_m == pytest.approx(3.0)
    (handle,) = stage.nav2.running
    pose = handle.request.pose
    assert (pose.header.frame_id, pose.pose.position.x, pose.pose.position.y) == ('map', 0.6, 0.5)
    assert pose.pose.orientation.z == pytest.approx(math.sin(0.5))
    stage.nav2.end(handle, lambda each: each.succeed())
    stage.wait_for('the end', lambda: stage.is_told(NavigationState.REACHED))
    stage.order(5.0, 0.5, goal_id=8)
    stage.wait_for('the next goal', lambda: stage.feedback.goal_id == 8 and stage.is_told(MOVING))
    stage.nav2.end(stage.nav2.running[0], lambda each: each.abort(), error_code=208)
    stage.wait_for('the failure', lambda: stage.is_told(NavigationState.FAILED, 'there is no path (NO_VALID_PATH 208)'))
    stage.wait_for('the standstill', lambda: stage.drive == Twist())


def test_two_goals_an_estop_and_an_inactive_nav2_over_the_action(stage):
    stage.nav2.active = False
    stage.order(5.0, 0.5, goal_id=1)
    stage.wait_for('the rejection', lambda: stage.is_told(HELD, 'is bt_navigator active?'))
    stage.nav2.active = True
    stage.wait_for('the drive', lambda: stage.is_told(MOVING))
    stage.order(4.0, 0.5, goal_id=2)
    stage.wait_for('the second goal', lambda: stage.feedback.goal_id == 2 and stage.is_told(MOVING))
    assert [handle.request.pose.pose.position.x for handle in stage.nav2.running] == [4.0]
    stage.estop.publish(Bool(data=True))
    stage.wait_for('the e-stop', lambda: stage.is_told(HELD, 'e-stop') and not stage.nav2.running)
    stage.estop.publish(Bool(data=False))
    stage.wait_for('the drive to go on', lambda: stage.is_told(MOVING))
    stage.nav2.leave()
    stage.wait_for('the loss', lambda: stage.is_told(NavigationState.FAILED, 'Nav2 has vanished'))

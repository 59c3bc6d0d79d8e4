"""A patrol as a user starts it: simulator, navigator and patrol as processes, over real DDS."""

import acts
import pytest
from geometry_msgs.msg import PoseStamped
from live_nodes import DEADLINE_S, yard
from nav_msgs.msg import Path
from std_srvs.srv import Trigger

from lepatrol import bringup
from lepatrol.model.mission import MissionState
from lepatrol.ros import qos
from lepatrol.ros.operator import open_console


@pytest.fixture(scope='module')
def patrol(tmp_path_factory):
    nodes = yard(tmp_path_factory.mktemp('out'))
    with bringup.start(nodes, quiet=True) as running, open_console(running.check) as operator:
        operator.wait_for('the first pose', lambda: bool(operator.track_m), deadline_s=DEADLINE_S)
        yield operator


def settled(operator, state):
    operator.wait_for(state.value, lambda: operator.status.state is state, deadline_s=DEADLINE_S)


def path_of(count, frame='map'):
    message = Path()
    message.header.frame_id = frame
    for number in range(count):
        pose = PoseStamped()
        pose.header.frame_id = frame
        pose.pose.position.x = 0.1 * (number % 20)
        pose.pose.orientation.w = 1.0
        message.poses.append(pose)
    return message


def send_mission(operator, message):
    publisher = operator.node.create_publisher(Path, 'patrol/mission', qos.COMMAND)
    operator.wait_for(
        'a listener', lambda: publisher.get_subscription_count() > 0, deadline_s=DEADLINE_S)
    before = operator.status.reply_to
    publisher.publish(message)
    operator.wait_for(
        'an answer to the mission', lambda: operator.status.reply_to not in (before, ''), deadline_s=DEADLINE_S)
    operator.node.destroy_publisher(publisher)
    return operator.status


def test_garbage_is_refused_with_the_reason_and_changes_nothing(patrol):
    before = patrol.status.state if patrol.status else MissionState.IDLE
    for command in ('fly', 'start nowhere', 'start loop rounds -1', 'goto nowhere', '%§ {}'):
        assert patrol.order(command).startswith('refused: '), command
    assert patrol.status.state is before


def test_a_mission_in_another_frame_is_refused(patrol):
    patrol.order('resume')
    status = send_mission(patrol, path_of(3, frame='odom'))
    assert status.reply.startswith('refused: ')
    assert 'odom' in status.reply
    assert 'map' in status.reply


def test_a_mission_of_ten_thousand_poses_is_walked_and_can_be_stopped(patrol):
    patrol.order('resume')
    status = send_mission(patrol, path_of(10_000))
    assert status.reply == 'ok'
    assert status.visits == 10_000
    assert patrol.order('stop') == 'ok'
    settled(patrol, MissionState.STOPPED)


def test_services_do_what_the_commands_do(patrol):
    assert patrol.order('start loop') == 'ok'
    for verb, state in (('pause', MissionState.PAUSED), ('resume', MissionState.WALKING),
                        ('stop', MissionState.STOPPED)):
        client = patrol.node.create_client(Trigger, f'patrol/{verb}')
        patrol.wait_for(f'the service {verb}', client.service_is_ready, deadline_s=DEADLINE_S)
        future = client.call_async(Trigger.Request())
        patrol.wait_for(f'the answer of {verb}', future.done, deadline_s=DEADLINE_S)
        assert future.result().success, future.result().message
        settled(patrol, state)
        patrol.node.destroy_client(client)


def test_a_whole_patrol_over_ros_reaches_every_waypoint(patrol):
    acts.an_order_is_carried_out(patrol, 'start short', 'bench_yard')

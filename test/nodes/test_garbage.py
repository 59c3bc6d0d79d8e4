"""No message whatever ends a node: each is taken, or refused with a reason in the log."""

import copy
import math
from array import array

import numpy as np
import pytest
import rclpy
import rclpy.utilities
from eager_nav2 import EagerNav2
from geometry_msgs.msg import Point, PointStamped, TransformStamped, Twist
from rclpy.serialization import deserialize_message, serialize_message
from sensor_msgs.msg import Image
from std_msgs.msg import Bool, Empty, Header, String

from lepatrol import resources
from lepatrol.model.alerts import Alert, AlertKind, Severity
from lepatrol.model.cases import Case, CaseState
from lepatrol.model.findings import ThingKind
from lepatrol.model.geometry import Pose2, Pose3
from lepatrol.model.geometry import Twist as Velocity
from lepatrol.model.handover import Offer
from lepatrol.model.handover_json import text_from_handover
from lepatrol.model.inspection import ObjectView, Study, StudyRequest
from lepatrol.model.inspection_json import text_from_request, text_from_study
from lepatrol.model.leading import LeadOrder, text_from_lead
from lepatrol.model.live_zones import LiveZone, LiveZones
from lepatrol.model.lockdown import LockdownWord, text_from_lockdown
from lepatrol.model.mission import MissionState, MissionStatus
from lepatrol.model.navigation import NavigationFeedback, NavigationGoal, NavigationState
from lepatrol.model.observation import BatteryState, CameraInfo, JointPositions, PoseEstimate
from lepatrol.model.observation import LaserScan as Scan
from lepatrol.model.observation import Odometry as Wheels
from lepatrol.model.occupancy import OCCUPIED, OccupancyMap
from lepatrol.model.policy import Response
from lepatrol.model.site import Waypoint, Zone, ZoneKind
from lepatrol.model.track_json import text_from_tracks
from lepatrol.model.tracks import Track, TrackState
from lepatrol.nodes import frames, nav2_navigator
from lepatrol.nodes.navigator import NavigatorNode
from lepatrol.nodes.patrol import PatrolNode
from lepatrol.nodes.perimeter import PerimeterNode
from lepatrol.ros import conversions
from lepatrol.ros.runner import LepatrolNode
from lepatrol.settings.robot import RobotSettings
from lepatrol.settings.yaml_file import read_settings

FLOATS = [0.0, -1.0, 1e38, 1e300, math.nan, math.inf, -math.inf]
INTEGERS = [0, 1, 127]
TEXTS = ['', 'map', 'odom', 'mono8', 'start loop', '9' * 5000, 'nan', '\u0663', 'x' * 1000]

ROBOT = read_settings(resources.robot_settings_path('ugv'), RobotSettings)
FASTEST_M_S, FASTEST_RAD_S = ROBOT.max_speed_m_s + 1e-9, ROBOT.max_turn_rate_rad_s + 1e-9


def room():
    cells = np.zeros((60, 60), dtype=np.int8)
    cells[[0, -1], :] = cells[:, [0, -1]] = OCCUPIED
    return OccupancyMap(cells, 0.1, -3.0, -3.0)


POSE = Pose3.from_rpy(0.5, 0.5)
RANGES = np.full(30, 3.0, dtype=np.float32)
ROOM = conversions.map_to_ros(room(), 0.0)


def alert_at(now_s):
    return Alert(
        'robot-0001-running', AlertKind.RUNNING, 'track-1', Severity.WARNING, 0.9, (1.0, 1.0), 0.1, 'yard', now_s,
        now_s, 'robot', 'running', 'somebody ran')


# What makes one right message of each topic, at a time.
GOOD = {
    '/map': lambda now_s: copy.deepcopy(ROOM),
    'scan': lambda now_s: conversions.scan_to_ros(Scan(now_s, 'lidar', -3.0, 0.2, 0.1, 20.0, RANGES)),
    'pose': lambda now_s: conversions.pose_estimate_to_ros(PoseEstimate(now_s, 'map', POSE, 0.02, 0.005)),
    'odom': lambda now_s: conversions.odometry_to_ros(Wheels(now_s, POSE, Velocity(0.5))),
    'estop': lambda now_s: Bool(data=False),
    'zones/put': lambda now_s: String(data='spill: {kind: keep_out, polygon: [[40, 40], [41, 40], [41, 41]]}'),
    'zones/lift': lambda now_s: String(data='spill'),
    '/zones': lambda now_s: conversions.live_zones_to_ros(LiveZones.of([
        LiveZone(Zone('spill', ZoneKind.KEEP_OUT, ((40.0, 40.0), (41.0, 40.0), (41.0, 41.0))), 1.0, 'operator')])),
    'cmd_vel_teleop': lambda now_s: Twist(),
    'navigator/goal': lambda now_s: conversions.goal_to_ros(NavigationGoal(7, 1.5, 1.5, 1.0)),
    'navigator/cancel': lambda now_s: Empty(),
    'navigator/feedback': lambda now_s: conversions.feedback_to_ros(
        NavigationFeedback(now_s, 7, NavigationState.MOVING, 2.0)),
    'battery_state': lambda now_s: conversions.battery_to_ros(BatteryState(now_s, 0.8, 15.0)),
    'joint_states': lambda now_s: conversions.joint_positions_to_ros(
        JointPositions(now_s, {'pan_joint': 0.1, 'tilt_joint': 0.0})),
    'cmd_vel': lambda now_s: Twist(),
    'cmd_vel_nav2': lambda now_s: conversions.twist_to_ros(Velocity(0.6, 0.3)),
    'patrol/status': lambda now_s: conversions.mission_status_to_ros(MissionStatus(now_s, MissionState.WALKING)),
    'patrol/command': lambda now_s: String(data='start short'),
    'inspection/request': lambda now_s: String(data=text_from_request(
        StudyRequest('bag', (1.5, 0.5), 0.4, 1, now_s))),
    'patrol/mission': lambda now_s: conversions.waypoints_to_ros([Waypoint('a', 1.0, 1.0)], now_s),
    '/clicked_point': lambda now_s: PointStamped(header=Header(frame_id='map'), point=Point(x=1.0, y=1.0)),
    'perimeter/alerts': lambda now_s: conversions.alerts_to_ros([alert_at(now_s)], now_s),
    'perimeter/track_states': lambda now_s: String(data=text_from_tracks([Track(
        1, TrackState.SEEN, (1.0, 1.0), (0.0, 0.0), (0.01, 0.0, 0.01), 0.0, now_s, 0.0, {ThingKind.PERSON: 0.9}, 9)])),
    'inspection/view': lambda now_s: String(data=text_from_study(Study(
        ObjectView('bag', 1, now_s, Pose2(0.5, 0.5)), None))),
    'chat/lead': lambda now_s: String(data=text_from_lead(LeadOrder('v1', 'gate', ('home',), True, 1, (1.0, 1.0)))),
    'chat/present': lambda now_s: Bool(data=True),
    '/handover': lambda now_s: String(data=text_from_handover(Offer(
        Case('ugv2-0001-running', 'running', Response.FOLLOW, CaseState.PENDING, '', (1.0, 1.0), 0.0, now_s),
        (1.0, 1.0), (0.5, 0.0), 'ugv2'))),
    '/lockdown': lambda now_s: String(data=text_from_lockdown(LockdownWord(False, 1.0, 'ugv2'))),
    '/goal_pose': lambda now_s: conversions.goal_to_ros(NavigationGoal(8, 1.0, 1.0)),
    'camera/camera_info': lambda now_s: conversions.camera_info_to_ros(
        CameraInfo.from_horizontal_fov(64, 48, 1.2), 'eye', now_s),
    'camera/image_raw': lambda now_s: Image(
        height=48, width=64, encoding='rgb8', step=192, data=bytes(48 * 192)),
}


def leaves(message):
    """Return every number and text of a message as (holder, name or index, value)."""
    found = []
    for name in message.get_fields_and_field_types():
        value = getattr(message, name)
        if hasattr(value, 'get_fields_and_field_types'):
            found += leaves(value)
        elif isinstance(value, list) and value and hasattr(value[0], 'get_fields_and_field_types'):
            found += [leaf for item in value[:3] for leaf in leaves(item)]
        elif isinstance(value, array | np.ndarray | list):
            found += [(value, place, value[place]) for place in {0, len(value) // 2, len(value) - 1} if len(value)]
        else:
            found.append((message, name, value))
    return found


def wrong_values(value):
    if isinstance(value, bool | bytes):
        return []
    if isinstance(value, str):
        return TEXTS
    return INTEGERS if isinstance(value, int | np.integer) else FLOATS


def spoilt(make):
    """Yield what is made again and again, each time with one number or text as nobody expects it there."""
    for spot, (_, _, value) in enumerate(leaves(make())):
        for wrong in wrong_values(value):
            message = make()
            holder, name, _ = leaves(message)[spot]
            try:
                if isinstance(name, int):
                    holder[name] = wrong
                else:
                    setattr(holder, name, wrong)
            except (AssertionError, OverflowError):
                continue  # The field cannot hold that number, on the wire neither.
            yield over_the_wire(message)


def over_the_wire(message):
    return deserialize_message(serialize_message(message), type(message))


class Mouth:
    """Keeps the last message that a node published."""

    def __init__(self):
        self.last = None

    def publish(self, message):
        self.last = over_the_wire(message)


class Ears:
    """A node whose messages come from the test and go to it."""

    def __init__(self, make, monkeypatch):
        self.callbacks, self.mouths = {}, {}

        def subscribe(node, message_type, topic, callback, *_, **__):
            self.callbacks[topic] = (message_type, callback)

        def publish(node, message_type, topic, *_, **__):
            return self.mouths.setdefault(topic, Mouth())

        monkeypatch.setattr(LepatrolNode, 'create_subscription', subscribe)
        monkeypatch.setattr(LepatrolNode, 'create_publisher', publish)
        self.node = make()

    def hear(self, topic, message):
        message_type, callback = self.callbacks[topic]
        assert isinstance(message, message_type)
        callback(message)


NODES = [NavigatorNode, nav2_navigator.Nav2NavigatorNode, PatrolNode, PerimeterNode, frames.FramesNode]


@pytest.fixture(params=NODES, scope='module')
def ears(request, tmp_path_factory):
    arguments = ['--ros-args', '--log-level', 'fatal', '-p', 'site:=bench_yard']
    if request.param in (PatrolNode, PerimeterNode):
        arguments += ['-p', f'output_folder:={tmp_path_factory.mktemp("out")}']
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr(nav2_navigator, 'navigate_to_pose', lambda: None)
        monkeypatch.setattr(nav2_navigator, 'Nav2GoalSender', EagerNav2)
        # In place of tf2_msgs: what of a TFMessage can be sent anywhere.
        monkeypatch.setattr(frames, 'load', lambda *_: lambda transforms: transforms[-1])
        rclpy.init(args=arguments)
        ears = Ears(request.param, monkeypatch)
        yield ears
        ears.node.destroy_node()
        rclpy.utilities.try_shutdown()


@pytest.mark.filterwarnings('ignore::RuntimeWarning')
def test_no_message_ends_a_node_or_makes_it_drive_faster_than_the_robot_may(ears):
    step = next((getattr(ears.node, name) for name in ('_control', '_update', '_judge') if hasattr(ears.node, name)),
                lambda: None)
    for topic in ears.callbacks:
        if '/map' in ears.callbacks:
            ears.hear('/map', GOOD['/map'](0.0))
        for message in spoilt(lambda: GOOD[topic](ears.node.now_s)):  # noqa: B023  used up at once
            for usual in (
                    'pose', 'odom', 'joint_states', 'scan', 'camera/camera_info', 'navigator/goal', 'patrol/command'):
                if usual in ears.callbacks and usual != topic:
                    ears.hear(usual, GOOD[usual](ears.node.now_s))
            ears.hear(topic, message)
            step()
            if 'cmd_vel' in ears.mouths:
                drive = ears.mouths['cmd_vel'].last
                assert abs(drive.linear.x) <= FASTEST_M_S
                assert abs(drive.angular.z) <= FASTEST_RAD_S
            for spoken in ears.mouths.values():
                if isinstance(spoken.last, TransformStamped):
                    conversions.transform_from_ros(spoken.last)

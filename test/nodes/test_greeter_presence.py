"""The greeter node where it stands: somebody comes up, speaks, shows a badge, is led, and walks away."""

import json
import time

import cv2
import numpy as np
import rclpy
from geometry_msgs.msg import PoseWithCovarianceStamped
from live_nodes import DEADLINE_S
from rclpy.executors import SingleThreadedExecutor
from rclpy.parameter import Parameter
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import CameraInfo as CameraInfoMessage
from sensor_msgs.msg import Image
from std_msgs.msg import Bool, String

from lepatrol.model.findings import ThingKind
from lepatrol.model.geometry import Pose3
from lepatrol.model.leading import LeadOrder, LeadReport, LeadState, lead_from_text, text_from_lead_report
from lepatrol.model.observation import CameraImage, CameraInfo, PoseEstimate
from lepatrol.model.track_json import text_from_tracks
from lepatrol.model.tracks import Track, TrackState
from lepatrol.nodes.greeter import GreeterNode
from lepatrol.ros import conversions, qos

ROBOT = (16.5, -26.0)
VISITOR = (18.0, -26.0)
CAMERA = CameraInfo.from_horizontal_fov(640, 480, 1.2)


class Forecourt:
    """A greeter, the topics round it, and a visitor's track that is told again and again."""

    def __init__(self, folder):
        rclpy.init(args=['--ros-args', '-p', f'output_folder:={folder}', '-p', "clock_start:='2026-11-18 13:00'",
                         '-p', 'visitors:=prison', '-p', 'use_sim_time:=true'])
        self.node = GreeterNode()
        self.other = rclpy.create_node('forecourt', parameter_overrides=[Parameter('use_sim_time', value=False)])
        self.executor = SingleThreadedExecutor()
        for node in (self.node, self.other):
            self.executor.add_node(node)
        self.heard = {}
        for kind, topic, profile in (
                (String, 'chat/out', qos.COMMAND), (String, 'chat/events', qos.ALERTS),
                (String, 'chat/lead', qos.COMMAND), (Bool, 'chat/present', qos.LATCHED),
                (String, 'speaker/say', qos.COMMAND)):
            self.heard[topic] = []
            self.other.create_subscription(
                kind, topic, lambda message, topic=topic: self.heard[topic].append(message.data), profile)
        publish = self.other.create_publisher
        self.tracks = publish(String, 'perimeter/track_states', qos.COMMAND)
        self.pose = publish(PoseWithCovarianceStamped, 'pose', qos.SENSOR_SOURCE)
        self.speech = publish(String, 'speech/in', qos.COMMAND)
        self.leading = publish(String, 'chat/leading', qos.COMMAND)
        self.info = publish(CameraInfoMessage, 'camera/camera_info', qos.SENSOR_SOURCE)
        self.image = publish(Image, 'camera/image_raw', qos.SENSOR_SOURCE)
        self.clock = publish(Clock, '/clock', qos.SENSOR_SOURCE)
        self.visitor_m, self.shown, self.now_s = VISITOR, None, 0.0

    def replies(self, kind):
        return [reply for reply in map(json.loads, self.heard['chat/out']) if reply['kind'] == kind]

    def wait_for(self, happened):
        end_s = time.monotonic() + DEADLINE_S
        while not happened():
            assert time.monotonic() < end_s, self.heard
            self._tell()
            self.executor.spin_once(0.02)

    def _tell(self):
        """Tell what sensors and perception would."""
        self.now_s = now_s = self.now_s + 0.1
        self.clock.publish(Clock(clock=conversions.time_to_ros(now_s)))
        self.pose.publish(conversions.pose_estimate_to_ros(PoseEstimate(now_s, 'map', Pose3.from_rpy(*ROBOT), 0.02)))
        track = Track(5, TrackState.SEEN, self.visitor_m, (0.0, 0.0), (0.01, 0.0, 0.01), now_s, now_s, now_s,
                      {ThingKind.PERSON: 0.9}, 9)
        self.tracks.publish(String(data=text_from_tracks([track])))
        if self.shown is not None:
            picture = CameraImage(now_s, 'camera_optical_frame', self.shown, CAMERA)
            self.info.publish(conversions.camera_info_to_ros(CAMERA, 'camera_optical_frame', now_s))
            self.image.publish(conversions.image_to_ros(picture))

    def close(self):
        self.executor.shutdown()
        self.node.close()
        for node in (self.node, self.other):
            node.destroy_node()
        rclpy.shutdown()


def badge(text):
    """Return a picture in whose middle a badge is held up."""
    code = cv2.resize(cv2.QRCodeEncoder.create().encode(text), (150, 150), interpolation=cv2.INTER_NEAREST)
    grey = np.full((480, 640), 110, np.uint8)
    grey[150:330, 230:410] = 255
    grey[165:315, 245:395] = code
    return np.repeat(grey[..., None], 3, axis=2)


def test_a_visitor_is_greeted_heard_known_by_his_badge_led_and_taken_leave_of(tmp_path):
    court = Forecourt(tmp_path)
    try:
        court.wait_for(lambda: court.heard['chat/present'] == [True])
        court.wait_for(lambda: len(court.replies('greeting')) == 4)
        assert 'Good afternoon.' in court.replies('greeting')[0]['text']
        assert court.heard['speaker/say'][0] == court.replies('greeting')[0]['text']

        court.speech.publish(String(data='¿Dónde está el taller?'))
        court.wait_for(lambda: court.replies('way') and court.heard['chat/lead'])
        (way,) = court.replies('way')
        assert (way['conversation'], way['language'], way['subject']) == ('visitor-1', 'es', 'workshop')
        shown = lead_from_text(court.heard['chat/lead'][0])
        assert (shown.place, shown.waypoints[-1], shown.lead) == ('workshop', 'yard_south_west', False)

        court.shown = badge('LP-4F7K-22')
        court.wait_for(lambda: court.replies('badge') and court.heard['chat/events'])
        assert 'Ana Morales' in court.replies('badge')[0]['text']
        assert json.loads(court.heard['chat/events'][0])['subject'] == 'good'
        court.shown = None

        court.speech.publish(String(data='lléveme al taller'))
        court.wait_for(lambda: len(court.heard['chat/lead']) == 2)
        assert lead_from_text(court.heard['chat/lead'][1]) == LeadOrder(
            'visitor-1', 'workshop', shown.waypoints, True, 5, VISITOR)
        court.leading.publish(String(data=text_from_lead_report(
            LeadReport('visitor-1', 'workshop', LeadState.AT_EDGE, 'visitors may not go on'))))
        court.leading.publish(String(data='{"state": "dancing"}'))
        court.wait_for(lambda: len(court.replies('lead')) == 2)
        assert court.replies('lead')[1]['text'].startswith('No puedo llevar a los visitantes')

        court.visitor_m = (30.0, -20.0)
        court.wait_for(lambda: court.replies('farewell') and court.heard['chat/present'] == [True, False])
        assert court.replies('farewell')[0]['language'] == 'es'
        court.visitor_m = VISITOR
        court.wait_for(lambda: court.heard['chat/present'] == [True, False, True])
        assert len(court.replies('greeting')) == 4
    finally:
        court.close()

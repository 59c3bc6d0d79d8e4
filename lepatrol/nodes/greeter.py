"""The greeter node: visitors write, speak, or come up and show badges; the desk hears and speaks beside them."""

from __future__ import annotations

import math
import time
from pathlib import Path as FilePath

from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import PoseWithCovarianceStamped
from nav_msgs.msg import Path
from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from std_msgs.msg import Bool, String

from lepatrol import reception
from lepatrol.greeting.greeter import Outcome
from lepatrol.greeting.speech import Speech
from lepatrol.model.chat import Heard, Reply, ReplyKind
from lepatrol.model.chat_json import heard_from_text, order_from_text, text_from_event, text_from_reply
from lepatrol.model.geometry import Pose2
from lepatrol.model.leading import LeadOrder, lead_report_from_text, text_from_lead
from lepatrol.model.observation import CameraImage
from lepatrol.model.track_json import tracks_from_text
from lepatrol.model.tracks import Track
from lepatrol.perception.badge_reader import BadgeReader
from lepatrol.ros import conversions, parameters, qos
from lepatrol.ros.glances import Glances
from lepatrol.ros.log import ros_logger
from lepatrol.ros.runner import LepatrolNode, run_node
from lepatrol.settings.greeter import GreeterSettings
from lepatrol.settings.starting import GreeterStart

_GLANCE_S = 1.0
_POLISH_S = 0.02
_TRACKS_FRESH_S = 2.0
"""Tracks that are older than this tell nothing of who is there."""


class GreeterNode(LepatrolNode):
    """Messages, tracks and badges in; replies, ways, orders to lead and what the desk must know out."""

    def __init__(self) -> None:
        """Declare the parameters, read what is known, connect."""
        super().__init__('greeter')
        settings = parameters.declare(self, GreeterSettings)
        start = parameters.declare(self, GreeterStart)
        knowledge = reception.load_knowledge(start.knowledge)
        languages = reception.load_languages(knowledge.languages)
        logger = ros_logger(self)
        self._site = reception.load_site_of(knowledge)
        self._greeter = reception.make_greeter(
            knowledge, settings, clock_start=start.clock_start, languages=languages,
            transcript_folder=FilePath(start.output_folder) / 'transcripts', logger=logger)
        self._host = reception.make_host(
            self._greeter, knowledge, settings, visitors=reception.load_visitors(start.visitors),
            clock_start=start.clock_start, languages=languages)
        self._polish = reception.make_polish(knowledge, settings, languages, logger)
        self._speech = Speech(settings.speech, logger)
        self._all_aloud = settings.speech.all_conversations
        self._reader = BadgeReader()
        self._pose: Pose2 | None = None
        self._stands = True
        self._tracks: tuple[Track, ...] = ()
        self._tracks_s = -math.inf
        self._glances = Glances(self, start.pan_joint, _GLANCE_S, self._on_picture)
        self._out = self.create_publisher(String, 'chat/out', qos.COMMAND)
        self._way = self.create_publisher(Path, 'chat/way', qos.LATCHED)
        self._events = self.create_publisher(String, 'chat/events', qos.ALERTS)
        self._lead = self.create_publisher(String, 'chat/lead', qos.COMMAND)
        self._present = self.create_publisher(Bool, 'chat/present', qos.LATCHED)
        self._loudspeaker = self.create_publisher(String, 'speaker/say', qos.COMMAND)
        self.listen(String, 'chat/in', self._on_visitor, qos.COMMAND)
        self.listen(String, 'speech/in', self._on_speech, qos.COMMAND)
        self.listen(String, 'chat/desk', self._on_desk, qos.COMMAND)
        self.listen(String, 'chat/leading', self._on_leading, qos.COMMAND)
        self.listen(String, 'perimeter/track_states', self._on_tracks, qos.COMMAND)
        self.listen(PoseWithCovarianceStamped, 'pose', self._on_pose, qos.SENSOR)
        self.listen(DiagnosticArray, 'navigator/feedback', self._on_feedback, qos.LATCHED)
        self.create_timer(1.0 / settings.update_rate_hz, self._update)
        if self._polish:
            # Not of the clock in use: a server takes its own time.
            self.create_timer(_POLISH_S, self._send_polished, clock=Clock(clock_type=ClockType.STEADY_TIME))

    def close(self) -> None:
        """Be silent."""
        self._speech.close()

    def _on_visitor(self, message: String) -> None:
        self._hear(heard_from_text(message.data))

    def _on_speech(self, message: String) -> None:
        """Take what a recogniser has understood; where it does not know who spoke, the nearest visitor did."""
        heard = heard_from_text(message.data)
        if not heard.conversation and self._pose:
            heard = Heard(heard.text, self._host.nearest((self._pose.x_m, self._pose.y_m)), heard.language)
        self._hear(heard)

    def _hear(self, heard: Heard) -> None:
        self._tell(self._greeter.hear(heard, self.now_s), heard.text)

    def _on_desk(self, message: String) -> None:
        self._tell(self._greeter.desk_says(order_from_text(message.data), self.now_s))

    def _on_leading(self, message: String) -> None:
        self._tell(self._host.on_lead(lead_report_from_text(message.data), self.now_s))

    def _on_pose(self, message: PoseWithCovarianceStamped) -> None:
        self._pose = conversions.pose_estimate_from_ros(message).pose.planar()

    def _on_feedback(self, message: DiagnosticArray) -> None:
        self._stands = not conversions.feedback_from_ros(message).state.is_driving

    def _on_tracks(self, message: String) -> None:
        self._tracks, self._tracks_s = tracks_from_text(message.data), self.now_s
        self._look()

    def _on_picture(self, image: CameraImage, pan_rad: float) -> None:
        if self._pose:
            self._tell(self._host.show(self._reader.read(image, pan_rad), self._pose, self.now_s))

    def _update(self) -> None:
        self._greeter.update(self.now_s)
        if not 0.0 <= self.now_s - self._tracks_s <= _TRACKS_FRESH_S:
            self._tracks = ()
            if self._host.anybody_there:
                self._look()

    def _look(self) -> None:
        """See who is there."""
        if self._pose is None:
            return
        before = self._host.anybody_there
        self._host.can_lead = self._lead.get_subscription_count() > 0
        self._tell(self._host.see(
            self._tracks, (self._pose.x_m, self._pose.y_m), self.now_s, robot_stands=self._stands))
        if self._host.anybody_there != before:
            self._present.publish(Bool(data=not before))
            self._glances.open(not before)

    def _tell(self, outcome: Outcome, question: str = '') -> None:
        for event in outcome.events:
            self._events.publish(String(data=text_from_event(event)))
        for reply in outcome.replies:
            if self._polish:
                self._polish.offer(reply, question, time.monotonic(), reply.choices)
            else:
                self._send(reply)
        for wish in outcome.leads:
            order = self._host.order(wish)
            if order:
                self._lead.publish(String(data=text_from_lead(order)))
        if self._polish:
            self._send_polished()

    def _send_polished(self) -> None:
        assert self._polish is not None
        for ready in self._polish.ready(time.monotonic()):
            chosen = self._greeter.choose(
                ready.reply.conversation, ready.choice, self.now_s) if ready.choice else None
            for reply in chosen.replies if chosen else (ready.reply,):
                self._send(reply)

    def _send(self, reply: Reply) -> None:
        """Write a reply, say it where the visitor is near, and show the way it speaks of."""
        self._out.publish(String(data=text_from_reply(reply)))
        if reply.path and reply.kind is ReplyKind.WAY:
            self._show_way(reply)
        if reply.kind in (ReplyKind.FAREWELL, ReplyKind.DANGER):
            self._speech.hush(reply.conversation)
        if self._all_aloud or self._host.is_here(reply.conversation):
            self._speech.say(reply.conversation, reply.language, reply.text)
            self._loudspeaker.publish(String(data=reply.text))

    def _show_way(self, reply: Reply) -> None:
        """Have who drives plan the way on the map; where nobody does, show the waypoints that it leads along."""
        if self._lead.get_subscription_count() > 0:
            self._lead.publish(String(data=text_from_lead(LeadOrder(reply.conversation, reply.subject, reply.path))))
        else:
            waypoints = [self._site.waypoints[name] for name in reply.path]
            self._way.publish(conversions.waypoints_to_ros(waypoints, self.now_s))


def main() -> int:
    """Run the node."""
    return run_node(GreeterNode)

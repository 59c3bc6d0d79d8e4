"""The greeter node: visitors write, speak, or come up and show badges; the desk hears and speaks beside them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path as FilePath

from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import PoseWithCovarianceStamped
from nav_msgs.msg import Path
from rclpy.clock import Clock
from rclpy.clock_type import ClockType
from std_msgs.msg import Bool, String

from lepatrol import reception
from lepatrol.greeting.receptionist import GLANCE_S, Receptionist, ReceptionOutput
from lepatrol.greeting.speech import Speech
from lepatrol.model.chat import Reply, ReplyKind
from lepatrol.model.chat_json import heard_from_text, order_from_text, text_from_event, text_from_reply
from lepatrol.model.leading import LeadOrder, lead_report_from_text, text_from_lead
from lepatrol.model.observation import CameraImage
from lepatrol.model.track_json import tracks_from_text
from lepatrol.perception.badge_reader import BadgeReader
from lepatrol.ros import conversions, parameters, qos
from lepatrol.ros.glances import Glances
from lepatrol.ros.log import ros_logger
from lepatrol.ros.runner import LepatrolNode, run_node
from lepatrol.settings.greeter import GreeterSettings
from lepatrol.settings.starting import GreeterStart

_POLISH_S = 0.02


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
        greeter = reception.make_greeter(
            knowledge, settings, clock_start=start.clock_start, languages=languages,
            transcript_folder=FilePath(start.output_folder) / 'transcripts', logger=logger)
        self._host = reception.make_host(
            greeter, knowledge, settings, visitors=reception.load_visitors(start.visitors),
            clock_start=start.clock_start, languages=languages)
        self._receptionist = Receptionist(greeter, self._host, self._has_driver)
        self._polish = reception.make_polish(knowledge, settings, languages, logger)
        self._speech = Speech(settings.speech, logger)
        self._all_aloud = settings.speech.all_conversations
        self._reader = BadgeReader()
        self._glances = Glances(self, start.pan_joint, GLANCE_S, self._on_picture)
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
        heard = heard_from_text(message.data)
        self._tell(self._receptionist.on_message(heard, self.now_s), heard.text)

    def _on_speech(self, message: String) -> None:
        heard = heard_from_text(message.data)
        self._tell(self._receptionist.on_speech(heard, self.now_s), heard.text)

    def _on_desk(self, message: String) -> None:
        self._tell(self._receptionist.on_desk(order_from_text(message.data), self.now_s))

    def _on_leading(self, message: String) -> None:
        self._tell(self._receptionist.on_leading(lead_report_from_text(message.data), self.now_s))

    def _on_pose(self, message: PoseWithCovarianceStamped) -> None:
        self._receptionist.on_pose(conversions.pose_estimate_from_ros(message).pose.planar())

    def _on_feedback(self, message: DiagnosticArray) -> None:
        self._receptionist.on_driving(conversions.feedback_from_ros(message).state.is_driving)

    def _on_tracks(self, message: String) -> None:
        self._tell(self._receptionist.on_tracks(tracks_from_text(message.data), self.now_s))

    def _on_picture(self, image: CameraImage, pan_rad: float) -> None:
        self._tell(self._receptionist.on_badges(self._reader.read(image, pan_rad), self.now_s))

    def _update(self) -> None:
        self._tell(self._receptionist.update(self.now_s))

    def _has_driver(self) -> bool:
        """Tell whether anybody hears orders to lead."""
        return self._lead.get_subscription_count() > 0

    def _tell(self, output: ReceptionOutput, question: str = '') -> None:
        for event in output.events:
            self._events.publish(String(data=text_from_event(event)))
        for reply in output.replies:
            if self._polish:
                self._polish.offer(reply, question, time.monotonic(), reply.choices)
            else:
                self._send(reply)
        self._send_orders(output.orders)
        if output.present is not None:
            self._present.publish(Bool(data=output.present))
            self._glances.open(output.present)
        if self._polish:
            self._send_polished()

    def _send_polished(self) -> None:
        assert self._polish is not None
        for ready in self._polish.ready(time.monotonic()):
            chosen = self._receptionist.choose(
                ready.reply.conversation, ready.choice, self.now_s) if ready.choice else None
            for reply in chosen.replies if chosen else (ready.reply,):
                self._send(reply)
            self._send_orders(chosen.orders if chosen else ())

    def _send_orders(self, orders: Sequence[LeadOrder]) -> None:
        for order in orders:
            self._lead.publish(String(data=text_from_lead(order)))

    def _send(self, reply: Reply) -> None:
        """Write a reply and say it where the visitor is near; where nobody plans its way, show the waypoints."""
        self._out.publish(String(data=text_from_reply(reply)))
        if reply.path and reply.kind is ReplyKind.WAY and not self._has_driver():
            waypoints = [self._site.waypoints[name] for name in reply.path]
            self._way.publish(conversions.waypoints_to_ros(waypoints, self.now_s))
        if reply.kind in (ReplyKind.FAREWELL, ReplyKind.DANGER):
            self._speech.hush(reply.conversation)
        if self._all_aloud or self._host.is_here(reply.conversation):
            self._speech.say(reply.conversation, reply.language, reply.text)
            self._loudspeaker.publish(String(data=reply.text))


def main() -> int:
    """Run the node."""
    return run_node(GreeterNode)

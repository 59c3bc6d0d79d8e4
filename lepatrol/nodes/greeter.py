"""The greeter node: visitors write on ``chat/in`` and read on ``chat/out``; the desk hears and speaks beside them."""

from __future__ import annotations

from pathlib import Path as FilePath

from nav_msgs.msg import Path
from std_msgs.msg import String

from lepatrol import reception
from lepatrol.greeting.greeter import Outcome
from lepatrol.model.chat_json import heard_from_text, order_from_text, text_from_event, text_from_reply
from lepatrol.ros import conversions, parameters, qos
from lepatrol.ros.log import ros_logger
from lepatrol.ros.runner import LepatrolNode, run_node
from lepatrol.settings.greeter import GreeterSettings
from lepatrol.settings.starting import GreeterStart


class GreeterNode(LepatrolNode):
    """Messages in; replies, ways and what the desk must know out."""

    def __init__(self) -> None:
        """Declare the parameters, read what is known, connect."""
        super().__init__('greeter')
        settings = parameters.declare(self, GreeterSettings)
        start = parameters.declare(self, GreeterStart)
        knowledge = reception.load_knowledge(start.knowledge)
        self._site = reception.load_site_of(knowledge)
        self._greeter = reception.make_greeter(
            knowledge, settings, clock_start=start.clock_start,
            transcript_folder=FilePath(start.output_folder) / 'transcripts', logger=ros_logger(self))
        self._out = self.create_publisher(String, 'chat/out', qos.COMMAND)
        self._way = self.create_publisher(Path, 'chat/way', qos.LATCHED)
        self._events = self.create_publisher(String, 'chat/events', qos.ALERTS)
        self.listen(String, 'chat/in', self._on_visitor, qos.COMMAND)
        self.listen(String, 'chat/desk', self._on_desk, qos.COMMAND)
        self.create_timer(1.0 / settings.update_rate_hz, lambda: self._greeter.update(self.now_s))

    def _on_visitor(self, message: String) -> None:
        self._tell(self._greeter.hear(heard_from_text(message.data), self.now_s))

    def _on_desk(self, message: String) -> None:
        self._tell(self._greeter.desk_says(order_from_text(message.data), self.now_s))

    def _tell(self, outcome: Outcome) -> None:
        for event in outcome.events:
            self._events.publish(String(data=text_from_event(event)))
        for reply in outcome.replies:
            self._out.publish(String(data=text_from_reply(reply)))
            if reply.path:
                waypoints = [self._site.waypoints[name] for name in reply.path]
                self._way.publish(conversions.waypoints_to_ros(waypoints, self.now_s))


def main() -> int:
    """Run the node."""
    return run_node(GreeterNode)

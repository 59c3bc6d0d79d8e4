"""The greeter with all that it sees and hears, whoever carries it there: topics of a node, or calls in one process."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lepatrol.greeting.greeter import Greeter, Outcome
from lepatrol.greeting.host import Host
from lepatrol.model.chat import DeskEvent, DeskOrder, Heard, Reply, ReplyKind
from lepatrol.model.geometry import Pose2
from lepatrol.model.leading import LeadOrder, LeadReport
from lepatrol.model.tracks import Track
from lepatrol.model.visitors import BadgeSeen

GLANCE_S = 1.0
"""While somebody is there, one picture in this time is looked at for badges."""
_TRACKS_FRESH_S = 2.0
"""Tracks that are older than this tell nothing of who is there."""


@dataclass(frozen=True, slots=True)
class ReceptionOutput:
    """What must be sent now; ``present`` tells, once, that somebody has come or that the last one has gone."""

    replies: tuple[Reply, ...] = ()
    events: tuple[DeskEvent, ...] = ()
    orders: tuple[LeadOrder, ...] = ()
    present: bool | None = None


class Receptionist:
    """Feeds greeter and host, and makes orders to who drives of what visitors want."""

    def __init__(self, greeter: Greeter, host: Host, can_lead: Callable[[], bool]) -> None:
        """Know nothing of where the robot is; ``can_lead`` tells whether anybody drives who could lead."""
        self._greeter = greeter
        self._host = host
        self._can_lead = can_lead
        self._pose: Pose2 | None = None
        self._stands = True
        self._tracks: Sequence[Track] = ()
        self._tracks_s = -math.inf

    def on_pose(self, pose: Pose2) -> None:
        """Take where the robot is."""
        self._pose = pose

    def on_driving(self, is_driving: bool) -> None:
        """Take whether the robot drives: who is driven past has not come up."""
        self._stands = not is_driving

    def on_tracks(self, tracks: Sequence[Track], now_s: float) -> ReceptionOutput:
        """Take what perception follows."""
        self._tracks, self._tracks_s = tracks, now_s
        return self._look(now_s)

    def on_badges(self, seen: Sequence[BadgeSeen], now_s: float) -> ReceptionOutput:
        """Take the codes of a picture."""
        return self._output(self._host.show(seen, self._pose, now_s)) if self._pose else ReceptionOutput()

    def on_message(self, heard: Heard, now_s: float) -> ReceptionOutput:
        """Take what a visitor has written."""
        return self._output(self._greeter.hear(heard, now_s))

    def on_speech(self, heard: Heard, now_s: float) -> ReceptionOutput:
        """Take what a recogniser has understood; where it does not know who spoke, the nearest visitor did."""
        if not heard.conversation and self._pose:
            heard = Heard(heard.text, self._host.nearest((self._pose.x_m, self._pose.y_m)), heard.language)
        return self.on_message(heard, now_s)

    def on_desk(self, order: DeskOrder, now_s: float) -> ReceptionOutput:
        """Take what a person at the desk says.

        :raises CommandError: if there is no such conversation.
        """
        return self._output(self._greeter.desk_says(order, now_s))

    def on_leading(self, report: LeadReport, now_s: float) -> ReceptionOutput:
        """Take how leading somebody stands."""
        return self._output(self._host.on_lead(report, now_s))

    def choose(self, conversation: str, number: int, now_s: float) -> ReceptionOutput | None:
        """Answer a clarifying question in the visitor's place with the choice of that number; None if it is over."""
        outcome = self._greeter.choose(conversation, number, now_s)
        return self._output(outcome) if outcome else None

    def update(self, now_s: float) -> ReceptionOutput:
        """Look for what is over; to be called now and then."""
        self._greeter.update(now_s)
        if 0.0 <= now_s - self._tracks_s <= _TRACKS_FRESH_S:
            return ReceptionOutput()
        self._tracks = ()
        return self._look(now_s) if self._host.anybody_there else ReceptionOutput()

    def _look(self, now_s: float) -> ReceptionOutput:
        """See who is there."""
        if self._pose is None:
            return ReceptionOutput()
        before = self._host.anybody_there
        self._host.can_lead = self._can_lead()
        outcome = self._host.see(self._tracks, (self._pose.x_m, self._pose.y_m), now_s, robot_stands=self._stands)
        is_there = self._host.anybody_there
        return self._output(outcome, is_there if is_there != before else None)

    def _output(self, outcome: Outcome, present: bool | None = None) -> ReceptionOutput:
        """Make orders of wishes; who drives shows the ways that replies speak of, planned on the map."""
        shown = [LeadOrder(reply.conversation, reply.subject, reply.path) for reply in outcome.replies
                 if reply.path and reply.kind is ReplyKind.WAY and self._can_lead()]
        wished = [self._host.order(wish) for wish in outcome.leads]
        orders = (*shown, *(order for order in wished if order))
        return ReceptionOutput(outcome.replies, outcome.events, orders, present)

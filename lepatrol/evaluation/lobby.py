"""The greeter in the lockstep loop: what topics carry between it, perception and who drives is here one call."""

from __future__ import annotations

import math
from collections.abc import Sequence

from lepatrol import reception
from lepatrol.behaviours.guide import Guide
from lepatrol.greeting.host import Host
from lepatrol.greeting.receptionist import GLANCE_S, Receptionist, ReceptionOutput
from lepatrol.model.chat import DeskEvent, Heard, Reply
from lepatrol.model.leading import LeadOrder, LeadReport
from lepatrol.model.observation import CameraImage, JointPositions, Observation, PoseEstimate
from lepatrol.model.tracks import Track
from lepatrol.model.visitors import VisitorList
from lepatrol.perception.badge_reader import BadgeReader
from lepatrol.settings.greeter import GreeterSettings
from lepatrol.settings.starting import GreeterStart

_TRACKS_S = 0.4
"""So often the node ``perimeter`` tells what it follows."""


class Lobby:
    """A greeter beside a loop; all that it said, told, asked of the robot and heard of it is kept, the oldest first."""

    def __init__(
        self, receptionist: Receptionist, host: Host, guide: Guide, settings: GreeterSettings, *, welcome: str,
    ) -> None:
        """Have heard nothing; orders and the word that somebody is there go to ``guide``."""
        self.host = host
        self.welcome = welcome
        """The sentence that greetings have in them."""
        self.replies: list[Reply] = []
        self.events: list[DeskEvent] = []
        self.orders: list[LeadOrder] = []
        self.reports: list[LeadReport] = []
        self._receptionist = receptionist
        self._guide = guide
        self._update_s = 1.0 / settings.update_rate_hz
        self._reader = BadgeReader()
        self._pan_joint = GreeterStart().pan_joint
        self._pan_rad = 0.0
        self._looked_s = self._told_s = self._updated_s = -math.inf

    def say(self, heard: Heard, now_s: float) -> None:
        """Let a visitor say something aloud; without a conversation it is taken for the nearest one's."""
        self._take(self._receptionist.on_speech(heard, now_s))

    def on_observation(self, observation: Observation, now_s: float) -> None:
        """Take what a sensor delivered; a picture is looked at while somebody is there, and now and then."""
        if isinstance(observation, PoseEstimate):
            self._receptionist.on_pose(observation.pose.planar())
        elif isinstance(observation, JointPositions):
            self._pan_rad = observation.positions_rad.get(self._pan_joint, self._pan_rad)
        elif isinstance(observation, CameraImage):
            self._glance(observation, now_s)

    def step(self, tracks: Sequence[Track], now_s: float, *, is_driving: bool) -> None:
        """Take what perception follows and whether the robot drives, as often as the nodes tell it."""
        self._receptionist.on_driving(is_driving)
        if now_s - self._told_s >= _TRACKS_S - 1e-9:
            self._told_s = now_s
            self._take(self._receptionist.on_tracks(tracks, now_s))
        if now_s - self._updated_s >= self._update_s - 1e-9:
            self._updated_s = now_s
            self._take(self._receptionist.update(now_s))

    def on_leading(self, reports: Sequence[LeadReport], now_s: float) -> None:
        """Take how leading somebody stands."""
        self.reports += reports
        for report in reports:
            self._take(self._receptionist.on_leading(report, now_s))

    def _glance(self, image: CameraImage, now_s: float) -> None:
        if self.host.anybody_there and image.stamp_s - self._looked_s >= GLANCE_S:
            self._looked_s = image.stamp_s
            self._take(self._receptionist.on_badges(self._reader.read(image, self._pan_rad), now_s))

    def _take(self, output: ReceptionOutput) -> None:
        self.replies += output.replies
        self.events += output.events
        self.orders += output.orders
        for order in output.orders:
            self._guide.on_order(order)
        if output.present is not None:
            self._guide.on_present(output.present)


def make_lobby(
    site: str, guide: Guide, *, visitors: VisitorList, clock_start: str, settings: GreeterSettings | None = None,
) -> Lobby:
    """Make the greeter of a site's own knowledge file; ``clock_start`` is the site's date and time at second 0."""
    settings = settings or GreeterSettings()
    knowledge = reception.load_knowledge(site)
    languages = reception.load_languages(knowledge.languages)
    greeter = reception.make_greeter(knowledge, settings, clock_start=clock_start, languages=languages)
    host = reception.make_host(
        greeter, knowledge, settings, visitors=visitors, clock_start=clock_start, languages=languages)
    return Lobby(Receptionist(greeter, host, lambda: True), host, guide, settings,
                 welcome=next(iter(knowledge.welcome.values())))

"""People who come to the prison's visitor centre, as perception would follow them, and the robot that stands there."""

import math
from functools import cache

from reception_desk import CLOCK, knowledge, languages, make

from lepatrol import reception
from lepatrol.greeting.leading import Leading
from lepatrol.greeting.visitor_ground import VisitorGround
from lepatrol.model.chat import Heard
from lepatrol.model.findings import ThingKind
from lepatrol.model.geometry import Pose2
from lepatrol.model.leading import LeadReport
from lepatrol.model.tracks import Track, TrackState
from lepatrol.model.visitors import BadgeSeen
from lepatrol.settings.greeter import GreeterSettings
from lepatrol.settings.leading import LeadSettings

STEP_S = 0.4
ROBOT_M = (16.5, -26.0)
"""Before the visitor centre, in the public zone."""
PATH_S = 24.0
ROBOT_SPEED_M_S = 0.8


@cache
def greeter_at(clock):
    """Return a greeter that several stages use one after another: it takes a second to make one."""
    return make(clock=clock)


class Person:
    """Walks from place to place, each a time and a point, straight and evenly; is seen unless ``hidden``."""

    def __init__(self, *way, track_id, kind=ThingKind.PERSON, hidden=(), renamed=None, unsure_from_s=math.inf):
        self.way = list(way)
        self.track_id = track_id
        self.kind = kind
        self.hidden = hidden
        self.renamed = renamed
        """When his track breaks off, and the number it has from then on."""
        self.unsure_from_s = unsure_from_s
        """From then on only a lidar sees him."""
        self.path = []

    def place_m(self, now_s):
        (begin_s, place), *rest = self.way
        for end_s, onward in rest:
            if now_s < end_s:
                share = max(0.0, min(1.0, (now_s - begin_s) / (end_s - begin_s)))
                return tuple(a + share * (b - a) for a, b in zip(place, onward, strict=True))
            begin_s, place = end_s, onward
        return place

    def follow(self, place, speed_m_s, now_s):
        """Walk towards a place from now on, at most as fast as that."""
        here = self.place_m(now_s)
        length = math.dist(here, place)
        if length > 1e-3:
            self.way = [(now_s, here), (now_s + length / speed_m_s, place)]

    def track(self, now_s):
        """Return the track that perception has of him now, None while he is not seen."""
        if now_s < self.way[0][0] or any(begin <= now_s < end for begin, end in self.hidden):
            return None
        here, before = self.place_m(now_s), self.place_m(now_s - STEP_S)
        velocity = tuple((a - b) / STEP_S for a, b in zip(here, before, strict=True))
        track_id = self.track_id
        if self.renamed and now_s >= self.renamed[0]:
            track_id = self.renamed[1]
        self.path = [point for point in self.path if now_s - point[0] < PATH_S] + [(now_s, *here)]
        return Track(track_id, TrackState.SEEN, here, velocity, (0.01, 0.0, 0.01), 0.0, now_s, now_s,
                     {self.kind: 1.0 if now_s < self.unsure_from_s else 0.45}, 9, path=tuple(self.path))


class Hall:
    """Runs presence, badges, dialogue and leading together, step by step; nothing here knows the clock on the wall."""

    def __init__(self, *people, clock=CLOCK, visitors='prison', settings=None):
        settings = settings or GreeterSettings()
        self.people = list(people)
        self.now_s = 0.0
        self.robot_m = ROBOT_M
        self.stands = True
        self.greeter = greeter_at(clock)
        for name in self.greeter.conversations:
            self.greeter.close(name)
        self.ground = VisitorGround(reception.load_site_of(knowledge()).zones)
        self.host = reception.make_host(
            self.greeter, knowledge(), settings, visitors=reception.load_visitors(visitors), clock_start=clock,
            languages=languages())
        self.host.can_lead = True
        self.way_m = ()
        self.leading, self.led, self.told = None, '', None
        self.replies, self.events, self.orders = [], [], []

    def run(self, until_s):
        while self.now_s < until_s:
            self.step()

    def run_until(self, happened, limit_s=400.0):
        end_s = self.now_s + limit_s
        while not happened():
            assert self.now_s < end_s, [(reply.kind, reply.text) for reply in self.replies]
            self.step()

    def step(self):
        self.now_s += STEP_S
        tracks = [track for track in (person.track(self.now_s) for person in self.people) if track]
        self._take(self.host.see(tracks, self.robot_m, self.now_s, robot_stands=self.stands))
        self._lead(tracks)

    def say(self, conversation, text):
        outcome = self.greeter.hear(Heard(text, conversation), self.now_s)
        self._take(outcome)
        return outcome.replies[0]

    def show(self, *badges):
        """Hold badges before the camera, each a text and the person who holds it; return the first reply."""
        before = len(self.replies)
        self._take(self.host.show([BadgeSeen(text, self._bearing_rad(person)) for text, person in badges],
                                  Pose2(*self.robot_m, 0.0), self.now_s))
        return self.replies[before] if len(self.replies) > before else None

    def kinds(self, conversation):
        return [reply.kind.value for reply in self.replies if reply.conversation == conversation]

    def greeted(self):
        """Return the conversations that were greeted, each once for every time."""
        first = next(iter(knowledge().welcome.values()))
        return [reply.conversation for reply in self.replies if first in reply.sentences]

    def _take(self, outcome):
        self.replies += outcome.replies
        self.events += outcome.events
        for wish in outcome.leads:
            order = self.host.order(wish)
            self.orders.append(order)
            self.leading, self.led, self.told = None, '', None
            if order and order.place:
                self.led = order.conversation
                self.leading = Leading(self.way_m, self.ground.may_enter, LeadSettings(), track_id=order.track_id,
                                       seen_m=order.seen_m, now_s=self.now_s)

    def _lead(self, tracks):
        """Drive as the patrol would."""
        if self.leading is None:
            return
        leading, conversation = self.leading, self.led
        leading.step(tracks, self.robot_m, self.now_s)
        if leading.goal_m is not None:
            left_m = math.dist(self.robot_m, leading.goal_m)
            share = min(1.0, ROBOT_SPEED_M_S * STEP_S / left_m) if left_m else 1.0
            self.robot_m = tuple(a + share * (b - a) for a, b in zip(self.robot_m, leading.goal_m, strict=True))
            if share == 1.0:
                leading.reached()
        if leading.state is not self.told:
            self.told = leading.state
            self._take(self.host.on_lead(LeadReport(conversation, '', leading.state), self.now_s))
        if leading.state.is_final:
            self.leading = None

    def _bearing_rad(self, person):
        x, y = person.place_m(self.now_s)
        return math.atan2(y - self.robot_m[1], x - self.robot_m[0])

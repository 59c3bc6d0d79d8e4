"""People of a trial who truly walk in the world, speak and show badges by scripts; what they see is the truth."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable, Iterator

from lepatrol.evaluation.behaviour_stage import place_of_robot, places_of
from lepatrol.evaluation.guest_book import GuestBook
from lepatrol.evaluation.lockstep import Lockstep
from lepatrol.evaluation.object_stage import tag_marks
from lepatrol.model.chat import Heard, Reply, ReplyKind
from lepatrol.model.geometry import Pose2, Pose3
from lepatrol.model.site import Point2
from lepatrol.simulation.description import Actor, Box, Link, Material, TimedPath, TimedPose, Visual
from lepatrol.simulation.embedded import EmbeddedSimulator
from lepatrol.simulation.people import NOWHERE

TICK_S = 0.2
"""So often people look about."""
Script = Iterator[None]
"""What somebody does, up to the next tick at each step."""

_CARD_M, _CARD = (0.01, 0.2, 0.2), Material((0.95, 0.95, 0.95, 1.0))
_TAG_M = 0.15
_HELD_AHEAD_M = 0.35
_EYE_M = 1.2
"""Height of the ugv's camera."""
_PATIENCE_S = 20.0
_FOLLOWS_AT_M, _TOO_NEAR_M = 1.5, 0.9
_TRAIL_M = 0.2


def card(number: int) -> Actor:
    """Make a badge as large as a hand with an ArUco marker on it, which is nowhere until somebody holds it up."""
    body = Visual('card', Pose3((0.0, 0.0, _CARD_M[2] / 2.0)), Box(_CARD_M), _CARD)
    link = Link('card', visuals=(body, *tag_marks(_CARD_M, 'DICT_4X4_50', number, _TAG_M)))
    return Actor(_card_name(number), _standing(NOWHERE), (link,))


class Person:
    """Somebody in the world; what he tells to be wrong is in ``flaws``."""

    def __init__(self, name: str, loop: Lockstep, book: GuestBook, *, speed_m_s: float) -> None:
        """Take somebody of the loop's scenario, who stands until he is given a script."""
        assert loop.lobby is not None, 'a greeter was given'
        assert isinstance(loop.simulator, EmbeddedSimulator), 'lockstep knows no other'
        self.name = name
        self.flaws: list[str] = []
        self.has_done = False
        """Whether he has done what he came for."""
        self._loop, self._lobby, self._simulator, self._book = loop, loop.lobby, loop.simulator, book
        self._speed_m_s = speed_m_s

    @property
    def place_m(self) -> Point2:
        """Return where he is."""
        return places_of(self._loop, frozenset((self.name,)))[0]

    @property
    def behind_m(self) -> float:
        """Return how far from the robot he is."""
        return math.dist(self.place_m, place_of_robot(self._loop))

    @property
    def conversation(self) -> str:
        """Return the conversation that he was greeted in, '' before."""
        return self._book.conversation_of(self.name)

    def beyond_robot(self, from_: Pose2, by_m: float) -> Point2:
        """Return a place that is farther from somewhere than the robot is, on the same line."""
        x, y = place_of_robot(self._loop)
        share = by_m / max(math.dist((x, y), (from_.x_m, from_.y_m)), 0.1)
        return x + share * (x - from_.x_m), y + share * (y - from_.y_m)

    def walk(self, *places: Point2, speed_m_s: float | None = None) -> Script:
        """Go straight from one place to the next."""
        for place in places:
            takes_s = self._set_out(place, speed_m_s or self._speed_m_s)
            yield from self.wait(takes_s)

    def wait(self, wait_s: float) -> Script:
        """Stand, or go on walking, for some time."""
        end_s = self._simulator.time_s + wait_s
        while self._simulator.time_s < end_s:
            yield

    def until(self, happened: Callable[[], bool], limit_s: float = _PATIENCE_S, *, otherwise: str = '') -> Script:
        """Wait for something; ``otherwise`` says what is wrong if it does not come."""
        end_s = self._simulator.time_s + limit_s
        while not happened():
            if self._simulator.time_s > end_s:
                if otherwise:
                    self.flaws.append(f'{self.name}: {otherwise} within {limit_s:.0f} s')
                return
            yield

    def come(self, *places: Point2) -> Script:
        """Go up to the robot and wait to be greeted."""
        yield from self.walk(*places)
        yield from self.until(lambda: bool(self.conversation))

    def say(self, message: str, *, aloud: bool = True) -> Reply | None:
        """Say something, aloud or written, and return the answer."""
        before = len(self._lobby.replies)
        self._lobby.say(Heard(message, '' if aloud else self.conversation), self._simulator.time_s)
        return next(iter(self._lobby.replies[before:]), None)

    def ask(self, message: str, kind: ReplyKind, subject: str = '', *, aloud: bool = True) -> Reply | None:
        """Say something, and look whether the answer is of that kind and about that; return it."""
        reply = self.say(message, aloud=aloud)
        if reply is None or reply.conversation != self.conversation:
            self.flaws.append(f'{self.name}: {message!r} was not answered to him')
        elif reply.kind is not kind or (subject and reply.subject != subject):
            self.flaws.append(f'{self.name}: {message!r} was answered by {reply.kind.value} {reply.subject}, '
                              f'not {kind.value} {subject}')
        return reply

    def show(self, number: int, worth: str, language: str) -> Script:
        """Hold up a card until it is answered, and look whether it is taken for what it is worth."""
        x, y = self.place_m
        eye_x, eye_y = place_of_robot(self._loop)
        yaw_rad = math.atan2(eye_y - y, eye_x - x)
        self._hold(number, Pose3.from_rpy(
            x + _HELD_AHEAD_M * math.cos(yaw_rad), y + _HELD_AHEAD_M * math.sin(yaw_rad), _EYE_M - _CARD_M[2] / 2.0,
            yaw_rad=yaw_rad))
        before = len(self._lobby.events)
        yield from self.until(lambda: len(self._lobby.events) > before, otherwise='the badge was not answered')
        self._hold(number, NOWHERE)
        for event in self._lobby.events[before:]:
            if (event.conversation, event.subject) != (self.conversation, worth):
                self.flaws.append(f'{self.name}: a badge that is {worth} was taken for {event.subject} of '
                                  f'{event.conversation}')
            elif event.language != language:
                self.flaws.append(f'{self.name}: a badge was answered in {event.language}, not {language}')

    def follow(self, is_over: Callable[[], bool], *, lags_after_m: float, lags_s: float) -> Script:
        """Go after the robot on its own way, and once stand still for a while."""
        begun_m = place_of_robot(self._loop)
        trail = deque([begun_m])
        stands_until_s: float | None = None
        while not is_over():
            robot_m, now_s = place_of_robot(self._loop), self._simulator.time_s
            if math.dist(trail[-1], robot_m) >= _TRAIL_M:
                trail.append(robot_m)
            if stands_until_s is None and math.dist(begun_m, robot_m) >= lags_after_m:
                stands_until_s = now_s + lags_s
            if stands_until_s is not None and now_s < stands_until_s:
                self._stand()
            else:
                self._keep_up(trail, robot_m)
            yield
        self._stand()

    def _keep_up(self, trail: deque[Point2], robot_m: Point2) -> None:
        """Walk along the trail, not too near to the robot; step back where it comes near."""
        here = self.place_m
        while len(trail) > 1 and math.dist(here, trail[0]) < 2.0 * _TRAIL_M:
            trail.popleft()
        away_m = math.dist(here, robot_m)
        if away_m < _TOO_NEAR_M:
            back = 1.0 + 0.5 / max(away_m, 0.1)
            self._set_out((robot_m[0] + back * (here[0] - robot_m[0]), robot_m[1] + back * (here[1] - robot_m[1])),
                          self._speed_m_s)
        elif away_m > _FOLLOWS_AT_M:
            self._set_out(trail[0], self._speed_m_s)
        else:
            self._stand()

    def _set_out(self, place: Point2, speed_m_s: float) -> float:
        """Begin to walk to a place; return how long it takes."""
        here = self.place_m
        takes_s = math.dist(here, place) / speed_m_s
        yaw_rad = math.atan2(place[1] - here[1], place[0] - here[0])
        begin, end = (Pose3.from_rpy(*each, yaw_rad=yaw_rad) for each in (here, place))
        self._simulator.physics.send(
            self.name, TimedPath((TimedPose(0.0, begin), TimedPose(max(takes_s, 0.02), end)), loop=False))
        return takes_s

    def _stand(self) -> None:
        x, y = self.place_m
        robot_x, robot_y = place_of_robot(self._loop)
        self._simulator.physics.send(self.name, _standing(
            Pose3.from_rpy(x, y, yaw_rad=math.atan2(robot_y - y, robot_x - x))))

    def _hold(self, number: int, pose: Pose3) -> None:
        self._simulator.physics.send(_card_name(number), _standing(pose))


def _standing(pose: Pose3) -> TimedPath:
    return TimedPath((TimedPose(0.0, pose),), loop=False)


def _card_name(number: int) -> str:
    return f'card_{number}'

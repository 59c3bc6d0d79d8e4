"""The stage of the greeter's trials: a robot that stands for a while where visitors come, and people with scripts."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from lepatrol.evaluation.behaviour_job import BehaviourJob, Figure, Verdict
from lepatrol.evaluation.behaviour_stage import (
    LIMIT_S,
    RoundWatch,
    go,
    lots_of,
    noisy,
    verdict,
)
from lepatrol.evaluation.guest_book import GuestBook
from lepatrol.evaluation.lobby import Lobby, make_lobby
from lepatrol.evaluation.lockstep import ROBOT, Lockstep, Watcher, make_lockstep
from lepatrol.evaluation.people_on_stage import TICK_S, Person, Script, card
from lepatrol.evaluation.scenario_run import expectation_of, map_of
from lepatrol.model.errors import LepatrolError
from lepatrol.model.geometry import Pose2
from lepatrol.model.mission import MissionState
from lepatrol.model.scenario import Between, Mover, MoverKind, Place, Scenario, Step
from lepatrol.model.site import Point2, Wait, Waypoint
from lepatrol.model.visitors import VisitorList
from lepatrol.settings.conduct import ConductSettings
from lepatrol.settings.perimeter import PerimeterSettings
from lepatrol.simulation.carpentry import placed
from lepatrol.simulation.chance import Lots
from lepatrol.simulation.scene import Scene

DAY = '2026-11-18'
START_MIN = Between(800.0, 830.0)
"""When trials begin, in the early afternoon of that day."""
_SPEED = Between(0.8, 1.3)
_RUN_UP_M = 1.2
_OWN_PEOPLE_M = 12.0
"""The world's own people who come this near to where the robot stands are sent home: a trial brings its own."""


@dataclass(frozen=True, slots=True)
class Post:
    """Where the robot stands and waits, and which way it looks."""

    name: str
    pose: Pose2
    wait_s: float

    def place(self, ahead_m: float, left_m: float = 0.0) -> Point2:
        """Return a place as it is seen from there."""
        place = self.pose.compose(Pose2(ahead_m, left_m))
        return place.x_m, place.y_m


@dataclass(frozen=True, slots=True)
class Ground:
    """Where visitors come up to, where they are led from, and where staff is on duty; and places they ask for by name.

    ``within`` may be entered by visitors and is at ``within_m``; to the place ``beyond`` they may not be led. A post
    has free ground ahead of it as far as people come from, and a metre to its right.
    """

    post: Pose2
    lead_post: Pose2
    duty: Pose2
    within: str
    within_m: Point2
    beyond: str


GROUNDS = {
    'prison': Ground(
        Pose2(14.6, -28.3, 0.0), Pose2(27.2, -28.85, 0.0), Pose2(5.0, -34.8, 0.0), 'the reception', (16.5, -28.4),
        'the workshop'),
    'border': Ground(
        Pose2(-198.0, -13.5, -math.pi / 2.0), Pose2(-197.0, -15.0, -math.pi / 2.0), Pose2(-221.0, -10.0, 0.0),
        'the border gate', (-200.0, -6.0), 'the service gate')}
_AHEAD_M, _ASIDE_M = Between(-0.4, 0.4), Between(-0.1, 0.1)
_ONWARD_M = 3.0


def post_at(name: str, pose: Pose2, wait_s: float, lots: Lots) -> Post:
    """Return a post near a pose."""
    return Post(name, pose.compose(Pose2(lots.number(_AHEAD_M), lots.number(_ASIDE_M))), wait_s)


Play = Callable[[Person], Script]
"""What somebody does."""


@dataclass(frozen=True, slots=True)
class Guest:
    """Somebody of a trial: where he is at first, what he does, from when the robot stands at which post."""

    at_m: Point2
    play: Play
    post: int = 0


class ReceptionStage:
    """Plays one trial: the robot goes from post to post and waits at each, and at last goes on."""

    def __init__(
        self, job: BehaviourJob, posts: Sequence[Post], guests: Mapping[str, Guest], *,
        visitors: VisitorList | None = None, cards: Sequence[int] = (),
    ) -> None:
        """Set the stage; close it in the end."""
        self._posts, self._guests, self._cards = posts, guests, cards
        lots = lots_of(f'{job.trial} people', job.seed)
        scenario = Scenario(
            job.trial, job.site, '', start_min=START_MIN, movers=tuple(
                Mover(name, MoverKind.PERSON, (Step(Place(position_m=guest.at_m)),))
                for name, guest in guests.items()))
        self.loop = make_lockstep(
            job.site, simulation=noisy(job.seed), scenario=scenario, perimeter=PerimeterSettings(),
            conduct=ConductSettings(), expectation=expectation_of(job.site, '', 'ugv'),
            occupancy=map_of(job.site, '', 'ugv'), prepare=self._prepare)
        assert self.loop.staged is not None, 'a scenario was given'
        self.loop.lobby = make_lobby(
            job.site, self.loop.conduct.guide, visitors=visitors or VisitorList({}),
            clock_start=f'{DAY} {self.loop.staged.start_time}')
        self.book = GuestBook(guests)
        self.round = RoundWatch()
        self.people = {name: Person(name, self.loop, self.book, speed_m_s=lots.number(_SPEED))
                       for name in guests}

    @property
    def lobby(self) -> Lobby:
        """Return the greeter."""
        assert self.loop.lobby is not None
        return self.loop.lobby

    def play(self, *watchers: Watcher) -> None:
        """Let the robot go to its posts, and everybody do what he has come for.

        :raises LepatrolError: if it does not come to an end.
        """
        loop = self.loop
        waypoints = [Waypoint(post.name, post.pose.x_m, post.pose.y_m, post.pose.yaw_rad, (Wait(post.wait_s),))
                     for post in self._posts]
        waypoints.append(Waypoint('onward', *self._posts[-1].place(_ONWARD_M)))
        loop.conduct.on_mission(waypoints, loop.simulator.time_s)
        if loop.patrol.status.reply != 'ok':
            raise LepatrolError(f'the walk does not begin: {loop.patrol.status.reply}')
        everybody: tuple[Watcher, ...] = (self.book, self.round, *watchers)
        for number, post in enumerate(self._posts):
            go(loop, *everybody, until=partial(_waits_at, name=post.name))
            scripts = [guest.play(self.people[name]) for name, guest in self._guests.items() if guest.post == number]
            self._act(scripts, everybody)
        go(loop, *everybody)

    def verdict(self, expected: Sequence[str], flaws: Sequence[str], figures: Mapping[str, Figure]) -> Verdict:
        """Return what it comes to; ``expected`` are those who ought to be greeted, once each."""
        said = [flaw for person in self.people.values() for flaw in person.flaws]
        told = '; '.join(f'{each.who or "nobody"} at {each.stamp_s:.0f} s' for each in self.book.greetings)
        return verdict(
            self.loop, self.round, [*self.book.flaws(expected), *said, *flaws], {**self.book.figures, **figures},
            f'greeted: {told or "nobody"}', may_be_touched=True)

    def _act(self, scripts: list[Script], watchers: Sequence[Watcher]) -> None:
        next_s, end_s = 0.0, self.loop.simulator.time_s + LIMIT_S
        while scripts:
            now_s = self.loop.simulator.time_s
            if now_s >= next_s - 1e-9:
                next_s = now_s + TICK_S
                scripts = [script for script in scripts if next(script, self) is not self]
            if now_s > end_s:
                raise LepatrolError(f'after {LIMIT_S:.0f} s {len(scripts)} people have not done what they came for')
            self.loop.step()
            for watch in watchers:
                watch(self.loop)

    def _prepare(self, scene: Scene) -> Scene:
        first = self._posts[0].pose.compose(Pose2(-_RUN_UP_M, 0.0))
        world = dataclasses.replace(scene.world, actors=(
            *(actor for actor in scene.world.actors if not any(
                math.dist(stop.pose.position_m[:2], (post.pose.x_m, post.pose.y_m)) < _OWN_PEOPLE_M
                for stop in actor.path.poses for post in self._posts)),
            *map(card, self._cards)))
        return Scene(world, {**scene.robots, ROBOT: placed(scene.robots[ROBOT], first)})


def _waits_at(loop: Lockstep, name: str) -> bool:
    status = loop.patrol.status
    return status.waypoint == name and status.state is MissionState.ACTING

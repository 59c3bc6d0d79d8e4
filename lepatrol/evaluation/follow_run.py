"""Runs in which the robot follows somebody, in lockstep: whether they stay in view, by ground truth."""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from lepatrol import assembly
from lepatrol.behaviours.scout import MapScout
from lepatrol.evaluation.lockstep import ROBOT, Lockstep, make_lockstep
from lepatrol.evaluation.scenario_run import POSE_NOISE_M, POSE_NOISE_RAD
from lepatrol.evaluation.sight import PERIOD_S, SightWatch
from lepatrol.model.alerts import AlertKind
from lepatrol.model.cases import Case
from lepatrol.model.errors import LepatrolError, PlanningError
from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import PoseEstimate
from lepatrol.model.policy import Policy, Response
from lepatrol.model.site import Point2, Zone, ZoneKind
from lepatrol.planning.planner import Planner
from lepatrol.planning.terrain import Terrain
from lepatrol.settings.conduct import ConductSettings
from lepatrol.settings.perimeter import PerimeterSettings
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.simulation.embedded import EmbeddedSimulator

WITHIN_M = 15.0
"""Who is farther away is not in view."""
FOLLOWED = (
    Policy(Response.FOLLOW, kinds=(AlertKind.ZONE_INTRUSION, AlertKind.PERIMETER_CROSSING)),)
_NEAREST_M = 1.0
_AFTERWARDS_S = 60.0
_ASKED_EVERY_S = 0.5


@dataclass(frozen=True, slots=True)
class FollowJob:
    """A scenario with one seed; ``who`` of it is to be followed, for ``limit_s`` at most."""

    scenario: str
    who: str
    seed: int
    limit_s: float = 120.0


@dataclass(frozen=True, slots=True)
class FollowOutcome:
    """What came of it, counted every 0.1 s from when they were first in view of the robot that had set out.

    ``possible_s`` is how long there was a place to see them from, ``in_view_s`` how much of that they were in the
    camera's view. ``collisions`` counts how often the robot touched somebody or something while it drove, ``waited_in``
    are zones in which it stood still although it ought not to.
    """

    job: FollowJob
    possible_s: float
    in_view_s: float
    followed_s: float
    nearest_m: float
    collisions: int
    waited_in: tuple[str, ...]
    ending: str
    wall_time_s: float

    @property
    def share(self) -> float:
        """Return the share of the possible time that they were in view; nan if that was never possible."""
        return self.in_view_s / self.possible_s if self.possible_s else math.nan


def run_follow(job: FollowJob) -> FollowOutcome:
    """Play a scenario in which whoever is where nobody ought to be is followed.

    :raises LepatrolError: if the scenario cannot be staged or its mission does not begin.
    """
    begun_s = time.perf_counter()
    loop = make_lockstep(
        scenario=job.scenario, perimeter=PerimeterSettings(), conduct=ConductSettings(), policies=FOLLOWED,
        simulation=SimulationSettings(
            seed=job.seed, pose_noise_m=POSE_NOISE_M, pose_noise_rad=POSE_NOISE_RAD, sensor_noise=True))
    try:
        if (answer := loop.begin()) != 'ok':
            raise LepatrolError(f'scenario {job.scenario}: the patrol does not begin: {answer}')
        assert loop.staged is not None, 'a scenario was given'
        watch = FollowWatch(loop, job.who)
        last_s = loop.staged.duration_s + _AFTERWARDS_S
        while loop.simulator.time_s < last_s and watch.followed_s < job.limit_s and not watch.is_over:
            loop.step()
            watch.step()
        return FollowOutcome(
            job, watch.possible_s, watch.in_view_s, watch.followed_s, watch.nearest_m, watch.collisions,
            tuple(sorted(watch.waited_in)), watch.ending, time.perf_counter() - begun_s)
    finally:
        loop.close()


def run_seeds(scenario: str, who: str, seeds: Sequence[int], *, limit_s: float = 120.0) -> list[FollowOutcome]:
    """Play a scenario with each of some seeds."""
    return [run_follow(FollowJob(scenario, who, seed, limit_s)) for seed in seeds]


@dataclass
class FollowWatch:
    """Watches a loop in which somebody is followed."""

    loop: Lockstep
    who: str
    possible_s: float = 0.0
    in_view_s: float = 0.0
    followed_s: float = 0.0
    nearest_m: float = math.inf
    collisions: int = 0
    waited_in: set[str] = field(default_factory=set)
    ending: str = ''
    is_over: bool = False
    _sight: SightWatch = field(init=False)
    _scout: MapScout = field(init=False)
    _next_s: float = 0.0
    _case: Case | None = None
    _was_seen: bool = False
    _place: Point2 = (math.inf, math.inf)
    _still_s: float = 0.0
    _touches: bool = False
    _zones: tuple[Zone, ...] = ()
    _possible: bool = False
    _asked_s: float = -math.inf

    def __post_init__(self) -> None:
        """Find who is followed."""
        staged, simulator = self.loop.staged, self.loop.simulator
        assert staged is not None
        assert isinstance(simulator, EmbeddedSimulator)
        assert isinstance(self.loop.planner, Planner)
        self._sight = SightWatch(staged.truth, simulator, ROBOT)
        self._scout = MapScout(0.0, Terrain(self.loop.planner))
        zones = assembly.load_site(staged.scene.world.name).zones
        self._zones = tuple(zone for zone in zones if zone.kind in (
            ZoneKind.PRIVACY, ZoneKind.KEEP_OUT, ZoneKind.SLOW))

    def step(self) -> None:
        """Take in one step."""
        self._sight.update()
        now_s = self.loop.simulator.time_s
        touches = self.loop.simulator.in_collision(ROBOT)
        self.collisions += touches and not self._touches and self._still_s == 0.0
        self._touches = touches
        if now_s < self._next_s - 1e-6:
            return
        self._next_s = now_s + PERIOD_S
        cases = [case for case in self.loop.conduct.cases if case.response is Response.FOLLOW]
        if not cases:
            return
        case = cases[0]
        if not case.state.is_open:
            self.ending, self.is_over = f'{case.state.value}: {case.reason}', True
            return
        place = self._sight.place_of(self.who)
        if place is not None:
            self._follow(place)

    def _follow(self, place: Point2) -> None:
        base = self.loop.simulator.ground_truth(ROBOT)
        self.followed_s += PERIOD_S
        self.nearest_m = min(self.nearest_m, math.dist(place, base.position_m[:2]))
        is_seen = self._sight.is_in_picture(self.who, WITHIN_M)
        self._was_seen = self._was_seen or is_seen
        self._mind_place(base.position_m[:2])
        # Who is seen shows that it is possible.
        if is_seen or (self._was_seen and self._is_possible(base, place)):
            self.possible_s += PERIOD_S
            self.in_view_s += PERIOD_S * is_seen

    def _is_possible(self, base: Pose3, place: Point2) -> bool:
        """Tell whether there is a place to see somebody from; looked for now and then, for it takes a while."""
        if self.loop.simulator.time_s - self._asked_s >= _ASKED_EVERY_S - 1e-6:
            self._asked_s = self.loop.simulator.time_s
            self._possible = self._has_view(base, place)
        return self._possible

    def _has_view(self, base: Pose3, place: Point2) -> bool:
        self._scout.on_pose(PoseEstimate(self.loop.simulator.time_s, 'map', base, 0.0))
        try:
            self._scout.view_of(place, stand_off_m=_NEAREST_M, farthest_m=WITHIN_M)
        except PlanningError:
            return False
        return True

    def _mind_place(self, place: Point2) -> None:
        """Note zones and gates that the robot stands still in, for longer than it takes to turn round."""
        self._still_s = self._still_s + PERIOD_S if math.dist(place, self._place) < 0.01 else 0.0
        self._place = place
        if self._still_s < 3.0:
            return
        self.waited_in |= {zone.name for zone in self._zones if zone.holds(*place)}

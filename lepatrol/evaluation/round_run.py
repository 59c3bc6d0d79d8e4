"""One round of a route with one seed in lockstep, judged by where the robot truly was.

Pictures have no say in where a robot goes, and cost most of the time: there are none.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from lepatrol import assembly
from lepatrol.evaluation.lockstep import FINAL, Lockstep, make_lockstep
from lepatrol.evaluation.robots import robot_on
from lepatrol.evaluation.scenario_run import POSE_NOISE_M, POSE_NOISE_RAD, waypoints_missed
from lepatrol.evaluation.survey import Survey
from lepatrol.model.errors import LepatrolError
from lepatrol.model.mission import MissionState
from lepatrol.model.site import Route, Site
from lepatrol.settings.patrol import PatrolSettings
from lepatrol.settings.simulation import SimulationSettings

_NO_PICTURES = PatrolSettings(photo_timeout_s=0.1)
_PREPARATION_S = 600.0
_SLOWEST_M_S = 0.1
"""Who is slower than this on the whole has come to nothing."""


@dataclass(frozen=True, slots=True)
class RoundOutcome:
    """What came of a round; with ``error`` the run failed and the rest says nothing.

    ``battery_left`` is a share of the charge, None for a robot without a battery.
    """

    route: str
    seed: int
    error: str = ''
    waypoints: int = 0
    waypoints_missed: int = 0
    collisions: int = 0
    geofence_breaks: int = 0
    keep_out_breaks: int = 0
    arrival_error_m: float = math.nan
    distance_m: float = 0.0
    duration_s: float = 0.0
    battery_left: float | None = None
    message: str = ''
    """What the patrol said last."""
    wall_time_s: float = math.nan

    @property
    def key(self) -> tuple[str, int]:
        """Return what it is known by in its campaign."""
        return self.route, self.seed

    @property
    def failed(self) -> bool:
        """Tell whether the run did not come to its end."""
        return bool(self.error)

    @property
    def flawless(self) -> bool:
        """Tell whether every waypoint was reached, nothing touched, and no bound broken."""
        return not (self.failed or self.waypoints_missed or self.collisions or self.geofence_breaks
                    or self.keep_out_breaks)

    @property
    def realtime_factor(self) -> float:
        """Return how many simulated seconds passed in a second of the wall clock."""
        return self.duration_s / self.wall_time_s if self.wall_time_s > 0.0 else math.nan


@dataclass(frozen=True, slots=True)
class RoundJob:
    """One round of a route of a site by a robot (names or files) with one seed."""

    route: str
    seed: int
    site: str = 'prison'
    robot: str = 'ugv'

    @property
    def key(self) -> tuple[str, int]:
        """Return what it is known by in its campaign."""
        return self.route, self.seed

    def failure(self, error: str) -> RoundOutcome:
        """Return the outcome of a run that failed, with the reason."""
        return RoundOutcome(self.route, self.seed, error=error)


def round_jobs(site: str, routes: Sequence[str], seeds: Sequence[int], robot: str | None = None) -> list[RoundJob]:
    """Return a job for each seed and route; without ``robot`` each route is taken by one of its medium.

    :raises LepatrolError: for a route that the site does not have.
    """
    known = assembly.load_site(site).routes
    for name in routes:
        if name not in known:
            raise LepatrolError(f'site {site}: there is no route {name!r}; known are: {", ".join(known) or "none"}')
    return [RoundJob(name, seed, site, robot or robot_on(known[name]))
            for seed in seeds for name in dict.fromkeys(routes)]


def run_round(job: RoundJob) -> RoundOutcome:
    """Let the robot go its round and tell what it was.

    A battery that does not last ends it: what was not reached by then is missed.

    :raises LepatrolError: if the patrol does not begin, or is not over in any sensible time.
    """
    begun_s = time.perf_counter()
    site = assembly.load_site(job.site)
    route = site.routes[job.route]
    simulation = SimulationSettings(
        seed=job.seed, renderer='none', pose_noise_m=POSE_NOISE_M, pose_noise_rad=POSE_NOISE_RAD, sensor_noise=True)
    loop = make_lockstep(job.site, job.robot, simulation=simulation, patrol=_NO_PICTURES)
    try:
        answer = loop.order(f'start {job.route}')
        if answer != 'ok':
            raise LepatrolError(f'route {job.route}: the patrol does not begin: {answer}')
        survey = Survey(site, route)
        _go(loop, survey, _PREPARATION_S + _length_m(site, route) / _SLOWEST_M_S)
        status = loop.patrol.status
        return RoundOutcome(
            job.route, job.seed, waypoints=status.visits, waypoints_missed=waypoints_missed(status),
            collisions=survey.collisions, geofence_breaks=survey.geofence_breaks,
            keep_out_breaks=survey.keep_out_breaks, arrival_error_m=survey.arrival_error_m,
            distance_m=survey.distance_m, duration_s=loop.simulator.time_s, battery_left=survey.battery_left,
            message=status.message, wall_time_s=time.perf_counter() - begun_s)
    finally:
        loop.close()


def _go(loop: Lockstep, survey: Survey, limit_s: float) -> None:
    """Step until the mission is over, or the robot stands at home with an empty battery."""
    ends = (*FINAL, MissionState.PAUSED)
    while loop.patrol.state not in ends:
        if loop.simulator.time_s > limit_s:
            status = loop.patrol.status
            raise LepatrolError(f'not over after {limit_s:.0f} s: {status.state.value} at {status.waypoint}, '
                                f'{status.message or "without a message"}')
        loop.step()
        survey.watch(loop)


def _length_m(site: Site, route: Route) -> float:
    """Return how long a route is, from its first waypoint and back to it, straight from one to the next."""
    points = [site.waypoints[name] for name in route.waypoints]
    return sum(math.hypot(b.x_m - a.x_m, b.y_m - a.y_m) for a, b in pairwise([*points, points[0]]))

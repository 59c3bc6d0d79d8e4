"""Trials of the lockdown: whatever a robot is at, it obeys at once, stays, and goes on after the release."""

from __future__ import annotations

import math

from lepatrol import assembly
from lepatrol.evaluation.battery_run import BatteryJob, battery_loop
from lepatrol.evaluation.behaviour_job import BehaviourJob, Figure, Verdict, most
from lepatrol.evaluation.behaviour_stage import RoundWatch, go, lots_of, noisy, place_of_robot
from lepatrol.evaluation.lockstep import ROBOT, Lockstep, Watcher, make_lockstep
from lepatrol.model.alerts import Alert, AlertKind, Severity
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.errors import LepatrolError
from lepatrol.model.mission import MissionState
from lepatrol.model.scenario import Between
from lepatrol.model.site import Waypoint
from lepatrol.settings.conduct import ConductSettings
from lepatrol.settings.patrol import PatrolSettings

DEEDS = ('patrol', 'investigate', 'inspect', 'goto', 'home', 'pause', 'charge')
"""What a robot is at when the lockdown comes; seeds take turns."""
_ROUTES = {'prison': 'perimeter', 'border': 'crossing'}
_CAPACITY_WH, _BELIEF = {'prison': 18.0, 'border': 12.0}, 0.6
"""With a battery like this the robot must charge in the middle of a round."""
_WITHIN_S = 2.0
_STANDING_M_S = 0.05
_THERE_M = 0.6
_STAYS_S = 5.0
_LIMIT_S = 2400.0
_WALK_S, _AT_IT_S = Between(3.0, 60.0), Between(0.5, 8.0)


def lockdown(job: BehaviourJob) -> Verdict:
    """Lock the site down at a random moment of what the robot is at, and release it again."""
    deed, lots = DEEDS[job.seed % len(DEEDS)], lots_of(job.trial, job.seed)
    loop = _loop(job, deed)
    try:
        _order(loop, f'start {_ROUTES[job.site]}')
        round_watch = RoundWatch()
        _pass(loop, lots.number(_WALK_S), round_watch)
        _begin(loop, job, deed, round_watch)
        _pass(loop, lots.number(_AT_IT_S), round_watch)
        is_sent = deed in ('goto', 'home')
        status, goal, has_it = loop.patrol.status, loop.goal, loop.conduct.behaviour
        about = f'{deed}: {has_it.value if has_it else "nothing"} had it, {status.state.value} at {status.waypoint}'
        obedience = _Obedience(_post(job), loop.simulator.time_s)
        _order(loop, 'lockdown')
        flaws = obedience.hold(loop, _ROUTES[job.site], round_watch)
        _order(loop, 'release')
        if deed == 'pause':
            _order(loop, 'resume')
        go(loop, round_watch, until=_is_at_rest, limit_s=_LIMIT_S)
        if not is_sent:
            flaws += round_watch.flaws(loop)
        elif goal is None or math.dist(place_of_robot(loop), (goal.x_m, goal.y_m)) > _THERE_M:
            flaws.append('after the release it did not go where it had been sent')
        return Verdict(tuple(flaws), obedience.figures | round_watch.figures, about, loop.simulator.time_s)
    finally:
        loop.close()


class _Obedience:
    """Watches a robot from the order on: when it obeys, and whether it stays obedient."""

    def __init__(self, post: Waypoint, now_s: float) -> None:
        self._post = (post.x_m, post.y_m)
        self._began_s = self._last_s = now_s
        self._last = (math.inf, math.inf)
        self._obeyed_s = self._arrived_s = math.inf
        self._strays = 0

    @property
    def figures(self) -> dict[str, Figure]:
        """Return how soon it obeyed, and how soon it stood at its post."""
        return {'obeyed_s': most(self._obeyed_s), 'at_post_s': most(self._arrived_s)}

    def hold(self, loop: Lockstep, route: str, round_watch: RoundWatch) -> list[str]:
        """Let the robot come to its post and stay there; say in words what was wrong."""
        go(loop, round_watch, self._step, until=lambda loop: self._arrived_s < math.inf, limit_s=_LIMIT_S)
        flaws = []
        for order in (f'start {route}', 'home', 'inspect 0 0'):
            answer = loop.order(order)
            if 'locked down' not in answer:
                flaws.append(f'the answer to {order!r} in a lockdown was: {answer}')
        _pass(loop, _STAYS_S, round_watch, self._step)
        if math.dist(place_of_robot(loop), self._post) > _THERE_M:
            flaws.append('it did not stay at its post')
        if self._strays:
            flaws.append(f'for {self._strays} steps something else had it, or it had another goal')
        if self._obeyed_s >= _WITHIN_S:
            flaws.append(f'it obeyed after {self._obeyed_s:.1f} s, not within {_WITHIN_S:g} s')
        return flaws

    def _step(self, loop: Lockstep) -> None:
        """Take in one step."""
        now_s, here, goal = loop.simulator.time_s, place_of_robot(loop), loop.goal
        speed_m_s = math.dist(here, self._last) / (now_s - self._last_s)
        self._last, self._last_s = here, now_s
        is_bound = goal is None or math.dist((goal.x_m, goal.y_m), self._post) < 1e-6
        obeys = loop.conduct.behaviour is BehaviourKind.LOCKDOWN and is_bound
        if obeys and self._obeyed_s == math.inf:
            self._obeyed_s = now_s - self._began_s
        self._strays += not obeys and self._obeyed_s < math.inf
        is_there = math.dist(here, self._post) <= _THERE_M and speed_m_s < _STANDING_M_S
        if obeys and is_there and self._arrived_s == math.inf:
            self._arrived_s = now_s - self._began_s


def _loop(job: BehaviourJob, deed: str) -> Lockstep:
    if deed == 'charge':
        return battery_loop(BatteryJob(
            _ROUTES[job.site], job.seed, _CAPACITY_WH[job.site], belief=_BELIEF, site=job.site))
    return make_lockstep(
        job.site, 'ugv', simulation=noisy(job.seed, renderer='none'), patrol=PatrolSettings(photo_timeout_s=0.1),
        conduct=ConductSettings())


def _begin(loop: Lockstep, job: BehaviourJob, deed: str, round_watch: RoundWatch) -> None:
    """Have the robot do something: look at the next waypoint, or go to the farthest."""
    site, here = assembly.load_site(job.site), place_of_robot(loop)
    ahead = site.waypoints[loop.patrol.status.waypoint]
    farthest = max((site.waypoints[name] for name in site.routes[_ROUTES[job.site]].waypoints),
                   key=lambda each: math.dist((each.x_m, each.y_m), here))
    if deed == 'investigate':
        now_s = loop.simulator.time_s
        loop.conduct.on_alert(Alert(
            'trial-0001', AlertKind.ZONE_INTRUSION, 'trial', Severity.WARNING, 0.9, (ahead.x_m, ahead.y_m), 0.3, '',
            now_s, now_s, ROBOT, 'trial', f'somebody is said to be at {ahead.name}'), now_s)
    elif deed == 'inspect':
        _order(loop, f'inspect {ahead.x_m:g} {ahead.y_m:g}')
    elif deed == 'goto':
        _order(loop, f'goto {farthest.name}')
    elif deed in ('home', 'pause'):
        _order(loop, deed)
    elif deed == 'charge':
        go(loop, round_watch, until=lambda loop: loop.patrol.state is MissionState.GOING_HOME)


def _post(job: BehaviourJob) -> Waypoint:
    site = assembly.load_site(job.site)
    name = site.lockdown.post(ROBOT, 'ugv')
    if name is None:
        raise LepatrolError(f'site {job.site}: the ugv has no post')
    return site.waypoints[name]


def _order(loop: Lockstep, text: str) -> None:
    answer = loop.order(text)
    if answer != 'ok':
        raise LepatrolError(f'the order {text!r} is not obeyed: {answer}')


def _pass(loop: Lockstep, time_s: float, *watchers: Watcher) -> None:
    """Let time pass."""
    end_s = loop.simulator.time_s + time_s
    go(loop, *watchers, until=lambda loop: loop.simulator.time_s >= end_s)


def _is_at_rest(loop: Lockstep) -> bool:
    """Tell whether nothing is left to do, on the way or later."""
    has_open = any(case.state.is_open for case in loop.conduct.cases)
    return loop.conduct.behaviour is None and not has_open

"""Trials of looking again: somebody who is truly there is confirmed, what never was there is withdrawn."""

from __future__ import annotations

import math

from lepatrol import assembly
from lepatrol.evaluation.behaviour_job import BehaviourJob, Verdict, least, most
from lepatrol.evaluation.behaviour_stage import (
    RoundWatch,
    begin,
    go,
    lots_of,
    place_of_robot,
    places_of,
    short_walk,
    verdict,
    watched,
)
from lepatrol.evaluation.lockstep import ROBOT, Lockstep
from lepatrol.model.alerts import Alert, AlertKind, Severity
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.cases import Case, CaseState
from lepatrol.model.policy import Response
from lepatrol.model.scenario import Between, Number, OneOf, Place
from lepatrol.model.site import Point2, Site
from lepatrol.simulation.chance import Lots
from lepatrol.simulation.site_places import SitePlaces

_SCENARIOS = {'prison': 'intruder_night', 'border': 'border_crossing_night'}
_SPOTS: dict[str, tuple[str, Number]] = {
    'prison': ('perimeter', OneOf((Between(24.0, 46.0), Between(64.0, 110.0), Between(134.0, 216.0),
                                   Between(240.0, 285.0)))),
    'border': ('track', OneOf((Between(60.0, 420.0), Between(480.0, 620.0)))),
}
_ABOUT_M = 3.0
"""A confirmed alert is about somebody who is this near to where it says, at that moment."""
_ALERT_ID = 'trial-0001'
_WALKED_M = 4.0
_CLAIMS = (AlertKind.ZONE_INTRUSION, AlertKind.FENCE_BREACH)


class _CaseWatch:
    """Writes down when cases were opened and settled, and how far off somebody truly was then."""

    def __init__(self, people: frozenset[str]) -> None:
        self.first_s: float | None = None
        self.confirmed: dict[str, float] = {}
        self.confirmed_s: float | None = None
        self.nearest_m = math.inf
        self._people = people

    def __call__(self, loop: Lockstep) -> None:
        """Take in one step."""
        people, now_s = places_of(loop, self._people), loop.simulator.time_s
        here = place_of_robot(loop)
        self.nearest_m = min([self.nearest_m, *(math.dist(here, each) for each in people)])
        for case in loop.conduct.cases:
            if self.first_s is None and case.response is Response.LOOK:
                self.first_s = now_s
            if case.state is CaseState.CONFIRMED and case.case_id not in self.confirmed and case.position_m:
                self.confirmed[case.case_id] = min(
                    (math.dist(case.position_m, each) for each in people), default=math.inf)
                self.confirmed_s = self.confirmed_s or now_s


def investigate(job: BehaviourJob) -> Verdict:
    """Let somebody climb over the fence; the robot is to find, look again, confirm, and walk on."""
    loop = watched(assembly.load_scenario(_SCENARIOS[job.site]), job.seed)
    try:
        assert loop.staged is not None, 'a scenario was given'
        round_watch, case_watch = RoundWatch(), _CaseWatch(frozenset(loop.staged.truth.people))
        begin(loop)
        go(loop, round_watch, case_watch)
        cases, flaws = loop.conduct.cases, []
        if not any(change.after is BehaviourKind.INVESTIGATE for change in loop.changes):
            flaws.append('nothing was investigated')
        if case_watch.confirmed_s is None:
            flaws.append('no alert was confirmed')
        flaws += [f'{case_id} was confirmed, and nobody was within {away_m:.1f} m of it'
                  for case_id, away_m in case_watch.confirmed.items() if away_m > _ABOUT_M]
        took_s = math.nan
        if case_watch.first_s is not None and case_watch.confirmed_s is not None:
            took_s = case_watch.confirmed_s - case_watch.first_s
        figures = {
            'to_confirm_s': most(took_s), 'off_m': most(max(case_watch.confirmed.values(), default=math.nan)),
            'to_person_m': least(case_watch.nearest_m),
            'investigated': most(sum(case.response is Response.LOOK for case in cases))}
        return verdict(loop, round_watch, flaws, figures, _told(cases))
    finally:
        loop.close()


def withdraw(job: BehaviourJob) -> Verdict:
    """Raise an alert about nothing on the robot's way; the robot is to look again, withdraw it, and walk on."""
    site, lots = assembly.load_site(job.site), lots_of(job.trial, job.seed)
    route, stretches = _SPOTS[job.site]
    at_m, kind, off_m = lots.number(stretches), lots.pick(_CLAIMS), lots.number(Between(-1.5, 1.5))
    spot = SitePlaces(site, None, lots).find(Place(route=route, at_m=at_m, off_route_m=off_m), lots)
    loop = watched(short_walk('withdraw', job.site, route, at_m, before_m=20.0, after_m=10.0), job.seed)
    try:
        round_watch = RoundWatch()
        begin(loop)
        assert loop.staged is not None, 'a scenario was given'
        start = (loop.staged.start.x_m, loop.staged.start.y_m)
        go(loop, round_watch, until=lambda loop: math.dist(place_of_robot(loop), start) > _WALKED_M)
        alert = _false_alarm(kind, spot, site, loop.simulator.time_s)
        loop.conduct.on_alert(alert, loop.simulator.time_s)
        raised_s = loop.simulator.time_s
        go(loop, round_watch)
        case = next(case for case in loop.conduct.cases if case.case_id == _ALERT_ID)
        flaws = []
        if case.state is not CaseState.WITHDRAWN:
            flaws.append(f'the false alarm ({kind.words}) was not withdrawn but {case.state.value}: {case.reason}')
        others = [each for each in loop.conduct.cases if each.state is CaseState.CONFIRMED]
        flaws += [f'{each.case_id} was confirmed, and nothing is there: {each.sentence}' for each in others]
        return verdict(loop, round_watch, flaws, {'to_withdraw_s': most(case.stamp_s - raised_s)},
                       f'{kind.words}; {_told(loop.conduct.cases)}')
    finally:
        loop.close()


def _false_alarm(kind: AlertKind, spot: Point2, site: Site, now_s: float) -> Alert:
    """Return an alert about somebody at the spot who was hardly seen, or about the whole fence panel there."""
    place = spot
    if kind is AlertKind.FENCE_BREACH:
        panel = SitePlaces(site, None, Lots(0)).nearest_panel(spot)
        place = ((panel.start[0] + panel.end[0]) / 2.0, (panel.start[1] + panel.end[1]) / 2.0)
    return Alert(
        _ALERT_ID, kind, 'trial', Severity.WARNING, 0.6, place, 0.3, '', now_s, now_s, ROBOT, 'trial',
        f'a false alarm: {kind.words} at ({place[0]:.1f}, {place[1]:.1f})')


def _told(cases: tuple[Case, ...]) -> str:
    return '; '.join(f'{case.case_id} {case.words}: {case.state.value} ({case.reason})' for case in cases)

"""From alerts to cases, from cases to errands, and from what these find out back to the cases."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

from lepatrol.behaviours.await_word import AwaitWord
from lepatrol.behaviours.caseload import Caseload
from lepatrol.behaviours.errand import CaseErrand, Ending, Result
from lepatrol.behaviours.follow import Follow
from lepatrol.behaviours.handover import HandOver
from lepatrol.behaviours.inspect import Inspect
from lepatrol.behaviours.inspection_progress import InspectionProgress
from lepatrol.behaviours.investigate import Investigate
from lepatrol.behaviours.object_zones import ObjectZones
from lepatrol.behaviours.own_zones import OwnZones
from lepatrol.behaviours.registrar import Registrar
from lepatrol.behaviours.scout import Scout
from lepatrol.behaviours.visit import Crew
from lepatrol.behaviours.waiting_ground import WaitingGround
from lepatrol.model.alerts import Alert
from lepatrol.model.cases import Case, CaseState
from lepatrol.model.commands import Approve, Confirm, Dismiss
from lepatrol.model.errors import CommandError
from lepatrol.model.handover import Offer
from lepatrol.model.inspection import InspectionLevel
from lepatrol.model.observation import PoseEstimate
from lepatrol.model.policy import NOTED, Response, response_to
from lepatrol.model.site import Point2, Site
from lepatrol.model.tracks import Track
from lepatrol.settings.conduct import ConductSettings

MinuteOfDay = Callable[[float], float]
"""Returns the site's local minute of the day for a stamp."""


class Casework:
    """Give out the errands that the open cases ask for, and settle the cases by what comes of them.

    ``errands`` are in the order in which they are seen to.
    """

    def __init__(
        self, caseload: Caseload, site: Site, crew: Crew, settings: ConductSettings, *, scout: Scout, zones: OwnZones,
        registrar: Registrar, handover: HandOver, minute_of_day: MinuteOfDay, logger: logging.Logger,
    ) -> None:
        """Take up the cases that are open."""
        self.caseload = caseload
        self.errands: list[CaseErrand] = []
        self._site = site
        self._crew = crew
        self._settings = settings
        self._scout = scout
        self._zones = ObjectZones(zones, keep_off_m=site.inspection.inner_m)
        self._registrar = registrar
        self._inspections: dict[str, InspectionProgress] = {}
        self._handover = handover
        self._ground = WaitingGround(
            site, lambda: zones.in_force, body_radius_m=scout.body_radius_m, gate_m=settings.follow.gate_m)
        self._taken_over: dict[str, Offer] = {}
        self._estimate: PoseEstimate | None = None
        self._minute_of_day = minute_of_day
        self._log = logger

    def on_alert(self, alert: Alert, now_s: float, *, may_respond: bool) -> None:
        """File an alert by the site's policies; unless the robot may respond, it is only noted."""
        policy = response_to(alert, self._site.policies, self._minute_of_day(now_s))
        if policy.response is not Response.IGNORE and not (may_respond and self._settings.responds):
            policy = NOTED
        self.caseload.on_alert(alert, policy, now_s, again_after_s=self._settings.again_after_s)
        for errand in self.errands:
            errand.on_alert(alert)

    def on_tracks(self, tracks: Sequence[Track]) -> None:
        """Take all that is followed at the moment."""
        for errand in self.errands:
            errand.on_tracks(tracks)
            if errand.about not in ('', errand.case.about):
                errand.case = self.caseload.identify(errand.case.case_id, errand.about)

    def on_pose(self, estimate: PoseEstimate) -> None:
        """Take where the robot is."""
        self._estimate = estimate
        for errand in self.errands:
            errand.on_pose(estimate)

    def take_over(self, offer: Offer, now_s: float) -> None:
        """Open the case of a person whom another robot has handed over."""
        self._taken_over[self.caseload.take_over(offer, now_s).case_id] = offer

    def open_spot(self, point_m: Point2, now_s: float) -> None:
        """Open a case for a place that the operator wants inspected."""
        self.caseload.open_spot(point_m, now_s)

    def give_out(self) -> None:
        """Begin an errand for each open case that has none, and tell the others how their cases stand."""
        at_work = {errand.case.case_id: errand for errand in self.errands}
        for case in self.caseload.open:
            errand = at_work.get(case.case_id)
            if errand is None:
                self.errands.append(self._errand_for(case))
                if self._estimate is not None:
                    self.errands[-1].on_pose(self._estimate)
            else:
                errand.case = case

    def end(self, errand: CaseErrand, ending: Ending, now_s: float) -> None:
        """Take the errand off the list, and settle its case unless somebody else has."""
        self._drop(errand, ending)
        case = self.caseload.find(errand.case.case_id)
        if not case.state.is_open:
            return
        verdict = errand.conclude(ending)
        self.caseload.settle(
            case.case_id, verdict.state, verdict.reason, now_s, by='robot', level=verdict.level or case.level,
            position_m=verdict.position_m or case.position_m, evidence=(*case.evidence, *verdict.evidence))

    def end_all(self, reason: str, now_s: float) -> None:
        """End all errands from outside."""
        for errand in tuple(self.errands):
            self.end(errand, Ending(Result.ENDED, reason), now_s)

    def decide(self, word: Approve | Confirm | Dismiss, now_s: float) -> None:
        """Take the operator's word on a case.

        :raises CommandError: if there is no such case, or nothing to approve.
        """
        case = self.caseload.find(word.case_id)
        state, reason, level = CaseState.CONFIRMED, 'confirmed by the operator', case.level
        changes: dict[str, bool] = {}
        if isinstance(word, Approve):
            if case.state not in (CaseState.WAITING, CaseState.INSPECTED):
                raise CommandError(f'case {case.case_id} is {case.state.value}; nothing waits for approval')
            state, reason = CaseState.PENDING, 'approved by the operator'
            changes['may_come_near'] = case.state is CaseState.INSPECTED
        elif isinstance(word, Confirm):
            level = word.level or case.level
            reason += f' as {level}' if level else ''
        else:
            state, reason = CaseState.DISMISSED, f'dismissed by the operator: {word.reason}'
        self.caseload.settle(case.case_id, state, reason, now_s, by='operator', level=level, **changes)
        for errand in [each for each in self.errands if each.case.case_id == case.case_id]:
            self._drop(errand, Ending(Result.ENDED, reason))
        inspection = self._inspections.get(case.case_id)
        if isinstance(word, Dismiss) or level == InspectionLevel.EXPECTED.value:
            self._zones.let_near(case.case_id)
        elif level == InspectionLevel.SUSPICIOUS.value and inspection is not None:
            self._zones.keep_off(case.case_id, inspection.estimate, reason)
        if isinstance(word, Confirm) and level:
            self._registrar.decide(case.case_id, InspectionLevel(level), now_s, reason)

    def _drop(self, errand: CaseErrand, ending: Ending) -> None:
        errand.interrupt()
        errand.leave()
        self.errands.remove(errand)
        self._log.info('%s %s: %s', errand.name, ending.result.value, ending.reason)

    def _errand_for(self, case: Case) -> CaseErrand:
        if case.state is CaseState.WAITING:
            return AwaitWord(case, self._crew, self._settings.wait_s)
        if case.response is Response.INSPECT:
            inspection = Inspect(
                case, self._crew, self._scout, self._site.inspection, self._settings.inspect, zones=self._zones,
                registrar=self._registrar, progress=self._inspections.get(case.case_id))
            self._inspections[case.case_id] = inspection.progress
            return inspection
        if case.response is Response.FOLLOW:
            offer = self._taken_over.pop(case.case_id, None)
            return Follow(
                case, self._crew, self._scout, self._site, self._settings.follow, ground=self._ground,
                handover=self._handover, velocity_m_s=offer.velocity_m_s if offer else (0.0, 0.0))
        return Investigate(case, self._crew, self._scout, self._settings.investigate)

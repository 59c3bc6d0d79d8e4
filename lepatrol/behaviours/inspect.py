"""Inspect an object: look at it from all sides, from no nearer than the stand-off, and report what it is like."""

from __future__ import annotations

import math
from collections.abc import Sequence as Row

from py_trees.common import Status
from py_trees.composites import Sequence

from lepatrol.behaviours.errand import CaseErrand, Ending, Result, Verdict
from lepatrol.behaviours.inspection_progress import InspectionProgress
from lepatrol.behaviours.look_at_object import look_at_object
from lepatrol.behaviours.object_zones import ObjectZones
from lepatrol.behaviours.registrar import Registrar
from lepatrol.behaviours.scout import Scout
from lepatrol.behaviours.visit import Crew, failure_reason
from lepatrol.model.behaviour import BehaviourKind
from lepatrol.model.cases import Case, CaseState
from lepatrol.model.errors import CommandError, PlanningError
from lepatrol.model.inspection import InspectionLevel
from lepatrol.model.site import InspectionRings, Waypoint
from lepatrol.model.tracks import Track
from lepatrol.planning.viewpoints import StandOff, Target, Viewpoint
from lepatrol.settings.conduct import InspectSettings

INNER_VIEWS = 100
"""Viewpoints of the inner ring are numbered from here on."""
_MISPLACED_M = 0.2
"""An object may be so far from where it is taken to be: ways keep as much farther off it."""
_MARGIN_M = 0.2
"""Viewpoints lie so much farther off than ways may lead."""


class Inspect(CaseErrand):
    """Go round an object on the outer ring, and on the inner one with the operator's leave, and study it.

    Meanwhile the ring's inside is a keep-out zone, so that no way to a viewpoint leads nearer. Who comes near is
    warned. A viewpoint that cannot be reached is left out, and the report says why.
    """

    def __init__(
        self, case: Case, crew: Crew, scout: Scout, rings: InspectionRings, settings: InspectSettings, *,
        zones: ObjectZones, registrar: Registrar, progress: InspectionProgress | None = None,
    ) -> None:
        """Do nothing yet; ``progress`` is of an earlier inspection of the same object, which this one goes on with."""
        super().__init__(f'inspect {case.case_id}', f'{case.words}: {case.sentence}', case)
        self.kind = BehaviourKind.ORDER if case.by == 'operator' else BehaviourKind.INSPECT
        self.progress = progress or InspectionProgress(case, crew.watch.now_s)
        self.progress.case = case
        self._crew = crew
        self._scout = scout
        self._settings = settings
        self._ring_m = rings.inner_m if case.may_come_near else rings.outer_m
        self._limit_m = rings.limit_m
        self._first = INNER_VIEWS if case.may_come_near else 1
        self._zones = zones
        self._registrar = registrar
        self._views: list[tuple[int, Viewpoint]] | None = None
        self._tree: Sequence | None = None
        self._warned_s = -math.inf
        self._reopened = False

    def on_tracks(self, tracks: Row[Track]) -> None:
        """Take what is followed: who left the object, and who comes near it."""
        place = self.case.position_m
        if place is None:
            return
        near = self.progress.see(
            tracks, place, within_m=self._settings.warn_m, left_within_m=self._settings.left_within_m)
        if near and self._views is not None:
            self._warn(near)

    def tick(self) -> Ending | None:
        """Advance without blocking."""
        now_s = self._crew.watch.now_s
        if self._views is None:
            if self._zones.let_near(self.case.case_id):
                self._reopened = True
                return None  # places are looked for once everybody plans without that zone
            if refused := self._begin():
                return self._fail(refused)
        assert self._views is not None
        while self._views:
            number, view = self._views[0]
            if self._tree is None:
                self._tree = self._look(number, view)
                self.note = f'looking from viewpoint {number}, {len(self._views)} to go'
            self._tree.tick_once()
            if self._tree.status is Status.RUNNING:
                return None
            study = self._crew.surveyor.study
            if self._tree.status is Status.SUCCESS and study is not None:
                self.progress.studies[number] = study
                self.progress.got_to.append(view)
                problem = f': {study.view.problem}' if study.view.problem else ''
                self.progress.note(now_s, f'looked from viewpoint {number}{problem}')
            else:
                self.progress.skipped.append(f'viewpoint {number}: {failure_reason(self._tree)}')
                self.progress.note(now_s, f'left out {self.progress.skipped[-1]}')
            self._drop_tree()
            self._views.pop(0)
        return self._conclude(now_s)

    def interrupt(self) -> None:
        """Take back what was asked; the next tick goes on with the viewpoint in hand."""
        self._drop_tree()

    def leave(self) -> None:
        """Lift the zone that kept robots off the ring's inside; what was found there keeps one, concluded or not."""
        self._zones.open_ring(self.case.case_id)
        if self.verdict and self.verdict.level:
            return
        if self._reopened:
            self._zones.keep_off(
                self.case.case_id, self.progress.estimate, 'it was suspicious before, and nothing new is known')
        else:
            self._zones.keep_clear(self.case.case_id, self.progress.estimate, self._limit_m)

    def _begin(self) -> str:
        """Plan where to look from, and close the ring's inside; say why that cannot be done, '' if it can."""
        place, now_s = self.case.position_m, self._crew.watch.now_s
        assert place is not None, 'a case without a place is not inspected'
        known = self.progress.estimate
        target = Target(*(known.position_m if known else place), known.radius_m if known else self._settings.radius_m)
        stand_off_m = max(self.case.stand_off_m or self._ring_m, self._limit_m)
        try:
            kept_m = stand_off_m + _MISPLACED_M
            rings = StandOff(kept_m, stand_off_m + self._settings.farther_m, _MARGIN_M)
            plan = self._scout.views_round(target, rings, most=self._settings.viewpoints)
            if not plan.viewpoints:
                return f'it cannot be looked at from anywhere: {"; ".join(map(str, plan.hidden))}'
            self._zones.close_ring(self.case.case_id, target, kept_m - self._scout.zone_room_m)
        except (PlanningError, CommandError) as error:
            return str(error)
        self.progress.plan = plan
        self.progress.note(now_s, f'{len(plan.viewpoints)} viewpoints at {stand_off_m:g} m, which show '
                                f'{plan.coverage_deg:.0f} degrees of it')
        self._views = list(enumerate(plan.viewpoints, start=self._first))
        self._crew.speaker.say(self.case.notice)
        return ''

    def _look(self, number: int, view: Viewpoint) -> Sequence:
        plan = self.progress.plan
        assert plan is not None, 'viewpoints are of a plan'
        place = Waypoint(f'viewpoint {number}', view.x_m, view.y_m, view.yaw_rad, z_m=self._scout.height_m)
        radius_m = max(plan.target.radius_m, self._settings.radius_m)
        return look_at_object(
            self._crew, place, self.case.case_id, number, (plan.target.x_m, plan.target.y_m), radius_m)

    def _warn(self, near: Row[Track]) -> None:
        now_s = self._crew.watch.elapsed_s
        if not self._settings.warning or now_s - self._warned_s < self._settings.warn_again_s:
            return
        self._warned_s = now_s
        who = ', '.join(str(track.track_id) for track in near)
        self.progress.note(self._crew.watch.now_s, f'somebody came near and was warned (track {who})')
        self._crew.speaker.say(self._settings.warning)

    def _conclude(self, now_s: float) -> Ending:
        if not self.progress.studies:
            return self._fail(f'none of the viewpoints could be used: {"; ".join(self.progress.skipped)}')
        judgement, files = self._registrar.conclude(self.progress, now_s)
        reason = f'{judgement.level.value}: {"; ".join(judgement.reasons)}'
        is_expected = judgement.level is InspectionLevel.EXPECTED
        if judgement.level is InspectionLevel.SUSPICIOUS:
            reason += self._zones.keep_off(self.case.case_id, self.progress.estimate, reason)
        else:
            apart_m = 0.0 if is_expected else self._limit_m
            reason += self._zones.keep_clear(self.case.case_id, self.progress.estimate, apart_m)
        self.verdict = Verdict(
            CaseState.CLOSED if is_expected else CaseState.INSPECTED, reason, files, judgement.level.value)
        return Ending(Result.DONE, reason)

    def _fail(self, reason: str) -> Ending:
        self.verdict = Verdict(CaseState.UNSEEN, reason)
        return Ending(Result.FAILED, reason)

    def _drop_tree(self) -> None:
        if self._tree is not None:
            self._tree.stop(Status.INVALID)
            self._tree = None

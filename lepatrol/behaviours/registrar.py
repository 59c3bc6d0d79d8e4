"""Concludes inspections: proposes a level, writes the report, and adds what people decide."""

from __future__ import annotations

import logging
from collections.abc import Callable
from itertools import count
from pathlib import Path

from lepatrol.behaviours.inspection_judgement import Facts, judge
from lepatrol.behaviours.inspection_progress import InspectionProgress
from lepatrol.behaviours.inspection_report import (
    FOLDER,
    PAGE,
    RECORD,
    decide,
    folder_of,
    hidden_sides,
    write_inspection,
)
from lepatrol.model.errors import FileError
from lepatrol.model.inspection import InspectionLevel
from lepatrol.model.inspection_record import Decision, InspectionRecord, Judgement, Rings
from lepatrol.model.site import Site, ZoneKind
from lepatrol.planning.viewpoints import coverage_deg

Clock = Callable[[float], str]
"""Returns the local time of a stamp as people read it."""


class Registrar:
    """Keep the inspections of one robot in the run's folder, or nowhere.

    A report is written once; an object that is inspected again gets another. A disk that fails is logged, and nothing
    else stops for it.
    """

    def __init__(self, site: Site, robot: str, folder: Path | None, clock: Clock, logger: logging.Logger) -> None:
        """Know of no inspection."""
        self._site = site
        self._robot = robot
        self._folder = folder
        self._clock = clock
        self._log = logger

    def conclude(self, progress: InspectionProgress, now_s: float) -> tuple[Judgement, tuple[str, ...]]:
        """Return what is proposed to think of the object, and the report's page, relative to the run's folder."""
        record = self._record(progress, now_s)
        if self._folder is None:
            return record.judgement, ()
        try:
            page = write_inspection(self._folder, record)
        except FileError as error:
            self._log.error('%s', error)
            return record.judgement, ()
        return record.judgement, (str(page.relative_to(self._folder)),)

    def decide(self, case_id: str, level: InspectionLevel, now_s: float, note: str) -> None:
        """Add the operator's word to the newest report on a case, if there is one."""
        reports = self._ids(case_id)
        if self._folder is None or not reports:
            return
        try:
            decide(self._folder, reports[-1], Decision(now_s, 'operator', level, note))
        except FileError as error:
            self._log.error('%s', error)

    def _ids(self, case_id: str) -> list[str]:
        """Return under which ids there are reports on a case, the oldest first."""
        ids: list[str] = []
        for number in count(1):
            inspection_id = case_id if number == 1 else f'{case_id}-{number}'
            if self._folder is None or not (folder_of(self._folder, inspection_id) / RECORD).exists():
                return ids
            ids.append(inspection_id)
        return ids

    def _record(self, progress: InspectionProgress, now_s: float) -> InspectionRecord:
        case, plan, estimate, rings = progress.case, progress.plan, progress.estimate, self._site.inspection
        assert plan is not None, 'an inspection without a plan comes to no end'
        place = estimate.position_m if estimate else (plan.target.x_m, plan.target.y_m)
        zones = [zone for zone in self._site.zones if zone.holds(*place)]
        unattended_s = progress.unattended_s(now_s)
        labels = estimate.labels if estimate else ()
        judgement = judge(estimate, labels, self._site.known_objects, Facts(
            tuple(zone.name for zone in zones), any(zone.kind is ZoneKind.RESTRICTED for zone in zones), unattended_s,
            progress.left_by, coverage_deg(progress.got_to)))
        written = len(self._ids(case.case_id))
        return InspectionRecord(
            inspection_id=f'{case.case_id}-{written + 1}' if written else case.case_id, robot=self._robot,
            site=self._site.name, cause=case.sentence, alert_id=case.case_id if case.about else '',
            clock=self._clock(now_s), started_s=progress.started_s, ended_s=now_s,
            target_m=(plan.target.x_m, plan.target.y_m), rings=Rings(rings.outer_m, rings.inner_m, rings.limit_m),
            went_inside=case.may_come_near, coverage_deg=coverage_deg(progress.got_to),
            hidden=hidden_sides(plan),
            skipped=tuple(progress.skipped), views=progress.views, estimate=estimate, judgement=judgement,
            unattended_s=unattended_s, left_by=progress.left_by, left_path_m=progress.left_path_m,
            passers=tuple(progress.passers.values()), timeline=tuple(progress.events))


def report_page(evidence: tuple[str, ...]) -> str:
    """Return the report's page among a case's evidence, '' if there is none."""
    pages = [name for name in evidence if name.startswith(f'{FOLDER}/') and name.endswith(PAGE)]
    return pages[-1] if pages else ''


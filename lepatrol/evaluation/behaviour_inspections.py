"""Trials of inspecting objects: how much of them is seen and how well, and how near the robot comes."""

from __future__ import annotations

import dataclasses
import math
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.random import Generator, default_rng

from lepatrol import assembly
from lepatrol.behaviours.inspection_report import FOLDER, read_inspection
from lepatrol.evaluation.behaviour_job import BehaviourJob, Figure, Verdict, least, most
from lepatrol.evaluation.behaviour_people import Passers, walkers_round
from lepatrol.evaluation.behaviour_spots import AFTER_M, BEFORE_M, Spot, against_a_wall, spot_in_the_open
from lepatrol.evaluation.behaviour_stage import RoundWatch, begin, go, lots_of, short_walk, verdict, watched
from lepatrol.evaluation.lockstep import Lockstep
from lepatrol.evaluation.object_stage import Put, tag_marks
from lepatrol.evaluation.object_trials import is_size_right, random_object, size_errors_m
from lepatrol.evaluation.stand_off import StandOffWatch
from lepatrol.model.cases import CaseState
from lepatrol.model.inspection import InspectionLevel, ObjectView
from lepatrol.model.inspection_record import InspectionRecord
from lepatrol.model.policy import Response
from lepatrol.model.scenario import Between, Mover
from lepatrol.model.site import Point2
from lepatrol.planning.viewpoints import Viewpoint, coverage_deg
from lepatrol.simulation.description import Box
from lepatrol.simulation.scene import Scene

FREE_DEG, WALL_DEG = 300.0, 120.0
"""So much of an object's outline is to be seen."""
_SIGMA_M = 0.15
"""How far from an object's middle an operator points who wants it inspected."""
_PARCEL = Box((0.5, 0.7, 0.7))
_TAG = ('DICT_4X4_250', 17, 0.5)
"""Half a metre is read from the outer ring by a camera of 320 x 240 pixels."""
_RAISED_M = 0.02
"""So far before its side the box bears the tag; see ``tag_marks``."""
_CARDBOARD = (0.55, 0.42, 0.26)


def inspect_free(job: BehaviourJob) -> Verdict:
    """Leave something in the open beside the robot's way."""
    lots = lots_of(job.trial, job.seed)
    spot = spot_in_the_open(job.site, lots)
    put = random_object(_random(job), (spot.pose.x_m, spot.pose.y_m))
    return _Inspection(job, spot, put).held(lambda record: [*_coverage_flaws(record, put, FREE_DEG),
                                                            *_size_flaws(record, put)])


def inspect_wall(job: BehaviourJob) -> Verdict:
    """Leave something against a wall or fence beside the robot's way."""
    spot, put = against_a_wall(
        job.site, random_object(_random(job), (0.0, 0.0)), lots_of(job.trial, job.seed))
    return _Inspection(job, spot, put).held(lambda record: [*_coverage_flaws(record, put, WALL_DEG),
                                                            *_size_flaws(record, put)])


def parcel(job: BehaviourJob) -> Verdict:
    """Put down a thing that the site knows, with its label on one side, in the open beside the robot's way."""
    lots = lots_of(job.trial, job.seed)
    spot = spot_in_the_open(job.site, lots)
    put = Put(_PARCEL, (spot.pose.x_m, spot.pose.y_m), lots.number(Between(-math.pi, math.pi)), _CARDBOARD,
              tag_marks(_PARCEL.size_m, *_TAG, raised_m=_RAISED_M))
    return _Inspection(job, spot, put).held(_parcel_flaws)


def standoff_people(job: BehaviourJob) -> Verdict:
    """Order an inspection while people walk round the object, near it and past it."""
    lots = lots_of(job.trial, job.seed)
    spot = spot_in_the_open(job.site, lots)
    place = spot.pose.x_m, spot.pose.y_m
    put = random_object(_random(job), place)
    people = walkers_round(place, lots)
    return _Inspection(job, spot, put, people, is_ordered=True).held(lambda record: [])


def _random(job: BehaviourJob) -> Generator:
    """Return what draws an object: trials with the same seed are not about the same one."""
    return default_rng([job.seed, zlib.crc32(f'{job.trial} {job.site}'.encode())])


class _Inspection:
    """One object beside a short walk, and what is measured while it is inspected."""

    def __init__(
        self, job: BehaviourJob, spot: Spot, put: Put, people: tuple[Mover, ...] = (), *, is_ordered: bool = False,
    ) -> None:
        self._job, self._spot, self._put, self._people, self._is_ordered = job, spot, put, people, is_ordered
        self._rings = assembly.load_site(job.site).inspection
        self._round = RoundWatch()
        self._stand_off = StandOffWatch(put, self._rings)
        self._passers = Passers(put.place_m, frozenset(mover.name for mover in people))

    def held(self, judge: Callable[[InspectionRecord], list[str]]) -> Verdict:
        """Hold the trial; ``judge`` says what is wrong with the report on the object."""
        scenario = short_walk(self._job.trial, self._job.site, self._spot.route, self._spot.at_m, before_m=BEFORE_M,
                              after_m=AFTER_M, movers=self._people)
        with TemporaryDirectory() as name:
            folder = Path(name)
            loop = watched(scenario, self._job.seed, folder=folder, prepare=self._put_down)
            try:
                is_found = self._inspect(loop)
                records = [read_inspection(folder, each.name) for each in sorted((folder / FOLDER).glob('*'))]
                return self._verdict(loop, records, judge, is_found=is_found)
            finally:
                loop.close()

    def _put_down(self, scene: Scene) -> Scene:
        world = scene.world
        return Scene(dataclasses.replace(world, models=(*world.models, self._put.model())), scene.robots)

    def _inspect(self, loop: Lockstep) -> bool:
        """Have it inspected, at the latest by order once the robot is past it; tell whether the robot found it."""
        watchers = (self._round, self._stand_off, self._passers)
        begin(loop)
        if self._is_ordered:
            self._order(loop)
        go(loop, *watchers)
        is_found = any(case.response is Response.INSPECT and case.by == 'robot' for case in loop.conduct.cases)
        if not self._stand_off.has_begun:
            self._order(loop)
            go(loop, *watchers)
        return is_found

    def _order(self, loop: Lockstep) -> None:
        off = _random(self._job).normal(0.0, _SIGMA_M, 2)
        x, y = (float(value) for value in np.asarray(self._put.place_m) + off)
        loop.order(f'inspect {x:.2f} {y:.2f}')

    def _verdict(
        self, loop: Lockstep, records: list[InspectionRecord], judge: Callable[[InspectionRecord], list[str]], *,
        is_found: bool,
    ) -> Verdict:
        inspections = [case for case in loop.conduct.cases
                       if case.response is Response.INSPECT and case.state is not CaseState.NOTED]
        is_suspicious = any(case.level == InspectionLevel.SUSPICIOUS.value for case in inspections)
        flaws = self._stand_off.flaws(is_suspicious=is_suspicious)
        flaws += [f'{case.case_id} could not be inspected: {case.reason}' for case in inspections
                  if case.state is CaseState.UNSEEN]
        if len(inspections) > 1:
            flaws.append(f'{len(inspections)} cases were made of one object: '
                         + '; '.join(f'{case.case_id} ({case.sentence})' for case in inspections))
        flaws += self._passers.flaws(loop)
        figures = {**self._stand_off.figures, **self._passers.figures}
        if not self._is_ordered:
            figures['found_by_itself'] = least(float(is_found))
        size = ' x '.join(f'{side:.2f}' for side in self._put.size_m)
        about = f'{type(self._put.shape).__name__.lower()} of {size} m'
        if records:
            record = min(records, key=lambda each: each.started_s)
            flaws += judge(record)
            figures |= _measured(record, self._put)
            reasons = '; '.join(record.judgement.reasons)
            about += f': {record.judgement.level.value} ({reasons})'
            about += f'; left out: {"; ".join(record.skipped)}' if record.skipped else ''
        else:
            flaws.append('no report was written')
        return verdict(loop, self._round, flaws, figures, about, may_be_touched=bool(self._people))


def _measured(record: InspectionRecord, put: Put) -> dict[str, Figure]:
    figures = {
        'coverage_deg': least(seen_deg(record.views, put.place_m)), 'views': least(len(record.views)),
        'took_s': most(record.ended_s - record.started_s)}
    errors = size_errors_m(put, record.estimate)
    if errors is not None:
        figures |= {f'{name}_off_m': most(abs(error))
                    for name, error in zip(('length', 'width', 'height'), errors, strict=True)}
    return figures


def seen_deg(views: Sequence[ObjectView], place_m: Point2) -> float:
    """Return how much of an object's outline was truly seen from where the robot stood, by the directions it faces."""
    return coverage_deg([
        Viewpoint(view.robot.x_m, view.robot.y_m, view.robot.yaw_rad,
                  math.atan2(view.robot.y_m - place_m[1], view.robot.x_m - place_m[0]))
        for view in views if view.outline is not None or view.lidar_m])


def _coverage_flaws(record: InspectionRecord, put: Put, wanted_deg: float) -> list[str]:
    degrees = seen_deg(record.views, put.place_m)
    if degrees >= wanted_deg:
        return []
    why = '; '.join([*record.skipped, *(f'{each.start_deg:.0f} to {each.end_deg:.0f}: {each.reason}'
                                        for each in record.hidden)])
    return [f'{degrees:.0f} degrees of it were seen, not {wanted_deg:.0f} ({why})']


def _size_flaws(record: InspectionRecord, put: Put) -> list[str]:
    errors = size_errors_m(put, record.estimate)
    if errors is None:
        return ['its size was not measured']
    if is_size_right(put, errors):
        return []
    return ['its size is wrong by more than 15 % and 5 cm: ' + ', '.join(
        f'{name} {true + error:.2f} for {true:.2f} m'
        for name, error, true in zip(('length', 'width', 'height'), errors, put.size_m, strict=True))]


def _parcel_flaws(record: InspectionRecord) -> list[str]:
    if record.judgement.level is InspectionLevel.EXPECTED:
        return []
    labels = ', '.join(map(str, record.labels)) or 'none'
    return [f'the parcel was not closed by its label but is {record.judgement.level.value}; labels read: {labels}; '
            + '; '.join(record.judgement.reasons)]

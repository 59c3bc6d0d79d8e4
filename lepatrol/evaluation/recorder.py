"""What is written down of a run while it goes on, and what the run comes to in the end."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.evaluation.footsteps import Footsteps, Onsets
from lepatrol.evaluation.job import FalseAlarm, Job, Report, RunOutcome, SubjectResult
from lepatrol.evaluation.scoring import all_settled, false_alarms, score_subject
from lepatrol.evaluation.sight import Sight
from lepatrol.model.alerts import Alert
from lepatrol.model.geometry import Pose2

Picture = NDArray[np.uint8]
_QUALITY = 85


class Watch(Protocol):
    """Knows what has come into view (``SightWatch``)."""

    @property
    def sights(self) -> Sequence[Sight]:
        """Return what is known of each subject."""
        ...

    def update(self) -> Sequence[str]:
        """Look; return the names of the subjects that were never as well to be seen as now."""
        ...


class RunRecorder:
    """Takes in a run step by step.

    Only masked pictures come here. One is kept for each alert, of when it was first published, and one for each
    subject, of when it was best to be seen.
    """

    def __init__(self, watch: Watch) -> None:
        """Begin with nothing."""
        self._watch = watch
        self._reports: list[Report] = []
        self._of_alert: dict[str, Picture] = {}
        self._of_subject: dict[str, Picture] = {}
        self._way = Footsteps()
        self._collisions = Onsets()

    def step(
        self, now_s: float, *,
        alerts: Iterable[Alert], masked: Callable[[], Picture | None], pose: Pose2, touches: bool,
    ) -> None:
        """Take in one step: the alerts published in it, and where the robot truly is.

        ``masked`` returns the newest picture, masked; it is asked only when one is to be kept, as masking costs time.
        """
        best = self._watch.update()
        for alert in alerts:
            self._reports.append(Report(now_s, alert))
            if alert.alert_id not in self._of_alert and (picture := masked()) is not None:
                self._of_alert[alert.alert_id] = picture
        if best and (picture := masked()) is not None:
            self._of_subject |= dict.fromkeys(best, picture)
        self._way.step((pose.x_m, pose.y_m))
        self._collisions.step(touches)

    def is_settled(self, now_s: float) -> bool:
        """Tell whether everything that came into view is found, or too late to be."""
        return all_settled(self._watch.sights, self._reports, now_s)

    def outcome(self, job: Job, *, duration_s: float, waypoints_missed: int, wall_time_s: float) -> RunOutcome:
        """Score the run and write its pictures, where the job has a folder for them."""
        sights = self._watch.sights
        subjects = [self._with_picture(job, score_subject(sight, self._reports)) for sight in sights]
        alarms = [self._alarm_with_picture(job, alarm) for alarm in false_alarms(sights, self._reports)]
        return RunOutcome(
            job.scenario, job.seed, subjects=tuple(subjects), false_alarms=tuple(alarms), reports=tuple(self._reports),
            duration_s=duration_s, distance_m=self._way.distance_m, waypoints_missed=waypoints_missed,
            collisions=self._collisions.count, wall_time_s=wall_time_s)

    def _with_picture(self, job: Job, subject: SubjectResult) -> SubjectResult:
        if not subject.missed:
            return subject
        picture = _write(job, f'missed-{subject.name}', self._of_subject.get(subject.name))
        return dataclasses.replace(subject, picture=picture)

    def _alarm_with_picture(self, job: Job, alarm: FalseAlarm) -> FalseAlarm:
        return dataclasses.replace(
            alarm, picture=_write(job, f'false-{alarm.alert_id}', self._of_alert.get(alarm.alert_id)))


def picture_name(scenario: str, seed: int, what: str) -> str:
    """Return a file name for a picture that is the same in every run, of plain letters only."""
    words = (Path(scenario).stem, f'seed-{seed}', what)
    return '-'.join(re.sub(r'[^A-Za-z0-9_]+', '-', word).strip('-') for word in words) + '.jpg'


def _write(job: Job, what: str, picture: Picture | None) -> str:
    """Write a picture (height, width, 3) in RGB; return its name, none where there is no picture or no folder."""
    if picture is None or job.pictures is None:
        return ''
    name = picture_name(job.scenario, job.seed, what)
    job.pictures.mkdir(parents=True, exist_ok=True)
    _, data = cv2.imencode('.jpg', cv2.cvtColor(picture, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    (job.pictures / name).write_bytes(data.tobytes())
    return name

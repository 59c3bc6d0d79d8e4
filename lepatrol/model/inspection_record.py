"""A whole inspection as it is kept: what was asked, seen and concluded, and what people decided about it."""

from __future__ import annotations

from dataclasses import dataclass

from .inspection import InspectionLevel, Label, ObjectEstimate, ObjectView
from .site import Point2


@dataclass(frozen=True, slots=True)
class InspectionEvent:
    """Something that happened, at a time of the clock in use, in words."""

    stamp_s: float
    text: str


@dataclass(frozen=True, slots=True)
class HiddenSides:
    """Bearings from the object, in degrees counter-clockwise from x (east), that nobody could look from, and why."""

    start_deg: float
    end_deg: float
    reason: str


@dataclass(frozen=True, slots=True)
class Passer:
    """Somebody who came near while the robot inspected, by track id: how near to the object, and when."""

    track_id: int
    nearest_m: float
    stamp_s: float


@dataclass(frozen=True, slots=True)
class Rings:
    """How far from the object the robot stays: unasked, on the operator's word, and at least."""

    outer_m: float
    inner_m: float
    limit_m: float


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the robot proposes to think of an object, why, and what to do; people decide."""

    level: InspectionLevel
    reasons: tuple[str, ...]
    recommendation: str
    known_as: str = ''
    """The name of the site's known object that it is taken for, '' for none."""


@dataclass(frozen=True, slots=True)
class Decision:
    """A level that a person confirmed or set, and what was said to it."""

    stamp_s: float
    confirmed_by: str
    level: InspectionLevel
    note: str = ''


@dataclass(frozen=True, slots=True)
class InspectionRecord:
    """An inspection from its first word to its last.

    ``cause`` says what it was begun for, ``alert_id`` which alert, '' for none. ``coverage_deg`` is how much of the
    object's outline was seen, and ``skipped`` tells in words which viewpoints were not got to. ``unattended_s`` is for
    how long it is known to have been left alone and ``left_by`` the track of who left it, whose way was
    ``left_path_m``; None where nobody saw. ``clock`` is the local time at its end as people read it.
    """

    inspection_id: str
    robot: str
    site: str
    cause: str
    alert_id: str
    clock: str
    started_s: float
    ended_s: float
    target_m: Point2
    rings: Rings
    went_inside: bool
    coverage_deg: float
    hidden: tuple[HiddenSides, ...]
    skipped: tuple[str, ...]
    views: tuple[ObjectView, ...]
    estimate: ObjectEstimate | None
    judgement: Judgement
    unattended_s: float | None = None
    left_by: int | None = None
    left_path_m: tuple[Point2, ...] = ()
    passers: tuple[Passer, ...] = ()
    timeline: tuple[InspectionEvent, ...] = ()

    @property
    def labels(self) -> tuple[Label, ...]:
        """Return every label that was read."""
        return self.estimate.labels if self.estimate else ()

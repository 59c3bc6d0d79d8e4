"""What one evaluation run is asked to do, and what it tells; both travel between processes."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lepatrol.model.alerts import Alert, AlertKind
from lepatrol.model.site import Point2


@dataclass(frozen=True, slots=True)
class Job:
    """One scenario with one seed; ``world`` None is the scenario's own; ``pictures`` is where pictures are put."""

    scenario: str
    seed: int
    world: str | None = None
    pictures: Path | None = None

    @property
    def key(self) -> tuple[str, int]:
        """Return what it is known by in its campaign."""
        return self.scenario, self.seed

    def failure(self, error: str) -> RunOutcome:
        """Return the outcome of a run that failed, with the reason."""
        return RunOutcome(self.scenario, self.seed, error=error)


@dataclass(frozen=True, slots=True)
class Report:
    """An alert as it stood when it was published at ``at_s`` of simulated time."""

    at_s: float
    alert: Alert


@dataclass(frozen=True, slots=True)
class SubjectResult:
    """How one staged thing fared: it is expected to be found once it has come into view (``in_view_s``).

    ``nearest_m`` and ``nearest_at_s`` are of the moment when it was best to be seen: nearest, and where the camera
    looked if it ever did. What was not found has no times, no errors and no alert. ``picture`` is a miss's, relative
    to the job's folder of pictures.
    """

    name: str
    kinds: tuple[AlertKind, ...]
    in_view_s: float | None = None
    found: bool = False
    time_to_alert_s: float | None = None
    localisation_error_m: float | None = None
    alert_id: str = ''
    nearest_m: float | None = None
    nearest_at_s: float | None = None
    appearance: Mapping[str, str] = field(default_factory=dict)
    picture: str = ''

    @property
    def expected(self) -> bool:
        """Tell whether it came into view, so that it ought to have been found."""
        return self.in_view_s is not None

    @property
    def missed(self) -> bool:
        """Tell whether it ought to have been found and was not."""
        return self.expected and not self.found


@dataclass(frozen=True, slots=True)
class FalseAlarm:
    """An alert about nothing that was staged, as it was first published."""

    at_s: float
    alert_id: str
    kind: AlertKind
    rule: str
    sentence: str
    position_m: Point2 | None = None
    picture: str = ''


@dataclass(frozen=True, slots=True)
class RunOutcome:
    """What came of a job; with ``error`` the run failed and the rest says nothing."""

    scenario: str
    seed: int
    error: str = ''
    subjects: tuple[SubjectResult, ...] = ()
    false_alarms: tuple[FalseAlarm, ...] = ()
    reports: tuple[Report, ...] = ()
    duration_s: float = 0.0
    distance_m: float = 0.0
    waypoints_missed: int = 0
    collisions: int = 0
    wall_time_s: float = math.nan

    @property
    def key(self) -> tuple[str, int]:
        """Return what it is known by in its campaign."""
        return self.scenario, self.seed

    @property
    def failed(self) -> bool:
        """Tell whether the run did not come to its end."""
        return bool(self.error)

    @property
    def quiet(self) -> bool:
        """Tell whether nothing was staged that ought to be reported."""
        return not self.subjects

    @property
    def expected(self) -> int:
        """Return how many things ought to have been found."""
        return sum(subject.expected for subject in self.subjects)

    @property
    def found(self) -> int:
        """Return how many of them were."""
        return sum(subject.expected and subject.found for subject in self.subjects)

    @property
    def realtime_factor(self) -> float:
        """Return how many simulated seconds passed in a second of the wall clock."""
        return self.duration_s / self.wall_time_s if self.wall_time_s > 0.0 else math.nan

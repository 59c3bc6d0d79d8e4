"""What a staged scenario truly holds and ought to be reported; evaluation scores by it, perception never reads it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .alerts import AlertKind
from .site import Point2


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing that was staged and ought to be reported as any of ``kinds``.

    It is where the scene's moving model or actor ``moves_as`` is, or at ``place_m`` for good; neither is given for
    what happens to the robot itself. ``size_m`` is (width, height). It counts as come into view once it has been within
    ``within_m`` of the robot and in line of sight for ``for_s`` seconds, at ``from_s`` of simulated time or later.
    ``due_s`` is how long after that a report is still on time. ``appearance`` says how it looks (clothing, size,
    skin), so that detection can be compared across looks.
    """

    name: str
    kinds: tuple[AlertKind, ...]
    moves_as: str | None = None
    place_m: Point2 | None = None
    size_m: tuple[float, float] = (0.5, 1.75)
    within_m: float = 15.0
    for_s: float = 1.0
    from_s: float = 0.0
    until_s: float = float('inf')
    due_s: float = 60.0
    appearance: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Truth:
    """All that was staged; with no subjects, every alert is false."""

    subjects: tuple[Subject, ...] = ()
    people: tuple[str, ...] = ()
    """Names, in the scene, of the moving models and actors that are people."""

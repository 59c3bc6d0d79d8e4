"""What is known of one inspection while it goes on and when it is over."""

from __future__ import annotations

from dataclasses import dataclass, field

from lepatrol.model.cases import Case
from lepatrol.model.inspection import ObjectEstimate, Study
from lepatrol.planning.viewpoints import ViewPlan


@dataclass(slots=True)
class InspectionRecord:
    """One inspection: where it was to be looked from, what was seen, and what happened meanwhile.

    ``plans`` are of the outer ring and, on the operator's word, the inner one; ``studies`` by the viewpoint's number.
    ``skipped`` says why a viewpoint was left out. ``timeline`` are (stamp, what happened). ``left_by`` is the track of
    who was seen to leave the object, ``alone_since_s`` since when it is known to stand there.
    """

    case: Case
    plans: list[ViewPlan] = field(default_factory=list)
    studies: dict[int, Study] = field(default_factory=dict)
    skipped: dict[int, str] = field(default_factory=dict)
    timeline: list[tuple[float, str]] = field(default_factory=list)
    left_by: int | None = None
    alone_since_s: float | None = None
    came_near: int = 0
    """How often somebody was warned who came near."""

    @property
    def estimate(self) -> ObjectEstimate | None:
        """Return what all studies together say, None before there is anything."""
        newest = max(self.studies.values(), key=lambda study: study.view.stamp_s, default=None)
        return newest.estimate if newest else None

    def note(self, stamp_s: float, what: str) -> None:
        """Write down what happened."""
        self.timeline.append((stamp_s, what))

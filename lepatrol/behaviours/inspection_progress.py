"""What is known of an inspection while it goes on."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field

from lepatrol.model.cases import SPOT, Case
from lepatrol.model.findings import ThingKind
from lepatrol.model.inspection import ObjectEstimate, ObjectView, Study
from lepatrol.model.inspection_record import InspectionEvent, Passer
from lepatrol.model.site import Point2
from lepatrol.model.tracks import Track, TrackState
from lepatrol.planning.viewpoints import ViewPlan, Viewpoint


@dataclass(slots=True)
class InspectionProgress:
    """One inspection: where it is looked from, what was seen, and what happened meanwhile.

    ``plan`` is of the ring in hand; ``studies`` by the viewpoint's number and ``got_to`` are of both rings. ``skipped``
    says in words which viewpoints were left out. ``left_by`` is the track of who was seen to leave the object, and
    ``left_path_m`` their way.
    """

    case: Case
    started_s: float
    plan: ViewPlan | None = None
    studies: dict[int, Study] = field(default_factory=dict)
    got_to: list[Viewpoint] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    events: list[InspectionEvent] = field(default_factory=list)
    passers: dict[int, Passer] = field(default_factory=dict)
    left_by: int | None = None
    left_path_m: tuple[Point2, ...] = ()

    @property
    def estimate(self) -> ObjectEstimate | None:
        """Return what all studies together say, None before there is anything."""
        newest = max(self.studies.values(), key=lambda study: study.view.stamp_s, default=None)
        return newest.estimate if newest else None

    @property
    def views(self) -> tuple[ObjectView, ...]:
        """Return what was seen, by viewpoint."""
        return tuple(self.studies[number].view for number in sorted(self.studies))

    def unattended_s(self, now_s: float) -> float | None:
        """Return for how long the object is known to have been alone, None for a place that an operator named."""
        return None if self.case.kind == SPOT else max(now_s - self.case.first_seen_s, 0.0)

    def note(self, stamp_s: float, what: str) -> None:
        """Write down what happened."""
        self.events.append(InspectionEvent(stamp_s, what))

    def see(self, tracks: Iterable[Track], place: Point2, *, within_m: float, left_within_m: float) -> list[Track]:
        """Note who left the object and who is near it now; return the latter."""
        own = self.case.about  # The thing itself may be taken for somebody, now and then.
        people = [track for track in tracks
                  if track.kind is ThingKind.PERSON and f'track-{track.track_id}' != own]
        if self.left_by is None:
            self._see_who_left(people, place, left_within_m)
        near = []
        for track in people:
            away_m = math.dist(track.position_m, place)
            if track.state is TrackState.SEEN and away_m <= within_m:
                near.append(track)
                known = self.passers.get(track.track_id)
                if known is None or away_m < known.nearest_m:
                    self.passers[track.track_id] = Passer(track.track_id, away_m, track.last_seen_s)
        return near

    def _see_who_left(self, people: Iterable[Track], place: Point2, within_m: float) -> None:
        """Take whoever came nearest to the place before the thing was seen to stand there alone, and went away."""
        came = [
            (math.dist((x, y), place), track.track_id, track.path) for track in people for stamp_s, x, y in track.path
            if stamp_s <= self.case.first_seen_s and math.dist(track.position_m, place) > within_m]
        if came and min(came)[0] <= within_m:
            _, self.left_by, path = min(came)
            self.left_path_m = tuple((x, y) for _, x, y in path)

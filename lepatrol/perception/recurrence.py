"""Which of the things in a picture were there before: what does not recur in one place in ``map`` is no thing."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lepatrol.model.site import Point2
from lepatrol.perception.blobs import Standing
from lepatrol.settings.camera_anomaly import SightingSettings

_STEADY = 0.3
_LEAST_REACH_M = 0.5


@dataclass(slots=True)
class _Candidate:
    """A thing that was seen: where first, where now (smoothed), and how often of how many pictures."""

    first_m: Point2
    now_m: Point2
    deviation_m: float
    seen_s: float
    times: int = 1
    pictures: int = 1
    has_moved: bool = False


class Recurrence:
    """Keeps the things of the last pictures and tells which are seen again."""

    def __init__(self, settings: SightingSettings) -> None:
        """Begin with nothing seen."""
        self._settings = settings
        self._candidates: list[_Candidate] = []

    def reset(self) -> None:
        """Forget everything."""
        self._candidates.clear()

    def admit(self, things: list[Standing], now_s: float) -> list[tuple[Standing, bool]]:
        """Return those seen often enough, each with whether it has moved since it was first seen."""
        settings = self._settings
        self._candidates = [each for each in self._candidates if 0.0 <= now_s - each.seen_s <= settings.forget_s]
        free = list(self._candidates)
        for each in free:
            each.pictures += 1
        admitted = []
        for thing in sorted(things, key=lambda thing: thing.range_m):
            candidate = self._nearest(free, thing, now_s)
            if candidate is None:
                self._candidates.append(_Candidate(thing.position_m, thing.position_m, thing.deviation_m, now_s))
                continue
            free.remove(candidate)
            self._follow(candidate, thing, now_s)
            if candidate.times >= settings.seen_times and (
                    candidate.times >= settings.seen_share * candidate.pictures):
                admitted.append((thing, candidate.has_moved))
        return admitted

    def _nearest(self, free: list[_Candidate], thing: Standing, now_s: float) -> _Candidate | None:
        best, best_m = None, math.inf
        for each in free:
            reach_m = _LEAST_REACH_M + thing.deviation_m + self._settings.speed_limit_m_s * (now_s - each.seen_s)
            away_m = math.dist(each.now_m, thing.position_m)
            if away_m < min(reach_m, best_m):
                best, best_m = each, away_m
        return best

    def _follow(self, candidate: _Candidate, thing: Standing, now_s: float) -> None:
        x, y = candidate.now_m
        to_x, to_y = thing.position_m
        candidate.now_m = (x + _STEADY * (to_x - x), y + _STEADY * (to_y - y))
        candidate.deviation_m = max(thing.deviation_m, candidate.deviation_m)
        candidate.seen_s = now_s
        candidate.times += 1
        # An error in distance that shrinks while the robot draws near is not motion.
        if math.dist(candidate.first_m, candidate.now_m) > self._settings.moved_m + 2.0 * candidate.deviation_m:
            candidate.has_moved = True

"""Somebody who hangs about."""

from __future__ import annotations

from dataclasses import dataclass

from lepatrol.model.alerts import AlertKind, Claim, Severity
from lepatrol.model.site import Point2
from lepatrol.perception.rules.ground import between_m
from lepatrol.perception.rules.reading import Reader, Right, Suspect
from lepatrol.perception.rules.rule import Rule
from lepatrol.perception.rules.words import named, seconds, thing
from lepatrol.perception.situation import Situation
from lepatrol.settings.rules import LoiteringSettings

_YOUNG_S = 1.5


@dataclass(slots=True)
class _Haunt:
    """A place somebody stays at: the track that was first there gives the alert its name."""

    first_track: int
    track: int
    place_m: Point2
    since_s: float
    last_s: float
    count: int = 1


class Loitering(Rule):
    """A person stays within a few metres of one place for longer than there is a reason to.

    Near the perimeter and in restricted zones the time is short, in public zones it is long; elsewhere nobody asks. Who
    is allowed in a guarded zone works there. Time is counted by place: somebody who is lost behind a post and found
    again under another number goes on where he was.
    """

    name = 'loitering'

    def __init__(self, reader: Reader, settings: LoiteringSettings) -> None:
        """Begin with nobody about."""
        self._reader = reader
        self._settings = settings
        self._haunts: dict[int, _Haunt] = {}

    def reset(self) -> None:
        """Forget who was about."""
        self._haunts.clear()

    def judge(self, situation: Situation) -> list[Claim]:
        """Return a claim for each person who has stayed too long."""
        claims = []
        suspects = [suspect for suspect in self._reader.read(situation).suspects
                    if suspect.is_person]
        present = {suspect.track.track_id for suspect in suspects}
        for suspect in suspects:
            limit_s = self._limit_s(suspect)
            if limit_s is None:
                self._haunts.pop(suspect.track.track_id, None)
                continue
            haunt = self._haunt(suspect, present)
            is_somebody = suspect.is_seen and (suspect.is_sure or suspect.has_moved)
            if is_somebody and haunt.count >= 5 and haunt.last_s - haunt.since_s >= limit_s - 1e-6:
                claims.append(self._claim(suspect, haunt, limit_s))
        if len(self._haunts) > 16:
            oldest_s = situation.now_s - self._settings.remember_s
            self._haunts = {key: haunt for key, haunt in self._haunts.items() if haunt.last_s >= oldest_s}
        return claims

    def _limit_s(self, suspect: Suspect) -> float | None:
        """Return how long somebody may stay where he is, None for as long as he likes."""
        if suspect.right is Right.COVERED:
            return None
        if suspect.right is Right.FORBIDDEN or suspect.spot.edge_distance_m <= self._settings.near_m:
            return self._settings.after_s
        return self._settings.public_after_s if suspect.right is Right.OPEN else None

    def _haunt(self, suspect: Suspect, present: set[int]) -> _Haunt:
        track = suspect.track
        stamp_s = track.last_seen_s
        haunt = self._haunts.get(track.track_id)
        if haunt is None or stamp_s - haunt.since_s <= _YOUNG_S:
            haunt = self._left_behind(suspect, present) or haunt
        if (haunt is None or between_m(haunt.place_m, track.position_m) > self._settings.radius_m
                or stamp_s - haunt.last_s > self._settings.remember_s):
            haunt = _Haunt(track.track_id, track.track_id, track.position_m, stamp_s, stamp_s)
        elif stamp_s > haunt.last_s:
            haunt.last_s = stamp_s
            haunt.count += 1
        haunt.track = track.track_id
        self._haunts[track.track_id] = haunt
        return haunt

    def _left_behind(self, suspect: Suspect, present: set[int]) -> _Haunt | None:
        """Return the nearest place whose own track was lost a moment ago, and take it over.

        A track that is lost may live on for a moment beside the one that takes its place.
        """
        track = suspect.track
        free = [haunt for haunt in self._haunts.values()
                if haunt.track not in present and haunt.track != track.track_id
                and track.last_seen_s - haunt.last_s <= self._settings.remember_s
                and between_m(haunt.place_m, track.position_m) <= self._settings.radius_m]
        if not free:
            return None
        haunt = min(free, key=lambda haunt: between_m(haunt.place_m, track.position_m))
        del self._haunts[haunt.track]
        return haunt

    def _claim(self, suspect: Suspect, haunt: _Haunt, limit_s: float) -> Claim:
        track, spot = suspect.track, suspect.spot
        near = min((part for part in (spot.fence, spot.gate) if part and part[1] <= self._settings.near_m),
                   key=lambda part: part[1], default=None)
        where = f', {near[1]:.1f} m from {named(near[0])}' if near else (
            f', in zone {spot.zone_name}' if spot.zone_name else ', near the perimeter')
        return Claim(
            track.last_seen_s, self.name, AlertKind.LOITERING, f'track-{haunt.first_track}', Severity.WARNING,
            suspect.confidence,
            f'{thing(track, suspect.kind)} stayed {seconds(haunt.last_s - haunt.since_s)} within '
            f'{self._settings.radius_m:g} m of one place{where}; the limit there is {seconds(limit_s)}',
            track.position_m, track.deviation_m, spot.zone_name, track.box)

"""More people together than there ought to be."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from lepatrol.model.alerts import AlertKind, Claim, Severity
from lepatrol.model.findings import ThingKind
from lepatrol.model.site import Point2, Zone
from lepatrol.model.tracks import Track, TrackState
from lepatrol.perception.rules.ground import between_m
from lepatrol.perception.rules.reading import Reader
from lepatrol.perception.rules.rule import Rule
from lepatrol.perception.rules.spells import Spells
from lepatrol.perception.rules.words import seconds
from lepatrol.perception.situation import Situation
from lepatrol.settings.rules import CrowdingSettings

_GRACE_S = 1.0
_SAME_GATHERING_M = 6.0
_PEOPLE_M = (1.3, 2.1)
_WIDEST_M = 3.0


@dataclass(frozen=True, slots=True)
class _Somebody:
    track: Track
    zones: tuple[Zone, ...]
    heads: int
    is_sure: bool


class Crowding(Rule):
    """A zone holds more people than its limit, or many people stand close together anywhere.

    Whoever is allowed in a zone raises its limit. People in a crowd hide each other: one who was seen a moment ago
    still counts, a thing that is as wide as two persons counts as two, and things that may be persons count if at least
    half are persons for certain.
    """

    name = 'crowding'

    def __init__(self, reader: Reader, settings: CrowdingSettings) -> None:
        """Begin with no crowd."""
        self._reader = reader
        self._settings = settings
        self._spells: Spells[str] = Spells(_GRACE_S)
        self._gathering_m: Point2 | None = None
        self._gatherings = 0

    def reset(self) -> None:
        """Forget every crowd."""
        self._spells.clear()
        self._gathering_m = None

    def judge(self, situation: Situation) -> list[Claim]:
        """Return a claim for each zone that is too full, and one for the biggest gathering."""
        people = self._people(situation)
        if len(people) < 2 and not any(zone.crowd_limit == 0 for one in people for zone in one.zones):
            return []
        return [*self._full_zones(people, situation), *self._gathering(people, situation)]

    def _people(self, situation: Situation) -> list[_Somebody]:
        people = [_Somebody(suspect.track, suspect.spot.zones, self._heads(suspect.track),
                            suspect.is_sure or suspect.has_moved)
                  for suspect in self._reader.read(situation).suspects if suspect.is_person and suspect.is_seen]
        counted = {one.track.track_id for one in people}
        for track in situation.tracks:
            if track.track_id in counted:
                continue
            if track.state is TrackState.HIDDEN:
                counts = (track.kind is ThingKind.PERSON
                          and situation.now_s - track.last_seen_s <= self._settings.remember_s)
            else:
                counts = track.state is TrackState.SEEN and len(people) >= 2 and self._may_be_several(track)
            if counts:
                people.append(_Somebody(
                    track, self._reader.ground.at(track.position_m).zones, self._heads(track),
                    track.kind is ThingKind.PERSON))
        return people

    def _may_be_several(self, track: Track) -> bool:
        """Tell whether a thing of another kind is as high as people and as wide as several side by side."""
        return (track.kind is not ThingKind.PERSON and track.height_m is not None and track.width_m is not None
                and _PEOPLE_M[0] <= track.height_m <= _PEOPLE_M[1]
                and 1.4 * self._settings.person_width_m <= track.width_m <= _WIDEST_M)

    def _heads(self, track: Track) -> int:
        if track.width_m is None or not math.isfinite(track.width_m):
            return 1
        return max(1, min(4, int(track.width_m / self._settings.person_width_m + 0.5)))

    def _full_zones(self, people: Sequence[_Somebody], situation: Situation) -> list[Claim]:
        inside: dict[str, tuple[Zone, list[_Somebody]]] = {}
        for one in people:
            for zone in one.zones:
                if zone.crowd_limit is not None:
                    inside.setdefault(zone.name, (zone, []))[1].append(one)
        claims = []
        for zone, members in inside.values():
            assert zone.crowd_limit is not None
            limit = max(zone.crowd_limit, self._reader.ground.allowed(zone, 'person', situation.minute_of_day))
            count = sum(one.heads for one in members)
            if count > limit and _are_people(members) and self._lasts(f'zone {zone.name}', situation.now_s):
                spell = self._spells.note(f'zone {zone.name}', situation.now_s)
                claims.append(self._claim(
                    situation, members, f'zone {zone.name}', zone.name,
                    f'{count} people were together in zone {zone.name} for {seconds(spell.duration_s)}; '
                    f'the limit is {limit} for {seconds(self._settings.after_s)}'))
        return claims

    def _gathering(self, people: Sequence[_Somebody], situation: Situation) -> list[Claim]:
        """Return a claim for the most people around one of them, those allowed in their zone not counted."""
        if sum(one.heads for one in people) < self._settings.people:
            return []
        best: list[_Somebody] = []
        radius = self._settings.radius_m
        placed = [(*one.track.position_m, one) for one in people]
        for x, y, _ in placed:
            around = [other for ox, oy, other in placed if (ox - x)**2 + (oy - y)**2 <= radius * radius]
            if sum(other.heads for other in around) > sum(other.heads for other in best):
                best = around
        count = sum(one.heads for one in best)
        zones = {zone.name: zone for one in best for zone in one.zones}
        allowed = max((max(zone.crowd_limit or 0, self._reader.ground.allowed(zone, 'person', situation.minute_of_day))
                       for zone in zones.values()), default=0)
        if count < self._settings.people or count <= allowed or not _are_people(best):
            return []
        middle = _middle(best)
        if self._gathering_m is None or between_m(middle, self._gathering_m) > _SAME_GATHERING_M:
            self._gatherings += 1
        self._gathering_m = middle
        about = f'gathering-{self._gatherings}'
        if not self._lasts(about, situation.now_s):
            return []
        spell = self._spells.note(about, situation.now_s)
        return [self._claim(
            situation, best, about, next(iter(zones), ''),
            f'{count} people stood within {radius:g} m of each other for {seconds(spell.duration_s)}; '
            f'the limit is {self._settings.people - 1} for {seconds(self._settings.after_s)}'
            + (f' and {allowed} are allowed there' if allowed else ''))]

    def _lasts(self, about: str, now_s: float) -> bool:
        spell = self._spells.note(about, now_s)
        return spell.count >= 3 and spell.duration_s >= self._settings.after_s - 1e-6

    def _claim(
        self, situation: Situation, members: Sequence[_Somebody], about: str, zone: str, sentence: str,
    ) -> Claim:
        deviation = max(one.track.deviation_m for one in members)
        confidence = sum(one.track.confidence for one in members) / len(members)
        return Claim(
            situation.now_s, self.name, AlertKind.CROWDING, about, Severity.WARNING, min(max(confidence, 0.05), 0.99),
            sentence, _middle(members), deviation, zone, members[0].track.box)


def _are_people(members: Sequence[_Somebody]) -> bool:
    """Tell whether at least half are persons for certain: rain and corners make unknown things in numbers."""
    return 2 * sum(one.is_sure for one in members) >= len(members)


def _middle(members: Sequence[_Somebody]) -> Point2:
    return (sum(one.track.position_m[0] for one in members) / len(members),
            sum(one.track.position_m[1] for one in members) / len(members))

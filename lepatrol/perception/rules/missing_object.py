"""A thing of the site that is not where it ought to be."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from lepatrol.model.alerts import AlertKind, Claim, Severity
from lepatrol.model.findings import Change, ChangeKind, ThingKind
from lepatrol.model.tracks import Track
from lepatrol.perception.rules.ground import between_m
from lepatrol.perception.rules.reading import Reader
from lepatrol.perception.rules.rule import Rule
from lepatrol.perception.rules.words import size
from lepatrol.perception.situation import Situation
from lepatrol.settings.rules import MissingObjectSettings


class MissingObject(Rule):
    """A thing that belongs somewhere is missed there; where a like thing stands near, it was moved.

    A camera must miss it in several looks; a view that was learned for a waypoint is compared once a round with care,
    and counts by itself. Structures are left to the rules for fences and gates.
    """

    name = 'missing_object'

    def __init__(self, reader: Reader, waypoints: Sequence[str], settings: MissingObjectSettings) -> None:
        """Take the names of waypoints, whose views count by themselves."""
        self._reader = reader
        self._waypoints = frozenset(waypoints)
        self._settings = settings
        self._looks: deque[Change] = deque(maxlen=256)

    def reset(self) -> None:
        """Forget every look."""
        self._looks.clear()

    def judge(self, situation: Situation) -> list[Claim]:
        """Return a claim for each thing that these looks miss."""
        fresh = [change for change in situation.changes
                 if change.kind is ChangeKind.MISSING and change.place not in self._reader.ground.structures]
        if not fresh:
            return []
        self._looks.extend(fresh)
        claims: dict[str, Claim] = {}
        for change in fresh:
            looks = self._looks_like(change)
            if change.place in self._waypoints or looks >= self._settings.min_looks:
                claims[change.place] = self._claim(change, looks, situation)
        return list(claims.values())

    def _looks_like(self, change: Change) -> int:
        """Return how many looks of late, at different times, missed the same thing."""
        settings = self._settings
        return len({
            look.stamp_s for look in self._looks
            if 0.0 <= change.stamp_s - look.stamp_s <= settings.within_s and (
                look.place == change.place if look.position_m is None or change.position_m is None
                else between_m(look.position_m, change.position_m) <= settings.radius_m)})

    def _claim(self, change: Change, looks: int, situation: Situation) -> Claim:
        sizes = size(change.width_m, change.height_m)
        what = f'{change.place} ({sizes})' if sizes else change.place
        zone = self._reader.ground.at(change.position_m).zone_name if change.position_m else ''
        moved = self._moved(change, situation)
        confidence = min(max(change.confidence, 0.05), 0.99)
        if moved is not None and change.position_m is not None:
            away = between_m(moved.position_m, change.position_m)
            return Claim(
                change.stamp_s, 'moved_object', AlertKind.MOVED_OBJECT, change.place, Severity.WARNING, confidence,
                f'{what} is not in its place, and a like thing ({size(moved.width_m, moved.height_m)}) stands '
                f'{away:.1f} m away; one within {self._settings.moved_within_m:g} m is taken for it',
                moved.position_m, moved.deviation_m, zone, moved.box or change.box)
        seen = ('in the view learned there' if change.place in self._waypoints else
                f'in {looks} looks; the limit is {self._settings.min_looks} looks')
        what = f'something at {what}' if change.place in self._waypoints else what
        return Claim(
            change.stamp_s, self.name, AlertKind.MISSING_OBJECT, change.place, Severity.WARNING, confidence,
            f'{what} was missed in its place {seen}', change.position_m, change.deviation_m, zone, change.box)

    def _moved(self, change: Change, situation: Situation) -> Track | None:
        """Return the nearest standing thing of like size, None where there is none."""
        place = change.position_m
        if place is None or change.width_m is None:
            return None
        near = [track for track, kind in self._reader.read(situation).things
                if kind is ThingKind.OBJECT
                and between_m(track.position_m, place) <= self._settings.moved_within_m
                and self._alike(track.width_m, change.width_m)
                and (change.height_m is None or track.height_m is None
                     or self._alike(track.height_m, change.height_m))]
        return min(near, key=lambda track: between_m(track.position_m, place), default=None)

    def _alike(self, one_m: float | None, other_m: float) -> bool:
        return one_m is not None and abs(one_m - other_m) <= self._settings.alike * max(one_m, other_m)

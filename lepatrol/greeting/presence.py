"""Who has come to the robot and stays, and who has gone, from what perception follows.

Nobody is recognised: a person is a track, and where a track breaks off and another begins at nearly the same place, it
is the same person. What is remembered of him is where he was last, and when he was greeted.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from lepatrol.greeting.people_in_sight import PeopleInSight
from lepatrol.greeting.visitor_ground import VisitorGround
from lepatrol.model.site import Point2
from lepatrol.model.tracks import Track
from lepatrol.settings.presence import PresenceSettings

_NEVER_S = -math.inf
_WALKED_M_S = 1.2
_WALKED_S = 5.0
"""For so long after a track broke off its person may have walked on at that speed."""


class PresenceKind(Enum):
    """What happened."""

    CAME = 'came'
    """To be greeted."""
    RETURNED = 'returned'
    """Was greeted not long ago."""
    LEFT = 'left'


@dataclass(frozen=True, slots=True)
class PresenceEvent:
    """Somebody came or went; ``number`` stands for him, whatever track he is."""

    kind: PresenceKind
    number: int


@dataclass(slots=True)
class _Person:
    number: int
    track_id: int
    place_m: Point2
    seen_s: float
    near_since_s: float | None = None
    far_since_s: float | None = None
    present: bool = False
    greeted_s: float = _NEVER_S
    on_duty: bool = False
    """A badge said so."""
    held: bool = False
    went_off: bool = False
    """Was seen to go, after he was there."""


class Presence:
    """Tells who comes up and stays, once each, and who goes."""

    def __init__(self, settings: PresenceSettings, ground: VisitorGround) -> None:
        """Have seen nobody."""
        self._settings = settings
        self._ground = ground
        self._sight = PeopleInSight()
        self._people: dict[int, _Person] = {}
        self._begun = 0

    @property
    def present(self) -> tuple[int, ...]:
        """Return the numbers of those who are there."""
        return tuple(person.number for person in self._people.values() if person.present)

    def place_m(self, number: int) -> Point2 | None:
        """Return where somebody was seen last."""
        person = self._people.get(number)
        return person.place_m if person else None

    def track_id(self, number: int) -> int | None:
        """Return the track that somebody is, or was last."""
        person = self._people.get(number)
        return person.track_id if person else None

    def nearest(self, place_m: Point2) -> int | None:
        """Return who of those who are there is nearest to a place."""
        there = [person for person in self._people.values() if person.present]
        return min(there, key=lambda person: math.dist(person.place_m, place_m)).number if there else None

    def set_on_duty(self, number: int) -> None:
        """Take somebody for staff from now on: he is there for no talk, and is not greeted."""
        if number in self._people:
            self._people[number].on_duty = True
            self._people[number].present = False

    def hold(self, number: int, held: bool) -> None:
        """Take somebody for present wherever he is, or no longer: he is being led, and may lag behind."""
        if number in self._people:
            self._people[number].held = held
            self._people[number].far_since_s = None

    def update(
        self, tracks: Iterable[Track], robot_m: Point2, *, robot_stands: bool, minute_of_day: float, now_s: float,
    ) -> list[PresenceEvent]:
        """Look at what is followed now; return who came and who left."""
        self._forget(now_s)
        people, perhaps = self._sight.sort(tracks)
        events: list[PresenceEvent] = []
        for track, person in self._paired(people, perhaps, now_s):
            person.place_m, person.seen_s, person.track_id = track.position_m, now_s, track.track_id
            if not person.present:
                events += self._look_whether_came(track, person, robot_m, robot_stands, minute_of_day, now_s)
        for person in self._people.values():
            if person.present and self._has_left(person, robot_m, now_s):
                person.present, person.near_since_s = False, None
                person.went_off, person.far_since_s = person.far_since_s is not None, None
                events.append(PresenceEvent(PresenceKind.LEFT, person.number))
        return events

    def _look_whether_came(
        self, track: Track, person: _Person, robot_m: Point2, robot_stands: bool, minute_of_day: float, now_s: float,
    ) -> list[PresenceEvent]:
        settings = self._settings
        near = math.dist(track.position_m, robot_m) <= settings.engage_m and track.speed_m_s <= settings.standing_m_s
        # A robot that drives past somebody has not been come up to.
        if not near or not robot_stands or person.on_duty or not self._ground.is_visitor(
                track.position_m, minute_of_day):
            person.near_since_s = None
            return []
        if person.near_since_s is None:
            person.near_since_s = now_s
        dwell_s = settings.dwell_s if self._has_come_nearer(track, robot_m, now_s) else settings.still_dwell_s
        if now_s - person.near_since_s < dwell_s or len(self.present) >= settings.most:
            return []
        person.present, person.went_off, person.far_since_s = True, False, None
        if now_s - person.greeted_s < settings.memory_s:
            return [PresenceEvent(PresenceKind.RETURNED, person.number)]
        person.greeted_s = now_s
        return [PresenceEvent(PresenceKind.CAME, person.number)]

    def _has_come_nearer(self, track: Track, robot_m: Point2, now_s: float) -> bool:
        before = [math.dist((x, y), robot_m) for stamp_s, x, y in track.path
                  if now_s - stamp_s <= self._settings.approach_s + self._settings.dwell_s]
        return max(before, default=0.0) - math.dist(track.position_m, robot_m) >= self._settings.approach_m

    def _has_left(self, person: _Person, robot_m: Point2, now_s: float) -> bool:
        if person.held:
            return False
        if now_s - person.seen_s > self._settings.lost_s:
            return True
        if math.dist(person.place_m, robot_m) <= self._settings.leave_m:
            person.far_since_s = None
            return False
        if person.far_since_s is None:
            person.far_since_s = now_s
        return now_s - person.far_since_s >= self._settings.leave_s

    def _paired(
        self, tracks: Sequence[Track], perhaps: Sequence[Track], now_s: float,
    ) -> list[tuple[Track, _Person]]:
        """Return each track with its person: the one it was, the one who was lost there, or a new one.

        What is ``perhaps`` a person is only one who was there and has been lost.
        """
        followed = {person.track_id: person for person in self._people.values()}
        current = {track.track_id for track in tracks}
        lost = [person for person in self._people.values()
                if person.track_id not in current and now_s - person.seen_s <= self._settings.same_person_s
                and not self._is_gone(person, now_s)]
        pairs: list[tuple[Track, _Person]] = []
        for track in tracks:
            person = followed.get(track.track_id)
            if person is None or self._is_gone(person, now_s):
                person = self._known_again(track, lost, now_s) or self._new(track, now_s)
                if person in lost:
                    lost.remove(person)
            pairs.append((track, person))
        for track in perhaps:
            person = self._known_again(track, [each for each in lost if each.present], now_s)
            if person is not None:
                lost.remove(person)
                self._sight.recognise(track)
                pairs.append((track, person))
        return pairs

    def _is_gone(self, person: _Person, now_s: float) -> bool:
        """Tell whether somebody went off and out of sight: whoever has his track then is somebody else."""
        return person.went_off and not person.on_duty and now_s - person.seen_s > self._settings.gone_s

    def _known_again(self, track: Track, lost: Sequence[_Person], now_s: float) -> _Person | None:
        def reach_m(person: _Person) -> float:
            gap_s = now_s - person.seen_s
            return self._settings.same_place_m + (_WALKED_M_S * gap_s if gap_s <= _WALKED_S else 0.0)

        near = [person for person in lost if math.dist(person.place_m, track.position_m) <= reach_m(person)]
        return min(near, key=lambda person: math.dist(person.place_m, track.position_m), default=None)

    def _new(self, track: Track, now_s: float) -> _Person:
        self._begun += 1
        person = self._people[self._begun] = _Person(self._begun, track.track_id, track.position_m, now_s)
        return person

    def _forget(self, now_s: float) -> None:
        """Forget who was not seen for long; a clock that was set back begins anew."""
        self._people = {
            number: person for number, person in self._people.items()
            if person.present or 0.0 <= now_s - person.seen_s <= self._settings.memory_s}

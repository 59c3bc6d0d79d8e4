"""What all rules about people and things ask of a situation, worked out once for each situation."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass
from enum import Enum

from lepatrol.model.findings import ThingKind
from lepatrol.model.site import Zone
from lepatrol.model.tracks import Track, TrackState
from lepatrol.perception.rules.ground import Ground, Spot, in_hours
from lepatrol.perception.situation import Situation
from lepatrol.settings.rules import SizeSettings

_STARTING_S = 1.0
_WALKING_M_S = 0.4
_TIDY_FROM = 64
_STEPS, _FEW_STEPS, _STEADY_S = 12, 5, 5.0
_STRAIGHT, _TREMBLE_M_S = 0.65, 0.6
_FORGET_AFTER_S = 300.0


class Right(Enum):
    """By what right somebody is where he is."""

    FORBIDDEN = 'in a guarded zone, and not allowed there'
    COVERED = 'in a guarded zone, and allowed there'
    OPEN = 'where anybody may be'
    NONE = 'in no zone that says who may be there'


@dataclass(frozen=True, slots=True)
class Suspect:
    """A person, vehicle, or unknown thing that may be one.

    ``is_sure`` says that its kind is believed rather than guessed from its width; ``present`` and ``allowed`` count
    its like in ``zone``.
    """

    track: Track
    kind: ThingKind
    is_sure: bool
    has_moved: bool
    spot: Spot
    right: Right
    zone: Zone | None
    present: int = 1
    allowed: int = 0

    @property
    def is_person(self) -> bool:
        """Tell whether it is a person or as wide and high as one."""
        return self.kind is not ThingKind.VEHICLE

    @property
    def is_seen(self) -> bool:
        """Tell whether it is in sight and old enough to be spoken of."""
        return self.track.state is TrackState.SEEN

    @property
    def confidence(self) -> float:
        """Return how sure it is that somebody is there: by kind and by number of sightings."""
        kinds = self.track.kinds
        harmless = kinds.get(ThingKind.ANIMAL, 0.0) + kinds.get(ThingKind.OBJECT, 0.0)
        return min(max((1.0 - harmless) * (1.0 - 0.5 * math.exp(-self.track.sightings / 5.0)), 0.05), 0.99)


@dataclass(frozen=True, slots=True)
class Reading:
    """A situation's people and vehicles in sight, and the things that are neither."""

    suspects: tuple[Suspect, ...]
    things: tuple[tuple[Track, ThingKind], ...]


class Reader:
    """Reads situations; the last reading is kept, so that every rule may ask for it."""

    def __init__(self, ground: Ground, sizes: SizeSettings) -> None:
        """Keep what the site says and what a person measures."""
        self.ground = ground
        self._sizes = sizes
        self._situation: Situation | None = None
        self._moved: dict[int, float] = {}
        self._steps: dict[int, deque[tuple[float, float, float]]] = {}
        self._reading = Reading((), ())

    def read(self, situation: Situation) -> Reading:
        """Return the reading of a situation; hidden tracks are left out, they are nowhere for certain."""
        if situation is not self._situation:
            self._reading = self._make(situation)
            self._situation = situation
        return self._reading

    def _make(self, situation: Situation) -> Reading:
        if self._situation is not None and situation.now_s < self._situation.now_s:
            self._moved.clear()
            self._steps.clear()
        suspects: list[tuple[Track, ThingKind, bool, bool]] = []
        things: list[tuple[Track, ThingKind]] = []
        for track in situation.tracks:
            if track.state is TrackState.HIDDEN or not all(map(math.isfinite, track.position_m)):
                continue
            kind = track.kind
            if kind is ThingKind.UNKNOWN and not self._is_steady(track):
                continue
            has_moved = track.track_id in self._moved or self._moves(track)
            if has_moved:
                self._moved[track.track_id] = track.last_seen_s
            if self._may_be_somebody(track, kind, has_moved):
                suspects.append((track, kind, self._is_sure(track, kind), has_moved))
            elif kind in (ThingKind.OBJECT, ThingKind.UNKNOWN):
                things.append((track, kind))
        if len(self._moved) > _TIDY_FROM:
            self._moved = {key: stamp_s for key, stamp_s in self._moved.items()
                           if stamp_s > situation.now_s - _FORGET_AFTER_S}
        if len(self._steps) > _TIDY_FROM:
            self._steps = {key: steps for key, steps in self._steps.items()
                           if steps[-1][0] > situation.now_s - _STEADY_S}
        return Reading(self._judge_rights(suspects, situation.minute_of_day), tuple(things))

    def _is_steady(self, track: Track) -> bool:
        """Tell whether an unknown thing stands or goes somewhere; what rain leaves hops about and gets nowhere."""
        x, y = track.position_m
        steps = self._steps.get(track.track_id)
        if steps is None or track.last_seen_s < steps[-1][0]:
            steps = self._steps[track.track_id] = deque(maxlen=_STEPS)
        if not steps or track.last_seen_s > steps[-1][0]:
            steps.append((track.last_seen_s, x, y))
        if len(steps) < _FEW_STEPS:
            return True
        since_s, first_x, first_y = steps[0]
        travelled = 0.0
        before_x, before_y = first_x, first_y
        for _, at_x, at_y in steps:
            travelled += math.hypot(at_x - before_x, at_y - before_y)
            before_x, before_y = at_x, at_y
        got_m = math.hypot(x - first_x, y - first_y)
        return got_m >= _STRAIGHT * travelled or travelled <= _TREMBLE_M_S * (track.last_seen_s - since_s)

    def _may_be_somebody(self, track: Track, kind: ThingKind, has_moved: bool) -> bool:
        if kind in (ThingKind.PERSON, ThingKind.VEHICLE):
            return True
        if kind is not ThingKind.UNKNOWN:
            return False
        sizes = self._sizes
        width, height = track.width_m, track.height_m
        if height is not None and not sizes.min_person_height_m <= height <= sizes.max_person_height_m:
            return False
        if width is not None and width > sizes.max_person_width_m:
            return has_moved
        return height is not None if width is None else width >= sizes.min_person_width_m

    def _is_sure(self, track: Track, kind: ThingKind) -> bool:
        return kind is not ThingKind.UNKNOWN and track.kinds[kind] >= self._sizes.sure_from

    def _moves(self, track: Track) -> bool:
        """Tell whether a thing came here while it was watched, or is walking now; it is remembered."""
        if track.standing_since_s - track.first_seen_s <= _STARTING_S and (
                track.last_seen_s - track.standing_since_s > _STARTING_S):
            return False
        if track.path:
            _, x, y = track.path[0]
            away = math.hypot(track.position_m[0] - x, track.position_m[1] - y)
            if away > max(self._sizes.moved_m, 3.0 * track.deviation_m):
                return True
        return (track.speed_m_s > _WALKING_M_S and track.last_seen_s - track.standing_since_s < _STARTING_S
                and track.last_seen_s - track.first_seen_s > _STARTING_S)

    def _judge_rights(
        self, found: list[tuple[Track, ThingKind, bool, bool]], minute: float,
    ) -> tuple[Suspect, ...]:
        """Say of everybody whether he may be there: of more than a zone allows, the last to come may not."""
        suspects: list[Suspect] = []
        guarded: dict[tuple[str, str], list[tuple[Track, ThingKind, bool, bool, Spot, Zone]]] = {}
        for track, kind, is_sure, has_moved in found:
            spot = self.ground.at(track.position_m)
            zone = next((zone for zone in spot.restricted if in_hours(zone.hours, minute)), None)
            if zone is not None:
                word = 'vehicle' if kind is ThingKind.VEHICLE else 'person'
                guarded.setdefault((zone.name, word), []).append((track, kind, is_sure, has_moved, spot, zone))
                continue
            free = (*spot.public, *spot.restricted)
            suspects.append(Suspect(track, kind, is_sure, has_moved, spot, Right.OPEN if free else Right.NONE,
                                    free[0] if free else None))
        for (_, word), members in guarded.items():
            allowed = self.ground.allowed(members[0][5], word, minute)
            members.sort(key=lambda member: (
                member[0].state is not TrackState.SEEN, member[0].first_seen_s, member[0].track_id))
            for i, (track, kind, is_sure, has_moved, spot, zone) in enumerate(members):
                suspects.append(Suspect(
                    track, kind, is_sure, has_moved, spot, Right.COVERED if i < allowed else Right.FORBIDDEN, zone,
                    len(members), allowed))
        return tuple(suspects)

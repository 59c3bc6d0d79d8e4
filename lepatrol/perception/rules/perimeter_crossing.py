"""Somebody who crossed the perimeter line."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lepatrol.model.alerts import AlertKind, Claim, Severity
from lepatrol.model.site import Point2
from lepatrol.perception.rules.ground import distance_m, in_hours
from lepatrol.perception.rules.reading import Reader, Right, Suspect
from lepatrol.perception.rules.rule import Rule
from lepatrol.perception.rules.words import named, seconds, thing
from lepatrol.perception.situation import Situation
from lepatrol.settings.rules import PerimeterCrossingSettings

_FORGET_AFTER_S = 30.0


@dataclass(slots=True)
class _Side:
    """On which side of the line somebody was last for certain, and sightings beyond it since."""

    is_inside: bool
    place_m: Point2
    stamp_s: float
    was_covered: bool
    alive_s: float
    beyond: int = 0
    beyond_m: Point2 = (0.0, 0.0)
    beyond_s: float = 0.0


class PerimeterCrossing(Rule):
    """A followed person or vehicle was on one side of the perimeter line and then on the other.

    A side counts only clear of the line by a margin that grows with the uncertainty, so that somebody who walks along
    the line, or a position that jitters across it, is no crossing. Who is allowed in the zone he comes from or goes to
    may cross, and so may anybody through a gate in its open hours.
    """

    name = 'perimeter_crossing'

    def __init__(self, reader: Reader, settings: PerimeterCrossingSettings) -> None:
        """Begin with nobody on either side."""
        self._reader = reader
        self._settings = settings
        self._sides: dict[int, _Side] = {}

    def reset(self) -> None:
        """Forget who was where."""
        self._sides.clear()

    def judge(self, situation: Situation) -> list[Claim]:
        """Return a claim for each crossing that was completed just now."""
        claims = []
        for suspect in self._reader.read(situation).suspects:
            claim = self._follow(suspect, situation)
            if claim:
                claims.append(claim)
        if len(self._sides) > 64:
            self._sides = {key: side for key, side in self._sides.items()
                           if side.alive_s > situation.now_s - _FORGET_AFTER_S}
        return claims

    def _follow(self, suspect: Suspect, situation: Situation) -> Claim | None:
        track = suspect.track
        inside_m = suspect.spot.perimeter_m
        margin = min(max(self._settings.margin_m, 2.0 * track.deviation_m), self._settings.max_margin_m)
        side = self._sides.get(track.track_id)
        stamp_s = track.last_seen_s
        if side is not None:
            side.alive_s = stamp_s
        if math.isnan(inside_m) or abs(inside_m) < margin:
            return None
        is_inside = inside_m > 0.0
        covered = suspect.right is Right.COVERED
        if side is None:
            self._sides[track.track_id] = _Side(is_inside, track.position_m, stamp_s, covered, stamp_s)
            return None
        if side.is_inside == is_inside:
            side.place_m, side.stamp_s, side.was_covered, side.beyond = track.position_m, stamp_s, covered, 0
            return None
        if side.beyond == 0 or stamp_s > side.beyond_s:
            if side.beyond == 0:
                side.beyond_m = track.position_m
            side.beyond += 1
            side.beyond_s = stamp_s
        if side.beyond < self._settings.min_updates or not suspect.is_seen:
            return None
        self._sides[track.track_id] = _Side(is_inside, track.position_m, stamp_s, covered, stamp_s)
        if covered or side.was_covered:
            return None
        return self._claim(suspect, side, situation)

    def _claim(self, suspect: Suspect, side: _Side, situation: Situation) -> Claim | None:
        track = suspect.track
        where = self._reader.ground.crossing(side.place_m, side.beyond_m)
        spot = self._reader.ground.at(where)
        if spot.gate and in_hours(spot.gate[0].open_hours, situation.minute_of_day) and spot.gate[0].open_hours:
            gate = spot.gate[0]
            if distance_m((*gate.start, *gate.end), where) <= self._settings.gate_distance_m:
                return None
        way = 'out of' if side.is_inside else 'into'
        near = min((part for part in (spot.fence, spot.gate) if part), key=lambda part: part[1], default=None)
        at = f'at {named(near[0])}' if near else f'at ({where[0]:.1f}, {where[1]:.1f})'
        return Claim(
            track.last_seen_s, self.name, AlertKind.PERIMETER_CROSSING,
            f'track-{track.track_id}-{"out" if side.is_inside else "in"}', Severity.CRITICAL, suspect.confidence,
            f'{thing(track, suspect.kind)} went {way} the perimeter {at} within '
            f'{seconds(track.last_seen_s - side.stamp_s)} and is now {abs(suspect.spot.perimeter_m):.1f} m '
            f'{"outside" if side.is_inside else "inside"}; nobody may cross there',
            where, track.deviation_m, spot.zone_name or suspect.spot.zone_name, track.box)

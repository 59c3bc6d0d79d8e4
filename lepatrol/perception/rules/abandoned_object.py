"""A thing that was left."""

from __future__ import annotations

import math
from dataclasses import dataclass

from lepatrol.model.alerts import AlertKind, Claim, Severity
from lepatrol.model.findings import ThingKind
from lepatrol.model.geometry import Pose2, wrap_angle
from lepatrol.model.site import Point2
from lepatrol.model.tracks import Track, TrackState
from lepatrol.perception.rules.ground import between_m
from lepatrol.perception.rules.reading import Reader, Reading
from lepatrol.perception.rules.rule import Rule
from lepatrol.perception.rules.words import seconds, size
from lepatrol.perception.situation import Situation
from lepatrol.settings.rules import AbandonedObjectSettings

_LONGEST_STEP_S = 0.5
_CARRIED_M = 2.0
_SETTLED_S = 1.0
_STANDS_S = 1.5
"""Who walks has left the place where he seems to stand before so long."""
_BIRD_M = (0.4, 0.2)
"""What is narrower and lower than this may be a bird that sits."""
_TELL_S = 3.0
_AHEAD_RAD, _BELOW_M = 0.5, 2.0
"""What is this near to the robot's heading is before its camera, unless it is so near that it is below the picture."""
_FORGET_AFTER_S = 60.0


@dataclass(slots=True)
class _Watch:
    """How long a thing was watched standing alone: only time in sight counts."""

    first_m: Point2
    first_deviation_m: float
    last_s: float
    alone_s: float = 0.0
    looks: int = 0
    was_carried: bool = False
    nearest_m: float = math.inf
    """How near the robot came while it was in sight."""


class AbandonedObject(Rule):
    """A thing of a bag's or a crate's size stands where it does not belong, and nobody is near it.

    The robot walks by, so little time is asked for, and time out of sight does not count. As long as the thing is in
    sight it may yet get up and be a cat, so it is reported when the robot has passed it, or after a longer time when
    the robot is so near that an animal would have fled. What vanishes before the robot's eyes has flown away. A thing
    with a person next to it waits until he has left. What came there by itself was blown by the wind. Kinds of thing
    that the zone allows are left alone, up to their number.
    """

    name = 'abandoned_object'

    def __init__(self, reader: Reader, settings: AbandonedObjectSettings) -> None:
        """Begin with nothing left."""
        self._reader = reader
        self._settings = settings
        self._watches: dict[int, _Watch] = {}

    def reset(self) -> None:
        """Forget every thing."""
        self._watches.clear()

    def judge(self, situation: Situation) -> list[Claim]:
        """Return a claim for each thing left alone."""
        reading = self._reader.read(situation)
        left = [(track, watch) for track, kind in reading.things
                if self._is_left(track, kind) for watch in [self._watch(track, reading, situation)]
                if self._is_due(track, watch, self._in_sight_s(track, situation))]
        left += [(track, watch) for track in situation.tracks
                 if track.state is TrackState.HIDDEN and situation.now_s - track.last_seen_s <= _TELL_S
                 and not _is_before(situation.robot_pose, track.position_m)
                 for watch in [self._watches.get(track.track_id)]
                 if watch is not None and watch.nearest_m <= self._settings.passed_m
                 and self._is_left(track, track.kind)
                 and self._is_due(track, watch, self._settings.after_s)]
        if len(self._watches) > 64:
            self._watches = {key: watch for key, watch in self._watches.items()
                             if watch.last_s > situation.now_s - _FORGET_AFTER_S}
        claims = []
        tolerated: dict[str, int] = {}
        for track, watch in sorted(left, key=lambda entry: (entry[0].first_seen_s, entry[0].track_id)):
            zones = self._reader.ground.at(track.position_m).zones
            allowing = next((zone for zone in zones
                             if self._reader.ground.allowed(zone, 'object', situation.minute_of_day)), None)
            if allowing is not None:
                tolerated[allowing.name] = tolerated.get(allowing.name, 0) + 1
                if tolerated[allowing.name] <= self._reader.ground.allowed(
                        allowing, 'object', situation.minute_of_day):
                    continue
            claims.append(self._claim(track, watch, zones[0].name if zones else ''))
        return claims

    def _is_due(self, track: Track, watch: _Watch, after_s: float) -> bool:
        return (watch.alone_s >= after_s - 1e-6 and watch.looks >= self._settings.min_updates
                and track.last_seen_s - track.standing_since_s >= _STANDS_S and not self._was_blown(track, watch))

    def _in_sight_s(self, track: Track, situation: Situation) -> float:
        """Return how long a thing in sight must have stood alone."""
        settings = self._settings
        is_large = max(track.width_m or 0.0, track.height_m or 0.0) > settings.large_m
        is_near = _away_m(situation.robot_pose, track.position_m) <= settings.flees_m
        return settings.at_once_s if is_large or is_near else max(settings.far_s, settings.at_once_s)

    def _is_left(self, track: Track, kind: ThingKind) -> bool:
        settings = self._settings
        sizes = [length for length in (track.width_m, track.height_m) if length is not None]
        if not sizes or max(sizes) < settings.min_size_m or track.deviation_m > settings.max_deviation_m:
            return False
        if track.height_m is None:
            return kind is ThingKind.OBJECT
        may_be_bird = track.height_m < _BIRD_M[1] and (track.width_m or 0.0) < _BIRD_M[0]
        return (kind in (ThingKind.OBJECT, ThingKind.UNKNOWN) and track.height_m <= settings.max_height_m
                and not may_be_bird)

    def _watch(self, track: Track, reading: Reading, situation: Situation) -> _Watch:
        stamp_s = track.last_seen_s
        watch = self._watches.get(track.track_id)
        if watch is None:
            watch = self._watches[track.track_id] = _Watch(track.position_m, track.deviation_m, stamp_s)
        step_s = stamp_s - watch.last_s
        if step_s <= 0.0:
            return watch
        watch.last_s = stamp_s
        watch.nearest_m = min(watch.nearest_m, _away_m(situation.robot_pose, track.position_m))
        nearest = min((between_m(suspect.track.position_m, track.position_m) for suspect in reading.suspects
                       if suspect.is_sure or suspect.has_moved), default=math.inf)
        watch.was_carried = watch.was_carried or nearest <= _CARRIED_M
        moves = track.speed_m_s > self._settings.max_speed_m_s and stamp_s - track.standing_since_s < _SETTLED_S
        if nearest <= self._settings.alone_m or moves:
            watch.alone_s, watch.looks = 0.0, 0
        elif step_s <= _LONGEST_STEP_S:
            watch.alone_s += step_s
            watch.looks += 1
        return watch

    def _was_blown(self, track: Track, watch: _Watch) -> bool:
        """Tell whether a thing came where it is while it was followed, and nobody was by it."""
        came_m = between_m(watch.first_m, track.position_m)
        doubt_m = 3.0 * (track.deviation_m + watch.first_deviation_m)
        if track.path and track.standing_since_s - track.first_seen_s > _SETTLED_S:
            came_m = max(came_m, between_m(track.path[0][1:], track.position_m))
            doubt_m = 3.0 * track.deviation_m
        return not watch.was_carried and came_m > max(self._settings.blown_m, doubt_m)

    def _claim(self, track: Track, watch: _Watch, zone: str) -> Claim:
        return Claim(
            track.last_seen_s, self.name, AlertKind.ABANDONED_OBJECT, f'track-{track.track_id}', Severity.WARNING,
            min(max(track.confidence, 0.05), 0.99),
            f'a thing ({size(track.width_m, track.height_m)}) that does not belong there was watched standing for '
            f'{seconds(watch.alone_s)} with nobody within {self._settings.alone_m:g} m of it; '
            f'the limit is {seconds(self._settings.after_s)}',
            track.position_m, track.deviation_m, zone, track.box)


def _away_m(robot: Pose2 | None, place_m: Point2) -> float:
    """Return how far the robot is from a place, 0 where it is not known where the robot is."""
    return 0.0 if robot is None else between_m((robot.x_m, robot.y_m), place_m)


def _is_before(robot: Pose2 | None, place_m: Point2) -> bool:
    """Tell whether a robot faces a place."""
    if robot is None or _away_m(robot, place_m) < _BELOW_M:
        return False
    bearing = math.atan2(place_m[1] - robot.y_m, place_m[0] - robot.x_m)
    return abs(wrap_angle(bearing - robot.yaw_rad)) < _AHEAD_RAD

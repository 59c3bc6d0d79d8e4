"""Tracks: sightings of the lidar and the camera fused over time, each thing under one id."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Sequence

import numpy as np
from scipy.stats import chi2

from lepatrol.model.findings import SensorKind, Sighting, ThingKind
from lepatrol.model.geometry import Floats
from lepatrol.model.site import Point2
from lepatrol.model.tracks import Track, TrackState
from lepatrol.perception.assignment import assign, pair_costs
from lepatrol.perception.kalman import MotionBank
from lepatrol.perception.occlusion import CameraView, behind_others
from lepatrol.perception.track_record import TrackRecord
from lepatrol.settings.tracking import TrackingSettings

_LOOK_EVERY_S = 0.15
"""So often it is asked whether the lidar ought to see a thing that it does not see."""
_LONGEST_LOOK_S = 0.3
"""A miss counts for no longer than this: a lidar that was silent did not miss anything meanwhile."""
_TENTATIVE_COST = 1.0
"""A confirmed track is preferred to a tentative one that fits about as well."""
_USUAL_WIDTH_M = 0.5


class Tracker:
    """Follows things from the sightings of both sensors.

    ``blocked`` tells whether a static occluder stands between two points. ``exits`` tells where a thing hidden around a
    place (second) can come into sight of the sensor (first) within a reach in metres: see :class:`Occluders`, which
    provides both. Without them nothing hides and all is out in the open.
    """

    def __init__(
        self, settings: TrackingSettings,
        blocked: Callable[[Point2, Point2], bool] | None = None,
        exits: Callable[[Point2, Point2, float], tuple[Point2, ...]] | None = None,
    ) -> None:
        """Start without tracks."""
        self._settings = settings
        self._blocked = blocked
        self._exits = exits
        self._gate = float(chi2.ppf(settings.gate_probability, 2))
        self._camera_factor = math.sqrt(settings.camera_likeness)
        self._ids = itertools.count(1)
        self._records: list[TrackRecord] = []
        self._bank = MotionBank(settings.motion)
        self._near_since_s: dict[tuple[int, int], float] = {}
        self._now_s = -math.inf
        self._gone: tuple[int, ...] = ()
        self._tracks: tuple[Track, ...] = ()
        self.refused = 0
        """Sightings not used so far: not finite, too late or ahead of time."""

    def update(
        self, sightings: Sequence[Sighting], now_s: float,
        sensor_position_m: Point2 | None = None, camera_view: CameraView | None = None,
    ) -> tuple[Track, ...]:
        """Take in sightings of any sensors and stamps, in any order, and return all live tracks as of ``now_s``.

        ``sensor_position_m`` comes with each scan, with or without sightings in it: where the lidar looked all round
        from. ``camera_view`` likewise comes with each picture that was searched. What they ought to have shown and did
        not is forgotten; what they could not show is remembered. Neither is given where nobody has looked.

        Time that runs backwards starts tracking anew, with new ids. A ``now_s`` that is no finite number changes
        nothing.
        """
        self._gone = ()
        if not math.isfinite(now_s):
            return self._tracks
        if now_s < self._now_s - self._settings.backwards_s:
            self.reset()
        self._now_s = max(self._now_s, now_s)
        seen: set[int] = set()
        for batch in self._batches(sightings):
            seen |= self._take(batch)
        self._predict(self._now_s)
        if sensor_position_m is not None and all(map(math.isfinite, sensor_position_m)):
            self._miss_in_scan(sensor_position_m, seen)
        if camera_view is not None:
            self._miss_in_picture(camera_view, seen)
        self._forget()
        self._merge()
        if sensor_position_m is not None:
            self._find_exits(sensor_position_m)
        self._tracks = self._report()
        return self._tracks

    def gone(self) -> tuple[int, ...]:
        """Return the ids of tracks that the last update (or reset) has ended."""
        return self._gone

    def reset(self) -> None:
        """Forget all tracks; ids go on counting."""
        self._gone = tuple(record.track_id for record in self._records)
        self._records, self._bank, self._near_since_s = [], MotionBank(self._settings.motion), {}
        self._now_s = -math.inf
        self._tracks = ()

    def _batches(self, sightings: Iterable[Sighting]) -> list[list[Sighting]]:
        """Return the usable sightings by stamp and sensor, oldest first, each batch in an order of its own."""
        usable = []
        for sighting in sightings:
            if _is_sound(sighting) and -self._settings.late_s <= sighting.stamp_s - self._now_s <= 0.05:
                usable.append(sighting)
            else:
                self.refused += 1
        usable.sort(key=_order)
        batches = [list(batch) for _, batch in itertools.groupby(usable, key=lambda one: (one.stamp_s, one.sensor))]
        return [_without_copies(batch) for batch in batches]

    def _take(self, batch: list[Sighting]) -> set[int]:
        """Give the sightings of one sensor and stamp to tracks, make new ones of the rest; return ids seen."""
        stamp_s = batch[0].stamp_s
        self._predict(stamp_s)
        positions = np.array([sighting.position_m for sighting in batch], dtype=np.float64)
        covariances = np.array([self._covariance(sighting) for sighting in batch])
        noise = covariances[None, :] + self._jitter(batch[0].sensor)[:, None]
        costs = pair_costs(self._bank.guesses(stamp_s), positions, noise, self._gate)
        costs[[not record.is_confirmed for record in self._records]] += _TENTATIVE_COST
        finite = costs[np.isfinite(costs)]
        pairs = assign(costs, float(finite.max(initial=0.0)) + self._gate)
        fixes = [(row, column) for row, column in pairs if self._records[row].is_new_to(batch[column])]
        for row, column in pairs:
            self._records[row].take(batch[column])
        if fixes:
            rows, columns = np.array(fixes, dtype=np.intp).T
            self._bank.update(rows, positions[columns], noise[rows, columns], stamp_s)
            walked, _ = self._bank.places()
            for row in rows.tolist():
                self._records[row].walk((float(walked[row, 0]), float(walked[row, 1])), stamp_s)
        seen = {self._records[row].track_id for row, _ in pairs}
        taken = [column for _, column in pairs]
        born = self._newborn(positions, taken)
        if born:
            self._bank.add(positions[born], covariances[born], stamp_s)
            for column in born:
                record = TrackRecord(next(self._ids), batch[column], self._settings)
                record.take(batch[column])
                record.walk(batch[column].position_m, stamp_s)
                self._records.append(record)
                seen.add(record.track_id)
        return seen

    def _newborn(self, positions_m: Floats, taken: list[int]) -> list[int]:
        """Return which sightings become tracks: those of no track, and not a second part of a thing just seen."""
        known, born = list(taken), []
        for column in range(len(positions_m)):
            if column in taken:
                continue
            away = np.hypot(*(positions_m[known] - positions_m[column]).T)
            if not (away < self._settings.merge_distance_m).any():
                born.append(column)
                known.append(column)
        return born

    def _covariance(self, sighting: Sighting) -> list[list[float]]:
        """Return the covariance of a sighting's position.

        A lidar's is round. A camera knows the direction well and the range badly: its covariance is an ellipse along
        the line of sight, unless a lidar has made the range good.
        """
        along = max(sighting.deviation_m, self._settings.deviation_floor_m)
        across = along
        x = sighting.position_m[0] - sighting.seen_from_m[0]
        y = sighting.position_m[1] - sighting.seen_from_m[1]
        length = math.hypot(x, y)
        if sighting.sensor is SensorKind.CAMERA and length > 1e-6:
            across = min(along, max(self._settings.camera_bearing_deviation_rad * length,
                                    self._settings.deviation_floor_m))
            x, y = x / length, y / length
            along, across = along * self._camera_factor, across * self._camera_factor
        else:
            x, y = 1.0, 0.0
        more = along * along - across * across
        return [[across * across + more * x * x, more * x * y], [more * x * y, across * across + more * y * y]]

    def _jitter(self, sensor: SensorKind) -> Floats:
        """Return each track's (n, 2, 2) noise that sightings by this sensor do not own up to."""
        if sensor is not SensorKind.LIDAR:
            return np.zeros((len(self._records), 2, 2))
        jitters = np.array([record.jitter_m2 for record in self._records], dtype=np.float64).reshape(-1, 3)
        return jitters[:, [0, 1, 1, 2]].reshape(-1, 2, 2)

    def _predict(self, stamp_s: float) -> None:
        """Carry all motion on to ``stamp_s``."""
        after = self._settings.hidden_after_s
        unseen = np.array([stamp_s - record.last_seen_s > after for record in self._records], dtype=np.bool_)
        frozen = np.array([hidden and self._stands_low(record) for hidden, record in zip(
            unseen.tolist(), self._records, strict=True)], dtype=np.bool_)
        self._bank.predict(stamp_s, unseen, frozen)

    def _stands_low(self, record: TrackRecord) -> bool:
        """Tell whether it is a low thing that was standing when it was last seen: a bag, not a cat."""
        return record.is_low and record.last_seen_s - record.standing_since_s >= self._settings.merge_after_s

    def _miss_in_scan(self, sensor_m: Point2, seen: set[int]) -> None:
        """Count the time for which the lidar ought to see things and does not."""
        due = [row for row, record in enumerate(self._records)
               if record.track_id not in seen and not record.is_low and self._now_s - record.looked_s >= _LOOK_EVERY_S]
        if not due:
            return
        places, spreads = self._bank.places()
        others = [((float(places[row, 0]), float(places[row, 1])), record.width_m or _USUAL_WIDTH_M)
                  for row, record in enumerate(self._records) if record.track_id in seen]
        for row in due:
            record, middle = self._records[row], (float(places[row, 0]), float(places[row, 1]))
            span = min(self._now_s - record.looked_s, _LONGEST_LOOK_S)
            record.looked_s = self._now_s
            record.is_far = math.dist(middle, sensor_m) > self._settings.lidar_range_m
            if not record.is_far and self._is_visible(sensor_m, middle, spreads[row], others):
                record.missed_s += span

    def _is_visible(
        self, sensor_m: Point2, middle: Point2, spread: Floats, others: Sequence[tuple[Point2, float]],
    ) -> bool:
        """Tell whether a thing is in the lidar's sight wherever across the line of sight, within a sigma, it may be."""
        if behind_others(sensor_m, middle, others):
            return False
        if self._blocked is None:
            return True
        if self._blocked(sensor_m, middle):
            return False
        x, y = middle[0] - sensor_m[0], middle[1] - sensor_m[1]
        away, sigma = math.hypot(x, y), math.sqrt(max(float(spread[0, 0]), float(spread[1, 1])))
        if sigma < 0.3 or away < 1e-6:
            return True
        dx, dy = -y / away * sigma, x / away * sigma
        return not any(self._blocked(sensor_m, (middle[0] + sign * dx, middle[1] + sign * dy)) for sign in (-1.0, 1.0))

    def _miss_in_picture(self, view: CameraView, seen: set[int]) -> None:
        """Count the pictures that ought to show low things and do not."""
        places = None
        for row, record in enumerate(self._records):
            if not record.is_low or record.track_id in seen:
                continue
            places = self._bank.places()[0] if places is None else places
            middle = (float(places[row, 0]), float(places[row, 1]))
            if view.covers(middle) and not (self._blocked and self._blocked(view.position_m, middle)):
                record.missed_pictures += 1

    def _forget(self) -> None:
        """End the tracks of things that are not there any more or too long out of sight."""
        stays = [self._is_kept(record) for record in self._records]
        if not all(stays):
            self._keep([row for row, stay in enumerate(stays) if stay])

    def _is_kept(self, record: TrackRecord) -> bool:
        """Tell whether a track is worth keeping."""
        settings, unseen_s = self._settings, self._now_s - record.last_seen_s
        if not record.is_confirmed:
            return unseen_s <= record.tentative_keep_s
        if record.is_low:
            if record.missed_pictures >= settings.low_misses:
                return False
            return unseen_s <= (settings.low_keep_s if self._stands_low(record) else settings.hidden_keep_s)
        if record.missed_s > settings.fade_s:
            return False
        return unseen_s <= settings.hidden_keep_s or (record.is_far and unseen_s <= settings.far_keep_s)

    def _keep(self, rows: list[int]) -> None:
        """Keep these rows alone."""
        kept = {self._records[row].track_id for row in rows}
        self._gone += tuple(record.track_id for record in self._records if record.track_id not in kept)
        self._records = [self._records[row] for row in rows]
        self._bank.keep(np.array(rows, dtype=np.intp))

    def _merge(self) -> None:
        """Drop the younger of two tracks that have been in one place, moving alike, for long enough."""
        if len(self._records) < 2:
            self._near_since_s = {}
            return
        places, _ = self._bank.places()
        apart = places[:, None] - places[None, :]
        near = (apart ** 2).sum(axis=2) < self._settings.merge_distance_m ** 2
        older, younger = np.nonzero(np.triu(near, 1))
        if not len(older):
            self._near_since_s = {}
            return
        velocities = self._bank.velocities_m_s()
        since: dict[tuple[int, int], float] = {}
        dropped: set[int] = set()
        for keep, drop in zip(older.tolist(), younger.tolist(), strict=True):
            one, other = self._records[keep], self._records[drop]
            different = math.dist(velocities[keep], velocities[drop]) >= self._settings.merge_speed_m_s
            if keep in dropped or drop in dropped or different or _are_unlike(one, other):
                continue
            pair = (one.track_id, other.track_id)
            since[pair] = self._near_since_s.get(pair, self._now_s)
            if self._now_s - since[pair] >= self._settings.merge_after_s:
                if other.last_seen_s > one.last_seen_s:
                    self._bank.copy_row(drop, keep)
                one.absorb(other)
                dropped.add(drop)
        self._near_since_s = since
        if dropped:
            self._keep([row for row in range(len(self._records)) if row not in dropped])

    def _find_exits(self, sensor_m: Point2) -> None:
        """Look where one hidden thing can come out: the one that has waited longest, as this is dear."""
        if self._exits is None:
            return
        due = [(record.exits_at_s, row) for row, record in enumerate(self._records)
               if record.is_confirmed and not record.is_low
               and self._now_s - record.last_seen_s > self._settings.hidden_after_s
               and self._now_s - record.exits_at_s >= self._settings.exits_every_s]
        if not due:
            return
        row = min(due)[1]
        record = self._records[row]
        place, velocity = self._bank.places()[0][row], self._bank.velocities_m_s()[row]
        speed = max(self._settings.reach_m_s, float(np.hypot(*velocity)))
        middle = (float(place[0]), float(place[1]))
        reach = min(speed * (self._now_s - record.last_seen_s) + self._settings.reach_margin_m,
                    self._settings.lidar_range_m)
        hidden = self._blocked is not None and self._blocked(sensor_m, middle)
        record.exits = self._exits(sensor_m, middle, reach) if hidden else ()
        record.exits_at_s = self._now_s

    def _report(self) -> tuple[Track, ...]:
        """Return the tracks as they are now."""
        places, spreads = self._bank.places()
        velocities = self._bank.velocities_m_s().tolist()
        tracks = []
        for record, place, velocity, spread in zip(
                self._records, places.tolist(), velocities, spreads.reshape(-1, 4).tolist(), strict=True):
            position = (place[0], place[1])
            hidden = self._now_s - record.last_seen_s > self._settings.hidden_after_s
            if not hidden:
                record.stay(position, math.sqrt(max(spread[0], spread[3])), self._now_s)
            state = (TrackState.TENTATIVE if not record.is_confirmed
                     else TrackState.HIDDEN if hidden else TrackState.SEEN)
            tracks.append(Track(
                record.track_id, state, position, (velocity[0], velocity[1]), (spread[0], spread[1], spread[3]),
                record.first_seen_s, record.last_seen_s, record.standing_since_s, record.kinds, record.sightings,
                record.width_m, record.height_m, record.box_at(self._now_s), record.exits, record.path))
        return tuple(tracks)


def _is_sound(sighting: Sighting) -> bool:
    """Tell whether a sighting's numbers are finite and make sense."""
    numbers = (sighting.stamp_s, *sighting.position_m, sighting.deviation_m, *sighting.seen_from_m,
               sighting.confidence)
    return all(map(math.isfinite, numbers)) and sighting.deviation_m >= 0.0 and 0.0 <= sighting.confidence <= 1.0


def _order(sighting: Sighting) -> tuple[float, str, Point2, float, str, float]:
    """Return what sightings are ordered by, so that the order they come in does not matter."""
    return (sighting.stamp_s, sighting.sensor.value, sighting.position_m, sighting.deviation_m, sighting.kind.value,
            sighting.confidence)


def _without_copies(batch: list[Sighting]) -> list[Sighting]:
    """Keep one of sightings at exactly the same place: the one that a picture has told more of."""
    best: dict[Point2, Sighting] = {}
    for sighting in batch:
        known = best.get(sighting.position_m)
        if known is None or (known.box is None and sighting.box is not None):
            best[sighting.position_m] = sighting
    return list(best.values())


def _are_unlike(one: TrackRecord, other: TrackRecord) -> bool:
    """Tell whether two tracks are surely of different kinds: a person and the bag at its feet."""
    kinds = [max(record.kinds, key=lambda kind: record.kinds[kind]) for record in (one, other)]
    sure = all(record.kinds[kind] > 0.6 for record, kind in zip((one, other), kinds, strict=True))
    return kinds[0] is not kinds[1] and sure and ThingKind.UNKNOWN not in kinds

"""Tracks: sightings of the lidar and the camera fused over time, each thing under one id."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import chdtri

from lepatrol.model.findings import SensorKind, Sighting, ThingKind
from lepatrol.model.geometry import Floats
from lepatrol.model.site import Point2
from lepatrol.model.tracks import Track, TrackState
from lepatrol.perception.assignment import assign, pair_costs
from lepatrol.perception.attention import Attention
from lepatrol.perception.kalman import MotionBank
from lepatrol.perception.occlusion import CameraView
from lepatrol.perception.sighting_batches import batches_of, is_usable, of_new_things, position_covariance
from lepatrol.perception.track_record import TrackRecord
from lepatrol.settings.tracking import TrackingSettings

_TENTATIVE_COST = 1.0
"""A confirmed track is preferred to a tentative one that fits about as well."""


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
        self._attention = Attention(settings, blocked)
        self._exits = exits
        self._gate = float(chdtri(2, 1.0 - settings.gate_probability))
        self._ids = itertools.count(1)
        self._records: list[TrackRecord] = []
        self._bank = MotionBank(settings.motion)
        self._near_since_s: dict[tuple[int, int], float] = {}
        self._now_s = self._predicted_s = -math.inf
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
        usable = [one for one in sightings if is_usable(one, self._now_s, self._settings.late_s)]
        self.refused += len(sightings) - len(usable)
        for batch in batches_of(usable):
            seen |= self._take(batch)
        self._predict(self._now_s)
        if sensor_position_m is not None and all(map(math.isfinite, sensor_position_m)):
            self._attention.scan(sensor_position_m, self._now_s, self._records, seen, *self._bank.places())
            self._find_exits(sensor_position_m)
        if camera_view is not None:
            self._attention.picture(camera_view, self._records, seen, self._bank.places()[0])
        self._forget()
        self._merge()
        self._tracks = self._report()
        return self._tracks

    def gone(self) -> tuple[int, ...]:
        """Return the ids of tracks that the last update (or reset) has ended."""
        return self._gone

    def reset(self) -> None:
        """Forget all tracks; ids go on counting."""
        self._gone = tuple(record.track_id for record in self._records)
        self._records, self._bank, self._near_since_s = [], MotionBank(self._settings.motion), {}
        self._now_s = self._predicted_s = -math.inf
        self._tracks = ()

    def _take(self, batch: list[Sighting]) -> set[int]:
        """Give the sightings of one sensor and stamp to tracks, make new ones of the rest; return ids seen."""
        stamp_s = batch[0].stamp_s
        self._predict(stamp_s)
        positions = np.array([sighting.position_m for sighting in batch], dtype=np.float64)
        covariances = np.array([position_covariance(sighting, self._settings) for sighting in batch])
        noise = covariances[None, :] + self._jitter(batch[0].sensor)[:, None]
        costs = pair_costs(self._bank.guesses(stamp_s), positions, noise, self._gate)
        costs[self._out_of_reach(batch, positions, stamp_s)] = np.inf
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
        born = of_new_things(positions, (column for _, column in pairs), self._settings.merge_distance_m)
        if born:
            self._bank.add(positions[born], covariances[born], stamp_s)
            for column in born:
                record = TrackRecord(next(self._ids), batch[column], self._settings)
                record.take(batch[column])
                record.walk(batch[column].position_m, stamp_s)
                self._records.append(record)
                seen.add(record.track_id)
        return seen

    def _out_of_reach(self, batch: list[Sighting], positions: Floats, stamp_s: float) -> NDArray[np.bool_]:
        """Return which sightings (tracks, sightings) lie where a thing out of sight cannot have got to.

        Its uncertainty alone would let it turn up wherever the next bird flies by. What is far from as high as it was
        can be it only where it is expected: somebody who now crouches, or is seen in part.
        """
        settings = self._settings
        unseen_s = np.array([stamp_s - record.last_seen_s for record in self._records], dtype=np.float64)
        was_m, is_m = (np.array([each.height_m or math.nan for each in one], dtype=np.float64)
                       for one in (self._records, batch))
        ratio = is_m / was_m[:, None]
        is_like = ~((ratio > settings.turn_up_ratio) | (ratio < 1.0 / settings.turn_up_ratio))
        reach_m = np.where(
            (unseen_s > settings.hidden_after_s)[:, None],
            settings.turn_up_m + settings.reach_m_s * unseen_s[:, None] * is_like, np.inf)
        places, _ = self._bank.places()
        away_m = np.hypot(
            positions[None, :, 0] - places[:, 0, None], positions[None, :, 1] - places[:, 1, None])
        return np.asarray(away_m > reach_m)

    def _jitter(self, sensor: SensorKind) -> Floats:
        """Return each track's (n, 2, 2) noise that sightings by this sensor do not own up to."""
        if sensor is not SensorKind.LIDAR:
            return np.zeros((len(self._records), 2, 2))
        jitters = np.array([record.jitter_m2 for record in self._records], dtype=np.float64).reshape(-1, 3)
        return jitters[:, [0, 1, 1, 2]].reshape(-1, 2, 2)

    def _predict(self, stamp_s: float) -> None:
        """Carry all motion on to ``stamp_s``."""
        if stamp_s <= self._predicted_s:
            return
        self._predicted_s = stamp_s
        after = self._settings.hidden_after_s
        unseen = np.array([stamp_s - record.last_seen_s > after for record in self._records], dtype=np.bool_)
        frozen = np.array([hidden and record.has_stood_low for hidden, record in zip(
            unseen.tolist(), self._records, strict=True)], dtype=np.bool_)
        self._bank.predict(stamp_s, unseen, frozen)

    def _forget(self) -> None:
        """End the tracks of things that are not there any more or too long out of sight."""
        stays = [self._attention.is_worth_keeping(record, self._now_s) for record in self._records]
        if not all(stays):
            self._keep([row for row, stay in enumerate(stays) if stay])

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
        x, y = places[:, 0, None] - places[:, 0], places[:, 1, None] - places[:, 1]
        older, younger = np.nonzero(np.triu(x * x + y * y < self._settings.merge_distance_m ** 2, 1))
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
        record.exits = self._exits(sensor_m, middle, reach) if self._attention.is_hidden(sensor_m, middle) else ()
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


def _are_unlike(one: TrackRecord, other: TrackRecord) -> bool:
    """Tell whether two tracks are surely of different kinds: a person and the bag at its feet."""
    kinds = [max(record.kinds, key=lambda kind: record.kinds[kind]) for record in (one, other)]
    sure = all(record.kinds[kind] > 0.6 for record, kind in zip((one, other), kinds, strict=True))
    return kinds[0] is not kinds[1] and sure and ThingKind.UNKNOWN not in kinds

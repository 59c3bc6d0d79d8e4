"""What not seeing a thing means: it is gone where it ought to be seen, and remembered where it cannot be."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Sequence

from lepatrol.model.geometry import Floats
from lepatrol.model.site import Point2
from lepatrol.perception.occlusion import CameraView, behind_others
from lepatrol.perception.track_record import TrackRecord
from lepatrol.settings.tracking import TrackingSettings

_LOOK_EVERY_S = 0.15
"""So often it is asked whether the lidar ought to see a thing that it does not see."""
_LONGEST_LOOK_S = 0.3
"""A miss counts for no longer than this: a lidar that was silent did not miss anything meanwhile."""
_USUAL_WIDTH_M = 0.5
_SURE_PLACE_M = 0.3
"""Of what is known less exactly than this it is asked whether it can be seen at both sides of its place too."""


class Attention:
    """Counts on each record how long its thing was missed, and judges whether it is worth keeping."""

    def __init__(self, settings: TrackingSettings, blocked: Callable[[Point2, Point2], bool] | None) -> None:
        """Take what tells whether a static occluder stands between two points; None: nothing hides."""
        self._settings = settings
        self._blocked = blocked

    def scan(
        self, sensor_m: Point2, now_s: float, records: Sequence[TrackRecord], seen: Collection[int],
        places_m: Floats, covariances_m2: Floats,
    ) -> None:
        """Count the time for which the lidar at ``sensor_m`` ought to see things and does not.

        ``seen`` are the ids of tracks seen now; ``places_m`` (n, 2) and ``covariances_m2`` (n, 2, 2) are those of the
        records.
        """
        due = [row for row, record in enumerate(records)
               if record.track_id not in seen and not record.is_low and now_s - record.looked_s >= _LOOK_EVERY_S]
        if not due:
            return
        others = [(_point(places_m[row]), record.width_m or _USUAL_WIDTH_M)
                  for row, record in enumerate(records) if record.track_id in seen]
        for row in due:
            record, place = records[row], _point(places_m[row])
            span = min(now_s - record.looked_s, _LONGEST_LOOK_S)
            record.looked_s = now_s
            record.is_far = math.dist(place, sensor_m) > self._settings.lidar_range_m
            if record.is_far or behind_others(sensor_m, place, others):
                continue
            deviation = math.sqrt(max(float(covariances_m2[row, 0, 0]), float(covariances_m2[row, 1, 1])))
            if self._is_in_the_open(sensor_m, place, deviation):
                record.missed_s += span

    def picture(
        self, view: CameraView, records: Sequence[TrackRecord], seen: Collection[int], places_m: Floats,
    ) -> None:
        """Count the pictures that ought to show low things and do not."""
        for row, record in enumerate(records):
            if record.is_low and record.track_id not in seen:
                place = _point(places_m[row])
                if view.covers(place) and not self.is_hidden(view.position_m, place):
                    record.missed_pictures += 1

    def is_worth_keeping(self, record: TrackRecord, now_s: float) -> bool:
        """Tell whether a thing may still be there."""
        settings, unseen_s = self._settings, now_s - record.last_seen_s
        if not record.is_confirmed:
            return unseen_s <= record.tentative_keep_s
        if record.is_low:
            keep_s = settings.low_keep_s if record.has_stood_low else settings.hidden_keep_s
            return unseen_s <= keep_s and record.missed_pictures < settings.low_misses
        keep_s = max(settings.hidden_keep_s, settings.far_keep_s) if record.is_far else settings.hidden_keep_s
        return unseen_s <= keep_s and record.missed_s <= settings.fade_s

    def is_hidden(self, sensor_m: Point2, place_m: Point2) -> bool:
        """Tell whether a static occluder hides a place."""
        return self._blocked is not None and self._blocked(sensor_m, place_m)

    def _is_in_the_open(self, sensor_m: Point2, place_m: Point2, deviation_m: float) -> bool:
        """Tell whether a thing can be seen wherever across the line of sight, within a sigma, it may be."""
        if self.is_hidden(sensor_m, place_m):
            return False
        x, y = place_m[0] - sensor_m[0], place_m[1] - sensor_m[1]
        away = math.hypot(x, y)
        if deviation_m < _SURE_PLACE_M or away < 1e-6:
            return True
        across = (-y / away * deviation_m, x / away * deviation_m)
        return not any(self.is_hidden(sensor_m, (place_m[0] + side * across[0], place_m[1] + side * across[1]))
                       for side in (-1.0, 1.0))


def _point(row: Floats) -> Point2:
    """Return a row of an array as a point."""
    return float(row[0]), float(row[1])

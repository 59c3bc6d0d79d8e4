"""Sightings made ready for tracking: those that can be used, by sensor and stamp, and how exact each is."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable

import numpy as np

from lepatrol.model.findings import SensorKind, Sighting
from lepatrol.model.geometry import Floats
from lepatrol.model.site import Point2
from lepatrol.settings.tracking import TrackingSettings

_AHEAD_S = 0.05
"""A sighting's stamp may be so much ahead of the time at which it is handed in."""


def is_usable(sighting: Sighting, now_s: float, late_s: float) -> bool:
    """Tell whether a sighting's numbers are finite and make sense, and its stamp is neither old nor of the future."""
    numbers = (sighting.stamp_s, *sighting.position_m, sighting.deviation_m, *sighting.seen_from_m,
               sighting.confidence)
    return (all(map(math.isfinite, numbers)) and sighting.deviation_m >= 0.0 and 0.0 <= sighting.confidence <= 1.0
            and -late_s <= sighting.stamp_s - now_s <= _AHEAD_S)


def batches_of(sightings: Iterable[Sighting]) -> list[list[Sighting]]:
    """Return sightings by stamp and sensor, oldest first; the order they come in makes no difference."""
    ordered = sorted(sightings, key=_order)
    batches = itertools.groupby(ordered, key=lambda sighting: (sighting.stamp_s, sighting.sensor))
    return [_without_copies(batch) for _, batch in batches]


def position_covariance(sighting: Sighting, settings: TrackingSettings) -> list[list[float]]:
    """Return the covariance (2, 2) of a sighting's position.

    A lidar's is round. A camera knows the direction well and the range badly: its covariance is an ellipse along the
    line of sight, unless a lidar has made the range good.
    """
    along = max(sighting.deviation_m, settings.deviation_floor_m)
    if sighting.sensor is SensorKind.LIDAR:
        return [[along * along, 0.0], [0.0, along * along]]
    x = sighting.position_m[0] - sighting.seen_from_m[0]
    y = sighting.position_m[1] - sighting.seen_from_m[1]
    length = math.hypot(x, y)
    across = min(along, max(settings.camera_bearing_deviation_rad * length, settings.deviation_floor_m))
    x, y = (x / length, y / length) if length > 1e-6 else (1.0, 0.0)
    round_part = settings.camera_likeness * across * across
    more = settings.camera_likeness * along * along - round_part
    return [[round_part + more * x * x, more * x * y], [more * x * y, round_part + more * y * y]]


def of_new_things(positions_m: Floats, known: Iterable[int], apart_m: float) -> list[int]:
    """Return which sightings of one batch, at positions (n, 2), are of things not ``known``.

    What is nearer than ``apart_m`` to a known or new one is another part of it.
    """
    taken = list(known)
    new = []
    for index in sorted(set(range(len(positions_m))) - set(taken)):
        away = np.hypot(*(positions_m[taken] - positions_m[index]).T)
        if not (away < apart_m).any():
            new.append(index)
            taken.append(index)
    return new


def _order(sighting: Sighting) -> tuple[float, str, Point2, float, str, float]:
    """Return what sightings are ordered by."""
    return (sighting.stamp_s, sighting.sensor.value, sighting.position_m, sighting.deviation_m, sighting.kind.value,
            sighting.confidence)


def _without_copies(batch: Iterable[Sighting]) -> list[Sighting]:
    """Keep one of sightings at exactly the same place: the one that a picture has told more of."""
    best: dict[Point2, Sighting] = {}
    for sighting in batch:
        known = best.get(sighting.position_m)
        if known is None or (known.box is None and sighting.box is not None):
            best[sighting.position_m] = sighting
    return list(best.values())

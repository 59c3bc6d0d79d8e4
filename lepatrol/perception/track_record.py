"""What is known of one tracked thing besides its motion: when it was seen, what it is, since when it stands."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Mapping

from lepatrol.model.findings import Box, SensorKind, Sighting, ThingKind
from lepatrol.model.site import Point2
from lepatrol.perception.classify import PERSON_M
from lepatrol.settings.tracking import TrackingSettings

_KINDS = tuple(ThingKind)
_INDEX = {kind: index for index, kind in enumerate(_KINDS)}
_SIZES_KEPT = 15
_ANCHOR_FIXES = 10
"""A standing place is the mean of its first positions: of so many, so that one bad one does not shift it."""
_SURER = 0.6
"""A position this much surer than the standing place replaces it."""
_LOW_SHARE = 5
"""A thing is low when the camera has seen it more than so many times for each time that the lidar has."""
_MOST_JITTER_M2 = 4.0
"""A larger second difference, squared, is another thing rather than noise."""
_LUCK = 1.5
"""Noise of up to so many times the variance that a sighting owns up to is taken for luck."""
_MOST_EVIDENCE = 6.0
"""Log-odds that no amount of pictures exceeds: all may share one mistake."""
_PART_SHARE = 0.6
"""A sighting lower than this share of a thing as tall as a person shows a part of it: dark clothes, a dark wall."""
_PARTS_BELIEVED_S = 30.0
"""When only parts were seen for so long, they are the whole: a bag stands where somebody stood."""
_MOST_FROM_WIDTH = 1.8
"""Log-odds that no amount of scans exceeds: a blown bag is as wide as a leg, so no kind gets likelier than not."""


class _Seen:
    """When one sensor has seen a thing."""

    def __init__(self, recent: int) -> None:
        self.hits = 0
        self.last_s = -math.inf
        self._recent: deque[float] = deque(maxlen=recent)

    def add(self, stamp_s: float) -> None:
        """Note a sighting later than all before."""
        self.hits += 1
        self.last_s = stamp_s
        self._recent.append(stamp_s)

    def spans_less_than(self, span_s: float) -> bool:
        """Tell whether there are enough recent sightings, within ``span_s``."""
        return len(self._recent) == self._recent.maxlen and self._recent[-1] - self._recent[0] <= span_s

    def absorb(self, other: _Seen) -> None:
        """Add the sightings of the same thing under another name."""
        self.hits += other.hits
        self.last_s = max(self.last_s, other.last_s)


class TrackRecord:
    """One thing's history. Its motion is kept in a :class:`MotionBank`."""

    def __init__(self, track_id: int, first: Sighting, settings: TrackingSettings) -> None:
        """Begin with the first sighting."""
        self.track_id = track_id
        self.first_seen_s = self.last_seen_s = self.looked_s = first.stamp_s
        self.sightings = 0
        self.is_confirmed = False
        self.missed_s = 0.0
        self.missed_pictures = 0
        self.is_far = False
        self.width_m: float | None = None
        self.height_m: float | None = None
        self.exits: tuple[Point2, ...] = ()
        self.exits_at_s = -math.inf
        self.kinds: Mapping[ThingKind, float] = {}
        self.path: tuple[tuple[float, float, float], ...] = ()
        self.standing_since_s = first.stamp_s
        self._settings = settings
        self._by_lidar, self._by_camera = _Seen(settings.confirm_sightings), _Seen(settings.confirm_sightings)
        self._evidence = [0.0] * len(_KINDS)
        self._widths: deque[float] = deque(maxlen=_SIZES_KEPT)
        self._heights: deque[float] = deque(maxlen=_SIZES_KEPT)
        self._box: Box | None = None
        self._box_at_s = -math.inf
        self._whole_at_s = first.stamp_s
        self._anchor = first.position_m
        self._anchor_deviation_m = first.deviation_m
        self._anchor_fixes = 0
        self._left_s: float | None = None
        self._last_fixes: deque[tuple[float, float, float]] = deque(maxlen=2)
        self._spread = (0.0, 0.0, 0.0)
        self._jitter = (0.0, 0.0, 0.0)
        self._jitters = 0
        self._weigh_kinds()

    @property
    def jitter_m2(self) -> tuple[float, float, float]:
        """Return the covariance (xx, xy, yy) of the lidar's noise beyond what its sightings own up to."""
        return self._jitter if self._jitters >= 2 else (0.0, 0.0, 0.0)

    @property
    def is_low(self) -> bool:
        """Tell whether the lidar passes over it, so that only the camera can tell whether it is there."""
        return self._by_camera.hits > _LOW_SHARE * self._by_lidar.hits

    @property
    def has_stood_low(self) -> bool:
        """Tell whether it is a low thing that stood when it was last seen: a bag, not a cat."""
        return self.is_low and self.last_seen_s - self.standing_since_s >= self._settings.low_stood_s

    @property
    def tentative_keep_s(self) -> float:
        """Return how long it may go unseen before it is confirmed."""
        return self._settings.camera_confirm_within_s if self.is_low else self._settings.lidar_confirm_within_s

    def box_at(self, now_s: float) -> Box | None:
        """Return where the camera shows it, None when that is older than it takes to lose sight of it."""
        return self._box if now_s - self._box_at_s <= self._settings.hidden_after_s else None

    def is_new_to(self, sighting: Sighting) -> bool:
        """Tell whether the sighting says anew where the thing is.

        A lidar's sighting comes once more when a picture has told its kind; it must not count twice.
        """
        return sighting.stamp_s > self._seen_by(sighting.sensor).last_s

    def take(self, sighting: Sighting) -> None:
        """Take in all but the position of a sighting."""
        if self.is_new_to(sighting):
            seen = self._seen_by(sighting.sensor)
            seen.add(sighting.stamp_s)
            self.sightings += 1
            self.last_seen_s = max(self.last_seen_s, sighting.stamp_s)
            self.looked_s = max(self.looked_s, sighting.stamp_s)
            self.missed_s, self.missed_pictures, self.exits = 0.0, 0, ()
            self.is_confirmed = self.is_confirmed or seen.spans_less_than(
                self._settings.lidar_confirm_within_s if seen is self._by_lidar
                else self._settings.camera_confirm_within_s)
            if seen is self._by_lidar:
                self._watch_jitter(sighting)
            if sighting.width_m is not None and 0.0 < sighting.width_m < math.inf:
                self._widths.append(sighting.width_m)
                self.width_m = sorted(self._widths)[len(self._widths) // 2]
        if sighting.box is not None and sighting.stamp_s >= self._box_at_s:
            self._box, self._box_at_s = sighting.box, sighting.stamp_s
        if self._shows_a_part(sighting):
            return
        if sighting.height_m is not None and 0.0 < sighting.height_m < math.inf:
            self._heights.append(sighting.height_m)
            self.height_m = sorted(self._heights)[len(self._heights) // 2]
        if sighting.kind is not ThingKind.UNKNOWN and sighting.confidence > 1.0 / len(_KINDS):
            self._add_evidence(sighting)

    def stay(self, position_m: Point2, deviation_m: float, now_s: float) -> None:
        """Note where it is now: whether it is still at the place where it stands.

        That place is as uncertain as the thing's position was: a camera sees something far off at a metre's range of
        places. When its position becomes much surer, the place is taken from it anew.
        """
        away = math.dist(position_m, self._anchor)
        if away <= self._settings.standing_radius_m + self._anchor_deviation_m:
            self._left_s = None
            if self._anchor_fixes < _ANCHOR_FIXES:
                self._anchor_fixes += 1
                share = 1.0 / self._anchor_fixes
                self._anchor = (self._anchor[0] + share * (position_m[0] - self._anchor[0]),
                                self._anchor[1] + share * (position_m[1] - self._anchor[1]))
                self._anchor_deviation_m = deviation_m
            elif deviation_m < _SURER * self._anchor_deviation_m:
                self._anchor, self._anchor_deviation_m = position_m, deviation_m
            return
        if self._left_s is None:
            self._left_s = now_s
        if now_s - self._left_s >= self._settings.standing_leave_s:
            self._anchor, self._anchor_deviation_m, self._anchor_fixes = position_m, deviation_m, 1
            self.standing_since_s, self._left_s = self._left_s, None

    def walk(self, position_m: Point2, stamp_s: float) -> None:
        """Append to the path where it was seen, if that is far enough from the last point in place or time."""
        if self.path:
            last_s, x, y = self.path[-1]
            near = math.dist(position_m, (x, y)) < self._settings.path_step_m
            if near and stamp_s - last_s < self._settings.path_step_s:
                return
        self.path = (*self.path[1 - self._settings.path_points:], (stamp_s, *position_m))

    def absorb(self, younger: TrackRecord) -> None:
        """Take in what a record of the same thing knows."""
        if younger.last_seen_s > self.last_seen_s:
            self.last_seen_s, self.path = younger.last_seen_s, self.path or younger.path
            self.missed_s, self.missed_pictures, self.exits = younger.missed_s, younger.missed_pictures, ()
        if younger._box_at_s > self._box_at_s:
            self._box, self._box_at_s = younger._box, younger._box_at_s
        self.first_seen_s = min(self.first_seen_s, younger.first_seen_s)
        self.sightings += younger.sightings
        self.is_confirmed = self.is_confirmed or younger.is_confirmed
        self.width_m = self.width_m if self.width_m is not None else younger.width_m
        self.height_m = self.height_m if self.height_m is not None else younger.height_m
        self._by_lidar.absorb(younger._by_lidar)
        self._by_camera.absorb(younger._by_camera)
        self._evidence = [min(one + other, _MOST_EVIDENCE) for one, other in zip(
            self._evidence, younger._evidence, strict=True)]
        self._weigh_kinds()

    def _seen_by(self, sensor: SensorKind) -> _Seen:
        """Return when a sensor has seen it."""
        return self._by_lidar if sensor is SensorKind.LIDAR else self._by_camera

    def _shows_a_part(self, sighting: Sighting) -> bool:
        """Tell whether the picture shows but a part of what the lidar sees, so that neither height nor kind count."""
        if sighting.sensor is not SensorKind.LIDAR or sighting.height_m is None or self.height_m is None:
            return False
        if self.height_m < PERSON_M[0] or sighting.height_m >= _PART_SHARE * self.height_m:
            self._whole_at_s = sighting.stamp_s
            return False
        return sighting.stamp_s - self._whole_at_s < _PARTS_BELIEVED_S

    def _watch_jitter(self, sighting: Sighting) -> None:
        """Average the second differences of positions, where stamps are evenly spaced.

        Steady motion drops out of them, however quick, and noise of variance v leaves 6 v. So they show noise that a
        sighting's deviation understates, as errors of the robot's own pose do.
        """
        stamp_s, (x, y) = sighting.stamp_s, sighting.position_m
        if len(self._last_fixes) == 2:
            (first_s, first_x, first_y), (second_s, second_x, second_y) = self._last_fixes
            if 0.7 < (stamp_s - second_s) / (second_s - first_s) < 1.4:
                dx, dy = x - 2.0 * second_x + first_x, y - 2.0 * second_y + first_y
                if dx * dx + dy * dy < _MOST_JITTER_M2:
                    self._jitters = min(self._jitters + 1, self._settings.jitter_memory)
                    share = 1.0 / self._jitters
                    xx, xy, yy = self._spread
                    self._spread = (xx + share * (dx * dx / 6.0 - xx), xy + share * (dx * dy / 6.0 - xy),
                                    yy + share * (dy * dy / 6.0 - yy))
        self._last_fixes.append((stamp_s, x, y))
        owned = max(sighting.deviation_m, self._settings.deviation_floor_m) ** 2
        xx, xy, yy = self._spread
        largest = 0.5 * (xx + yy) + math.hypot(0.5 * (xx - yy), xy)
        self._jitter = (xx, xy, yy) if largest > _LUCK * owned else (0.0, 0.0, 0.0)

    def _add_evidence(self, sighting: Sighting) -> None:
        """Add the log-likelihood ratio of the sighting's kind against the others; older evidence fades.

        A guess from width alone makes no kind sure.
        """
        is_guess = sighting.sensor is SensorKind.LIDAR and sighting.height_m is None
        confidence = min(sighting.confidence, 0.99)
        ratio = math.log(confidence * (len(_KINDS) - 1) / (1.0 - confidence))
        keep = 1.0 - 1.0 / self._settings.kind_memory
        index = _INDEX[sighting.kind]
        evidence = [keep * old for old in self._evidence]
        # What pictures have added stays, though more than widths may add.
        most = max(_MOST_FROM_WIDTH, evidence[index]) if is_guess else _MOST_EVIDENCE
        evidence[index] = min(evidence[index] + self._settings.kind_weight * ratio, most)
        is_settled = evidence[index] == self._evidence[index] and sum(evidence) - evidence[index] < 1e-3
        self._evidence = evidence
        if not is_settled:
            self._weigh_kinds()

    def _weigh_kinds(self) -> None:
        """Turn log-odds, and the prior ones, into probabilities that add up to 1."""
        weights = [math.exp(evidence) for evidence in self._evidence]
        weights[_INDEX[ThingKind.UNKNOWN]] *= math.exp(self._settings.unknown_prior)
        total = sum(weights)
        self.kinds = {kind: weight / total for kind, weight in zip(_KINDS, weights, strict=True)}

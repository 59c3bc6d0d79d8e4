"""Things followed over time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from .findings import Box, ThingKind
from .site import Point2


class TrackState(Enum):
    """How sure a track is: too young to be spoken of, seen, or out of sight and predicted."""

    TENTATIVE = 'tentative'
    SEEN = 'seen'
    HIDDEN = 'hidden'


@dataclass(frozen=True, slots=True)
class Track:
    """One thing over time, in ``map``.

    ``covariance_m2`` is (xx, xy, yy) of the position. ``kinds`` are probabilities that add up to 1. ``path`` are
    (stamp, x, y) of what was seen, oldest first and thinned. ``exits`` are where a hidden thing can come out.
    ``standing_since_s`` is since when it has stayed within standing distance of one place.
    """

    track_id: int
    state: TrackState
    position_m: Point2
    velocity_m_s: Point2
    covariance_m2: tuple[float, float, float]
    first_seen_s: float
    last_seen_s: float
    standing_since_s: float
    kinds: Mapping[ThingKind, float]
    sightings: int
    width_m: float | None = None
    height_m: float | None = None
    box: Box | None = None
    exits: tuple[Point2, ...] = ()
    path: tuple[tuple[float, float, float], ...] = ()

    @property
    def kind(self) -> ThingKind:
        """Return the likeliest kind."""
        return max(self.kinds, key=lambda kind: self.kinds[kind]) if self.kinds else ThingKind.UNKNOWN

    @property
    def confidence(self) -> float:
        """Return the probability of the likeliest kind."""
        return max(self.kinds.values(), default=0.0)

    @property
    def speed_m_s(self) -> float:
        """Return how fast it moves."""
        return float((self.velocity_m_s[0] ** 2 + self.velocity_m_s[1] ** 2) ** 0.5)

    @property
    def deviation_m(self) -> float:
        """Return one sigma of the position, the larger along the axes."""
        return float(max(self.covariance_m2[0], self.covariance_m2[2]) ** 0.5)

"""Bearings round a target: which of those that are free to spread viewpoints over, and how much is seen from them."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence

SEEN_TO_SIDE_RAD = math.radians(30.0)
"""A side of the target counts as seen by who looks at it from no farther to its side than this.

It then looks at least 0.87 times as wide as it is, and a label on it can be read.
"""
BEARINGS = 72
STEP_RAD = 2.0 * math.pi / BEARINGS
"""Bearings are looked along at this many, so far apart."""
_LEAST_APART = 1.0 / 3.0
"""Viewpoints nearer to each other than this share of an even spacing show twice the same."""


def spread(free: Sequence[int], most: int) -> list[int]:
    """Return up to ``most`` numbers of bearings, spread as evenly as what is free allows, in ascending order."""
    if not free:
        return []
    spacing = BEARINGS / most
    best: tuple[tuple[float, int], list[int]] = ((-1.0, 0), [])
    for offset in range(math.ceil(spacing)):
        picks: list[int] = []
        for slot in range(most):
            wanted = (offset + slot * spacing) % BEARINGS
            pick = min(free, key=lambda number: _apart(number, wanted))
            if _apart(pick, wanted) <= spacing / 2.0 and all(
                    _apart(pick, other) >= _LEAST_APART * spacing for other in picks):
                picks.append(pick)
        least = min((_apart(one, other) for one, other in itertools.combinations(picks, 2)), default=0)
        rank = (covered_deg(STEP_RAD * number for number in picks), int(least))
        best = max(best, (rank, sorted(picks)), key=lambda each: each[0])
    return best[1]


def _apart(one: float, other: float) -> float:
    """Return how many steps of bearing lie between two, the shorter way round."""
    return abs((one - other + BEARINGS / 2.0) % BEARINGS - BEARINGS / 2.0)


def covered_deg(bearings_rad: Iterator[float]) -> float:
    """Return how many degrees of outline are seen: the gaps between bearings, as far as they are seen from both."""
    ordered = sorted(bearing % (2.0 * math.pi) for bearing in bearings_rad)
    if not ordered:
        return 0.0
    gaps = (after - before for before, after in zip(ordered, [*ordered[1:], ordered[0] + 2.0 * math.pi], strict=True))
    return math.degrees(sum(min(gap, 2.0 * SEEN_TO_SIDE_RAD) for gap in gaps))

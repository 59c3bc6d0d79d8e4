"""The distance a robot has walked, from noisy pose estimates."""

from __future__ import annotations

import math

from lepatrol.model.observation import PoseEstimate

STEP_M = 0.1
"""Moves shorter than this are not counted until they add up to it."""
STEP_DEVIATIONS = 10.0
"""Nor are moves shorter than this many deviations: two estimates of one place then never count as a move."""
JUMP_M = 5.0
"""A longer step between two estimates is localisation finding itself, not walking."""


class Odometer:
    """Add up moves from counted point to counted point, so that standing still adds nothing."""

    def __init__(self) -> None:
        """Start at 0 m, nowhere."""
        self.distance_m = 0.0
        self._counted: tuple[float, float] | None = None
        self._last: tuple[float, float] | None = None

    def on_pose(self, estimate: PoseEstimate) -> None:
        """Count the way from the last counted point, if it is a move; an estimate that is no number is passed over."""
        here = estimate.pose.position_m[:2]
        if not all(map(math.isfinite, here)):
            return
        jumped = self._last is not None and math.dist(here, self._last) > JUMP_M
        self._last = here
        if self._counted is None or jumped:
            self._counted = here
            return
        deviation = estimate.deviation_m if math.isfinite(estimate.deviation_m) else 0.0
        step = math.dist(here, self._counted)
        if step > max(STEP_M, STEP_DEVIATIONS * deviation):
            self.distance_m += step
            self._counted = here

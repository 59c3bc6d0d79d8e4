"""A path as the controllers use it: a polyline with arc lengths, and how far along it the robot is."""

from __future__ import annotations

import bisect
import itertools
import math

import numpy as np

from lepatrol.model.geometry import Floats

_SEARCH_AHEAD_M = 2.0


class Track:
    """A polyline (m, 2) in ``map`` and the robot's progress on it, which never goes back."""

    def __init__(self, path_m: Floats) -> None:
        """Measure the path; corners that coincide are dropped."""
        corners: list[tuple[float, float]] = []
        for x, y in np.asarray(path_m, dtype=np.float64).tolist():
            if not corners or math.hypot(x - corners[-1][0], y - corners[-1][1]) > 1e-6:
                corners.append((x, y))
        self.corners = corners
        self.starts_m = [0.0]
        for (ax, ay), (bx, by) in itertools.pairwise(corners):
            self.starts_m.append(self.starts_m[-1] + math.hypot(bx - ax, by - ay))
        self.progress_m = 0.0
        self.off_m = 0.0

    @property
    def length_m(self) -> float:
        """Return the whole length."""
        return self.starts_m[-1]

    @property
    def remaining_m(self) -> float:
        """Return the length still ahead."""
        return self.starts_m[-1] - self.progress_m

    def advance(self, x_m: float, y_m: float) -> None:
        """Move the progress on to the point nearest to the robot, a little way ahead at most."""
        if len(self.corners) < 2:
            self.off_m = math.hypot(x_m - self.corners[0][0], y_m - self.corners[0][1])
            return
        best, best_at = math.inf, self.progress_m
        index = self._segment(self.progress_m)
        while index < len(self.corners) - 1 and self.starts_m[index] <= self.progress_m + _SEARCH_AHEAD_M:
            (ax, ay), (bx, by) = self.corners[index], self.corners[index + 1]
            begin, length = self.starts_m[index], self.starts_m[index + 1] - self.starts_m[index]
            ux, uy = (bx - ax) / length, (by - ay) / length
            along = (x_m - ax) * ux + (y_m - ay) * uy
            along = min(max(along, self.progress_m - begin, 0.0), length)
            distance = math.hypot(ax + ux * along - x_m, ay + uy * along - y_m)
            if distance < best - 1e-9:
                best, best_at = distance, begin + along
            index += 1
        self.progress_m, self.off_m = best_at, best

    def point_at(self, along_m: float) -> tuple[float, float]:
        """Return the point at an arc length, held to the path's ends."""
        if len(self.corners) < 2:
            return self.corners[0]
        along_m = min(max(along_m, 0.0), self.starts_m[-1])
        index = self._segment(along_m)
        (ax, ay), (bx, by) = self.corners[index], self.corners[index + 1]
        share = (along_m - self.starts_m[index]) / (self.starts_m[index + 1] - self.starts_m[index])
        return ax + share * (bx - ax), ay + share * (by - ay)

    def corners_between(self, low_m: float, high_m: float) -> list[tuple[float, float]]:
        """Return the corners strictly between two arc lengths."""
        first = bisect.bisect_right(self.starts_m, low_m)
        return self.corners[first:bisect.bisect_left(self.starts_m, high_m, first)]

    def ahead(self, length_m: float) -> tuple[list[tuple[float, float]], list[float]]:
        """Return the path's next piece as points and their arc lengths."""
        end = min(self.progress_m + length_m, self.length_m)
        first = bisect.bisect_right(self.starts_m, self.progress_m)
        last = bisect.bisect_left(self.starts_m, end, first)
        points = [self.point_at(self.progress_m), *self.corners[first:last], self.point_at(end)]
        return points, [self.progress_m, *self.starts_m[first:last], end]

    def _segment(self, along_m: float) -> int:
        return min(max(bisect.bisect_right(self.starts_m, along_m) - 1, 0), len(self.corners) - 2)

"""What the lidar's scans say of the lidar itself."""

from __future__ import annotations

import math

import numpy as np

from lepatrol.model.findings import Complaint, Trouble
from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import LaserScan
from lepatrol.perception.baseline import Comparison
from lepatrol.settings.lidar_anomaly import AlignmentSettings, LidarHealthSettings

_SENSOR = 'lidar'
_NEGATIVE_SHARE = 0.1
_RESIZED_SCANS = 10
"""So many scans of a new size in a row are the lidar's new size."""
_CLOSE_M, _CLOSE_BEAMS, _FEW = 5.5, 30, 0.2
"""Where that many beams ought to end that near, fog is no reason for fewer than this share of beams to return."""
_CONTRADICTING_SHARE = 0.2


class LidarHealth:
    """Watches scans for troubles; those that may pass are told only when they last."""

    def __init__(self, settings: LidarHealthSettings, alignment: AlignmentSettings) -> None:
        """Begin with a lidar that has not spoken yet."""
        self._settings = settings
        self._alignment = alignment
        self.reset()

    def reset(self) -> None:
        """Forget earlier scans."""
        self._size: int | None = None
        self._resized = 0
        self._last_s: float | None = None
        self._blinded_since_s: float | None = None
        self._contradicted_since_s: float | None = None

    def silence(self, now_s: float) -> tuple[Complaint, ...]:
        """Complain if the last scan is long ago."""
        if self._last_s is None or now_s - self._last_s <= self._settings.silent_s:
            return ()
        return (Complaint(now_s, _SENSOR, Trouble.SILENT, f'no scan for {now_s - self._last_s:.1f} s'),)

    def read(self, scan: LaserScan, pose: Pose3) -> tuple[Complaint, ...]:
        """Complain if a scan, or the pose it was taken from, cannot be read at all."""
        self._last_s = scan.stamp_s
        detail = self._unreadable(scan)
        if detail is None and not all(map(math.isfinite, (*pose.position_m, *pose.orientation_wxyz))):
            detail = 'the pose of the lidar is not a finite number'
        return () if detail is None else (Complaint(scan.stamp_s, _SENSOR, Trouble.UNREADABLE, detail),)

    def judge(self, scan: LaserScan, comparison: Comparison) -> tuple[Complaint, ...]:
        """Complain of what a readable scan shows against the expectation."""
        now_s, settings = scan.stamp_s, self._settings
        if comparison.is_unknown:
            x, y = comparison.origin_m.tolist()
            return (Complaint(now_s, _SENSOR, Trouble.CONTRADICTION,
                              f'the pose ({x:.1f}, {y:.1f}) m lies outside the map'),)
        blinded, contradicted = self._blinded(scan, comparison), self.contradiction(comparison)
        self._blinded_since_s = _since(self._blinded_since_s, now_s, blinded)
        self._contradicted_since_s = _since(self._contradicted_since_s, now_s, None if blinded else contradicted)
        complaints: list[Complaint] = []
        if blinded and _lasted(self._blinded_since_s, now_s, settings.blinded_s):
            complaints.append(Complaint(now_s, _SENSOR, Trouble.LIDAR_BLINDED, blinded))
        if contradicted and _lasted(self._contradicted_since_s, now_s, settings.contradiction_s):
            complaints.append(Complaint(now_s, _SENSOR, Trouble.CONTRADICTION, contradicted))
        return tuple(complaints)

    def contradiction(self, comparison: Comparison) -> str | None:
        """Say how a scan contradicts the expectation as a whole, so that no part of it is to be believed."""
        beams = len(comparison.ranges_m)
        if comparison.out_of_bounds:
            limits = self._alignment
            return (f'the walls stand more than {limits.max_shift_m:g} m or {math.degrees(limits.max_turn_rad):.0f} '
                    'degrees from where the pose has them')
        differ = round((1.0 - comparison.agreement) * comparison.compared)
        if (not comparison.agrees and comparison.compared >= self._alignment.min_beams
                and differ > _CONTRADICTING_SHARE * beams):
            return f'{differ} of {comparison.compared} beams do not measure what is expected from here'
        nearer = int(np.count_nonzero(comparison.nearer))
        if nearer > 0.5 * beams:
            return f'{nearer} of {beams} beams end before anything that is expected'
        return None

    def _unreadable(self, scan: LaserScan) -> str | None:
        ranges = scan.ranges_m
        size = int(ranges.size)
        if size == 0:
            return 'a scan holds no ranges'
        if self._size is not None and size != self._size:
            self._resized += 1
            if self._resized <= _RESIZED_SCANS:
                return f'a scan holds {size} ranges, those before held {self._size}'
        self._size, self._resized = size, 0
        if np.isnan(ranges).all():
            return f'none of {size} ranges is a number'
        with np.errstate(invalid='ignore'):
            negative = int(np.count_nonzero((ranges < 0.0) & np.isfinite(ranges)))
        if negative > _NEGATIVE_SHARE * size:
            return f'{negative} of {size} ranges are negative'
        return None

    def _blinded(self, scan: LaserScan, comparison: Comparison) -> str | None:
        ranges, settings = scan.ranges_m, self._settings
        with np.errstate(invalid='ignore'):
            bad = int(np.count_nonzero(np.isnan(ranges) | (ranges < settings.near_m)))
            close = comparison.expected_m < _CLOSE_M
        if bad > settings.blinded_share * ranges.size:
            return f'{bad} of {ranges.size} beams are covered or erroneous'
        near, returned = int(np.count_nonzero(close)), int(np.count_nonzero(comparison.valid))
        expected = int(np.count_nonzero(comparison.expected_m <= scan.range_max_m))
        if (near >= _CLOSE_BEAMS and np.count_nonzero(comparison.valid[close]) < _FEW * near
                and returned < _FEW * expected):
            return f'{returned} beams come back where {expected} are expected to'
        return None


def _since(since_s: float | None, now_s: float, trouble: str | None) -> float | None:
    if trouble is None:
        return None
    return now_s if since_s is None else since_s


def _lasted(since_s: float | None, now_s: float, limit_s: float) -> bool:
    return since_s is not None and now_s - since_s >= limit_s - 1e-6

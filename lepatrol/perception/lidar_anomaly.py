"""What the lidar notices: things where nothing is expected, and nothing where a fence or a gate is."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from lepatrol.model.findings import Complaint, Gap, Sighting, Trouble
from lepatrol.model.geometry import Floats, Pose2, Pose3
from lepatrol.model.observation import LaserScan
from lepatrol.model.site import Structure
from lepatrol.perception.baseline import Baseline, Comparison
from lepatrol.perception.expectation import RangeSource
from lepatrol.perception.lidar_gaps import GapFinder
from lepatrol.perception.lidar_health import LidarHealth
from lepatrol.perception.lidar_things import ThingFinder
from lepatrol.settings.lidar_anomaly import LidarAnomalySettings


@dataclass(frozen=True, slots=True, eq=False)
class LidarLook:
    """What one scan told.

    ``expected_m`` (n,) is what each beam ought to have measured (NaN: not known). ``aligned_pose`` is the lidar's pose
    in ``map`` after ``correction``: a shift in ``map`` and a turn about the lidar. ``is_aligned`` is False when the
    walls did not confirm the pose. ``seen_standing`` names the structures seen whole and where they ought to be.
    """

    stamp_s: float
    sightings: tuple[Sighting, ...]
    gaps: tuple[Gap, ...]
    expected_m: Floats
    aligned_pose: Pose3
    correction: Pose2
    is_aligned: bool
    seen_standing: tuple[str, ...]
    complaints: tuple[Complaint, ...]


class LidarAnomaly:
    """Compares each scan with what is expected from where it was taken; debounces what it tells."""

    def __init__(
        self, source: RangeSource, structures: tuple[Structure, ...], settings: LidarAnomalySettings,
    ) -> None:
        """Expect what ``source`` tells, and guard ``structures``."""
        self._baseline = Baseline(source, settings)
        self._things = ThingFinder(settings.things)
        self._gaps = GapFinder(structures, settings.gaps, settings.tolerance_m)
        self._health = LidarHealth(settings.health, settings.alignment)
        self._stamp_s = -math.inf

    def reset(self) -> None:
        """Forget all earlier scans."""
        self._things.reset()
        self._gaps.reset()
        self._health.reset()
        self._stamp_s = -math.inf

    def silence(self, now_s: float) -> tuple[Complaint, ...]:
        """Complain if there was no scan for long; before the first one there is nothing to complain of."""
        return self._health.silence(now_s)

    def look(self, scan: LaserScan, sensor_pose: Pose3) -> LidarLook:
        """Return what a scan tells, taken from the believed ``sensor_pose`` in ``map``.

        Never raises for what a sensor may deliver: a scan that cannot be read gives a complaint and no findings. When
        time runs backwards all earlier scans are forgotten; a scan that comes twice tells nothing new.
        """
        complaints = self._keep_time(scan.stamp_s)
        is_new, self._stamp_s = scan.stamp_s > self._stamp_s, scan.stamp_s
        complaints += self._health.read(scan, sensor_pose)
        if any(complaint.trouble is Trouble.UNREADABLE for complaint in complaints):
            unknown = np.full(scan.ranges_m.size, np.nan)
            return LidarLook(
                scan.stamp_s, (), (), unknown, sensor_pose, Pose2(0.0, 0.0), False, (), complaints)
        comparison = self._baseline.compare(scan, sensor_pose)
        complaints += self._health.judge(scan, comparison)
        sightings, gaps, standing = self._find(scan, comparison) if is_new else ((), (), ())
        return LidarLook(
            scan.stamp_s, sightings, gaps, comparison.expected_m, comparison.pose, comparison.correction,
            comparison.is_aligned, standing, complaints)

    def _keep_time(self, stamp_s: float) -> tuple[Complaint, ...]:
        back_s = self._stamp_s - stamp_s
        if not back_s > 0.0:
            return ()
        self.reset()
        return (Complaint(stamp_s, 'lidar', Trouble.CONTRADICTION, f'time ran backwards by {back_s:.2f} s'),)

    def _find(
        self, scan: LaserScan, comparison: Comparison,
    ) -> tuple[tuple[Sighting, ...], tuple[Gap, ...], tuple[str, ...]]:
        if comparison.is_unknown or self._health.contradiction(comparison):
            return (), (), ()
        sightings = self._things.find(
            scan.stamp_s, comparison, scan.angle_increment_rad, self._baseline.explains,
            is_full_turn=self._baseline.is_full_turn)
        if not comparison.is_aligned:
            return sightings, (), ()
        return sightings, *self._gaps.find(scan.stamp_s, comparison, scan.range_max_m)

"""The expected scan, and the bounded alignment that lays the measured one on it.

Poses err by some centimetres and a degree: at 20 m that moves a wall by more than a person is wide. So each scan is
aligned to the expected one first. Every measured point is pulled to the line through the expected point of its beam
(point-to-line, Censi 2008, doi:10.1109/ROBOT.2008.4543181), with weights of Geman and McClure against people and
things that are not expected. Directions in which the walls do not hold the scan (along a corridor) stay as they are
believed.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.lapack import dposv, dsyevd

from lepatrol.model.geometry import Floats, Pose2, Pose3, wrap_angle
from lepatrol.model.observation import LaserScan
from lepatrol.perception.beam_fan import BeamFan, lowest_and_highest
from lepatrol.perception.expectation import RangeSource
from lepatrol.settings.lidar_anomaly import LidarAnomalySettings

_SCALES_M = (0.2, 0.06, 0.03)
"""Residuals well above the scale of an iteration do not count in it."""
_LEVER_M = 5.0
"""One radian weighs as much as this many metres."""
_FLAT_M = 0.03
"""Three expected points further from a line than this are a corner or an edge, and align nothing."""
_FAR_M, _FAR_RAD = 0.1, 0.03
"""A correction larger than this is worth new rays and a second one; after a smaller one the same points are seen."""
_WIDEST_RAD = 0.35
"""No beam's error is taken to be larger: what is that near is judged by the beam's own surroundings."""
_FINE_RAYS = 11
"""Rays cast within a beam's error to find a thin pole: 8 cm apart at most, as far as a lidar sees."""
_HELD_M = 0.05
"""How wrong the place may be across walls that hold it."""
_SHIFTED_SHARE, _SHIFTED_AGREEMENT = 0.1, 0.7
"""With more than such shares of beams both too short and too long, this agreement is called for."""
_UNSURE_RAD, _UNSURE_M = 0.05, 0.2
"""Errors allowed for where nothing could be aligned."""


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """A scan against what was expected, from the corrected pose.

    Arrays have shape (n,), one entry per beam. ``expected_m`` is along the beam itself, ``lowest_m`` and ``highest_m``
    over all directions that the beam's error ``reach_rad`` allows; NaN is not known. ``origin_m`` (2,) and
    ``directions`` (n, 2) are the beams in ``map`` seen from above, not normalised: a range times a direction is a
    point. ``nearer`` beams ended before anything expected. ``correction`` is the shift in ``map`` and the turn about
    the sensor that led from the believed pose to ``pose``; ``out_of_bounds`` tells that a larger one was refused.
    ``agreement`` is the share of ``compared`` beams that measured what was expected, ``agrees`` whether it is enough.
    """

    pose: Pose3
    correction: Pose2
    is_aligned: bool
    ranges_m: Floats
    valid: NDArray[np.bool_]
    expected_m: Floats
    lowest_m: Floats
    highest_m: Floats
    reach_rad: Floats
    origin_m: Floats
    directions: Floats
    nearer: NDArray[np.bool_]
    compared: int
    agreement: float
    agrees: bool
    out_of_bounds: bool

    @property
    def is_unknown(self) -> bool:
        """Tell whether nothing is known of where the scan was taken."""
        return bool(np.isnan(self.expected_m).all())


@dataclass(frozen=True, slots=True, eq=False)
class _Step:
    """A correction, and the directions (k, 2) in ``map`` along which the walls held nothing; may be none."""

    shift: Pose2
    loose: Floats


class Baseline:
    """Compares scans with what a range source expects."""

    def __init__(self, source: RangeSource, settings: LidarAnomalySettings) -> None:
        """Ask one source."""
        self._source = source
        self._settings = settings
        self._fan: BeamFan | None = None

    @property
    def is_full_turn(self) -> bool:
        """Tell whether the last scan's beams go all the way round."""
        return self._fan is not None and self._fan.is_full_turn

    def compare(self, scan: LaserScan, believed: Pose3) -> Comparison:
        """Return a scan of at least one beam against the expectation, aligned as far as the walls allow."""
        if self._fan is None or not self._fan.fits(scan):
            self._fan = BeamFan(scan)
        fan = self._fan
        ranges = scan.ranges_m.astype(np.float64)
        valid = scan.valid & (ranges > self._settings.things.self_radius_m)
        pose, total = believed, Pose2(0.0, 0.0)
        expected, directions = self._cast(fan.beams, believed)
        step = self._step(ranges, valid, expected, directions)
        out = step is not None and self._exceeds(step.shift)
        if step and not out and _is_far(step.shift):
            pose, total = _moved(pose, step.shift), step.shift
            expected, directions = self._cast(fan.beams, pose)
            step = self._step(ranges, valid, expected, directions)
            out = step is not None and self._exceeds(_sum(total, step.shift))
        low = high = expected
        if step and not out:
            x, y, _ = pose.inverse().turn((step.shift.x_m, step.shift.y_m, 0.0))
            expected, low, high = fan.seen_after(expected, (x, y), step.shift.yaw_rad)
            pose, total = _moved(pose, step.shift), _sum(total, step.shift)
        elif out:
            pose, total = believed, Pose2(0.0, 0.0)
        comparison = self._judge(
            fan, ranges, valid, pose, total, (expected, low, high), None if out else step, out_of_bounds=out)
        if comparison.agrees:
            return comparison
        return dataclasses.replace(comparison, pose=believed, correction=Pose2(0.0, 0.0))

    def explains(self, comparison: Comparison, beams: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Tell which of some beams (k,) of the last scan end at something thin that is expected between the beams."""
        assert self._fan is not None
        spread = np.linspace(-1.0, 1.0, _FINE_RAYS) * comparison.reach_rad[beams, None]
        rays = self._fan.towards(self._fan.angles_rad[beams, None] + spread).reshape(-1, 3)
        found, _ = self._cast(rays, comparison.pose)
        lowest = np.where(np.isnan(found), 0.0, found).reshape(-1, _FINE_RAYS).min(axis=1)
        return np.asarray(comparison.ranges_m[beams] > lowest - self._settings.tolerance_m)

    def _cast(self, beams: Floats, pose: Pose3) -> tuple[Floats, Floats]:
        directions = beams @ pose.rotation.T
        return self._source.ranges_m(np.asarray(pose.position_m, dtype=np.float64), directions), directions

    def _step(
        self, ranges: Floats, valid: NDArray[np.bool_], expected: Floats, directions: Floats,
    ) -> _Step | None:
        """Return the correction that lays the measured points on the expected lines, None where too few tell."""
        settings = self._settings.alignment
        along_x, along_y = np.ascontiguousarray(directions[:, 0]), np.ascontiguousarray(directions[:, 1])
        flat, normal_x, normal_y = _flat(expected * along_x, expected * along_y)
        with np.errstate(invalid='ignore'):
            facing = normal_x * along_x + normal_y * along_y
            lever = ranges * (normal_y * along_x - normal_x * along_y)
            residual = (ranges - expected) * facing
            flat &= valid & (np.abs(residual) < settings.max_shift_m + settings.max_turn_rad * np.abs(lever))
        near = np.flatnonzero(flat)
        if len(near) < settings.min_beams:
            return None
        slopes = np.stack([normal_x[near], normal_y[near], lever[near] / _LEVER_M])
        step, loose = _solve(slopes, residual[near], settings.min_information)
        x, y, turn = step.tolist()
        return _Step(Pose2(x, y, turn / _LEVER_M), loose[:2].T)

    def _exceeds(self, step: Pose2) -> bool:
        limits = self._settings.alignment
        return math.hypot(step.x_m, step.y_m) > limits.max_shift_m or abs(step.yaw_rad) > limits.max_turn_rad

    def _judge(
        self, fan: BeamFan, ranges: Floats, valid: NDArray[np.bool_], pose: Pose3, correction: Pose2,
        seen: tuple[Floats, Floats, Floats], step: _Step | None, *, out_of_bounds: bool,
    ) -> Comparison:
        settings = self._settings
        expected, low, high = seen
        directions = fan.beams @ pose.rotation.T[:, :2]
        near = np.where(valid, ranges, np.inf)
        reach_rad = self._reach(np.maximum(np.fmin(near, expected), 0.1), directions, step)
        lowest, highest = lowest_and_highest(low, high, fan.reach(reach_rad), wraps=fan.is_full_turn)
        nearer = valid & (near < lowest - settings.tolerance_m)
        known = valid & np.isfinite(expected)
        compared = int(np.count_nonzero(known))
        ended, passed = known & nearer, known & (near > highest + settings.tolerance_m)
        ends, passes = int(np.count_nonzero(ended)), int(np.count_nonzero(passed))
        agreement = 1.0 - (ends + passes) / max(compared, 1)
        # Things end beams and gaps let them pass; a wrong pose does much of both.
        is_shifted = min(ends, passes) > _SHIFTED_SHARE * compared
        least = max(settings.alignment.min_agreement, _SHIFTED_AGREEMENT if is_shifted else 0.0)
        agrees = agreement >= least
        return Comparison(
            pose, correction, step is not None and agrees, ranges, valid, expected, lowest, highest, reach_rad,
            np.asarray(pose.position_m[:2]), directions, nearer, compared, agreement, agrees, out_of_bounds)

    def _reach(self, near_m: Floats, directions: Floats, step: _Step | None) -> Floats:
        """Return by what angle each beam may be wrong: it errs itself, and where it starts from errs to its side."""
        turn, place = self._settings.beam_error_rad, self._settings.place_error_m
        if step is None:
            return np.minimum(max(turn, _UNSURE_RAD) + max(place, _UNSURE_M) / near_m, _WIDEST_RAD)
        aside: Floats = np.full(len(directions), _HELD_M**2)
        for x, y in step.loose.tolist():
            aside += np.square(place * (directions[:, 0] * y - directions[:, 1] * x))
        return np.minimum(turn + np.sqrt(aside) / near_m, _WIDEST_RAD)


def _flat(x: Floats, y: Floats) -> tuple[NDArray[np.bool_], Floats, Floats]:
    """Return which expected points (n,) lie on a smooth wall, and the unit normals (n,) there along x and y."""
    normal_x, normal_y, off = np.zeros(len(x)), np.zeros(len(x)), np.full(len(x), np.inf)
    with np.errstate(invalid='ignore'):
        chord_x, chord_y = x[2:] - x[:-2], y[2:] - y[:-2]
        length = np.maximum(np.sqrt(chord_x * chord_x + chord_y * chord_y), 1e-9)
        normal_x[1:-1], normal_y[1:-1] = -chord_y / length, chord_x / length
        off[1:-1] = normal_x[1:-1] * (x[1:-1] - x[:-2]) + normal_y[1:-1] * (y[1:-1] - y[:-2])
        return np.abs(off) < _FLAT_M, normal_x, normal_y


def _solve(slopes: Floats, residual: Floats, min_information: float) -> tuple[Floats, Floats]:
    """Return the step (3,) that brings ``residual + step @ slopes`` nearest to zero, and what holds it loosely (3, k).

    By reweighted least squares over ``slopes`` (3, n). Along eigenvectors of the information that fewer than
    ``min_information`` beams' worth speak for, the step is zero.
    """
    # LAPACK itself: for so few unknowns numpy's checks around it take longer than the solution.
    information, axes, _ = dsyevd((slopes * _weights(residual, _SCALES_M[0])) @ slopes.T, lower=1)
    firm = information > max(min_information, 1e-6)
    axes, loose = axes[:, firm], axes[:, ~firm]
    held, ridge = axes.T @ slopes, 1e-3 * np.eye(axes.shape[1])
    step: Floats = np.zeros(axes.shape[1])
    for scale in _SCALES_M if len(step) else ():
        weighted = held * _weights(residual + step @ held, scale)
        step = -dposv(weighted @ held.T + ridge, weighted @ residual)[1]
    return axes @ step, loose


def _weights(residual: Floats, scale: float) -> Floats:
    scaled = residual * (1.0 / scale)
    return 1.0 / np.square(1.0 + scaled * scaled)


def _is_far(step: Pose2) -> bool:
    return math.hypot(step.x_m, step.y_m) > _FAR_M or abs(step.yaw_rad) > _FAR_RAD


def _sum(first: Pose2, second: Pose2) -> Pose2:
    return Pose2(first.x_m + second.x_m, first.y_m + second.y_m, wrap_angle(first.yaw_rad + second.yaw_rad))


def _moved(pose: Pose3, step: Pose2) -> Pose3:
    """Return a sensor's pose shifted in ``map`` and turned about itself."""
    x, y, z = pose.position_m
    turned = Pose3.from_rpy(yaw_rad=step.yaw_rad).compose(Pose3((0.0, 0.0, 0.0), pose.orientation_wxyz))
    return Pose3((x + step.x_m, y + step.y_m, z), turned.orientation_wxyz)

"""Whether an object was moved while it was looked at from one place after another."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from lepatrol.model.geometry import Floats
from lepatrol.model.inspection import Measured, Outline
from lepatrol.perception.camera_geometry import CameraGeometry

_PLACE_M, _TURN_RAD = 0.04, math.radians(0.7)
_FOOT_PX, _DEPTH_M = 1.0, 0.1
"""One sigma of an outline's foot, and of how far behind the nearest edge of it the middle is."""
_SOLID = 0.8
"""An outline that is filled less is of more than one thing."""


def moved_m(outlines: Sequence[Outline], radius_m: float) -> Measured | None:
    """Return how far the object's middle is, in the later half of outlines, from where the earlier half shows it.

    A single camera tells well in which direction the object is, and badly how far away: places are put together from
    several, each weighed by what it knows. None where either half shows nothing.
    """
    fixes = [fix for fix in (_fix(outline, radius_m) for outline in outlines if outline.fill >= _SOLID) if fix]
    half = len(fixes) // 2
    if half < 1:
        return None
    (early, early_m2), (late, late_m2) = _joined(fixes[:half]), _joined(fixes[half:])
    shift, covariance = late - early, early_m2 + late_m2
    distance = float(np.hypot(*shift))
    along = shift / distance if distance > 1e-6 else np.array([1.0, 0.0])
    return Measured(distance, math.sqrt(float(along @ covariance @ along)))


def _fix(outline: Outline, radius_m: float) -> tuple[Floats, Floats] | None:
    """Return where one outline puts the object's middle, and the information (2, 2) of that."""
    geometry = CameraGeometry(outline.info, outline.camera)
    hull = np.asarray(outline.hull_px)
    foot = geometry.ground_at(float(hull[:, 0].min() + hull[:, 0].max()) / 2.0, float(hull[:, 1].max()))
    if foot is None or foot.range_m < 0.1:
        return None
    own = np.asarray(geometry.position_m)
    towards = (np.asarray(foot.position_m) - own) / foot.range_m
    middle_m = foot.range_m + 0.8 * radius_m
    along = math.hypot(geometry.range_deviation_m(foot.range_m, _FOOT_PX), _DEPTH_M, _PLACE_M)
    aside = math.hypot(_PLACE_M, _TURN_RAD * middle_m)
    axes = np.stack([towards, np.array([-towards[1], towards[0]])])
    return own + middle_m * towards, axes.T @ np.diag([along**-2, aside**-2]) @ axes


def _joined(fixes: Sequence[tuple[Floats, Floats]]) -> tuple[Floats, Floats]:
    """Return the place that fixes agree on best, and its covariance."""
    covariance = np.asarray(np.linalg.inv(sum((each for _, each in fixes), np.zeros((2, 2)))), dtype=np.float64)
    return covariance @ sum((each @ place for place, each in fixes), np.zeros(2)), covariance

"""The solid that explains outlines and lidar returns from several viewpoints best, whatever their poses err by.

Each outline is compared by its support: how far it reaches in a number of directions of the picture. The solid's own
corners, projected, reach as far or do not. Where the robot truly stood and how its camera truly looked is found along
with the solid, held to what is believed by how much that is to be trusted: so a pose that is off by 5 cm and a degree
shifts an outline and does not widen the object.
"""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from scipy.optimize import OptimizeResult, least_squares

from lepatrol.model.geometry import Floats
from lepatrol.model.inspection import ObjectView
from lepatrol.perception.camera_geometry import OPTICAL
from lepatrol.perception.solids import BOX, CYLINDER, SOFT, Solid

_DIRECTIONS = 16
_ANGLES = 2.0 * math.pi / _DIRECTIONS * np.arange(_DIRECTIONS)
_SUPPORT: Floats = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)])
_EDGE_PX, _RETURN_M = 0.35, 0.02
"""One sigma of an outline's edge and of a lidar return."""
_CORNER_PX = 0.3
"""The corners of the outermost pixels lie this far outside of what fills them."""
_PLACE_M, _TURN_RAD, _PITCH_RAD = 0.04, math.radians(0.7), math.radians(0.15)
"""One sigma of where a camera is, of its heading and of its pitch."""
_FOOT_M, _FOOT_SIGMA_M = 0.02, 0.03
"""How much of an object's foot grass and gravel hide, and one sigma of it."""
_STEP = 1e-5
"""By how much numbers are moved to see what that changes."""
_PLANE_M = 0.03
"""How surely the lidar's plane passes over an object or does not."""
_ODD = 2.5
"""An outline farther than this many sigmas from what explains the others is not the object's alone."""
_CLOSE, _FILLED = 1.05, 0.93
"""Outlines of things with straight sides are this close to what explains them, in sigmas, and fill this much of it."""
_SYSTEMATIC_PX = 0.35
"""By how much all edges of outlines may err alike."""


@dataclass(frozen=True, slots=True, eq=False)
class SolidFit:
    """A solid by its ``numbers`` with their ``covariance``, how well it fits, and how much of it pictures show filled.

    ``misfit`` is the sum of squares in sigmas, robustly; ``residuals`` is how many there are. ``has_height`` tells
    that pictures show how tall it is. ``systematic_m`` is by how much any side may be off alike. ``off`` is how far
    each outline is from it, in sigmas. ``filled`` is the share of the solid's own outlines that the object fills.
    """

    solid: Solid
    numbers: Floats
    covariance: Floats
    misfit: float
    residuals: int
    has_height: bool
    systematic_m: float
    off: tuple[float, ...]
    filled: float

    @property
    def sides_m(self) -> Floats:
        """Return the two sides of the footprint."""
        return self.solid.sides(self.numbers)

    @property
    def height_m(self) -> float:
        """Return the height."""
        return float(self.numbers[-1])

    @property
    def is_close(self) -> bool:
        """Tell whether every outline is explained as well as outlines of such things are."""
        return self.filled >= _FILLED and (not self.off or float(np.median(self.off)) < _CLOSE)

    def information_criterion(self) -> float:
        """Return Schwarz's criterion: the less the better, more numbers have to earn their place."""
        return self.misfit + len(self.numbers) * math.log(max(self.residuals, 2))


def fit_solid(views: Sequence[ObjectView], start_m: tuple[float, float], radius_m: float) -> SolidFit | None:
    """Return the solid about ``start_m`` that views are explained by best, None where they show nothing."""
    kept = list(views)
    while True:
        best = _best(kept, start_m, radius_m)
        if best is None or len(best.off) < 3 or max(best.off) < _ODD:
            return best
        # What one picture shows joined with something else, or half hidden, is not what the others show.
        odd = [view for view in kept if _is_whole(view)][int(np.argmax(best.off))]
        kept = [dataclasses.replace(view, outline=None) if view is odd else view for view in kept]


def _best(views: Sequence[ObjectView], start_m: tuple[float, float], radius_m: float) -> SolidFit | None:
    fits = [_fit(solid, views, start_m, radius_m) for solid in (BOX, CYLINDER)]
    best = min((fit for fit in fits if fit is not None), key=SolidFit.information_criterion, default=None)
    # What has straight sides is explained well by those that have; rounder ones take longer to try.
    if best is None or best.is_close:
        return best
    soft = _fit(SOFT, views, start_m, radius_m)
    return min((fit for fit in (best, soft) if fit is not None), key=SolidFit.information_criterion)


class _Evidence:
    """What views show, as arrays: of outlines ``reach`` (views, directions), of scans ``returns`` (n, 2)."""

    def __init__(self, views: Sequence[ObjectView]) -> None:
        seen = [view.outline for view in views if view.outline is not None and _is_whole(view)]
        self.cameras = len(seen)
        self.reach = np.array([(np.asarray(outline.hull_px) @ _SUPPORT).max(axis=0) - _CORNER_PX for outline in seen])
        self.areas = np.array([
            outline.fill * cv2.contourArea(np.asarray(outline.hull_px, dtype=np.float32)) for outline in seen])
        self.origins = np.array([outline.camera.position_m for outline in seen]).reshape(-1, 3)
        self.turns = np.array([outline.camera.rotation @ OPTICAL for outline in seen]).reshape(-1, 3, 3)
        self.focal = np.array([(outline.info.fx, outline.info.fy) for outline in seen]).reshape(-1, 2)
        self.centre = np.array([(outline.info.cx, outline.info.cy) for outline in seen]).reshape(-1, 2)
        scans = [view for view in views if view.lidar_m]
        self.scans = len(scans)
        self.returns = np.array([point for view in scans for point in view.lidar_m]).reshape(-1, 2)
        self.scan_of = np.array([index for index, view in enumerate(scans) for _ in view.lidar_m], dtype=np.intp)
        planes = [(view.lidar_height_m, bool(view.lidar_m)) for view in views if view.lidar_height_m is not None]
        self.passes_m = max((height for height, hit in planes if not hit), default=None)
        self.hits_m = min((height for height, hit in planes if hit), default=None)

    def unexplained(self, solid: Solid, numbers: Floats, errors: Floats) -> Floats:
        """Return in sigmas what a solid, and errors of the poses, leave unexplained."""
        cameras, shifts, foot_m = self._parts(errors)
        found = [
            self._outlines(solid, numbers, cameras, foot_m).ravel(), self._returns(solid, numbers, shifts),
            self._plane(numbers[-1])]
        return np.concatenate([*found, errors])

    def off(self, unexplained: Floats) -> tuple[float, ...]:
        """Return how far each outline is from what explains it, in sigmas."""
        found = unexplained[:self.cameras * _DIRECTIONS].reshape(-1, _DIRECTIONS)
        return tuple(np.sqrt(np.square(found).mean(axis=1)).tolist())

    def filled(self, solid: Solid, numbers: Floats, errors: Floats) -> float:
        """Return the share of the solid's outlines that the object fills, 1 without outlines."""
        if not self.cameras:
            return 1.0
        cameras, _, foot_m = self._parts(errors)
        pixels = self._project(solid, numbers, cameras, foot_m).astype(np.float32)
        ought = np.array([cv2.contourArea(cv2.convexHull(corners)) for corners in pixels])
        return float(np.median(self.areas / np.maximum(ought, 1.0)))

    def slopes(self, solid: Solid, values: Floats, count: int) -> Floats:
        """Return the derivatives (residuals, values) of what is unexplained by ``count`` numbers and the errors.

        The errors of one camera or scan move nothing of another's: those of all are moved at once.
        """
        base = self.unexplained(solid, values[:count], values[count:])
        slopes = np.zeros((len(base), len(values)))
        slopes[len(base) - self.errors:, count:] = np.eye(self.errors)
        sensed = len(base) - self.errors

        def step(moved: NDArray[np.intp]) -> Floats:
            there = values.copy()
            there[moved] += _STEP
            return (self.unexplained(solid, there[:count], there[count:]) - base)[:sensed] / _STEP

        for number in (*range(count), len(values) - 1):
            slopes[:sensed, number] = step(np.array([number]))
        outlines = self.cameras * _DIRECTIONS
        of_camera, of_scan = np.repeat(np.arange(self.cameras), _DIRECTIONS), self.scan_of
        for part in range(4 if self.cameras else 0):
            moved = count + 4 * np.arange(self.cameras) + part
            slopes[np.arange(outlines), moved[of_camera]] = step(moved)[:outlines]
        for part in range(2 if self.scans else 0):
            moved = count + 4 * self.cameras + 2 * np.arange(self.scans) + part
            rows = np.arange(outlines, outlines + len(of_scan))
            slopes[rows, moved[of_scan]] = step(moved)[rows]
        return slopes

    @property
    def errors(self) -> int:
        """Return how many numbers describe the errors of poses, each in sigmas."""
        return 4 * self.cameras + 2 * self.scans + 1

    def _parts(self, errors: Floats) -> tuple[Floats, Floats, float]:
        split = 4 * self.cameras
        foot_m = _FOOT_M + _FOOT_SIGMA_M * float(errors[-1])
        return errors[:split].reshape(-1, 4), errors[split:-1].reshape(-1, 2), foot_m

    def _outlines(self, solid: Solid, numbers: Floats, cameras: Floats, foot_m: float) -> Floats:
        if not self.cameras:
            return np.zeros(0)
        pixels = self._project(solid, numbers, cameras, foot_m)
        return np.asarray(((pixels @ _SUPPORT).max(axis=1) - self.reach) / _EDGE_PX)

    def _project(self, solid: Solid, numbers: Floats, cameras: Floats, foot_m: float) -> Floats:
        """Return where the solid's corners are in the pictures, (views, corners, 2)."""
        corners = solid.surface(numbers, foot_m)
        origins = self.origins.copy()
        origins[:, :2] += _PLACE_M * cameras[:, :2]
        seen = np.einsum('vcm,vmk->vck', corners[None] - origins[:, None], self.turns)
        depth = np.maximum(seen[..., 2], 0.1)
        pixels = seen[..., :2] / depth[..., None] * self.focal[:, None] + self.centre[:, None]
        # Small turns of the camera move the whole outline.
        pixels[..., 0] += self.focal[:, None, 0] * _TURN_RAD * cameras[:, None, 2]
        pixels[..., 1] += self.focal[:, None, 1] * _PITCH_RAD * cameras[:, None, 3]
        return np.asarray(pixels)

    def _returns(self, solid: Solid, numbers: Floats, shifts: Floats) -> Floats:
        if not self.scans:
            return np.zeros(0)
        return solid.off_outline(
            numbers, self.returns + _PLACE_M * shifts[self.scan_of], self.hits_m or 0.0) / _RETURN_M

    def _plane(self, height_m: float) -> Floats:
        above = 0.0 if self.hits_m is None else max(0.0, self.hits_m - height_m)
        below = 0.0 if self.passes_m is None else max(0.0, height_m - self.passes_m)
        # A thing that some scans hit and others miss, seen past its edge, is as tall as those say that hit it.
        return np.array([above if self.hits_m is not None else below]) / _PLANE_M


def _is_whole(view: ObjectView) -> bool:
    return view.outline is not None and view.outline.is_whole


def _fit(
    solid: Solid, views: Sequence[ObjectView], start_m: tuple[float, float], radius_m: float,
) -> SolidFit | None:
    evidence = _Evidence(views)
    if not evidence.cameras and len(evidence.returns) < 3:
        return None
    calm = np.zeros(evidence.errors)

    def rough(numbers: Floats) -> Floats:
        return evidence.unexplained(solid, numbers, calm)[:-len(calm)] / 4.0

    low, high = solid.bounds
    origin = np.zeros(len(low))
    origin[:2] = start_m
    low, high = low + origin, high + origin
    starts = [least_squares(rough, np.clip(start + origin, low + 1e-6, high - 1e-6), bounds=(low, high), loss='soft_l1',
                            x_scale=0.1, max_nfev=25, ftol=1e-3, xtol=1e-4)
              for start in solid.starts(max(radius_m, 0.1), (evidence.hits_m or 0.3) + 0.1)]
    best = min(starts, key=lambda result: float(result.cost))

    def whole(values: Floats) -> Floats:
        count = len(low)
        return evidence.unexplained(solid, values[:count], values[count:])

    def slopes(values: Floats) -> Floats:
        return evidence.slopes(solid, values, len(low))

    wide = np.full(len(calm), 6.0)
    result = least_squares(
        whole, np.concatenate([np.clip(best.x, low + 1e-6, high - 1e-6), calm]), slopes,
        bounds=(np.concatenate([low, -wide]), np.concatenate([high, wide])), loss='soft_l1', f_scale=2.0,
        x_scale=np.concatenate([np.full(len(low), 0.1), np.ones(len(calm))]), max_nfev=30, ftol=1e-4, xtol=1e-5)
    return _as_fit(solid, result, evidence, len(low))


def _as_fit(solid: Solid, result: OptimizeResult, evidence: _Evidence, count: int) -> SolidFit:
    information = result.jac.T @ result.jac
    covariance = np.linalg.pinv(information)[:count, :count]
    residuals = len(result.fun)
    misfit = 2.0 * float(result.cost)
    spare = max(residuals - evidence.errors - count, 1)
    covariance *= max(1.0, misfit / spare)
    np.fill_diagonal(covariance, np.maximum(np.diag(covariance), 0.0))
    systematic_m = 0.0
    if evidence.cameras:
        away = np.hypot(*(evidence.origins[:, :2] - result.x[:2]).T)
        systematic_m = _SYSTEMATIC_PX * float((away / evidence.focal[:, 0]).mean())
    return SolidFit(
        solid, np.asarray(result.x[:count]), covariance, misfit, residuals - evidence.errors, evidence.cameras > 0,
        systematic_m, evidence.off(result.fun), evidence.filled(solid, result.x[:count], result.x[count:]))


__all__ = ['SolidFit', 'fit_solid']

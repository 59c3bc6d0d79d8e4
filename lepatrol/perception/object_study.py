"""An object looked at from one viewpoint after another: what each shows, and what all of them together say."""

from __future__ import annotations

import dataclasses
import logging
import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.errors import LepatrolError
from lepatrol.model.findings import Box
from lepatrol.model.geometry import Floats, Pose2, Pose3
from lepatrol.model.inspection import (
    Measured,
    ObjectEstimate,
    ObjectShape,
    ObjectView,
    Study,
    StudyRequest,
)
from lepatrol.model.observation import LaserScan
from lepatrol.model.site import Point2
from lepatrol.perception.annotate import Mark, annotate
from lepatrol.perception.colour_names import colours_in, mixed
from lepatrol.perception.evidence import crop_of
from lepatrol.perception.labels import ordered, read_labels
from lepatrol.perception.movement import moved_m
from lepatrol.perception.outlines import Cutout, cut_out, size_in
from lepatrol.perception.scan_plot import plot_scan
from lepatrol.perception.shot import Shot
from lepatrol.perception.solid_fit import SolidFit, fit_solid
from lepatrol.perception.study_files import StudyFiles

_NEARER_M = 0.15
"""A return this much nearer than expected is from something that is not expected."""
_BESIDE_M = 0.5
"""Returns up to this far outside the object's supposed outline may be its own."""
_BEFORE_M, _BEFORE_SHARE = 0.8, 0.3
"""What is hit this much before the object by more than that share of the beams towards it stands in the way."""
_ASTRAY_M, _LEAST_RADIUS_M = 1.0, 0.15
"""An estimate farther from where the object was said to be is not followed, and a small one is looked for with room."""
_FLAT_M = 0.1
_FILL_SIGMA = 0.05
"""How well the share is known that an object fills of the box around it."""
_MOST_INSPECTIONS = 8


@dataclass(frozen=True, slots=True, eq=False)
class Glimpse:
    """What a standing robot's sensors tell at a moment, each None where there is nothing.

    ``shot`` is the picture as the camera took it and ``masked_rgb`` (h, w, 3) the same as it may be kept;
    ``expected_m`` (n,) is what the scan ought to measure and ``lidar_pose`` where the lidar is in ``map``.
    """

    stamp_s: float
    robot: Pose2
    shot: Shot | None = None
    masked_rgb: NDArray[np.uint8] | None = None
    scan: LaserScan | None = None
    expected_m: Floats | None = None
    lidar_pose: Pose3 | None = None
    clock: str = ''


class ObjectStudy:
    """Collects views of objects, by inspection, and estimates what each object is like.

    With ``files`` what is seen is kept in the run's folder, and an inspection that an earlier run began is gone on
    with. That files cannot be written is told to ``logger``, and the study goes on.
    """

    def __init__(self, robot: str, files: StudyFiles | None, logger: logging.Logger) -> None:
        """Begin with no inspection."""
        self._robot = robot
        self._files = files
        self._logger = logger
        self._views: dict[str, dict[int, ObjectView]] = {}
        self._estimates: dict[str, ObjectEstimate | None] = {}

    def look(self, request: StudyRequest, glimpse: Glimpse) -> Study:
        """Return what is seen from the viewpoint that the robot stands at, and what is known by now."""
        views = self._views_of(request.inspection_id)
        known = self._estimates.get(request.inspection_id)
        place_m, radius_m = request.target_m, request.radius_m
        if known is not None and math.dist(known.position_m, place_m) <= radius_m + _ASTRAY_M:
            place_m, radius_m = known.position_m, max(known.radius_m, _LEAST_RADIUS_M)
        view = self._view(request, glimpse, place_m, radius_m)
        views.pop(request.viewpoint, None)
        views[request.viewpoint] = view
        if self._files is not None:
            try:
                self._files.keep_view(view)
            except LepatrolError as error:
                self._logger.error('inspection %s: %s', request.inspection_id, error)
        estimate = estimate_of(list(views.values()), request.target_m, request.radius_m)
        self._estimates[request.inspection_id] = estimate
        return Study(view, estimate)

    def _views_of(self, inspection_id: str) -> dict[int, ObjectView]:
        if inspection_id not in self._views:
            while len(self._views) >= _MOST_INSPECTIONS:
                oldest = next(iter(self._views))
                del self._views[oldest]
                self._estimates.pop(oldest, None)
            kept = self._files.views(inspection_id) if self._files is not None else []
            self._views[inspection_id] = {view.viewpoint: view for view in kept}
        return self._views[inspection_id]

    def _view(self, request: StudyRequest, glimpse: Glimpse, place_m: Point2, radius_m: float) -> ObjectView:
        view = ObjectView(request.inspection_id, request.viewpoint, glimpse.stamp_s, glimpse.robot)
        in_the_way = False
        if glimpse.scan is not None and glimpse.expected_m is not None and glimpse.lidar_pose is not None:
            returns, in_the_way = _returns(
                glimpse.scan, glimpse.expected_m, glimpse.lidar_pose, place_m, radius_m)
            if not in_the_way:
                view = dataclasses.replace(view, lidar_m=returns, lidar_height_m=glimpse.lidar_pose.position_m[2])
        cutout, problem = _cut(glimpse, place_m, radius_m) if not in_the_way else (None, 'something stands before it')
        if cutout is not None and glimpse.shot is not None:
            width_m, height_m = size_in(cutout.outline, place_m)
            rgb = glimpse.shot.image.rgb
            view = dataclasses.replace(
                view, outline=cutout.outline, width_m=width_m, height_m=height_m,
                colours=colours_in(rgb, cutout.mask), labels=read_labels(rgb, cutout.mask))
        pictures = self._pictures(request, glimpse, cutout, place_m)
        return dataclasses.replace(view, problem=problem, pictures=pictures)

    def _pictures(
        self, request: StudyRequest, glimpse: Glimpse, cutout: Cutout | None, place_m: Point2,
    ) -> tuple[str, ...]:
        """Keep the masked picture, the object in it, and the scan; return the files' names."""
        if self._files is None:
            return ()
        pictures = {}
        if glimpse.masked_rgb is not None:
            box = None if cutout is None else _box(cutout)
            marks = [] if box is None else [Mark(box, 'inspected')]
            pictures['frame'] = annotate(
                glimpse.masked_rgb, marks, robot=self._robot, clock=glimpse.clock or f'{glimpse.stamp_s:.1f} s',
                sentences=[f'{request.inspection_id}, viewpoint {request.viewpoint}'])
            crop = None if box is None else crop_of(glimpse.masked_rgb, box)
            if crop is not None:
                pictures['crop'] = crop
        if glimpse.scan is not None and glimpse.expected_m is not None and glimpse.lidar_pose is not None:
            pictures['scan'] = plot_scan(glimpse.scan, glimpse.expected_m, glimpse.lidar_pose, place_m)
        try:
            return self._files.keep_pictures(request.inspection_id, request.viewpoint, pictures)
        except LepatrolError as error:
            self._logger.error('inspection %s: %s', request.inspection_id, error)
            return ()


def estimate_of(views: list[ObjectView], target_m: Point2, radius_m: float) -> ObjectEstimate | None:
    """Return what views of one object, in the order they were taken, say together; None where they show nothing."""
    fit = fit_solid(views, target_m, radius_m)
    if fit is None:
        return None
    sides, variances = fit.sides_m, np.diag(fit.covariance)
    order = np.argsort(-sides, kind='stable')
    spread = np.hypot(
        np.sqrt(fit.solid.side_variances(variances)), fit.systematic_m)
    length, width = (Measured(float(sides[side]), float(spread[side])) for side in order)
    height = None
    if fit.has_height:
        height = Measured(fit.height_m, math.hypot(math.sqrt(variances[-1]), fit.systematic_m))
    is_flat = height is not None and height.value < _FLAT_M
    outlines = [view.outline for view in views if view.outline is not None]
    x, y = fit.numbers[:2].tolist()
    return ObjectEstimate(
        footprint_m=tuple((float(east), float(north)) for east, north in fit.solid.footprint(fit.numbers).tolist()),
        position_m=(x, y), deviation_m=float(np.sqrt(variances[:2].max())), length_m=length, width_m=width,
        height_m=height, volume_m3=None if height is None else _volume(fit, length, width, height),
        shape=ObjectShape.FLAT if is_flat else fit.solid.shape,
        colours=mixed([view.colours for view in views]),
        labels=ordered(label for view in views for label in view.labels),
        moved_m=moved_m(outlines, math.hypot(length.value, width.value) / 2.0),
        viewpoints=tuple(sorted(view.viewpoint for view in views if view.outline is not None or view.lidar_m)))


def _volume(fit: SolidFit, length: Measured, width: Measured, height: Measured) -> Measured:
    share = fit.solid.fills(fit.numbers)
    volume = share * length.value * width.value * height.value
    relative = math.hypot(
        _FILL_SIGMA / share, *(side.deviation / max(side.value, 0.01) for side in (length, width, height)))
    return Measured(volume, volume * relative)


def _cut(glimpse: Glimpse, place_m: Point2, radius_m: float) -> tuple[Cutout | None, str]:
    """Return the object as the picture shows it, or why it does not."""
    shot = glimpse.shot
    if shot is None:
        return None, 'there is no picture'
    if shot.pose is None:
        return None, 'nobody knows where the camera looked'
    cutout = cut_out(shot.image, shot.pose, shot.foreground, place_m, radius_m)
    if cutout is None:
        return None, 'the picture does not show it apart from what is behind it'
    return cutout, '' if cutout.outline.is_whole else 'the picture shows a part of it only'


def _returns(
    scan: LaserScan, expected_m: Floats, lidar: Pose3, place_m: Point2, radius_m: float,
) -> tuple[tuple[Point2, ...], bool]:
    """Return the lidar's returns from the object in ``map``, and whether something stands before it."""
    ranges = np.where(scan.valid, scan.ranges_m, np.nan).astype(np.float64)
    angles = scan.angles_rad
    flat = np.stack([ranges * np.cos(angles), ranges * np.sin(angles), np.zeros_like(ranges)], axis=1)
    points = lidar.transform(flat)[:, :2]
    own = np.asarray(lidar.position_m[:2])
    away = np.asarray(place_m) - own
    distance_m = float(np.hypot(*away))
    with np.errstate(invalid='ignore'):
        unexpected = (ranges < expected_m - _NEARER_M) | (np.isnan(expected_m) & np.isfinite(ranges))
        near = np.hypot(*(points - place_m).T) <= radius_m + _BESIDE_M
        yaw = lidar.planar().yaw_rad
        aside = np.abs((angles + yaw - math.atan2(away[1], away[0]) + math.pi) % (2.0 * math.pi) - math.pi)
        towards = aside * distance_m <= radius_m
        before = towards & (ranges < distance_m - radius_m - _BEFORE_M)
    returns = tuple((float(x), float(y)) for x, y in points[unexpected & near].tolist())
    return returns, int(np.count_nonzero(before)) > _BEFORE_SHARE * max(int(np.count_nonzero(towards)), 1)


def _box(cutout: Cutout) -> Box:
    hull = np.asarray(cutout.outline.hull_px)
    (left, top), (right, low) = hull.min(axis=0), hull.max(axis=0)
    return math.floor(left), math.floor(top), math.ceil(right), math.ceil(low)

"""Reference views: what each waypoint ought to look like, learnt on a clean round, and how it looks now."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.findings import Box, Change
from lepatrol.model.geometry import Pose3, wrap_angle
from lepatrol.model.observation import CameraImage, CameraInfo
from lepatrol.perception.picture_change import Differences, differences, regions
from lepatrol.perception.registration import Grey, Mask, homography_between, normalised, register
from lepatrol.perception.view_files import StoredView, read_views, write_views
from lepatrol.settings.reference_views import ReferenceViewSettings

SAME_HEADING_RAD = math.radians(15.0)
"""Headings of one waypoint that are nearer than this are one view."""
_MASK_GAP_PX = 9
Masking = Callable[[CameraImage, Pose3], NDArray[np.uint8]]
"""Masks a picture taken at a believed pose of the base: heads and privacy zones are pixelated in what it returns."""


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """How a picture differs from the references of its place.

    ``outline`` (h, w) is True within what changed. ``overlap`` is the share of the picture that a reference covers.
    Where ``is_registered`` is False no reference fits the picture and nothing is said of changes.
    """

    changes: tuple[Change, ...] = ()
    outline: Mask | None = None
    is_registered: bool = False
    overlap: float = 0.0


class ReferenceViews:
    """What waypoints ought to look like; several views of one heading may be kept, taken in different light.

    A change must show against each view of its heading that the picture can be laid over. Pictures given to ``learn``
    are kept on disk by ``save``: they must be masked (``valid`` then says what is left of them).
    """

    def __init__(self, settings: ReferenceViewSettings | None = None) -> None:
        """Know no place yet."""
        self._settings = settings or ReferenceViewSettings()
        self._views: list[StoredView] = []

    def __len__(self) -> int:
        return len(self._views)

    def knows(self, waypoint: str, heading_rad: float) -> bool:
        """Tell whether there is a reference of a waypoint seen that way."""
        return bool(self._of(waypoint, heading_rad))

    def learn(
        self, waypoint: str, heading_rad: float, image: CameraImage, pose: Pose3, *, valid: Mask | None = None,
    ) -> None:
        """Keep what a waypoint looks like, from the believed ``pose`` of the base (or of the camera: be consistent).

        ``valid`` (h, w) is False where the picture is masked or shows what does not belong; see ``unmasked``.
        """
        of_heading = self._of(waypoint, heading_rad)
        for dropped in of_heading[:max(0, len(of_heading) + 1 - self._settings.views_kept)]:
            self._views.remove(dropped)
        heading = of_heading[0].heading_rad if of_heading else wrap_angle(heading_rad)
        small, small_valid = self._scaled(image, valid)
        self._views.append(StoredView(waypoint, heading, pose, small, small_valid))

    def compare(
        self, waypoint: str, heading_rad: float, image: CameraImage, pose: Pose3, *, valid: Mask | None = None,
    ) -> Comparison:
        """Return how the picture of a waypoint differs from what it ought to look like.

        What is masked in the picture (``valid`` False) or in a reference is left out.
        """
        picture, picture_valid = self._scaled(image, valid)
        grey = normalised(picture.rgb, picture_valid)
        parts = []
        covered = np.zeros(picture_valid.shape, dtype=bool)
        for view in self._of(waypoint, heading_rad):
            part = self._against(view, picture, grey, picture_valid, pose)
            if part is not None:
                parts.append(part[0])
                covered |= part[1]
        if not parts:
            return Comparison()
        found = regions(_in_all(parts), self._settings)
        height, width = image.rgb.shape[:2]
        scale = width / picture.info.width
        changes = tuple(
            Change(image.stamp_s, region.kind, waypoint, None, 0.0, box=_enlarged(region.box, scale),
                   confidence=region.confidence) for region in found)
        outline = np.zeros(picture_valid.shape, dtype=np.uint8)
        for region in found:
            outline |= region.mask
        full = cv2.resize(outline, (width, height), interpolation=cv2.INTER_NEAREST) > 0
        return Comparison(changes, full, True, float(covered.mean()))

    def save(self, folder: Path) -> None:
        """Write the views as pictures with an index; what ``load`` reads. Views of an earlier ``save`` go.

        :raises OSError: if the folder cannot be written.
        """
        write_views(folder, self._views)

    @staticmethod
    def load(folder: Path, settings: ReferenceViewSettings | None = None) -> ReferenceViews:
        """Read what ``save`` wrote.

        :raises FileError: naming the file, the key and what would be right.
        """
        views = ReferenceViews(settings)
        for stored in read_views(folder):
            views.learn(stored.waypoint, stored.heading_rad, stored.image, stored.pose, valid=stored.valid)
        return views

    def _of(self, waypoint: str, heading_rad: float) -> list[StoredView]:
        """Return the views of the heading that is nearest, if that is near enough."""
        off = [(abs(wrap_angle(view.heading_rad - heading_rad)), view)
               for view in self._views if view.waypoint == waypoint]
        nearest = min((angle for angle, _ in off), default=math.inf)
        # Also false where the heading is no number.
        return [view for angle, view in off if angle <= SAME_HEADING_RAD and angle <= nearest + 1e-6]

    def _scaled(self, image: CameraImage, valid: Mask | None) -> tuple[CameraImage, Mask]:
        """Return the picture, and what of it counts, no wider than comparing needs it."""
        info = image.info
        if valid is None:
            valid = np.ones((info.height, info.width), dtype=bool)
        scale = self._settings.width_px / info.width
        if scale >= 1.0:
            return image, valid
        size = (self._settings.width_px, max(1, round(info.height * scale)))
        down = size[1] / info.height
        small = CameraInfo(*size, info.fx * scale, info.fy * down, info.cx * scale, info.cy * down)
        rgb = np.asarray(cv2.resize(image.rgb, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        # A pixel that masked ones have a share in does not count.
        share = cv2.resize(valid.astype(np.float32), size, interpolation=cv2.INTER_AREA)
        return dataclasses.replace(image, rgb=rgb, info=small), share > 0.999

    def _against(
        self, view: StoredView, picture: CameraImage, grey: Grey, valid: Mask, pose: Pose3,
    ) -> tuple[Differences, Mask] | None:
        """Compare with one view; return also what of the picture it covers, or None where it cannot be laid over."""
        reference = view.image
        guess = homography_between(picture.info, pose, reference.info, view.pose)
        laid = register(
            grey, normalised(reference.rgb, view.valid), guess, picture_valid=valid, reference_valid=view.valid)
        size = (picture.info.width, picture.info.height)
        covered = laid.onto_picture(view.valid.astype(np.float32), size) > 0.999
        enough = self._settings.min_overlap * max(int(view.valid.sum()), 1)
        if laid.correlation < self._settings.min_correlation or covered.sum() < enough:
            return None
        there = laid.onto_picture(reference.rgb, size)
        return differences(picture.rgb, there, covered & valid, self._settings), covered


def unmasked(original: NDArray[np.uint8], masked: NDArray[np.uint8]) -> Mask:
    """Return what masking has left alone of a picture, (h, w); small gaps in what it has not do not count."""
    touched = (original != masked).any(axis=2).astype(np.uint8)
    return np.asarray(cv2.morphologyEx(touched, cv2.MORPH_CLOSE, np.ones((_MASK_GAP_PX,) * 2, np.uint8)) == 0)


def _in_all(parts: list[Differences]) -> Differences:
    """Return the differences that show against every view, where a view can tell."""
    pictures = np.min([np.where(part.valid, part.only_picture, np.inf) for part in parts], axis=0)
    references = np.min([np.where(part.valid, part.only_reference, np.inf) for part in parts], axis=0)
    valid = np.any([part.valid for part in parts], axis=0)
    return Differences(np.where(valid, pictures, 0.0), np.where(valid, references, 0.0), valid)


def _enlarged(box: Box, scale: float) -> Box:
    left, top, right, bottom = (round(edge * scale) for edge in box)
    return left, top, right, bottom

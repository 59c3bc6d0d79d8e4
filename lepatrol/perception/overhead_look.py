"""What a camera finds that looks straight down from a robot in flight: things on the ground, fences and gates."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.findings import Complaint, Gap, Sighting
from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import CameraImage
from lepatrol.model.site import Structure
from lepatrol.perception.blobs import Blob, blobs_of
from lepatrol.perception.camera_geometry import CameraGeometry
from lepatrol.perception.camera_health import CameraHealth, unusable
from lepatrol.perception.compared_picture import ComparedPicture, compare, is_new
from lepatrol.perception.expectation import ViewSource
from lepatrol.perception.overhead_things import OverheadThings, patch_of
from lepatrol.perception.structure_view import StructureView
from lepatrol.settings.camera_anomaly import CameraAnomalySettings
from lepatrol.settings.overhead import OverheadSettings

CAMERA_DOWN = 'camera_down'
"""What the camera that looks down is called in complaints."""
_EXPLAINED_SHARE = 0.4


@dataclass(frozen=True, slots=True, eq=False)
class OverheadLook:
    """What one picture from above shows: things, gaps in structures, structures that stand, and troubles."""

    stamp_s: float
    sightings: tuple[Sighting, ...] = ()
    gaps: tuple[Gap, ...] = ()
    seen_standing: tuple[str, ...] = ()
    complaints: tuple[Complaint, ...] = ()


class OverheadCamera:
    """Looks at the pictures of a camera that looks down, in the order of their stamps."""

    def __init__(
        self, source: ViewSource, structures: Sequence[Structure], camera: CameraAnomalySettings,
        settings: OverheadSettings,
    ) -> None:
        """Compare pictures with what ``source`` expects, and guard ``structures``."""
        self._source = source
        self._camera = camera
        self._settings = settings
        self._structures = StructureView(structures, settings.structures)
        self._things = OverheadThings(camera.sighting, settings)
        self._health = CameraHealth(camera.health, CAMERA_DOWN)
        self._stamp_s = -math.inf

    def reset(self) -> None:
        """Forget every picture."""
        self._things.reset()
        self._health.reset()
        self._stamp_s = -math.inf

    def complaints_at(self, now_s: float) -> tuple[Complaint, ...]:
        """Return what is wrong with the camera at a time when no picture has come."""
        return self._health.complaints_at(now_s)

    def look(self, image: CameraImage, camera_pose: Pose3) -> OverheadLook:
        """Return what a picture shows, taken from a believed pose in ``map`` (x forward, which is down; z up).

        Near the ground, and where the camera does not look down, nothing is looked for. Time that runs backwards makes
        it begin anew.
        """
        if image.stamp_s < self._stamp_s:
            self.reset()
        self._stamp_s = image.stamp_s
        if complaint := unusable(image, camera_pose, CAMERA_DOWN):
            return OverheadLook(image.stamp_s, complaints=(complaint,))
        geometry = CameraGeometry(image.info, camera_pose)
        if not geometry.looks_down or not self._settings.lowest_m <= geometry.height_m <= self._settings.highest_m:
            self._health.pass_over(image)
            self._things.reset()
            return OverheadLook(image.stamp_s)
        compared = compare(image, camera_pose, self._source, self._camera.difference)
        complaints = self._health.look(
            image, camera_pose, compared.expected, is_explained=compared.is_explained,
            is_plain=compared.is_explained and compared.is_plain)
        if not compared.is_explained or self._health.shows_nothing:
            self._things.reset()
            return OverheadLook(image.stamp_s, complaints=complaints)
        gaps, standing, explained = self._judge_structures(image, camera_pose, geometry, compared)
        blobs = [blob for blob in blobs_of(compared.mask, self._camera.sighting.smallest_px)
                 if is_new(blob, compared) and not _is_explained(blob, explained)]
        patches = [patch for blob in blobs
                   if (patch := patch_of(blob, geometry, self._camera.sighting, self._settings)) is not None]
        sightings = self._things.admit(patches, geometry, image.stamp_s)
        return OverheadLook(image.stamp_s, sightings, gaps, standing, complaints)

    def _judge_structures(
        self, image: CameraImage, camera_pose: Pose3, geometry: CameraGeometry, compared: ComparedPicture,
    ) -> tuple[tuple[Gap, ...], tuple[str, ...], NDArray[np.bool_] | None]:
        if not self._structures.are_near(geometry):
            return (), (), None
        without = self._source.without_structures(image.info, camera_pose)
        look = self._structures.look(image.stamp_s, compared, without, geometry)
        return look.gaps, look.seen_standing, look.explained


def _is_explained(blob: Blob, explained: NDArray[np.bool_] | None) -> bool:
    """Tell whether a blob mostly shows what lies behind a structure that is not there."""
    if explained is None:
        return False
    left, top, right, bottom = blob.box
    return bool(explained[top:bottom, left:right][blob.pixels].mean() > _EXPLAINED_SHARE)

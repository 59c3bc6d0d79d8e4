"""What a camera shows that its site does not explain: its own sightings, the lidar's named, things that are missing."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.findings import Box, Change, Complaint, SensorKind, Sighting
from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import CameraImage
from lepatrol.perception.blobs import Blob, Mask, Standing, blobs_of, footing_of, standing
from lepatrol.perception.camera_geometry import CameraGeometry
from lepatrol.perception.camera_health import CameraHealth, unusable
from lepatrol.perception.classify import classify
from lepatrol.perception.compared_picture import ComparedPicture, compare, is_new, moved_by
from lepatrol.perception.expectation import Thing, ViewSource
from lepatrol.perception.guided_look import name_sighting, room_of
from lepatrol.perception.missing_things import Laid, MissingThings, hides_thing
from lepatrol.perception.motion import MotionDetector
from lepatrol.perception.recurrence import Recurrence
from lepatrol.perception.relight import difference, exceeds
from lepatrol.settings.camera_anomaly import CameraAnomalySettings

_CLEAR_SIZE_M = 0.8
_EXPLAINED_SHARE = 0.4
_SAME_THING_M = 1.0
_SAME_BEARING_RAD = 0.07
_MOVING_SHARE = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class CameraLook:
    """What one picture shows.

    ``sightings`` are the camera's own, which the lidar did not have, and all of the lidar's: those that the picture
    shows with kind, confidence, height and box. ``foreground`` (h, w) is what the expected view does not explain, None
    where there is no expected view or the picture as a whole is not explained by it. ``things_seen`` names the site's
    things that are in place.
    """

    stamp_s: float
    sightings: tuple[Sighting, ...]
    foreground: NDArray[np.bool_] | None
    changes: tuple[Change, ...] = ()
    complaints: tuple[Complaint, ...] = ()
    things_seen: tuple[str, ...] = ()


class CameraAnomaly:
    """Looks at one camera's pictures, in the order of their stamps."""

    def __init__(
        self, source: ViewSource | None, settings: CameraAnomalySettings, things: tuple[Thing, ...] = (),
    ) -> None:
        """Begin with nothing seen; without a source of expected views motion alone is found."""
        self._source = source
        self._settings = settings
        self._recurrence = Recurrence(settings.sighting)
        self._missing = MissingThings(things, settings.missing)
        self._motion = MotionDetector(settings.difference)
        self._health = CameraHealth(settings.health)
        self._stamp_s = -math.inf

    def reset(self) -> None:
        """Forget every picture."""
        self._recurrence.reset()
        self._missing.reset()
        self._motion.reset()
        self._health.reset()
        self._stamp_s = -math.inf

    def complaints_at(self, now_s: float) -> tuple[Complaint, ...]:
        """Return what is wrong with the camera at a time when no picture has come."""
        return self._health.complaints_at(now_s)

    def pass_over(self, image: CameraImage) -> None:
        """Take that a picture has come which is not looked at: the camera turns, or nobody knows where it looks."""
        self._health.pass_over(image)

    def look(self, image: CameraImage, camera_pose: Pose3, lidar_sightings: Sequence[Sighting]) -> CameraLook:
        """Return what a picture shows, taken from a believed pose in ``map`` (x forward, z up).

        ``lidar_sightings`` are those of about the same time. Time that runs backwards makes it begin anew.
        """
        if image.stamp_s < self._stamp_s:
            self.reset()
        self._stamp_s = image.stamp_s
        if complaint := unusable(image, camera_pose):
            return CameraLook(image.stamp_s, tuple(lidar_sightings), None, complaints=(complaint,))
        geometry = CameraGeometry(image.info, camera_pose)
        rooms = [room for each in lidar_sightings if (room := room_of(each, geometry)) is not None]
        compared = (None if self._source is None
                    else compare(image, camera_pose, self._source, self._settings.difference, rooms))
        moving = self._motion.mask(image, camera_pose)
        complaints = self._health.look(
            image, camera_pose, compared.expected if compared else None,
            is_explained=compared is None or compared.is_explained,
            is_plain=compared is not None and compared.is_explained and compared.is_plain)
        if compared is None:
            named = self._name(image, geometry, lidar_sightings, moving, moving)
            own = self._moved(image.stamp_s, geometry, moving, lidar_sightings)
            return CameraLook(image.stamp_s, (*named, *own), None, complaints=complaints)
        if not compared.is_explained or self._health.shows_nothing:
            self._recurrence.reset()
            self._missing.reset()
            return CameraLook(image.stamp_s, tuple(lidar_sightings), None, complaints=complaints)
        foreground = moved_by(compared.mask, compared.shift)
        named = self._name(image, geometry, lidar_sightings, foreground, moving)
        things, changes, seen = self._things(image, camera_pose, geometry, compared, lidar_sightings)
        own = self._own(image.stamp_s, geometry, things, compared.shift, moving, lidar_sightings)
        return CameraLook(image.stamp_s, (*named, *own), foreground > 0, changes, complaints, seen)

    def _things(
        self, image: CameraImage, camera_pose: Pose3, geometry: CameraGeometry, compared: ComparedPicture,
        lidar_sightings: Sequence[Sighting],
    ) -> tuple[list[Standing], tuple[Change, ...], tuple[str, ...]]:
        """Return what stands on the ground and ought not, the site's things that are missing, and those in place."""
        assert self._source is not None
        settings = self._settings.sighting
        # Depth is dear: it is drawn only where something may stand on the ground or ought to.
        blobs = [blob for blob in blobs_of(compared.mask, settings.smallest_px)
                 if footing_of(blob, geometry, settings) and is_new(blob, compared)]
        if not blobs and not self._missing.is_any_in_view(geometry):
            return [], (), ()
        depth_m = self._source.depth_m(image.info, camera_pose)
        laid = Laid(compared.relit.rgb, compared.observed, compared.mask, compared.is_plain)
        changes, seen, hidden = self._missing.look(image.stamp_s, laid, depth_m, geometry, lidar_sightings)
        stands = [standing(blob, geometry, depth_m, settings) for blob in blobs if not hides_thing(blob, hidden)]
        farthest_m, least_m = (settings.range_m, settings.smallest_m) if compared.is_plain else (
            settings.dim_range_m, settings.dim_smallest_m)
        things = [each for each in stands if each is not None and each.range_m <= farthest_m
                  and max(each.width_m, each.height_m) >= least_m]
        if any(max(each.width_m, each.height_m) > _CLEAR_SIZE_M for each in things):
            things = self._not_seen_through(image, camera_pose, compared, things)
        return things, changes, seen

    def _not_seen_through(
        self, image: CameraImage, pose: Pose3, compared: ComparedPicture, things: list[Standing],
    ) -> list[Standing]:
        """Leave out what shows just what is behind a fence panel, which is therefore not there."""
        assert self._source is not None
        bare = self._source.without_clear(image.info, pose)
        tolerance = round(self._settings.difference.tolerance_levels)
        differs = exceeds(difference(bare, compared.observed), tolerance)
        left = []
        for thing in things:
            start_x, start_y, end_x, end_y = thing.blob.box
            unexplained = differs[start_y:end_y, start_x:end_x][thing.blob.pixels]
            if (unexplained > 0).mean() > _EXPLAINED_SHARE:
                left.append(thing)
        return left

    def _name(
        self, image: CameraImage, geometry: CameraGeometry, lidar_sightings: Sequence[Sighting],
        foreground: Mask | None, moving: Mask | None,
    ) -> tuple[Sighting, ...]:
        return tuple(name_sighting(each, image.rgb, geometry, foreground, moving) for each in lidar_sightings)

    def _own(
        self, stamp_s: float, geometry: CameraGeometry, things: list[Standing], shift: tuple[int, int],
        moving: Mask | None, lidar_sightings: Sequence[Sighting],
    ) -> tuple[Sighting, ...]:
        """Return what recurs and the lidar has not seen."""
        sightings = []
        for thing, has_moved in self._recurrence.admit(things, stamp_s):
            box = _shifted(thing.blob.box, shift, geometry)
            if any(_is_same(thing, each, geometry) or _is_part(thing, box, each, geometry) for each in lidar_sightings):
                continue
            is_moving = has_moved or _share_in(moving, box) > _MOVING_SHARE
            kind, confidence = classify(thing.width_m, thing.height_m, moving=is_moving)
            sightings.append(Sighting(
                stamp_s, SensorKind.CAMERA, thing.position_m, thing.deviation_m, geometry.position_m, kind, confidence,
                thing.width_m, thing.height_m, box, is_moving))
        return tuple(sightings)

    def _moved(
        self, stamp_s: float, geometry: CameraGeometry, moving: Mask | None, lidar_sightings: Sequence[Sighting],
    ) -> tuple[Sighting, ...]:
        """Return what moves before a camera that stands, for want of an expected view."""
        if moving is None:
            return ()
        flat = _flat_ground(geometry)
        settings = self._settings.sighting
        stands = [standing(blob, geometry, flat, settings) for blob in blobs_of(moving, settings.smallest_px)]
        solid = [each for each in stands if each is not None]
        own = self._own(stamp_s, geometry, solid, (0, 0), moving, lidar_sightings)
        return tuple(dataclasses.replace(each, moving=True) for each in own)


def _shifted(box: Box, shift: tuple[int, int], geometry: CameraGeometry) -> Box:
    left, top, right, bottom = box
    x, y = shift
    width, height = geometry.info.width, geometry.info.height
    return (
        min(max(left + x, 0), width - 1), min(max(top + y, 0), height - 1),
        min(max(right + x, 1), width), min(max(bottom + y, 1), height))


def _share_in(mask: Mask | None, box: Box) -> float:
    if mask is None:
        return 0.0
    left, top, right, bottom = box
    part = mask[top:bottom, left:right]
    return float(np.count_nonzero(part)) / max(1, part.size)


def _is_same(thing: Standing, sighting: Sighting, geometry: CameraGeometry) -> bool:
    """Tell whether the lidar has seen a thing: near it, or in its direction within the deviation of its distance."""
    away_m = math.dist(thing.position_m, sighting.position_m)
    if away_m < _SAME_THING_M:
        return True
    own_x, own_y = geometry.position_m
    bearings = [
        math.atan2(y - own_y, x - own_x) for x, y in (thing.position_m, sighting.position_m)]
    turned = abs((bearings[0] - bearings[1] + math.pi) % (2.0 * math.pi) - math.pi)
    return turned < _SAME_BEARING_RAD and away_m < 3.0 * math.hypot(thing.deviation_m, sighting.deviation_m)


def _is_part(thing: Standing, box: Box, sighting: Sighting, geometry: CameraGeometry) -> bool:
    """Tell whether what seems to stand farther off is a part of what the lidar sees nearer: a hand above the ground."""
    if math.dist(geometry.position_m, sighting.position_m) >= thing.range_m:
        return False
    room = room_of(sighting, geometry)
    return room is not None and room.left <= box[0] and box[2] <= room.right


def _flat_ground(geometry: CameraGeometry) -> NDArray[np.float32]:
    """Return the depth (h, w) of level ground to the horizon, for a camera that looks about level."""
    info = geometry.info
    down = np.maximum((np.arange(info.height) + 0.5 - info.cy) / info.fy, 1e-6)
    depth = np.where(down > 1e-3, geometry.height_m / down, np.inf).astype(np.float32)
    return np.repeat(depth[:, None], info.width, axis=1)


__all__ = ['Blob', 'CameraAnomaly', 'CameraLook']

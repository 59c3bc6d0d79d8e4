"""The perimeter's whole chain: observations in, alerts with evidence out."""

from __future__ import annotations

import logging
import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.alerts import Alert, Claim
from lepatrol.model.errors import LepatrolError
from lepatrol.model.findings import Change, Complaint, Sighting, Trouble
from lepatrol.model.geometry import STOP, Pose2, Pose3, Twist
from lepatrol.model.observation import CameraImage, LaserScan, Odometry, PoseEstimate
from lepatrol.model.tracks import Track
from lepatrol.perception.alert_book import AlertBook
from lepatrol.perception.alert_journal import AlertJournal
from lepatrol.perception.camera_anomaly import CameraAnomaly, CameraLook
from lepatrol.perception.evidence import EvidenceKeeper, Exhibit
from lepatrol.perception.lidar_anomaly import LidarAnomaly, LidarLook
from lepatrol.perception.local_time import LocalTime
from lepatrol.perception.masking import Masker
from lepatrol.perception.rules import Rule
from lepatrol.perception.situation import Situation
from lepatrol.perception.tracker import Tracker
from lepatrol.sensing.mounting import BodyPose, Mounting

_LOGGER = logging.getLogger(__name__)

_CORRECTION_KEPT_S = 0.3
"""A correction of the pose by the lidar helps the camera this long."""
_SIGHTINGS_KEPT_S = 0.25
_PICTURE_KEPT_S = 1.0
"""A picture older than this shows nothing of what an alert is about."""


@dataclass(frozen=True, slots=True, eq=False)
class MaskedPicture:
    """A picture that may be kept and shown: heads and privacy zones are masked in ``rgb`` (height, width, 3)."""

    stamp_s: float
    frame_id: str
    rgb: NDArray[np.uint8]


@dataclass
class PerimeterParts:
    """What a perimeter is put together from; without ``journal`` and ``keeper`` nothing is written."""

    robot: str
    mounting: Mounting
    lidar: LidarAnomaly
    camera: CameraAnomaly
    tracker: Tracker
    rules: Sequence[Rule]
    book: AlertBook
    masker: Masker
    local_time: LocalTime
    journal: AlertJournal | None = None
    keeper: EvidenceKeeper | None = None
    logger: logging.Logger = field(default=_LOGGER)


class Perimeter:
    """Watches one robot's sensors.

    Each scan and each picture is looked at as it comes, followed up in tracks, and judged by the rules at once; what
    is new or has changed comes back as alerts. A sensor that lies or falls silent is complained of, and the others go
    on. Time that runs backwards makes it begin anew; alerts already filed stay.
    """

    def __init__(self, parts: PerimeterParts) -> None:
        """Put the parts together."""
        self._parts = parts
        self._last_s = -math.inf
        self._begin()

    def _begin(self) -> None:
        parts = self._parts
        self._body = BodyPose()
        self._lidar_look: LidarLook | None = None
        self._camera_look: CameraLook | None = None
        self._scan: LaserScan | None = None
        self._correction = Pose3()
        self._correction_s = -math.inf
        self._picture: MaskedPicture | None = None
        self._tracks: tuple[Track, ...] = ()
        self._gone: list[int] = []
        self._commanded: Twist = STOP
        self._measured: Twist = STOP
        self._is_driving = False
        self._unreadable: dict[str, Complaint] = {}
        self._changes: list[Change] = []
        self._complaints: tuple[Complaint, ...] = ()
        parts.lidar.reset()
        parts.camera.reset()
        parts.tracker.reset()
        for rule in parts.rules:
            rule.reset()

    @property
    def tracks(self) -> tuple[Track, ...]:
        """Return what is followed now."""
        return self._tracks

    @property
    def picture(self) -> MaskedPicture | None:
        """Return the newest picture, masked."""
        return self._picture

    @property
    def complaints(self) -> tuple[Complaint, ...]:
        """Return what was wrong with the sensors when it was judged last."""
        return self._complaints

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """Return every alert as it stands."""
        return tuple(self._parts.book.alerts)

    def take_gone(self) -> tuple[int, ...]:
        """Return the tracks that have ended since this was asked last."""
        gone, self._gone = tuple(self._gone), []
        return gone

    def on_pose(self, estimate: PoseEstimate, now_s: float) -> None:
        """Take where localisation believes the robot is."""
        self._tick(now_s)
        self._body.add_pose(estimate)

    def on_odometry(self, odometry: Odometry, now_s: float) -> None:
        """Take how the robot moves."""
        self._tick(now_s)
        self._body.add_odometry(odometry)
        if odometry.twist.is_finite():
            self._measured = odometry.twist

    def on_command(self, twist: Twist) -> None:
        """Take what the robot was told to do."""
        if twist.is_finite():
            self._commanded = twist

    def on_driving(self, is_driving: bool) -> None:
        """Take whether the robot is on its way to a goal."""
        self._is_driving = is_driving

    def on_changes(self, changes: Sequence[Change]) -> None:
        """Take what differs from a reference view."""
        self._changes += changes

    def on_unreadable(self, sensor: str, detail: str, now_s: float) -> None:
        """Take that a sensor's message could not be read."""
        self._unreadable[sensor] = Complaint(now_s, sensor, Trouble.UNREADABLE, detail)

    def on_scan(self, scan: LaserScan, now_s: float) -> list[Alert]:
        """Look at a scan; return the alerts that are new or have changed."""
        self._tick(now_s)
        body = self._body.at(scan.stamp_s)
        if body is None:
            return []
        believed = body.compose(self._parts.mounting.lidar)
        look = self._parts.lidar.look(scan, believed)
        self._unreadable.pop('lidar', None)
        self._scan, self._lidar_look = scan, look
        if look.is_aligned:
            self._correction = look.aligned_pose.compose(believed.inverse())
            self._correction_s = scan.stamp_s
        self._follow(look.sightings, now_s, body)
        return self.judge(now_s)

    def on_image(self, image: CameraImage, now_s: float) -> list[Alert]:
        """Look at a picture; return the alerts that are new or have changed."""
        self._tick(now_s)
        mounting, body = self._parts.mounting.camera, self._body.at(image.stamp_s)
        if mounting is None:
            return []
        if body is None:
            self._picture = MaskedPicture(image.stamp_s, image.frame_id, self._parts.masker.mask(image, None, (), None))
            return []
        pose = body.compose(mounting)
        if abs(image.stamp_s - self._correction_s) <= _CORRECTION_KEPT_S:
            pose = self._correction.compose(pose)
        of_lidar = self._sightings_of_lidar(image.stamp_s)
        look = self._parts.camera.look(image, pose, of_lidar)
        self._unreadable.pop('camera', None)
        self._camera_look = look
        masked = self._parts.masker.mask(image, pose, (*look.sightings, *of_lidar), look.foreground)
        self._picture = MaskedPicture(image.stamp_s, image.frame_id, masked)
        self._changes += look.changes
        self._follow(look.sightings, now_s, body)
        return self.judge(now_s)

    def judge(self, now_s: float) -> list[Alert]:
        """Let the rules judge what is known; return the alerts that are new or have changed, kept and with evidence."""
        self._tick(now_s)
        situation = self._situation(now_s)
        claims: list[Claim] = []
        for rule in self._parts.rules:
            claims += rule.judge(situation)
        self._changes.clear()
        if self._lidar_look is not None:
            self._lidar_look = self._lidar_look.spent()
        return [self._keep(alert) for alert in self._parts.book.file(claims, now_s)]

    def _situation(self, now_s: float) -> Situation:
        parts, body, look = self._parts, self._body.at(now_s), self._lidar_look
        complaints = [*(look.complaints if look else ()), *(self._camera_look.complaints if self._camera_look else ()),
                      *parts.lidar.silence(now_s), *parts.camera.complaints_at(now_s), *self._unreadable.values()]
        self._complaints = tuple(complaints)
        return Situation(
            now_s=now_s, minute_of_day=parts.local_time.minute_of_day(now_s), tracks=self._tracks,
            gaps=look.gaps if look else (), changes=tuple(self._changes), complaints=self._complaints,
            seen_standing=look.seen_standing if look else (),
            robot_pose=body.planar() if body else None, commanded=self._commanded, measured=self._measured,
            robot_goal_active=self._is_driving)

    def _follow(self, sightings: Sequence[Sighting], now_s: float, body: Pose3) -> None:
        place = body.planar()
        self._tracks = self._parts.tracker.update(sightings, now_s, (place.x_m, place.y_m))
        self._gone += self._parts.tracker.gone()

    def _sightings_of_lidar(self, stamp_s: float) -> tuple[Sighting, ...]:
        look = self._lidar_look
        return look.sightings if look and abs(stamp_s - look.stamp_s) <= _SIGHTINGS_KEPT_S else ()

    def _keep(self, alert: Alert) -> Alert:
        """Put an alert into the journal before anything else; a new one then gets its evidence."""
        parts = self._parts
        try:
            if parts.journal is not None:
                parts.journal.append(alert)
            if alert.updates == 0 and parts.keeper is not None:
                files = parts.keeper.keep(alert, self._exhibit(alert))
                alert = parts.book.attach(alert.alert_id, files)
                if parts.journal is not None:
                    parts.journal.append(alert)
        except (LepatrolError, OSError) as error:
            parts.logger.error('alert %s could not be kept: %s', alert.alert_id, error)
        return alert

    def _exhibit(self, alert: Alert) -> Exhibit:
        picture, look = self._picture, self._lidar_look
        fresh = picture is not None and alert.last_seen_s - picture.stamp_s <= _PICTURE_KEPT_S
        return Exhibit(
            masked_rgb=picture.rgb if picture is not None and fresh else None, box=None, scan=self._scan,
            expected_m=look.expected_m if look else None, sensor_pose=look.aligned_pose if look else None)

    def _tick(self, now_s: float) -> None:
        if now_s < self._last_s:
            self._parts.logger.warning(
                'time ran backwards from %.2f s to %.2f s: perception begins anew', self._last_s, now_s)
            self._begin()
        self._last_s = now_s

    @property
    def place(self) -> Pose2 | None:
        """Return where the robot is believed to be now."""
        body = self._body.at(self._last_s)
        return body.planar() if body else None

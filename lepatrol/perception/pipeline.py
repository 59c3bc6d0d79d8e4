"""The perimeter's whole chain: observations in, alerts with evidence out."""

from __future__ import annotations

import dataclasses
import logging
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from lepatrol.model.alerts import Alert, Claim
from lepatrol.model.errors import LepatrolError
from lepatrol.model.findings import Change, Complaint, Gap, Sighting, Trouble
from lepatrol.model.geometry import Pose3, Twist
from lepatrol.model.inspection import Study, StudyRequest
from lepatrol.model.observation import CameraImage, JointPositions, LaserScan, Odometry, PoseEstimate
from lepatrol.model.site import Point2
from lepatrol.model.site_clock import LocalTime, as_clock
from lepatrol.model.tracks import Track
from lepatrol.perception.alert_archive import AlertArchive
from lepatrol.perception.alert_book import AlertBook
from lepatrol.perception.annotate import Mark
from lepatrol.perception.blobs import FROM_ABOVE_M
from lepatrol.perception.camera_anomaly import CameraAnomaly, CameraLook
from lepatrol.perception.camera_geometry import CameraGeometry
from lepatrol.perception.detectors import Detection
from lepatrol.perception.evidence import Exhibit
from lepatrol.perception.lidar_anomaly import LidarAnomaly, LidarLook
from lepatrol.perception.masking import Masker
from lepatrol.perception.object_study import Glimpse, ObjectStudy
from lepatrol.perception.occlusion import CameraView
from lepatrol.perception.overhead_look import CAMERA_DOWN, OverheadCamera, OverheadLook
from lepatrol.perception.picture_search import PictureSearch, joined, persons
from lepatrol.perception.reference_views import ReferenceViews
from lepatrol.perception.robot_motion import RobotMotion
from lepatrol.perception.rules import RuleBook
from lepatrol.perception.shot import MaskedPicture, Shot
from lepatrol.perception.showcase import Showcase, marks_of
from lepatrol.perception.situation import Situation
from lepatrol.perception.tracker import Tracker
from lepatrol.perception.vantage import Vantage
from lepatrol.perception.waiting_line import Look, WaitingLine
from lepatrol.sensing.joints import JointHistory
from lepatrol.sensing.mounting import BodyPose, Mounting

_LOGGER = logging.getLogger(__name__)

_CORRECTION_KEPT_S = 0.3
"""A correction of the pose by the lidar helps the camera this long."""
_SIGHTINGS_KEPT_S = 0.25
_AHEAD_RAD = 0.02
"""With all its joints this near to zero the head looks ahead."""
_LEVEL = 0.2
"""Sine of the tilt to which a head still sees the ground out to the camera's range."""
_STUDY_WAIT_S = 2.0
"""A study waits so long for a picture that the expected view explains, then takes what there is."""


@dataclass
class PerimeterParts:
    """What a perimeter is put together from."""

    robot: str
    mounting: Mounting
    lidar: LidarAnomaly
    camera: CameraAnomaly
    tracker: Tracker
    rules: RuleBook
    book: AlertBook
    archive: AlertArchive
    masker: Masker
    local_time: LocalTime
    search: PictureSearch = field(default_factory=lambda: PictureSearch(None, 0.0))
    views: ReferenceViews | None = None
    """What waypoints ought to look like, where that was learnt."""
    vantage: Vantage = field(default_factory=lambda: Vantage({}))
    complaints: tuple[Complaint, ...] = ()
    """What was amiss from the start; it is told among the others."""
    release: Callable[[], None] = lambda: None
    """Frees what draws expected views."""
    camera_range_m: float = 10.0
    """How far away the camera is sure to notice a low thing on the ground."""
    overhead: OverheadCamera | None = None
    """What looks at the pictures of a camera that looks down, where the robot has one."""
    prepare: Callable[[], None] = lambda: None
    """Makes what draws expected views, in the thread that will ask for them."""
    logger: logging.Logger = field(default=_LOGGER)
    study: ObjectStudy = field(default_factory=lambda: ObjectStudy('robot', None, _LOGGER))


class Perimeter:
    """Watches one robot's sensors.

    Each scan and each picture is looked at as it comes, followed up in tracks, and judged by the rules at once; what
    is new or has changed comes back as alerts. A sensor that lies or falls silent is complained of, and the others go
    on. Time that runs backwards makes it begin anew; alerts already filed stay.
    """

    def __init__(self, parts: PerimeterParts) -> None:
        """Put the parts together."""
        self.parts = parts
        self._last_s = -math.inf
        self._begin()

    def _begin(self) -> None:
        parts = self.parts
        self._body = BodyPose()
        self._joints = JointHistory(parts.mounting.joints)
        self._lidar_look: LidarLook | None = None
        self._camera_look: CameraLook | None = None
        self._scan: LaserScan | None = None
        self._correction = Pose3()
        self._correction_s = -math.inf
        self._showcase = Showcase(parts.masker)
        self._tracks: tuple[Track, ...] = ()
        self._gone: list[int] = []
        self._overhead_look: OverheadLook | None = None
        self._waiting = WaitingLine()
        self._motion = RobotMotion()
        self._unreadable: dict[str, Complaint] = {}
        self._detector_trouble: tuple[Complaint, ...] = ()
        self._head_trouble: tuple[Complaint, ...] = ()
        self._gaps: list[Gap] = []
        self._standing: list[str] = []
        self._changes: list[Change] = []
        self._claims: list[Claim] = []
        self._complaints: tuple[Complaint, ...] = ()
        parts.lidar.reset()
        parts.camera.reset()
        if parts.overhead:
            parts.overhead.reset()
        parts.search.reset()
        parts.tracker.reset()
        parts.rules.reset()

    def prepare(self) -> None:
        """Get ready to look, in the thread that will: after this no call takes long."""
        self.parts.prepare()

    def close(self) -> None:
        """Free what is held besides memory."""
        self.parts.release()

    @property
    def tracks(self) -> tuple[Track, ...]:
        """Return what is followed now."""
        return self._tracks

    @property
    def picture(self) -> MaskedPicture | None:
        """Return the newest picture, masked; it is masked when it is first asked for."""
        return self._showcase.picture

    @property
    def picture_s(self) -> float | None:
        """Return the stamp of the newest picture, None before the first; asking masks nothing."""
        return self._showcase.shot.image.stamp_s if self._showcase.shot else None

    @property
    def looked_s(self) -> float | None:
        """Return the stamp of the scan that was looked at last, None before the first."""
        return self._scan.stamp_s if self._scan else None

    @property
    def complaints(self) -> tuple[Complaint, ...]:
        """Return what was wrong with the sensors when it was judged last."""
        return self._complaints

    @property
    def alerts(self) -> tuple[Alert, ...]:
        """Return every alert as it stands."""
        return tuple(self.parts.book.alerts)

    def take_gone(self) -> tuple[int, ...]:
        """Return the tracks that have ended since this was asked last."""
        gone, self._gone = tuple(self._gone), []
        return gone

    def on_pose(self, estimate: PoseEstimate, now_s: float) -> None:
        """Take where localisation believes the robot is."""
        self._tick(now_s)
        self._unreadable.pop('pose', None)
        self._body.add_pose(estimate)

    def on_odometry(self, odometry: Odometry, now_s: float) -> list[Alert]:
        """Take how the robot moves, and look at what has waited for it; return the alerts that are new or changed."""
        self._tick(now_s)
        self._unreadable.pop('odometry', None)
        self._body.add_odometry(odometry)
        self._motion.on_odometry(odometry)
        return self._look_at_waiting(now_s)

    def on_joints(self, joints: JointPositions, now_s: float) -> list[Alert]:
        """Take how the head stands, and look at what has waited for it; return the alerts that are new or changed."""
        self._tick(now_s)
        self._unreadable.pop('joints', None)
        self._joints.add(joints)
        return self._look_at_waiting(now_s)

    def on_command(self, twist: Twist) -> None:
        """Take what the robot was told to do."""
        self._motion.on_command(twist, self._last_s)

    def on_driving(self, is_driving: bool) -> None:
        """Take whether the robot is on its way to a goal."""
        self._motion.is_driving = is_driving

    def on_acting(self, waypoint: str) -> None:
        """Take at which waypoint the patrol is acting, '' while it is not."""
        self._motion.acting_at = waypoint

    def on_unreadable(self, sensor: str, detail: str, now_s: float) -> None:
        """Take that a sensor's message could not be read."""
        self._unreadable[sensor] = Complaint(now_s, sensor, Trouble.UNREADABLE, detail)

    def on_scan(self, scan: LaserScan, now_s: float) -> list[Alert]:
        """Look at a scan, or wait until its place is known; return the alerts that are new or changed."""
        return self._take(scan, self._look_at_scan, now_s)

    def on_image(self, image: CameraImage, now_s: float) -> list[Alert]:
        """Look at a picture, or wait until its place is known; return the alerts that are new or changed."""
        return self._take(image, self._look_at_picture, now_s)

    def on_image_from_above(self, image: CameraImage, now_s: float) -> list[Alert]:
        """Look at a picture of the camera that looks down; return the alerts that are new or changed."""
        self._unreadable.pop(CAMERA_DOWN, None)
        return self._take(image, self._look_from_above, now_s) if self.parts.overhead else []

    def _take(self, observation: LaserScan | CameraImage, look: Look, now_s: float) -> list[Alert]:
        self._tick(now_s)
        self._waiting.put(observation, look)
        return self._look_at_waiting(now_s)

    def _look_at_waiting(self, now_s: float) -> list[Alert]:
        return self._waiting.look(now_s, moved_s=self._motion.moved_s, head_s=self._joints.known_s)

    def _look_at_scan(self, scan: LaserScan, now_s: float) -> list[Alert]:
        body = self._body.at(scan.stamp_s)
        if body is None:
            return []
        believed = body.compose(self.parts.mounting.lidar)
        look = self.parts.lidar.look(scan, believed)
        self._unreadable.pop('lidar', None)
        self._scan, self._lidar_look = scan, look
        self._gaps += look.gaps
        self._standing += look.seen_standing
        if look.is_aligned:
            self._correction = look.aligned_pose.compose(believed.inverse())
            self._correction_s = scan.stamp_s
        self._follow(look.sightings, now_s, sensor_position_m=believed.position_m[:2])
        return self._judge(now_s)

    def _look_at_picture(self, image: CameraImage, now_s: float) -> list[Alert]:
        body, joints = self._body.at(image.stamp_s), self._joints.at(image.stamp_s)
        mounting = self.parts.mounting.camera if joints is None else self.parts.mounting.camera_at(joints)
        if mounting is None:
            return []
        self._head_trouble = () if joints is not None else (Complaint(
            now_s, 'joints', Trouble.SILENT, 'do not tell where the camera looks; its pictures are hidden'),)
        if body is None or joints is None:
            self._showcase.put(Shot(image, None))
            if joints is None:
                self.parts.camera.pass_over(image)
            return []
        pose = body.compose(mounting)
        if abs(image.stamp_s - self._correction_s) <= _CORRECTION_KEPT_S:
            pose = self._correction.compose(pose)
        if self._joints.is_moving(image.stamp_s):
            self._pass_over(image, pose, now_s)
            return self._judge(now_s)
        of_lidar = self._sightings_of_lidar(image.stamp_s)
        look = self.parts.camera.look(image, pose, of_lidar)
        self._unreadable.pop('camera', None)
        self._camera_look = look
        found = self._detected(image, now_s)
        sightings = joined(found, look.sightings, image, pose)
        self._showcase.put(Shot(
            image, pose, sightings, look.foreground, self._scan_at(image.stamp_s), persons(found)))
        self._changes += look.changes
        if max(map(abs, joints.values()), default=0.0) <= _AHEAD_RAD:
            self._changes += self._changes_since_learnt(image, body)
        sees_ground = not joints or abs(mounting.turn((1.0, 0.0, 0.0))[2]) <= _LEVEL
        view = self._view(image, pose) if look.foreground is not None and sees_ground else None
        self._follow(sightings, now_s, camera_view=view)
        return self._judge(now_s)

    def _look_from_above(self, image: CameraImage, now_s: float) -> list[Alert]:
        overhead, body, mounting = self.parts.overhead, self._body.at(image.stamp_s), self.parts.mounting.down
        if overhead is None or mounting is None or body is None:
            return []
        pose = body.compose(mounting)
        self._overhead_look = look = overhead.look(image, pose)
        self._showcase.shot_from_above = Shot(image, pose, is_from_above=True)
        self._gaps += look.gaps
        self._standing += look.seen_standing
        self._follow(look.sightings, now_s)
        return self._judge(now_s)

    def _pass_over(self, image: CameraImage, pose: Pose3, now_s: float) -> None:
        """Take a picture of a turning head: its place is good enough to mask it, not to compare it."""
        self.parts.camera.pass_over(image)
        self._unreadable.pop('camera', None)
        self._camera_look = None
        self._showcase.put(Shot(
            image, pose, scan=self._scan_at(image.stamp_s), detections=persons(self._detected(image, now_s))))

    def _detected(self, image: CameraImage, now_s: float) -> tuple[Detection, ...]:
        """Return what the detector finds; one that fails is told of, and what else was seen goes on."""
        try:
            found = self.parts.search.find(image)
        except LepatrolError as error:
            self._detector_trouble = (Complaint(now_s, 'detector', Trouble.UNREADABLE, str(error)),)
            return ()
        if found:
            self._detector_trouble = ()
        return found

    def judge(self, now_s: float) -> list[Alert]:
        """Let the rules judge what is known when no message comes; return the alerts that are new or have changed."""
        self._tick(now_s)
        return [*self._look_at_waiting(now_s), *self._judge(now_s)]

    def study(self, request: StudyRequest, now_s: float) -> Study | None:
        """Return what is seen of an object from where the robot stands, None while it is too early to say.

        Scan and picture have to be newer than the request; ask again with the next ones. After a while what is there
        will do, and the view says what is missing.
        """
        shot = self._showcase.shot
        if shot is not None and shot.image.stamp_s < request.stamp_s:
            shot = None
        scan, look = self._scan, self._lidar_look
        if scan is None or look is None or scan.stamp_s < request.stamp_s:
            scan = look = None
        if now_s - request.stamp_s <= _STUDY_WAIT_S and (scan is None or shot is None or shot.foreground is None):
            return None
        body = self._body.at(now_s)
        if body is None:
            return None
        picture = self.picture if shot else None
        return self.parts.study.look(request, Glimpse(
            now_s, body.planar(), shot, picture.rgb if picture else None, scan, look.expected_m if look else None,
            look.aligned_pose if look else None, self.clock))

    def _judge(self, now_s: float) -> list[Alert]:
        """Judge; return the alerts that are new or have changed, kept and with evidence."""
        situation = self._situation(now_s)
        self._claims = self.parts.rules.judge(situation)
        for told_once in (self._gaps, self._standing, self._changes):
            told_once.clear()
        alerts = [self.parts.archive.keep(alert, self._exhibit) for alert in self.parts.book.file(self._claims, now_s)]
        self._showcase.note(alerts, now_s)
        return alerts

    def _situation(self, now_s: float) -> Situation:
        parts, body, look = self.parts, self._body.at(now_s), self._lidar_look
        complaints = [*(look.complaints if look else ()), *(self._camera_look.complaints if self._camera_look else ()),
                      *parts.lidar.silence(now_s), *parts.camera.complaints_at(now_s), *self._unreadable.values()]
        if parts.overhead:
            complaints += [*(self._overhead_look.complaints if self._overhead_look else ()),
                           *parts.overhead.complaints_at(now_s)]
        self._complaints = (
            *self.parts.complaints, *self._detector_trouble, *self._head_trouble, *complaints)
        return Situation(
            now_s=now_s, minute_of_day=parts.local_time.minute_of_day(now_s), tracks=self._tracks,
            gaps=tuple(self._gaps), changes=tuple(self._changes), complaints=tuple(complaints),
            seen_standing=tuple(self._standing),
            robot_pose=body.planar() if body and self._motion.is_fresh(now_s) else None,
            commanded=self._motion.commanded_at(now_s), measured=self._motion.measured,
            robot_goal_active=self._motion.is_driving)

    def _follow(
        self, sightings: Sequence[Sighting], now_s: float, *,
        sensor_position_m: Point2 | None = None, camera_view: CameraView | None = None,
    ) -> None:
        self._tracks = self.parts.tracker.update(sightings, now_s, sensor_position_m, camera_view)
        self._gone += self.parts.tracker.gone()

    def _view(self, image: CameraImage, pose: Pose3) -> CameraView:
        """Return what part of the ground a picture shows."""
        x, y, _ = pose.position_m
        fov_rad = 2.0 * math.atan(image.info.width / (2.0 * image.info.fx))
        view = CameraView((x, y), pose.planar().yaw_rad, fov_rad, self.parts.camera_range_m)
        if pose.position_m[2] <= FROM_ABOVE_M:
            return view
        border = CameraGeometry(image.info, pose).ground_at(image.info.cx, image.info.height)
        return view if border is None else dataclasses.replace(view, near_m=max(view.near_m, border.range_m))

    def _scan_at(self, stamp_s: float) -> tuple[LaserScan, Pose3] | None:
        """Return the scan of about a time and where its lidar was, None where there is none or it cannot be placed."""
        scan, look = self._scan, self._lidar_look
        if scan is None or look is None or not look.is_aligned or abs(stamp_s - scan.stamp_s) > _SIGHTINGS_KEPT_S:
            return None
        return scan, look.aligned_pose

    def _changes_since_learnt(self, image: CameraImage, base: Pose3) -> tuple[Change, ...]:
        """Return how the view of a waypoint differs from what was learnt there, once a visit for each heading."""
        parts, odometry, waypoint = self.parts, self._motion.odometry, self._motion.acting_at
        if parts.views is None or odometry is None:
            return ()
        estimate = PoseEstimate(image.stamp_s, 'map', base)
        heading_rad = parts.vantage.heading(waypoint, image, estimate, odometry)
        if heading_rad is None or not parts.views.knows(waypoint, heading_rad):
            return ()
        return parts.views.compare(waypoint, heading_rad, image, base).changes

    def _sightings_of_lidar(self, stamp_s: float) -> tuple[Sighting, ...]:
        look = self._lidar_look
        return look.sightings if look and abs(stamp_s - look.stamp_s) <= _SIGHTINGS_KEPT_S else ()

    def _exhibit(self, alert: Alert) -> Exhibit:
        look = self._lidar_look
        return self._showcase.exhibit(alert, self._claims, Exhibit(
            scan=self._scan, expected_m=look.expected_m if look else None,
            sensor_pose=look.aligned_pose if look else None, clock=self.clock))

    @property
    def clock(self) -> str:
        """Return the site's local time as a guard reads it."""
        return as_clock(self.parts.local_time.minute_of_day(self._last_s))

    @property
    def marks(self) -> list[Mark]:
        """Return what to mark in the newest picture: what is followed, then what claims are about."""
        return marks_of(self._tracks, self._claims, self._last_s)

    @property
    def recent_sentences(self) -> list[str]:
        """Return what was claimed in the last seconds, the gravest first."""
        return self._showcase.sentences

    def _tick(self, now_s: float) -> None:
        if now_s < self._last_s:
            self.parts.logger.warning(
                'time ran backwards from %.2f s to %.2f s: perception begins anew', self._last_s, now_s)
            self._begin()
        self._last_s = now_s

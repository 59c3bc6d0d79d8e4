import logging

import numpy as np
import pytest

from lepatrol.model.alerts import AlertKind, Claim, Severity
from lepatrol.model.errors import FileError, ObservationError
from lepatrol.model.findings import Complaint, SensorKind, Sighting, Trouble
from lepatrol.model.geometry import Pose2, Pose3, Twist
from lepatrol.model.observation import CameraImage, CameraInfo, LaserScan, Odometry, PoseEstimate
from lepatrol.model.site_clock import LocalTime
from lepatrol.perception.alert_archive import AlertArchive
from lepatrol.perception.alert_book import AlertBook
from lepatrol.perception.camera_anomaly import CameraLook
from lepatrol.perception.lidar_anomaly import LidarLook
from lepatrol.perception.masking import Masker
from lepatrol.perception.picture_search import PictureSearch
from lepatrol.perception.pipeline import Perimeter, PerimeterParts
from lepatrol.perception.rules import RuleBook
from lepatrol.perception.tracker import Tracker
from lepatrol.sensing.mounting import Mounting
from lepatrol.settings.alerts import AlertSettings
from lepatrol.settings.privacy import PrivacySettings
from lepatrol.settings.tracking import TrackingSettings

INFO = CameraInfo.from_horizontal_fov(64, 48, 1.2)
NEAR = Sighting(1.0, SensorKind.LIDAR, (4.0, 0.0), 0.1, (0.0, 0.0))
NOISE = np.random.default_rng(3).integers(0, 255, (48, 64, 3), dtype=np.uint8)


class Lidar:
    """Sees one thing, and says where it was asked from."""

    def __init__(self, correction=None):
        self.correction = correction or Pose3()
        self.looks = []
        self.resets = 0

    def reset(self):
        self.resets += 1

    def silence(self, now_s):
        return (Complaint(now_s, 'lidar', Trouble.SILENT, 'no scan'),) if now_s > 100.0 else ()

    def look(self, scan, pose):
        self.looks.append((scan.stamp_s, pose))
        return LidarLook(scan.stamp_s, (NEAR,), (), np.full(3, 5.0), self.correction.compose(pose), Pose2(0.0, 0.0),
                         True, ('panel',), ())


class Camera:
    """Says where it was asked from, and what the lidar had."""

    def __init__(self):
        self.looks = []

    def reset(self):
        self.looks.clear()

    def complaints_at(self, now_s):
        return ()

    def look(self, image, pose, of_lidar):
        self.looks.append((image.stamp_s, pose, tuple(of_lidar)))
        return CameraLook(image.stamp_s, tuple(of_lidar), np.zeros((48, 64), dtype=bool))


class Always:
    """A rule that claims the same thing of every situation, and keeps the situations."""

    name = 'always'

    def __init__(self):
        self.seen = []

    def reset(self):
        self.seen.clear()

    def judge(self, situation):
        self.seen.append(situation)
        return [Claim(situation.now_s, self.name, AlertKind.GATE_OPEN, 'gate', Severity.WARNING, 0.9, 'it is open',
                      (4.0, 0.0), 0.1)]


class Kept:
    """A journal and a keeper of evidence in one, which notes the order of what it is given."""

    def __init__(self, fails=False):
        self.events = []
        self.fails = fails

    def append(self, alerts):
        if self.fails:
            raise FileError('alerts.jsonl', 'the disk is full')
        self.events += [('journal', alert.updates, alert.evidence) for alert in alerts]

    def keep(self, alert, exhibit):
        self.events.append(('evidence', exhibit.masked_rgb is not None, exhibit.scan is not None))
        return ('evidence/one.png',)


def make(kept=None, **parts):
    rule = Always()
    book = AlertBook('ugv1', AlertSettings())
    logger = logging.getLogger('test.pipeline')
    perimeter = Perimeter(PerimeterParts(**{
        'robot': 'ugv1', 'mounting': Mounting(Pose3((0.1, 0.0, 0.3)), Pose3((0.2, 0.0, 1.0))), 'lidar': Lidar(),
        'camera': Camera(), 'tracker': Tracker(TrackingSettings()), 'rules': RuleBook([rule]),
        'book': book, 'archive': AlertArchive(book, kept, kept, logger), 'masker': Masker(PrivacySettings(), ()),
        'local_time': LocalTime('UTC', '23:00'),
        'logger': logger, **parts}))
    return perimeter, rule


def scan_at(stamp_s):
    return LaserScan(stamp_s, 'lidar', -1.0, 1.0, 0.1, 30.0, np.full(3, 4.0, dtype=np.float32))


def image_at(stamp_s):
    return CameraImage(stamp_s, 'eye', NOISE.copy(), INFO)


def place(perimeter, stamp_s, x_m=0.0):
    pose = Pose3((x_m, 0.0, 0.2))
    perimeter.on_pose(PoseEstimate(stamp_s, 'map', pose, 0.02, 0.005), stamp_s)
    return perimeter.on_odometry(Odometry(stamp_s, pose, Twist()), stamp_s)


def test_nothing_is_looked_at_before_the_robot_knows_where_it_is():
    perimeter, rule = make()
    assert perimeter.on_scan(scan_at(1.0), 1.0) == []
    assert perimeter.on_image(image_at(1.0), 1.0) == []
    assert not rule.seen


def test_a_picture_from_an_unknown_place_is_hidden_as_a_whole():
    perimeter, _ = make()
    perimeter.on_image(image_at(1.0), 1.0)
    hidden = perimeter.picture.rgb
    assert len(np.unique(hidden.reshape(-1, 3), axis=0)) < 100 < len(np.unique(NOISE.reshape(-1, 3), axis=0))


def test_sensors_are_where_they_are_mounted_and_the_lidars_correction_helps_the_camera():
    lidar, camera = Lidar(Pose3((0.0, 0.5, 0.0))), Camera()
    perimeter, _ = make(lidar=lidar, camera=camera)
    place(perimeter, 1.0, x_m=3.0)
    perimeter.on_scan(scan_at(1.0), 1.0)
    perimeter.on_image(image_at(1.0), 1.0)
    assert lidar.looks[0][1].position_m == pytest.approx((3.1, 0.0, 0.5))
    assert camera.looks[0][1].position_m == pytest.approx((3.2, 0.5, 1.2))
    assert camera.looks[0][2] == (NEAR,)


def test_a_scan_that_has_overtaken_odometry_waits_for_it():
    lidar = Lidar()
    perimeter, _ = make(lidar=lidar)
    place(perimeter, 1.0)
    assert perimeter.on_scan(scan_at(1.2), 1.2) == []
    assert lidar.looks == []
    place(perimeter, 1.2, x_m=0.4)
    assert [stamp_s for stamp_s, _ in lidar.looks] == [1.2]


def test_a_scan_is_looked_at_in_the_end_though_odometry_has_fallen_silent():
    lidar = Lidar()
    perimeter, _ = make(lidar=lidar)
    place(perimeter, 1.0)
    perimeter.on_scan(scan_at(1.2), 1.2)
    perimeter.judge(1.5)
    assert [stamp_s for stamp_s, _ in lidar.looks] == [1.2]


def test_an_alert_is_in_the_journal_before_its_evidence_is_made_and_again_with_it():
    kept = Kept()
    perimeter, _ = make(kept)
    place(perimeter, 1.0)
    perimeter.on_image(image_at(1.0), 1.0)
    (alert,) = perimeter.alerts
    assert kept.events[:3] == [
        ('journal', 0, ()), ('evidence', True, False), ('journal', 0, ('evidence/one.png',))]
    assert alert.evidence == ('evidence/one.png',)


def test_an_alert_that_the_picture_does_not_show_gets_its_frame_later():
    kept = Kept()
    perimeter, _ = make(kept)
    place(perimeter, 1.0)
    perimeter.on_scan(scan_at(1.0), 1.0)
    assert ('evidence', False, True) in kept.events
    place(perimeter, 4.0)
    perimeter.on_image(image_at(4.0), 4.0)
    assert ('evidence', True, True) in kept.events


def test_an_alert_goes_out_though_the_disk_is_full(caplog):
    perimeter, _ = make(Kept(fails=True))
    place(perimeter, 1.0)
    assert len(perimeter.on_scan(scan_at(1.0), 1.0)) == 1
    assert 'the disk is full' in caplog.text


def test_what_a_look_found_is_judged_once():
    perimeter, rule = make()
    place(perimeter, 1.0)
    perimeter.on_scan(scan_at(1.0), 1.0)
    perimeter.judge(1.1)
    assert [situation.seen_standing for situation in rule.seen] == [('panel',), ()]


def test_time_that_runs_backwards_begins_anew_and_keeps_what_was_filed(caplog):
    lidar = Lidar()
    perimeter, _ = make(lidar=lidar)
    place(perimeter, 9.0)
    perimeter.on_scan(scan_at(9.0), 9.0)
    before = lidar.resets
    assert perimeter.on_scan(scan_at(1.0), 1.0) == []
    assert lidar.resets == before + 1
    assert 'backwards' in caplog.text
    assert len(perimeter.alerts) == 1
    assert perimeter.tracks == ()


def test_a_message_nobody_can_read_and_a_silent_lidar_are_complained_of_until_they_are_well_again():
    perimeter, rule = make()
    place(perimeter, 101.0)
    perimeter.on_unreadable('camera', 'the encoding is wrong', 101.0)
    perimeter.judge(101.0)
    assert {complaint.trouble for complaint in rule.seen[-1].complaints} == {Trouble.SILENT, Trouble.UNREADABLE}
    perimeter.on_image(image_at(101.0), 101.0)
    assert {complaint.trouble for complaint in rule.seen[-1].complaints} == {Trouble.SILENT}


def test_the_rules_hear_the_sites_own_time_and_what_the_robot_was_told():
    perimeter, rule = make()
    place(perimeter, 60.0)
    perimeter.on_command(Twist(0.7))
    perimeter.on_command(Twist(float('nan')))
    perimeter.on_driving(True)
    perimeter.judge(60.0)
    situation = rule.seen[-1]
    assert (situation.minute_of_day, situation.commanded, situation.robot_goal_active) == (1381.0, Twist(0.7), True)
    assert perimeter.clock == '23:01'


def test_a_robot_whose_commands_are_not_heard_is_not_said_to_move_without_being_told():
    perimeter, rule = make()
    pose = Pose3((0.0, 0.0, 0.2))
    perimeter.on_odometry(Odometry(60.0, pose, Twist(0.7)), 60.0)
    perimeter.judge(60.0)
    assert rule.seen[-1].commanded == Twist(0.7)
    perimeter.on_command(Twist(0.1))
    perimeter.judge(60.1)
    assert rule.seen[-1].commanded == Twist(0.1)
    perimeter.judge(61.0)
    assert rule.seen[-1].commanded == Twist(0.7)


class Broken:
    """A detector whose network fails on every picture."""

    def detect(self, rgb):
        raise ObservationError('the network failed')


def test_a_detector_that_fails_is_told_of_and_the_picture_is_looked_at_all_the_same():
    camera = Camera()
    perimeter, rule = make(camera=camera, search=PictureSearch(Broken(), 0.0))
    place(perimeter, 1.0)
    perimeter.on_image(image_at(1.0), 1.0)
    assert perimeter.picture_s == 1.0
    assert [complaint.sensor for complaint in perimeter.complaints] == ['detector']
    assert rule.seen[-1].complaints == ()


def test_poses_that_can_be_read_again_end_the_complaint():
    perimeter, rule = make()
    for sensor in ('pose', 'odometry'):
        perimeter.on_unreadable(sensor, 'it is not finite', 1.0)
    place(perimeter, 1.1)
    perimeter.judge(1.1)
    assert rule.seen[-1].complaints == ()


def test_a_picture_is_masked_when_it_is_asked_for_and_once():
    class Counting(Masker):
        calls = 0

        def mask(self, *arguments, **more):
            self.calls += 1
            return super().mask(*arguments, **more)

    masker = Counting(PrivacySettings(), ())
    perimeter, _ = make(masker=masker)
    place(perimeter, 1.0)
    perimeter.on_image(image_at(1.0), 1.0)
    assert (perimeter.picture_s, masker.calls) == (1.0, 0)
    assert perimeter.picture is perimeter.picture
    assert masker.calls == 1

"""The camera that looks down takes part: it is placed, judged, complained of, and gives masked evidence."""

import math

import numpy as np
import pytest
from test_pipeline import INFO, NOISE, Kept, Lidar, make, place

from lepatrol.model.findings import Complaint, Gap, SensorKind, Sighting, Trouble
from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import CameraImage
from lepatrol.perception.overhead_look import CAMERA_DOWN, OverheadLook
from lepatrol.sensing.mounting import Mounting

DOWN = Pose3.from_rpy(0.0, 0.0, 7.8, pitch_rad=math.pi / 2.0)
BELOW = Sighting(1.0, SensorKind.CAMERA, (0.5, 0.0), 0.2, (0.0, 0.0))
GAP = Gap(1.0, 'panel', (0.0, 1.0), (1.0, 1.0), 1.0, 0.5, 9)


class Overhead:
    """Says where it was asked from; sees a gap and a thing."""

    def __init__(self, complaints=()):
        self.looks = []
        self.complaints = complaints
        self.resets = 0

    def reset(self):
        self.resets += 1

    def complaints_at(self, now_s):
        return (Complaint(now_s, CAMERA_DOWN, Trouble.SILENT, 'no picture'),) if now_s > 50.0 else ()

    def look(self, image, pose):
        self.looks.append((image.stamp_s, pose))
        return OverheadLook(image.stamp_s, (BELOW,), (GAP,), ('gate',), self.complaints)


def flying(kept=None, **parts):
    overhead = Overhead(parts.pop('complaints', ()))
    mounting = Mounting(Pose3((0.1, 0.0, 0.3)), Pose3((0.2, 0.0, 1.0)), down=DOWN)
    perimeter, rule = make(kept, mounting=mounting, overhead=overhead, **parts)
    return perimeter, rule, overhead


def picture_at(stamp_s):
    return CameraImage(stamp_s, 'down', NOISE.copy(), INFO)


def test_it_looks_from_where_it_is_mounted_and_what_it_finds_is_judged_once():
    perimeter, rule, overhead = flying()
    place(perimeter, 1.0, x_m=3.0)
    perimeter.on_image_from_above(picture_at(1.0), 1.0)
    ((_, pose),) = overhead.looks
    assert pose.position_m == pytest.approx((3.0, 0.0, 8.0))
    assert pose.turn((1.0, 0.0, 0.0))[2] == pytest.approx(-1.0)
    assert (rule.seen[-1].gaps, rule.seen[-1].seen_standing) == ((GAP,), ('gate',))
    assert [track.position_m for track in perimeter.tracks] == [pytest.approx((0.5, 0.0))]
    perimeter.judge(1.1)
    assert rule.seen[-1].gaps == ()


def test_its_picture_waits_for_odometry_that_lags_behind():
    perimeter, _, overhead = flying()
    place(perimeter, 1.0)
    assert perimeter.on_image_from_above(picture_at(1.2), 1.2) == []
    assert overhead.looks == []
    place(perimeter, 1.2)
    assert [stamp_s for stamp_s, _ in overhead.looks] == [1.2]


def test_an_alert_about_what_lies_below_has_its_picture_for_evidence_and_that_is_masked():
    exhibits = []

    class Keeping(Kept):
        def keep(self, alert, exhibit):
            exhibits.append(exhibit)
            return super().keep(alert, exhibit)

    perimeter, _, _ = flying(Keeping())
    place(perimeter, 1.0)
    perimeter.on_image_from_above(picture_at(1.0), 1.0)
    shown = exhibits[-1].masked_rgb
    assert shown is not None
    assert len(np.unique(shown.reshape(-1, 3), axis=0)) < len(np.unique(NOISE.reshape(-1, 3), axis=0)) / 4


def test_its_troubles_are_told_and_end_with_a_picture_that_can_be_read():
    complaint = Complaint(1.0, CAMERA_DOWN, Trouble.CAMERA_COVERED, 'dark')
    perimeter, rule, _ = flying(complaints=(complaint,))
    place(perimeter, 1.0)
    perimeter.on_unreadable(CAMERA_DOWN, 'the encoding is wrong', 1.0)
    perimeter.judge(1.0)
    assert [each.trouble for each in rule.seen[-1].complaints] == [Trouble.UNREADABLE]
    perimeter.on_image_from_above(picture_at(1.0), 1.0)
    assert rule.seen[-1].complaints == (complaint,)
    perimeter.judge(60.0)
    assert Trouble.SILENT in {each.trouble for each in rule.seen[-1].complaints if each.sensor == CAMERA_DOWN}


def test_time_that_runs_backwards_begins_anew():
    perimeter, _, overhead = flying()
    place(perimeter, 9.0)
    before = overhead.resets
    place(perimeter, 1.0)
    assert overhead.resets == before + 1


def test_a_robot_without_such_a_camera_takes_no_picture_from_above():
    perimeter, rule = make(lidar=Lidar())
    place(perimeter, 1.0)
    assert perimeter.on_image_from_above(picture_at(1.0), 1.0) == []
    assert rule.seen == []


def test_getting_ready_is_what_its_parts_do():
    called = []
    perimeter, _, _ = flying(prepare=lambda: called.append('ready'))
    perimeter.prepare()
    assert called == ['ready']

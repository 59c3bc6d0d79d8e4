import numpy as np
import pytest

from lepatrol.model.findings import SensorKind, Sighting, ThingKind
from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import CameraImage, CameraInfo
from lepatrol.perception.camera_geometry import CameraGeometry
from lepatrol.perception.detectors import Detection
from lepatrol.perception.picture_search import PictureSearch, joined, persons

INFO = CameraInfo.from_horizontal_fov(320, 240, 1.2)
POSE = Pose3((0.0, 0.0, 1.2))


def image_at(stamp_s=1.0):
    return CameraImage(stamp_s, 'eye', np.zeros((240, 320, 3), dtype=np.uint8), INFO)


def person_at(x_m, y_m, kind=ThingKind.PERSON, confidence=0.9):
    """Return the box that a detector would draw round a person of 1.7 m, 0.5 m wide."""
    upright = CameraGeometry(INFO, POSE).upright((x_m, y_m), 0.5, 1.7)
    box = tuple(round(edge) for edge in (upright.left, upright.top, upright.right, upright.foot))
    return Detection(kind, confidence, box)


class Eager:
    def __init__(self, *found):
        self.found, self.calls = found, 0

    def detect(self, rgb):
        self.calls += 1
        return self.found


def test_a_picture_is_searched_no_more_often_than_the_settings_say():
    detector = Eager(person_at(6.0, 0.0))
    search = PictureSearch(detector, 0.5)
    found = [search.find(image_at(stamp_s)) for stamp_s in (1.0, 1.2, 1.5, 1.6, 0.1)]
    assert [bool(each) for each in found] == [True, False, True, False, True]
    assert PictureSearch(None, 0.0).find(image_at()) == ()


def test_a_find_of_its_own_stands_where_its_foot_touches_the_ground():
    (sighting,) = joined([person_at(6.0, 1.0)], (), image_at(), POSE)
    assert sighting.position_m == pytest.approx((6.0, 1.0), abs=0.3)
    assert (sighting.sensor, sighting.kind) == (SensorKind.CAMERA, ThingKind.PERSON)
    assert sighting.height_m == pytest.approx(1.7, abs=0.15)
    assert sighting.deviation_m >= 0.3


def test_a_find_names_what_the_lidar_saw_in_its_direction_and_is_no_second_thing():
    seen = Sighting(1.0, SensorKind.LIDAR, (6.1, 0.1), 0.1, (0.0, 0.0))
    elsewhere = Sighting(1.0, SensorKind.LIDAR, (6.0, -3.0), 0.1, (0.0, 0.0))
    named, other = joined([person_at(6.0, 0.0)], (seen, elsewhere), image_at(), POSE)
    assert (named.position_m, named.kind, named.confidence) == (seen.position_m, ThingKind.PERSON, 0.9)
    assert other == elsewhere


def test_who_is_known_more_surely_keeps_his_kind():
    seen = Sighting(1.0, SensorKind.LIDAR, (6.0, 0.0), 0.1, (0.0, 0.0), ThingKind.VEHICLE, 0.95)
    (named,) = joined([person_at(6.0, 0.0)], (seen,), image_at(), POSE)
    assert named.kind is ThingKind.VEHICLE
    assert named.box is not None


def test_a_find_whose_foot_is_below_the_picture_or_above_the_horizon_has_no_place():
    near = Detection(ThingKind.PERSON, 0.9, (100, 20, 200, 240))
    high = Detection(ThingKind.ANIMAL, 0.9, (100, 20, 120, 40))
    assert joined([near, high], (), image_at(), POSE) == ()
    assert persons([near, high]) == (near.box,)

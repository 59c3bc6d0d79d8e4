"""What a drone finds on the ground below: bags, people, nothing where nothing is, and its own camera's troubles."""

import dataclasses
import math

import numpy as np
import pytest
from camera_stage import INFO, Eye, bag, dark, person, with_models, yard

from lepatrol.model.findings import SensorKind, ThingKind, Trouble
from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import CameraImage
from lepatrol.perception.overhead_look import CAMERA_DOWN, OverheadCamera
from lepatrol.settings.camera_anomaly import CameraAnomalySettings
from lepatrol.settings.overhead import OverheadSettings
from lepatrol.simulation.expected_view import SceneView


def above(x, y=0.0, height=8.0, yaw=0.0):
    return Pose3.from_rpy(x, y, height, pitch_rad=math.pi / 2.0, yaw_rad=yaw)


@pytest.fixture(scope='module')
def expected():
    view = SceneView(yard())
    yield view
    view.close()


def camera(expected):
    return OverheadCamera(expected, (), CameraAnomalySettings(), OverheadSettings())


def fly_over(expected, world_at, *, height=8.0, pictures=26, noise=0.0, seed=5):
    """Fly along the road at 3 m/s and return all sightings; ``world_at`` makes a world of the time."""
    looks = camera(expected)
    random = np.random.default_rng(seed)
    sightings = []
    eye, shown = None, None
    for number in range(pictures):
        stamp_s = 10.0 + 0.1 * number
        world = world_at(0.1 * number)
        if eye is None or world is not shown:
            if eye:
                eye.view.close()
            eye, shown = Eye(world, seed=number), world
        x = 7.0 + 0.3 * number
        believed = above(x + random.normal(0.0, noise), random.normal(0.0, noise), height + random.normal(0.0, noise),
                         random.normal(0.0, noise / 3.0))
        sightings += looks.look(eye.shoot(stamp_s, above(x, height=height)), believed).sightings
    eye.view.close()
    return sightings


@pytest.mark.parametrize('height', [5.0, 8.0, 12.0])
def test_a_bag_on_the_road_is_an_object_of_its_size_in_its_place(expected, height):
    world = with_models(yard(), bag(11.0, 1.2, size=0.4))
    sightings = fly_over(expected, lambda _: world, height=height)
    last = sightings[-1]
    assert last.sensor is SensorKind.CAMERA
    assert last.position_m == pytest.approx((11.0, 1.2), abs=0.15)
    assert last.kind is ThingKind.OBJECT
    assert last.width_m == pytest.approx(0.5, abs=0.2)
    assert last.height_m == pytest.approx(0.4, abs=0.3)
    assert not last.moving


def test_a_bag_is_found_by_a_pose_that_is_a_little_wrong(expected):
    world = with_models(yard(), bag(11.0, -2.5, size=0.4))
    sightings = fly_over(expected, lambda _: world, noise=0.04)
    assert sightings
    assert sightings[-1].position_m == pytest.approx((11.0, -2.5), abs=0.3)
    assert all(each.position_m == pytest.approx((11.0, -2.5), abs=0.6) for each in sightings)


def test_somebody_who_stands_is_as_high_as_people_are(expected):
    world = with_models(yard(), person(11.0, 1.5))
    last = fly_over(expected, lambda _: world)[-1]
    assert last.kind is ThingKind.PERSON
    assert 1.2 < last.height_m < 2.2
    assert last.position_m == pytest.approx((11.0, 1.5), abs=0.3)


def test_who_walks_is_seen_to_move_and_no_height_is_made_up(expected):
    sightings = fly_over(expected, lambda age_s: with_models(yard(), person(11.0, -3.0 + 1.6 * age_s)))
    assert sightings[-1].moving
    assert sightings[-1].height_m is None
    assert sightings[-1].kind is ThingKind.UNKNOWN


def test_nothing_is_found_where_nothing_is(expected):
    world = yard()
    assert fly_over(expected, lambda _: world, noise=0.04) == []


def test_nothing_is_made_up_in_the_dark(expected):
    world = dark(yard())
    assert fly_over(expected, lambda _: world, noise=0.02) == []


@pytest.mark.parametrize('height', [0.2, 2.5])
def test_near_the_ground_nothing_is_compared(expected, height):
    world = with_models(yard(), bag(11.0, 0.3))
    assert fly_over(expected, lambda _: world, height=height) == []


def test_a_camera_that_does_not_look_down_is_not_judged(expected):
    eye = Eye(with_models(yard(), bag(11.0, 0.0)))
    pose = Pose3.from_rpy(7.0, 0.0, 8.0, pitch_rad=0.8)
    looks = camera(expected)
    found = [looks.look(eye.shoot(1.0 + 0.1 * number, pose), pose) for number in range(6)]
    eye.view.close()
    assert not any(look.sightings or look.gaps or look.complaints for look in found)


def test_a_covered_camera_is_complained_of_by_its_name(expected):
    looks = camera(expected)
    random = np.random.default_rng(2)
    complaints = []
    for number in range(30):
        rgb = np.clip(random.normal(12.0, 2.0, (240, 320, 3)), 0, 255).astype(np.uint8)
        image = CameraImage(1.0 + 0.1 * number, 'down', rgb, INFO)
        complaints += looks.look(image, above(8.0 + 0.1 * number, 1.0)).complaints
    assert {(each.sensor, each.trouble) for each in complaints} == {(CAMERA_DOWN, Trouble.CAMERA_COVERED)}


def test_a_camera_that_falls_silent_is_complained_of(expected):
    looks = camera(expected)
    assert looks.complaints_at(5.0) == ()
    looks.look(CameraImage(5.0, 'down', np.zeros((240, 320, 3), np.uint8), INFO), above(8.0, height=1.0))
    (complaint,) = looks.complaints_at(20.0)
    assert (complaint.sensor, complaint.trouble) == (CAMERA_DOWN, Trouble.SILENT)


def test_a_pose_that_is_no_number_is_a_contradiction(expected):
    image = CameraImage(5.0, 'down', np.zeros((240, 320, 3), np.uint8), INFO)
    pose = dataclasses.replace(above(8.0), position_m=(math.nan, 0.0, 8.0))
    (complaint,) = camera(expected).look(image, pose).complaints
    assert complaint.trouble is Trouble.CONTRADICTION


def test_time_that_runs_backwards_begins_anew(expected):
    eye = Eye(with_models(yard(), bag(9.0, 1.0, size=0.4)))
    looks = camera(expected)
    found = [looks.look(eye.shoot(stamp_s, above(8.0)), above(8.0)).sightings
             for stamp_s in (10.0, 10.1, 10.2, 4.0, 4.1, 4.2)]
    eye.view.close()
    assert [len(each) for each in found] == [0, 0, 1, 0, 0, 1]

import math

import numpy as np
import pytest
from camera_stage import (
    GRAVEL,
    Eye,
    bag,
    by_lidar,
    camera_at,
    dark,
    image_of,
    low_sun,
    model,
    person,
    walk,
    with_models,
    yard,
)

from lepatrol.model.findings import ChangeKind, SensorKind, Sighting, ThingKind, Trouble
from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import CameraImage, CameraInfo
from lepatrol.perception.camera_anomaly import CameraAnomaly
from lepatrol.perception.expectation import Thing
from lepatrol.settings.camera_anomaly import CameraAnomalySettings
from lepatrol.simulation.expected_view import SceneView

SETTINGS = CameraAnomalySettings()
BIN = Thing('bin', (9.0, 3.4), 0.56, 1.0)


@pytest.fixture(scope='module')
def expected():
    view = SceneView(yard())
    yield view
    view.close()


def anomaly_of(view, things=()):
    return CameraAnomaly(view, SETTINGS, things)


@pytest.mark.parametrize(('x', 'y'), [(7.0, 2.6), (10.0, -3.0), (14.0, 3.5), (12.0, 0.0)])
@pytest.mark.parametrize('colour', [(0.1, 0.1, 0.4), (0.8, 0.7, 0.2), (0.35, 0.2, 0.1)])
def test_a_bag_on_the_ground_is_sighted_where_it_lies(expected, x, y, colour):
    looks = walk(anomaly_of(expected), Eye(with_models(yard(), bag(x, y, colour))))
    seen = looks[-1].sightings
    assert len(seen) == 1
    assert math.dist(seen[0].position_m, (x, y)) < max(0.3, 2.5 * seen[0].deviation_m)
    assert seen[0].sensor is SensorKind.CAMERA
    assert seen[0].kind is ThingKind.OBJECT
    assert 0.15 < seen[0].height_m < 0.6
    assert looks[-1].foreground is not None
    left, top, right, bottom = seen[0].box
    assert looks[-1].foreground[top:bottom, left:right].mean() > 0.5


def test_the_error_of_a_farther_bag_is_owned_to_be_larger(expected):
    near, far = (
        walk(anomaly_of(expected), Eye(with_models(yard(), bag(x, 2.6))))[-1].sightings[0] for x in (6.0, 14.0))
    assert far.deviation_m > 2.0 * near.deviation_m


def test_one_picture_alone_is_not_believed(expected):
    looks = walk(anomaly_of(expected), Eye(with_models(yard(), bag(8.0, 2.6))), pictures=4)
    assert not looks[0].sightings
    assert looks[-1].sightings


@pytest.mark.parametrize('seed', range(4))
def test_an_error_of_a_degree_and_some_centimetres_shows_nothing(expected, seed):
    error = np.random.default_rng(seed)
    looks = walk(anomaly_of(expected, (BIN,)), Eye(yard(), seed), pictures=12, step_m=0.5, error=error)
    assert not [sighting for look in looks for sighting in look.sightings]
    assert not [change for look in looks for change in look.changes]
    assert not [complaint for look in looks for complaint in look.complaints]


@pytest.mark.parametrize('light', [dark, low_sun])
def test_another_light_shows_nothing_new_and_no_trouble(expected, light):
    looks = walk(anomaly_of(expected, (BIN,)), Eye(light(yard())), pictures=16, step_m=0.4)
    assert not [sighting for look in looks for sighting in look.sightings]
    assert not [change for look in looks for change in look.changes]
    assert not [complaint for look in looks for complaint in look.complaints]
    assert all(look.foreground is not None and look.foreground.mean() < 0.03 for look in looks)


@pytest.mark.parametrize(('world', 'is_seen'), [(yard(), True), (low_sun(yard()), False)])
def test_what_is_smaller_than_a_bag_is_left_out_where_the_light_is_not_the_expected(expected, world, is_seen):
    for size, sightings in ((0.17, int(is_seen)), (0.34, 1)):
        looks = walk(anomaly_of(expected), Eye(with_models(world, bag(6.0, 2.6, size=size))))
        assert len(looks[-1].sightings) == sightings


def test_a_picture_that_is_not_explained_shows_nothing(expected):
    random = np.random.default_rng(0)
    anomaly = anomaly_of(expected)
    for number in range(6):
        noise = random.integers(0, 256, (240, 320, 3), dtype=np.uint8)
        look = anomaly.look(image_of(0.1 * number, noise), camera_at(0.0), ())
        assert look.foreground is None
        assert not look.sightings


@pytest.mark.parametrize('coat', [(0.3, 0.3, 0.4), (0.9, 0.8, 0.1), (0.05, 0.05, 0.05), GRAVEL])
@pytest.mark.parametrize('skin', [(0.9, 0.75, 0.65), (0.25, 0.15, 0.1)])
def test_a_person_the_lidar_sees_is_named_whatever_the_clothes_and_skin(expected, coat, skin):
    looks = walk(
        anomaly_of(expected), Eye(with_models(yard(), person(8.0, 1.0, coat, skin))), pictures=3,
        lidar=lambda stamp_s: (by_lidar(stamp_s, 8.0, 1.0),))
    assert len(looks[-1].sightings) == 1
    named = looks[-1].sightings[0]
    assert named.sensor is SensorKind.LIDAR
    assert named.kind is ThingKind.PERSON
    assert named.position_m == (8.0, 1.0)
    assert named.height_m == pytest.approx(1.73, abs=0.15)
    assert named.box is not None


def test_somebody_near_says_nothing_of_the_light(expected):
    """Close up a person fills a fifth of the picture, which would look as if the light had changed."""
    eye = Eye(with_models(yard(), person(1.4, 0.0), bag(10.8, -4.2)))
    looks = walk(anomaly_of(expected), eye, step_m=0.0, lidar=lambda stamp_s: (by_lidar(stamp_s, 1.4, 0.0),))
    person_seen, bag_seen = looks[-1].sightings
    assert person_seen.kind is ThingKind.PERSON
    # In another light than the expected a thing that far off is left to the lidar.
    assert bag_seen.sensor is SensorKind.CAMERA
    assert bag_seen.position_m[0] > SETTINGS.sighting.dim_range_m


def test_a_lidar_that_claims_the_whole_picture_leaves_the_light_to_the_picture(expected):
    looks = walk(anomaly_of(expected), Eye(with_models(yard(), bag(6.0, 2.6))), step_m=0.0,
                 lidar=lambda stamp_s: (by_lidar(stamp_s, 1.0, 0.0, width=4.0),))
    assert looks[-1].foreground is not None
    assert looks[-1].foreground.mean() < 0.03


def test_a_thing_that_runs_into_what_differs_behind_it_has_no_height(expected):
    pole = model('pole', 8.0, 1.0, ((0.4, 0.4, 4.0), 2.0, (0.8, 0.2, 0.1)))
    seen = by_lidar(10.0, 8.0, 1.0)
    looks = walk(anomaly_of(expected), Eye(with_models(yard(), pole)), pictures=1, lidar=lambda _: (seen,))
    assert looks[0].sightings == (seen,)


def test_what_the_lidar_has_seen_is_not_told_twice(expected):
    eye = Eye(with_models(yard(), person(8.0, 1.0)))
    alone = walk(anomaly_of(expected), eye)[-1].sightings
    both = walk(anomaly_of(expected), eye, lidar=lambda stamp_s: (by_lidar(stamp_s, 8.2, 1.1),))[-1].sightings
    assert [sighting.sensor for sighting in alone] == [SensorKind.CAMERA]
    assert [sighting.sensor for sighting in both] == [SensorKind.LIDAR]


def test_the_arms_of_somebody_near_are_no_things_that_stand_farther_off(expected):
    arms = [model(f'arm{y}', 2.2, y, ((0.12, 0.12, 0.5), 0.95, (0.1, 0.1, 0.4))) for y in (-0.33, 0.33)]
    anomaly, eye = anomaly_of(expected), Eye(with_models(yard(), *arms, bag(5.0, 1.9)))
    alone = walk(anomaly, eye, step_m=0.0)[-1].sightings
    assert len(alone) == 3
    seen = walk(anomaly, eye, step_m=0.0, lidar=lambda stamp_s: (by_lidar(stamp_s, 2.2, 0.0, 0.42),))[-1].sightings
    assert [sighting.sensor for sighting in seen] == [SensorKind.LIDAR, SensorKind.CAMERA]
    assert math.dist(seen[1].position_m, (5.0, 1.9)) < 0.5


def test_a_lidars_sighting_out_of_view_is_passed_on_as_it_is(expected):
    behind = by_lidar(10.0, -4.0, 1.0)
    assert walk(anomaly_of(expected), Eye(yard()), pictures=1, lidar=lambda _: (behind,))[0].sightings == (behind,)


def test_a_thing_taken_away_is_missing_and_is_no_sighting(expected):
    looks = walk(anomaly_of(expected, (BIN,)), Eye(with_models(yard(), without=('bin',))), pictures=12)
    changes = [change for look in looks for change in look.changes]
    assert changes
    assert {(change.kind, change.place) for change in changes} == {(ChangeKind.MISSING, 'bin')}
    assert not [name for look in looks for name in look.things_seen]
    assert not [sighting for look in looks for sighting in look.sightings]


def test_a_thing_behind_something_new_is_not_missing(expected):
    screen = model('screen', 7.5, 2.8, ((0.1, 2.2, 2.0), 1.0, (0.5, 0.1, 0.1)))
    looks = walk(anomaly_of(expected, (BIN,)), Eye(with_models(yard(), screen)), pictures=12)
    assert not [change for look in looks for change in look.changes]


def test_a_thing_in_its_place_is_told_so(expected):
    looks = walk(anomaly_of(expected, (BIN,)), Eye(yard()), pictures=8)
    assert looks[-1].things_seen == ('bin',)


def test_a_missing_panel_is_no_thing_that_stands_there(expected):
    looks = walk(anomaly_of(expected), Eye(with_models(yard(), without=('panel3',))), pictures=20, step_m=0.4)
    assert any(look.foreground.any() for look in looks)
    assert not [sighting for look in looks for sighting in look.sightings]


def test_time_that_runs_backwards_begins_anew(expected):
    eye = Eye(with_models(yard(), bag(8.0, 2.6)))
    anomaly = anomaly_of(expected)
    assert walk(anomaly, eye)[-1].sightings
    look = anomaly.look(eye.shoot(1.0, camera_at(0.0)), camera_at(0.0), ())
    assert not look.sightings


def test_without_an_expected_view_a_standing_robot_sees_what_moves():
    anomaly = anomaly_of(None)
    looks = []
    for number in range(12):
        eye = Eye(with_models(yard(), person(9.0, -2.0 + 0.12 * number)), seed=number)
        looks.append(anomaly.look(eye.shoot(0.1 * number, camera_at(0.0)), camera_at(0.0), ()))
        eye.view.close()
    seen = [sighting for look in looks for sighting in look.sightings]
    assert seen
    assert all(sighting.moving for sighting in seen)
    assert math.dist(seen[-1].position_m, (9.0, -0.7)) < 1.5
    assert all(look.foreground is None for look in looks)


def test_without_an_expected_view_a_turning_robot_sees_nothing_move(expected):
    anomaly, eye = anomaly_of(None), Eye(yard())
    for number in range(12):
        pose = camera_at(0.0, yaw=0.03 * number)
        assert not anomaly.look(eye.shoot(0.1 * number, pose), pose, ()).sightings


def test_a_picture_or_a_model_of_no_use_is_complained_of_and_the_lidar_goes_on():
    lidar = Sighting(1.0, SensorKind.LIDAR, (4.0, 0.0), 0.1, (0.0, 0.0))
    tiny = CameraInfo.from_horizontal_fov(2, 2, 1.2)
    wild = CameraInfo(64, 48, -1e300, 40.0, 32.0, 24.0)
    for info in (tiny, wild):
        image = CameraImage(1.0, 'eye', np.zeros((info.height, info.width, 3), dtype=np.uint8), info)
        look = CameraAnomaly(None, CameraAnomalySettings()).look(image, Pose3((0.0, 0.0, 1.2)), [lidar])
        assert [complaint.trouble for complaint in look.complaints] == [Trouble.UNREADABLE]
        assert look.sightings == (lidar,)
        assert look.foreground is None

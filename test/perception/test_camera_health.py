import math

import numpy as np
import pytest
from camera_stage import INFO, Eye, camera_at, dark, image_of, yard

from lepatrol.model.findings import Trouble
from lepatrol.model.observation import CameraImage, CameraInfo
from lepatrol.perception.camera_anomaly import CameraAnomaly
from lepatrol.settings.camera_anomaly import CameraAnomalySettings
from lepatrol.simulation.expected_view import SceneView


@pytest.fixture(scope='module')
def view():
    source = SceneView(yard())
    yield source
    source.close()


def troubles(source, shoot, *, pictures=25, step_m=0.1):
    """Return each picture's troubles while the robot walks."""
    anomaly = CameraAnomaly(source, CameraAnomalySettings())
    seen = []
    for number in range(pictures):
        pose = camera_at(step_m * number)
        seen.append([each.trouble for each in anomaly.look(shoot(0.1 * number, pose), pose, ()).complaints])
    return seen


@pytest.mark.parametrize('level', [3, 12, 25, 90])
@pytest.mark.parametrize('has_view', [True, False])
def test_an_even_picture_is_a_covered_camera_after_a_second(view, level, has_view):
    random = np.random.default_rng(1)
    even = np.full((240, 320, 3), level, dtype=np.uint8)
    seen = troubles(view if has_view else None, lambda stamp_s, _: image_of(stamp_s, even, random))
    assert Trouble.CAMERA_COVERED not in seen[5]
    assert all(Trouble.CAMERA_COVERED in each for each in seen[12:])


@pytest.mark.parametrize('noise', [2.0, 6.0, 12.0])
def test_noise_in_a_black_picture_is_no_outline_and_explains_nothing(view, noise):
    random = np.random.default_rng(2)
    anomaly = CameraAnomaly(view, CameraAnomalySettings())
    for number in range(40):
        black = np.clip(random.normal(15.0, noise, (240, 320, 3)), 0, 255).astype(np.uint8)
        pose = camera_at(0.1 * number)
        look = anomaly.look(image_of(0.1 * number, black), pose, ())
        assert look.foreground is None
        assert not look.sightings
        assert not look.things_seen
        assert (Trouble.CAMERA_COVERED in [each.trouble for each in look.complaints]) is (number >= 10)


def test_a_dark_night_is_no_covered_camera(view):
    eye = Eye(dark(yard()))
    assert not any(troubles(view, eye.shoot))
    assert not any(troubles(None, eye.shoot))


def test_a_white_picture_is_a_blinded_camera(view):
    white = np.full((240, 320, 3), 255, dtype=np.uint8)
    random = np.random.default_rng(1)
    seen = troubles(view, lambda stamp_s, _: image_of(stamp_s, white, random))
    assert all(Trouble.CAMERA_BLINDED in each for each in seen[12:])


def test_one_picture_for_ever_contradicts_a_robot_that_moves(view):
    still = Eye(yard()).shoot(0.0, camera_at(0.0)).rgb
    seen = troubles(view, lambda stamp_s, _: image_of(stamp_s, still))
    assert Trouble.CONTRADICTION in seen[-1]
    assert not any(troubles(view, lambda stamp_s, _: image_of(stamp_s, still), step_m=0.0))


def test_a_lit_picture_of_another_place_contradicts_in_the_end(view):
    random = np.random.default_rng(1)
    seen = troubles(
        view, lambda stamp_s, _: image_of(stamp_s, random.integers(0, 256, (240, 320, 3), dtype=np.uint8)), pictures=40)
    assert not any(Trouble.CONTRADICTION in each for each in seen[:25])
    assert Trouble.CONTRADICTION in seen[-1]


def test_a_picture_of_another_size_is_told(view):
    small = CameraInfo.from_horizontal_fov(160, 120, 1.2)

    def shoot(stamp_s, pose):
        info = INFO if stamp_s < 0.5 else small
        return CameraImage(stamp_s, 'camera', view.picture(info, pose), info)

    seen = troubles(view, shoot, pictures=10)
    assert not any(seen[:5])
    assert all(each == [Trouble.UNREADABLE] for each in seen[5:])


def test_a_camera_that_sends_nothing_is_silent(view):
    anomaly = CameraAnomaly(view, CameraAnomalySettings())
    assert not anomaly.complaints_at(100.0)
    anomaly.look(Eye(yard()).shoot(5.0, camera_at(0.0)), camera_at(0.0), ())
    assert not anomaly.complaints_at(6.0)
    complaint = anomaly.complaints_at(7.0)[0]
    assert complaint.trouble is Trouble.SILENT
    assert '2.0 s' in complaint.detail
    assert math.isfinite(complaint.stamp_s)

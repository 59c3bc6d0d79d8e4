import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prison_views import PrisonViews

from lepatrol.model.errors import ObservationError
from lepatrol.model.findings import ThingKind
from lepatrol.perception.detectors import (
    Detection,
    HogDetector,
    box_within,
    hog_confidence,
    make_detector,
    suppressed,
)
from lepatrol.settings.detectors import DetectorSettings


@pytest.fixture(scope='module')
def prison():
    views = PrisonViews()
    yield views
    views.close()


@pytest.mark.parametrize('distance_m', [3.0, 4.0, 5.0])
def test_hog_finds_an_officer_and_boxes_him_where_he_stands(prison, distance_m):
    image, base = prison.at(-43.0 - distance_m, 27.0, 0.0)
    found, = HogDetector().detect(image.rgb)
    assert found.kind is ThingKind.PERSON
    assert found.confidence > 0.9
    depth_m = distance_m - 0.03
    foot, head = (image.info.cy + image.info.fy * (base.position_m[2] + 1.05 - z) / depth_m for z in (0.0, 1.75))
    left, top, right, bottom = found.box
    assert (left + right) / 2.0 == pytest.approx(image.info.cx, abs=8.0)
    assert top == pytest.approx(head, abs=0.2 * (foot - head))
    assert bottom == pytest.approx(min(foot, 240.0), abs=0.2 * (foot - head))


def test_hog_finds_nobody_where_nobody_is(prison):
    image, _ = prison.at(53.2, -34.2, np.pi / 2)
    assert HogDetector().detect(image.rgb) == ()


@pytest.mark.parametrize('shape', [(20, 20, 3), (1, 1, 3), (300, 40, 3)])
def test_hog_takes_pictures_smaller_than_its_window(shape):
    assert HogDetector().detect(np.zeros(shape, np.uint8)) == ()


def test_hog_refuses_what_is_no_picture():
    with pytest.raises(ObservationError, match=r'float64 of shape \(4, 4\)'):
        HogDetector().detect(np.zeros((4, 4)))


@given(st.lists(st.floats(-1e6, 1e6), min_size=2))
def test_confidence_grows_with_the_score_and_is_a_probability(scores):
    confidences = [hog_confidence(score) for score in sorted(scores)]
    assert confidences == sorted(confidences)
    assert all(0.0 <= confidence <= 1.0 for confidence in confidences)


def test_the_surest_of_overlapping_finds_of_a_kind_stays():
    person, twin = (Detection(ThingKind.PERSON, c, (10, 10, 50, 90)) for c in (0.9, 0.6))
    car = Detection(ThingKind.VEHICLE, 0.7, (10, 10, 50, 90))
    apart = Detection(ThingKind.PERSON, 0.5, (100, 10, 140, 90))
    assert suppressed([twin, apart, car, person], 0.45) == (person, car, apart)


@given(st.lists(st.floats(-500.0, 500.0), min_size=4, max_size=4))
def test_a_box_lies_within_the_picture_or_there_is_none(corners):
    box = box_within(np.array(corners), 320, 240)
    if box is not None:
        left, top, right, bottom = box
        assert 0 <= left < right <= 320
        assert 0 <= top < bottom <= 240


def test_the_settings_choose_the_detector():
    lines = []
    assert make_detector(DetectorSettings('none'), lines.append).detector is None
    assert isinstance(make_detector(DetectorSettings('hog'), lines.append).detector, HogDetector)
    assert lines == []

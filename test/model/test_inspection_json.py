import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lepatrol.model.errors import CommandError
from lepatrol.model.geometry import Pose2, Pose3
from lepatrol.model.inspection import (
    ColourShare,
    Label,
    Measured,
    ObjectEstimate,
    ObjectShape,
    ObjectView,
    Outline,
    Study,
    StudyRequest,
    Symbology,
)
from lepatrol.model.inspection_json import request_from_text, study_from_text, text_from_request, text_from_study
from lepatrol.model.observation import CameraInfo

NUMBER = st.floats(-1e6, 1e6)
POINT = st.tuples(NUMBER, NUMBER)
MEASURED = st.builds(Measured, NUMBER, st.floats(0.0, 10.0))
LABEL = st.builds(Label, st.sampled_from(Symbology), st.text(max_size=8), st.sampled_from(['', '4x4', '36h11']))
COLOURS = st.lists(st.builds(ColourShare, st.sampled_from(['red', 'blue']), st.floats(0.0, 1.0)), max_size=2).map(tuple)
INFO = CameraInfo(320, 240, 234.0, 234.0, 160.0, 120.0)
OUTLINE = st.builds(
    Outline, st.builds(Pose3, st.tuples(NUMBER, NUMBER, NUMBER)), st.just(INFO),
    st.lists(POINT, max_size=5).map(tuple), st.floats(0.0, 1.0), st.booleans())
VIEW = st.builds(
    ObjectView, st.text(min_size=1, max_size=9), st.integers(0, 9), NUMBER, st.builds(Pose2, NUMBER, NUMBER, NUMBER),
    st.none() | OUTLINE, st.lists(POINT, max_size=4).map(tuple), st.none() | st.floats(0.0, 2.0), st.none() | MEASURED,
    st.none() | MEASURED, COLOURS, st.lists(LABEL, max_size=2).map(tuple),
    st.lists(st.text(max_size=5), max_size=2).map(tuple), st.text(max_size=9))
ESTIMATE = st.builds(
    ObjectEstimate, st.lists(POINT, max_size=6).map(tuple), POINT, st.floats(0.0, 1.0), MEASURED, MEASURED,
    st.none() | MEASURED, st.none() | MEASURED, st.sampled_from(ObjectShape), COLOURS,
    st.lists(LABEL, max_size=2).map(tuple), st.none() | MEASURED, st.lists(st.integers(1, 9), max_size=4).map(tuple))
REQUEST = StudyRequest('bag-1', (1.0, 2.0), 0.5, 3, 12.5)


@given(st.builds(Study, VIEW, st.none() | ESTIMATE))
def test_an_answer_comes_back_as_it_was_sent(study):
    assert study_from_text(text_from_study(study)) == study


@given(POINT, st.floats(0.01, 9.0), st.integers(0, 99), NUMBER)
def test_a_request_comes_back_as_it_was_sent(target, radius, viewpoint, stamp):
    request = StudyRequest('a b', target, radius, viewpoint, stamp)
    assert request_from_text(text_from_request(request)) == request


@pytest.mark.parametrize(('change', 'words'), [
    ({'radius_m': 0}, 'radius_m is 0.0, expected more than 0'),
    ({'radius_m': 99.0}, 'radius_m is 99.0, expected more than 0 and no more than 20'),
    ({'target_m': [1e300, 0.0]}, 'expected a place on a map'),
    ({'radius_m': 'wide'}, r"StudyRequest.radius_m is 'wide', expected a finite number"),
    ({'target_m': [1.0]}, 'StudyRequest.target_m has 1 values, expected 2'),
    ({'target_m': [1.0, math.nan]}, r'target_m\[1\] is nan, expected a finite number'),
    ({'viewpoint': True}, 'viewpoint is True, expected int'),
    ({'inspection_id': ''}, 'inspection_id is empty'),
    ({'colour': 1}, 'StudyRequest.colour is unknown; there are: inspection_id, target_m'),
])
def test_a_wrong_request_is_named(change, words):
    plain = json.loads(text_from_request(REQUEST)) | change
    with pytest.raises(CommandError, match=words):
        request_from_text(json.dumps(plain))


@pytest.mark.parametrize('text', ['', 'inspect it', '[]', '{}', '[' * 100_000])
def test_what_is_no_request_is_refused(text):
    with pytest.raises(CommandError, match='inspection request'):
        request_from_text(text)


def test_a_label_is_called_by_its_text_or_in_full():
    tag = Label(Symbology.ARUCO, '17', '4x4')
    assert str(tag) == 'aruco:4x4:17'
    assert tag.is_called('17')
    assert tag.is_called('aruco:4x4:17')
    assert not tag.is_called('aruco:5x5:17')
    assert str(Label(Symbology.QR, 'PARCEL 7')) == 'qr:PARCEL 7'


def test_what_is_measured_exceeds_a_limit_only_for_sure():
    assert Measured(1.0, 0.1).exceeds(0.7)
    assert not Measured(1.0, 0.2).exceeds(0.7)
    assert Measured(1.0, 0.05).text('m') == '1.00 m (give or take 0.10 m)'

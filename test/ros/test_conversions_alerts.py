"""Alerts survive the wire, tracks become markers, and garbage is refused."""

import dataclasses

import cv2
import numpy as np
import pytest
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from hypothesis import given
from hypothesis import strategies as st
from visualization_msgs.msg import Marker
from wire import NOT_FINITE, NUMBERS, STAMPS, TEXTS, over_the_wire

from lepatrol.model.alerts import Alert, AlertKind, Severity
from lepatrol.model.errors import ObservationError
from lepatrol.model.findings import ThingKind
from lepatrol.model.tracks import Track, TrackState
from lepatrol.ros import conversions

ALERTS = st.builds(
    Alert, alert_id=TEXTS.filter(bool), kind=st.sampled_from(AlertKind), about=TEXTS,
    severity=st.sampled_from(Severity), confidence=st.floats(0.0, 1.0),
    position_m=st.none() | st.tuples(NUMBERS, NUMBERS), deviation_m=st.floats(0.0, 100.0), zone=TEXTS,
    first_seen_s=NUMBERS, last_seen_s=NUMBERS, robot=TEXTS, rule=TEXTS, sentence=TEXTS,
    evidence=st.lists(TEXTS, max_size=3).map(tuple), updates=st.integers(0, 1000))
ALERT = Alert('robot-0001', AlertKind.GATE_OPEN, 'gate', Severity.CRITICAL, 0.9, (1.0, 2.0), 0.2, 'sterile', 3.0, 4.0,
              'robot', 'gate_open', 'the gate stands open', ('evidence/a.png',), 1)
TRACK = Track(
    7, TrackState.HIDDEN, (3.0, -4.0), (0.6, 0.8), (0.01, 0.0, 0.01), 1.0, 2.0, 1.0,
    {ThingKind.PERSON: 0.87, ThingKind.UNKNOWN: 0.13}, 12, height_m=1.8, exits=((5.0, 5.0),),
    path=((1.0, 0.0, 0.0), (2.0, 1.0, 1.0)))


def with_value(key, value):
    """Return the sample alert's message with one value changed, or left out where it is None."""
    message = conversions.alerts_to_ros([ALERT], 5.0)
    (status,) = message.status
    status.values = [pair for pair in status.values if pair.key != key]
    if value is not None:
        status.values.append(KeyValue(key=key, value=value))
    return over_the_wire(message)


@given(alerts=st.lists(ALERTS, max_size=3), stamp_s=STAMPS)
def test_alerts_survive_the_wire(alerts, stamp_s):
    message = over_the_wire(conversions.alerts_to_ros(alerts, stamp_s))
    assert conversions.alerts_from_ros(message) == alerts
    assert conversions.time_from_ros(message.header.stamp) == pytest.approx(stamp_s, abs=1e-9)


def test_every_tool_shows_what_an_alert_is_about():
    (status,) = conversions.alerts_to_ros([ALERT], 5.0).status
    assert (status.name, status.hardware_id) == ('perimeter: gate_open', 'robot')
    assert (status.message, status.level) == ('the gate stands open', DiagnosticStatus.ERROR)


@pytest.mark.parametrize(('severity', 'level'), [
    (Severity.NOTICE, DiagnosticStatus.OK), (Severity.WARNING, DiagnosticStatus.WARN),
    (Severity.CRITICAL, DiagnosticStatus.ERROR)])
def test_the_level_is_the_severity(severity, level):
    alert = dataclasses.replace(ALERT, severity=severity)
    assert conversions.alerts_to_ros([alert], 5.0).status[0].level == level


def test_the_statuses_of_others_are_left_out():
    message = conversions.alerts_to_ros([ALERT], 5.0)
    message.status.insert(0, DiagnosticStatus(name='navigator'))
    assert conversions.alerts_from_ros(over_the_wire(message)) == [ALERT]
    assert conversions.alerts_from_ros(DiagnosticArray()) == []


@pytest.mark.parametrize('key', [
    'alert_id', 'kind', 'confidence', 'sentence', 'updates', 'evidence', 'evidence.1', 'y_m'])
def test_a_missing_value_is_refused_by_name(key):
    with pytest.raises(ObservationError, match=f"status 'perimeter: gate_open': {key} is missing"):
        conversions.alerts_from_ros(with_value(key, None))


@pytest.mark.parametrize(('key', 'value'), [
    ('confidence', 'nan'), ('confidence', '2'), ('confidence', 'high'), ('x_m', 'inf'), ('deviation_m', '-1'),
    ('first_seen_s', ''), ('updates', '-1'), ('updates', '9' * 5000), ('updates', '1.5'), ('evidence', '99999999'),
    ('kind', 'party'), ('severity', ''), ('alert_id', ''),
])
def test_a_wrong_value_is_refused_by_name(key, value):
    with pytest.raises(ObservationError, match=f"status 'perimeter: gate_open': {key.removesuffix('x_m') or 'pos'}"):
        conversions.alerts_from_ros(with_value(key, value))


@pytest.mark.parametrize('number', NOT_FINITE)
@pytest.mark.parametrize('change', ['confidence', 'deviation_m', 'first_seen_s', 'position_m'])
def test_an_alert_with_a_number_that_is_not_finite_is_not_published(number, change):
    alert = dataclasses.replace(ALERT, **{change: (number, 0.0) if change == 'position_m' else number})
    with pytest.raises(ObservationError, match=f"alert 'robot-0001': {change}"):
        conversions.alerts_to_ros([alert], 5.0)


def test_an_alert_is_a_disc_as_wide_as_its_place_is_sure_with_what_it_is():
    later = dataclasses.replace(ALERT, updates=3)
    other = dataclasses.replace(ALERT, alert_id='robot-0002', deviation_m=3.0)
    nowhere = dataclasses.replace(ALERT, alert_id='robot-0003', position_m=None)
    message = over_the_wire(conversions.alert_markers_to_ros([ALERT, later, other, nowhere], 5.0))
    first, label, again, _, wide, _ = message.markers
    assert (first.pose.position.x, first.pose.position.y, first.header.frame_id) == (1.0, 2.0, 'map')
    assert label.text == 'robot-0001 gate open'
    assert (first.ns, first.id) == (again.ns, again.id) != (wide.ns, wide.id)
    assert (first.scale.x, wide.scale.x) == (1.0, 6.0)
    assert first.lifetime.sec > 2


def test_an_alert_that_is_nowhere_on_earth_gets_no_marker():
    with pytest.raises(ObservationError, match=r'robot-0001.*not finite'):
        conversions.alert_markers_to_ros([dataclasses.replace(ALERT, position_m=(float('nan'), 0.0))], 5.0)


def test_a_track_is_a_body_with_a_text_a_path_and_its_ways_out():
    markers = over_the_wire(conversions.tracks_to_ros([TRACK], 5.0)).markers
    body, label, path, exits = markers
    assert [marker.type for marker in markers] == [
        Marker.CYLINDER, Marker.TEXT_VIEW_FACING, Marker.LINE_STRIP, Marker.SPHERE_LIST]
    assert {(marker.id, marker.header.frame_id, marker.action) for marker in markers} == {(7, 'map', Marker.ADD)}
    assert all(marker.lifetime.sec > 0 and marker.color.a > 0.0 for marker in markers)
    assert (body.pose.position.x, body.pose.position.y, body.pose.position.z) == (3.0, -4.0, 0.9)
    assert (body.scale.x, body.scale.z) == (0.5, 1.8)
    assert label.text == '7 person 87%, 1.0 m/s, hidden'
    assert [(point.x, point.y) for point in path.points] == [(0.0, 0.0), (1.0, 1.0)]
    assert [(point.x, point.y) for point in exits.points] == [(5.0, 5.0)]


def test_what_is_gone_vanishes_whole():
    added = conversions.tracks_to_ros([TRACK], 5.0).markers
    removed = over_the_wire(conversions.tracks_to_ros([], 5.0, gone=[7])).markers
    assert {marker.action for marker in removed} == {Marker.DELETE}
    assert {(marker.ns, marker.id) for marker in added} <= {(marker.ns, marker.id) for marker in removed}


@pytest.mark.parametrize('number', NOT_FINITE)
@pytest.mark.parametrize('change', [
    lambda number: {'position_m': (number, 0.0)}, lambda number: {'velocity_m_s': (0.0, number)},
    lambda number: {'width_m': number}, lambda number: {'path': ((1.0, number, 0.0),)},
    lambda number: {'exits': ((0.0, number),)}])
def test_a_track_with_a_number_that_is_not_finite_is_not_published(number, change):
    with pytest.raises(ObservationError, match='track 7: has numbers that are not finite'):
        conversions.tracks_to_ros([dataclasses.replace(TRACK, **change(number))], 5.0)


def test_the_live_picture_is_a_jpeg_with_its_stamp():
    message = over_the_wire(conversions.picture_to_ros(np.full((24, 32, 3), (200, 30, 20), np.uint8), 5.5, 'eye'))
    assert (message.format, message.header.frame_id) == ('jpeg', 'eye')
    assert conversions.time_from_ros(message.header.stamp) == 5.5
    seen = cv2.imdecode(np.frombuffer(message.data, dtype=np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
    assert np.abs(seen.astype(int) - (200, 30, 20)).max() < 10


@pytest.mark.parametrize('rgb', [
    np.zeros((24, 32), np.uint8), np.zeros((24, 32, 4), np.uint8), np.zeros((0, 32, 3), np.uint8),
    np.zeros((24, 32, 3), np.float64)])
def test_what_is_no_picture_is_refused(rgb):
    with pytest.raises(ObservationError, match=r'picture of eye: .*expected uint8 of shape'):
        conversions.picture_to_ros(rgb, 5.5, 'eye')

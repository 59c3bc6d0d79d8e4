"""Alerts survive JSON, and what is no alert is refused by name."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lepatrol.model.alert_json import FIELDS, alert_from_plain, alert_to_plain
from lepatrol.model.alerts import Alert, AlertKind, Severity

TEXTS = st.text(max_size=20)
NUMBERS = st.floats(-1e6, 1e6)
ALERTS = st.builds(
    Alert, alert_id=st.text(min_size=1, max_size=20), kind=st.sampled_from(AlertKind), about=TEXTS,
    severity=st.sampled_from(Severity), confidence=st.floats(0.0, 1.0),
    position_m=st.none() | st.tuples(NUMBERS, NUMBERS), deviation_m=st.floats(0.0, 100.0), zone=TEXTS,
    first_seen_s=NUMBERS, last_seen_s=NUMBERS, robot=TEXTS, rule=TEXTS, sentence=TEXTS,
    evidence=st.lists(TEXTS, max_size=3).map(tuple), updates=st.integers(0, 1000))


def plain(**changes):
    alert = Alert('robot-0001', AlertKind.LOITERING, 'track 7', Severity.WARNING, 0.8, (1.0, -2.0), 0.1, 'sterile',
                  10.0, 41.0, 'robot', 'loitering', 'stood 41 s; the limit is 30 s', ('evidence/a.png',), 2)
    return {**alert_to_plain(alert), **changes}


@given(alert=ALERTS)
def test_an_alert_survives_json(alert):
    assert alert_from_plain(json.loads(json.dumps(alert_to_plain(alert)))) == alert


@pytest.mark.parametrize(('key', 'value', 'words'), [
    ('alert_id', '', 'alert_id is empty'), ('alert_id', 7, 'alert_id is 7, expected str'),
    ('kind', 'party', "kind is 'party', expected one of zone_intrusion, "),
    ('severity', 'CRITICAL', "severity is 'CRITICAL', expected one of notice, warning, critical"),
    ('confidence', 1.2, 'confidence is 1.2, expected from 0 to 1'),
    ('confidence', math.nan, 'confidence is nan, expected a finite number'),
    ('confidence', True, 'confidence is True'), ('confidence', '0.5', "confidence is '0.5'"),
    ('position_m', [1.0], r'position_m is \[1.0\], expected x and y'),
    ('position_m', [1.0, math.inf], 'position_m is inf'), ('position_m', 'here', "position_m is 'here'"),
    ('deviation_m', -0.1, 'deviation_m is -0.1'), ('last_seen_s', None, 'last_seen_s is None'),
    ('evidence', 'a.png', "evidence is 'a.png', expected list"), ('evidence', [1], 'evidence is 1, expected str'),
    ('updates', -1, 'updates is -1, expected 0 or more'), ('updates', 1.5, 'updates is 1.5'),
    ('mood', 'bad', "'mood' is unknown"),
])
def test_a_wrong_value_is_refused_by_name(key, value, words):
    with pytest.raises(ValueError, match=words):
        alert_from_plain(plain(**{key: value}))


@pytest.mark.parametrize('key', FIELDS)
def test_a_missing_value_is_refused_by_name(key):
    mapping = plain()
    del mapping[key]
    with pytest.raises(ValueError, match=key):
        alert_from_plain(mapping)


@pytest.mark.parametrize('value', [None, [], 'alert', 3])
def test_what_is_no_mapping_is_refused(value):
    with pytest.raises(ValueError, match=r'alert is .*expected dict'):
        alert_from_plain(value)

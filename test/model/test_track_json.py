"""Tracks survive the text that a topic carries, and what is no list of tracks is refused by name."""

import dataclasses
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lepatrol.model.errors import ObservationError
from lepatrol.model.findings import ThingKind
from lepatrol.model.track_json import MOST_POINTS, MOST_TRACKS, text_from_tracks, tracks_from_text
from lepatrol.model.tracks import Track, TrackState

NUMBERS = st.floats(-1e6, 1e6)
SIZES = st.none() | st.floats(0.0, 50.0)
PIXELS = st.integers(0, 4000)
TRACKS = st.builds(
    Track, track_id=st.integers(0, 10**6), state=st.sampled_from(TrackState), position_m=st.tuples(NUMBERS, NUMBERS),
    velocity_m_s=st.tuples(NUMBERS, NUMBERS), covariance_m2=st.tuples(NUMBERS, NUMBERS, NUMBERS),
    first_seen_s=NUMBERS, last_seen_s=NUMBERS, standing_since_s=NUMBERS,
    kinds=st.dictionaries(st.sampled_from(ThingKind), st.floats(0.0, 1.0)), sightings=st.integers(0, 10**6),
    width_m=SIZES, height_m=SIZES, box=st.none() | st.tuples(PIXELS, PIXELS, PIXELS, PIXELS),
    exits=st.lists(st.tuples(NUMBERS, NUMBERS), max_size=3).map(tuple),
    path=st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), max_size=3).map(tuple))
TRACK = Track(7, TrackState.SEEN, (1.0, 2.0), (0.5, 0.0), (0.01, 0.0, 0.01), 10.0, 12.0, 11.0, {ThingKind.PERSON: 0.9},
              20, box=(10, 20, 30, 60), path=((10.0, 0.0, 2.0),))


def text(**changes):
    (plain,) = json.loads(text_from_tracks([TRACK]))
    return json.dumps([{**plain, **changes}])


@given(tracks=st.lists(TRACKS, max_size=4))
def test_tracks_survive_the_text(tracks):
    told = tracks_from_text(text_from_tracks(tracks))
    assert sorted(told, key=repr) == sorted(tracks, key=repr)


def test_nothing_followed_is_told_too():
    assert tracks_from_text(text_from_tracks([])) == ()


def test_of_too_many_those_seen_last_are_told():
    tracks = [dataclasses.replace(TRACK, track_id=number, last_seen_s=float(number))
              for number in range(MOST_TRACKS + 5)]
    assert {track.track_id for track in tracks_from_text(text_from_tracks(tracks))} == set(range(5, MOST_TRACKS + 5))


def test_of_a_long_path_the_end_is_told():
    track = dataclasses.replace(TRACK, path=tuple((float(number), 0.0, 0.0) for number in range(MOST_POINTS + 5)))
    (told,) = tracks_from_text(text_from_tracks([track]))
    assert told.path == track.path[5:]


def test_what_is_not_finite_is_not_written():
    with pytest.raises(ObservationError, match='not finite'):
        text_from_tracks([dataclasses.replace(TRACK, position_m=(math.nan, 0.0))])


@pytest.mark.parametrize(('key', 'value', 'words'), [
    ('track_id', -1, 'track_id is -1, expected 0 or more'), ('track_id', '7', "track_id is '7', expected int"),
    ('state', 'gone', "state is 'gone', expected one of tentative, seen, hidden"),
    ('position_m', [1.0], r'position_m is \[1.0\], expected 2 numbers'),
    ('position_m', 3, 'position_m is 3, expected list'),
    ('position_m', [1.0, math.inf], 'position_m is inf'), ('position_m', [1.0, 10**400], 'expected a finite number'),
    ('covariance_m2', [1.0, 2.0], 'expected 3 numbers'), ('last_seen_s', True, 'last_seen_s is True'),
    ('kinds', {'ghost': 1.0}, "kinds is 'ghost', expected one of person"),
    ('kinds', {'person': 1.5}, 'kinds is 1.5, expected from 0 to 1'), ('width_m', 'wide', "width_m is 'wide'"),
    ('box', [1, 2, 3], 'expected 4 numbers'),
    ('path', [[0, 0, 0]] * (MOST_POINTS + 1), 'path: are 21, expected at most 20'),
    ('exits', [[0]], 'expected 2 numbers'), ('mood', 'bad', "'mood' is unknown"),
])
def test_a_wrong_value_is_refused_by_name(key, value, words):
    with pytest.raises(ObservationError, match=words):
        tracks_from_text(text(**{key: value}))


@pytest.mark.parametrize('key', [field.name for field in dataclasses.fields(Track)])
def test_a_missing_value_is_refused_by_name(key):
    (plain,) = json.loads(text())
    del plain[key]
    with pytest.raises(ObservationError, match=key):
        tracks_from_text(json.dumps([plain]))


@pytest.mark.parametrize('wrong', ['', 'nobody', '{}', '[1]', '[' * 100_000, ' ' * 2_000_001,
                                   '[' + '{},' * MOST_TRACKS + '{}]'])
def test_what_is_no_list_of_tracks_is_refused(wrong):
    with pytest.raises(ObservationError, match='track'):
        tracks_from_text(wrong)

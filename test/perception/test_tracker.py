import dataclasses
import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tracking_bench import ORIGIN, PERSON, Watch, camera, lidar, standing

from lepatrol.model.errors import SettingsError
from lepatrol.model.findings import ThingKind
from lepatrol.model.tracks import TrackState
from lepatrol.perception.occlusion import CameraView
from lepatrol.perception.tracker import Tracker
from lepatrol.settings.tracking import TrackingSettings

AHEAD = CameraView(ORIGIN, 0.0, 1.2, 15.0)
BEHIND = CameraView(ORIGIN, math.pi, 1.2, 15.0)


def tracker(**changed):
    return Tracker(TrackingSettings(**changed))


def feed(subject, count, *places_m, start_s=0.0, make=lidar, view=None, **more):
    """Show things at places, 10 times a second; return the tracks at the end and the time."""
    for step in range(count):
        now = start_s + step / 10.0
        tracks = subject.update([make(now, *place, **more) for place in places_m], now,
                                ORIGIN if make is lidar else None, view)
    return tracks, now


def test_a_thing_is_tentative_until_the_lidar_has_seen_it_three_times():
    states = [track.state for step in range(4)
              for track in [feed(tracker(), step + 1, (5.0, 0.0))[0][0]]]
    assert states == [TrackState.TENTATIVE, TrackState.TENTATIVE, TrackState.SEEN, TrackState.SEEN]


def test_sightings_too_far_apart_in_time_make_no_track_of_each_other():
    subject = tracker()
    for step in range(30):
        now = 0.35 * step
        tracks = subject.update([lidar(now, 5.0, 0.0)], now, ORIGIN)
        assert [track.state for track in tracks] == [TrackState.TENTATIVE]


def test_false_single_sightings_never_become_things():
    watch, random = Watch(), np.random.default_rng(3)
    for _ in range(600):
        places = [random.uniform(-20.0, 20.0, 2)] if random.random() < 0.3 else []
        assert all(track.state is TrackState.TENTATIVE for track in watch.step(*places))


def test_the_camera_alone_makes_a_track_of_a_low_thing():
    tracks, _ = feed(tracker(), 3, (6.0, 0.0), make=camera, view=AHEAD)
    assert [track.state for track in tracks] == [TrackState.SEEN]


def test_a_camera_knows_the_direction_better_than_the_range():
    tracks, _ = feed(tracker(), 3, (10.0, 0.0), make=camera, deviation_m=1.0, view=AHEAD)
    xx, xy, yy = tracks[0].covariance_m2
    assert xx > 4.0 * yy
    assert abs(xy) < 0.01


def test_camera_and_lidar_see_one_thing_as_one():
    subject = tracker()
    for step in range(30):
        now = step / 10.0
        subject.update([lidar(now, 10.0, 0.0)], now, ORIGIN)
        tracks = subject.update([camera(now - 0.04, 10.6, 0.05, 0.7, box=(1, 2, 3, 4), **PERSON)], now, None, AHEAD)
        assert len(tracks) == 1
    assert tracks[0].position_m == pytest.approx((10.0, 0.0), abs=0.1)
    assert tracks[0].kind is ThingKind.PERSON
    assert tracks[0].box == (1, 2, 3, 4)


def test_a_lidar_sighting_that_comes_again_with_its_kind_counts_once():
    once, twice = tracker(), tracker()
    for step in range(10):
        now = step / 10.0
        plain = lidar(now, 5.0 + 0.01 * (step % 3), 0.0)
        told = dataclasses.replace(plain, box=(1, 2, 3, 4), height_m=1.7, **PERSON)
        once.update([plain], now, ORIGIN)
        twice.update([plain], now, ORIGIN)
        tracks = twice.update([told], now + 0.02)
    assert len(tracks) == 1
    assert tracks[0].sightings == 10
    assert tracks[0].kind is ThingKind.PERSON
    assert tracks[0].height_m == 1.7
    same = once.update([], now + 0.02)
    assert tracks[0].covariance_m2 == pytest.approx(same[0].covariance_m2, rel=0.01, abs=1e-6)


def test_copies_in_one_batch_are_one_thing():
    told = lidar(0.0, 5.0, 0.0, box=(1, 2, 3, 4), **PERSON)
    tracks = tracker().update([lidar(0.0, 5.0, 0.0), told], 0.0, ORIGIN)
    assert len(tracks) == 1
    assert tracks[0].box == (1, 2, 3, 4)


def test_two_parts_of_one_thing_make_one_track():
    tracks, _ = feed(tracker(), 10, (5.0, 0.0), (5.0, 0.25))
    assert len(tracks) == 1


@settings(derandomize=True, deadline=None, max_examples=25)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_of_sightings_in_a_batch_does_not_matter(seed, shuffler):
    random = np.random.default_rng(seed)
    straight, shuffled = tracker(), tracker()
    for step in range(6):
        now = step / 10.0
        batch = [(lidar if random.random() < 0.6 else camera)(now - 0.1 * random.integers(0, 2), *place, **PERSON)
                 for place in random.uniform(2.0, 6.0, (5, 2)).round(1)]
        one = straight.update(batch, now, ORIGIN)
        shuffler.shuffle(batch)
        assert shuffled.update(batch, now, ORIGIN) == one


@settings(derandomize=True, deadline=None, max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(list(ThingKind)), st.floats(0.0, 1.0)), max_size=60))
def test_probabilities_of_kinds_add_up_to_one(evidence):
    subject = tracker()
    tracks = subject.update([lidar(0.0, 5.0, 0.0)], 0.0)
    for step, (kind, confidence) in enumerate(evidence):
        now = 0.1 * (step + 1)
        tracks = subject.update([lidar(now, 5.0, 0.0, kind=kind, confidence=confidence)], now, ORIGIN)
    assert sum(tracks[0].kinds.values()) == pytest.approx(1.0)
    assert all(0.0 <= share <= 1.0 for share in tracks[0].kinds.values())


def test_a_kind_is_unknown_first_believed_after_some_pictures_and_can_be_changed():
    subject = tracker()
    tracks, now = feed(subject, 3, (5.0, 0.0))
    assert tracks[0].kind is ThingKind.UNKNOWN
    tracks, now = feed(subject, 10, (5.0, 0.0), start_s=now + 0.1, kind=ThingKind.ANIMAL, confidence=0.7, height_m=0.3)
    assert tracks[0].kind is ThingKind.ANIMAL
    assert tracks[0].confidence > 0.8
    tracks, now = feed(subject, 60, (5.0, 0.0), start_s=now + 0.1, **PERSON)
    assert tracks[0].kind is ThingKind.PERSON
    tracks, _ = feed(subject, 60, (5.0, 0.0), start_s=now + 0.1)
    assert tracks[0].kind is ThingKind.PERSON       # what says nothing of kinds does not take it back


def test_half_of_a_person_is_a_person_until_nothing_else_was_seen_for_long():
    """Dark clothes before a dark wall: for a while the camera shows but the legs."""
    subject = tracker()
    _, now = feed(subject, 20, (5.0, 0.0), kind=ThingKind.PERSON, confidence=0.9, height_m=1.8)
    half = {'kind': ThingKind.OBJECT, 'confidence': 0.75, 'height_m': 0.9}
    tracks, now = feed(subject, 290, (5.0, 0.0), start_s=now + 0.1, **half)
    assert (tracks[0].kind, tracks[0].height_m) == (ThingKind.PERSON, 1.8)
    tracks, _ = feed(subject, 60, (5.0, 0.0), start_s=now + 0.1, **half)
    assert (tracks[0].kind, tracks[0].height_m) == (ThingKind.OBJECT, 0.9)


def test_no_number_of_guesses_from_width_makes_a_kind_sure_and_none_takes_back_what_a_picture_told():
    subject = tracker()
    guess = {'kind': ThingKind.PERSON, 'confidence': 0.47, 'width_m': 0.4}
    tracks, now = feed(subject, 200, (20.0, 0.0), **guess)
    assert tracks[0].kind is ThingKind.PERSON
    assert tracks[0].confidence < 0.5
    pictured = {'kind': ThingKind.OBJECT, 'confidence': 0.75, 'height_m': 0.4}
    tracks, now = feed(subject, 20, (20.0, 0.0), start_s=now + 0.1, **pictured)
    assert tracks[0].kind is ThingKind.OBJECT
    tracks, _ = feed(subject, 10, (20.0, 0.0), start_s=now + 0.1, **guess)
    assert tracks[0].kind is ThingKind.OBJECT


def test_one_wrong_size_does_not_change_the_size():
    subject = tracker()
    _, now = feed(subject, 9, (5.0, 0.0), width_m=0.5, height_m=1.7)
    tracks, _ = feed(subject, 1, (5.0, 0.0), start_s=now + 0.1, width_m=3.0, height_m=0.2)
    assert (tracks[0].width_m, tracks[0].height_m) == (0.5, 1.7)


def test_a_path_is_thinned_and_bounded():
    watch = Watch()
    for step in range(900):
        angle = 0.015 * step
        tracks = watch.step((10.0 * math.cos(angle), 10.0 * math.sin(angle)))
    path = tracks[0].path
    assert len(path) == 60
    for (early_s, *early), (late_s, *late) in itertools.pairwise(path):
        assert late_s > early_s
        assert math.dist(early, late) >= 0.3 - 1e-9 or late_s - early_s >= 1.0 - 1e-9
    assert path[-1][0] > watch.now_s - 1.0


@pytest.mark.parametrize('wrong', [
    {'position_m': (math.nan, 0.0)}, {'position_m': (0.0, math.inf)}, {'deviation_m': math.nan}, {'deviation_m': -1.0},
    {'stamp_s': math.nan}, {'seen_from_m': (math.nan, 0.0)}, {'confidence': math.nan}, {'confidence': 1.5}])
def test_a_sighting_that_cannot_be_is_refused_and_the_others_count(wrong):
    subject = tracker()
    bad = dataclasses.replace(lidar(0.0, 8.0, 0.0), **wrong)
    tracks = subject.update([bad, lidar(0.0, 5.0, 0.0)], 0.0, ORIGIN)
    assert [track.position_m for track in tracks] == [(5.0, 0.0)]
    assert subject.refused == 1


def test_sightings_from_the_past_and_from_the_future_are_refused():
    subject = tracker()
    assert subject.update([lidar(5.0, 1.0, 0.0), lidar(20.0, 3.0, 0.0)], 10.0, ORIGIN) == ()
    assert subject.refused == 2


def test_a_size_that_is_no_number_is_left_out():
    tracks = tracker().update([lidar(0.0, 5.0, 0.0, width_m=math.nan, height_m=-1.0)], 0.0)
    assert (tracks[0].width_m, tracks[0].height_m) == (None, None)


def test_time_that_runs_backwards_starts_anew_with_new_ids():
    subject = tracker()
    tracks, _ = feed(subject, 5, (5.0, 0.0), start_s=100.0)
    old = tracks[0].track_id
    tracks = subject.update([lidar(10.0, 5.0, 0.0)], 10.0, ORIGIN)
    assert [track.state for track in tracks] == [TrackState.TENTATIVE]
    assert tracks[0].track_id != old
    assert subject.gone() == (old,)


def test_a_little_jitter_of_the_clock_is_no_running_backwards():
    subject = tracker()
    old, now = feed(subject, 5, (5.0, 0.0))
    tracks = subject.update([lidar(now - 0.04, 5.0, 0.0)], now - 0.04, ORIGIN)
    assert [track.track_id for track in tracks] == [track.track_id for track in old]


@pytest.mark.parametrize('now_s', [math.nan, math.inf])
def test_a_time_that_is_no_number_changes_nothing(now_s):
    subject = tracker()
    tracks, _ = feed(subject, 5, (5.0, 0.0))
    assert subject.update([lidar(0.5, 5.0, 0.0)], now_s, ORIGIN) == tracks


def test_nothing_seen_is_nothing_tracked():
    assert tracker().update([], 1.0, ORIGIN, AHEAD) == ()


def test_what_the_lidar_ought_to_see_and_does_not_fades_and_is_told_gone():
    watch = Watch()
    watch.run(2.0, standing(5.0, 0.0))
    ids = [track.track_id for track in watch.tracks]
    states = [tracks[0].state if tracks else None for tracks in watch.run(3.0)]
    assert states[2] is TrackState.SEEN
    assert states[9] is TrackState.HIDDEN
    assert states[17] is not None
    assert states[24] is None
    assert watch.gone == ids


def test_while_nobody_looks_nothing_fades():
    subject = tracker()
    _, now = feed(subject, 10, (5.0, 0.0))
    assert len(subject.update([], now + 8.0)) == 1
    assert len(subject.update([], now + 8.1, ORIGIN)) == 1


def test_a_low_thing_is_remembered_out_of_view_where_it_stands():
    subject = tracker()
    tracks, now = feed(subject, 30, (6.0, 0.0), make=camera, view=AHEAD)
    seen = tracks[0]
    for step in range(1, 1001):
        tracks = subject.update([], now + 0.1 * step, ORIGIN, BEHIND)
    assert [track.track_id for track in tracks] == [seen.track_id]
    assert tracks[0].state is TrackState.HIDDEN
    assert tracks[0].standing_since_s == seen.standing_since_s
    assert tracks[0].deviation_m < 2.0 * seen.deviation_m
    again = subject.update([camera(now + 100.2, 6.2, 0.0)], now + 100.2, None, AHEAD)
    assert [(track.track_id, track.state) for track in again] == [(seen.track_id, TrackState.SEEN)]
    assert subject.update([], now + 300.0, ORIGIN, BEHIND) == ()


def test_a_low_thing_that_pictures_of_its_place_do_not_show_is_forgotten():
    subject = tracker()
    _, now = feed(subject, 20, (6.0, 0.0), make=camera, view=AHEAD)
    kept = [bool(subject.update([], now + 0.1 * step, None, AHEAD)) for step in range(1, 20)]
    assert kept == [True] * 14 + [False] * 5


def test_a_low_thing_that_moved_is_not_remembered_for_long():
    subject = tracker()
    for step in range(30):
        subject.update([camera(0.1 * step, 6.0, -3.0 + 0.2 * step, 0.2)], 0.1 * step, None, AHEAD)
    assert len(subject.update([], 8.0, ORIGIN, BEHIND)) == 1
    assert subject.update([], 20.0, ORIGIN, BEHIND) == ()


def test_settings_out_of_bounds_are_refused():
    with pytest.raises(SettingsError, match='gate_probability'):
        TrackingSettings(gate_probability=1.0)


def test_both_sensors_have_their_own_count_towards_a_track():
    subject = tracker()
    for step in range(2):
        subject.update([lidar(0.1 * step, 5.0, 0.0)], 0.1 * step)
    tracks = subject.update([camera(0.2, 5.0, 0.0)], 0.2)
    assert tracks[0].state is TrackState.TENTATIVE

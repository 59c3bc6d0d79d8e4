import math

import numpy as np
import pytest
from tracking_bench import ORIGIN, PERSON, Watch, camera, lidar, nearest, standing, walking, walled

from lepatrol.model.findings import SensorKind, Sighting, ThingKind
from lepatrol.model.tracks import TrackState
from lepatrol.perception.occlusion import CameraView
from lepatrol.perception.tracker import Tracker
from lepatrol.settings.tracking import TrackingSettings

SIDEWAYS = (0.05, 0.26)
"""Noise of a pose of 5 cm and 1 degree, at 15 m along the x axis."""


@pytest.mark.parametrize('speed_m_s', [1.0, 1.4, 2.0])
@pytest.mark.parametrize('seed', [1, 2, 3])
def test_an_id_outlives_an_occlusion_of_three_seconds(speed_m_s, seed):
    # At x = 13 m the shadow of a wall at 10 m is 1.3 times as long as the wall.
    shadow_m = 3.0 * speed_m_s
    watch = Watch(walled(shadow_m / 1.3), seed)
    steps = watch.run(7.0, walking(13.0, -0.5 * shadow_m - 2.0 * speed_m_s, 0.0, speed_m_s))
    assert [track.track_id for track in steps[15]] == [1]
    assert {track.track_id for tracks in steps for track in tracks} == {1}
    assert sum(tracks[0].state is TrackState.HIDDEN for tracks in steps) > 20
    assert steps[-1][0].state is TrackState.SEEN
    assert watch.gone == []


def test_a_runner_keeps_the_id_through_the_shadow_of_a_wall():
    watch = Watch(walled())
    watch.run(5.0, walking(13.0, -10.0, 0.0, 4.0))
    assert {track.track_id for track in watch.tracks} == {1}
    assert watch.tracks[0].position_m == pytest.approx((13.0, 10.0), abs=0.3)
    assert watch.gone == []


def test_what_is_hidden_grows_uncertain_and_has_exits_that_vanish_when_it_is_seen_again():
    watch = Watch(walled())
    seen = watch.run(3.0, walking(13.0, -5.5, 0.0, 1.0))[-1][0]
    hidden = [tracks[0] for tracks in watch.run(5.0)]
    assert hidden[-1].state is TrackState.HIDDEN
    assert seen.deviation_m < hidden[10].deviation_m < hidden[30].deviation_m < 4.0
    assert math.hypot(*hidden[-1].velocity_m_s) < math.hypot(*hidden[10].velocity_m_s)
    assert hidden[-1].exits
    for exit_m in hidden[-1].exits:
        assert not walled().blocked(ORIGIN, exit_m)
    assert len(hidden[-1].exits) == 2
    again = watch.run(0.5, walking(13.0, 4.2, 0.0, 1.0))[-1]
    assert [(track.track_id, track.exits) for track in again] == [(seen.track_id, ())]


@pytest.mark.parametrize(('height_m', 'away_m', 'is_same'), [
    (1.7, 3.5, True), (None, 3.5, True), (0.9, 3.5, True), (0.4, 3.5, False), (0.4, 0.3, True)])
def test_who_went_out_of_sight_does_not_come_back_a_cat(height_m, away_m, is_same):
    tracker = Tracker(TrackingSettings())
    for step in range(20):
        tracker.update([lidar(0.1 * step, 13.0, 0.0, height_m=1.75, **PERSON)], 0.1 * step, ORIGIN)
    (person,) = tracker.update([], 7.0)
    assert person.state is TrackState.HIDDEN
    seen = camera(7.0, 13.0, -away_m, height_m=height_m, kind=ThingKind.OBJECT, confidence=0.75)
    assert len(tracker.update([seen], 7.0)) == (1 if is_same else 2)


def test_what_stays_hidden_is_forgotten_after_a_while():
    watch = Watch(walled())
    watch.run(3.0, walking(13.0, -5.5, 0.0, 1.0))
    assert [len(tracks) for tracks in watch.run(8.0)][-1] == 1
    assert [len(tracks) for tracks in watch.run(3.0)][-1] == 0


def test_what_is_out_of_range_is_remembered_a_while():
    watch = Watch()
    watch.run(3.0, walking(26.0, 0.0, 1.0, 0.0))
    assert len(watch.run(9.0)[-1]) == 1
    assert watch.run(10.0)[-1] == ()


@pytest.mark.parametrize('seed', [1, 2, 3, 4])
def test_two_people_who_pass_at_a_metre_keep_their_ids(seed):
    watch = Watch(seed=seed, noise_m=(0.08, 0.08), deviation_m=0.1)
    ways = walking(8.0, -4.0, 0.0, 1.3), walking(9.0, 4.0, 0.0, -1.3)
    watch.run(2.0, *ways)
    one, other = (nearest(watch.tracks, (8.0, -1.4)).track_id, nearest(watch.tracks, (9.0, 1.4)).track_id)
    watch.run(4.0, *(lambda after, way=way: way(after + 2.0) for way in ways))
    assert nearest(watch.tracks, (8.0, 3.8)).track_id == one
    assert nearest(watch.tracks, (9.0, -3.8)).track_id == other
    assert len(watch.tracks) == 2


def test_a_person_hidden_behind_another_is_not_forgotten():
    watch = Watch()
    watch.run(2.0, standing(5.0, 0.0), standing(8.0, 0.0))
    far = nearest(watch.tracks, (8.0, 0.0)).track_id
    assert far in {track.track_id for track in watch.run(6.0, standing(5.0, 0.0))[-1]}
    watch.run(1.0, standing(5.0, 0.0), standing(8.0, 0.0))
    assert nearest(watch.tracks, (8.0, 0.0)).track_id == far
    assert len(watch.tracks) == 2


@pytest.mark.parametrize('deviation_m', [0.26, 0.15])
def test_who_stands_does_not_seem_to_move_for_the_noise_of_the_robots_pose(deviation_m):
    fast = running = shifted = 0
    for seed in range(30):
        watch = Watch(seed=seed, noise_m=SIDEWAYS, deviation_m=deviation_m)
        later = [nearest(tracks, (15.0, 0.0)) for tracks in watch.run(4.0, standing(15.0, 0.0))[10:]]
        fast += any(track.speed_m_s > 0.5 for track in later)
        running += any(track.speed_m_s > 2.5 for track in later)
        shifted += later[-1].standing_since_s > 100.5
    # In 30 times 3 s; an honest deviation makes it rare, one that understates the noise by half not common.
    assert fast <= (1 if deviation_m == 0.26 else 6)
    assert running <= (0 if deviation_m == 0.26 else 1)
    assert shifted <= 1


@pytest.mark.parametrize('speed_m_s', [3.5, 4.5])
@pytest.mark.parametrize('noise_m', [SIDEWAYS, (0.05, 0.05)])
def test_a_runner_is_known_for_one_within_a_second(speed_m_s, noise_m):
    known = []
    for seed in range(20):
        watch = Watch(seed=seed, noise_m=noise_m, deviation_m=max(noise_m))
        tracks = watch.run(1.1, walking(15.0, -2.0, 0.0, speed_m_s))
        known.append(any(track.speed_m_s > 3.0 for step in tracks for track in step))
        assert len(tracks[-1]) == 1
    assert sum(known) >= 19


def test_who_sets_off_running_keeps_the_id_and_soon_runs():
    watch = Watch()
    first = watch.run(5.0, standing(12.0, -3.0))[-1][0].track_id
    tracks = watch.run(1.5, lambda after: (12.0, -3.0 + 1.5 * min(after, 1.3) ** 2 + 3.9 * max(after - 1.3, 0.0)))
    assert [track.track_id for track in tracks[-1]] == [first]
    assert tracks[-1][0].speed_m_s > 3.0


def test_since_when_a_thing_stands_is_known_through_noise_and_told_anew_when_it_has_moved():
    watch = Watch(noise_m=(0.15, 0.15), deviation_m=0.15)
    for tracks in watch.run(30.0, standing(10.0, 0.0))[5:]:
        assert tracks[0].standing_since_s == pytest.approx(100.1)
    watch.run(3.0, walking(10.0, 0.0, 0.0, 1.2))
    left_s = watch.now_s
    assert watch.tracks[0].standing_since_s > left_s - 1.5
    for tracks in watch.run(10.0, standing(10.0, 3.6))[5:]:
        assert tracks[0].standing_since_s == pytest.approx(left_s, abs=1.0)
    assert watch.tracks[0].track_id == 1


def test_a_slow_wanderer_does_not_stand():
    watch = Watch(noise_m=(0.05, 0.05))
    watch.run(12.0, walking(10.0, -2.0, 0.0, 0.3))
    assert watch.now_s - watch.tracks[0].standing_since_s < 4.0


def test_tracks_that_come_together_for_good_are_one_the_older():
    subject = Tracker(TrackingSettings())
    for step in range(60):
        now = 0.1 * step
        # A second sighting away from the first one for a second: then both at one place, now this one, now the other.
        apart = max(0.0, 1.2 - 0.08 * max(0, step - 10))
        places = ((8.0, 0.0), (8.0, apart)) if step < 26 else ((8.0, 0.1 * (step % 2)),)
        tracks = subject.update([lidar(now, *place) for place in places], now, ORIGIN)
    assert [track.track_id for track in tracks] == [1]
    assert tracks[0].first_seen_s == 0.0


def test_a_bag_at_a_persons_feet_stays_a_thing_of_its_own():
    subject = Tracker(TrackingSettings())
    for step in range(50):
        now = 0.1 * step
        subject.update([lidar(now, 6.0, 0.0, **PERSON)], now, ORIGIN)
        tracks = subject.update([
            camera(now, 6.0, 0.0, 0.1, box=(0, 0, 9, 9), **PERSON),
            camera(now, 6.0, 0.45, 0.1, kind=ThingKind.OBJECT, confidence=0.8, height_m=0.4)], now)
    assert sorted(track.kind.value for track in tracks) == ['object', 'person']


def test_a_crowd_is_counted_right():
    watch = Watch(noise_m=(0.05, 0.05))
    places = [(5.0 + x, y) for x in range(5) for y in range(-2, 3)]
    watch.run(3.0, *(standing(*place) for place in places))
    assert len(watch.tracks) == 25
    assert all(track.state is TrackState.SEEN for track in watch.tracks)
    for place in places:
        assert nearest(watch.tracks, place).position_m == pytest.approx(place, abs=0.15)


@pytest.mark.parametrize('seed', range(5))
def test_a_bag_whose_range_the_camera_gets_wrong_from_afar_is_one_bag_that_has_stood_all_the_time(seed):
    random, subject = np.random.default_rng(seed), Tracker(TrackingSettings())
    bias = random.normal(0.0, 0.05)
    for step in range(75):
        now, robot_x = 0.1 * step, -12.0 + 0.12 * step
        away, bearing = math.hypot(robot_x, 2.0), math.atan2(2.0, -robot_x)
        range_m = away * (1.0 + bias + random.normal(0.0, 0.05))
        sightings = [Sighting(
            now, SensorKind.CAMERA, (robot_x + range_m * math.cos(bearing), range_m * math.sin(bearing)), 0.05 * away,
            (robot_x, 0.0), ThingKind.OBJECT, 0.6)] if random.random() < 0.8 else []
        tracks = subject.update(sightings, now, None, CameraView((robot_x, 0.0), 0.0, 1.2, 15.0))
        assert all(track.speed_m_s < 0.5 for track in tracks)
    assert len(tracks) == 1
    assert tracks[0].position_m == pytest.approx((0.0, 2.0), abs=0.6)
    assert tracks[0].standing_since_s < 1.0

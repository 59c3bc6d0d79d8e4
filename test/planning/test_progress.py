import dataclasses
import json
import math
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lepatrol.model.errors import FileError
from lepatrol.model.mission import MissedWaypoint, Mission, MissionState
from lepatrol.model.site import Look, OnFailure, Photo, Wait, Waypoint
from lepatrol.planning.mission_json import mission_from_plain, mission_to_plain
from lepatrol.planning.progress import Progress, ProgressStore

NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
ACTIONS = st.one_of(
    st.builds(Wait, NUMBERS),
    st.builds(Look, st.lists(NUMBERS, max_size=3).map(tuple), NUMBERS),
    st.builds(Photo, st.none() | NUMBERS, st.text(max_size=8)))
WAYPOINTS = st.builds(
    Waypoint, st.text(max_size=8), NUMBERS, NUMBERS, st.none() | NUMBERS, st.lists(ACTIONS, max_size=3).map(tuple),
    st.sampled_from(OnFailure), st.integers(0, 100))
MISSIONS = st.builds(
    Mission, st.text(max_size=8), st.lists(WAYPOINTS, min_size=1, max_size=4).map(tuple),
    st.none() | st.integers(1, 99), st.none() | st.integers(0, 2**31 - 1), st.booleans())

MISSION = Mission('ring', tuple(Waypoint(f'w{i}', float(i), 0.0, actions=(Wait(1.0),)) for i in range(4)), 3)
MISSED = tuple(MissedWaypoint(f'w{i}', 1, f'reason {i} ä\n') for i in range(3))


@pytest.fixture
def store(tmp_path):
    return ProgressStore(tmp_path / 'progress.json')


def again(store):
    return ProgressStore(store.path)


@given(mission=MISSIONS)
def test_any_mission_comes_back_from_json_as_it_was(mission):
    assert mission_from_plain(json.loads(json.dumps(mission_to_plain(mission)))) == mission


def test_nothing_saved_is_nothing_loaded(store):
    assert store.load() is None


def test_what_was_saved_is_loaded(store):
    progress = Progress(
        MISSION, 5, round=2, visit=3, reached=True, actions_done=1, attempts=2, missed=MISSED,
        ends_in=MissionState.ABORTED, reason='a reason', state=MissionState.PAUSED, charging=True,
        distance_walked_m=12.5, last_goal_id=10**18 + 1)
    store.save(progress)
    assert again(store).load() == progress


def test_the_newest_of_many_saves_is_loaded(store):
    for visit in range(4):
        store.save(Progress(MISSION, 1, visit=visit, missed=MISSED[:visit]))
        assert again(store).load().visit == visit
    assert again(store).load().missed == MISSED


def test_a_loaded_store_goes_on_adding_missed_waypoints(store):
    store.save(Progress(MISSION, 1, missed=MISSED[:1]))
    other = again(store)
    other.load()
    other.save(Progress(MISSION, 1, missed=MISSED))
    assert again(store).load().missed == MISSED


def test_a_new_run_forgets_the_old_one(store):
    store.save(Progress(MISSION, 1, missed=MISSED))
    store.save(Progress(MISSION, 2))
    assert again(store).load() == Progress(MISSION, 2)
    assert sorted(path.name for path in store.path.parent.iterdir()) == ['progress.json', 'progress.mission-2.json']


def test_clear_leaves_nothing(store):
    store.save(Progress(MISSION, 1, missed=MISSED))
    store.clear()
    assert store.load() is None
    assert list(store.path.parent.iterdir()) == []
    store.save(Progress(MISSION, 1))
    assert again(store).load() == Progress(MISSION, 1)


def test_the_position_of_a_long_mission_is_small_and_the_mission_written_once(store):
    mission = Mission('poses', tuple(Waypoint(f'pose-{i}', float(i), 0.0) for i in range(10_000)))
    store.save(Progress(mission, 1))
    written = (store.path.parent / 'progress.mission-1.json').stat().st_mtime_ns
    store.save(Progress(mission, 1, visit=9_999))
    assert store.path.stat().st_size < 1000
    assert (store.path.parent / 'progress.mission-1.json').stat().st_mtime_ns == written
    assert again(store).load().visit == 9_999


@pytest.mark.parametrize('killed_at', range(12))
def test_a_kill_at_any_write_leaves_the_old_state_or_the_new(store, monkeypatch, killed_at):
    old = Progress(MISSION, 1, visit=1, missed=MISSED[:1])
    new = Progress(dataclasses.replace(MISSION, name='other'), 2, visit=2, missed=MISSED)
    store.save(old)
    calls = [0]

    def dying(function):
        def call(*arguments, **kinds):
            calls[0] += 1
            if calls[0] > killed_at:
                raise KeyboardInterrupt
            return function(*arguments, **kinds)
        return call

    with monkeypatch.context() as patch:
        patch.setattr(os, 'fsync', dying(os.fsync))
        patch.setattr('pathlib.Path.replace', dying(type(store.path).replace))
        patch.setattr('pathlib.Path.unlink', dying(type(store.path).unlink))
        try:
            store.save(new)
            survived = True
        except KeyboardInterrupt:
            survived = False
    loaded = again(store).load()
    assert loaded in (old, new)
    assert loaded == new or not survived
    follower = again(store)
    follower.load()
    latest = dataclasses.replace(loaded, missed=(*loaded.missed, MissedWaypoint('later', 2, 'later')))
    follower.save(latest)
    assert again(store).load() == latest


def test_missed_waypoints_whose_position_was_never_written_are_overwritten(store):
    store.save(Progress(MISSION, 1, missed=MISSED[:1]))
    with (store.path.parent / 'progress.missed-1.jsonl').open('a') as file:
        file.write('{"waypoint": "written when the patrol was killed"')
    survivor = again(store)
    assert survivor.load().missed == MISSED[:1]
    survivor.save(Progress(MISSION, 1, missed=MISSED))
    assert again(store).load().missed == MISSED


def damage(store, **changes):
    plain = json.loads(store.path.read_text())
    plain.update(changes)
    store.path.write_text(json.dumps(plain))


@pytest.mark.parametrize(('changes', 'said'), [
    ({'visit': 4}, 'visit is 4, a round has 4'), ({'visit': -1}, 'visit is -1'), ({'visit': True}, 'visit is True'),
    ({'round': 9}, 'the mission has 3'), ({'round': 0}, 'round is 0'), ({'state': 'flying'}, 'flying'),
    ({'distance_walked_m': math.nan}, 'distance_walked_m is nan'), ({'reached': 'yes'}, 'reached'),
    ({'ends_in': 'walking'}, "ends_in is 'walking', expected one of done,"), ({'charging': None}, 'charging'),
    ({'version': 1}, 'version is 1'), ({'last_goal_id': None}, 'last_goal_id'), ({'missed': 9}, 'speaks of 9'),
    ({'run': 77}, 'progress.mission-77.json: cannot be read')])
def test_a_damaged_position_is_named(store, changes, said):
    store.save(Progress(MISSION, 1, missed=MISSED))
    damage(store, **changes)
    with pytest.raises(FileError, match=said):
        again(store).load()


@given(text=st.text() | st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(
        st.sampled_from(['version', 'run', 'visit', 'missed']), inner, max_size=4), max_leaves=6).map(json.dumps))
def test_garbage_never_raises_anything_but_a_file_error(tmp_path_factory, text):
    path = tmp_path_factory.getbasetemp() / 'garbage.json'
    path.write_text(text, encoding='utf-8')
    with pytest.raises(FileError, match=r'garbage'):
        ProgressStore(path).load()


def test_a_damaged_mission_file_is_named(store):
    store.save(Progress(MISSION, 1))
    file = store.path.parent / 'progress.mission-1.json'
    file.write_text(file.read_text().replace('"x_m": 0.0', '"x_m": "zero"'))
    with pytest.raises(FileError, match=r"mission-1.json: is damaged: x_m is 'zero', expected a finite number"):
        again(store).load()


def test_a_damaged_missed_file_is_named_with_its_line(store):
    store.save(Progress(MISSION, 1, missed=MISSED))
    file = store.path.parent / 'progress.missed-1.jsonl'
    lines = file.read_text().splitlines()
    file.write_text('\n'.join([lines[0], lines[1][:-5], lines[2]]) + '\n')
    with pytest.raises(FileError, match=r'missed-1\.jsonl:2: is damaged'):
        again(store).load()


def test_what_is_set_aside_is_kept_and_never_overwritten(store):
    for content in ('first', 'second'):
        store.path.write_text(content)
        store.set_aside()
        assert store.load() is None
    folder = store.path.parent
    assert (folder / 'progress.json.damaged-1').read_text() == 'first'
    assert (folder / 'progress.json.damaged-2').read_text() == 'second'


def test_a_folder_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / 'file').write_text('')
    with pytest.raises(FileError, match='progress cannot be kept'):
        ProgressStore(tmp_path / 'file' / 'progress.json').save(Progress(MISSION, 1))

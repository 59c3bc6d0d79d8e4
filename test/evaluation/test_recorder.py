"""A run is recorded with the pictures that show what went wrong."""

import cv2
import numpy as np
import pytest
from outcomes import an_alert

from lepatrol.evaluation.job import Job
from lepatrol.evaluation.recorder import RunRecorder, picture_name
from lepatrol.evaluation.sight import Sight
from lepatrol.model.alerts import AlertKind
from lepatrol.model.geometry import Pose2
from lepatrol.model.truth import Subject


class Watch:
    def __init__(self, *sights):
        self.sights = sights
        self.best = ()

    def update(self):
        return self.best


def grey(level):
    return np.full((24, 32, 3), level, dtype=np.uint8)


def level_of(folder, name):
    return int(cv2.imread(str(folder / name)).mean())


@pytest.fixture
def watch():
    return Watch(Sight(Subject('bag', (AlertKind.ABANDONED_OBJECT,), place_m=(5.0, 0.0)), in_view_s=1.0))


def step(recorder, now_s, alerts=(), masked=None, x_m=0.0, touches=False):
    recorder.step(now_s, alerts=alerts, masked=lambda: masked, pose=Pose2(x_m, 0.0), touches=touches)


def finish(recorder, folder, scenario='bag_left'):
    job = Job(scenario, 3, pictures=folder)
    return recorder.outcome(job, duration_s=20.0, waypoints_missed=0, wall_time_s=2.0)


def test_a_miss_is_shown_as_it_was_best_to_be_seen(watch, tmp_path):
    recorder = RunRecorder(watch)
    for now_s, best, level in ((1.0, ('bag',), 50), (2.0, ('bag',), 120), (3.0, (), 200)):
        watch.best = best
        step(recorder, now_s, masked=grey(level))
    (subject,) = finish(recorder, tmp_path / 'pictures').subjects
    assert subject.picture == 'bag_left-seed-3-missed-bag.jpg'
    assert level_of(tmp_path / 'pictures', subject.picture) == pytest.approx(120, abs=2)


def test_a_false_alarm_is_shown_as_it_was_first_published(watch, tmp_path):
    recorder = RunRecorder(watch)
    alert = an_alert('robot/7', position_m=(50.0, 0.0))
    step(recorder, 1.0, masked=grey(10))
    step(recorder, 2.0, [alert], masked=grey(90))
    step(recorder, 3.0, [alert], masked=grey(240))
    (alarm,) = finish(recorder, tmp_path).false_alarms
    assert alarm.picture == 'bag_left-seed-3-false-robot-7.jpg'
    assert level_of(tmp_path, alarm.picture) == pytest.approx(90, abs=2)


def test_what_was_found_needs_no_picture_and_without_a_folder_none_is_written(watch, tmp_path):
    watch.best = ('bag',)
    recorder = RunRecorder(watch)
    step(recorder, 2.0, [an_alert(kind=AlertKind.ABANDONED_OBJECT, position_m=(5.2, 0.0), last_seen_s=2.0),
                         an_alert('robot-2', position_m=(50.0, 0.0))], masked=grey(90))
    outcome = finish(recorder, None)
    assert outcome.found == 1
    assert outcome.subjects[0].picture == outcome.false_alarms[0].picture == ''
    assert len(outcome.reports) == 2
    assert list(tmp_path.iterdir()) == []


def test_runs_before_the_first_picture_are_no_trouble(watch, tmp_path):
    watch.best = ('bag',)
    recorder = RunRecorder(watch)
    step(recorder, 1.0, [an_alert(position_m=(50.0, 0.0))])
    outcome = finish(recorder, tmp_path)
    assert outcome.subjects[0].missed
    assert outcome.false_alarms[0].picture == ''


def test_the_way_is_added_up_and_a_touch_is_one_collision_however_long(watch):
    recorder = RunRecorder(watch)
    for index, touches in enumerate([False, True, True, False, True]):
        step(recorder, index / 50.0, x_m=0.25 * index, touches=touches)
    outcome = finish(recorder, None)
    assert outcome.distance_m == pytest.approx(1.0)
    assert outcome.collisions == 2


def test_picture_names_are_plain():
    assert picture_name('my files/../a b.yaml', 1, 'missed-Æ "x"/y') == 'a-b-seed-1-missed-x-y.jpg'

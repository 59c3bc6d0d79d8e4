"""Evidence is written whole, under the alert's id, and shows what it says."""

import math
import os

import cv2
import numpy as np
import pytest
from alert_samples import an_alert

from lepatrol.model.errors import FileError
from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import LaserScan
from lepatrol.perception.evidence import EvidenceKeeper, Exhibit

GREY = np.full((240, 320, 3), 120, np.uint8)


def a_scan(ranges):
    return LaserScan(0.0, 'lidar', -math.pi, 2.0 * math.pi / len(ranges), 0.1, 30.0, np.asarray(ranges, np.float32))


def an_exhibit(**changes):
    expected = np.full(360, 6.0)
    ranges = expected.copy()
    ranges[170:190] = 3.0
    parts = {'masked_rgb': GREY, 'box': (100, 60, 140, 180), 'scan': a_scan(ranges), 'expected_m': expected,
             'sensor_pose': Pose3.from_rpy(1.0, 1.0, 0.5)}
    return Exhibit(**{**parts, **changes})


def count(path, colour):
    return int((np.abs(cv2.imread(str(path))[..., ::-1].astype(int) - colour).max(axis=2) < 40).sum())


def test_frame_crop_and_scan_are_named_by_the_alert_relative_to_the_run(tmp_path):
    names = EvidenceKeeper(tmp_path / 'evidence').keep(an_alert(3), an_exhibit())
    assert names == ('evidence/robot-0003-frame.jpg', 'evidence/robot-0003-crop.jpg', 'evidence/robot-0003-scan.png')
    assert sorted(path.name for path in (tmp_path / 'evidence').iterdir()) == sorted(name[9:] for name in names)
    assert all(cv2.imread(str(tmp_path / name)) is not None for name in names)


@pytest.mark.parametrize(('missing', 'parts'), [
    ({'masked_rgb': None}, ['scan']), ({'box': None}, ['frame', 'scan']),
    ({'scan': None}, ['frame', 'crop']), ({'expected_m': None}, ['frame', 'crop']),
    ({'box': (400, 10, 450, 60)}, ['frame', 'scan']), ({'box': (-200, -200, -100, -100)}, ['frame', 'scan']),
    ({'masked_rgb': None, 'scan': None}, []),
])
def test_what_there_is_not_is_left_out(tmp_path, missing, parts):
    names = EvidenceKeeper(tmp_path / 'e').keep(an_alert(), an_exhibit(**missing))
    assert [name.rpartition('-')[2].partition('.')[0] for name in names] == parts


def test_the_crop_shows_the_thing_larger_and_nothing_but_the_masked_picture(tmp_path):
    rgb = GREY.copy()
    rgb[60:180, 100:140] = (200, 30, 30)
    EvidenceKeeper(tmp_path).keep(an_alert(), an_exhibit(masked_rgb=rgb))
    crop = cv2.imread(str(tmp_path / 'robot-0001-crop.jpg'))[..., ::-1].astype(int)
    assert crop.shape == (180, 60, 3)
    assert crop[90, 30] == pytest.approx((200, 30, 30), abs=8)
    assert crop[10, 5] == pytest.approx((120, 120, 120), abs=8)


def test_the_scan_shows_what_came_nearer_than_expected(tmp_path):
    keeper = EvidenceKeeper(tmp_path)
    keeper.keep(an_alert(1, position_m=None), an_exhibit())
    keeper.keep(an_alert(2, position_m=None), an_exhibit(scan=a_scan(np.full(360, 6.0))))
    keeper.keep(an_alert(3), an_exhibit())
    near, same, marked = (tmp_path / f'robot-000{n}-scan.png' for n in (1, 2, 3))
    assert count(near, (200, 40, 30)) > count(same, (200, 40, 30)) + 100
    assert count(marked, (235, 130, 0)) > count(near, (235, 130, 0)) + 60


def test_a_scan_of_nothing_but_trouble_is_drawn_too(tmp_path):
    ranges = np.resize([np.nan, np.inf, -np.inf, 0.0, 1e9], 360)
    exhibit = an_exhibit(scan=a_scan(ranges), expected_m=np.full(360, np.inf))
    assert EvidenceKeeper(tmp_path).keep(an_alert(), exhibit)[-1].endswith('scan.png')


def test_an_id_cannot_lead_out_of_the_folder(tmp_path):
    names = EvidenceKeeper(tmp_path / 'evidence').keep(an_alert(alert_id='../../x y'), an_exhibit(scan=None))
    assert names[0] == 'evidence/______x_y-frame.jpg'
    assert {path.parent for path in tmp_path.rglob('*.jpg')} == {tmp_path / 'evidence'}


def test_a_full_disk_is_told_and_leaves_no_half_picture(tmp_path, monkeypatch):
    keeper = EvidenceKeeper(tmp_path / 'evidence')
    before = keeper.keep(an_alert(), an_exhibit())

    def full(_):
        raise OSError(28, 'No space left on device')

    monkeypatch.setattr(os, 'fsync', full)
    with pytest.raises(FileError, match=r'robot-0001-frame.jpg: evidence cannot be kept: No space left on device'):
        keeper.keep(an_alert(), an_exhibit(masked_rgb=GREY // 2))
    assert sorted(path.name for path in (tmp_path / 'evidence').iterdir()) == sorted(name[9:] for name in before)


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / 'evidence').touch()
    with pytest.raises(FileError, match='evidence cannot be kept'):
        EvidenceKeeper(tmp_path / 'evidence').keep(an_alert(), an_exhibit())

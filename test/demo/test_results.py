"""What a demo leaves behind says what was walked, what was left out and what was photographed."""

import csv
import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from lepatrol.assembly import load_site
from lepatrol.behaviours.photo_album import PhotoAlbum
from lepatrol.demo.results import Round, write_contact_sheet, write_map_picture, write_mission, write_track
from lepatrol.model.mission import MissedWaypoint, MissionState, MissionStatus, PhotoRequest
from lepatrol.model.observation import CameraImage, CameraInfo
from lepatrol.model.occupancy import OccupancyMap

SITE = load_site('bench_yard')


def album_in(folder):
    return PhotoAlbum(folder, lambda image: image.rgb)


def picture(colour):
    rgb = np.full((30, 40, 3), colour, np.uint8)
    return CameraImage(0.0, 'eye', rgb, CameraInfo.from_horizontal_fov(40, 30, 1.2))


def a_round(state=MissionState.DONE, visit=5, missed=(), track=((0.0, 0.0), (42.0, 0.0)), message=''):
    status = MissionStatus(
        250.0, state, mission='loop', round=1, rounds=1, visit=visit, visits=6, distance_walked_m=258.4,
        missed=tuple(MissedWaypoint(name, 1, 'no way') for name in missed), message=message)
    return Round(SITE, 'loop', status, track, 240.0, 60.0)


def test_a_whole_round_is_told_in_one_line():
    assert a_round().summary == 'bench_yard, route loop: 5 of 5 waypoints, 258 m in 240 s (4.0 times real time)'


def test_missed_waypoints_do_not_count_as_reached():
    walked = a_round(missed=('north', 'west'))
    assert walked.left_out == {'north', 'west'}
    assert '3 of 5 waypoints' in walked.summary


def test_waypoints_that_were_still_to_come_when_it_ended_were_not_reached():
    walked = a_round(MissionState.ABORTED, visit=2, missed=('east',))
    assert walked.left_out == {'east', 'north', 'north_west', 'west'}
    assert '1 of 5 waypoints' in walked.summary
    assert walked.summary.endswith(', then aborted')
    assert not walked.done


def test_the_mission_file_says_what_was_ordered_and_how_it_went(tmp_path):
    write_mission(tmp_path / 'mission.json', a_round(missed=('west',), message='loop is done'),
                  {'speed': 0.0, 'output': Path('out')}, photos=3)
    report = json.loads((tmp_path / 'mission.json').read_text(encoding='utf-8'))
    assert report == {
        'site': 'bench_yard', 'world': 'bench_yard', 'route': 'loop', 'settings': {'speed': 0.0, 'output': 'out'},
        'state': 'done', 'rounds_done': 1, 'waypoints': ['east', 'north_east', 'north', 'north_west', 'west'],
        'missed': [{'waypoint': 'west', 'round': 1, 'reason': 'no way'}], 'distance_walked_m': 258.4, 'photos': 3,
        'simulated_s': 240.0, 'wall_s': 60.0, 'message': 'loop is done'}


def test_a_round_that_was_not_finished_does_not_count_as_done(tmp_path):
    write_mission(tmp_path / 'mission.json', a_round(MissionState.STOPPED, visit=2), {}, photos=0)
    report = json.loads((tmp_path / 'mission.json').read_text(encoding='utf-8'))
    assert (report['state'], report['rounds_done']) == ('stopped', 0)


@pytest.mark.parametrize('track', [(), ((0.0, -1.25), (3.0001, 2.0))])
def test_the_track_is_a_table_of_metres(tmp_path, track):
    write_track(tmp_path / 'track.csv', a_round(track=track))
    with open(tmp_path / 'track.csv', newline='', encoding='utf-8') as file:
        rows = [(float(row['x_m']), float(row['y_m'])) for row in csv.DictReader(file)]
    assert rows == [pytest.approx(point, abs=5e-4) for point in track]


@pytest.mark.parametrize('track', [(), ((1.0, 1.0),), ((0.0, 0.0), (42.0, 0.0))])
def test_a_map_picture_is_written_whatever_was_walked(tmp_path, track):
    empty = OccupancyMap(np.zeros((64, 104), dtype=np.int8), 1.0, -52.0, -20.0)
    write_map_picture(tmp_path / 'map.png', empty, a_round(track=track))
    picture = cv2.imread(str(tmp_path / 'map.png'))
    assert picture.shape[1] == 1500
    assert picture.std() > 0.0


def test_the_sheet_shows_every_photo_in_its_order_and_says_how_many_there_are(tmp_path):
    album, colours = album_in(tmp_path / 'photos'), [(200, 30, 30), (30, 200, 30), (30, 30, 200), (200, 200, 30)]
    for number, rgb in enumerate(colours):
        album.keep(picture(rgb), PhotoRequest(float(number), 'gate', 1, 'the gate'))
    assert write_contact_sheet(tmp_path / 'photos.jpg', tmp_path / 'photos') == 4
    sheet = cv2.imread(str(tmp_path / 'photos.jpg'))[..., ::-1].astype(int)
    height, width = sheet.shape[0] // 2, sheet.shape[1] // 3
    for number, rgb in enumerate(colours):
        middle = sheet[number // 3 * height + 150, number % 3 * width + 200]
        assert middle == pytest.approx(rgb, abs=20), number


def test_the_sheet_shows_the_caption_that_the_photo_was_ordered_with(tmp_path):
    sheets = []
    for caption in ('', 'the gate in the wall'):
        folder = tmp_path / (caption or 'none')
        album_in(folder).keep(picture((0, 0, 0)), PhotoRequest(0.0, 'gate', 1, caption))
        write_contact_sheet(tmp_path / 'photos.png', folder)
        sheets.append(cv2.imread(str(tmp_path / 'photos.png')).astype(int))
    bare, captioned = sheets
    rows = np.flatnonzero((bare != captioned).any(axis=(1, 2)))
    assert len(rows)
    assert rows.min() > 308 + 20, 'the caption stands below photo and name'


def test_photos_that_cannot_be_read_are_left_out_of_the_sheet(tmp_path):
    album_in(tmp_path).keep(picture((0, 0, 0)), PhotoRequest(0.0, 'gate', 1))
    (tmp_path / '002-broken-r1.jpg').write_bytes(b'\xff\xd8')
    assert write_contact_sheet(tmp_path / 'sheet.jpg', tmp_path) == 1


def test_where_nothing_was_photographed_there_is_no_sheet(tmp_path):
    assert write_contact_sheet(tmp_path / 'photos.jpg', tmp_path / 'photos') == 0
    assert not (tmp_path / 'photos.jpg').exists()

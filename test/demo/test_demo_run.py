"""The demo as a new user runs it, on the shortest of routes."""

import csv
import json

import cv2
import pytest
from rosbags.highlevel import AnyReader

from lepatrol import cli
from lepatrol.behaviours.photo_album import caption_of


@pytest.fixture(scope='module')
def demo(tmp_path_factory):
    """Return the folder that a demo wrote."""
    out = tmp_path_factory.mktemp('out')
    assert cli.main(
        ['demo', '--site', 'bench_yard', '--route', 'short', '--speed', 'max', '--out', str(out)]) == 0
    (folder,) = out.iterdir()
    return folder


def test_the_demo_walks_its_round_and_says_so(demo):
    report = json.loads((demo / 'mission.json').read_text(encoding='utf-8'))
    assert (report['state'], report['rounds_done'], report['missed'], report['photos']) == ('done', 1, [], 1)
    # The straight way is 5 m; late commands on a busy machine make for detours, but not for circles.
    assert 4.5 < report['distance_walked_m'] < 15.0
    with open(demo / 'track.csv', newline='', encoding='utf-8') as file:
        *_, end = csv.DictReader(file)
    assert (float(end['x_m']), float(end['y_m'])) == pytest.approx((3.0, 2.0), abs=0.3)


def test_the_demo_leaves_a_map_and_the_photos_with_their_captions(demo):
    assert cv2.imread(str(demo / 'map.png')).shape[1] == 1500
    (photo,) = (demo / 'photos').iterdir()
    assert photo.name == '001-beside-r1.jpg'
    assert caption_of(photo) == 'boxes to the north-east'
    assert cv2.imread(str(demo / 'photos.jpg')).shape[1] == 416


def test_the_recording_tells_the_round_from_the_order_to_its_end(demo):
    with AnyReader([demo / 'recording']) as reader:
        heard = {connection.topic: connection.msgcount for connection in reader.connections}
        connections = [each for each in reader.connections if each.topic == '/patrol/status']
        *_, last = (reader.deserialize(data, each.msgtype) for each, _, data in reader.messages(connections))
    assert heard['/patrol/command'] == 1
    assert min(heard[topic] for topic in ('/scan', '/odom', '/pose', '/cmd_vel')) > 1
    assert not any('camera' in topic for topic in heard), "the camera's own pictures are not masked"
    assert {value.key: value.value for value in last.status[0].values}['state'] == 'done'

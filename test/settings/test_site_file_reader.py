import math

import pytest
from plain_file import changed, write_plain

from lepatrol.model.errors import FileError
from lepatrol.model.geometry import Pose2
from lepatrol.model.site import Look, OnFailure, Photo, Wait, ZoneKind
from lepatrol.settings.site_file import read_site

SITE = {
    'name': 'yard', 'world': 'yard_world', 'home': 'hut',
    'perimeter': [[0, 0], [10, 0], [10, 10]],
    'zones': {
        'crossing': {'kind': 'slow', 'speed_limit_m_s': 0.5, 'polygon': [[0, 0], [1, 0], [1, 1]]},
        'garden': {'kind': 'keep_out', 'polygon': [[2, 2], [3, 2], [3, 3]]},
    },
    'waypoints': {
        'hut': {'position': [1, 2], 'heading_deg': 90, 'on_failure': 'retry', 'retries': 3},
        'gate': {'position': [3.5, -4], 'actions': [
            {'wait': {'duration_s': 2}}, {'look': {'headings_deg': [0, 180]}},
            {'photo': {'heading_deg': -90, 'caption': 'the gate'}}, {'photo': {}}]},
    },
    'routes': {'ring': {'waypoints': ['hut', 'gate']}, 'line': {'waypoints': ['gate'], 'closed': False}},
    'start': {'position': [5, 6], 'heading_deg': 45},
}


@pytest.fixture
def path(tmp_path):
    return tmp_path / 'yard.yaml'


def read(path, site):
    return read_site(write_plain(path, site))


def test_a_site_file_is_read_as_it_says(path):
    site = read(path, SITE)
    assert (site.name, site.world, site.home) == ('yard', 'yard_world', 'hut')
    assert site.perimeter == ((0.0, 0.0), (10.0, 0.0), (10.0, 10.0))
    crossing, garden = site.zones
    assert (crossing.kind, crossing.speed_limit_m_s) == (ZoneKind.SLOW, 0.5)
    assert (garden.name, garden.kind, garden.speed_limit_m_s) == ('garden', ZoneKind.KEEP_OUT, None)
    hut, gate = site.waypoints['hut'], site.waypoints['gate']
    assert (hut.x_m, hut.y_m, hut.yaw_rad) == (1.0, 2.0, pytest.approx(math.pi / 2))
    assert (hut.on_failure, hut.retries) == (OnFailure.RETRY, 3)
    assert (gate.yaw_rad, gate.on_failure) == (None, OnFailure.SKIP)
    assert gate.actions == (
        Wait(2.0), Look((0.0, pytest.approx(math.pi))), Photo(pytest.approx(-math.pi / 2), 'the gate'), Photo(None, ''))
    assert (site.routes['ring'].closed, site.routes['line'].closed) == (True, False)
    assert site.start_pose == Pose2(5.0, 6.0, pytest.approx(math.pi / 4))


def test_without_a_start_the_robot_begins_at_home(path):
    assert read(path, changed(SITE, ['start'], None)).start_pose == Pose2(1.0, 2.0, pytest.approx(math.pi / 2))


@pytest.mark.parametrize(('keys', 'value', 'key', 'said'), [
    (['home'], None, '', "'home' is missing"),
    (['home'], 'hutt', 'home', "no waypoint 'hutt'; known are: hut, gate"),
    (['routes', 'ring', 'waypoints'], ['hut', 'gaet'], 'routes.ring.waypoints[1]', "no waypoint 'gaet'"),
    (['routes', 'ring', 'waypoints'], [], 'routes.ring.waypoints', 'the route is empty'),
    (['routes', 'ring', 'closed'], 'maybe', 'routes.ring.closed', 'expected true or false'),
    (['routes', 'two words'], {'waypoints': ['hut']}, 'routes.two words', 'one word'),
    (['waypoints', 'hut', 'postion'], [1, 2], 'waypoints.hut.postion', "did you mean 'position'?"),
    (['waypoints', 'hut', 'position'], [1], 'waypoints.hut.position', 'expected 2 numbers'),
    (['waypoints', 'hut', 'position'], [1, 'x'], 'waypoints.hut.position[1]', "is 'x', expected a finite number"),
    (['waypoints', 'hut', 'position'], [1, math.nan], 'waypoints.hut.position[1]', 'expected a finite number'),
    (['waypoints', 'hut', 'heading_deg'], 361, 'waypoints.hut.heading_deg', 'from -360 to 360'),
    (['waypoints', 'hut', 'on_failure'], 'pray', 'waypoints.hut.on_failure', 'one of retry, skip, home, abort'),
    (['waypoints', 'hut', 'retries'], -1, 'waypoints.hut.retries', 'from 0 to 100'),
    (['waypoints', 'hut', 'retries'], 1.5, 'waypoints.hut.retries', 'expected a whole number'),
    (['waypoints', 'gate', 'actions'], [{'dance': {}}], 'waypoints.gate.actions[0].dance', 'wait, look, photo'),
    (['waypoints', 'gate', 'actions'], [{'wait': {'duration_s': 1}, 'photo': {}}], 'waypoints.gate.actions[0]',
     'exactly one of'),
    (['waypoints', 'gate', 'actions'], [{'wait': {'duration_s': -1}}], 'waypoints.gate.actions[0].wait.duration_s',
     'from 0'),
    (['waypoints', 'gate', 'actions'], [{'look': {'headings_deg': []}}],
     'waypoints.gate.actions[0].look.headings_deg', 'at least one heading'),
    (['zones', 'garden', 'kind'], 'forbidden', 'zones.garden.kind', 'one of restricted, public'),
    (['zones', 'garden', 'speed_limit_m_s'], 1, 'zones.garden.speed_limit_m_s', 'only a slow zone'),
    (['zones', 'garden', 'medium'], 'water', 'zones.garden.medium', 'expected one of ground, air'),
    (['zones', 'crossing', 'medium'], 'air', 'zones.crossing.medium', 'only a zone to keep out of'),
    (['zones', 'crossing', 'speed_limit_m_s'], None, 'zones.crossing', "needs 'speed_limit_m_s'"),
    (['zones', 'garden', 'polygon'], [[0, 0], [1, 1]], 'zones.garden.polygon', 'has 2 corners'),
    (['zones', 'garden', 'polygon'], [[0, 0], [2, 2], [2, 0], [0, 2]], 'zones.garden.polygon', 'Self-intersection'),
    (['perimeter'], [[0, 0], [1, 1], [2, 2]], 'perimeter', 'no simple polygon'),
    (['waypoints'], [1, 2], 'waypoints', 'expected a mapping'),
])
def test_a_bad_site_file_is_refused_with_file_line_key_and_what_would_be_right(path, keys, value, key, said):
    with pytest.raises(FileError) as error:
        read(path, changed(SITE, keys, value))
    assert error.value.path == str(path)
    assert error.value.key == key
    assert error.value.line is not None
    assert said in str(error.value)


def test_the_line_is_the_one_the_mistake_is_on(path):
    with pytest.raises(FileError) as error:
        read(path, 'name: a\nworld: b\nhome: c\nroutes: {}\nwaypoints:\n  c:\n    position: [0, 0]\n    retries: x\n')
    assert error.value.line == 8
    assert str(error.value).startswith(f'{path}:8: waypoints.c.retries: ')

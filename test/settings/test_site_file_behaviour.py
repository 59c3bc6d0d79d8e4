"""What a site file says for behaviours: policies, lockdown, known objects, inspection and following."""

from pathlib import Path

import pytest
from plain_file import changed, write_plain

from lepatrol.model.alerts import AlertKind, Severity
from lepatrol.model.errors import FileError
from lepatrol.model.policy import Policy, Response
from lepatrol.model.site import FollowLimits, Hours, InspectionRings, KnownObject, LockdownManner, LockdownPlan
from lepatrol.settings.site_file import read_site

SITES = Path(__file__).resolve().parents[2] / 'config' / 'sites'
SITE = {
    'name': 'yard', 'world': 'yard', 'home': 'hut',
    'zones': {'store': {'kind': 'restricted', 'polygon': [[0, 0], [9, 0], [9, 9], [0, 9]]}},
    'waypoints': {'hut': {'position': [1, 2]}, 'gate': {'position': [3, 4]}},
    'routes': {'stay': {'waypoints': ['hut']}},
    'policies': [
        {'kinds': ['zone_intrusion', 'loitering'], 'zones': ['store'], 'hours': ['22:00-06:00'],
         'min_severity': 'warning', 'response': 'look', 'notice': ' Stand still. ', 'stand_off_m': 6},
        {'kinds': ['abandoned_object'], 'response': 'inspect', 'stand_off_m': 8},
        {'response': 'ignore'}],
    'lockdown': {'manner': 'post', 'posts': {'ugv1': 'gate', 'default': 'hut'}},
    'known_objects': [
        {'name': 'parcel', 'label': 12345, 'zone': 'store', 'footprint_m': [0.3, 0.4], 'height_m': 0.2, 'note': 'post'},
        {'name': 'crate', 'label': 'CRATE 7'}],
    'inspection': {'outer_m': 7, 'limit_m': 2},
    'follow': {'distance_m': 5, 'limit_s': 60},
}


@pytest.fixture
def path(tmp_path):
    return tmp_path / 'yard.yaml'


def read(path, site):
    return read_site(write_plain(path, site))


def test_everything_is_read_as_it_is_written(path):
    site = read(path, SITE)
    look, inspect, ignore = site.policies
    assert look == Policy(
        Response.LOOK, (AlertKind.ZONE_INTRUSION, AlertKind.LOITERING), site.zones, (Hours(1320, 360),),
        Severity.WARNING, 'Stand still.', 6.0)
    assert inspect == Policy(Response.INSPECT, (AlertKind.ABANDONED_OBJECT,), stand_off_m=8.0)
    assert ignore == Policy(Response.IGNORE)
    assert site.lockdown == LockdownPlan(LockdownManner.POST, {'ugv1': 'gate', 'default': 'hut'})
    assert site.known_objects == (
        KnownObject('parcel', '12345', 'store', (0.4, 0.3), 0.2, 'post'), KnownObject('crate', 'CRATE 7'))
    assert site.inspection == InspectionRings(7.0, 3.0, 2.0)
    assert site.follow == FollowLimits(5.0, 60.0, FollowLimits().limit_m)


def test_what_is_left_out_has_its_default(path):
    sections = ('policies', 'lockdown', 'known_objects', 'inspection', 'follow')
    site = read(path, {key: value for key, value in SITE.items() if key not in sections})
    assert (site.policies, site.known_objects) == ((), ())
    assert (site.lockdown, site.inspection, site.follow) == (LockdownPlan(), InspectionRings(), FollowLimits())


@pytest.mark.parametrize(('keys', 'value', 'key', 'said'), [
    (['policies'], {'response': 'look'}, 'policies', 'is a mapping, expected a list'),
    (['policies', 0, 'response'], None, 'policies[0]', "'response' is missing"),
    (['policies', 0, 'response'], 'shoot', 'policies[0].response',
     "is 'shoot', expected one of ignore, note, look, follow, inspect, wait"),
    (['policies', 0, 'response'], 'note', 'policies[0].notice', "with the response 'note' no robot goes there"),
    (['policies', 2, 'stand_off_m'], 3, 'policies[2].stand_off_m', "with the response 'ignore' no robot goes there"),
    (['policies', 0, 'kinds', 1], 'loiter', 'policies[0].kinds[1]', 'expected one of zone_intrusion,'),
    (['policies', 0, 'kinds'], [], 'policies[0].kinds', 'is empty, expected at least one kind; leave it out for all'),
    (['policies', 0, 'zones', 0], 'shop', 'policies[0].zones[0]', "there is no zone 'shop'; known are: store"),
    (['policies', 0, 'hours', 0], '9-5', 'policies[0].hours[0]', 'expected a window of local time'),
    (['policies', 0, 'min_severity'], 'bad', 'policies[0].min_severity', 'expected one of notice, warning, critical'),
    (['policies', 0, 'notice'], ' ', 'policies[0].notice', 'has 0 characters, expected from 1 to 300'),
    (['policies', 0, 'notice'], 'a' * 301, 'policies[0].notice', 'has 301 characters'),
    (['policies', 0, 'stand_off_m'], 0.5, 'policies[0].stand_off_m', 'it must be from 1 to 100'),
    (['policies', 1, 'stand_off_m'], 6.9, 'policies[1].stand_off_m', "nearer than the inspection's outer ring of 7 m"),
    (['policies', 0, 'anwser'], 'x', 'policies[0].anwser', 'unknown key'),
    (['lockdown', 'manner'], 'hide', 'lockdown.manner', 'expected one of post, stop'),
    (['lockdown', 'manner'], 'stop', 'lockdown.posts', "only with 'manner: post'"),
    (['lockdown', 'posts'], None, 'lockdown', "needs 'posts'"),
    (['lockdown', 'posts'], {}, 'lockdown', "needs 'posts'"),
    (['lockdown', 'posts', 'ugv1'], 'tower', 'lockdown.posts.ugv1',
     "there is no waypoint 'tower'; known are: hut, gate"),
    (['known_objects', 0, 'name'], 'the parcel', 'known_objects[0].name', 'a name is one word'),
    (['known_objects', 0, 'label'], ' x', 'known_objects[0].label', 'expected what its code says'),
    (['known_objects', 0, 'zone'], 'shop', 'known_objects[0].zone', "there is no zone 'shop'"),
    (['known_objects', 0, 'footprint_m'], [1], 'known_objects[0].footprint_m', 'expected length and width'),
    (['known_objects', 0, 'footprint_m'], [1, -1], 'known_objects[0].footprint_m[1]', 'it must be from 0.01 to 50'),
    (['known_objects', 0, 'height_m'], 0, 'known_objects[0].height_m', 'it must be from 0.01 to 50'),
    (['known_objects', 1, 'name'], 'parcel', 'known_objects[1]', "two known objects 'parcel'"),
    (['known_objects', 1, 'label'], '12345', 'known_objects[1]', "parcel has the label '12345' too"),
    (['inspection', 'limit_m'], 3.5, 'inspection', 'none may be larger than the one before it'),
    (['inspection', 'outer_m'], 0.1, 'inspection.outer_m', 'it must be from 0.5 to 50'),
    (['follow', 'distance_m'], 1, 'follow.distance_m', 'it must be from 1.5 to 50'),
    (['follow', 'distance'], 3, 'follow.distance', "did you mean 'distance_m'?"),
])
def test_a_bad_value_is_refused_with_file_line_key_and_what_would_be_right(path, keys, value, key, said):
    with pytest.raises(FileError) as error:
        read(path, changed(SITE, keys, value))
    assert (error.value.path, error.value.key) == (str(path), key)
    assert error.value.line is not None
    assert said in str(error.value)


@pytest.mark.parametrize('name', ['prison', 'border', 'bench_yard'])
def test_every_shipped_site_inspects_what_is_left_and_looks_at_intruders(name):
    site = read_site(SITES / f'{name}.yaml')
    answers = {kind: [policy.response for policy in site.policies if kind in policy.kinds] for kind in AlertKind}
    assert answers[AlertKind.ABANDONED_OBJECT] == [Response.INSPECT]
    assert set(answers[AlertKind.ZONE_INTRUSION]) == {Response.LOOK}
    posts = {site.lockdown.post('scout', kind) for kind in ('ugv', 'uav')}
    assert len(posts) == (1 if site.lockdown.manner is LockdownManner.STOP else 2)

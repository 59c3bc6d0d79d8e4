import copy

import pytest
from plain_file import changed, write_plain

from lepatrol.model.errors import FileError
from lepatrol.model.site import Geofence, Medium
from lepatrol.settings.site_file import read_site

SITE = {
    'name': 'yard', 'world': 'yard_world', 'home': 'hut',
    'zones': {'garden': {'kind': 'keep_out', 'polygon': [[6, 6], [8, 6], [8, 8], [6, 8]]}},
    'geofence': {'polygon': [[0, 0], [10, 0], [10, 10], [0, 10]], 'floor_m': 2, 'ceiling_m': 12},
    'waypoints': {
        'hut': {'position': [1, 2]}, 'gate': {'position': [3, 4]},
        'high': {'position': [3, 4, 5.5]}, 'higher': {'position': [9, 9, 10]}},
    'routes': {'ring': {'waypoints': ['hut', 'gate']}, 'sky': {'medium': 'air', 'waypoints': ['high', 'higher']}},
}


def read(tmp_path, site):
    return read_site(write_plain(tmp_path / 'yard.yaml', site))


def test_heights_media_and_the_geofence_are_read_as_they_are_written(tmp_path):
    site = read(tmp_path, SITE)
    assert [site.waypoints[name].z_m for name in ('hut', 'gate', 'high', 'higher')] == [0.0, 0.0, 5.5, 10.0]
    assert (site.routes['ring'].medium, site.routes['sky'].medium) == (Medium.GROUND, Medium.AIR)
    assert site.geofence == Geofence(((0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)), 2.0, 12.0)


def test_a_zone_that_keeps_wheels_out_is_flown_over(tmp_path):
    site = read(tmp_path, changed(SITE, ['zones', 'garden', 'medium'], 'ground'))
    assert [len(site.keep_out(medium)) for medium in (Medium.GROUND, Medium.AIR)] == [1, 0]
    over = changed(SITE, ['waypoints', 'higher', 'position'], [7, 7, 5])
    over['zones']['garden']['medium'] = 'ground'
    assert read(tmp_path, over).waypoints['higher'].z_m == 5.0


def test_a_site_need_not_have_a_geofence(tmp_path):
    site = copy.deepcopy(SITE)
    del site['geofence']
    assert read(tmp_path, site).geofence is None


@pytest.mark.parametrize(('keys', 'value', 'key', 'said'), [
    (['waypoints', 'high', 'position'], [3, 4, -1], 'waypoints.high.position[2]', 'from 0 to 1000'),
    (['waypoints', 'high', 'position'], [3, 4, 5, 6], 'waypoints.high.position', 'expected 2 numbers'),
    (['waypoints', 'high', 'position'], [3, 4], 'routes.sky.waypoints[0]', 'high is on the ground'),
    (['waypoints', 'high', 'position'], [3, 4, 13], 'routes.sky.waypoints[0]', "above the geofence's ceiling of 12 m"),
    (['waypoints', 'high', 'position'], [3, 4, 1], 'routes.sky.waypoints[0]', "below the geofence's floor of 2 m"),
    (['waypoints', 'higher', 'position'], [12, 9, 5], 'routes.sky.waypoints[1]', '2.0 m outside the geofence'),
    (['waypoints', 'higher', 'position'], [7, 7, 5], 'routes.sky.waypoints[1]', 'over the keep-out zone garden'),
    (['waypoints', 'hut', 'position'], [11, 2], 'geofence', 'home (hut) is 1.0 m outside it'),
    (['routes', 'ring', 'waypoints'], ['hut', 'high'], 'routes.ring.waypoints[1]', "only a route with 'medium: air'"),
    (['routes', 'sky', 'medium'], 'water', 'routes.sky.medium', 'expected one of ground, air'),
    (['geofence', 'ceiling_m'], 2, 'geofence.ceiling_m', 'above the floor of 2 m'),
    (['geofence', 'polygon'], [[0, 0], [1, 1]], 'geofence.polygon', 'has 2 corners'),
    (['geofence', 'height_m'], 2, 'geofence.height_m', 'unknown key'),
])
def test_a_wrong_value_is_named_with_what_would_be_right(tmp_path, keys, value, key, said):
    with pytest.raises(FileError) as raised:
        read(tmp_path, changed(SITE, keys, value))
    assert raised.value.key == key
    assert raised.value.line is not None
    assert said in str(raised.value)

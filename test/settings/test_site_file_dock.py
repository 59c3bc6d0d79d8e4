import copy
import math

import pytest
from plain_file import changed, write_plain

from lepatrol.model.errors import FileError
from lepatrol.settings.site_file import read_site

SITE = {
    'name': 'yard', 'world': 'yard_world', 'home': 'hut',
    'dock': {'position': [1, 4], 'heading_deg': 90, 'approach_m': 2},
    'zones': {'garden': {'kind': 'keep_out', 'polygon': [[6, 6], [8, 6], [8, 8], [6, 8]]}},
    'waypoints': {'hut': {'position': [1, 2]}, 'gate': {'position': [3, 4]}},
    'routes': {'ring': {'waypoints': ['hut', 'gate']}},
}


def read(tmp_path, site):
    return read_site(write_plain(tmp_path / 'yard.yaml', site))


def test_a_dock_is_driven_into_forwards_from_its_approach(tmp_path):
    dock = read(tmp_path, SITE).dock
    assert (dock.pose.x_m, dock.pose.y_m, dock.pose.yaw_rad) == (1.0, 4.0, math.pi / 2.0)
    assert (dock.approach.x_m, dock.approach.y_m) == (pytest.approx(1.0), pytest.approx(2.0))
    assert dock.approach.yaw_rad == dock.pose.yaw_rad


def test_a_site_need_not_have_a_dock(tmp_path):
    site = copy.deepcopy(SITE)
    del site['dock']
    assert read(tmp_path, site).dock is None


@pytest.mark.parametrize(('keys', 'value', 'key', 'said'), [
    (['dock', 'position'], [7, 7], 'dock.position', 'it at (7.00, 7.00) lies in the keep-out zone garden'),
    (['dock', 'position'], [7, 9.5], 'dock.position', 'the approach to it at (7.00, 7.50) lies in the keep-out zone'),
    (['dock', 'heading_deg'], 'north', 'dock.heading_deg', 'expected a finite number'),
    (['dock', 'approach_m'], 0, 'dock.approach_m', 'from 0.3 to 20'),
    (['dock', 'heading'], 7, 'dock.heading', "did you mean 'heading_deg'?")])
def test_a_bad_dock_is_refused_with_what_would_be_right(tmp_path, keys, value, key, said):
    with pytest.raises(FileError) as caught:
        read(tmp_path, changed(SITE, keys, value))
    assert caught.value.key == key
    assert caught.value.line is not None
    assert said in str(caught.value)

"""What a site file says for perception: hours, who is allowed, structures and the time zone."""

import pytest
from plain_file import changed, write_plain

from lepatrol.model.errors import FileError
from lepatrol.model.site import Allowance, Hours, Structure, StructureKind
from lepatrol.settings.site_file import read_site

SQUARE = [[0, 0], [9, 0], [9, 9], [0, 9]]
SITE = {
    'name': 'yard', 'world': 'yard', 'home': 'hut', 'time_zone': 'Europe/Berlin',
    'zones': {
        'store': {
            'kind': 'restricted', 'polygon': SQUARE, 'hours': ['22:00-06:00', '12:00-12:30'], 'crowd_limit': 0,
            'allowed': [{'who': 'night watch', 'count': 2, 'hours': ['00:00-04:00']},
                        {'who': 'forklift', 'kind': 'vehicle'}]},
        'hall': {'kind': 'public', 'polygon': SQUARE}},
    'structures': [
        {'name': 'fence', 'kind': 'fence', 'from': [0, 0], 'to': [9, 0], 'panels': 3},
        {'name': 'fence', 'kind': 'fence', 'from': [9, 0], 'to': [9, 6], 'panels': 2, 'first': 9},
        {'name': 'rail', 'kind': 'fence', 'from': [9, 6], 'to': [9, 9]},
        {'name': 'gate', 'kind': 'gate', 'from': [0, 9], 'to': [4, 9], 'open_hours': ['08:00-18:00']}],
    'waypoints': {'hut': {'position': [1, 2]}}, 'routes': {'stay': {'waypoints': ['hut']}},
}


@pytest.fixture
def path(tmp_path):
    return tmp_path / 'yard.yaml'


def read(path, site):
    return read_site(write_plain(path, site))


def test_hours_allowances_and_limits_are_read_as_they_are_written(path):
    site = read(path, SITE)
    store, hall = site.zones
    assert site.time_zone == 'Europe/Berlin'
    assert store.hours == (Hours(1320, 360), Hours(720, 750))
    assert store.allowed == (Allowance('night watch', 'person', 2, (Hours(0, 240),)),
                             Allowance('forklift', 'vehicle', 1, ()))
    assert store.crowd_limit == 0
    assert (hall.hours, hall.allowed, hall.crowd_limit) == ((), (), None)


def test_a_run_of_panels_is_cut_into_panels_of_equal_width_that_are_numbered_on(path):
    structures = {structure.name: structure for structure in read(path, SITE).structures}
    assert list(structures) == ['fence_01', 'fence_02', 'fence_03', 'fence_09', 'fence_10', 'rail', 'gate']
    assert structures['fence_02'] == Structure('fence_02', StructureKind.FENCE, (3.0, 0.0), (6.0, 0.0))
    assert structures['fence_10'] == Structure('fence_10', StructureKind.FENCE, (9.0, 3.0), (9.0, 6.0))
    assert structures['gate'] == Structure('gate', StructureKind.GATE, (0.0, 9.0), (4.0, 9.0), (Hours(480, 1080),))


def test_what_is_left_out_is_none(path):
    site = read(path, {key: value for key, value in SITE.items() if key not in ('structures', 'zones', 'time_zone')})
    assert (site.structures, site.zones, site.time_zone) == ((), (), 'UTC')


@pytest.mark.parametrize(('minute', 'holds'), [(1319.99, False), (1320.0, True), (1439.9, True), (0.0, True),
                                              (359.99, True), (360.0, False)])
def test_hours_go_over_midnight(minute, holds):
    assert Hours(1320, 360).hold(minute) is holds


def test_hours_read_back_as_they_are_written():
    assert str(Hours(1320, 365)) == '22:00-06:05'


@pytest.mark.parametrize(('keys', 'value', 'key', 'said'), [
    (['time_zone'], 'Europe/Nowhere', 'time_zone', "is 'Europe/Nowhere', expected an IANA time zone such as"),
    (['time_zone'], '../UTC', 'time_zone', 'expected an IANA time zone'),
    (['time_zone'], 2, 'time_zone', 'is 2, expected a text'),
    (['zones', 'store', 'hours'], '22:00-06:00', 'zones.store.hours', 'expected a list'),
    (['zones', 'store', 'hours'], ['24:00-06:00'], 'zones.store.hours[0]',
     "expected a window of local time such as '22:00-06:00'"),
    (['zones', 'store', 'hours'], ['22:00-06:00', '7-9'], 'zones.store.hours[1]', "is '7-9', expected a window"),
    (['zones', 'store', 'hours'], ['22:60-06:00'], 'zones.store.hours[0]', 'expected a window'),
    (['zones', 'store', 'hours'], [1320], 'zones.store.hours[0]', 'is 1320, expected a text'),
    (['zones', 'store', 'crowd_limit'], -1, 'zones.store.crowd_limit', 'from 0 to 10000'),
    (['zones', 'store', 'crowd_limit'], 2.5, 'zones.store.crowd_limit', 'expected a whole number'),
    (['zones', 'store', 'allowed'], {'who': 'x'}, 'zones.store.allowed', 'expected a list'),
    (['zones', 'store', 'allowed'], [{'count': 1}], 'zones.store.allowed[0]', "'who' is missing"),
    (['zones', 'store', 'allowed'], [{'who': 'x', 'kind': 'ghost'}], 'zones.store.allowed[0].kind',
     "is 'ghost', expected one of person, vehicle, animal, object"),
    (['zones', 'store', 'allowed'], [{'who': 'x', 'count': 0}], 'zones.store.allowed[0].count', 'from 1 to 10000'),
    (['zones', 'store', 'allowed'], [{'who': 'x', 'houres': []}], 'zones.store.allowed[0].houres',
     "did you mean 'hours'?"),
    (['structures'], {'fence': {}}, 'structures', 'is a mapping, expected a list'),
    (['structures', 0, 'kind'], 'wall', 'structures[0].kind', "is 'wall', expected one of fence, gate"),
    (['structures', 0, 'name'], 'the fence', 'structures[0].name', 'a name is one word'),
    (['structures', 0, 'panels'], 0, 'structures[0].panels', 'from 1 to 1000'),
    (['structures', 0, 'to'], [0, 0], 'structures[0]', "'from' and 'to' are the same point"),
    (['structures', 0, 'to'], [0, 0, 1], 'structures[0].to', 'has 3 members, expected 2 numbers'),
    (['structures', 1, 'first'], 3, 'structures[1].name', "there are two structures 'fence_03'"),
    (['structures', 2, 'name'], 'gate', 'structures[3].name', "there are two structures 'gate'"),
    (['structures', 2, 'open_hours'], ['08:00-09:00'], 'structures[2].open_hours', 'only a gate has hours'),
    (['structures', 3, 'open_hours'], ['8-9'], 'structures[3].open_hours[0]', 'expected a window'),
])
def test_a_bad_value_is_refused_with_file_line_key_and_what_would_be_right(path, keys, value, key, said):
    with pytest.raises(FileError) as error:
        read(path, changed(SITE, keys, value))
    assert (error.value.path, error.value.key) == (str(path), key)
    assert error.value.line is not None
    assert said in str(error.value)


def test_the_line_is_the_one_the_mistake_is_on(path):
    path.write_text('name: a\nworld: b\nhome: c\nroutes: {}\nwaypoints: {c: {position: [0, 0]}}\nstructures:\n'
                    '  - {name: f, kind: fence, from: [0, 0], to: [1, 0]}\n  - name: g\n    kind: gat\n'
                    '    from: [0, 0]\n    to: [1, 0]\n', encoding='utf-8')
    with pytest.raises(FileError) as error:
        read_site(path)
    assert error.value.line == 9

"""Zones that come up: what several robots know of them, put together, and as JSON."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lepatrol.model.live_zones import LiveZone, LiveZones
from lepatrol.model.live_zones_json import live_zones_from_json, live_zones_to_json
from lepatrol.model.site import Medium, Zone, ZoneKind

SQUARE = ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0))


def zone(name='spill', kind=ZoneKind.KEEP_OUT, size=1.0, medium=None):
    return Zone(name, kind, tuple((size * x, size * y) for x, y in SQUARE),
                0.4 if kind is ZoneKind.SLOW else None, medium=medium)


def put(name='spill', stamp_s=1.0, **parts):
    return LiveZone(zone(name), stamp_s, 'operator', **parts)


zones = st.builds(
    LiveZone,
    st.one_of(
        st.builds(zone, st.sampled_from('abc'), st.just(ZoneKind.KEEP_OUT), st.sampled_from([0.5, 1.0, 3.25]),
                  st.sampled_from([None, Medium.GROUND, Medium.AIR])),
        st.builds(zone, st.sampled_from('abc'), st.just(ZoneKind.SLOW), st.sampled_from([0.5, 1.0]))),
    # So few stamps that several things are often said of a name at once.
    st.sampled_from([0.0, 1.0, 2.5]), st.sampled_from(['operator', 'ugv1']), st.sampled_from(['', 'öl']), st.booleans())
knowledge = st.builds(LiveZones.of, st.lists(zones, max_size=6))


@given(knowledge, knowledge, knowledge)
def test_putting_together_is_commutative_associative_and_idempotent(a, b, c):
    assert a.merged(b) == b.merged(a)
    assert a.merged(b).merged(c) == a.merged(b.merged(c))
    assert a.merged(a) == a
    assert a.merged(b).merged(b) == a.merged(b)


@given(st.lists(zones, max_size=8), st.randoms(use_true_random=False))
def test_everybody_knows_the_same_in_whatever_order_they_heard_it(told, chance):
    here = LiveZones.of(told)
    chance.shuffle(told)
    assert LiveZones.of(told) == here
    assert live_zones_to_json(LiveZones.of(told)) == live_zones_to_json(here)


@given(knowledge)
def test_json_reads_back_as_it_was(known):
    assert live_zones_from_json(live_zones_to_json(known)) == known


@given(knowledge, zones)
def test_what_is_said_now_counts_whatever_clock_it_was_said_by_before(known, live):
    name = live.name
    now = LiveZone(live.zone, known.stamped(name, 0.0), live.by, live.reason, live.lifted)
    assert known.merged(LiveZones.of([now])).known[name] == now


def test_the_last_that_was_said_of_a_zone_counts():
    known = LiveZones.of([put(stamp_s=5.0, lifted=True), put(stamp_s=3.0), put('hole', 1.0)])
    assert [each.name for each in known.in_force] == ['hole']
    assert known.merged(LiveZones.of([put(stamp_s=6.0)])).in_force == (zone('hole'), zone('spill'))


def test_only_lifted_zones_are_forgotten_and_the_oldest_first():
    known = LiveZones.of([put('a', 1.0), put('b', 3.0, lifted=True), put('c', 2.0, lifted=True), put('d', 0.0)])
    assert list(known.without_oldest_lifted(3).known) == ['a', 'b', 'd']
    assert list(known.without_oldest_lifted(1).known) == ['a', 'd']


GOOD = json.loads(live_zones_to_json(LiveZones.of([put()])))['zones'][0]


@pytest.mark.parametrize(('text', 'said'), [
    ('', 'Expecting value'), ('[]', 'the text is .*, expected dict'), ('{}', 'zones is missing'),
    ('{"zones": 3}', 'zones is 3, expected list'), ('{"zones": [3]}', r'zones\[0\] is 3, expected dict'),
    ('[' * 100_000, 'nested too deeply'), (' ' * 16_000_001, 'at most 16000000 are read')])
def test_a_text_that_tells_no_zones_is_refused(text, said):
    with pytest.raises(ValueError, match=said):
        live_zones_from_json(text)


@pytest.mark.parametrize(('key', 'value', 'said'), [
    ('name', 'two words', 'one word'), ('name', 'a' * 65, 'at most 64'), ('name', '', 'one word'),
    ('name', 3, 'name is 3'),
    ('kind', 'privacy', "kind is 'privacy', expected keep_out or slow"),
    ('kind', 'moat', "kind is 'moat', expected one of"),
    ('kind', 'slow', 'speed_limit_m_s is None, expected a finite number'),
    ('medium', 'water', "medium is 'water', expected one of ground, air"),
    ('stamp_s', float('nan'), 'stamp_s is nan'), ('lifted', 1, 'lifted is 1, expected bool'),
    ('by', None, 'by is None'),
    ('polygon', [[0, 0], [1, 0]], 'has 2 corners, a polygon needs at least 3'),
    ('polygon', [[0, 0], [2, 2], [2, 0], [0, 2]], 'is no simple polygon: Self-intersection'),
    ('polygon', [[0, 0], [1, 0], [True, 1]], 'a corner of polygon is True, expected a finite number'),
    ('polygon', [[0, 0], [1, 0], [1, float('inf')]], 'a corner of polygon is inf, expected a finite number'),
    ('polygon', [[0, 0], [1, 0], [1, 10**400]], 'a corner of polygon is 1000*, expected a finite number'),
    ('stamp_s', 10**400, 'stamp_s is 1000*, expected a finite number'),
    ('polygon', [[0, 0], [1, 0], [1, 1, 1]], 'expected two finite numbers'),
    ('polygon', [[0, 0], [1, 0], [1, 1e7]], 'farther than 1000 km'),
    ('polygon', [[i, i * i] for i in range(101)], 'has 101 corners, at most 100 are taken')])
def test_a_zone_that_cannot_be_is_refused_by_name(key, value, said):
    with pytest.raises(ValueError, match=f'^zone .*{said}' if key != 'name' or value != 3 else said):
        live_zones_from_json(json.dumps({'zones': [{**GOOD, key: value}]}))


def test_too_many_zones_are_refused():
    with pytest.raises(ValueError, match='there are 1001 zones, at most 1000 are taken'):
        live_zones_from_json(json.dumps({'zones': [GOOD] * 1001}))

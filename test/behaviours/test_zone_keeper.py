"""Zones that come up: put and lifted at the operator's word, shared by robots, and kept over restarts."""

import json
import logging

import pytest

from lepatrol.behaviours.zone_keeper import ZoneKeeper
from lepatrol.model.errors import CommandError
from lepatrol.model.site import Zone, ZoneKind
from lepatrol.planning.zone_store import ZoneStore

LOG = logging.getLogger(__name__)
SPILL = 'spill: {kind: keep_out, polygon: [[0, 0], [2, 0], [2, 2]], reason: oil}'
COURT = Zone('court', ZoneKind.KEEP_OUT, ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)))


def keeper(tmp_path=None, name='zones.json', **parts):
    return ZoneKeeper(ZoneStore(tmp_path / name) if tmp_path else None, LOG, **parts)


def names(keeper):
    return [zone.name for zone in keeper.in_force]


def share(*keepers):
    """Have keepers hear what each tells until none has news; return how many messages that took."""
    sent = 0
    while news := [text for each in keepers if (text := each.take_news())]:
        sent += len(news)
        for text in news:
            for each in keepers:
                each.on_heard(text)
    return sent


def test_a_zone_is_put_as_the_site_file_writes_it_and_lifted_by_its_name():
    zones = keeper()
    assert zones.on_put(SPILL, 5.0) == 'spill'
    assert zones.in_force == (Zone('spill', ZoneKind.KEEP_OUT, ((0.0, 0.0), (2.0, 0.0), (2.0, 2.0))),)
    live = zones.zones.known['spill']
    assert (live.by, live.reason, live.stamp_s) == ('operator', 'oil', 5.0)
    zones.on_put('{"slow_lane": {"kind": "slow", "speed_limit_m_s": 0.3, "polygon": [[0, 0], [2, 0], [2, 2]]}}', 6.0)
    assert names(zones) == ['slow_lane', 'spill']
    assert zones.on_lift(' spill\n', 7.0) == 'spill'
    assert names(zones) == ['slow_lane']


@pytest.mark.parametrize(('text', 'said'), [
    ('', "is empty; it is written as in the site file: 'spill:"),
    ('spill', "is 'spill', expected a mapping"),
    ('a: {', 'is not YAML'),
    ('[' * 5000, 'zone'),
    (SPILL + '\nhole: {kind: keep_out, polygon: [[0, 0], [2, 0], [2, 2]]}', 'has 2 names, expected one zone'),
    ('"two words": {kind: keep_out, polygon: [[0, 0], [2, 0], [2, 2]]}', 'a name is one word'),
    ('x: {kind: keep_out}', "zone:1: x: the key 'polygon' is missing"),
    ('x: {kind: keep_out, polygon: [[0, 0], [2, 0], [2, .inf]]}', r'x.polygon\[2\]\[1\]: is inf, expected a finite'),
    ('x: {kind: keep_out, polygon: [[0, 0], [2, 2], [2, 0], [0, 2]]}', 'x.polygon: is no simple polygon'),
    ('x: {kind: keep_out, polygon: [[0, 0], [2, 2]]}', 'x.polygon: has 2 corners'),
    ('x: {kind: privacy, polygon: [[0, 0], [2, 0], [2, 2]]}', "x.kind: is 'privacy', expected keep_out or slow"),
    ('x: {kind: slow, polygon: [[0, 0], [2, 0], [2, 2]]}', "a slow zone needs 'speed_limit_m_s'"),
    ('x: {kind: keep_out, polygon: [[0, 0], [2, 0], [2, 2]], reson: y}', "did you mean 'reason'?"),
    ('court: {kind: keep_out, polygon: [[0, 0], [2, 0], [2, 2]]}', 'the zone court stands in the site file'),
    ('x' * 20_001, 'at most 20000 are read')])
def test_a_zone_that_cannot_be_is_refused_and_nothing_changes(text, said):
    zones = keeper(site_zones=[COURT])
    with pytest.raises(CommandError, match=said):
        zones.on_put(text, 1.0)
    assert (zones.in_force, zones.take_news()) == ((), None)


def test_what_did_not_come_up_is_not_lifted():
    zones = keeper(site_zones=[COURT])
    with pytest.raises(CommandError, match="no zone 'spill' came up; there are: none"):
        zones.on_lift('spill', 1.0)
    with pytest.raises(CommandError, match='court stands in the site file'):
        zones.on_lift('court', 1.0)
    zones.on_put(SPILL, 1.0)
    zones.on_lift('spill', 2.0)
    zones.on_put(SPILL.replace('spill', 'hole'), 3.0)
    with pytest.raises(CommandError, match='there are: hole'):
        zones.on_lift('spill', 4.0)


def test_no_more_zones_hold_than_can_be_planned_round():
    zones = keeper()
    for i in range(100):
        zones.on_put(SPILL.replace('spill', f'spill{i}'), float(i))
    with pytest.raises(CommandError, match='100 zones hold already; lift one first'):
        zones.on_put(SPILL, 200.0)
    zones.on_put(SPILL.replace('spill', 'spill7'), 200.0)
    zones.on_lift('spill3', 201.0)
    zones.on_put(SPILL, 202.0)
    assert len(zones.in_force) == 100


def test_two_robots_come_to_know_the_same_and_fall_silent():
    one, two = keeper(), keeper()
    one.on_put(SPILL, 1.0)
    two.on_put(SPILL.replace('spill', 'hole'), 1.0)
    assert share(one, two) <= 6
    assert one.zones == two.zones
    assert names(one) == ['hole', 'spill']
    two.on_lift('spill', 2.0)
    share(one, two)
    assert names(one) == names(two) == ['hole']
    assert share(one, two) == 0


def test_a_robot_that_comes_late_knows_all_and_raises_nothing_that_was_lifted():
    one, late = keeper(), keeper()
    one.on_put(SPILL, 1.0)
    late.on_heard(one.take_news())
    one.on_lift('spill', 2.0)
    late.on_heard(one.take_news())
    one.on_heard(late.take_news())
    assert names(one) == names(late) == []


@pytest.mark.parametrize('text', ['', '{}', '{"zones": [{}]}'])
def test_what_cannot_be_understood_of_another_changes_nothing(text):
    zones = keeper()
    zones.on_put(SPILL, 1.0)
    with pytest.raises(CommandError, match='what was told of zones cannot be taken'):
        zones.on_heard(text)
    assert names(zones) == ['spill']


def test_zones_hold_after_a_restart_and_can_be_lifted_though_the_clock_began_anew(tmp_path):
    keeper(tmp_path).on_put(SPILL, 900.0)
    again = keeper(tmp_path)
    assert names(again) == ['spill']
    assert 'spill' in again.take_news()
    again.on_lift('spill', 1.0)
    third = keeper(tmp_path)
    assert names(third) == []
    third.on_heard(json.dumps(json.loads(again.take_news())))
    assert names(third) == []


def test_what_another_told_is_kept_over_a_restart_too(tmp_path):
    one = keeper()
    one.on_put(SPILL, 1.0)
    keeper(tmp_path).on_heard(one.take_news())
    assert names(keeper(tmp_path)) == ['spill']


def test_a_damaged_file_is_set_aside_and_said(tmp_path):
    (tmp_path / 'zones.json').write_text('{"zones": [{"name": "spill"', encoding='utf-8')
    zones = keeper(tmp_path)
    assert names(zones) == []
    assert 'is damaged' in zones.message
    assert 'kept as zones.json.damaged-1' in zones.message
    assert (tmp_path / 'zones.json.damaged-1').exists()
    zones.on_put(SPILL, 1.0)
    assert names(keeper(tmp_path)) == ['spill']


def test_a_disk_that_fails_is_said_and_the_zone_holds_and_is_kept_later(tmp_path):
    zones = keeper(tmp_path / 'out')
    (tmp_path / 'out').write_text('no folder', encoding='utf-8')
    zones.on_put(SPILL, 1.0)
    assert names(zones) == ['spill']
    assert 'zones cannot be kept' in zones.trouble
    assert zones.take_news() is not None
    (tmp_path / 'out').unlink()
    assert zones.take_news() is None
    assert zones.trouble == ''
    assert names(keeper(tmp_path / 'out')) == ['spill']

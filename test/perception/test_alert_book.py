import dataclasses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lepatrol.model.alerts import AlertKind, Claim, Severity
from lepatrol.perception.alert_book import AlertBook
from lepatrol.settings.alerts import AlertSettings

INTRUSION, BAG, HOLE = AlertKind.ZONE_INTRUSION, AlertKind.ABANDONED_OBJECT, AlertKind.FENCE_BREACH


def claim(t=0.0, kind=INTRUSION, about='track-1', at=(0.0, 0.0), severity=Severity.WARNING, **changes):
    return Claim(t, kind.value, kind, about, severity, **{
        'confidence': 0.8, 'sentence': f'at {t} s', 'position_m': at, 'deviation_m': 0.1, **changes})


@pytest.fixture
def book():
    return AlertBook('ugv1', AlertSettings())


def test_a_claim_becomes_an_alert_with_an_id_and_the_robot(book):
    alert, = book.file([claim(3.0, zone='yard')], 3.0)
    assert (alert.alert_id, alert.robot, alert.rule) == ('ugv1-0001-zone_intrusion', 'ugv1', 'zone_intrusion')
    assert (alert.first_seen_s, alert.last_seen_s, alert.updates, alert.zone) == (3.0, 3.0, 0, 'yard')
    assert book.alerts == (alert,)
    assert book.file([], 4.0) == []


def test_the_same_claim_again_is_told_again_after_a_while_only(book):
    told = [(t, alert.updates) for t in [0.1 * i for i in range(51)] for alert in book.file([claim(t)], t)]
    assert [round(t, 1) for t, _ in told] == [0.0, 2.0, 4.0]
    assert told[0][1] == 0
    assert all(updates > 0 for _, updates in told[1:])
    alert, = book.alerts
    assert (alert.updates, alert.first_seen_s, alert.last_seen_s, alert.sentence) == (50, 0.0, 5.0, 'at 5.0 s')


def test_getting_worse_is_told_at_once_and_never_taken_back(book):
    book.file([claim(0.0)], 0.0)
    worse, = book.file([claim(0.1, severity=Severity.CRITICAL, confidence=0.6)], 0.1)
    assert (worse.severity, worse.confidence) == (Severity.CRITICAL, 0.8)
    assert book.file([claim(0.2, severity=Severity.NOTICE)], 0.2) == []
    alert, = book.alerts
    assert (alert.severity, alert.sentence, alert.last_seen_s) == (Severity.CRITICAL, 'at 0.1 s', 0.2)


def test_one_person_gives_one_alert_for_each_kind(book):
    alerts = book.file([claim(), claim(kind=AlertKind.RUNNING), claim(kind=AlertKind.FENCE_APPROACH)], 0.0)
    assert len({alert.alert_id for alert in alerts}) == 3


def test_what_stands_is_known_again_in_the_next_round_whatever_its_track(book):
    first, = book.file([claim(0.0, BAG, 'track-4', (10.0, 5.0))], 0.0)
    again, = book.file([claim(400.0, BAG, 'track-81', (10.9, 5.4))], 400.0)
    assert again.alert_id == first.alert_id
    assert (again.updates, again.about, again.last_seen_s) == (1, 'track-4', 400.0)
    other, = book.file([claim(800.0, BAG, 'track-90', (14.0, 5.0))], 800.0)
    assert other.updates == 0


def test_the_surest_place_of_what_stands_is_kept(book):
    book.file([claim(0.0, BAG, at=(10.0, 5.0), deviation_m=0.1)], 0.0)
    book.file([claim(1.0, BAG, at=(11.0, 5.0), deviation_m=0.8)], 1.0)
    assert book.alerts[0].position_m == (10.0, 5.0)


def test_who_moves_is_known_again_for_a_moment_only(book):
    book.file([claim(0.0, about='track-1', at=(0.0, 0.0))], 0.0)
    found, = book.file([claim(10.0, about='track-2', at=(3.0, 0.0))], 10.0)
    assert (found.updates, found.position_m) == (1, (3.0, 0.0))
    late, = book.file([claim(40.0, about='track-3', at=(3.0, 0.0))], 40.0)
    assert late.updates == 0
    back, = book.file([claim(300.0, about='track-2', at=(50.0, 0.0))], 300.0)
    assert back.alert_id == found.alert_id, 'the same track is the same person wherever he is'


def test_two_seen_at_the_same_time_are_two_unless_they_are_one_thing_seen_twice(book):
    assert len(book.file([claim(about='track-1'), claim(about='track-2', at=(2.5, 0.0))], 0.0)) == 2
    assert len(AlertBook('r', AlertSettings()).file([claim(about='a'), claim(about='b', at=(0.5, 0.0))], 0.0)) == 1


def test_trouble_that_comes_back_later_is_a_new_alert(book):
    def covered(t):
        return claim(t, AlertKind.CAMERA_COVERED, 'camera', None)

    first, = book.file([covered(0.0)], 0.0)
    assert book.file([covered(30.0)], 30.0)[0].alert_id == first.alert_id
    assert book.file([covered(100.0)], 100.0)[0].updates == 0


def test_another_crowd_at_another_time_is_another_alert(book):
    book.file([claim(0.0, AlertKind.CROWDING, 'zone hall')], 0.0)
    assert book.file([claim(3600.0, AlertKind.CROWDING, 'zone hall')], 3600.0)[0].updates == 0


def test_evidence_is_added_once_and_stays(book):
    alert, = book.file([claim()], 0.0)
    book.attach(alert.alert_id, ('a.jpg', 'b.png'))
    assert book.attach(alert.alert_id, ('b.png', 'c.png')).evidence == ('a.jpg', 'b.png', 'c.png')
    assert book.file([claim(5.0)], 5.0)[0].evidence == ('a.jpg', 'b.png', 'c.png')
    with pytest.raises(KeyError):
        book.attach('nothing', ())


def test_after_a_restart_what_stands_is_not_new_and_ids_go_on(book):
    book.file([claim(0.0, BAG, 'track-1', (10.0, 5.0)), claim(0.0, HOLE, 'fence_07', (20.0, 5.0)), claim(0.0)], 0.0)
    after = AlertBook('ugv1', AlertSettings())
    after.recall(book.alerts)
    assert after.alerts == book.alerts
    hole, = after.file([claim(60.0, HOLE, 'fence_07', (23.0, 5.0))], 60.0)
    bag, = after.file([claim(61.0, BAG, 'track-7', (10.5, 5.0))], 61.0)
    assert (hole.updates, bag.updates) == (1, 1)
    new, = after.file([claim(62.0, about='track-1', at=(50.0, 0.0))], 62.0)
    assert (new.alert_id, new.updates) == ('ugv1-0004-zone_intrusion', 0), 'another run gave the number to another'


def test_ids_of_another_robot_do_not_count():
    book = AlertBook('ugv2', AlertSettings())
    other, = AlertBook('ugv1', AlertSettings()).file([claim()], 0.0)
    book.recall([dataclasses.replace(other, alert_id='ugv1-0700-zone_intrusion')])
    assert book.file([claim(99.0, about='x', at=(9.0, 9.0))], 99.0)[0].alert_id == 'ugv2-0001-zone_intrusion'


def test_when_time_runs_backwards_tracks_are_new_and_what_stands_is_not(book):
    book.file([claim(500.0, at=(0.0, 0.0)), claim(500.0, HOLE, 'fence_07', (20.0, 5.0))], 500.0)
    told = book.file([claim(1.0, at=(0.0, 0.0)), claim(1.0, HOLE, 'fence_07', (20.0, 5.0))], 1.0)
    assert {alert.kind: alert.updates for alert in told} == {INTRUSION: 0, HOLE: 1}
    assert all(alert.first_seen_s <= alert.last_seen_s for alert in book.alerts)


def test_the_book_keeps_no_more_than_it_may():
    book = AlertBook('r', AlertSettings(max_alerts=10))
    for i in range(30):
        book.file([claim(float(i), BAG, f'track-{i}', (10.0 * i, 0.0))], float(i))
    assert [alert.first_seen_s for alert in book.alerts] == [float(i) for i in range(20, 30)]


# Places 10 m apart, each seen from a little beside; which alert is which does not depend on the order.
jitter = st.tuples(st.floats(-0.5, 0.5), st.floats(-0.5, 0.5))
seen = st.lists(st.tuples(st.sampled_from([BAG, HOLE, AlertKind.GATE_OPEN]), st.integers(0, 3), jitter), max_size=12)


@settings(deadline=None)
@given(seen=seen, data=st.data(), batches=st.booleans())
def test_any_order_of_claims_gives_the_same_alerts(seen, data, batches):
    claims = [claim(float(i), kind, f'track-{i}', (10.0 * place + dx, dy))
              for i, (kind, place, (dx, dy)) in enumerate(seen)]

    def filed(order):
        book = AlertBook('r', AlertSettings())
        for one in order if batches else ():
            book.file([one], 100.0)
        if not batches:
            book.file(order, 100.0)
        return sorted((alert.kind.value, round(alert.position_m[0] / 10.0), alert.first_seen_s, alert.last_seen_s)
                      for alert in book.alerts)

    expected = filed(claims)
    assert filed(data.draw(st.permutations(claims))) == expected
    assert len(expected) == len({(kind, place) for kind, place, _ in seen})

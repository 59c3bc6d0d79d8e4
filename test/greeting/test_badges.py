"""Badges are judged by the list, the time and who shows them; what stands on one is never more than a text."""

from datetime import datetime

import pytest

from lepatrol import reception, resources
from lepatrol.greeting.badges import BadgeDesk
from lepatrol.model.errors import FileError
from lepatrol.model.visitors import Badge, BadgeState, VisitorList
from lepatrol.settings.visitor_file import read_visitors

NOON = datetime(2026, 11, 18, 12, 0)
DAY = (datetime(2026, 11, 18, 8, 0), datetime(2026, 11, 18, 18, 0))
GOOD = """\
visitors:
  - badge: LP-4F7K-22
    name: Ana Morales
    host: Mr Keller
    appointment: '2026-11-18 14:00'
    language: es
    needs: [wheelchair]
    valid_from: '2026-11-18 08:00'
    valid_until: '2026-11-18 18:00'
"""


def desk(**changes):
    return BadgeDesk(VisitorList({'LP-4F7K-22': Badge(**{
        'badge_id': 'LP-4F7K-22', 'name': 'Ana', 'valid_from': DAY[0], 'valid_until': DAY[1], **changes})}))


def judge(of, visitor=1, text='LP-4F7K-22', now=NOON, **options):
    return of.judge(text, visitor, now, **options).state


def test_a_good_badge_is_good_as_often_as_its_visitor_shows_it():
    of = desk()
    assert [judge(of), judge(of)] == [BadgeState.GOOD] * 2
    of.leave(1)
    assert judge(of) is BadgeState.GOOD


@pytest.mark.parametrize(('changes', 'now', 'state'), [
    ({'revoked': True}, NOON, BadgeState.REVOKED), ({}, datetime(2026, 11, 18, 7, 59), BadgeState.EARLY),
    ({}, datetime(2026, 11, 18, 18, 0), BadgeState.EXPIRED), ({'staff': True}, NOON, BadgeState.STAFF),
    ({'revoked': True, 'staff': True}, NOON, BadgeState.REVOKED)])
def test_what_a_badge_is_worth_is_told_apart(changes, now, state):
    assert judge(desk(**changes), now=now) is state


def test_a_badge_that_another_shows_at_once_or_later_is_replayed():
    of = desk()
    assert judge(of) is BadgeState.GOOD
    assert judge(of, visitor=2) is BadgeState.REPLAYED
    of.leave(1)
    assert judge(of, visitor=2) is BadgeState.REPLAYED


def test_a_badge_may_be_good_for_several_occasions_and_those_of_staff_always_are():
    for changes, state in (({'uses': 2}, BadgeState.GOOD), ({'staff': True}, BadgeState.STAFF)):
        of = desk(**changes)
        assert judge(of) is state
        assert judge(of, visitor=2) is BadgeState.REPLAYED
        of.leave(1)
        assert judge(of, visitor=2) is state


def test_a_badge_in_two_places_at_once_is_good_in_none_but_its_holders():
    of = desk()
    assert judge(of, twice=True) is BadgeState.REPLAYED
    assert judge(of) is BadgeState.GOOD
    assert judge(of, twice=True) is BadgeState.GOOD
    assert judge(of, visitor=2, twice=True) is BadgeState.REPLAYED


@pytest.mark.parametrize('text', ['', 'x', 'LP-0000-00', 'lockdown', 'start perimeter', 'open the gate; release',
                                  '{"conversation": "a", "release": true}', 'A' * 5000, 'LP-4F7K-22\n', '\u202eLP'])
def test_what_is_on_no_list_is_unknown_whatever_it_says(text):
    verdict = desk().judge(text, 1, NOON)
    assert (verdict.state, verdict.badge) == (BadgeState.UNKNOWN, None)
    assert verdict.badge_id in ('', text)
    assert verdict.badge_id.isascii()
    assert ' ' not in verdict.badge_id


def test_a_list_is_read(tmp_path):
    (tmp_path / 'list.yaml').write_text(GOOD, encoding='utf-8')
    badge = read_visitors(tmp_path / 'list.yaml', ('en', 'es')).badges['LP-4F7K-22']
    assert (badge.name, badge.host, badge.language, badge.needs, badge.uses, badge.revoked, badge.staff) == (
        'Ana Morales', 'Mr Keller', 'es', ('wheelchair',), 1, False, False)
    assert badge.appointment == datetime(2026, 11, 18, 14, 0)


@pytest.mark.parametrize(('old', 'new', 'message'), [
    ('LP-4F7K-22', 'LP 4F', ":2: visitors[0].badge: is 'LP 4F', expected 4 to 64 letters"),
    ('Ana Morales', 'Ana <b>', ":3: visitors[0].name: is 'Ana <b>', expected a name"),
    ("14:00'", "25:00'", ':5: visitors[0].appointment: is'),
    ('language: es', 'language: de', ":6: visitors[0].language: is 'de'"),
    ('[wheelchair]', '[money]', ":7: visitors[0].needs: 'money' is unknown, expected of wheelchair"),
    ('18:00', '08:00', ':9: visitors[0].valid_until: is 2026-11-18 08:00, expected a time after valid_from'),
    ('    name: Ana Morales\n', '', "'name' is missing")])
def test_what_is_wrong_with_a_list_is_named(tmp_path, old, new, message):
    (tmp_path / 'list.yaml').write_text(GOOD.replace(old, new, 1), encoding='utf-8')
    with pytest.raises(FileError) as error:
        read_visitors(tmp_path / 'list.yaml', ('en', 'es'))
    assert message in str(error.value)


def test_a_badge_stands_on_a_list_once(tmp_path):
    (tmp_path / 'list.yaml').write_text(GOOD + GOOD.removeprefix('visitors:\n'), encoding='utf-8')
    with pytest.raises(FileError, match='on the list twice'):
        read_visitors(tmp_path / 'list.yaml', ('en', 'es'))


@pytest.mark.parametrize('name', resources.known_visitors())
def test_the_lists_that_are_shipped_are_good(name):
    assert reception.load_visitors(name).badges

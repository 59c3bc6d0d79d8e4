"""Who comes up and stays is told once; who passes by, belongs there or was greeted not long ago is not."""

import pytest
from people_stage import ROBOT_M, STEP_S, Person

from lepatrol.greeting.presence import Presence, PresenceKind
from lepatrol.greeting.visitor_ground import VisitorGround
from lepatrol.model.findings import ThingKind
from lepatrol.model.site import Allowance, Hours, Zone, ZoneKind
from lepatrol.settings.presence import PresenceSettings

SQUARE = ((0.0, -50.0), (60.0, -50.0), (60.0, 0.0), (0.0, 0.0))
PUBLIC = Zone('hall', ZoneKind.PUBLIC, SQUARE)
X, Y = ROBOT_M
FAR, NEAR, BEFORE = (X + 12.0, Y), (X + 3.2, Y), (X + 1.5, Y)
NOON = 720.0
STAFFED = Zone('desk', ZoneKind.SLOW, SQUARE, allowed=(Allowance('staff', hours=(Hours(420, 1140),)),))


def watch(*people, until_s=60.0, zones=(PUBLIC,), minute=NOON, stands=lambda now_s: True, robot=lambda now_s: ROBOT_M):
    """Return what happened, as (time, kind, number)."""
    presence, told, now_s = Presence(PresenceSettings(), VisitorGround(zones)), [], 0.0
    while now_s < until_s:
        now_s += STEP_S
        tracks = [track for track in (person.track(now_s) for person in people) if track]
        told += [(now_s, event.kind, event.number) for event in presence.update(
            tracks, robot(now_s), robot_stands=stands(now_s), minute_of_day=minute, now_s=now_s)]
    return told


def kinds(told):
    return [kind for _, kind, _ in told]


def comes(*, from_m=FAR, to_m=BEFORE, at_s=10.0, **options):
    return Person((0.0, from_m), (at_s, to_m), track_id=1, **options)


def test_who_comes_up_and_stays_is_told_once():
    ((when_s, kind, _),) = watch(comes())
    assert kind is PresenceKind.CAME
    assert 10.0 < when_s < 13.0


def test_who_passes_by_is_left_alone():
    assert watch(Person((0.0, FAR), (20.0, (X - 12.0, Y + 0.8)), track_id=1)) == []


def test_who_stands_a_moment_on_his_way_is_left_alone():
    assert watch(Person((0.0, FAR), (10.0, BEFORE), (10.8, BEFORE), (20.0, FAR), track_id=1)) == []


def test_who_stood_there_all_along_is_told_later():
    ((when_s, kind, _),) = watch(Person((0.0, BEFORE), track_id=1))
    assert kind is PresenceKind.CAME
    assert when_s > PresenceSettings().still_dwell_s


def test_a_robot_that_drives_past_somebody_has_not_been_come_up_to():
    assert watch(Person((0.0, BEFORE), track_id=1), stands=lambda now_s: False) == []


def test_who_goes_is_told_and_a_step_back_is_no_leaving():
    back = Person((0.0, FAR), (10.0, BEFORE), (20.0, BEFORE), (22.0, NEAR), (40.0, NEAR), (50.0, FAR), track_id=1)
    told = watch(back)
    assert kinds(told) == [PresenceKind.CAME, PresenceKind.LEFT]
    assert told[1][0] > 40.0


def test_who_returns_within_ten_minutes_is_not_to_be_greeted_and_after_them_is():
    way = [(0.0, FAR), (10.0, BEFORE), (20.0, BEFORE), (30.0, FAR)]
    soon = Person(*way, (100.0, FAR), (110.0, BEFORE), track_id=1)
    assert kinds(watch(soon, until_s=140.0)) == [PresenceKind.CAME, PresenceKind.LEFT, PresenceKind.RETURNED]
    late = Person(*way, (650.0, FAR), (660.0, BEFORE), track_id=1)
    assert kinds(watch(late, until_s=700.0)) == [PresenceKind.CAME, PresenceKind.LEFT, PresenceKind.CAME]


def test_who_has_another_track_at_nearly_the_same_place_is_the_same_person():
    broken = comes(hidden=[(20.0, 24.0)], renamed=(22.0, 7))
    assert kinds(watch(broken)) == [PresenceKind.CAME]


def test_who_is_hidden_for_longer_has_left_and_is_not_greeted_when_he_reappears():
    hidden = comes(hidden=[(20.0, 35.0)], renamed=(22.0, 7))
    told = watch(hidden)
    assert kinds(told) == [PresenceKind.CAME, PresenceKind.LEFT, PresenceKind.RETURNED]
    assert len({number for _, _, number in told}) == 1


def test_who_went_off_and_out_of_sight_is_not_the_next_one_whom_his_track_goes_over_to():
    first = Person((0.0, FAR), (10.0, BEFORE), (20.0, BEFORE), (28.0, FAR), (35.0, FAR), (45.0, BEFORE), track_id=1,
                   hidden=[(29.0, 35.0)])
    told = watch(first)
    assert kinds(told) == [PresenceKind.CAME, PresenceKind.LEFT, PresenceKind.CAME]
    assert told[0][2] != told[2][2]


def test_who_only_a_lidar_sees_any_more_is_there_still_also_when_his_track_breaks_off():
    told = watch(comes(unsure_from_s=15.0, hidden=[(20.0, 22.0)], renamed=(20.0, 7)))
    assert kinds(told) == [PresenceKind.CAME]


def test_who_only_a_lidar_has_ever_seen_is_not_greeted():
    assert watch(comes(unsure_from_s=0.0)) == []


def test_who_comes_where_another_was_lost_long_ago_is_somebody_else():
    first = comes(hidden=[(20.0, 999.0)])
    second = Person((70.0, FAR), (80.0, BEFORE), track_id=2)
    told = watch(first, second, until_s=100.0)
    assert kinds(told) == [PresenceKind.CAME, PresenceKind.LEFT, PresenceKind.CAME]
    assert told[0][2] != told[2][2]


def test_animals_and_things_are_not_greeted():
    assert watch(comes(kind=ThingKind.ANIMAL)) == []
    assert watch(comes(kind=ThingKind.OBJECT)) == []


@pytest.mark.parametrize(('zones', 'minute', 'greeted'), [
    ((), NOON, False),
    ((Zone('yard', ZoneKind.RESTRICTED, SQUARE),), NOON, False),
    ((PUBLIC, Zone('strip', ZoneKind.RESTRICTED, SQUARE)), NOON, False),
    ((PUBLIC, STAFFED), NOON, False), ((PUBLIC, STAFFED), 1200.0, True),
    ((PUBLIC, Zone('lane', ZoneKind.SLOW, SQUARE, allowed=(Allowance('vans', 'vehicle'),))), NOON, True),
    ((PUBLIC, Zone('desk', ZoneKind.SLOW, SQUARE, allowed=(Allowance('staff'),))), NOON, False)])
def test_who_is_a_visitor_is_a_matter_of_place_and_hours(zones, minute, greeted):
    assert bool(watch(comes(), zones=zones, minute=minute)) is greeted


def test_several_at_once_are_told_apart():
    people = [Person((0.0, (X + 10.0, Y + side)), (10.0, (X + 1.5, Y + side)), track_id=number)
              for number, side in enumerate((-1.5, 0.0, 1.5))]
    told = watch(*people)
    assert kinds(told) == [PresenceKind.CAME] * 3
    assert len({number for _, _, number in told}) == 3


def test_who_is_known_for_staff_is_there_for_no_talk():
    presence, person, told, now_s = Presence(PresenceSettings(), VisitorGround((PUBLIC,))), comes(), [], 0.0
    while now_s < 60.0:
        now_s += STEP_S
        told += presence.update([person.track(now_s)], ROBOT_M, robot_stands=True, minute_of_day=NOON, now_s=now_s)
        if presence.present:
            presence.set_on_duty(presence.present[0])
    assert [event.kind for event in told] == [PresenceKind.CAME]
    assert presence.present == ()


def test_a_clock_that_is_set_back_greets_nobody_twice():
    presence, person = Presence(PresenceSettings(), VisitorGround((PUBLIC,))), Person((0.0, BEFORE), track_id=1)
    told = []
    for _ in range(2):
        told.append([])
        for step in range(1, 30):
            told[-1] += presence.update([person.track(step * STEP_S)], ROBOT_M, robot_stands=True, minute_of_day=NOON,
                                        now_s=step * STEP_S)
    assert [[event.kind for event in events] for events in told] == [[PresenceKind.CAME], []]
    assert presence.present

import dataclasses

import pytest
from rule_bench import DAY, STERILE, Allowance, Zone, ZoneKind, play, rules, site, square, track

from lepatrol.model.alerts import AlertKind, Severity
from lepatrol.model.findings import Change, ChangeKind, ThingKind
from lepatrol.model.geometry import Pose2
from lepatrol.model.tracks import TrackState


def bag(at=STERILE, **changes):
    return lambda t: [track(at, t, kind=ThingKind.OBJECT, **{'height_m': 0.4, 'width_m': 0.5, **changes})]


def both(*sources):
    return lambda t: [one for source in sources for one in source(t)]


def missing(t, place='crate_3', at=(3.0, 34.0), kind=ChangeKind.MISSING, **changes):
    return Change(t, kind, place, at, 0.2, **{'width_m': 0.8, 'height_m': 0.8, 'confidence': 0.8, **changes})


# Abandoned objects

def passing(source, until_s):
    """Return tracks of which the robot has lost sight from some time on."""
    return lambda t: source(t) if t <= until_s else [
        dataclasses.replace(one, state=TrackState.HIDDEN) for one in source(until_s)]


def test_a_bag_that_stands_alone_is_reported_when_the_robot_has_passed_it():
    found = play(rules('abandoned_object'), 9.0, passing(bag(), 2.5))
    t, claim = found[0]
    assert t == pytest.approx(2.6)
    assert found[-1][0] <= 5.5, 'what is out of sight is not told for ever'
    assert (claim.kind, claim.severity, claim.position_m) == (AlertKind.ABANDONED_OBJECT, Severity.WARNING, STERILE)
    assert claim.sentence == (
        'a thing (0.5 m wide, 0.4 m tall) that does not belong there was watched standing for 2.5 s with nobody within '
        '3 m of it; the limit is 2.0 s')


def test_a_bag_that_stays_in_sight_is_reported_after_a_while():
    assert play(rules('abandoned_object'), 9.0, bag())[0][0] == pytest.approx(6.0)


def test_a_cat_that_gets_up_after_all_is_none():
    def cat(t):
        sits = t < 5.0
        return [track((0.0 if sits else t - 5.0, 34.0), t, kind=ThingKind.OBJECT if sits else ThingKind.ANIMAL,
                      width_m=0.6, height_m=0.3, velocity_m_s=(0.0 if sits else 1.0, 0.0))]

    assert not play(rules('abandoned_object'), 20.0, cat)


def test_a_cat_that_walks_while_its_place_is_too_vague_to_tell_is_none():
    """It seems to stand, until it turns out to have left that place just before it went out of sight."""
    def cat(t):
        return [track(STERILE, t, kind=ThingKind.OBJECT, width_m=0.3, height_m=0.3,
                      standing_since_s=0.0 if t < 2.5 else 2.3)]

    assert not play(rules('abandoned_object'), 9.0, passing(cat, 2.5))


def test_a_bird_that_sits_until_the_robot_is_near_and_flies_away_is_none():
    def bird(t):
        sits = {'kind': ThingKind.OBJECT, 'width_m': 0.35, 'height_m': 0.2}
        return [track(STERILE, t, **sits) if t < 10.0 else track(STERILE, 10.0, state=TrackState.HIDDEN, **sits)]

    def nearer(t):
        return Pose2(-17.0 + min(t, 12.0), 34.8)

    assert not play(rules('abandoned_object'), 14.0, bird, robot_pose=nearer)
    assert play(rules('abandoned_object'), 14.0, lambda t: bird(min(t, 9.9)), robot_pose=lambda t: Pose2(t - 12, 34.8))


def test_a_thing_far_from_the_way_is_reported_when_the_robot_turns_from_it_and_a_large_one_at_once():
    def turning(t):
        return Pose2(-9.0, 34.0, 0.0 if t < 4.0 else 1.5)

    (t, _), *_ = play(rules('abandoned_object'), 9.0, passing(bag(), 4.0), robot_pose=turning)
    assert t == pytest.approx(4.1)
    farther = [play(rules('abandoned_object'), 9.0, bag(width_m=width), robot_pose=Pose2(-20.0, 34.0))
               for width in (0.5, 1.0)]
    assert not farther[0]
    assert farther[1][0][0] == pytest.approx(6.0)


def test_only_time_in_sight_counts_and_a_glance_is_too_little():
    found = play(rules('abandoned_object'), 20.0, lambda t: bag()(t - t % 1.0 if t < 10.0 else t))
    assert found[0][0] >= 15.9
    assert not play(rules('abandoned_object'), 20.0, passing(bag(), 1.9))


@pytest.mark.parametrize('changes', [
    {'width_m': 0.1, 'height_m': 0.1}, {'width_m': 0.35, 'height_m': 0.17}, {'covariance_m2': (4.0, 0.0, 4.0)},
    {'width_m': None, 'height_m': None}])
def test_litter_sitting_birds_and_vague_things_are_let_be(changes):
    assert not play(rules('abandoned_object'), 9.0, bag(**changes))


def test_a_low_unknown_thing_counts_and_animals_and_tall_ones_do_not():
    assert play(rules('abandoned_object'), 7.0, lambda t: [
        track(STERILE, t, kind=ThingKind.UNKNOWN, height_m=0.5)])
    for kind, height in [(ThingKind.ANIMAL, 0.4), (ThingKind.UNKNOWN, 2.5), (ThingKind.UNKNOWN, None),
                         (ThingKind.OBJECT, 1.7)]:
        assert not play(rules('abandoned_object'), 9.0, lambda t, kind=kind, height=height: [
            track(STERILE, t, kind=kind, height_m=height)])


def test_a_thing_with_a_person_next_to_it_waits_until_he_has_gone():
    def owner(t):
        return [track((STERILE[0] + (1.0 if t < 6.0 else 5.0), STERILE[1]), t, 2)]

    assert play(rules('abandoned_object'), 15.0, both(bag(), owner))[0][0] == pytest.approx(11.9, abs=0.11)


def test_what_the_wind_blew_there_is_no_left_object_but_what_a_person_carried_is():
    def rolling(t):
        moves = t < 4.0
        return [track((min(t, 4.0), 34.0), t, kind=ThingKind.OBJECT, height_m=0.4, width_m=0.4,
                      velocity_m_s=(1.0 if moves else 0.0, 0.0), standing_since_s=t if moves else 4.0)]

    def flying(t):
        return [dataclasses.replace(one, path=((0.0, 0.0, 34.0),), kinds={
            ThingKind.ANIMAL if t < 4.5 else ThingKind.OBJECT: 1.0}) for one in rolling(t)]

    def carrier(t):
        return [track((t if t < 12.0 else 12.0, 34.5), t, 2)]

    assert not play(rules('abandoned_object'), 20.0, rolling)
    assert not play(rules('abandoned_object'), 20.0, flying), 'taken for an animal first, for a thing when it lay'
    assert play(rules('abandoned_object'), 20.0, both(rolling, carrier))


def test_a_bag_whose_place_was_vague_from_afar_was_not_blown():
    assert play(rules('abandoned_object'), 9.0, lambda t: [track(
        (max(2.0 - t, 0.0), 34.0), t, kind=ThingKind.OBJECT, height_m=0.4, width_m=0.4,
        covariance_m2=((0.9 - 0.2 * min(t, 4.0))**2, 0.0, 0.01), standing_since_s=0.0)])


def test_a_zone_may_allow_things_up_to_a_number():
    yard = site(Zone('dock', ZoneKind.RESTRICTED, square(0, 0, 10), allowed=(Allowance('pallets', 'object', 1),)))
    assert not play(rules('abandoned_object', yard), 9.0, bag((5.0, 5.0)))
    found = play(
        rules('abandoned_object', yard), 9.0, both(bag((5.0, 5.0)), bag((8.0, 5.0), number=2)),
        robot_pose=Pose2(6.0, 4.0))
    assert {claim.about for _, claim in found} == {'track-2'}


# Missing and moved things

def test_a_thing_that_several_looks_miss_is_reported():
    found = play(rules('missing_object'), 1.0, changes=lambda t: [missing(t)])
    t, claim = found[0]
    assert t == pytest.approx(0.2)
    assert (claim.kind, claim.about, claim.position_m) == (AlertKind.MISSING_OBJECT, 'crate_3', (3.0, 34.0))
    assert claim.sentence == (
        'crate_3 (0.8 m wide, 0.8 m tall) was missed in its place in 3 looks; the limit is 3 looks')


def test_two_looks_and_looks_far_apart_in_time_are_not_enough():
    assert not play(rules('missing_object'), 0.1, changes=lambda t: [missing(t)])
    assert not play(rules('missing_object'), 20.0, changes=lambda t: [missing(t)] if t % 2.0 == 0.0 else [])


def test_a_learned_view_counts_by_itself():
    found = play(rules('missing_object'), 1.0,
                 changes=lambda t: [missing(t, 'east_road_south', None)] if t == 0.5 else [])
    assert len(found) == 1
    assert 'in the view learned there' in found[0][1].sentence


def test_a_missing_thing_that_stands_near_was_moved():
    crate = bag((5.0, 34.0), width_m=0.85, height_m=0.75)
    (_, claim), *_ = play(rules('missing_object'), 1.0, crate, changes=lambda t: [missing(t)])
    assert (claim.kind, claim.rule, claim.position_m) == (AlertKind.MOVED_OBJECT, 'moved_object', (5.0, 34.0))
    assert 'a like thing (0.8 m wide, 0.8 m tall) stands 2.0 m away; one within 5 m is taken for it' in claim.sentence


@pytest.mark.parametrize('other', [
    bag((9.0, 34.0), width_m=0.8, height_m=0.8), bag((5.0, 34.0), width_m=0.3, height_m=0.3)])
def test_a_thing_far_away_or_of_another_size_is_not_the_one_that_is_missing(other):
    found = play(rules('missing_object'), 1.0, other, changes=lambda t: [missing(t)])
    assert {claim.kind for _, claim in found} == {AlertKind.MISSING_OBJECT}


def test_fence_panels_are_left_to_their_own_rule():
    assert not play(rules('missing_object'), 2.0, changes=lambda t: [missing(t, 'fence_north_07')])


# Changed views

def test_a_changed_view_is_a_notice():
    change = missing(0.0, 'west_road_south', None, ChangeKind.NEW, box=(10, 20, 60, 90), width_m=None, height_m=None)
    (_, claim), = play(rules('scene_change'), 0.0, changes=[change])
    assert (claim.kind, claim.severity) == (AlertKind.SCENE_CHANGE, Severity.NOTICE)
    assert claim.sentence == ('something new is in the view of west_road_south, 50 x 70 pixels of the picture; '
                              'it is 80 % sure, the limit is 50 %')


def test_a_person_who_is_followed_explains_a_change_and_a_vague_one_is_dropped():
    change = missing(0.0, 'w', None, ChangeKind.NEW, box=(10, 20, 60, 90))
    assert not play(rules('scene_change'), 0.0, lambda t: [track(STERILE, t, box=(20, 10, 70, 100))], changes=[change])
    near = missing(0.0, 'w', (STERILE[0] + 1.0, STERILE[1]), ChangeKind.CHANGED)
    assert not play(rules('scene_change'), 0.0, lambda t: [track(STERILE, t)], changes=[near], minute=DAY)
    assert not play(rules('scene_change'), 0.0, changes=[missing(0.0, 'w', None, ChangeKind.NEW, confidence=0.4)])
    assert not play(rules('scene_change'), 0.0, changes=[missing(0.0)])

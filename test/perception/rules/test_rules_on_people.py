import dataclasses

import pytest
from rule_bench import (
    DAY,
    FORECOURT,
    NIGHT,
    STERILE,
    YARD,
    Allowance,
    Hours,
    Structure,
    StructureKind,
    Zone,
    ZoneKind,
    gap,
    play,
    rules,
    site,
    square,
    track,
)

from lepatrol.model.alerts import AlertKind, Severity
from lepatrol.model.findings import ThingKind
from lepatrol.model.geometry import Pose2
from lepatrol.model.tracks import TrackState


def standing(*places, **changes):
    return lambda t: [track(place, t, number, **changes) for number, place in enumerate(places, 1)]


def walking(start, velocity, **changes):
    def tracks(t):
        return [track((start[0] + t * velocity[0], start[1] + t * velocity[1]), t, velocity_m_s=velocity,
                      standing_since_s=t, path=((0.0, *start),), **changes)]
    return tracks


def kinds(found):
    return {claim.kind for _, claim in found}


# Zone intrusion

def test_a_person_in_a_restricted_zone_at_night_is_an_intrusion_within_half_a_second():
    found = play(rules('zone_intrusion'), 1.0, standing(STERILE))
    t, claim = found[0]
    assert t == pytest.approx(0.3)
    assert (claim.kind, claim.severity, claim.zone) == (AlertKind.ZONE_INTRUSION, Severity.CRITICAL, 'sterile_north')
    assert claim.position_m == STERILE
    assert claim.sentence == (
        'a person-sized thing (0.5 m wide, 1.7 m tall) was 0.3 s in the restricted zone sterile_north, 4.0 m inside '
        'its edge; nobody is allowed there at 02:14, and the limit is 0.3 s')
    assert len(found) == 8, 'it goes on claiming as long as he is there'


def test_a_glimpse_and_a_flicker_are_no_intrusion():
    assert not play(rules('zone_intrusion'), 0.2, standing(STERILE))
    assert not play(rules('zone_intrusion'), 9.0, lambda t: standing(STERILE)(t) if t % 1.0 < 0.25 else [])


def test_a_track_that_was_followed_while_young_is_reported_as_soon_as_it_counts_as_seen():
    found = play(rules('zone_intrusion'), 1.0, lambda t: [dataclasses.replace(
        track(STERILE, t), state=TrackState.TENTATIVE if t < 0.45 else TrackState.SEEN)])
    assert found[0][0] == pytest.approx(0.5)


@pytest.mark.parametrize('changes', [
    {'kind': ThingKind.ANIMAL}, {'kind': ThingKind.OBJECT}, {'state': TrackState.HIDDEN},
    {'state': TrackState.TENTATIVE}, {'kind': ThingKind.UNKNOWN, 'width_m': 0.15, 'height_m': None},
    {'kind': ThingKind.UNKNOWN, 'width_m': 0.4, 'height_m': 0.4},
    {'kind': ThingKind.UNKNOWN, 'width_m': 3.0, 'height_m': None}])
def test_animals_things_small_unknown_ones_and_what_is_not_seen_are_no_intruders(changes):
    assert not play(rules('zone_intrusion'), 9.0, standing(STERILE, **changes))


def test_one_within_the_uncertainty_of_the_edge_is_not_inside():
    book = rules('zone_intrusion')
    assert not play(book, 3.0, standing((0.0, 30.25), covariance_m2=(0.09, 0.0, 0.09)))
    assert play(rules('zone_intrusion'), 3.0, standing((0.0, 30.35), covariance_m2=(0.09, 0.0, 0.09)))


def test_where_two_zones_touch_there_is_no_edge():
    assert play(rules('zone_intrusion'), 1.0, standing((54.0, 30.0)), robot_pose=Pose2(53.8, 20.0))


def test_a_thing_that_flickers_like_rain_is_no_intruder():
    unknown = standing(STERILE, kind=ThingKind.UNKNOWN, height_m=None)
    assert not play(rules('zone_intrusion'), 30.0, lambda t: unknown(t) if round(10 * t) % 3 == 0 else [])


def test_an_unknown_thing_that_hops_about_is_no_intruder():
    places = [(0.0, 34.0), (0.5, 34.3), (0.1, 33.6), (0.7, 34.0), (0.2, 34.5)]
    assert not play(rules('zone_intrusion'), 20.0, lambda t: [track(
        places[round(10 * t) % 5], t, kind=ThingKind.UNKNOWN, height_m=None, path=((0.0, -3.0, 34.0),))])


def test_outside_restricted_zones_nobody_intrudes():
    assert not play(rules('zone_intrusion'), 9.0, standing(YARD, FORECOURT, (-18.0, -15.0)))


def test_unknown_things_take_longer_and_longest_if_they_never_moved():
    unknown = {'kind': ThingKind.UNKNOWN, 'height_m': None}
    walker = play(rules('zone_intrusion'), 4.0, walking(STERILE, (1.0, 0.0), **unknown))
    stander = play(rules('zone_intrusion'), 4.0, standing(STERILE, **unknown))
    assert walker[0][0] == pytest.approx(1.0)
    assert stander[0][0] == pytest.approx(2.5)


def test_a_person_far_off_and_what_only_its_width_makes_a_person_are_watched_for_longer():
    near = {'robot_pose': Pose2(10.0, 34.8)}
    far = {'robot_pose': Pose2(16.0, 34.8)}
    guess = {'height_m': None, 'kinds': {ThingKind.PERSON: 0.45, ThingKind.UNKNOWN: 0.3, ThingKind.VEHICLE: 0.25}}
    firsts = [play(rules('zone_intrusion'), 4.0, standing(STERILE, **what), **where)[0][0]
              for what, where in (({}, near), (guess, near), ({}, far))]
    assert firsts == pytest.approx([0.3, 1.0, 2.0])
    assert not play(rules('zone_intrusion'), 20.0, standing(STERILE, **guess), **far)


def test_who_was_watched_from_afar_is_reported_as_soon_as_he_is_near():
    found = play(rules('zone_intrusion'), 3.0, standing(STERILE),
                 robot_pose=lambda t: Pose2(16.0 if t < 1.0 else 14.0, 34.8))
    assert found[0][0] == pytest.approx(1.0)


def test_an_unknown_standing_thing_far_away_or_next_to_an_open_gate_is_waited_for():
    unknown = standing((16.0, -33.5), kind=ThingKind.UNKNOWN, height_m=None)
    assert not play(rules('zone_intrusion'), 5.0, unknown, robot_pose=Pose2(40.0, -34.8))
    hole = {'gaps': lambda t: [
        gap(t, 'gate_door_fence', (15.9, -30.0), (17.1, -30.0))] if t < 1.0 else []}
    assert not play(rules('zone_intrusion'), 5.0, unknown, robot_pose=Pose2(10.0, -34.8), **hole)
    assert play(rules('zone_intrusion'), 5.0, unknown, robot_pose=Pose2(10.0, -34.8))


def test_an_open_leaf_as_large_as_a_vehicle_is_none_but_a_vehicle_that_stays_at_a_shut_gate_is():
    leaf = standing((16.5, -32.0), kind=ThingKind.VEHICLE, width_m=2.5, height_m=3.0)

    def opened(t):
        return [gap(t, 'gate_door_fence', (15.9, -30.0), (17.1, -30.0))] if t >= 3.0 else []

    assert not play(rules('zone_intrusion'), 20.0, leaf, gaps=opened)
    assert play(rules('zone_intrusion'), 20.0, leaf)[0][0] == pytest.approx(5.0)


def test_staff_may_be_there_by_day_up_to_their_number_and_the_last_to_come_may_not():
    places = [(float(x), 34.0) for x in range(5)]

    def tracks(t):
        return [track(place, t, number, first_seen_s=-10.0 + number) for number, place in enumerate(places, 1)]

    assert not play(rules('zone_intrusion'), 9.0, lambda t: tracks(t)[:4], minute=DAY)
    found = play(rules('zone_intrusion'), 3.0, tracks, minute=DAY)
    assert {claim.about for _, claim in found} == {'track-5'}
    assert found[0][0] == pytest.approx(2.0)
    assert '5 were seen there and 4 are allowed at 12:00, and the limit is 2.0 s' in found[0][1].sentence


def test_a_vehicle_is_not_covered_by_what_people_may():
    assert play(rules('zone_intrusion'), 1.0, standing(STERILE, kind=ThingKind.VEHICLE, width_m=2.0), minute=DAY)


@pytest.mark.parametrize(('minute', 'guarded'), [(1319.9, False), (1320.0, True), (0.0, True), (359.9, True),
                                                (360.0, False)])
def test_a_zone_guards_in_its_hours_over_midnight(minute, guarded):
    yard = site(Zone('store', ZoneKind.RESTRICTED, square(0, 0, 10), hours=(Hours(22 * 60, 6 * 60),)))
    found = play(rules('zone_intrusion', yard), 1.0, standing((5.0, 5.0)), minute=minute, robot_pose=Pose2(0.0, 0.0))
    assert bool(found) is guarded


def test_an_allowance_holds_in_its_hours_over_midnight():
    night_watch = Allowance('night watch', hours=(Hours(22 * 60, 6 * 60),))
    yard = site(Zone('store', ZoneKind.RESTRICTED, square(0, 0, 10), allowed=(night_watch,)))
    assert not play(rules('zone_intrusion', yard), 5.0, standing((5.0, 5.0)), minute=30.0)
    assert play(rules('zone_intrusion', yard), 5.0, standing((5.0, 5.0)), minute=DAY)


# Perimeter crossing

def test_a_crossing_is_reported_once_with_its_way_and_place():
    found = play(rules('perimeter_crossing'), 5.0, walking((-20.0, 32.0), (0.0, -1.0)))
    (t, claim), = found
    assert t <= 2.8
    assert (claim.kind, claim.about) == (AlertKind.PERIMETER_CROSSING, 'track-1-in')
    assert claim.position_m == pytest.approx((-20.0, 30.0), abs=0.05)
    assert 'went into the perimeter at fence panel fence_north_10' in claim.sentence
    out, = play(rules('perimeter_crossing'), 5.0, walking((-20.0, 28.0), (0.0, 1.0)))
    assert out[1].about == 'track-1-out'
    assert 'went out of the perimeter' in out[1].sentence


def test_walking_along_the_line_or_jittering_across_it_is_no_crossing():
    assert not play(rules('perimeter_crossing'), 20.0, walking((-20.0, 30.1), (1.0, 0.0)))
    assert not play(rules('perimeter_crossing'), 20.0, lambda t: [track((0.0, 30.0 + 0.28 * (-1)**round(10 * t)), t)])


def test_one_stray_position_beyond_the_line_is_no_crossing():
    assert not play(rules('perimeter_crossing'), 9.0,
                    lambda t: [track((0.0, 29.0 if t in (3.0, 3.1, 6.0) else 32.0), t)])


def test_one_who_stays_long_at_the_line_has_crossed_it_when_he_is_through():
    found = play(rules('perimeter_crossing'), 60.0,
                 lambda t: [track((0.0, 32.0 if t < 5.0 else 30.1 if t < 50.0 else 28.0), t)])
    assert len(found) == 1


def test_staff_cross_by_day_and_anybody_through_a_gate_in_its_hours():
    way = walking((1.0, 32.0), (0.0, -1.0))
    assert not play(rules('perimeter_crossing'), 5.0, way, minute=DAY)
    gate = Structure('gate', StructureKind.GATE, (4.0, 10.0), (6.0, 10.0), (Hours(480, 1080),))
    yard = site(structures=(gate,), perimeter=square(0, 0, 10))
    through = walking((5.0, 12.0), (0.0, -1.0))
    assert not play(rules('perimeter_crossing', yard), 5.0, through, minute=DAY)
    assert play(rules('perimeter_crossing', yard), 5.0, through, minute=NIGHT)


# Fence approach

def test_a_person_who_stays_at_the_fence_is_reported_with_the_panel():
    found = play(rules('fence_approach'), 6.0, standing((-5.0, 28.5)))
    t, claim = found[0]
    assert t == pytest.approx(4.0)
    assert (claim.kind, claim.severity) == (AlertKind.FENCE_APPROACH, Severity.WARNING)
    assert claim.sentence == (
        'a person-sized thing (0.5 m wide, 1.7 m tall) stood 4.0 s within 2 m of fence panel fence_north_15, '
        'now 1.5 m from it; the limit is 4.0 s')


def test_the_fence_has_two_sides():
    assert play(rules('fence_approach'), 6.0, standing((-5.0, 31.5)))


@pytest.mark.parametrize(('place', 'until_s'), [((-5.0, 28.5), 3.9), ((-5.0, 27.9), 60.0), ((20.0, -28.6), 60.0)])
def test_a_short_visit_the_officers_path_and_the_visitors_path_are_let_be(place, until_s):
    assert not play(rules('fence_approach'), until_s, standing(place))


def test_an_unknown_thing_at_the_fence_must_have_come_there_and_be_seen_all_the_time():
    def came(t):
        return [track((-5.0, max(34.0 - t, 31.0)), t, standing_since_s=min(t, 3.0), path=((0.0, -5.0, 34.0),),
                      kind=ThingKind.UNKNOWN, height_m=None)]

    assert play(rules('fence_approach'), 12.0, came)
    assert not play(rules('fence_approach'), 12.0, lambda t: came(t) if t < 2.0 or round(10 * t) % 4 == 0 else [])
    assert not play(rules('fence_approach'), 12.0, standing((-5.0, 31.0), kind=ThingKind.UNKNOWN, height_m=None))


def test_staff_may_work_at_the_fence_by_day():
    assert not play(rules('fence_approach'), 60.0, standing((-5.0, 31.0)), minute=DAY)


def test_a_walk_across_takes_no_longer_than_the_limit():
    assert not play(rules('fence_approach'), 6.0, walking((-5.0, 33.0), (0.0, -1.2)))


# Loitering

def test_one_who_stays_near_the_fence_is_loitering_after_half_a_minute():
    found = play(rules('loitering'), 41.0, standing((-5.0, 27.0)))
    t, claim = found[0]
    assert t == pytest.approx(30.0)
    assert claim.kind is AlertKind.LOITERING
    assert found[-1][1].sentence == (
        'a person-sized thing (0.5 m wide, 1.7 m tall) stayed 41 s within 3 m of one place, 3.0 m from fence panel '
        'fence_north_15; the limit there is 30 s')


def test_walking_up_and_down_a_few_metres_is_loitering_and_walking_on_is_not():
    def pacing(t):
        return [track((-5.0 + abs(t % 8.0 - 4.0) * 0.6, 27.0), t, standing_since_s=t)]

    assert play(rules('loitering'), 40.0, pacing)
    assert not play(rules('loitering'), 60.0, walking((-43.0, 27.0), (1.3, 0.0)))


def test_the_world_s_visitor_on_his_path_does_not_loiter():
    def visitor(t):
        phase = t % 28.0
        return [track((31.5 - 1.1 * phase if phase < 12.3 else 18.0 if phase < 15.7 else min(
            18.0 + 1.1 * (phase - 15.7), 31.5), -28.6), t, standing_since_s=t)]

    assert not play(rules('loitering'), 120.0, visitor)


def test_in_public_the_limit_is_long_and_elsewhere_inside_nobody_asks():
    found = play(rules('loitering'), 121.0, standing(FORECOURT))
    assert found[0][0] == pytest.approx(120.0)
    assert 'in zone visitor_centre; the limit there is 120 s' in found[0][1].sentence
    assert not play(rules('loitering'), 300.0, standing((12.0, 0.0)))


def test_staff_at_work_do_not_loiter():
    assert not play(rules('loitering'), 100.0, standing(STERILE), minute=DAY)
    assert play(rules('loitering'), 31.0, standing(STERILE), minute=NIGHT)


def test_a_loiterer_who_was_lost_for_a_while_goes_on_under_his_new_number():
    found = play(rules('loitering'), 35.0, lambda t: [] if 12.0 < t < 20.0 else [
        track((-5.0, 27.0), t, 1 if t < 15.0 else 9, first_seen_s=0.0 if t < 15.0 else 20.0)])
    assert found[0][0] == pytest.approx(30.0)
    assert {claim.about for _, claim in found} == {'track-1'}


def test_the_lost_track_may_live_on_for_a_moment_beside_the_new_one():
    found = play(rules('loitering'), 35.0, lambda t: [
        *([track((-5.0, 27.0), t, 1)] if t < 12.5 else []),
        *([track((-4.0, 27.0), t, 9, first_seen_s=12.0)] if t > 12.0 else [])])
    assert found[0][0] == pytest.approx(30.0)


def test_an_unknown_standing_thing_does_not_loiter_unless_it_once_moved():
    unknown = {'kind': ThingKind.UNKNOWN, 'height_m': None}
    assert not play(rules('loitering'), 60.0, standing((-5.0, 27.0), **unknown))
    assert play(rules('loitering'), 60.0, lambda t: [track(
        (-5.0 + min(t, 2.0), 27.0), t, standing_since_s=min(t, 2.0), path=((0.0, -5.0, 27.0),), **unknown)])


def test_two_side_by_side_each_have_their_own_time():
    found = play(rules('loitering'), 40.0, lambda t: [
        track((-5.0, 27.0), t, 1), *([track((-4.0, 27.0), t, 2, first_seen_s=20.0)] if t > 20.0 else [])])
    assert {claim.about for _, claim in found} == {'track-1'}


# Running

def test_a_runner_is_reported_with_his_speed():
    found = play(rules('running'), 2.0, walking((-20.0, 10.0), (3.5, 0.0)))
    t, claim = found[0]
    assert t == pytest.approx(1.0)
    assert claim.sentence == ('a person-sized thing (0.5 m wide, 1.7 m tall) ran at 3.5 m/s, 3.5 m in 1.0 s; '
                              'the limit is 2.5 m/s for 1.0 s')


@pytest.mark.parametrize(('speed', 'changes'), [
    (2.4, {}), (12.0, {}), (3.5, {'kind': ThingKind.ANIMAL}), (3.5, {'kind': ThingKind.VEHICLE})])
def test_walkers_birds_animals_and_cars_do_not_run(speed, changes):
    assert not play(rules('running'), 5.0, walking((-20.0, 10.0), (speed, 0.0), **changes))


def test_a_short_dash_or_a_jittering_position_is_no_runner():
    assert not play(rules('running'), 5.0, lambda t: [track(
        (t, 10.0), t, velocity_m_s=(4.0, 0.0) if t % 1.0 < 0.45 else (1.0, 0.0))])
    assert not play(rules('running'), 5.0, lambda t: [track(
        (0.3 * (round(10 * t) % 2), 10.0), t, velocity_m_s=(3.0, 0.0))])


def test_an_unknown_runner_is_watched_longer():
    found = play(rules('running'), 3.0, walking((-20.0, 10.0), (4.0, 0.0), kind=ThingKind.UNKNOWN, height_m=None))
    assert 1.2 <= found[0][0] <= 1.7


# Crowding

def circle(count, middle, radius=1.0):
    return [(middle[0] + radius * (i % 3 - 1), middle[1] + radius * (i // 3 - 1)) for i in range(count)]


def test_many_together_are_a_crowd():
    found = play(rules('crowding'), 4.0, standing(*circle(6, (12.0, 0.0))))
    t, claim = found[0]
    assert t == pytest.approx(2.0)
    assert claim.sentence == ('6 people stood within 3 m of each other for 2.0 s; the limit is 4 for 2.0 s')
    assert claim.position_m == pytest.approx((12.0, -0.5))
    assert {claim.about for _, claim in found} == {'gathering-1'}


def test_four_together_and_many_apart_are_none():
    assert not play(rules('crowding'), 9.0, standing(*circle(4, (12.0, 0.0))))
    assert not play(rules('crowding'), 9.0, standing(*circle(6, (12.0, 0.0), radius=4.0)))


def test_a_crowd_that_does_not_last_is_none():
    assert not play(rules('crowding'), 9.0, lambda t: standing(*circle(6, (12.0, 0.0)))(t) if t % 4.0 < 1.9 else [])


def test_those_hidden_by_others_and_those_shoulder_to_shoulder_count():
    def tracks(t):
        places = circle(6, (12.0, 0.0))
        return [track(place, t if number < 4 else t - t % 2.0, number,
                      state=TrackState.SEEN if number < 4 else TrackState.HIDDEN)
                for number, place in enumerate(places, 1)]

    assert play(rules('crowding'), 4.0, tracks)
    found = play(rules('crowding'), 4.0, standing(*circle(3, (12.0, 0.0)), width_m=1.3))
    assert '6 people' in found[0][1].sentence


def test_people_side_by_side_that_look_like_one_wide_thing_count_among_people():
    def tracks(t):
        wide = [track((12.0, 1.0), t, 9, kind=ThingKind.OBJECT, width_m=2.1)]
        return [*standing((11.0, 0.0), (13.0, 0.0))(t), *wide]

    assert '5 people' in play(rules('crowding'), 4.0, tracks)[0][1].sentence
    assert not play(rules('crowding'), 4.0, lambda t: tracks(t)[1:])


def test_rain_of_unknown_things_is_no_crowd():
    assert not play(rules('crowding'), 9.0, standing(
        *circle(8, (12.0, 0.0)), kind=ThingKind.UNKNOWN, height_m=None))


def test_a_zone_has_its_own_limit_which_those_allowed_raise():
    hall = Zone('hall', ZoneKind.PUBLIC, square(0, 0, 40), crowd_limit=2)
    places = [(5.0, 5.0), (15.0, 5.0), (25.0, 5.0)]
    found = play(rules('crowding', site(hall)), 3.0, standing(*places))
    assert found[0][1].sentence == '3 people were together in zone hall for 2.0 s; the limit is 2 for 2.0 s'
    assert not play(rules('crowding', site(hall)), 9.0, standing(*places[:2]))
    staffed = dataclasses.replace(hall, allowed=(Allowance('staff', count=6),))
    assert not play(rules('crowding', site(staffed)), 9.0, standing(*places, *circle(3, (30.0, 30.0))))


# All of them

def test_rules_forget_when_time_runs_backwards():
    book = rules('loitering')
    play(book, 29.0, standing((-5.0, 27.0)), start_s=0.0)
    assert not play(book, 20.0, standing((-5.0, 27.0)), start_s=10.0)
    assert play(book, 41.0, standing((-5.0, 27.0)), start_s=20.1)


def test_an_intruder_in_the_sterile_zone_raises_what_fits_and_nothing_else():
    found = play(rules(), 20.0, walking((-20.0, 38.5), (0.0, -0.8)))
    assert kinds(found) == {AlertKind.ZONE_INTRUSION, AlertKind.PERIMETER_CROSSING, AlertKind.FENCE_APPROACH}


def test_nothing_is_said_of_a_world_where_everybody_is_where_he_may_be():
    def tracks(t):
        return [track((-43.0 + 1.3 * (t % 66.0), 27.0), t, 1, standing_since_s=t),
                track((12.0, -3.0 + abs(t % 10.0 - 5.0)), t, 2), track((10.0 + t % 20.0, 34.0), t, 3),
                track((31.5 - 1.1 * (t % 12.0), -28.6), t, 4, standing_since_s=t),
                track((5.0, 36.0), t, 5, kind=ThingKind.ANIMAL)]

    assert not play(rules(), 65.0, tracks, minute=DAY)


def test_broken_numbers_raise_nothing():
    bad = [track((float('nan'), 34.0), 0.0, 1), track((float('inf'), 34.0), 0.0, 2),
           track(STERILE, 0.0, 3, kinds={})]
    play(rules(), 3.0, lambda t: bad)

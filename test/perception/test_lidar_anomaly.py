"""What the lidar notices along a fence, in a world drawn on a plan."""

import dataclasses
import math

import numpy as np
import pytest
from plan_world import PlanWorld, measure, pose_of, scan_of, wrong

from lepatrol.model.findings import SensorKind, ThingKind, Trouble
from lepatrol.model.geometry import Pose3
from lepatrol.model.site import Structure, StructureKind
from lepatrol.perception.lidar_anomaly import LidarAnomaly
from lepatrol.settings.lidar_anomaly import LidarAnomalySettings

PANELS = tuple(
    Structure(f'panel_{number:02d}', StructureKind.FENCE, (x, 4.8), (x + 3.0, 4.8))
    for number, x in enumerate(np.arange(-30.0, 30.0, 3.0).tolist(), start=1))
GATE = Structure('gate', StructureKind.GATE, (-3.2, -4.7), (3.2, -4.7))
WALL = [((-30.0, -4.8), (-3.2, -4.8)), GATE_LINE := (GATE.start, GATE.end), ((3.2, -4.8), (30.0, -4.8))]
ENDS = [((-30.0, -4.8), (-30.0, 4.8)), ((30.0, -4.8), (30.0, 4.8))]
INSIDE = [((-30.0, 20.0), (30.0, 20.0))]
POSTS = [((x, 4.8), 0.05) for x in np.arange(-30.0, 31.0, 3.0).tolist()]
LAMPS = [((-12.0, 3.9), 0.08), ((13.0, -3.9), 0.08)]


def panel_lines(*, without=(), hole=None):
    """Return the fence as lines, without some panels, or with a hole (panel, middle, width) in one."""
    for panel in PANELS:
        if panel.name in without:
            continue
        (x, y), (end, _) = panel.start, panel.end
        if hole and panel.name == hole[0]:
            middle, width = x + hole[1], hole[2]
            yield from (((x, y), (middle - width / 2.0, y)), ((middle + width / 2.0, y), (end, y)))
        else:
            yield (x, y), (end, y)


def yard(*, walls=WALL, **fence):
    return PlanWorld([*walls, *ENDS, *INSIDE, *panel_lines(**fence)], [*POSTS, *LAMPS])


CLEAN = yard()


def make_lidar():
    return LidarAnomaly(CLEAN, (*PANELS, GATE), LidarAnomalySettings())


def walk(world_at, *, seconds=2.0, start=(-8.0, 0.0), speed=1.2, seed=1, edit=None, lidar=None):
    """Walk along the fence with noisy scans and poses; return what each look told."""
    random, weather = np.random.default_rng(seed), np.random.default_rng(seed + 1)
    lidar = lidar or make_lidar()
    looks = []
    for tick in range(round(seconds * 10)):
        stamp = 100.0 + 0.1 * tick
        truth = pose_of(start[0] + speed * 0.1 * tick, start[1], 0.1 * math.sin(0.3 * tick))
        world = world_at(0.1 * tick) if callable(world_at) else world_at
        scan = measure(world, truth, stamp, random=random)
        looks.append(lidar.look(edit(scan, weather) if edit else scan, wrong(truth, random)))
    return looks


def found(looks):
    return [sighting for look in looks for sighting in look.sightings]


def gaps(looks):
    return [gap for look in looks for gap in look.gaps]


def rain(scan, random):
    """Let drops 2 to 10 m away return 5 percent of the beams."""
    ranges = scan.ranges_m.copy()
    hit = random.random(ranges.size) < 0.05
    ranges[hit] = np.minimum(ranges, random.uniform(2.0, 10.0, ranges.size))[hit]
    return dataclasses.replace(scan, ranges_m=ranges)


def fog(scan, random):
    return dataclasses.replace(scan, ranges_m=np.where(scan.ranges_m > 7.0, np.float32(np.inf), scan.ranges_m))


def patchy_fog(scan, random):
    lost = random.random(scan.ranges_m.size) < 1.0 - np.exp(-scan.ranges_m / 8.0)
    return dataclasses.replace(scan, ranges_m=np.where(lost, np.float32(np.inf), scan.ranges_m))


@pytest.mark.parametrize('edit', [None, rain, fog, patchy_fog])
def test_along_an_untouched_fence_nothing_is_found_in_any_weather(edit):
    looks = walk(CLEAN, seconds=20.0, start=(-12.0, 0.3), edit=edit)
    assert not found(looks)
    assert not gaps(looks)
    assert not [complaint for look in looks for complaint in look.complaints]
    if edit is not patchy_fog:
        assert all(look.is_aligned for look in looks)


def test_every_panel_beside_the_way_is_seen_standing():
    standing = {name for look in walk(CLEAN, seconds=20.0, start=(-12.0, 0.3)) for name in look.seen_standing}
    assert standing >= {*(panel.name for panel in PANELS if -12.0 <= panel.start[0] <= 9.0), 'gate'}


@pytest.mark.parametrize('place', [(-3.0, 2.0), (2.0, -3.4), (-8.5, -1.8), (5.0, 4.2), (9.0, 0.5), (-20.0, 1.0)])
@pytest.mark.parametrize('edit', [None, rain])
def test_a_person_is_sighted_within_three_scans_and_a_decimetre_or_two(place, edit):
    looks = walk(CLEAN.with_things((place, 0.25)), seconds=2.0, edit=edit)
    first = next(index for index, look in enumerate(looks) if look.sightings)
    assert first <= (2 if edit is None else 4)
    sightings = found(looks)
    assert len(sightings) >= (len(looks) - 3) * (1.0 if edit is None else 0.75)
    off = [math.dist(sighting.position_m, place) for sighting in sightings]
    assert np.median(off) < 0.12
    assert np.percentile(off, 95) < 0.25
    assert all(sighting.sensor is SensorKind.LIDAR and not sighting.moving for sighting in sightings)
    assert np.mean([sighting.kind is ThingKind.PERSON for sighting in sightings]) > 0.9


def test_a_person_25_m_away_is_sighted_by_single_beams():
    sightings = found(walk(CLEAN.with_things(((17.0, 0.0), 0.25)), seconds=1.5))
    assert len(sightings) >= 10
    assert max(math.dist(sighting.position_m, (17.0, 0.0)) for sighting in sightings) < 0.4


def test_a_runner_is_followed_and_seen_to_move():
    def world(time_s):
        return CLEAN.with_things(((8.0 - 4.0 * time_s, 2.5), 0.25))

    looks = walk(world, seconds=3.0, speed=0.0, start=(0.0, 0.0))
    assert all(len(look.sightings) == 1 for look in looks[2:])
    for tick, look in enumerate(looks[2:], start=2):
        assert math.dist(look.sightings[0].position_m, (8.0 - 0.4 * tick, 2.5)) < 0.25
    assert all(look.sightings[0].moving for look in looks[3:])


def test_people_side_by_side_are_told_apart():
    people = [((4.0, y), 0.25) for y in (-0.9, -0.3, 0.3, 0.9)]
    looks = walk(CLEAN.with_things(*people), seconds=1.0, speed=0.0, start=(0.0, 0.0))
    assert all(len(look.sightings) == 4 for look in looks[2:])


def test_a_parked_van_is_a_vehicle():
    side = [((3.0, 1.0), (7.5, 1.0)), ((3.0, 1.0), (3.0, 2.9)), ((7.5, 1.0), (7.5, 2.9))]
    world = PlanWorld([*WALL, *ENDS, *INSIDE, *panel_lines(), *side], [*POSTS, *LAMPS])
    sightings = found(walk(world, seconds=1.0, speed=0.0, start=(1.0, -2.0)))
    assert sightings
    assert {sighting.kind for sighting in sightings} == {ThingKind.VEHICLE}


def test_a_flicker_of_one_scan_is_no_thing():
    def world(time_s):
        return CLEAN.with_things(((-5.0, 2.0), 0.25)) if abs(time_s - 0.5) < 0.01 else CLEAN

    assert not found(walk(world))


def test_parts_of_the_robot_itself_are_no_thing():
    looks = walk(CLEAN, edit=lambda scan, _: dataclasses.replace(
        scan, ranges_m=np.where(np.arange(scan.ranges_m.size) < 40, np.float32(0.25), scan.ranges_m)))
    assert not found(looks)
    assert not any(look.complaints for look in looks)


@pytest.mark.parametrize(('fence', 'middle', 'width'), [
    ({'without': ('panel_10',)}, -1.5, 3.0), ({'hole': ('panel_09', 1.5, 0.6)}, -4.5, 0.6),
    ({'hole': ('panel_11', 0.6, 0.8)}, 0.6, 0.8)])
def test_a_missing_panel_and_a_hole_are_a_gap_of_its_width(fence, middle, width):
    looks = walk(yard(**fence), seconds=8.0)
    seen = gaps(looks)
    name = fence['without'][0] if 'without' in fence else fence['hole'][0]
    assert {gap.structure for gap in seen} == {name}
    assert len(seen) > 20
    assert np.median([gap.width_m for gap in seen]) == pytest.approx(width, abs=0.12)
    assert np.median([(gap.start_m[0] + gap.end_m[0]) / 2.0 for gap in seen]) == pytest.approx(middle, abs=0.15)
    assert all(gap.start_m[1] == gap.end_m[1] == 4.8 and gap.beams >= 3 for gap in seen)
    assert min(gap.depth_m for gap in seen) > 2.0
    assert name not in {standing for look in looks for standing in look.seen_standing}
    assert not found(looks)


@pytest.mark.parametrize('edit', [None, rain])
def test_an_open_gate_to_an_empty_field_is_a_gap(edit):
    looks = walk(yard(walls=[WALL[0], WALL[2]]), seconds=6.0, edit=edit)
    assert {gap.structure for gap in gaps(looks)} == {'gate'}
    assert max(gap.width_m for gap in gaps(looks)) > 5.5
    assert not any(look.complaints for look in looks)


def test_a_gap_takes_three_scans():
    looks = walk(yard(without=('panel_10',)), start=(-1.5, 0.0), speed=0.0, seconds=1.0)
    assert [bool(look.gaps) for look in looks] == [False, False] + 8 * [True]


def test_a_person_before_the_fence_is_no_gap_and_hides_whether_the_panel_stands():
    looks = walk(CLEAN.with_things(((-1.5, 2.5), 0.25)), start=(-1.5, 0.0), speed=0.0)
    assert not gaps(looks)
    assert 'panel_10' not in {name for look in looks for name in look.seen_standing}


def bad_scans():
    clean = measure(CLEAN, pose_of(0.0, 0.0)).ranges_m
    yield 'empty', scan_of([]), Trouble.UNREADABLE
    yield 'one beam', scan_of([1.0]), Trouble.UNREADABLE
    yield 'mis-sized', scan_of(clean[:180]), Trouble.UNREADABLE
    yield 'not numbers', scan_of(np.full(360, np.nan)), Trouble.UNREADABLE
    yield 'negative', scan_of(-clean), Trouble.UNREADABLE


@pytest.mark.parametrize(('scan', 'trouble'), [
    pytest.param(scan, trouble, id=name) for name, scan, trouble in bad_scans()])
def test_a_scan_that_cannot_be_read_is_complained_of_and_finds_nothing(scan, trouble):
    lidar = make_lidar()
    walk(CLEAN.with_things(((-3.0, 2.0), 0.25)), lidar=lidar)
    look = lidar.look(dataclasses.replace(scan, stamp_s=102.1), pose_of(-5.0, 0.0))
    assert [complaint.trouble for complaint in look.complaints] == [trouble]
    assert (look.sightings, look.gaps, look.seen_standing, look.is_aligned) == ((), (), (), False)
    assert look.expected_m.shape == scan.ranges_m.shape


@pytest.mark.parametrize('first', [scan_of([]), scan_of([2.0]), scan_of([2.0, 3.0]), scan_of(np.full(7, 1.0))])
def test_tiny_scans_from_the_start_raise_nothing(first):
    lidar = make_lidar()
    for tick in range(5):
        look = lidar.look(dataclasses.replace(first, stamp_s=float(tick)), pose_of(0.0, 0.0))
        assert not look.gaps


def test_some_beams_that_are_no_numbers_do_no_harm():
    def edit(scan, random):
        ranges = scan.ranges_m.copy()
        ranges[random.random(ranges.size) < 0.1] = np.nan
        ranges[random.random(ranges.size) < 0.03] = -1.0
        ranges[random.random(ranges.size) < 0.03] = -np.inf
        return dataclasses.replace(scan, ranges_m=ranges)

    looks = walk(CLEAN.with_things(((-3.0, 2.0), 0.25)), edit=edit)
    assert not any(look.complaints for look in looks)
    assert {sighting.kind for sighting in found(looks)} == {ThingKind.PERSON}
    assert not gaps(looks)


def test_a_lidar_of_another_size_is_taken_on_after_a_second():
    lidar = make_lidar()
    walk(CLEAN, lidar=lidar)
    looks = [lidar.look(measure(CLEAN, pose_of(0.0, 0.0), 103.0 + 0.1 * tick, beams=720), pose_of(0.0, 0.0))
             for tick in range(15)]
    assert all(look.complaints for look in looks[:10])
    assert not any(look.complaints for look in looks[10:])
    assert looks[-1].is_aligned


@pytest.mark.parametrize('covered', [
    np.full(360, 0.15), np.full(360, -np.inf), np.full(360, np.inf),
    np.where(np.arange(360) % 5 < 2, np.nan, 4.8)])
def test_a_covered_lidar_is_blinded_and_finds_nothing(covered):
    lidar = make_lidar()
    looks = [lidar.look(scan_of(covered, 0.1 * tick), pose_of(0.0, 0.0)) for tick in range(8)]
    assert not looks[0].complaints
    assert [complaint.trouble for complaint in looks[4].complaints] == [Trouble.LIDAR_BLINDED]
    assert not gaps(looks)


def test_a_pose_that_the_walls_contradict_for_two_seconds_is_complained_of_and_finds_nothing():
    lidar = make_lidar()
    looks = [lidar.look(measure(CLEAN, pose_of(0.0, 0.0), 0.1 * tick), pose_of(0.0, 0.0, 0.6)) for tick in range(30)]
    assert not any(look.complaints for look in looks[:20])
    assert all([complaint.trouble for complaint in look.complaints] == [Trouble.CONTRADICTION] for look in looks[21:])
    assert not any(look.is_aligned or look.sightings or look.gaps for look in looks)


def test_a_pose_outside_the_map_is_complained_of_at_once():
    class Unknown:
        def ranges_m(self, origin_m, directions):
            return np.full(len(directions), np.nan)

    look = LidarAnomaly(Unknown(), PANELS, LidarAnomalySettings()).look(
        measure(CLEAN, pose_of(0.0, 0.0)), pose_of(500.0, 0.0))
    assert [(complaint.trouble, complaint.detail) for complaint in look.complaints] == [
        (Trouble.CONTRADICTION, 'the pose (500.0, 0.0) m lies outside the map')]
    assert (look.sightings, look.gaps, look.is_aligned) == ((), (), False)


@pytest.mark.parametrize('pose', [
    Pose3((math.nan, 0.0, 0.5)), Pose3((0.0, math.inf, 0.5)), Pose3((0.0, 0.0, 0.5), (math.nan, 0.0, 0.0, 0.0))])
def test_a_pose_that_is_no_number_is_complained_of(pose):
    look = make_lidar().look(measure(CLEAN, pose_of(0.0, 0.0)), pose)
    assert [complaint.trouble for complaint in look.complaints] == [Trouble.UNREADABLE]


def test_time_that_runs_backwards_is_told_once_and_all_begins_anew():
    lidar = make_lidar()
    world = CLEAN.with_things(((-3.0, 2.0), 0.25))
    assert found(walk(world, lidar=lidar))
    looks = [lidar.look(measure(world, pose_of(-5.0, 0.0), 0.1 * tick), pose_of(-5.0, 0.0)) for tick in range(4)]
    assert [len(look.complaints) for look in looks] == [1, 0, 0, 0]
    assert 'backwards' in looks[0].complaints[0].detail
    assert [len(look.sightings) for look in looks] == [0, 1, 1, 1]


def test_the_same_scan_again_confirms_nothing():
    lidar = make_lidar()
    scan = measure(CLEAN.with_things(((-3.0, 2.0), 0.25)), pose_of(-5.0, 0.0), 5.0)
    assert not any(lidar.look(scan, pose_of(-5.0, 0.0)).sightings for _ in range(5))


def test_a_silent_lidar_is_complained_of_after_a_second():
    lidar = make_lidar()
    assert not lidar.silence(50.0)
    lidar.look(measure(CLEAN, pose_of(0.0, 0.0), 100.0), pose_of(0.0, 0.0))
    assert not lidar.silence(100.9)
    assert [complaint.trouble for complaint in lidar.silence(101.5)] == [Trouble.SILENT]
    assert '1.5 s' in lidar.silence(101.5)[0].detail


def test_in_the_open_a_thing_is_found_though_nothing_aligns():
    lidar = LidarAnomaly(PlanWorld(), (), LidarAnomalySettings())
    world = PlanWorld(rounds=[((6.0, 0.0), 0.25)])
    looks = [lidar.look(measure(world, pose_of(0.0, 0.0), 0.1 * tick), pose_of(0.0, 0.0)) for tick in range(4)]
    assert [len(look.sightings) for look in looks] == [0, 1, 1, 1]
    assert not any(look.is_aligned for look in looks)

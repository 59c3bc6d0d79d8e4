"""Borders of lengths and seeds that nobody tuned: closed, clear to patrol, and the same every time."""

import math
from collections import Counter
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from shapely import LineString, Point, unary_union
from world_footprints import footprints, pose_of

from lepatrol.assembly import load_robot
from lepatrol.model.errors import LepatrolError
from lepatrol.settings.flight import FlightSettings
from lepatrol.settings.patrol import BatterySettings
from lepatrol.settings.site_file import read_site
from lepatrol.worldmaking.border import Border
from lepatrol.worldmaking.kinds import make_border

SEEDS = (1, 2, 3)


@cache
def made(length_m, seed):
    """Return a border's plan, its world as XML and what stands in it at a robot's height."""
    border = Border(length_m, seed)
    world = ElementTree.fromstring(border_text(length_m, seed).sdf.encode()).find('world')
    standing = [part for part in footprints(world) if part.low_m < 1.3 and part.high_m > 0.2]
    return border, world, standing


@cache
def border_text(length_m, seed, file='/elsewhere/made.sdf'):
    return make_border(length_m, seed, Path(file))


@pytest.fixture(params=[(1000, seed) for seed in SEEDS] + [(600, 9)], ids=str)
def border(request):
    return made(*request.param)


def test_the_same_arguments_make_the_same_border_and_another_seed_another():
    first = border_text(1000, 2)
    assert make_border(1000, 2, Path('/elsewhere/made.sdf')) == first
    assert border_text(1000, 3).sdf != first.sdf
    assert border_text(1000, 3).yaml != first.yaml


@pytest.mark.parametrize('length_m', [0, 400, 1100, 10200, -1000])
def test_a_length_that_does_not_fit_the_tiles_is_refused(length_m):
    with pytest.raises(LepatrolError, match='multiple of 200 m from 600 to 10000'):
        Border(length_m, 1)


def test_every_model_and_actor_has_a_name_of_its_own(border):
    _, world, _ = border
    names = Counter([include.findtext('name') for include in world.findall('include')]
                    + [actor.get('name') for actor in world.findall('actor')])
    assert max(names.values()) == 1


def test_the_fence_is_closed_from_end_to_end_but_for_the_road(border):
    plan, _, standing = border
    barrier = unary_union([part.outline.buffer(0.01) for part in standing if part.low_m < 0.5 < part.high_m])
    gaps = LineString([(-plan.half_m, 0.0), (plan.half_m, 0.0)]).difference(barrier)
    openings = [gap for gap in getattr(gaps, 'geoms', [gaps]) if gap.length > 0.0]
    assert len(openings) == 1
    west, _, east, _ = openings[0].bounds
    assert (west + east) / 2.0 == pytest.approx(plan.road_x_m, abs=0.2)
    assert 19.0 < east - west <= 20.0


def test_the_patrols_ways_are_clear(border, tmp_path):
    plan, _, standing = border
    site = site_of(plan, tmp_path)
    low = [part for part in standing if part.low_m < 1.2]
    for name in ('track', 'crossing'):
        points = [(site.waypoints[each].x_m, site.waypoints[each].y_m) for each in site.routes[name].waypoints]
        line = LineString([*points, points[0]])
        nearest = min(low, key=lambda part: part.outline.distance(line))
        assert nearest.outline.distance(line) > 1.5, f'{name}: {nearest.model}'
    grounded = [point for point in site.waypoints.values() if point.z_m == 0.0]
    for place in [*grounded, site.start_pose]:
        assert min(part.outline.distance(Point(place.x_m, place.y_m)) for part in low) > 1.5
    assert len(set(site.routes['track'].waypoints)) == len(grounded) - 1


def test_the_drones_round_keeps_its_height_over_the_ground_and_is_clear(border, tmp_path):
    plan, world, _ = border
    site = site_of(plan, tmp_path)
    parts = footprints(world)
    points = [site.waypoints[name] for name in site.routes['border_air'].waypoints]
    assert len(set(points)) == len(site.waypoints) - len([each for each in site.waypoints.values() if each.z_m == 0.0])
    over = [point for point in points if point.y_m < -24.0]
    assert len(over) == plan.length_m // 100
    assert len({point.z_m for point in over}) > 1
    for point in points:
        above_m = point.z_m - plan.ground.height_m(point.x_m, point.y_m)
        assert above_m == pytest.approx(10.0 if point in over else 8.0, abs=0.05 + 1e-9)
    for start, end in pairwise([*points, points[0]]):
        line, height_m = LineString([(start.x_m, start.y_m), (end.x_m, end.y_m)]), max(start.z_m, end.z_m)
        near = [part for part in parts if part.outline.distance(line) < 1.5]
        assert all(part.high_m < height_m - 1.0 for part in near), (start.name, end.name)


@pytest.mark.parametrize('length_m', [600, 1000, 1400, 5000, 10000])
def test_one_charge_takes_the_drone_round_however_long_the_border(length_m, tmp_path):
    site = site_of(Border(length_m, 3), tmp_path)
    points = [site.waypoints[name] for name in site.routes['border_air'].waypoints]
    way_m = sum(math.dist((a.x_m, a.y_m), (b.x_m, b.y_m)) for a, b in pairwise([*points, points[0]]))
    battery = load_robot('uav', 'robot').battery
    # As slow as it climbs, brakes, turns and takes photos.
    round_s = way_m / FlightSettings().cruise_speed_m_s + 10.0 * len(points)
    used_ah = battery.power_load_w / (battery.full_voltage_v + battery.voltage_slope_v) * round_s / 3600.0
    assert used_ah < (1.0 - BatterySettings().low) * battery.capacity_ah
    # No less than it can: all of a short border, a good kilometre of a long one.
    assert way_m > 2.0 * min(length_m, 1200) - 50.0


def site_of(plan, tmp_path):
    file = tmp_path / 'site.yaml'
    file.write_text(border_text(plan.length_m, plan.seed).yaml, encoding='utf-8')
    return read_site(file)


def test_every_structure_of_the_site_is_a_model_that_stands_there(border, tmp_path):
    plan, world, _ = border
    places = {include.findtext('name'): pose_of(include) for include in world.findall('include')}
    structures = site_of(plan, tmp_path).structures
    assert len(structures) == plan.length_m // 5 - 4
    for each in structures:
        x, y = places[each.name][:2]
        assert (x, y) == pytest.approx(((each.start[0] + each.end[0]) / 2.0, 0.0), abs=1e-6)


def test_people_and_animals_go_round_clear_of_everything_and_far_from_the_lanes(border):
    plan, world, standing = border
    actors = world.findall('actor')
    assert len(actors) >= 8
    for actor in actors:
        stops = [(float(stop.findtext('time')), *pose_of(stop)) for stop in actor.findall('script/trajectory/waypoint')]
        assert all(before[0] < after[0] for before, after in pairwise(stops))
        assert stops[0][1:4] == stops[-1][1:4]
        assert math.remainder(stops[0][6] - stops[-1][6], 2.0 * math.pi) == pytest.approx(0.0, abs=1e-3)
        way = LineString([stop[1:3] for stop in stops])
        nearest = min(standing, key=lambda part: part.outline.distance(way))
        assert nearest.outline.distance(way) > 0.3, f'{actor.get("name")} walks into {nearest.model}'
        assert way.bounds[1] > 15.0 or way.bounds[3] < -30.0
        assert all(abs(stop[3] - plan.ground.height_m(*stop[1:3])) < 0.01 for stop in stops)


def test_what_waits_and_what_grows_stands_apart(border):
    _, _, standing = border
    vehicles = {part.model: part.outline for part in standing if part.model.startswith('queue_')}
    plants = {part.model: part.outline for part in standing if part.model.startswith(('tree_', 'scrub_'))}
    assert len(vehicles) >= 12
    assert len(plants) >= 40
    everything = [*vehicles.items(), *plants.items()]
    for index, (name, outline) in enumerate(everything):
        for other_name, other in everything[index + 1:]:
            assert not outline.intersects(other), f'{name} stands in {other_name}'

"""The worlds are valid SDFormat and hold what they promise."""

import os
import shutil
import subprocess
from collections import Counter

import pytest
from shapely import LineString, Point, Polygon, box, unary_union
from world_footprints import MODELS, ROOT, WORLDS, footprints, pose_of, read_world

from lepatrol.model.site import ZoneKind
from lepatrol.settings.site_file import read_site

WORLD_NAMES = sorted(path.stem for path in WORLDS.glob('*.sdf'))
MODEL_FILES = sorted(MODELS.glob('*/model.sdf'))


def check_sdf(path):
    """Return what the real SDFormat library says about a file on standard error."""
    if shutil.which('ign'):
        command = ['ign', 'sdf', '--check', str(path)]
    elif shutil.which('gz'):
        command = ['gz', 'sdf', '--check', str(path)]
    else:
        pytest.skip('neither ign nor gz is installed: apt install ignition-tools libsdformat-dev')
    environment = {**os.environ, 'SDF_PATH': str(MODELS), 'GZ_SIM_RESOURCE_PATH': str(MODELS)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    return done.stderr


def test_there_are_worlds_to_check():
    assert {'prison', 'border', 'bench_yard'} <= set(WORLD_NAMES)


@pytest.mark.parametrize('name', WORLD_NAMES)
def test_the_sdformat_library_finds_no_error_in_a_world(name):
    assert 'Error' not in check_sdf(WORLDS / f'{name}.sdf')


def test_the_sdformat_library_finds_no_error_in_any_model(tmp_path):
    includes = ''.join(f'<include><uri>model://{path.parent.name}</uri></include>' for path in MODEL_FILES)
    everything = tmp_path / 'everything.sdf'
    everything.write_text(f'<?xml version="1.0"?><sdf version="1.9"><world name="w">{includes}</world></sdf>')
    assert len(MODEL_FILES) > 10
    assert 'Error' not in check_sdf(everything)


def test_the_check_itself_notices_a_missing_model(tmp_path):
    broken = tmp_path / 'broken.sdf'
    broken.write_text('<?xml version="1.0"?><sdf version="1.9"><world name="w">'
                      '<include><uri>model://no_such_model</uri></include></world></sdf>')
    assert 'Error' in check_sdf(broken)


@pytest.mark.parametrize('name', WORLD_NAMES)
def test_nothing_is_downloaded_and_every_included_model_is_there(name):
    text = (WORLDS / f'{name}.sdf').read_text(encoding='utf-8')
    assert 'http' not in text
    for include in read_world(name).findall('include'):
        uri = include.findtext('uri', '')
        assert uri.startswith('model://')
        folder = MODELS / uri.removeprefix('model://')
        assert (folder / 'model.sdf').is_file()
        assert (folder / 'model.config').is_file()


@pytest.mark.parametrize('name', WORLD_NAMES)
def test_physics_takes_steps_of_four_milliseconds(name):
    assert float(read_world(name).findtext('physics/max_step_size', '')) == 0.004


def test_the_fence_of_the_prison_is_closed_but_for_the_open_vehicle_gate():
    parts = [part.outline.buffer(0.03) for part in footprints(read_world('prison'))
             if part.low_m < 0.5 < part.high_m]
    barrier = unary_union(parts)
    line = LineString([(-48, -30), (48, -30), (48, 30), (-48, 30), (-48, -30)])
    gaps = line.difference(barrier)
    openings = [gap for gap in getattr(gaps, 'geoms', [gaps]) if gap.length > 0.0]
    assert len(openings) == 1
    assert openings[0].bounds == pytest.approx((-2.92, -30, 2.92, -30), abs=0.01)


def test_the_outer_wall_of_the_prison_has_no_hole_at_the_height_of_a_lidar():
    parts = [part.outline.buffer(0.11) for part in footprints(read_world('prison'))
             if part.low_m < 0.5 < part.high_m]
    barrier = unary_union(parts)
    outside, inside = Point(0, -60), Point(0, -36)
    hull = Point(0, 0).buffer(90)
    rooms = [room for room in hull.difference(barrier).geoms if room.contains(outside) or room.contains(inside)]
    assert len(rooms) == 2


def test_every_fence_panel_is_a_model_of_its_own_that_can_be_taken_out():
    includes = read_world('prison').findall('include')
    panels = [include for include in includes if include.findtext('uri') == 'model://fence_panel']
    names = Counter(include.findtext('name') for include in includes)
    assert len(panels) == 2 * 32 + 2 * 20 - 3
    assert max(names.values()) == 1


def test_the_sterile_zone_is_empty_but_for_the_feet_of_the_towers_and_crates_by_the_wall():
    zone = Polygon(
        [(-59.5, -39.3), (59.5, -39.3), (59.5, 39.3), (-59.5, 39.3)],
        [[(-48.2, -30.2), (48.2, -30.2), (48.2, 30.2), (-48.2, 30.2)]])
    in_zone = {part.model for part in footprints(read_world('prison')) if part.outline.intersects(zone)}
    crates = {part.model: part.outline for part in footprints(read_world('prison')) if part.model in in_zone
              and part.model.startswith('crate_')}
    assert in_zone - crates.keys() <= {'tower_north_east', 'tower_north_west', 'tower_south_west', 'tower_south_east'}
    road = LineString([(-53.8, -34.8), (53.8, -34.8), (53.8, 34.8), (-53.8, 34.8), (-53.8, -34.8)])
    assert len(crates) == 4
    assert all(3.0 < outline.distance(road) < 8.0 for outline in crates.values())


def test_people_walk_closed_paths_clear_of_everything_and_off_the_patrol_road():
    world = read_world('prison')
    standing = [part for part in footprints(world) if part.low_m < 1.5]
    road = LineString([(-53.8, -34.8), (53.8, -34.8), (53.8, 34.8), (-53.8, 34.8), (-53.8, -34.8)])
    actors = world.findall('actor')
    assert 3 <= len(actors) <= 8
    for actor in actors:
        waypoints = actor.findall('script/trajectory/waypoint')
        times = [float(waypoint.findtext('time', '')) for waypoint in waypoints]
        points = [tuple(pose_of(waypoint)[:2]) for waypoint in waypoints]
        path = LineString(points)
        assert times == sorted(set(times))
        assert points[0] == points[-1]
        assert path.distance(road) > 5.0
        assert min(path.distance(part.outline) for part in standing) > 0.4


def test_nothing_grows_near_the_fence_or_in_the_sterile_zone():
    world = read_world('prison')
    kinds = {f'model://{kind}' for kind in ('tree', 'maple', 'scrub', 'hedge', 'flower_bed')}
    plants = {include.findtext('name') for include in world.findall('include') if include.findtext('uri') in kinds}
    assert len(plants) > 10
    inside = box(-48, -30, 48, 30).buffer(-2.8, join_style='mitre')
    assert all(inside.contains(part.outline) for part in footprints(world) if part.model in plants)


def test_signs_and_people_keep_clear_of_the_ways_inside_the_fence():
    world, site = read_world('prison'), read_site(ROOT / 'config' / 'sites' / 'prison.yaml')
    ways = unary_union([
        LineString([(site.waypoints[name].x_m, site.waypoints[name].y_m) for name in site.routes[route].waypoints])
        for route in ('yard', 'gates')])
    signs = [part.outline for part in footprints(world) if part.model.startswith('sign_')]
    assert len(signs) > 6
    assert min(outline.distance(ways) for outline in signs) > 2.0
    paths = [LineString([pose_of(waypoint)[:2] for waypoint in actor.findall('script/trajectory/waypoint')])
             for actor in world.findall('actor')]
    assert min(path.distance(ways) for path in paths) > 2.0


def test_what_is_kept_from_the_robot_at_the_dock_is_where_the_lorry_stands():
    zones = read_site(ROOT / 'config' / 'sites' / 'prison.yaml').zones
    (dock,) = [zone.polygon for zone in zones if zone.name == 'kitchen_dock' and zone.kind is ZoneKind.KEEP_OUT]
    lorry = unary_union([part.outline for part in footprints(read_world('prison')) if part.model == 'delivery_lorry'])
    assert lorry.area > 15.0
    assert Polygon(dock).contains(lorry)


def test_the_bench_yard_is_the_yard_the_peers_were_measured_in():
    parts = list(footprints(read_world('bench_yard')))
    sizes = Counter(
        (*sorted((round(part.outline.bounds[2] - part.outline.bounds[0], 3),
                  round(part.outline.bounds[3] - part.outline.bounds[1], 3)), reverse=True),
         round(part.high_m - part.low_m, 3)) for part in parts)
    assert sizes == {(100.4, 0.2, 3.0): 2, (60.0, 0.2, 3.0): 2, (16.0, 10.0, 6.0): 4, (0.8, 0.8, 1.0): 40}
    for index, part in enumerate(parts):
        others = [other for other in parts[:index] if other.model != part.model or 'box' in part.model]
        assert all(part.outline.intersection(other.outline).area < 1e-9 for other in others)

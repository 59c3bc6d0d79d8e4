"""The site files fit the worlds they are about."""

from pathlib import Path

import pytest
import yaml
from shapely import LineString, Point, Polygon, box, unary_union
from world_footprints import ROOT, WORLDS, footprints, read_world

from lepatrol.model.site import Look, Photo, StructureKind, Wait, ZoneKind
from lepatrol.settings.frames import FramesSettings
from lepatrol.settings.greeter import GreeterSettings
from lepatrol.settings.navigation import Nav2Settings, NavigatorSettings
from lepatrol.settings.patrol import PatrolSettings
from lepatrol.settings.perimeter import PerimeterSettings
from lepatrol.settings.robot import RobotSettings
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.settings.site_file import read_site
from lepatrol.settings.yaml_file import read_settings

ROBOT = read_settings(ROOT / 'config' / 'robots' / 'ugv.yaml', RobotSettings)


@pytest.fixture(scope='module')
def site():
    return read_site(ROOT / 'config' / 'sites' / 'prison.yaml')


@pytest.fixture(scope='module')
def standing():
    return [part for part in footprints(read_world('prison')) if part.low_m < 1.3 and part.high_m > 0.1]


def walked_line(site, name):
    route = site.routes[name]
    points = [(site.waypoints[member].x_m, site.waypoints[member].y_m) for member in route.waypoints]
    return LineString([*points, points[0]] if route.closed else points)


def test_the_site_is_about_a_world_that_exists(site):
    assert (WORLDS / f'{site.world}.sdf').is_file()


def test_the_perimeter_route_is_a_whole_round_with_work_on_the_way(site):
    route = site.routes['perimeter']
    actions = [site.waypoints[name].actions for name in route.waypoints]
    assert route.closed
    assert len(set(route.waypoints)) >= 12
    assert walked_line(site, 'perimeter').length >= 300.0
    assert sum(any(isinstance(action, Look | Photo) for action in members) for members in actions) >= 4
    waits = [action.duration_s for members in actions for action in members if isinstance(action, Wait)]
    assert len(waits) == 1
    assert 0.0 < waits[0] <= 5.0


def test_the_perimeter_route_goes_round_the_perimeter_in_the_sterile_zone(site):
    round_trip = Polygon(walked_line(site, 'perimeter').coords)
    assert round_trip.exterior.is_ccw
    assert round_trip.contains(Polygon(site.perimeter))
    restricted = [Polygon(zone.polygon) for zone in site.zones if zone.kind is ZoneKind.RESTRICTED]
    for name in site.routes['perimeter'].waypoints:
        place = Point(site.waypoints[name].x_m, site.waypoints[name].y_m)
        assert any(zone.contains(place) for zone in restricted), name


def test_every_waypoint_and_the_start_stand_clear(site, standing):
    places = {name: Point(point.x_m, point.y_m) for name, point in site.waypoints.items()}
    places['start'] = Point(site.start_pose.x_m, site.start_pose.y_m)
    for name, place in places.items():
        nearest = min(standing, key=lambda part: part.outline.distance(place))
        assert nearest.outline.distance(place) >= 1.5, f'{name} is too near to {nearest.model}'


@pytest.mark.parametrize('name', ['perimeter', 'yard', 'gates'])
def test_routes_are_clear_of_obstacles_and_keep_out_zones(site, standing, name):
    line = walked_line(site, name)
    assert min(part.outline.distance(line) for part in standing) >= 1.5
    for zone in site.zones:
        if zone.kind is ZoneKind.KEEP_OUT:
            assert Polygon(zone.polygon).distance(line) > ROBOT.footprint_radius_m + 0.5, zone.name


def test_zones_of_every_kind_are_there(site):
    assert {zone.kind for zone in site.zones} == set(ZoneKind)


def test_privacy_zones_hold_the_cell_blocks_but_for_the_corridor_that_is_patrolled(site):
    blocks = {model: unary_union([part.outline for part in footprints(read_world('prison'))
                                  if part.model == model and part.low_m < 8.0])
              for model in ('cell_block_a', 'cell_block_b')}
    private = unary_union([Polygon(zone.polygon) for zone in site.zones if zone.kind is ZoneKind.PRIVACY])
    assert blocks['cell_block_b'].within(private)
    assert blocks['cell_block_a'].difference(private).bounds == pytest.approx((-42.0, 16.1, -2.0, 19.9))


def test_the_indoor_route_goes_through_every_doorway_in_its_middle(site, standing):
    line = walked_line(site, 'cells')
    assert min(part.outline.distance(line) for part in standing) > 2 * ROBOT.footprint_radius_m
    indoors = line.intersection(box(-42, 12, -2, 24))
    (slow,) = (Polygon(zone.polygon) for zone in site.zones if zone.name == 'corridor_a')
    assert indoors.length > 70.0
    assert slow.covers(indoors)
    for zone in site.zones:
        if zone.kind in (ZoneKind.KEEP_OUT, ZoneKind.PRIVACY):
            assert Polygon(zone.polygon).distance(line) > ROBOT.footprint_radius_m + 0.5, zone.name


def test_gates_that_ought_to_be_shut_are_shut_in_the_world_and_have_a_room_behind_them(site, standing):
    doors = {gate.name: LineString([gate.start, gate.end]) for gate in site.structures
             if gate.kind is StructureKind.GATE and gate.name.startswith(('cell_door', 'block_door'))}
    leaves = {part.model: part.outline for part in standing if part.model in doors}
    others = unary_union([part.outline for part in standing if part.model not in doors and part.high_m > 0.5])
    assert len(doors) == 17
    for name, line in doors.items():
        assert leaves[name].buffer(1e-6).covers(line), name
        assert line.buffer(0.9, cap_style='flat').intersection(others).area < 0.3, name


@pytest.mark.parametrize(('node', 'settings'), [
    ('simulator', SimulationSettings), ('navigator', NavigatorSettings), ('patrol', PatrolSettings),
    ('perimeter', PerimeterSettings), ('nav2_navigator', Nav2Settings), ('frames', FramesSettings),
    ('greeter', GreeterSettings)])
def test_the_parameter_file_holds_only_what_the_nodes_know(tmp_path: Path, node, settings):
    parameters = yaml.safe_load((ROOT / 'config' / 'lepatrol.yaml').read_text(encoding='utf-8'))
    assert set(parameters) == {f'/**/{name}' for name in (
        'simulator', 'navigator', 'patrol', 'perimeter', 'nav2_navigator', 'frames', 'greeter')}
    alone = tmp_path / f'{node}.yaml'
    alone.write_text(yaml.safe_dump(parameters[f'/**/{node}']['ros__parameters']), encoding='utf-8')
    read_settings(alone, settings)

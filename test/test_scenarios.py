"""Every shipped scenario is staged as it says, for many seeds, and repeats bit for bit."""

import dataclasses
import math

import numpy as np
import pytest
from shapely import LineString, Point, Polygon

from lepatrol import assembly, resources
from lepatrol.model.alerts import AlertKind
from lepatrol.model.site import ZoneKind
from lepatrol.simulation.physics import Physics
from lepatrol.simulation.scene import Scene
from lepatrol.simulation.staging import stage

LOUD = {
    'intruder_night': AlertKind.ZONE_INTRUSION, 'intruder_waits': AlertKind.ZONE_INTRUSION,
    'fence_cut': AlertKind.FENCE_BREACH, 'gate_open': AlertKind.GATE_OPEN, 'bag_left': AlertKind.ABANDONED_OBJECT,
    'crate_missing': AlertKind.MISSING_OBJECT, 'loiterer': AlertKind.LOITERING, 'crowd': AlertKind.CROWDING,
    'walker': AlertKind.ZONE_INTRUSION, 'runner': AlertKind.RUNNING,
    'camera_covered': AlertKind.CAMERA_COVERED, 'cell_door_open': AlertKind.GATE_OPEN}
QUIET = ('quiet', 'staff_on_duty', 'animals', 'rain', 'fog', 'low_sun', 'dark', 'cells_quiet')
INDOORS = ('cell_door_open', 'cells_quiet')
SEEDS = range(25)
ROBOT_RADIUS_M = 0.45


@pytest.fixture(scope='module')
def site():
    return assembly.load_site('prison')


@pytest.fixture(scope='module')
def scene(site):
    return assembly.load_scene('prison', {'robot': ('ugv', site.start_pose)})


@pytest.fixture(scope='module')
def staged(site, scene):
    scenarios = [assembly.load_scenario(name) for name in (*LOUD, *QUIET)]
    return {each.name: [stage(each, scene, site, 'robot', seed) for seed in SEEDS] for each in scenarios}


def route_line(site, name):
    route = site.routes['cells' if name in INDOORS else 'perimeter']
    points = [(site.waypoints[member].x_m, site.waypoints[member].y_m) for member in route.waypoints]
    return LineString([*points, points[0]])


def new_actors(each, scene):
    old = {actor.name for actor in scene.world.actors}
    return [actor for actor in each.scene.world.actors if actor.name not in old]


def ground_path(actor):
    """Return the points of a path that are walked, not climbed or flown."""
    return [pose.pose.position_m[:2] for pose in actor.path.poses if pose.pose.position_m[2] < 1.0]


def test_the_scenarios_are_all_there_and_named_like_their_files():
    known = resources.known_scenarios()
    assert {*LOUD, *QUIET} <= set(known)
    assert all(assembly.load_scenario(name).name == name for name in known)
    assert all(assembly.load_scenario(name).about for name in known)


@pytest.mark.parametrize('name', [*LOUD, *QUIET])
def test_the_same_seed_stages_the_same_bit_for_bit_and_others_differ(site, scene, staged, name):
    again = stage(assembly.load_scenario(name), scene, site, 'robot', 7)
    first, other = staged[name][7], staged[name][8]

    def told(each):
        return repr((each.scene.world.actors, [model for model in each.scene.world.models if not model.path],
                     each.scene.world.lights, each.truth, each.start_time, each.weather, each.start, each.waypoints))

    assert told(first) == told(again)
    assert told(first) != told(other)


@pytest.mark.parametrize('name', LOUD)
def test_a_loud_scenario_has_one_thing_to_report_within_reach_of_the_walk(site, staged, name):
    for each in staged[name]:
        (subject,) = each.truth.subjects
        assert LOUD[name] in subject.kinds
        walk = LineString([(each.start.x_m, each.start.y_m), *((stop.x_m, stop.y_m) for stop in each.waypoints)])
        if subject.moves_as:
            actor = next(actor for actor in each.scene.world.actors if actor.name == subject.moves_as)
            reach = LineString(ground_path(actor)) if len(ground_path(actor)) > 1 else Point(ground_path(actor)[0])
            assert walk.distance(reach) < 6.0
        elif subject.place_m:
            assert walk.distance(Point(subject.place_m)) < min(subject.within_m, 8.0)


@pytest.mark.parametrize('name', QUIET)
def test_a_quiet_scenario_has_nothing_to_report(staged, name):
    assert not any(each.truth.subjects for each in staged[name])


@pytest.mark.parametrize('name', [*LOUD, *QUIET])
def test_walks_keep_to_the_road_and_people_clear_of_the_robot(site, scene, staged, name):
    route = route_line(site, name)
    crossers = {'intruder', 'walker', 'bag_in_the_wind', 'bird_over_the_wall', 'bird_on_the_ground'}
    for each in staged[name]:
        assert route.distance(Point(each.start.x_m, each.start.y_m)) < 0.01
        assert all(route.distance(Point(stop.x_m, stop.y_m)) < 0.01 for stop in each.waypoints)
        for actor in new_actors(each, scene):
            if actor.name not in crossers:
                places = ground_path(actor)
                path = LineString(places) if len(set(places)) > 1 else Point(places[0])
                assert path.distance(route) > ROBOT_RADIUS_M + 0.25 + 0.3, actor.name


@pytest.mark.parametrize('name', ['staff_on_duty', 'loiterer', 'crowd', 'runner', 'walker'])
def test_people_walk_on_the_ground_of_the_sterile_zone(site, scene, staged, name):
    zones = [Polygon(zone.polygon).buffer(-0.25) for zone in site.zones if zone.kind is ZoneKind.RESTRICTED]
    for each in staged[name]:
        for actor in new_actors(each, scene):
            assert any(zone.contains(Point(actor.path.poses[0].pose.position_m[:2])) for zone in zones)


def test_staff_are_as_few_as_are_allowed_and_in_their_hours(site, scene, staged):
    for each in staged['staff_on_duty']:
        hours, minutes = map(int, each.start_time.split(':'))
        minute = 60 * hours + minutes
        (allowance,) = next(zone for zone in site.zones if zone.name == 'sterile_south').allowed
        assert 1 <= len(new_actors(each, scene)) <= allowance.count
        assert all(window.hold(minute) and window.hold(minute + each.duration_s / 60.0) for window in allowance.hours)


def test_an_intruder_comes_over_the_fence_and_ends_at_the_wall(site, scene, staged):
    inside = Polygon(site.perimeter)
    for each in (*staged['intruder_night'], *staged['intruder_waits']):
        (actor,) = new_actors(each, scene)
        poses = [pose.pose.position_m for pose in actor.path.poses]
        assert inside.contains(Point(poses[0][:2]))
        assert max(z for _, _, z in poses) == pytest.approx(2.8)
        assert inside.distance(Point(poses[-1][:2])) == pytest.approx(8.6)
        assert actor.path.trigger.hidden


def test_a_crowd_is_five_to_seven_people(scene, staged):
    assert {len(new_actors(each, scene)) for each in staged['crowd']} == {5, 6, 7}


def test_every_gate_and_every_crate_comes_up(staged):
    assert {each.truth.subjects[0].name for each in staged['gate_open']} == {
        'door_in_the_fence', 'door_in_the_wall', 'vehicle_gate_in_the_wall'}
    assert {each.truth.subjects[0].name for each in staged['cell_door_open']} == {
        'cell_in_the_south', 'cell_in_the_north', 'far_door'}
    whole = {'crate_1', 'crate_2', 'crate_3', 'crate_4'}
    gone = [whole - {model.name for model in each.scene.world.models} for each in staged['crate_missing']]
    assert all(len(each) == 1 for each in gone)
    assert set().union(*gone) == whole


def test_a_bag_is_as_large_as_was_asked_and_beside_the_road(site, staged):
    for each in staged['bag_left']:
        (subject,) = each.truth.subjects
        assert 0.3 <= subject.size_m[0] <= 0.6
        assert 2.0 < route_line(site, 'bag_left').distance(Point(subject.place_m)) < 4.0


@pytest.mark.parametrize('name', [*LOUD, *QUIET])
def test_physics_runs_every_staged_scene_with_subjects_where_the_truth_says(staged, name):
    each = staged[name][3]
    physics = Physics(each.scene, step_s=0.004)
    physics.run_to(50)
    places = physics.moving_poses()[0]
    assert np.isfinite(places).all()
    for subject in each.truth.subjects:
        if subject.moves_as:
            actor = next(actor for actor in each.scene.world.actors if actor.name == subject.moves_as)
            index = [body.model for body in each.scene.moving].index(subject.moves_as)
            if actor.path.trigger is None:
                assert math.dist(places[index][:2], actor.path.poses[0].pose.position_m[:2]) < 1.0
            else:
                assert places[index][0] > 1000.0
    assert not physics.in_collision('robot')


def test_the_world_that_perception_expects_is_left_as_it_was(site, scene):
    before = dataclasses.astuple(scene.world.models[5]), len(scene.world.models), scene.world.ambient
    stage(assembly.load_scenario('fence_cut'), scene, site, 'robot', 1)
    assert (dataclasses.astuple(scene.world.models[5]), len(scene.world.models), scene.world.ambient) == before


def test_live_robots_stay_where_they_are_put(site, scene):
    played = assembly.stage_live(assembly.load_scenario('fence_cut'), scene, site, 1)
    assert played.scene.robots == scene.robots
    assert len(played.scene.world.models) <= len(scene.world.models)


def test_a_file_of_the_same_format_anywhere_just_works(tmp_path, scene, site):
    path = tmp_path / 'mine.yaml'
    path.write_text('name: mine\nsite: prison\nmission: start gates\nthings:\n'
                    '  - {name: parcel, at: {position: [5, -36]}, size_m: [0.4, 0.4, 0.4], colour: [1, 0, 0]}\n')
    played = stage(assembly.load_scenario(str(path)), scene, site, 'robot', 1)
    assert 'parcel' in {model.name for model in played.scene.world.models}
    assert Scene(played.scene.world).static


def test_who_waits_sets_off_only_when_the_robot_has_gone_on(scene, staged):
    for each in staged['intruder_waits']:
        (actor,) = new_actors(each, scene)
        trigger = actor.path.trigger
        assert trigger.then_beyond_m > trigger.within_m, 'else the robot is both as soon as it comes'


@pytest.mark.parametrize(('name', 'kind'), [
    ('air_fence_cut', AlertKind.FENCE_BREACH), ('air_gate_open', AlertKind.GATE_OPEN),
    ('air_bag', AlertKind.ABANDONED_OBJECT)])
def test_a_drone_flies_past_what_it_ought_to_report_eight_metres_up(site, name, kind):
    scene = assembly.load_scene('prison', {'robot': ('uav', site.start_pose)})
    for seed in range(8):
        each = stage(assembly.load_scenario(name), scene, site, 'robot', seed)
        (subject,) = each.truth.subjects
        assert kind in subject.kinds
        assert {stop.z_m for stop in each.waypoints} == {8.0}
        way = LineString([(each.start.x_m, each.start.y_m), *((stop.x_m, stop.y_m) for stop in each.waypoints)])
        assert way.distance(Point(subject.place_m)) < 7.0

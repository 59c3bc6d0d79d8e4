import dataclasses
import math

import numpy as np
import pytest
from yard_scene import solid, wheeled_robot, world

from lepatrol.model.alerts import AlertKind
from lepatrol.model.errors import LepatrolError
from lepatrol.model.geometry import Pose3
from lepatrol.model.scenario import (
    Appearance,
    Between,
    CameraCover,
    FenceCut,
    FogBank,
    GateOpen,
    Mover,
    MoverKind,
    OneOf,
    Place,
    RainFall,
    Removal,
    Report,
    Scenario,
    Step,
    Sunlight,
    Thing,
    Walk,
    When,
)
from lepatrol.model.site import Medium, Route, Site, Structure, StructureKind, Wait, Waypoint
from lepatrol.simulation.description import Box, Light
from lepatrol.simulation.people import PathWalker
from lepatrol.simulation.scene import Scene
from lepatrol.simulation.staging import stage
from lepatrol.simulation.weather import CoveredCamera, Fog, Glare, Night, Rain

PANEL = Box((2.9, 0.05, 2.8))
REPORT = Report((AlertKind.ZONE_INTRUSION,), within_m=9.0, for_s=2.0, due_s=30.0)
SITE = Site(
    'yard', 'yard', 'a', perimeter=((0.0, 0.0), (20.0, 0.0), (20.0, 20.0), (0.0, 20.0)),
    waypoints={name: Waypoint(name, x, y) for name, x, y in (
        ('a', 0.0, -5.0), ('b', 10.0, -5.0), ('c', 25.0, -5.0), ('d', 25.0, 25.0))},
    routes={'ring': Route('ring', ('a', 'b', 'c', 'd')), 'line': Route('line', ('a', 'c'), closed=False)},
    structures=(
        Structure('fence_1', StructureKind.FENCE, (0.0, 0.0), (3.0, 0.0)),
        Structure('fence_2', StructureKind.FENCE, (20.0, 3.0), (20.0, 6.0)),
        Structure('door', StructureKind.GATE, (6.0, 0.0), (7.3, 0.0))))
SCENE = Scene(
    world(
        solid('fence_1', PANEL, Pose3.from_rpy(1.5, 0.0, 1.4)),
        solid('fence_2', PANEL, Pose3.from_rpy(20.0, 4.5, 1.4, yaw_rad=math.pi / 2.0)),
        solid('door', Box((1.26, 0.06, 2.2)), Pose3.from_rpy(6.02, 0.0, 1.1)),
        solid('box_1', Box((1.0, 0.5, 0.7)), Pose3.from_rpy(12.0, -8.0, 0.35)),
        solid('box_2', Box((1.0, 0.5, 0.7)), Pose3.from_rpy(2.0, -8.0, 0.35)),
        lights=(Light('sun', 'directional', direction=(0.0, 0.0, -1.0)),)),
    {'robot': wheeled_robot('robot')})
SPOT = Place(route='ring', at_m=8.0)


def played(seed=1, **parts):
    parts = {'spot': SPOT, 'walk': Walk(5.0, 6.0), **parts}
    return stage(Scenario('play', 'yard', 'yard', **parts), SCENE, SITE, 'robot', seed)


def model(staged, name):
    return next((each for each in staged.scene.world.models if each.name == name), None)


def actor(staged, name):
    return next(each for each in staged.scene.world.actors if each.name == name)


def person(name='p', *steps, **parts):
    steps = steps or (Step(Place(at_m=0.0, off_route_m=2.0)),)
    return Mover(name, MoverKind.PERSON, steps, **parts)


def start_of(mover, **parts):
    return actor(played(movers=(mover,), **parts), mover.name).path.poses[0].pose.position_m


@pytest.mark.parametrize(('place', 'expected'), [
    (Place(at_m=0.0), (8.0, -5.0)), (Place(at_m=1.0, off_route_m=2.0), (9.0, -3.0)),
    (Place(at_m=1.0, off_route_m=-2.0), (9.0, -7.0)), (Place(at_m=1.0, off_fence_m=2.0), (9.0, -2.0)),
    (Place(at_m=1.0, off_fence_m=-2.0), (9.0, 2.0)), (Place(route='ring', at_m=32.0, off_fence_m=1.0), (21.0, 2.0)),
    (Place(route='ring', at_m=30.0, off_route_m=1.0), (24.0, 0.0)), (Place(position_m=(3.0, 4.0)), (3.0, 4.0)),
    (Place(route='line', at_m=100.0), (25.0, -5.0))])
def test_places_are_found_by_route_spot_and_fence(place, expected):
    assert start_of(person('p', Step(place)))[:2] == pytest.approx(expected, abs=1e-9)


def test_a_person_walks_climbs_and_waits_at_the_speeds_and_times_given():
    there = Place(position_m=(4.0, 0.0))
    mover = person('p', Step(Place(position_m=(0.0, 0.0)), wait_s=2.0), Step(there, speed_m_s=2.0),
                   Step(there, z_m=2.8, in_s=3.0))
    path = actor(played(movers=(mover,)), 'p').path
    x, y, z = PathWalker(path).pose_at(3.0).position_m
    assert (x, y, z) == pytest.approx((2.0, 0.0, 0.0))
    assert PathWalker(path).pose_at(5.5).position_m == pytest.approx((4.0, 0.0, 1.4))
    assert PathWalker(path).pose_at(99.0).position_m == pytest.approx((4.0, 0.0, 2.8))


def test_a_path_in_a_loop_comes_back_and_faces_where_it_goes():
    there = Step(Place(position_m=(2.0, 0.0)), speed_m_s=1.0)
    mover = person('p', Step(Place(position_m=(0.0, 0.0))), there, loop=True)
    path = actor(played(movers=(mover,)), 'p').path
    assert path.poses[-1].pose.position_m == pytest.approx((0.0, 0.0, 0.0))
    assert path.poses[-1].time_s == pytest.approx(4.0, abs=0.5)
    assert abs(PathWalker(path).pose_at(3.0).rpy_rad[2]) == pytest.approx(math.pi)


def test_what_waits_for_the_robot_has_a_trigger_at_its_first_place():
    when = When(14.0, then_beyond_m=16.0, after_s=3.0)
    path = actor(played(movers=(person(when=when),)), 'p').path
    assert path.trigger.place_m == pytest.approx((8.0, -3.0))
    assert (path.trigger.within_m, path.trigger.then_beyond_m, path.trigger.hidden) == (14.0, 16.0, True)
    assert path.delay_start_s == 3.0


def test_a_group_stands_around_its_place_and_is_one_subject():
    staged = played(movers=(person('crowd', count=6.0, scatter_m=1.2, report=REPORT),))
    names = [f'crowd_{number}' for number in range(1, 7)]
    places = np.array([actor(staged, name).path.poses[0].pose.position_m[:2] for name in names])
    assert np.hypot(*(places - (8.0, -3.0)).T) == pytest.approx(np.full(6, 1.05), abs=0.16)
    apart = np.hypot(*(places[:, None] - places[None]).transpose(2, 0, 1)) + 9.0 * np.eye(6)
    assert apart.min() > 0.5
    (subject,) = staged.truth.subjects
    assert (subject.name, subject.moves_as) == ('crowd', None)
    assert subject.place_m == pytest.approx((8.0, -3.0))
    assert staged.truth.people == tuple(names)


def test_a_reported_person_is_a_subject_that_moves_and_looks_as_the_truth_says():
    looks = Appearance(height_m=1.9, clothing='blue', skin='dark')
    staged = played(movers=(person(looks=looks, report=REPORT),))
    (subject,) = staged.truth.subjects
    assert (subject.moves_as, subject.kinds, subject.within_m) == ('p', (AlertKind.ZONE_INTRUSION,), 9.0)
    assert (subject.for_s, subject.due_s, subject.size_m) == (2.0, 30.0, (0.5, 1.9))
    assert subject.appearance == {'clothing': 'blue', 'size': 'tall', 'skin': 'dark'}
    (body,) = actor(staged, 'p').links
    assert body.collisions[0].shape.radius_m == 0.25
    head = next(visual for visual in body.visuals if visual.name == 'head')
    assert head.pose.position_m[2] + head.shape.radius_m == pytest.approx(1.9)


def test_looks_come_up_equally_often_over_45_seeds():
    seen = [tuple(played(seed, movers=(person(report=REPORT),)).truth.subjects[0].appearance.values())
            for seed in range(45)]
    assert len(set(seen)) == 45


def test_animals_are_no_people_and_as_small_as_they_are():
    cat = Mover('cat', MoverKind.CAT, (Step(Place()),))
    staged = played(movers=(cat,))
    assert staged.truth.people == ()
    tops = [c.pose.position_m[2] for c in actor(staged, 'cat').links[0].collisions]
    assert max(tops) < 0.35


def test_a_thing_lies_where_the_truth_says_on_the_ground():
    thing = Thing('bag', Place(off_route_m=-3.0), (0.5, 0.3, 0.4), OneOf(((1.0, 0.0, 0.0), (0.0, 0.0, 1.0))),
                  report=REPORT)
    staged = played(things=(thing,))
    bag = model(staged, 'bag')
    (subject,) = staged.truth.subjects
    assert bag.pose.position_m[:2] == pytest.approx(subject.place_m) == (8.0, -8.0)
    assert bag.links[0].collisions[0].pose.position_m[2] == pytest.approx(0.2)
    assert subject.size_m == pytest.approx((0.5, 0.4))
    assert bag.links[0].visuals[0].material.diffuse[:3] in thing.colour.options


def gaps_in(panel, axis):
    """Return the intervals that a panel's collisions leave open between -1.45 and 1.45 of its own middle."""
    spans = []
    for collision in panel.links[0].collisions:
        x, y, _ = panel.pose.compose(collision.pose).position_m
        middle = (x, y)[axis]
        spans.append((middle - collision.shape.size_m[0] / 2.0, middle + collision.shape.size_m[0] / 2.0))
    ends = sorted(spans)
    low, high = {0: (0.05, 2.95), 1: (3.05, 5.95)}[axis]
    edges = [low, *(edge for span in ends for edge in span), high]
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > 1e-6]


@pytest.mark.parametrize(('place', 'name', 'axis'), [
    (Place(position_m=(1.0, -1.0)), 'fence_1', 0), (Place(position_m=(21.0, 4.0)), 'fence_2', 1)])
@pytest.mark.parametrize('width_m', [0.6, 1.7, 2.8])
def test_a_cut_panel_has_a_hole_as_wide_and_where_it_is_said(place, name, axis, width_m):
    for seed in range(8):
        staged = played(seed, cuts=(FenceCut('cut', place, width_m, REPORT),))
        ((low, high),) = gaps_in(model(staged, name), axis)
        (subject,) = staged.truth.subjects
        assert high - low == pytest.approx(width_m)
        assert subject.place_m[axis] == pytest.approx((low + high) / 2.0)
        assert subject.size_m == pytest.approx((width_m, 2.8))
        assert model(staged, 'fence_1' if axis else 'fence_2') is not None


@pytest.mark.parametrize('width_m', [None, 2.9])
def test_a_panel_cut_over_its_whole_width_is_gone(width_m):
    staged = played(cuts=(FenceCut('cut', Place(position_m=(1.0, 0.0)), width_m, REPORT),))
    assert model(staged, 'fence_1') is None
    assert staged.truth.subjects[0].place_m == pytest.approx((1.5, 0.0))
    assert staged.truth.subjects[0].size_m[0] == pytest.approx(2.9)


def test_a_hole_wider_than_its_panel_is_refused():
    with pytest.raises(LepatrolError, match=r'fence_1: a hole of 3\.20 m does not fit into a panel of 2\.90 m'):
        played(cuts=(FenceCut('cut', Place(position_m=(1.0, 0.0)), 3.2),))


def test_a_door_turns_on_its_hinge_and_a_leaf_slides_along():
    swung = played(gates=(GateOpen('g', 'door', swing_deg=90.0, report=REPORT),))
    assert model(swung, 'door').pose.rpy_rad[2] == pytest.approx(math.pi / 2.0)
    assert swung.truth.subjects[0].place_m == pytest.approx((6.65, 0.0))
    slid = played(gates=(OneOf((GateOpen('g', 'door', slide_m=-0.5, report=REPORT),)),))
    assert model(slid, 'door').pose.position_m[0] == pytest.approx(6.02 - 0.5)
    assert slid.truth.subjects[0].place_m == pytest.approx((7.05, 0.0))
    assert slid.truth.subjects[0].size_m[0] == pytest.approx(0.5)


def test_what_is_removed_is_gone_and_a_pattern_means_the_nearest():
    staged = played(removals=(Removal('gone', 'box_*', SPOT, REPORT),))
    assert model(staged, 'box_1') is None
    assert model(staged, 'box_2') is not None
    assert staged.truth.subjects[0].place_m == pytest.approx((12.0, -8.0))
    assert staged.truth.subjects[0].size_m == pytest.approx((1.0, 0.7))


def test_a_covered_camera_is_the_robots_own_matter_from_its_time_on():
    staged = played(covers=(CameraCover('cover', 7.0, 10.0, Report((AlertKind.CAMERA_COVERED,))),))
    (subject,) = staged.truth.subjects
    assert (subject.place_m, subject.moves_as, subject.from_s, subject.within_m) == (None, None, 7.0, math.inf)
    assert staged.weather.effects == (CoveredCamera(7.0, 10.0),)


def test_weather_and_light_are_set():
    light = Sunlight(azimuth_deg=90.0, elevation_deg=0.0, sun=0.5, ambient=0.2, glare=0.7, sky=(0.1, 0.2, 0.3))
    staged = played(light=light, rain=RainFall(0.02), fog=FogBank(9.0))
    assert [type(effect) for effect in staged.weather.effects] == [Glare, Fog, Rain]
    (sun,) = staged.scene.world.lights
    assert sun.direction == pytest.approx((0.0, -1.0, 0.0), abs=1e-9)
    assert sun.diffuse[:3] == pytest.approx((0.5, 0.5, 0.5))
    assert staged.scene.world.ambient[:3] == pytest.approx((0.2, 0.2, 0.2))
    assert staged.scene.world.background[:3] == (0.1, 0.2, 0.3)
    (night,) = played(light=Sunlight(ambient=0.12, headlight_m=9.0)).weather.effects
    assert isinstance(night, Night)
    assert night.level == pytest.approx(0.2)
    assert played().weather is None


def test_at_night_nothing_counts_as_shining_that_sun_or_sky_light_or_that_is_the_sky():
    def brightest(**light):
        (night,) = played(light=Sunlight(ambient=0.1, headlight_m=9.0, **light)).weather.effects
        return night.brightest

    dark = brightest(sun=0.0, sky=(0.1, 0.1, 0.2))
    assert 0.6 < dark < 0.9
    assert brightest(sun=0.1, sky=(0.1, 0.1, 0.2)) == pytest.approx(dark + 0.1)
    assert brightest(sun=0.0, sky=(0.1, 0.1, 0.95)) == 0.95


def test_the_robot_walks_past_the_spot_and_visits_the_routes_waypoints_there():
    staged = played(walk=Walk(5.0, 6.0, stop_before_m=1.0, stop_s=4.0))
    assert (staged.start.x_m, staged.start.y_m, staged.start.yaw_rad) == pytest.approx((3.0, -5.0, 0.0))
    assert [waypoint.name for waypoint in staged.waypoints] == ['walk-stop', 'b', 'walk-end']
    assert staged.waypoints[0].actions == (Wait(4.0),)
    assert staged.waypoints[0].x_m == pytest.approx(7.0)
    assert (staged.waypoints[-1].x_m, staged.waypoints[-1].y_m) == pytest.approx((14.0, -5.0))
    assert staged.scene.robots['robot'].pose.planar().x_m == pytest.approx(3.0)
    assert staged.order == ''


def test_a_walk_along_a_route_in_the_air_has_the_routes_heights():
    heights = {'a': 8.0, 'b': 8.0, 'c': 14.0, 'd': 8.0}
    site = dataclasses.replace(
        SITE, waypoints={name: dataclasses.replace(waypoint, z_m=heights[name])
                         for name, waypoint in SITE.waypoints.items()},
        routes={'ring': dataclasses.replace(SITE.routes['ring'], medium=Medium.AIR)})

    def heights_of(at_m):
        play = Scenario('play', 'yard', 'yard', spot=Place(route='ring', at_m=at_m), walk=Walk(5.0, 2.5))
        return [waypoint.z_m for waypoint in stage(play, SCENE, site, 'robot', 1).waypoints]

    assert heights_of(5.0) == [8.0]
    assert heights_of(15.0) == pytest.approx([11.0])
    # Over the end of a round: the last leg comes down from d to a, both at 8 m.
    assert heights_of(-10.0) == pytest.approx([8.0])


def test_a_walk_goes_over_the_end_of_a_round():
    staged = played(spot=Place(route='ring', at_m=1.0))
    assert [waypoint.name for waypoint in staged.waypoints] == ['a', 'walk-end']
    assert staged.start.y_m > -5.0


def test_a_mission_leaves_the_robot_where_it_is():
    staged = played(walk=None, mission='start ring')
    assert (staged.order, staged.waypoints) == ('start ring', ())
    assert staged.scene.robots == SCENE.robots


def test_a_time_over_midnight_is_a_time_of_day():
    assert played(start_min=Between(1500.0, 1500.0)).start_time == '01:00'


@pytest.mark.parametrize(('parts', 'complaint'), [
    ({'spot': Place(route='rign')}, "no route 'rign'; known are: ring, line"),
    ({'gates': (GateOpen('g', 'gate', swing_deg=3.0),)}, "no gate 'gate'; known are: door"),
    ({'removals': (Removal('r', 'bench'),)}, "no model 'bench'"),
    ({'things': (Thing('door', SPOT, (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)),)}, 'door: the world yard has a model of this'),
    ({'spot': None}, "the scenario has no 'spot'")])
def test_what_site_and_world_lack_is_named(parts, complaint):
    with pytest.raises(LepatrolError, match=complaint):
        played(**parts)


def test_a_robot_that_is_not_there_is_named():
    with pytest.raises(LepatrolError, match="robot 'ugv9' is not in the scene"):
        stage(Scenario('play', 'yard', 'yard'), SCENE, SITE, 'ugv9', 1)


def test_what_one_element_draws_does_not_depend_on_the_others():
    drawn = person('p', Step(Place(at_m=Between(0.0, 5.0), off_route_m=Between(1.0, 9.0))))
    other = person('q', Step(Place(at_m=Between(0.0, 5.0))))
    alone, with_other = (actor(played(movers=movers), 'p') for movers in ((drawn,), (drawn, other)))
    assert alone.path == with_other.path

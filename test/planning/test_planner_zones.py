"""Planning round zones that came up, and out of them by the shortest way."""

import itertools
import math

import numpy as np
import pytest
from shapely import LineString, Polygon

from lepatrol import assembly
from lepatrol.model.elevation import ElevationMap
from lepatrol.model.errors import PlanningError
from lepatrol.model.geometry import Pose2
from lepatrol.model.navigation import NavigationGoal
from lepatrol.model.occupancy import OCCUPIED, OccupancyMap
from lepatrol.model.site import Medium, Zone, ZoneKind
from lepatrol.planning.air_planner import AirPlanner
from lepatrol.planning.grid import cost_grid
from lepatrol.planning.planner import Planner
from lepatrol.planning.roadmap import Roadmap
from lepatrol.settings.flight import FlightSettings
from lepatrol.settings.navigation import NavigatorSettings, PlannerSettings
from lepatrol.settings.robot import RobotSettings

RADIUS_M = 0.45
TUNING = PlannerSettings(clearance_m=0.35)


def hall(walls=()):
    """Return 40 m x 20 m within walls, and with more of them as (left, bottom, right, top) in metres."""
    cells = np.zeros((200, 400), dtype=np.int8)
    cells[[0, -1], :] = cells[:, [0, -1]] = OCCUPIED
    for left, bottom, right, top in walls:
        cells[round(10 * bottom):round(10 * top), round(10 * left):round(10 * right)] = OCCUPIED
    return OccupancyMap(cells, 0.1, 0.0, 0.0)


def square(left, bottom, right, top, name='spill'):
    return Zone(name, ZoneKind.KEEP_OUT, ((left, bottom), (right, bottom), (right, top), (left, top)))


def length_m(path):
    return sum(math.dist(a, b) for a, b in itertools.pairwise(path))


@pytest.fixture(scope='module')
def open_hall():
    return Planner(hall(), RADIUS_M, TUNING)


def test_a_zone_on_the_way_is_gone_round_and_lifted_is_crossed_again(open_hall):
    spill = square(15, 5, 20, 15)
    straight = open_hall.plan(Pose2(5.0, 10.0), (35.0, 10.0))
    round_it = open_hall.with_zones([spill]).plan(Pose2(5.0, 10.0), (35.0, 10.0))
    assert LineString(straight).length == pytest.approx(30.0, abs=0.1)
    assert LineString(round_it).distance(Polygon(spill.polygon)) >= RADIUS_M
    assert length_m(round_it) < 36.0
    lifted = open_hall.with_zones([spill]).with_zones([])
    assert lifted.plan(Pose2(5.0, 10.0), (35.0, 10.0)).tolist() == straight.tolist()


def test_zones_never_change_the_planner_they_are_given_to(open_hall):
    before = open_hall.grid.lethal.copy()
    open_hall.with_zones([square(15, 5, 20, 15)])
    assert (open_hall.grid.lethal == before).all()


def test_what_is_drawn_anew_round_zones_is_what_drawing_all_anew_would_give(open_hall):
    zones = [square(10, 3, 13.3, 7), square(37, 15, 45, 30), square(12, 6, 20, 9)]
    planner = open_hall
    # One after the other, with one that is lifted in between.
    for some in (zones[:1], zones[:2], [zones[0], square(25, 5, 30, 9)], zones[:1], zones):
        planner = planner.with_zones(some)
    anew = cost_grid(hall(), RADIUS_M, TUNING).with_polygons([zone.polygon for zone in zones], RADIUS_M + 0.2)
    assert (planner.grid.lethal == anew.lethal).all()
    roadmap = Roadmap.build(anew, planner._roadmap.block)
    np.testing.assert_array_equal(planner._roadmap.places, roadmap.places)
    # How finely costs are sampled follows from how many edges are looked at together.
    np.testing.assert_allclose(planner._roadmap.weights, roadmap.weights, rtol=0.03)


def test_a_way_that_zones_close_is_none_and_a_goal_in_one_is_refused_by_its_name(open_hall):
    planner = open_hall.with_zones([square(15, -5, 20, 25, 'flood')])
    with pytest.raises(PlanningError, match='no way from'):
        planner.plan(Pose2(5.0, 10.0), (35.0, 10.0))
    with pytest.raises(PlanningError, match=r'goal .*: lies in the keep-out zone flood'):
        planner.plan(Pose2(5.0, 10.0), (17.0, 10.0))
    with pytest.raises(PlanningError, match=r'is 0\.30 m from the keep-out zone flood, the robot needs 0\.65 m'):
        planner.plan(Pose2(5.0, 10.0), (14.7, 10.0))


def test_a_robot_in_a_zone_leaves_it_by_the_shortest_way_and_goes_on(open_hall):
    spill = square(10, 5, 20, 15)
    planner = open_hall.with_zones([spill])
    path = planner.plan(Pose2(11.0, 10.0), (35.0, 10.0))
    first_outside = next(point for point in path if Polygon(spill.polygon).distance(LineString([point, point])) > 0.6)
    assert first_outside == pytest.approx((9.3, 10.0), abs=0.1)
    assert path[0].tolist() == [11.0, 10.0]
    assert planner.refuge(11.0, 10.0) == pytest.approx((8.7, 10.0), abs=0.15)
    assert planner.refuge(5.0, 10.0) is None
    assert open_hall.refuge(11.0, 10.0) is None


def test_the_shortest_way_out_goes_round_walls_and_not_through_them():
    # The robot stands in a pocket that opens to the east; the zone ends just beyond the pocket's back wall.
    grid = hall([(10, 8, 10.2, 12), (10, 8, 16, 8.2), (10, 11.8, 16, 12)])
    planner = Planner(grid, RADIUS_M, TUNING).with_zones([square(9.8, 7, 17, 13)])
    path = planner.plan(Pose2(11.5, 10.0), (5.0, 10.0))
    line = LineString(path)
    assert line.distance(LineString([(10.1, 8), (10.1, 12)])) >= RADIUS_M
    x, y = planner.refuge(11.5, 10.0)
    assert x > 17.0
    assert y == pytest.approx(10.0, abs=1.0)
    assert planner.is_free(x, y)


def test_the_way_out_of_a_zone_leads_through_no_other(open_hall):
    left, right = square(10, 5, 20, 15, 'left'), square(5, 5, 9, 15, 'right')
    planner = open_hall.with_zones([left, right])
    for place in ((11.0, 10.0), (8.0, 8.0)):
        own, other = (left, right) if left.holds(*place) else (right, left)
        path = LineString(planner.plan(Pose2(*place), (35.0, 10.0)))
        assert path.distance(Polygon(other.polygon)) >= RADIUS_M
        assert path.intersects(Polygon(own.polygon))


def test_the_way_out_of_a_zone_leads_through_none_of_the_sites_own_either():
    planner = Planner(hall(), RADIUS_M, TUNING, [[(5, 4), (9.5, 4), (9.5, 16), (5, 16)]]).with_zones(
        [square(10, 5, 20, 15)])
    path = LineString(planner.plan(Pose2(11.0, 10.0), (35.0, 10.0)))
    assert path.distance(Polygon([(5, 4), (9.5, 4), (9.5, 16), (5, 16)])) >= RADIUS_M


def test_a_robot_that_is_too_near_to_a_wall_in_a_zone_goes_off_it_first(open_hall):
    planner = open_hall.with_zones([square(0, 0, 6, 20)])
    path = planner.plan(Pose2(0.5, 10.0), (20.0, 10.0))
    assert path[0].tolist() == [0.5, 10.0]
    assert LineString(path).length == pytest.approx(19.5, abs=0.3)


def test_so_does_one_in_a_zone_of_the_sites_own():
    planner = Planner(hall(), RADIUS_M, TUNING, [[(0, 0), (6, 0), (6, 20), (0, 20)]])
    path = planner.plan(Pose2(0.5, 10.0), (20.0, 10.0))
    assert path[0].tolist() == [0.5, 10.0]
    assert LineString(path).length == pytest.approx(19.5, abs=0.3)


def test_one_that_is_too_near_to_a_wall_goes_off_it_into_no_zone_of_the_sites_own():
    closed = [(0, 5), (40, 5), (40, 12), (0, 12)]
    planner = Planner(hall(), RADIUS_M, TUNING, [closed])
    path = planner.plan(Pose2(0.5, 12.6), (20.0, 16.0))
    assert LineString(path).distance(Polygon(closed)) >= RADIUS_M


def test_who_is_beset_before_a_zone_does_not_give_way_into_it(open_hall):
    spill = square(15, 5, 25, 15)
    beset = np.column_stack([np.full(41, 13.6), np.linspace(9.0, 11.0, 41)])
    path = open_hall.with_zones([spill]).plan(Pose2(14.0, 10.0), (5.0, 10.0), beset)
    assert LineString(path).distance(Polygon(spill.polygon)) >= RADIUS_M
    assert min(math.dist(path[-1], each) for each in beset) > 5.0


def test_shut_in_between_people_and_a_zone_there_is_no_way(open_hall):
    spill = square(15, 5, 25, 15)
    around = np.linspace(0.5 * math.pi, 1.5 * math.pi, 61)
    beset = np.column_stack([15.0 + 1.2 * np.cos(around), 10.0 + 1.2 * np.sin(around)])
    with pytest.raises(PlanningError, match='start'):
        open_hall.with_zones([spill]).plan(Pose2(14.4, 10.0), (5.0, 10.0), beset)


def test_shut_in_by_walls_there_is_no_way_out():
    grid = hall([(10, 8, 10.2, 12), (13.8, 8, 14, 12), (10, 8, 14, 8.2), (10, 11.8, 14, 12)])
    planner = Planner(grid, RADIUS_M, TUNING).with_zones([square(9, 7, 15, 13)])
    assert planner.refuge(12.0, 10.0) is None
    with pytest.raises(PlanningError, match=r'start .*: lies in the keep-out zone spill, and no way leads out'):
        planner.plan(Pose2(12.0, 10.0), (30.0, 10.0))


@pytest.mark.parametrize('place', [(50.0, 5.0), (math.nan, 5.0), (0.05, 5.0)])
def test_from_nowhere_there_is_no_refuge(open_hall, place):
    assert open_hall.with_zones([square(0, 0, 6, 20)]).refuge(*place) is None


def test_obstacles_seen_count_beside_zones(open_hall):
    planner = open_hall.with_zones([square(15, 0, 20, 12)])
    wall = np.array([(17.5, y) for y in np.arange(12.0, 20.0, 0.05)])
    with pytest.raises(PlanningError, match=r'no way from .* past the'):
        planner.plan(Pose2(5.0, 10.0), (35.0, 10.0), wall)
    path = planner.plan(Pose2(17.0, 6.0), (35.0, 10.0), np.array([(19.0, 6.0), (math.nan, 1.0)]))
    assert LineString(path).distance(LineString([(19.0, 6.0), (19.0, 6.001)])) > 0.7


def yard(tower=None):
    tops = np.zeros((80, 160), dtype=np.float32)
    if tower:
        tops[tower] = 9.0
    return ElevationMap(tops, 0.25, 0.0, 0.0)


def test_in_the_air_zones_are_flown_round_at_every_height_and_left():
    base = AirPlanner(yard(), 0.4, FlightSettings())
    planner = base.with_zones([square(15, 5, 20, 15)])
    goal = NavigationGoal(1, 35.0, 10.0, z_m=6.0)
    for _ in range(2):
        leg = planner.leg(Pose2(5.0, 10.0), 6.0, goal)
        assert leg.height_m == 6.0
        assert LineString(leg.path_m).distance(Polygon(square(15, 5, 20, 15).polygon)) >= 0.4
    assert len(base.leg(Pose2(5.0, 10.0), 6.0, goal).path_m) == 2
    with pytest.raises(PlanningError, match='lies in the keep-out zone spill'):
        planner.leg(Pose2(5.0, 10.0), 6.0, NavigationGoal(2, 17.0, 10.0, z_m=6.0))
    assert planner.refuge(16.0, 10.0, 6.0) == pytest.approx((13.7, 10.0), abs=0.4)
    assert len(planner.with_zones([]).leg(Pose2(5.0, 10.0), 6.0, goal).path_m) == 2


@pytest.fixture(scope='module')
def prison():
    site = assembly.load_site('prison')
    scene = assembly.load_scene('prison', {'ugv': ('ugv', site.start_pose)})
    occupancy = assembly.make_map(scene, scene.robots['ugv'])
    return site, assembly.make_planner(site, occupancy, NavigatorSettings(), RobotSettings())


def test_in_the_prison_a_zone_on_the_patrol_road_is_gone_round(prison):
    site, planner = prison
    spill = square(15.0, -35.6, 18.0, -33.9)
    start, goal = site.waypoints['vehicle_gate'].pose, site.waypoints['south_east_road'].pose
    path = planner.with_zones([spill]).plan(start, goal)
    assert LineString(planner.plan(start, goal)).intersects(Polygon(spill.polygon))
    assert LineString(path).distance(Polygon(spill.polygon)) >= RADIUS_M
    for zone in site.zones:
        if zone.keeps_out(Medium.GROUND):
            assert LineString(path).distance(Polygon(zone.polygon)) >= RADIUS_M

import math

import numpy as np
import pytest
from shapely import LineString, Point, Polygon
from world_footprints import ROOT

from lepatrol.model.elevation import ElevationMap
from lepatrol.model.errors import PlanningError
from lepatrol.model.geometry import Pose2
from lepatrol.model.navigation import NavigationGoal
from lepatrol.model.site import Geofence, Medium, ZoneKind
from lepatrol.planning.air_planner import AirPlanner
from lepatrol.settings.flight import FlightSettings
from lepatrol.settings.site_file import read_site
from lepatrol.simulation.elevation import elevation_map
from lepatrol.simulation.sdf import read_world

RADIUS_M = 0.4
SETTINGS = FlightSettings()


def goal(x, y, z):
    return NavigationGoal(1, x, y, None, z)


def yard(**things):
    """Return 40 x 40 m with things 2 m square: name=(x, y, height)."""
    tops = np.zeros((80, 80), dtype=np.float32)
    for x, y, height in things.values():
        tops[round(2 * y) - 2:round(2 * y) + 2, round(2 * x) - 2:round(2 * x) + 2] = height
    return ElevationMap(tops, 0.5, 0.0, 0.0)


@pytest.fixture(scope='module')
def prison():
    site = read_site(ROOT / 'config/sites/prison.yaml')
    elevation = elevation_map(read_world(ROOT / 'worlds/prison.sdf'), span=site.geofence.polygon)
    keep_out = [zone.polygon for zone in site.zones if zone.kind is ZoneKind.KEEP_OUT]
    return site, elevation, AirPlanner(
        elevation, RADIUS_M, SETTINGS, keep_out=keep_out, geofence=site.geofence), keep_out


def test_a_free_leg_is_straight_and_at_the_higher_of_its_heights():
    planner = AirPlanner(yard(hut=(20.0, 20.0, 3.0)), RADIUS_M, SETTINGS)
    for start_m, end_m in ((6.0, 9.0), (9.0, 6.0)):
        leg = planner.leg(Pose2(5.0, 20.0), start_m, goal(35.0, 20.0, end_m))
        assert leg.height_m == 9.0
        assert leg.path_m.tolist() == [[5.0, 20.0], [35.0, 20.0]]


def test_from_and_to_the_ground_it_flies_at_the_take_off_height_at_least():
    planner = AirPlanner(yard(), RADIUS_M, SETTINGS)
    assert planner.leg(Pose2(5.0, 5.0), 0.2, goal(35.0, 5.0, 0.0), grounded=True).height_m == 3.0
    assert planner.leg(Pose2(5.0, 5.0), 0.2, goal(35.0, 5.0, 7.0), grounded=True).height_m == 7.0
    assert planner.leg(Pose2(5.0, 5.0), 7.0, goal(35.0, 5.0, 0.0)).height_m == 7.0


def test_what_stands_in_the_way_is_gone_round_at_the_same_height():
    planner = AirPlanner(yard(tower=(20.0, 20.0, 30.0)), RADIUS_M, SETTINGS)
    leg = planner.leg(Pose2(5.0, 20.0), 6.0, goal(35.0, 20.0, 6.0))
    assert leg.height_m == 6.0
    tower = Polygon([(19.0, 19.0), (21.0, 19.0), (21.0, 21.0), (19.0, 21.0)])
    assert LineString(leg.path_m).distance(tower) >= RADIUS_M + SETTINGS.clearance_m - 1e-9
    assert LineString(leg.path_m).length < 33.0


def test_where_there_is_no_way_round_it_flies_over():
    elevation = yard()
    elevation.tops_m[:, 38:42] = 8.0
    planner = AirPlanner(elevation, RADIUS_M, SETTINGS)
    leg = planner.leg(Pose2(5.0, 20.0), 6.0, goal(35.0, 20.0, 6.0))
    assert leg.height_m >= 8.0 + SETTINGS.vertical_clearance_m
    low = AirPlanner(elevation, RADIUS_M, SETTINGS, geofence=Geofence(((1, 1), (39, 1), (39, 39), (1, 39)), 2.0, 8.0))
    with pytest.raises(PlanningError, match=r'no way .* \(flying 8\.0 m high or lower\)'):
        low.leg(Pose2(5.0, 20.0), 6.0, goal(35.0, 20.0, 6.0))


def test_no_keep_out_zone_is_flown_over_at_any_height():
    zone = ((15.0, 10.0), (25.0, 10.0), (25.0, 30.0), (15.0, 30.0))
    planner = AirPlanner(yard(), RADIUS_M, SETTINGS, keep_out=[zone])
    leg = planner.leg(Pose2(5.0, 20.0), 30.0, goal(35.0, 20.0, 30.0))
    assert LineString(leg.path_m).distance(Polygon(zone)) >= RADIUS_M - 0.01
    with pytest.raises(PlanningError, match='keep-out zone'):
        planner.leg(Pose2(5.0, 20.0), 30.0, goal(20.0, 20.0, 30.0))


def test_a_leg_never_leaves_a_geofence_that_is_not_convex():
    fence = Geofence(((1, 1), (39, 1), (39, 39), (26, 39), (26, 10), (14, 10), (14, 39), (1, 39)), 2.0, 20.0)
    planner = AirPlanner(yard(), RADIUS_M, SETTINGS, geofence=fence)
    leg = planner.leg(Pose2(5.0, 35.0), 6.0, goal(35.0, 35.0, 6.0))
    assert Polygon(fence.polygon).contains(LineString(leg.path_m))


def test_from_outside_the_geofence_the_way_leads_back_in_first():
    fence = Geofence(((10, 10), (30, 10), (30, 30), (10, 30)), 2.0, 20.0)
    planner = AirPlanner(yard(), RADIUS_M, SETTINGS, geofence=fence)
    leg = planner.leg(Pose2(20.0, 33.0), 25.0, goal(15.0, 15.0, 6.0))
    assert leg.height_m == 20.0
    assert Polygon(fence.polygon).contains(LineString(leg.path_m[1:]))
    assert math.dist(leg.path_m[0], leg.path_m[1]) < 6.0


def test_it_takes_off_under_a_free_sky_only():
    planner = AirPlanner(yard(roof=(20.0, 20.0, 4.0)), RADIUS_M, SETTINGS)
    with pytest.raises(PlanningError, match=r'take-off at .* something 4\.0 m high'):
        planner.leg(Pose2(20.0, 20.0), 0.2, goal(35.0, 20.0, 6.0), grounded=True)


def test_seen_obstacles_are_flown_round():
    planner = AirPlanner(yard(), RADIUS_M, SETTINGS)
    seen = np.array([(20.0, 20.0)])
    leg = planner.leg(Pose2(5.0, 20.0), 6.0, goal(35.0, 20.0, 6.0), obstacles_m=seen)
    assert LineString(leg.path_m).distance(Point(20.0, 20.0)) > RADIUS_M + 0.5


def test_only_what_reaches_the_height_is_known_there():
    planner = AirPlanner(yard(hut=(20.0, 20.0, 5.0)), RADIUS_M, SETTINGS)
    points = np.array([(20.0, 20.0), (5.0, 5.0)])
    assert planner.known(points, 4.0).tolist() == [True, False]
    assert planner.known(points, 9.0).tolist() == [False, False]


def test_every_leg_of_the_prisons_air_routes_is_a_straight_line_well_inside_the_geofence(prison):
    site, _, planner, keep_out = prison
    for route in site.routes.values():
        if route.medium is not Medium.AIR:
            continue
        points = [site.waypoints[name] for name in route.waypoints]
        for start, end in zip(points, points[1:] + points[:1], strict=True):
            leg = planner.leg(start.pose, start.z_m, goal(end.x_m, end.y_m, end.z_m))
            assert len(leg.path_m) == 2
            assert leg.height_m == max(start.z_m, end.z_m)
            line = LineString(leg.path_m)
            assert Polygon(site.geofence.polygon).exterior.distance(line) > 3.0
            assert all(Polygon(zone).distance(line) > 1.0 for zone in keep_out)


def test_legs_over_the_prison_keep_clear_of_everything(prison):
    site, elevation, planner, keep_out = prison
    rng = np.random.default_rng(5)
    flown = 0
    for _ in range(60):
        (ax, bx), (ay, by) = (rng.uniform(-reach, reach, 2).tolist() for reach in (60.0, 40.0))
        az, bz = rng.choice([3.0, 6.0, 9.0, 14.0], 2).tolist()
        try:
            planner.leg(Pose2(ax, ay), az, goal(ax, ay, az))
            leg = planner.leg(Pose2(ax, ay), az, goal(bx, by, bz))
        except PlanningError:
            continue
        flown += 1
        line = LineString(leg.path_m)
        assert Polygon(site.geofence.polygon).contains(line)
        assert site.geofence.floor_m <= leg.height_m <= site.geofence.ceiling_m
        assert all(not Polygon(zone).intersects(line) for zone in keep_out)
        for share in np.linspace(0.0, 1.0, 150):
            point = line.interpolate(share, normalized=True)
            assert elevation.top_within(point.x, point.y, RADIUS_M) <= leg.height_m - SETTINGS.vertical_clearance_m
    assert flown > 15

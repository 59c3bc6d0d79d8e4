"""A plan of a site: what is laid over the world is where it is, and the key explains every colour."""

import math

import numpy as np
import pytest

from lepatrol.evaluation.site_plan import MARGIN_PX, WIDTH_PX, Window, draw_plan, frame_of, ground_size_px, windows_of
from lepatrol.model.site import Route, Site, Structure, StructureKind, Waypoint, Zone, ZoneKind

WINDOW = Window(-30.0, -20.0, 30.0, 20.0)
SCALE = (WIDTH_PX - 2 * MARGIN_PX) / 60.0
WAYPOINT, HOME, ROUTE, GATE, PERIMETER = (60, 50, 40), (40, 150, 40), (190, 70, 0), (220, 0, 220), (235, 150, 60)
A, B = Waypoint('a', -20.0, 10.0), Waypoint('b', 20.0, 10.0)


def a_site(*, waypoints=(A, B), **parts):
    return Site('yard', 'yard', 'a', waypoints={each.name: each for each in waypoints}, **parts)


def plan_of(site, window=WINDOW, **options):
    """Return the plan without its heading, which is one row where there is no title."""
    width, height = ground_size_px(window)
    return draw_plan([(window, np.full((height, width, 3), 200, np.uint8))], site, **options)[1:]


def pixel(x_m, y_m):
    """Return row and column of a place on the plan of the window."""
    return round(MARGIN_PX + (20.0 - y_m) * SCALE), round(MARGIN_PX + (x_m + 30.0) * SCALE)


def colour_at(picture, x_m, y_m):
    return tuple(picture[pixel(x_m, y_m)].tolist())


def count(picture, colour):
    return int((picture == np.array(colour, np.uint8)).all(axis=2).sum())


def test_a_waypoint_is_where_the_scale_puts_it_and_home_is_told_apart():
    picture = plan_of(a_site())
    assert colour_at(picture, B.x_m, B.y_m) == WAYPOINT
    assert colour_at(picture, A.x_m, A.y_m) == HOME
    assert colour_at(picture, 0.0, 0.0) not in (WAYPOINT, HOME)
    moved = plan_of(a_site(waypoints=(A, Waypoint('b', 10.0, -15.0))))
    assert colour_at(moved, 10.0, -15.0) == WAYPOINT
    assert colour_at(moved, B.x_m, B.y_m) != WAYPOINT


def test_the_names_of_waypoints_are_written_beside_them():
    picture, renamed = plan_of(a_site()), plan_of(a_site(waypoints=(A, Waypoint('bank', B.x_m, B.y_m))))
    row, column = pixel(B.x_m, B.y_m)
    rows, columns = np.nonzero((picture != renamed).any(axis=2))
    assert len(rows)
    assert row < rows.min()
    assert rows.max() < row + 30
    assert abs(columns - column).max() < 40


def test_a_route_runs_between_its_waypoints_and_closes_only_where_it_is_closed():
    c = Waypoint('c', 20.0, -10.0)

    def legs(closed):
        site = a_site(waypoints=(A, B, c), routes={'round': Route('round', ('a', 'b', 'c'), closed=closed)})
        picture = plan_of(site)
        return [colour_at(picture, *place) == ROUTE for place in ((-10.0, 10.0), (20.0, 5.0), (10.0, -5.0))]

    assert legs(closed=False) == [True, True, False]
    assert legs(closed=True) == [True, True, True]


def test_perimeter_gates_and_zones_are_where_they_are():
    gate = Structure('gate', StructureKind.GATE, (-3.0, -15.0), (3.0, -15.0))
    zone = Zone('lot', ZoneKind.RESTRICTED, ((-10.0, -10.0), (-2.0, -10.0), (-2.0, 0.0), (-10.0, 0.0)))
    picture = plan_of(a_site(
        perimeter=((-25.0, -15.0), (25.0, -15.0), (25.0, 15.0), (-25.0, 15.0)), structures=(gate,), zones=(zone,)))
    assert colour_at(picture, 0.0, -15.0) == GATE
    assert colour_at(picture, 10.0, -15.0) == PERIMETER
    blue, green, red = colour_at(picture, -6.0, -5.0)
    assert red > blue + 20
    assert red > green + 20
    assert len(set(colour_at(picture, 6.0, -5.0))) == 1


def test_the_key_holds_what_the_plan_holds_and_takes_the_rows_it_needs():
    square = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))
    plain = plan_of(a_site())
    zones = tuple(Zone(kind.value, kind, square) for kind in ZoneKind)
    routes = {f'a_rather_long_name_{number}': Route('r', ('a', 'b')) for number in range(6)}
    full = plan_of(a_site(zones=zones, routes=routes))
    assert full.shape[0] > plain.shape[0]
    ground = 2 * MARGIN_PX + ground_size_px(WINDOW)[1]
    assert count(plain[ground:], GATE) == count(plain[ground:], ROUTE) == 0
    assert count(full[ground:], ROUTE) > 300
    assert count(full[ground:, -MARGIN_PX:], (252, 252, 252)) == (full.shape[0] - ground) * MARGIN_PX


@pytest.mark.parametrize(('north_rad', 'side'), [(math.pi / 2.0, (-1, 0)), (0.0, (0, 1)), (math.pi, (0, -1))])
def test_the_arrow_points_north(north_rad, side):
    top = 2 * MARGIN_PX + ground_size_px(WINDOW)[1]
    foot = plan_of(a_site(), north_rad=north_rad)[top:top + 34]
    rows, columns = np.nonzero((foot[:, WIDTH_PX - 60:WIDTH_PX - 25] < 128).all(axis=2))
    # The head is the heavier end.
    for offsets, towards in ((rows - 17, side[0]), (columns - 20, side[1])):
        assert np.sign(np.round(offsets.mean())) == towards


@pytest.mark.parametrize('window', [WINDOW, Window(0.0, 0.0, 1000.0, 200.0), Window(0.0, 0.0, 50.0, 1000.0)])
def test_every_window_fits_and_the_frame_agrees_with_the_ground(window):
    width, height = ground_size_px(window)
    corner = frame_of(window).pixels(np.array([window.east_m, window.south_m]))
    assert np.abs(corner - (MARGIN_PX + width, MARGIN_PX + height)).max() <= 1
    assert width <= WIDTH_PX - 2 * MARGIN_PX
    assert height <= 1200
    assert plan_of(a_site(), window).shape[1] == WIDTH_PX


def test_what_lies_outside_the_window_leaves_the_margins_clean():
    far = a_site(waypoints=(A, Waypoint('b', 90.0, 10.0)), routes={'r': Route('r', ('a', 'b'), closed=False)})
    picture = plan_of(far)
    assert colour_at(picture, 29.0, 10.0) == ROUTE
    ground = 2 * MARGIN_PX + ground_size_px(WINDOW)[1]
    assert count(picture[:ground, -MARGIN_PX:], (252, 252, 252)) == ground * MARGIN_PX


def test_a_site_too_long_to_be_read_is_shown_whole_and_again_round_home():
    assert windows_of(WINDOW, (0.0, 0.0)) == [WINDOW]
    strip = Window(0.0, 0.0, 1000.0, 200.0)
    whole, detail = windows_of(strip, (960.0, 100.0))
    assert whole == strip
    assert (detail.west_m, detail.east_m) == (780.0, 1000.0)
    assert detail.holds((960.0, 100.0))
    grounds = [(each, np.full((*ground_size_px(each)[::-1], 3), 200, np.uint8)) for each in (whole, detail)]
    site = Site('strip', 'strip', 'a', waypoints={'a': Waypoint('a', 960.0, 100.0), 'b': Waypoint('b', 50.0, 100.0)})
    picture = draw_plan(grounds, site)[1:]
    for window, top in ((whole, 0), (detail, 2 * MARGIN_PX + ground_size_px(whole)[1] + 34)):
        (x, y), = frame_of(window).pixels(np.array([960.0, 100.0])).tolist()
        assert tuple(picture[top + y, x].tolist()) == HOME

"""Pictures of a patrol: what is drawn is where it was, in the colours that the key explains."""

import numpy as np
import pytest

from lepatrol.evaluation.pictures import contact_sheet, draw_map
from lepatrol.model.occupancy import OccupancyMap
from lepatrol.model.site import Site, Waypoint, Zone, ZoneKind

PATH, GREEN, RED, WALL = (200, 100, 20), (70, 140, 40), (50, 50, 210), (95, 85, 80)
PUBLIC, SLOW, PAPER = (205, 240, 205), (170, 225, 250), (252, 252, 252)
SITE = Site('yard', 'yard', 'a')
NOWHERE = np.zeros((0, 2))
SCALE, MARGIN, HEADING = (1500 - 48) / 60.0, 24, 1
"""Pixels per metre on a map 60 m wide, the margin, and the heading's height where there is no title."""


def a_map(occupied=()):
    """Sixty by forty metres; (0, 0) is in its middle."""
    cells = np.zeros((40, 60), dtype=np.int8)
    for row, column in occupied:
        cells[row, column] = 100
    return OccupancyMap(cells, 1.0, -30.0, -20.0)


def pixel(x_m, y_m):
    """Return where a place is in the picture: row and column."""
    return round(HEADING + MARGIN + (20.0 - y_m) * SCALE), round(MARGIN + (x_m + 30.0) * SCALE)


def near(picture, place, reach_px=5):
    """Return the colours round a place, without those mixed at edges."""
    row, column = pixel(*place)
    patch = picture[row - reach_px:row + reach_px + 1, column - reach_px:column + reach_px + 1]
    return set(map(tuple, patch.reshape(-1, 3).tolist()))


def count(picture, colour):
    return int((picture == np.array(colour, np.uint8)).all(axis=2).sum())


def on_map(picture):
    """Return the picture without heading and key."""
    return picture[:-44]


def test_the_picture_keeps_the_maps_proportions():
    assert draw_map(a_map(), SITE, NOWHERE, []).shape == (1 + 968 + 2 * MARGIN + 44, 1500, 3)


def test_the_walked_path_runs_where_it_was_walked():
    picture = draw_map(a_map(), SITE, np.array([[-20.0, -10.0], [20.0, -10.0], [20.0, 10.0]]), [])
    for place in ((-10.0, -10.0), (10.0, -10.0), (20.0, 0.0)):
        assert PATH in near(picture, place), place
    for place in ((-10.0, 10.0), (0.0, 0.0), (-25.0, -10.0)):
        assert near(picture, place) == {PAPER}, place


@pytest.mark.parametrize('walked', [NOWHERE, np.array([[3.0, 4.0]])])
def test_a_path_of_fewer_than_two_points_is_no_line(walked):
    assert count(on_map(draw_map(a_map(), SITE, walked, [])), PATH) < 150


def test_the_path_begins_with_a_ring():
    picture = draw_map(a_map(), SITE, np.array([[5.0, 5.0], [5.0, -5.0]]), [])
    row, column = pixel(5.0, 5.0)
    assert tuple(picture[row - 6, column].tolist()) == PATH
    assert tuple(picture[row - 3, column].tolist()) == (255, 255, 255)


def test_waypoints_are_green_where_reached_and_red_where_missed():
    waypoints = [Waypoint('a', -15.0, 0.0), Waypoint('b', 15.0, 0.0)]
    picture = draw_map(a_map(), SITE, NOWHERE, waypoints, missed=frozenset({'b'}))
    assert GREEN in near(picture, (-15.0, 0.0), 9)
    assert RED in near(picture, (15.0, 0.0), 9)
    assert RED not in near(picture, (-15.0, 0.0), 9)


def test_waypoints_carry_their_numbers_and_names():
    a, b = Waypoint('a', -15.0, 0.0), Waypoint('b', 15.0, 0.0)
    picture, swapped = draw_map(a_map(), SITE, NOWHERE, [a, b]), draw_map(a_map(), SITE, NOWHERE, [b, a])
    renamed = draw_map(a_map(), SITE, NOWHERE, [Waypoint('another', -15.0, 0.0), b])
    row, _ = pixel(-15.0, 0.0)
    for other, top, bottom in ((swapped, row - 11, row + 11), (renamed, row + 14, row + 30)):
        changed = np.flatnonzero((picture != other)[:, :750].any(axis=(1, 2)))
        assert len(changed)
        assert top <= changed.min() <= changed.max() <= bottom


def test_a_waypoint_that_comes_twice_has_one_wider_mark():
    a, b = Waypoint('a', -15.0, 0.0), Waypoint('b', 15.0, 0.0)
    once, twice = (on_map(draw_map(a_map(), SITE, NOWHERE, route)) for route in ([a, b], [a, b, a]))
    once_px, twice_px = (int((picture[:, :750] == GREEN).all(axis=2).any(axis=0).sum()) for picture in (once, twice))
    assert twice_px > once_px + 4
    assert np.array_equal(once[:, 750:], twice[:, 750:])


def test_names_of_waypoints_that_stand_close_do_not_lie_on_each_other():
    waypoints = [Waypoint(name, x_m, 0.0) for name, x_m in
                 (('first_of_the_gates', -1.0), ('second_of_the_gates', 0.5), ('third_of_the_gates', 2.0))]
    blank = draw_map(a_map(), SITE, NOWHERE, [])[:-44]

    def touched(*names):
        shown = [waypoint for waypoint in waypoints if waypoint.name in names]
        return (draw_map(a_map(), SITE, NOWHERE, shown)[:-44] != blank).any(axis=2).sum()

    together = touched(*(waypoint.name for waypoint in waypoints))
    assert together > 0.95 * sum(touched(waypoint.name) for waypoint in waypoints)


@pytest.mark.parametrize('place', [(-29.9, -19.9), (29.9, 19.9), (29.9, -19.9)])
def test_names_at_the_edge_of_the_map_stay_in_the_picture(place):
    name = 'a_waypoint_with_a_name_of_some_length'
    edge, middle = (count(on_map(draw_map(a_map(), SITE, NOWHERE, [Waypoint(name, *at)])), (50, 45, 40))
                    for at in (place, (0.0, 0.0)))
    assert edge == pytest.approx(middle, rel=0.1)


def test_a_wall_is_dark_where_the_map_is_occupied_and_a_thin_fence_is_not_lost():
    picture = draw_map(a_map([(30, column) for column in range(60)]), SITE, NOWHERE, [])
    assert near(picture, (0.0, 10.5)) == {WALL}
    assert near(picture, (0.0, 5.0)) == {PAPER}
    fence = np.zeros((8000, 12000), dtype=np.int8)
    fence[4000:4002] = 100
    fine = draw_map(OccupancyMap(fence, 0.005, -30.0, -20.0), SITE, NOWHERE, [])
    assert WALL in near(fine, (0.0, 0.0))


def test_a_smaller_zone_lies_on_a_larger_one():
    def square(half_m):
        return ((-half_m, -half_m), (half_m, -half_m), (half_m, half_m), (-half_m, half_m))

    zones = (Zone('s', ZoneKind.SLOW, square(3.0), 0.5), Zone('p', ZoneKind.PUBLIC, square(10.0)))
    picture = draw_map(a_map(), Site('yard', 'yard', 'a', zones=zones), NOWHERE, [])
    assert near(picture, (0.0, 0.0)) == {SLOW}
    assert near(picture, (7.0, 7.0)) == {PUBLIC}


def test_the_key_explains_the_colours_that_are_there_and_no_others():
    waypoints, zone = [Waypoint('a', 0.0, 0.0)], Zone('z', ZoneKind.PUBLIC, ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0)))

    def key(site=SITE, missed=frozenset()):
        strip = draw_map(a_map(), site, NOWHERE, waypoints, missed=missed)[-44:]
        return {colour for colour in (WALL, PATH, GREEN, RED, PUBLIC, SLOW) if count(strip, colour) > 300}

    assert key() == {WALL, PATH, GREEN}
    assert key(missed=frozenset({'a'})) == {WALL, PATH, RED}
    assert key(Site('yard', 'yard', 'a', zones=(zone,))) == {WALL, PATH, GREEN, PUBLIC}


def test_a_title_stands_above_the_map_and_a_long_one_is_cut():
    picture = draw_map(a_map(), SITE, NOWHERE, [], title='one round ' * 40)
    heading = picture[:48]
    assert picture.shape[0] == draw_map(a_map(), SITE, NOWHERE, []).shape[0] + 47
    assert count(heading[:, :1400], PAPER) < heading[:, :1400].size // 3
    assert count(heading[:, -MARGIN:], PAPER) == 48 * MARGIN


@pytest.mark.parametrize(('photos', 'columns', 'rows', 'across'), [
    (1, 3, 1, 1), (3, 3, 1, 3), (4, 3, 2, 3), (5, 2, 3, 2)])
def test_a_sheet_has_a_cell_for_every_photo(photos, columns, rows, across):
    sheet = contact_sheet([(np.zeros((30, 40, 3), np.uint8), 'x')] * photos, columns=columns, cell_width_px=200)
    assert sheet.shape == (rows * (150 + 44), across * 216, 3)
    assert count(sheet, (0, 0, 0)) == pytest.approx(photos * 200 * 150, rel=0.01)


def test_photos_of_any_size_fill_the_width_of_their_cell_in_order():
    wide, tall = np.full((100, 800, 3), (0, 0, 250), np.uint8), np.full((80, 40, 3), (250, 0, 0), np.uint8)
    sheet = contact_sheet([(wide, 'wide'), (tall, 'tall')], cell_width_px=200)
    assert sheet.shape == (400 + 44, 2 * 216, 3)
    assert sheet[20, 100].tolist() == [0, 0, 250]
    assert sheet[300, 100].tolist() == list(PAPER)
    assert sheet[300, 316].tolist() == [250, 0, 0]


def test_captions_have_lines_and_stay_in_their_cell():
    black = np.zeros((30, 40, 3), np.uint8)
    one, two = (contact_sheet([(black, caption)], cell_width_px=200) for caption in ('gate', 'gate\nin the wall'))
    assert two.shape[0] == one.shape[0] + 20
    long = contact_sheet([(black, 'a caption that is far too long ' * 9), (black, '')], cell_width_px=200)
    assert count(long[158:, 210:], PAPER) == long[158:, 210:].shape[0] * long[158:, 210:].shape[1]


def test_accents_are_dropped_where_the_font_has_none():
    black = np.zeros((30, 40, 3), np.uint8)
    accented, plain = (contact_sheet([(black, caption)]) for caption in ('Zufahrt für Gäste', 'Zufahrt fur Gaste'))
    assert np.array_equal(accented, plain)


def test_a_sheet_of_nothing_is_refused():
    with pytest.raises(ValueError, match='at least one photo'):
        contact_sheet([])

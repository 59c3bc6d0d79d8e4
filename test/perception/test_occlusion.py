import math

import numpy as np
import pytest
from tracking_bench import ORIGIN, walled

from lepatrol.model.occupancy import OCCUPIED, UNKNOWN, OccupancyMap
from lepatrol.perception.occlusion import CameraView, Occluders, behind_others

HIDDEN = (13.0, 0.5)


def test_a_wall_hides_what_is_behind_it_and_nothing_else():
    wall = walled()
    assert wall.blocked(ORIGIN, (14.0, 0.0))
    assert wall.blocked((14.0, 0.0), ORIGIN)
    assert not wall.blocked(ORIGIN, (8.0, 0.0))
    assert not wall.blocked(ORIGIN, (14.0, 6.0))


def test_what_leans_on_a_wall_is_not_hidden_by_it():
    assert not walled().blocked(ORIGIN, (10.05, 0.0))
    assert not walled().blocked(ORIGIN, (9.8, 0.0))


def test_unknown_cells_and_all_outside_the_map_hide_nothing():
    cells = np.full((20, 20), UNKNOWN, dtype=np.int8)
    assert not Occluders(OccupancyMap(cells, 0.5, 0.0, 0.0)).blocked((-50.0, 5.0), (60.0, 5.0))


def test_a_hidden_thing_can_come_out_at_both_ends_of_a_wall():
    exits = walled().exits(ORIGIN, HIDDEN, 8.0)
    assert len(exits) == 2
    assert {math.copysign(1.0, y) for _, y in exits} == {1.0, -1.0}
    for exit_m in exits:
        assert not walled().blocked(ORIGIN, exit_m)
        assert math.dist(exit_m, HIDDEN) <= 8.0
        # A little towards the middle of the shadow it is hidden.
        assert walled().blocked(ORIGIN, (exit_m[0], exit_m[1] - math.copysign(0.5, exit_m[1])))


def test_the_nearest_exit_comes_first_and_those_out_of_reach_are_left_out():
    near, far = walled().exits(ORIGIN, HIDDEN, 8.0)
    assert math.dist(near, HIDDEN) < math.dist(far, HIDDEN)
    reach = 0.5 * (math.dist(near, HIDDEN) + math.dist(far, HIDDEN))
    (only,) = walled().exits(ORIGIN, HIDDEN, reach)
    assert only == pytest.approx(near, abs=0.15)
    assert walled().exits(ORIGIN, HIDDEN, 1.0) == ()


def test_there_is_no_exit_where_no_free_ground_leads_to_it():
    cells = np.zeros((600, 600), dtype=np.int8)
    cells[270:330, 400:403] = OCCUPIED          # the wall
    cells[270:330, 450:453] = OCCUPIED          # and three more: a closed court
    cells[270:273, 400:453] = cells[327:330, 400:453] = OCCUPIED
    court = Occluders(OccupancyMap(cells, 0.1, -30.0, -30.0))
    assert court.exits(ORIGIN, HIDDEN, 8.0) == ()


def test_a_place_predicted_inside_an_obstacle_has_exits_too():
    assert len(walled().exits(ORIGIN, (10.1, 0.5), 8.0)) == 2


def test_a_place_outside_the_map_has_none_and_breaks_nothing():
    assert walled().exits(ORIGIN, (200.0, 200.0), 5.0) == ()
    assert walled().exits((200.0, 200.0), (205.0, 200.0), 5.0) == ()


def test_a_camera_covers_what_is_ahead_neither_too_near_nor_too_far():
    view = CameraView(ORIGIN, math.pi, 1.2, 10.0)
    assert view.covers((-5.0, 0.0))
    assert view.covers((-5.0, 2.5))
    assert not view.covers((-5.0, 4.0))
    assert not view.covers((5.0, 0.0))
    assert not view.covers((-11.0, 0.0))
    assert not view.covers((-1.0, 0.0))


def test_a_thing_right_behind_another_is_hidden_by_it():
    others = [((5.0, 0.0), 0.5)]
    assert behind_others(ORIGIN, (8.0, 0.3), others)
    assert not behind_others(ORIGIN, (8.0, 1.5), others)
    assert not behind_others(ORIGIN, (3.0, 0.0), others)
    assert not behind_others(ORIGIN, (-8.0, 0.0), others)

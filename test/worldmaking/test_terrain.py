"""Tiles of land join without a step, and the ground is as high as the tiles that stand there."""

import cv2
import numpy as np
import pytest
from world_footprints import MODELS

from lepatrol.worldmaking.land_models import land_config, land_sdf
from lepatrol.worldmaking.terrain import LANDS, LOWEST_M, STEP_M, Ground, stream_rows


@pytest.mark.parametrize('land', LANDS, ids=lambda land: land.model)
def test_the_shipped_land_is_what_the_generator_makes(land):
    folder = MODELS / land.model
    assert (folder / 'model.sdf').read_text(encoding='utf-8') == land_sdf(land)
    assert (folder / 'model.config').read_text(encoding='utf-8') == land_config(land)
    picture = cv2.imread(str(folder / 'materials' / 'heights.png'), cv2.IMREAD_UNCHANGED)
    north_up = land.steps()[::-1] if land.side == 'north' else land.steps()
    np.testing.assert_array_equal(picture, north_up)


@pytest.mark.parametrize('side', ['north', 'south'])
def test_tiles_of_one_side_join_without_a_step_in_any_order(side):
    edges = [land.heights_m()[:, column] for land in LANDS if land.side == side for column in (0, -1)]
    for edge in edges[1:]:
        np.testing.assert_allclose(edge, edges[0], atol=1e-9)


@pytest.mark.parametrize('land', LANDS, ids=lambda land: land.model)
def test_land_stays_below_the_lidar_and_uses_the_whole_picture(land):
    heights = land.heights_m()
    assert heights.max() == pytest.approx(LOWEST_M + 255 * STEP_M)
    assert heights.max() < 0.4
    assert heights.min() < -1.6
    assert np.abs(heights[0]).max() < 0.1


def test_the_stream_bends_by_a_row_at_most_so_that_it_never_breaks():
    assert np.abs(np.diff(stream_rows())).max() == 1
    assert stream_rows()[0] == stream_rows()[-1]


def test_the_ground_is_that_of_the_tiles_and_level_on_the_strip_and_under_the_road():
    ground = Ground(500.0, -200.0)
    open_land = next(land for land in LANDS if land.model == 'border_land_south')
    row, column = 20, 7
    place = -400.0 + open_land.x_m[column], open_land.y_m[row]
    assert ground.height_m(*place) == pytest.approx(open_land.heights_m()[row, column])
    assert [ground.height_m(x, y) for x in (-499.0, 3.0) for y in (-24.0, -9.0, 4.0)] == [0.0] * 6
    assert ground.height_m(0.0, -28.75) < -1.5
    assert [ground.height_m(-200.0, -28.75), ground.height_m(-190.0, -60.0)] == pytest.approx([-0.044] * 2)

import math

import numpy as np
import pytest
from camera_stage import INFO, bag, camera_at, image_of, with_models, yard

from lepatrol.perception.outlines import cut_out, size_in
from lepatrol.simulation.expected_view import SceneView

CAMERA = camera_at(0.0)
BAG = (6.0, 0.5)


def pictures(size=0.4, colour=(0.6, 0.1, 0.1)):
    """Return a picture of the yard with a bag, and where it differs from one without."""
    views = [SceneView(world) for world in (yard(), with_models(yard(), bag(*BAG, colour, size)))]
    empty, full = (view.picture(INFO, CAMERA).copy() for view in views)
    for view in views:
        view.close()
    return image_of(0.0, full, np.random.default_rng(1)), (empty != full).any(axis=2)


@pytest.fixture(scope='module')
def stage():
    return pictures()


def grown(mask, by):
    around = mask.copy()
    for _ in range(by):
        around[1:] |= around[:-1]
        around[:-1] |= around[1:]
        around[:, 1:] |= around[:, :-1]
        around[:, :-1] |= around[:, 1:]
    return around


@pytest.mark.parametrize('by', [0, 1, 2])
def test_an_object_is_cut_out_to_the_pixel_though_what_differs_reaches_farther(stage, by):
    image, mask = stage
    cutout = cut_out(image, CAMERA, grown(mask, by), (6.2, 0.4), 0.4)
    assert np.count_nonzero(cutout.mask ^ mask) < 0.02 * np.count_nonzero(mask)
    assert cutout.outline.is_whole
    assert cutout.outline.fill > 0.9


def test_its_size_is_told_by_how_far_away_it_stands(stage):
    image, mask = stage
    width, height = size_in(cut_out(image, CAMERA, mask, BAG, 0.4).outline, BAG)
    across = 0.4 * (math.cos(0.4) + math.sin(0.4))
    assert width.value == pytest.approx(across, abs=2.0 * width.deviation + 0.03)
    assert height.value == pytest.approx(0.4, abs=2.0 * height.deviation + 0.03)


def test_without_an_expected_view_it_is_what_stands_out_from_its_surroundings(stage):
    image, mask = stage
    cutout = cut_out(image, CAMERA, None, BAG, 0.4)
    assert np.count_nonzero(cutout.mask & mask) > 0.6 * np.count_nonzero(mask)


def test_what_is_elsewhere_is_not_taken_for_it(stage):
    image, mask = stage
    assert cut_out(image, CAMERA, mask, (6.0, -3.0), 0.4) is None
    assert cut_out(image, CAMERA, mask, (-6.0, 0.0), 0.4) is None
    assert cut_out(image, CAMERA, np.zeros_like(mask), BAG, 0.4) is None


def test_what_the_pictures_edge_cuts_off_is_not_whole(stage):
    image, mask = stage
    aside = np.zeros_like(mask)
    columns = np.flatnonzero(mask.any(axis=0))
    width = len(columns)
    aside[:, :width // 2] = mask[:, columns[-(width // 2):]]
    place = (6.0, 6.0 * math.tan(0.6) - 0.1)
    cutout = cut_out(image_of(0.0, np.roll(image.rgb, -columns[-(width // 2)], axis=1)), CAMERA, aside, place, 0.5)
    assert cutout is not None
    assert not cutout.outline.is_whole

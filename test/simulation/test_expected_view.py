import numpy as np
import pytest
from picture_scene import ground, scene_of, thing

from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import CameraInfo
from lepatrol.simulation.description import Box
from lepatrol.simulation.expected_view import SceneView

INFO = CameraInfo.from_horizontal_fov(320, 240, 1.2)
EYE = Pose3.from_rpy(z_m=1.2)
WALL = thing('wall', Box((0.4, 4.0, 3.0)), Pose3.from_rpy(8.0, 0.0, 1.5))


@pytest.fixture
def view_of():
    made = []

    def make(*models):
        made.append(SceneView(scene_of(*models).world))
        return made[-1]

    yield make
    for view in made:
        view.close()


def test_the_depth_of_a_wall_and_of_the_ground_is_exact_and_the_sky_has_none(view_of):
    depth = view_of(ground(), WALL).depth_m(INFO, EYE)
    assert depth.shape == (240, 320)
    assert depth.dtype == np.float32
    assert depth[110:125, 130:190] == pytest.approx(7.8, abs=1e-3)
    # A pixel tells of the middle of the block of four that it lies in.
    assert depth[238, 160] == pytest.approx(1.2 * INFO.fy / (238.0 - 120.0), rel=0.02)
    assert np.isinf(depth[4, 10])


def test_a_turned_and_tilted_camera_measures_along_its_own_axis(view_of):
    pose = Pose3.from_rpy(1.0, 0.5, 1.4, pitch_rad=0.1, yaw_rad=0.2)
    depth = view_of(ground(), WALL).depth_m(INFO, pose)
    ray = pose.rotation @ (1.0, 0.0, 0.0)
    assert depth[118:122, 158:162] == pytest.approx((7.8 - 1.0) / ray[0], rel=0.01)


def test_what_moves_is_not_expected(view_of):
    box = Box((0.5, 0.5, 0.5))
    bare = view_of(ground(), WALL)
    busy = view_of(ground(), WALL, thing('cart', box, Pose3.from_rpy(4.0, 0.0, 0.5), static=False))
    assert np.array_equal(bare.picture(INFO, EYE), busy.picture(INFO, EYE))


def test_structures_can_be_left_out_seen_through_or_not():
    gate = thing('gate', Box((0.1, 2.0, 2.0)), Pose3.from_rpy(4.0, 0.0, 1.0))
    guarded, bare = (SceneView(scene_of(ground(), WALL, *more).world, ['gate', 'no_such']) for more in ((gate,), ()))
    plain = SceneView(scene_of(ground(), WALL, gate).world)
    try:
        guarded.prepare()
        assert np.array_equal(guarded.without_structures(INFO, EYE), bare.picture(INFO, EYE))
        assert not np.array_equal(guarded.picture(INFO, EYE), bare.picture(INFO, EYE))
        assert np.array_equal(plain.without_structures(INFO, EYE), plain.picture(INFO, EYE))
    finally:
        for view in (guarded, bare, plain):
            view.close()


def test_what_is_seen_through_has_no_depth_and_can_be_left_out(view_of):
    pane = thing('pane', Box((0.02, 3.0, 3.0)), Pose3.from_rpy(4.0, 0.0, 1.5), colour=(0.9, 0.1, 0.1, 0.5))
    bare, fenced = view_of(ground(), WALL), view_of(ground(), WALL, pane)
    assert np.array_equal(bare.depth_m(INFO, EYE), fenced.depth_m(INFO, EYE))
    assert np.array_equal(bare.picture(INFO, EYE), fenced.without_clear(INFO, EYE))
    assert not np.array_equal(bare.picture(INFO, EYE), fenced.picture(INFO, EYE))

import numpy as np
import pytest
from picture_scene import (
    BOX,
    BOX_POSE,
    CAMERA_POSES,
    camera,
    differs_from_sky,
    ground,
    moving_poses,
    outline,
    scene_of,
    shoot,
    thing,
    worst_error_px,
)

from lepatrol.model.geometry import Pose3
from lepatrol.simulation import gl_screen
from lepatrol.simulation.description import Box, Heightmap, Light, TriangleMesh, World
from lepatrol.simulation.render import RenderingError, make_renderer
from lepatrol.simulation.render_thread import RenderThread
from lepatrol.simulation.scene import Scene

AHEAD = Pose3.from_rpy(z_m=1.2)


@pytest.fixture
def renderer_of():
    made = []

    def make(scene):
        try:
            made.append(make_renderer('mujoco', scene))
        except RenderingError as error:
            pytest.skip(str(error))
        return made[-1]

    yield make
    for renderer in made:
        renderer.close()


@pytest.mark.parametrize('static', [True, False])
def test_a_box_appears_where_the_pinhole_model_says_to_one_pixel(renderer_of, static):
    scene = scene_of(thing('box', BOX, BOX_POSE, static=static))
    renderer = renderer_of(scene)
    for camera_pose in CAMERA_POSES:
        shown = differs_from_sky(shoot(renderer, scene, camera(), camera_pose))
        assert shown.sum() > 50
        assert worst_error_px(shown, outline(BOX, BOX_POSE, camera(), camera_pose)) <= 1.0


def test_cameras_of_several_sizes_and_angles_share_one_renderer(renderer_of):
    scene = scene_of(thing('box', BOX, BOX_POSE, static=False))
    renderer = renderer_of(scene)
    for sensor in (camera(), camera(102, 77, 0.9), camera(fov=0.6), camera(102, 77, 0.9)):
        picture = shoot(renderer, scene, sensor, AHEAD)
        assert picture.shape == (sensor.height, sensor.width, 3)
        assert worst_error_px(differs_from_sky(picture), outline(BOX, BOX_POSE, sensor, AHEAD)) <= 1.0


def test_nothing_nearer_or_farther_than_the_clip_distances_is_drawn(renderer_of):
    scene = scene_of(thing('box', Box((1.0, 1.0, 1.0)), Pose3.from_rpy(6.0, 0.0, 1.2)))
    renderer = renderer_of(scene)
    assert differs_from_sky(shoot(renderer, scene, camera(), AHEAD)).any()
    assert not differs_from_sky(shoot(renderer, scene, camera(near_m=8.0), AHEAD)).any()
    assert not differs_from_sky(shoot(renderer, scene, camera(far_m=5.0), AHEAD)).any()


def test_a_box_throws_a_shadow_where_the_world_has_shadows(renderer_of):
    sun = Light('sun', 'directional', direction=(0.0, 0.5, -0.8), cast_shadows=True)
    darkest = {}
    for shadows in (True, False):
        models = (ground(), thing('box', Box((1.0, 1.0, 2.0)), Pose3.from_rpy(6.0, z_m=1.0)))
        scene = Scene(World('yard', models, lights=(sun,), shadows=shadows))
        picture = shoot(renderer_of(scene), scene, camera(), Pose3.from_rpy(z_m=3.0, pitch_rad=0.4))
        green = picture[(picture[:, :, 1] > picture[:, :, 0]) & (picture[:, :, 1] > picture[:, :, 2])]
        darkest[shadows] = int(green[:, 1].min())
    assert darkest[True] < 0.7 * darkest[False]


def test_it_draws_in_a_thread_of_its_own(renderer_of):
    scene = scene_of(thing('box', BOX, BOX_POSE, static=False))
    expected = shoot(renderer_of(scene), scene, camera(), AHEAD)
    thread = RenderThread(lambda: make_renderer('mujoco', scene))
    picture = thread.submit(camera(), AHEAD, *moving_poses(scene)).result(30.0)
    thread.close()
    assert (picture == expected).all()


def test_meshes_and_heightmaps_are_drawn(renderer_of):
    tetrahedron = TriangleMesh(
        np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.3, 0.0, 1.5]]),
        np.array([[0, 2, 1], [0, 1, 3], [1, 2, 3], [2, 0, 3]], dtype=np.int32))
    hill = Heightmap(np.array([[0.0, 0.0, 0.0], [0.0, 2.0, 0.0], [0.0, 0.0, 0.0]]), (4.0, 4.0))
    for shape in (tetrahedron, hill):
        scene = scene_of(thing('thing', shape, Pose3.from_rpy(6.0)))
        shown = differs_from_sky(shoot(renderer_of(scene), scene, camera(), AHEAD))
        assert shown[60:, 60:100].sum() > 100
        assert not shown[:20].any()


def test_a_machine_without_graphics_libraries_is_told_the_command_that_installs_them(monkeypatch):
    monkeypatch.delenv('MUJOCO_GL', raising=False)
    monkeypatch.setattr(gl_screen.ctypes.util, 'find_library', lambda name: None)
    with pytest.raises(RenderingError, match=r'apt-get install libegl1 .* or OSMesa with: .* libosmesa6'):
        make_renderer('mujoco', scene_of(thing('box', BOX, BOX_POSE)))

import math
from pathlib import Path

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
from lepatrol.simulation.description import Box, Heightmap, Light, Link, Model, TriangleMesh, World
from lepatrol.simulation.render import RenderingError, make_renderer
from lepatrol.simulation.render_thread import RenderThread
from lepatrol.simulation.scene import Scene
from lepatrol.simulation.sdf import read_world

WORLDS = Path(__file__).parents[2] / 'worlds'
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


@pytest.mark.parametrize(('name', 'x', 'y'), [('bench_yard', 0.0, 0.0), ('prison', -7.0, -33.4)])
def test_pictures_of_the_worlds_are_never_blank(renderer_of, name, x, y):
    scene = Scene(read_world(WORLDS / f'{name}.sdf'))
    renderer = renderer_of(scene)
    for yaw in np.linspace(0.0, 6.0, 5):
        picture = shoot(renderer, scene, camera(320, 240), Pose3.from_rpy(x, y, 0.8, yaw_rad=yaw))
        assert len(np.unique(picture.reshape(-1, 3), axis=0)) >= 4
        assert picture.std() > 5.0


@pytest.mark.parametrize('kind', ['point', 'spot'])
def test_a_lamp_on_a_link_lights_what_is_below_it_and_only_a_point_light_what_is_above(renderer_of, kind):
    seen = {}
    for intensity in (1.0, 0.0):
        lamp = Light('lamp', kind, Pose3.from_rpy(6.0, z_m=3.0), intensity=intensity)
        mast = Model('mast', Pose3(), static=True, links=(Link('link', lights=(lamp,)),))
        wall = thing('wall', Box((0.2, 2.0, 2.0)), Pose3.from_rpy(8.0, z_m=5.0))
        scene = Scene(World('night', (ground(), mast, wall), ambient=(0.05, 0.05, 0.05, 1.0)))
        renderer = renderer_of(scene)
        assert renderer.left_out == ()
        for place, pitch in (('ground', math.atan2(2.0, 6.0)), ('wall', math.atan2(-3.0, 8.0))):
            picture = shoot(renderer, scene, camera(), Pose3.from_rpy(z_m=2.0, pitch_rad=pitch))
            seen[place, intensity] = int(picture[58:62, 78:82].max())
    assert seen['ground', 1.0] > 2 * seen['ground', 0.0]
    assert (seen['wall', 1.0] > 2 * seen['wall', 0.0]) == (kind == 'point')


def test_what_glows_is_bright_without_any_light(renderer_of):
    warm = (1.0, 0.9, 0.7, 1.0)

    def seen(**material):
        head = thing('head', Box((0.2, 2.0, 2.0)), Pose3.from_rpy(6.0, z_m=1.2), colour=warm, **material)
        scene = Scene(World('night', (head,), ambient=(0.0, 0.0, 0.0, 1.0)))
        return shoot(renderer_of(scene), scene, camera(), Pose3.from_rpy(z_m=1.2))[60, 80].tolist()

    assert max(seen()) < 20
    assert seen(emissive=warm) == pytest.approx([255, 229, 178], abs=6)


def test_a_lamp_that_fades_shines_less_from_afar_the_more_it_fades(renderer_of):
    def brightness(attenuation):
        lamp = Light('lamp', 'spot', Pose3.from_rpy(6.0, z_m=5.0), attenuation=attenuation)
        scene = Scene(World('night', (ground(),), lights=(lamp,), ambient=(0.05, 0.05, 0.05, 1.0)))
        picture = shoot(renderer_of(scene), scene, camera(), Pose3.from_rpy(z_m=2.0, pitch_rad=math.atan2(2.0, 6.0)))
        return int(picture[58:62, 78:82].max())

    steady, linear, quadratic = (brightness(each) for each in ((1.0, 0.0, 0.0), (1.0, 0.2, 0.0), (1.0, 0.0, 0.2)))
    assert steady > 1.3 * linear > 1.3 * 1.3 * quadratic


def test_shadows_of_a_point_light_are_not_shown_and_this_is_said(renderer_of):
    scene = Scene(World('night', (ground(),), lights=(Light('lantern', 'point', cast_shadows=True),)))
    assert renderer_of(scene).left_out == ('light lantern: the renderer mujoco shows no shadows of point lights',)


def test_the_worlds_lights_shine_first_and_those_beyond_the_most_there_can_be_are_named(renderer_of):
    def brightness(lights, lamps):
        mast = Model('mast', Pose3(), static=True, links=(Link('link', lights=lamps),))
        scene = Scene(World('night', (mast, ground()), lights=lights, ambient=(0.05, 0.05, 0.05, 1.0)))
        renderer = renderer_of(scene)
        picture = shoot(renderer, scene, camera(), Pose3.from_rpy(z_m=2.0, pitch_rad=0.3))
        return int(picture[75:].max()), [line.split(':')[0] for line in renderer.left_out]

    dark = tuple(Light(f'dark{index}', 'point', intensity=0.0) for index in range(7))
    sun = Light('sun', 'directional')
    assert brightness((sun,), dark) == (brightness((sun,), ())[0], ['light dark5', 'light dark6'])
    lamp = Light('lamp', 'point', Pose3.from_rpy(6.0, z_m=3.0))
    last, beyond = brightness((*dark[:5], lamp), ()), brightness((*dark[:6], lamp), ())
    assert last[0] > 2 * beyond[0]
    assert (last[1], beyond[1]) == ([], ['light lamp'])


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

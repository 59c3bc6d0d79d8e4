import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from picture_scene import (
    BOX,
    BOX_POSE,
    CAMERA_POSES,
    SUN,
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
from lepatrol.simulation.description import Box, Cylinder, Light, World
from lepatrol.simulation.render import RenderingError, make_renderer
from lepatrol.simulation.scene import Scene
from lepatrol.simulation.sdf import read_world

WORLDS = Path(__file__).parents[2] / 'worlds'
AHEAD = Pose3.from_rpy(z_m=1.2)


@pytest.fixture
def renderer_of():
    made = []

    def make(scene):
        made.append(make_renderer('panda3d', scene))
        return made[-1]

    yield make
    for renderer in made:
        renderer.close()


@pytest.mark.parametrize('camera_pose', CAMERA_POSES)
@pytest.mark.parametrize('static', [True, False])
def test_a_box_appears_where_the_pinhole_model_says_to_one_pixel(renderer_of, camera_pose, static):
    scene = scene_of(thing('box', BOX, BOX_POSE, static=static))
    picture = shoot(renderer_of(scene), scene, camera(), camera_pose)
    shown = differs_from_sky(picture)
    assert shown.sum() > 50
    assert worst_error_px(shown, outline(BOX, BOX_POSE, camera(), camera_pose)) <= 1.0


def test_a_visual_is_drawn_at_its_own_pose_in_its_link(renderer_of):
    offset = Pose3.from_rpy(0.3, -0.2, 0.5, yaw_rad=0.4)
    for static in (True, False):
        scene = scene_of(thing('box', BOX, BOX_POSE, static=static, offset=offset))
        shown = differs_from_sky(shoot(renderer_of(scene), scene, camera(), AHEAD))
        assert worst_error_px(shown, outline(BOX, BOX_POSE.compose(offset), camera(), AHEAD)) <= 1.0


def test_a_moving_body_is_drawn_where_the_poses_say(renderer_of):
    scene = scene_of(thing('box', BOX, BOX_POSE, static=False))
    renderer = renderer_of(scene)
    for pose in (Pose3.from_rpy(5.0, -1.0, 1.0), Pose3.from_rpy(8.0, 2.0, 1.5, 0.4, 0.5, 2.0)):
        picture = renderer.draw(camera(), AHEAD, np.array([pose.position_m]), np.array([pose.orientation_wxyz]))
        assert worst_error_px(differs_from_sky(picture), outline(BOX, pose, camera(), AHEAD)) <= 1.0


def test_cameras_of_several_sizes_and_angles_share_one_renderer(renderer_of):
    scene = scene_of(thing('box', BOX, BOX_POSE))
    renderer = renderer_of(scene)
    wide, narrow, odd = camera(), camera(fov=0.6), camera(101, 77, 0.9)
    for sensor in (wide, odd, narrow, wide, odd):
        picture = shoot(renderer, scene, sensor, AHEAD)
        assert picture.shape == (sensor.height, sensor.width, 3)
        assert picture.dtype == np.uint8
        polygon = outline(BOX, BOX_POSE, sensor, AHEAD)
        assert worst_error_px(differs_from_sky(picture), polygon) <= 1.0


def test_nothing_nearer_or_farther_than_the_clip_distances_is_drawn(renderer_of):
    scene = scene_of(thing('box', Box((1.0, 1.0, 1.0)), Pose3.from_rpy(6.0, 0.0, 1.2)))
    renderer = renderer_of(scene)
    assert differs_from_sky(shoot(renderer, scene, camera(), AHEAD)).any()
    assert not differs_from_sky(shoot(renderer, scene, camera(near_m=8.0), AHEAD)).any()
    assert not differs_from_sky(shoot(renderer, scene, camera(far_m=5.0), AHEAD)).any()


def test_what_is_nearer_hides_what_is_farther(renderer_of):
    red, green = (0.9, 0.0, 0.0, 1.0), (0.0, 0.9, 0.0, 1.0)
    scene = scene_of(
        thing('far', Box((1.0, 9.0, 9.0)), Pose3.from_rpy(12.0, 0.0, 1.2), colour=green),
        thing('near', Box((1.0, 1.0, 1.0)), Pose3.from_rpy(5.0, 0.0, 1.2), colour=red))
    picture = shoot(renderer_of(scene), scene, camera(), AHEAD)
    assert picture[60, 80, 0] > 50 > picture[60, 80, 1]
    assert picture[60, 110, 1] > 50 > picture[60, 110, 0]


def test_what_moves_is_lit_like_what_stands(renderer_of):
    looks = []
    for static in (True, False):
        scene = scene_of(thing('box', BOX, BOX_POSE, static=static))
        looks.append(shoot(renderer_of(scene), scene, camera(), Pose3.from_rpy(2.0, -1.0, 3.0, 0.0, 0.4, 0.3)))
    assert np.abs(looks[0].astype(int) - looks[1]).max() <= 2


def test_the_faces_of_a_box_are_told_apart_from_every_corner(renderer_of):
    scene = scene_of(thing('box', Box((1.0, 1.0, 1.0)), Pose3.from_rpy(z_m=0.5)))
    renderer = renderer_of(scene)
    for yaw in np.radians([45, 135, 225, 315]):
        pose = Pose3.from_rpy(-3.0 * np.cos(yaw), -3.0 * np.sin(yaw), 2.5, pitch_rad=0.6, yaw_rad=yaw)
        picture = shoot(renderer, scene, camera(), pose)
        colours = np.unique(picture[differs_from_sky(picture)], axis=0).astype(int)
        assert len(colours) == 3
        assert min(np.abs(a - b).max() for i, a in enumerate(colours) for b in colours[:i]) >= 8


def test_one_sees_through_a_clear_panel(renderer_of):
    behind = thing('wall', Box((0.2, 20.0, 20.0)), Pose3.from_rpy(10.0, 0.0, 1.2), colour=(0.0, 0.9, 0.0, 1.0))
    panel = thing('panel', Box((0.02, 2.0, 2.0)), Pose3.from_rpy(4.0, 0.0, 1.2), colour=(0.9, 0.0, 0.0, 0.5))
    scene = scene_of(behind, panel)
    red, green, _ = shoot(renderer_of(scene), scene, camera(), AHEAD)[60, 80].tolist()
    plain = scene_of(behind)
    alone = int(shoot(renderer_of(plain), plain, camera(), AHEAD)[60, 80, 1])
    assert red > 20
    assert green == pytest.approx(alone / 2, abs=4)


def test_thin_layers_of_the_ground_are_not_mixed_up_from_afar(renderer_of):
    stripe = thing('stripe', Box((60.0, 2.0, 0.002)), Pose3.from_rpy(z_m=0.006), colour=(1.0, 1.0, 1.0, 1.0))
    road = thing('road', Box((60.0, 6.0, 0.004)), Pose3.from_rpy(z_m=0.002), colour=(0.2, 0.2, 0.2, 1.0))
    scene = scene_of(stripe, road, ground())
    high = Pose3.from_rpy(-20.0, 0.0, 20.0, pitch_rad=0.7)
    picture = shoot(renderer_of(scene), scene, camera(), high)
    middle = picture[40:110, 80]
    assert (middle == middle[0]).all()
    assert len(np.unique(picture[50:, :].reshape(-1, 3), axis=0)) == 3


def test_a_thing_half_sunk_into_the_ground_is_hidden_below_it(renderer_of):
    scene = scene_of(ground(), thing('post', Box((0.5, 0.5, 2.0)), Pose3.from_rpy(6.0), colour=(0.9, 0.0, 0.0, 1.0)))
    picture = shoot(renderer_of(scene), scene, camera(), AHEAD)
    red = (picture[:, :, 0] > 60) & (picture[:, :, 1] < 30)
    assert worst_error_px(red, outline(Box((0.5, 0.5, 1.0)), Pose3.from_rpy(6.0, z_m=0.5), camera(), AHEAD)) <= 1.0


def test_a_round_thing_is_shaded_round(renderer_of):
    scene = scene_of(thing('drum', Cylinder(0.8, 1.5), Pose3.from_rpy(5.0, z_m=1.2), static=False))
    picture = shoot(renderer_of(scene), scene, camera(), AHEAD)
    row = picture[60][differs_from_sky(picture)[60]]
    assert len(np.unique(row, axis=0)) > 5


@pytest.mark.parametrize(('name', 'x', 'y'), [('bench_yard', 0.0, 0.0), ('prison', -7.0, -33.4)])
def test_pictures_of_the_worlds_are_never_blank(renderer_of, name, x, y):
    scene = Scene(read_world(WORLDS / f'{name}.sdf'))
    renderer = renderer_of(scene)
    for yaw in np.linspace(0.0, 6.0, 12):
        picture = shoot(renderer, scene, camera(320, 240), Pose3.from_rpy(x, y, 0.8, yaw_rad=yaw))
        assert len(np.unique(picture.reshape(-1, 3), axis=0)) >= 4
        assert picture.std() > 5.0


def test_the_same_poses_give_the_same_picture_in_another_renderer(renderer_of):
    scene = Scene(read_world(WORLDS / 'bench_yard.sdf'))
    first, second = (shoot(renderer_of(scene), scene, camera(), AHEAD) for _ in range(2))
    assert (first == second).all()


def test_a_picture_is_the_callers_to_keep(renderer_of):
    scene = scene_of(thing('box', BOX, BOX_POSE))
    renderer = renderer_of(scene)
    first = shoot(renderer, scene, camera(), AHEAD)
    kept = first.copy()
    shoot(renderer, scene, camera(), Pose3.from_rpy(yaw_rad=2.0))
    assert (first == kept).all()


def test_a_texture_shows_its_mean_colour_and_this_is_said(renderer_of, tmp_path):
    texture = tmp_path / 'chequered.png'
    squares = np.zeros((8, 8, 3), dtype=np.uint8)
    squares[::2, ::2] = squares[1::2, 1::2] = (0, 200, 0)
    cv2.imwrite(str(texture), squares)
    white = {'colour': (1.0, 1.0, 1.0, 1.0)}
    textured = scene_of(thing('box', BOX, BOX_POSE, texture=texture, **white))
    plain = scene_of(thing('box', BOX, BOX_POSE, colour=(0.0, 100 / 255, 0.0, 1.0)))
    renderer = renderer_of(textured)
    assert (shoot(renderer, textured, camera(), AHEAD) == shoot(renderer_of(plain), plain, camera(), AHEAD)).all()
    assert renderer.left_out == (f'texture {texture}: its mean colour is shown',)


def test_a_lamp_that_is_not_shown_is_named(renderer_of):
    scene = Scene(World('night', lights=(SUN, Light('lantern', 'point'))))
    assert [line.split(':')[0] for line in renderer_of(scene).left_out] == ['light lantern']


def test_dark_lamps_of_one_model_are_named_once_and_those_that_glow_are_not(renderer_of):
    def lamps(*names, **material):
        heads = [thing(name, BOX, BOX_POSE, **material) for name in names]
        light = Light(f'light of {names[0]}', 'spot')
        return [replace(head, links=(replace(head.links[0], lights=(light,)),)) for head in heads]

    scene = scene_of(*lamps('a', 'b'), *lamps('c', emissive=(1.0, 0.9, 0.7, 1.0)))
    assert [line.split(':')[0] for line in renderer_of(scene).left_out] == ['light light of a']


def test_poses_of_another_scene_are_refused(renderer_of):
    scene = scene_of(thing('box', BOX, BOX_POSE, static=False))
    with pytest.raises(RenderingError, match=r'expected \(1, 3\)'):
        renderer_of(scene).draw(camera(), AHEAD, np.zeros((2, 3)), np.zeros((2, 4)))


def test_a_closed_renderer_says_so_and_closes_twice(renderer_of):
    scene = scene_of(thing('box', BOX, BOX_POSE))
    renderer = renderer_of(scene)
    shoot(renderer, scene, camera(), AHEAD)
    renderer.close()
    renderer.close()
    with pytest.raises(RenderingError, match='closed'):
        renderer.draw(camera(), AHEAD, *moving_poses(scene))


def test_an_unknown_renderer_is_refused_with_those_there_are():
    with pytest.raises(RenderingError, match="'blender' is unknown; there are: auto, panda3d, mujoco"):
        make_renderer('blender', scene_of())


def test_drawing_prints_nothing():
    program = (
        'import numpy as np\n'
        'from picture_scene import BOX, BOX_POSE, camera, scene_of, shoot, thing\n'
        'from lepatrol.model.geometry import Pose3\n'
        'from lepatrol.simulation.render import make_renderer\n'
        "scene = scene_of(thing('box', BOX, BOX_POSE))\n"
        "shoot(make_renderer('auto', scene), scene, camera(), Pose3())\n")
    paths = f"import sys; sys.path[:0] = [{str(Path(__file__).parent)!r}, {str(WORLDS.parent)!r}]\n"
    done = subprocess.run([sys.executable, '-c', paths + program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, '', '')

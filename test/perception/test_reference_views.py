import dataclasses
import math

import cv2
import numpy as np
import pytest
from prison_views import PLACES, PrisonViews

from lepatrol.model.findings import ChangeKind
from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import CameraImage, CameraInfo
from lepatrol.perception.reference_views import ReferenceViews, unmasked
from lepatrol.settings.reference_views import ReferenceViewSettings
from lepatrol.simulation.description import Box, Link, Material, Model, Visual

GATE, CORNER, NORTH, COURT = ('visitor_gate', 90), ('south_east_corner', 90), ('north_road', -90), ('vehicle_gate', 90)


def empty(scene):
    return dataclasses.replace(scene, world=dataclasses.replace(scene.world, actors=()))


def with_models(change):
    def changed(scene):
        world = empty(scene).world
        return dataclasses.replace(scene, world=dataclasses.replace(world, models=tuple(change(world.models))))
    return changed


def with_crate(place, ahead_m=4.0, left_m=0.8, edge_m=0.5):
    x, y, heading = PLACES[place]
    at = (x + ahead_m * math.cos(heading) - left_m * math.sin(heading),
          y + ahead_m * math.sin(heading) + left_m * math.cos(heading), edge_m / 2.0)
    yellow = Visual('crate', Pose3(at), Box((edge_m,) * 3), Material((0.8, 0.65, 0.15, 1.0)))
    crate = Model('crate', static=True, links=(Link('crate', visuals=(yellow,)),))
    return with_models(lambda models: [*models, crate])


def with_open_door(scene):
    turn = Pose3.from_rpy(yaw_rad=math.radians(70.0))
    return with_models(lambda models: [
        dataclasses.replace(model, pose=model.pose.compose(turn)) if model.name == 'gate_door_fence' else model
        for model in models])(scene)


def without_panel(scene):
    return with_models(lambda models: [model for model in models if model.name != 'fence_east_07'])(scene)


def in_light(ambient, diffuse, direction, change=empty):
    def lit(scene):
        scene = change(scene)
        suns = tuple(dataclasses.replace(light, diffuse=(*diffuse, 1.0), direction=direction)
                     for light in scene.world.lights)
        return dataclasses.replace(
            scene, world=dataclasses.replace(scene.world, ambient=(*ambient, 1.0), lights=suns))
    return lit


EVENING = (0.3, 0.3, 0.36), (0.6, 0.45, 0.3), (0.8, -0.3, -0.35)
NOON = (0.55, 0.55, 0.57), (0.85, 0.83, 0.78), (0.1, 0.1, -1.0)


@pytest.fixture(scope='module')
def prison():
    """Return the prison with something changed; each is made once."""
    made = {}

    def views(change=empty, key=None):
        key = key or getattr(change, '__name__', change)
        if key not in made:
            made[key] = PrisonViews(change)
        return made[key]

    yield views
    for each in made.values():
        each.close()


def learnt(views, place, seeds=(1000,), references=None):
    references = references or ReferenceViews()
    for seed in seeds:
        references.learn(place[0], PLACES[place][2], *views.visit(place, np.random.default_rng(seed)))
    return references


def seen(references, views, place, seed=1, **options):
    image, pose = views.visit(place, np.random.default_rng(seed), stamp_s=9.0)
    return references.compare(place[0], PLACES[place][2], image, pose, **options)


def covers(box, point):
    return box[0] <= point[0] < box[2] and box[1] <= point[1] < box[3]


@pytest.mark.parametrize('place', [GATE, CORNER, NORTH, COURT])
def test_a_second_visit_finds_nothing_where_nothing_changed(prison, place):
    references = learnt(prison(), place)
    for seed in range(3):
        comparison = seen(references, prison(), place, seed)
        assert comparison.is_registered
        assert comparison.changes == ()
        assert not comparison.outline.any()
        assert 0.85 < comparison.overlap <= 1.0


@pytest.mark.parametrize('light', [EVENING, NOON])
@pytest.mark.parametrize('place', [GATE, CORNER])
def test_other_light_is_no_change(prison, place, light):
    comparison = seen(learnt(prison(), place), prison(in_light(*light), light), place)
    assert comparison.is_registered
    assert comparison.changes == ()


@pytest.mark.parametrize('light', [None, EVENING])
def test_a_new_thing_is_outlined_also_in_other_light(prison, light):
    add = with_crate(CORNER)
    views = prison(in_light(*light, add) if light else add, ('crate', light))
    change, = seen(learnt(prison(), CORNER), views, CORNER).changes
    assert change.kind is ChangeKind.NEW
    assert change.place == 'south_east_corner'
    assert change.stamp_s == 9.0
    assert change.position_m is None
    assert change.confidence > 0.55
    # The crate is 4 m ahead and 0.8 m to the left, half a metre wide: 29 pixels.
    assert covers(change.box, (160 - 0.8 / 4.0 * 234 + 6, 120 + 0.95 / 4.0 * 234))
    assert 15 <= change.box[2] - change.box[0] <= 45


def test_what_was_there_and_is_gone_is_missing(prison):
    references = learnt(prison(with_crate(CORNER), ('crate', None)), CORNER)
    change, = seen(references, prison(), CORNER).changes
    assert change.kind is ChangeKind.MISSING
    assert 15 <= change.box[2] - change.box[0] <= 45


def test_a_missing_fence_panel_shows(prison):
    place = ('east_road_south', 150)
    changes = seen(learnt(prison(), place), prison(without_panel), place).changes
    assert changes
    assert changes[0].kind is ChangeKind.MISSING


def test_an_opened_door_shows_where_the_door_is(prison):
    comparison = seen(learnt(prison(), GATE), prison(with_open_door), GATE)
    largest = max(comparison.changes, key=lambda change: (change.box[2] - change.box[0]))
    assert covers(largest.box, (160, 120))
    assert comparison.outline[100:140, 140:180].mean() > 0.5


def test_a_change_must_show_against_every_view(prison):
    with_it, without = prison(with_crate(CORNER), ('crate', None)), prison()
    references = learnt(without, CORNER, references=learnt(with_it, CORNER))
    for views in (with_it, without):
        comparison = seen(references, views, CORNER)
        assert comparison.is_registered
        assert comparison.changes == ()


@pytest.mark.parametrize('masked', ['picture', 'reference'])
def test_what_is_masked_is_not_compared(prison, masked):
    valid = np.ones((240, 320), bool)
    valid[140:230, 70:170] = False
    references = ReferenceViews()
    image, pose = prison().visit(CORNER, np.random.default_rng(1000))
    references.learn(CORNER[0], PLACES[CORNER][2], image, pose, valid=valid if masked == 'reference' else None)
    comparison = seen(references, prison(with_crate(CORNER), ('crate', None)), CORNER,
                      valid=valid if masked == 'picture' else None)
    assert comparison.is_registered
    assert comparison.changes == ()


def test_a_reference_with_its_horizon_masked_still_registers(prison):
    valid = np.ones((240, 320), bool)
    valid[70:135] = False
    image, pose = prison().visit(COURT, np.random.default_rng(1000))
    references = ReferenceViews()
    references.learn(COURT[0], PLACES[COURT][2], dataclasses.replace(image, rgb=image.rgb * valid[:, :, None]), pose,
                     valid=valid)
    comparison = seen(references, prison(), COURT)
    assert comparison.is_registered
    assert comparison.changes == ()
    assert comparison.overlap == pytest.approx(valid.mean(), abs=0.06)


def test_masking_is_told_from_the_picture_it_left():
    original = np.random.default_rng(0).integers(0, 256, (60, 80, 3), dtype=np.uint8)
    masked = original.copy()
    masked[10:30, 20:50] = 90
    masked[15, 25] = original[15, 25]  # by chance
    valid = unmasked(original, masked)
    assert not valid[10:30, 20:50].any()
    assert valid.sum() == 60 * 80 - 20 * 30


def test_a_picture_of_somewhere_else_says_nothing_of_changes(prison):
    references = learnt(prison(), CORNER)
    image, pose = prison().visit(NORTH, np.random.default_rng(3))
    comparison = references.compare(CORNER[0], PLACES[CORNER][2], image, pose)
    assert not comparison.is_registered
    assert comparison.changes == ()
    assert comparison.outline is None


@pytest.mark.parametrize('level', [0, 128, 255])
def test_a_covered_camera_says_nothing_of_changes(prison, level):
    image, pose = prison().visit(CORNER, np.random.default_rng(3))
    blank = dataclasses.replace(image, rgb=np.full_like(image.rgb, level))
    references = learnt(prison(), CORNER)
    assert not references.compare(CORNER[0], PLACES[CORNER][2], blank, pose).is_registered
    blind = ReferenceViews()
    blind.learn(CORNER[0], PLACES[CORNER][2], blank, pose)
    assert not blind.compare(CORNER[0], PLACES[CORNER][2], image, pose).is_registered


def test_a_pose_that_is_no_number_is_done_without(prison):
    image, _ = prison().visit(CORNER, np.random.default_rng(3))
    lost = Pose3((math.nan,) * 3, (math.nan,) * 4)
    assert learnt(prison(), CORNER).compare(CORNER[0], PLACES[CORNER][2], image, lost).changes == ()


def test_a_waypoint_is_known_by_the_nearest_heading_within_15_degrees():
    image = CameraImage(0.0, 'c', np.zeros((24, 32, 3), np.uint8), CameraInfo.from_horizontal_fov(32, 24, 1.2))
    references = ReferenceViews(ReferenceViewSettings(views_kept=2))
    for degrees in (170.0, -178.0, 90.0):
        references.learn('gate', math.radians(degrees), image, Pose3())
    assert len(references) == 3
    assert references.knows('gate', math.radians(-176.0))
    assert references.knows('gate', math.radians(104.0))
    assert not references.knows('gate', math.radians(106.0))
    assert not references.knows('gate', math.nan)
    assert not references.knows('yard', math.radians(90.0))
    # 170 and -178 degrees are one view, which has its two pictures by now.
    references.learn('gate', math.radians(172.0), image, Pose3())
    assert len(references) == 3


def test_larger_pictures_are_compared_smaller_and_answered_in_their_own_pixels(prison):
    def doubled(image):
        return dataclasses.replace(
            image, rgb=cv2.resize(image.rgb, (640, 480)), info=CameraInfo.from_horizontal_fov(640, 480, 1.2))

    references = ReferenceViews()
    image, pose = prison().visit(CORNER, np.random.default_rng(1000))
    references.learn(CORNER[0], PLACES[CORNER][2], doubled(image), pose)
    image, pose = prison(with_crate(CORNER), ('crate', None)).visit(CORNER, np.random.default_rng(1))
    comparison = references.compare(CORNER[0], PLACES[CORNER][2], doubled(image), pose)
    change, = comparison.changes
    assert covers(change.box, (2 * (160 - 0.8 / 4.0 * 234 + 6), 2 * (120 + 0.95 / 4.0 * 234)))
    assert comparison.outline.shape == (480, 640)


def test_views_come_back_from_disk_and_find_the_same(prison, tmp_path):
    references = learnt(prison(), CORNER, seeds=(1000, 1001))
    references.save(tmp_path / 'views')
    again = ReferenceViews.load(tmp_path / 'views')
    views = prison(with_crate(CORNER), ('crate', None))
    assert len(again) == 2
    assert seen(again, views, CORNER).changes == seen(references, views, CORNER).changes != ()

"""Pictures of a head that looks aside are taken for where it looks; those of a turning one masked only."""

import math

import numpy as np
import pytest
from test_pipeline import Camera, image_at, make, place, scan_at

from lepatrol import assembly
from lepatrol.model.findings import Trouble
from lepatrol.model.geometry import Pose2, Pose3
from lepatrol.model.joints import Neck, Swivel
from lepatrol.model.observation import CameraImage, JointPositions
from lepatrol.perception.masking import Masker
from lepatrol.sensing.mounting import Mounting
from lepatrol.settings.privacy import PrivacySettings
from lepatrol.settings.simulation import SimulationSettings
from lepatrol.simulation.expected_view import SceneView
from lepatrol.simulation.render import RenderingError

EYE = Pose3((0.2, 0.0, 1.0))
NECK = Neck(EYE, (
    Swivel('pan', Pose3((0.0, 0.0, 0.9)), (0.0, 0.0, 1.0)), Swivel('tilt', Pose3((0.0, 0.0, 0.1)), (0.0, 1.0, 0.0))),
    Pose3((0.2, 0.0, 0.0)))


class Eye(Camera):
    """Notes what it is not to look at, too."""

    def __init__(self):
        super().__init__()
        self.passed_over = []

    def pass_over(self, image):
        self.passed_over.append(image.stamp_s)


class Poses(Masker):
    """Notes for which poses it masks."""

    def __init__(self):
        super().__init__(PrivacySettings(), ())
        self.asked = []

    def mask(self, image, pose, *arguments, **more):
        self.asked.append(pose)
        return super().mask(image, pose, *arguments, **more)


def with_head(**parts):
    eye, masker = Eye(), Poses()
    perimeter, rule = make(
        camera=eye, masker=masker, mounting=Mounting(Pose3((0.1, 0.0, 0.3)), EYE, NECK), **parts)
    return perimeter, eye, masker, rule


def stand(perimeter, pan_rad, tilt_rad, *, until_s=1.0):
    for step in range(4):
        joints = JointPositions(until_s - 0.04 * (3 - step), {'pan': pan_rad, 'tilt': tilt_rad})
        perimeter.on_joints(joints, until_s)


def test_with_the_head_ahead_the_camera_is_where_a_fixed_one_is_to_the_last_bit():
    fixed_eye = Eye()
    fixed, _ = make(camera=fixed_eye, mounting=Mounting(Pose3((0.1, 0.0, 0.3)), EYE))
    perimeter, eye, _, _ = with_head()
    stand(perimeter, 0.0, 0.0)
    for each in (fixed, perimeter):
        place(each, 1.0, x_m=3.0)
        each.on_image(image_at(1.0), 1.0)
    assert eye.looks == fixed_eye.looks != []


def test_a_picture_of_a_turned_head_is_looked_at_and_masked_for_where_it_looks():
    perimeter, eye, masker, _ = with_head()
    place(perimeter, 1.0)
    stand(perimeter, math.pi / 2.0, 0.3)
    perimeter.on_image(image_at(1.0), 1.0)
    assert perimeter.picture is not None
    ((_, looked, _),) = eye.looks
    assert masker.asked == [looked]
    assert looked.position_m == pytest.approx((0.0, 0.2 * math.cos(0.3), 1.2 - 0.2 * math.sin(0.3)))
    assert looked.turn((1.0, 0.0, 0.0)) == pytest.approx((0.0, math.cos(0.3), -math.sin(0.3)))


def test_a_picture_of_a_turning_head_is_masked_and_not_compared():
    perimeter, eye, masker, _ = with_head()
    place(perimeter, 1.0)
    for step in range(6):
        perimeter.on_joints(JointPositions(0.86 + 0.04 * step, {'pan': 0.04 * step, 'tilt': 0.0}), 1.06)
    perimeter.on_image(image_at(1.0), 1.06)
    assert (eye.looks, eye.passed_over) == ([], [1.0])
    assert perimeter.picture is not None
    (pose,) = masker.asked
    assert pose.planar().yaw_rad == pytest.approx(0.14)


def test_a_picture_waits_for_how_the_head_stood():
    perimeter, eye, _, _ = with_head()
    stand(perimeter, 0.0, 0.0, until_s=0.98)
    place(perimeter, 1.0)
    perimeter.on_image(image_at(1.0), 1.0)
    assert eye.looks == []
    perimeter.on_joints(JointPositions(1.02, {'pan': 0.0, 'tilt': 0.0}), 1.02)
    assert [stamp_s for stamp_s, _, _ in eye.looks] == [1.0]


def test_pictures_are_hidden_and_it_is_said_why_while_nobody_tells_where_the_head_looks():
    perimeter, eye, masker, _ = with_head()
    place(perimeter, 1.0)
    perimeter.on_image(image_at(1.0), 1.0)
    assert perimeter.picture is not None
    assert (eye.looks, masker.asked) == ([], [None])
    perimeter.on_scan(scan_at(1.0), 1.0)
    assert [(each.sensor, each.trouble) for each in perimeter.complaints] == [('joints', Trouble.SILENT)]
    stand(perimeter, 0.0, 0.0, until_s=1.1)
    place(perimeter, 1.1)
    perimeter.on_image(image_at(1.1), 1.1)
    assert perimeter.complaints == ()


def test_the_ugvs_camera_sees_what_is_expected_from_where_its_head_looks():
    scene = assembly.load_scene('bench_yard', {'ugv': ('ugv', Pose2(0.0, -25.0, 0.05))})
    mounting = assembly.mounting(scene.robots['ugv'])
    settings = SimulationSettings(sensor_noise=False, camera_latency_s=0.0)
    try:
        simulator = assembly.make_simulator(scene, settings, pytest.fail)
    except RenderingError as error:
        pytest.skip(str(error))
    view = SceneView(scene.world)
    try:
        simulator.aim('ugv', 'pan_joint', 0.9)
        simulator.aim('ugv', 'tilt_joint', 0.2)
        seen = [each.observation for each in simulator.advance(2.0)]
        image = [each for each in seen if isinstance(each, CameraImage)][-1]
        joints = [each for each in seen if isinstance(each, JointPositions)][-1]
        base = simulator.ground_truth('ugv')
        turned = view.picture(image.info, base.compose(mounting.camera_at(joints.positions_rad))).astype(int)
        ahead = view.picture(image.info, base.compose(mounting.camera)).astype(int)
    finally:
        view.close()
        simulator.close()
    assert np.abs(turned - image.rgb).mean() < 1.0
    assert np.abs(ahead - image.rgb).mean() > 10.0

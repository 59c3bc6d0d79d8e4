"""The lockstep loop looks through one camera, whatever else the robot carries."""

from types import SimpleNamespace

import numpy as np
import pytest

from lepatrol.behaviours.conduct import ConductOutput
from lepatrol.evaluation.lockstep import ROBOT, Lockstep
from lepatrol.model.geometry import STOP, Pose3
from lepatrol.model.observation import BatteryState, CameraImage, CameraInfo
from lepatrol.simulation.backend import Delivery

INFO = CameraInfo.from_horizontal_fov(8, 6, 1.2)


def picture(frame):
    return CameraImage(0.1, frame, np.zeros((6, 8, 3), np.uint8), INFO)


def step(**parts):
    """Let one period pass in which both cameras and the battery deliver, the camera that looks down last."""
    deliveries = [
        Delivery(ROBOT, 'camera/image_raw', picture('ahead')),
        Delivery(ROBOT, 'camera_down/image_raw', picture('down')),
        Delivery(ROBOT, 'battery_state', BatteryState(0.1, 0.9, 24.0))]
    simulator = SimpleNamespace(advance=lambda _: deliveries, time_s=0.1, command=lambda *_: None)
    navigator = SimpleNamespace(feedback=None, update=lambda _: STOP)
    patrol = SimpleNamespace(on_battery=lambda _: None)
    conduct = SimpleNamespace(
        on_feedback=lambda _: None, on_tracks=lambda _: None,
        update=lambda _: ConductOutput())
    loop = Lockstep(simulator, navigator, patrol, conduct, None, Pose3(), 0.1, 0.1, **parts)
    loop.step()
    return loop.latest


def test_the_picture_that_counts_is_of_the_main_camera():
    latest = step()
    assert latest[CameraImage].frame_id == 'ahead'
    assert latest[BatteryState].percentage == 0.9


def test_another_camera_can_be_chosen():
    assert step(camera_topic='camera_down/image_raw')[CameraImage].frame_id == 'down'


class Watching:
    """A perimeter that notes which camera took the pictures it is given."""

    def __init__(self):
        self.ahead, self.below = [], []

    def on_image(self, image, now_s):
        self.ahead.append(image.frame_id)
        return []

    def on_image_from_above(self, image, now_s):
        self.below.append(image.frame_id)
        return []

    def on_command(self, twist):
        pass

    on_driving = on_acting = on_command
    tracks = ()


def test_the_perimeter_is_given_the_pictures_of_the_camera_that_looks_down_as_such():
    watching = Watching()
    with pytest.raises(AttributeError):  # the navigator of this test has no feedback
        step(perimeter=watching, down_topic='camera_down/image_raw')
    assert (watching.ahead, watching.below) == (['ahead'], ['down'])

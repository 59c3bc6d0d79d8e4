import math

import numpy as np
import pytest

from lepatrol.model.geometry import Pose3, Twist
from lepatrol.model.observation import CameraImage, CameraInfo, Odometry, PoseEstimate
from lepatrol.model.site import Look, Photo, Wait, Waypoint
from lepatrol.perception.vantage import Vantage, headings_of

CORNER = Waypoint('corner', 0.0, 0.0, actions=(Look((0.0, math.pi / 2)), Photo(math.pi), Photo(0.0), Wait(1.0)))
SILENT = Waypoint('silent', 5.0, 0.0)


@pytest.fixture
def ask():
    vantage = Vantage({'corner': CORNER, 'silent': SILENT})

    def call(waypoint, yaw_rad, stamp_s, *, moving=0.0, turning=0.0, taken_s=None):
        info = CameraInfo.from_horizontal_fov(4, 3, 1.0)
        image = CameraImage(stamp_s if taken_s is None else taken_s, 'c', np.zeros((3, 4, 3), np.uint8), info)
        return vantage.heading(
            waypoint, image, PoseEstimate(stamp_s, 'map', Pose3.from_rpy(yaw_rad=yaw_rad)),
            Odometry(stamp_s, Pose3(), Twist(moving, turning)))
    return call


def test_each_heading_is_a_view_once_a_visit(ask):
    assert ask('corner', 0.02, 1.0) == 0.0
    assert ask('corner', 0.02, 1.1) is None
    assert ask('corner', math.pi / 2 - 0.03, 2.0) == math.pi / 2
    assert ask('corner', -math.pi + 0.05, 3.0) == math.pi
    assert ask('', 0.0, 4.0) is None
    assert ask('corner', 0.0, 5.0) == 0.0


@pytest.mark.parametrize('options', [{'moving': 0.2}, {'turning': -0.3}, {'taken_s': 0.9}])
def test_a_picture_taken_while_moving_is_no_view(ask, options):
    assert ask('corner', 0.0, 1.0, **options) is None
    assert ask('corner', 0.0, 1.2) == 0.0


def test_a_photo_is_a_view_also_where_the_robot_goes_on_at_once():
    vantage = Vantage({'corner': CORNER})
    estimate = PoseEstimate(1.0, 'map', Pose3.from_rpy(yaw_rad=0.05))
    assert vantage.photo('corner', estimate) == 0.0
    assert vantage.photo('corner', estimate) is None
    assert vantage.photo('silent', estimate) is None


def test_other_headings_and_waypoints_are_no_views(ask):
    assert ask('corner', 0.5, 1.0) is None
    assert ask('silent', 0.0, 2.0) is None
    assert ask('elsewhere', 0.0, 3.0) is None


def test_a_photo_without_a_heading_is_taken_along_that_of_its_waypoint():
    assert headings_of(Waypoint('a', 0.0, 0.0, 1.5, actions=(Photo(),))) == (1.5,)
    assert headings_of(Waypoint('a', 0.0, 0.0, actions=(Photo(),))) == ()
    assert headings_of(CORNER) == (0.0, math.pi / 2, math.pi)

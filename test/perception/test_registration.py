import math

import cv2
import numpy as np
import pytest
from prison_views import PLACES, PrisonViews

from lepatrol.model.geometry import Pose3
from lepatrol.perception.registration import homography_between, normalised, register

CORNERS = np.array([[[20.0, 20.0]], [[300.0, 20.0]], [[300.0, 220.0]], [[20.0, 220.0]]])


@pytest.fixture(scope='module')
def prison():
    views = PrisonViews()
    yield views
    views.close()


@pytest.mark.parametrize('place', [('south_east_corner', 90), ('east_road_south', 150)])
@pytest.mark.parametrize(('turned_deg', 'believed_deg'), [(2.0, 3.0), (-3.0, -1.5), (0.0, 2.0)])
def test_a_turn_is_found_although_the_believed_one_is_wrong(prison, place, turned_deg, believed_deg):
    x_m, y_m, heading = PLACES[place]
    rng = np.random.default_rng(0)
    reference, reference_pose = prison.at(x_m, y_m, heading, rng)
    picture, true_pose = prison.at(x_m, y_m, heading + math.radians(turned_deg), rng)
    believed = Pose3.from_rpy(x_m, y_m, true_pose.position_m[2], yaw_rad=heading + math.radians(believed_deg))
    guess, truth = (homography_between(picture.info, pose, reference.info, reference_pose)
                    for pose in (believed, true_pose))
    valid = np.ones((240, 320), bool)
    found = register(normalised(picture.rgb), normalised(reference.rgb), guess,
                     picture_valid=valid, reference_valid=valid)
    # The camera sits 3 cm before the axis that the robot turns about.
    wanted, got, guessed = (cv2.perspectiveTransform(CORNERS, h) for h in (truth, found.homography, guess))
    assert np.linalg.norm(got - wanted, axis=2).mean() < 2.0 < np.linalg.norm(guessed - wanted, axis=2).mean()
    assert found.correlation > 0.9


def test_pictures_with_nothing_in_common_do_not_correlate(prison):
    one, _ = prison.at(*PLACES[('south_east_corner', 90)])
    other, _ = prison.at(*PLACES[('vehicle_gate', -90)])
    valid = np.ones((240, 320), bool)
    found = register(normalised(one.rgb), normalised(other.rgb), np.eye(3), picture_valid=valid, reference_valid=valid)
    assert found.correlation < 0.6


def test_where_nothing_is_valid_nothing_correlates(prison):
    image, _ = prison.at(*PLACES[('south_east_corner', 90)])
    grey, none = normalised(image.rgb), np.zeros((240, 320), bool)
    assert register(grey, grey, np.eye(3), picture_valid=none, reference_valid=none).correlation == -1.0

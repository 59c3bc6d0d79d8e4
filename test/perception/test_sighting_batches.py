import math

import numpy as np
import pytest
from tracking_bench import camera, lidar

from lepatrol.perception.sighting_batches import batches_of, of_new_things, position_covariance
from lepatrol.settings.tracking import TrackingSettings

SETTINGS = TrackingSettings(camera_likeness=1.0)


def test_sightings_are_split_by_stamp_and_sensor_oldest_first():
    batches = batches_of([lidar(2.0, 1.0, 0.0), camera(1.0, 1.0, 0.0), lidar(1.0, 2.0, 0.0), lidar(1.0, 1.0, 0.0)])
    assert [[(one.stamp_s, one.sensor.value, one.position_m[0]) for one in batch] for batch in batches] == [
        [(1.0, 'camera', 1.0)], [(1.0, 'lidar', 1.0), (1.0, 'lidar', 2.0)], [(2.0, 'lidar', 1.0)]]


def test_a_lidars_covariance_is_round_and_has_a_floor():
    assert position_covariance(lidar(0.0, 3.0, 4.0, 0.2), SETTINGS) == [[0.04000000000000001, 0.0],
                                                                        [0.0, 0.04000000000000001]]
    assert position_covariance(lidar(0.0, 3.0, 4.0, 0.0), SETTINGS)[0][0] == SETTINGS.deviation_floor_m ** 2


@pytest.mark.parametrize('bearing_rad', [0.0, 0.7, 2.0, -1.3])
def test_a_cameras_covariance_is_long_along_the_line_of_sight(bearing_rad):
    x, y = 10.0 * math.cos(bearing_rad), 10.0 * math.sin(bearing_rad)
    covariance = np.array(position_covariance(camera(0.0, x, y, 1.0), SETTINGS))
    sight = np.array([math.cos(bearing_rad), math.sin(bearing_rad)])
    across = np.array([-sight[1], sight[0]])
    assert sight @ covariance @ sight == pytest.approx(1.0)
    assert across @ covariance @ across == pytest.approx(0.175 ** 2)


def test_a_camera_sighting_with_a_lidars_range_is_round():
    covariance = position_covariance(camera(0.0, 10.0, 0.0, 0.1), SETTINGS)
    np.testing.assert_allclose(covariance, np.eye(2) * 0.01, atol=1e-12)


def test_a_sighting_from_where_the_thing_is_has_a_covariance_too():
    assert np.linalg.eigvalsh(position_covariance(camera(0.0, 0.0, 0.0, 0.5), SETTINGS)).min() > 0.0


def test_what_is_near_to_a_known_thing_or_another_new_one_is_no_new_thing():
    positions = np.array([[0.0, 0.0], [0.2, 0.0], [3.0, 0.0], [3.0, 0.3], [6.0, 0.0]])
    assert of_new_things(positions, [0], 0.4) == [2, 4]
    assert of_new_things(positions[:1], [], 0.4) == [0]

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lepatrol.model.errors import ObservationError
from lepatrol.model.observation import CameraImage, CameraInfo, LaserScan, PointCloud

SCAN = LaserScan(1.0, 'lidar', -1.0, 0.5, 0.1, 10.0, np.ones(5, np.float32))
CAMERA = CameraInfo.from_horizontal_fov(320, 240, math.pi / 2)


@pytest.mark.parametrize(('field', 'value'), [
    ('stamp_s', math.nan), ('angle_min_rad', math.inf), ('angle_increment_rad', math.nan), ('range_max_m', math.inf),
    ('range_min_m', -0.1), ('range_min_m', 10.0), ('range_max_m', 0.05), ('ranges_m', np.ones((2, 3), np.float32))])
def test_a_scan_that_contradicts_itself_is_refused_by_name(field, value):
    with pytest.raises(ObservationError, match='scan of lidar'):
        dataclasses.replace(SCAN, **{field: value})


def test_an_empty_scan_and_one_of_nothing_but_nan_have_no_valid_beam():
    empty = dataclasses.replace(SCAN, ranges_m=np.empty(0, np.float32))
    assert (empty.valid.shape, empty.angles_rad.shape) == ((0,), (0,))
    assert not dataclasses.replace(SCAN, ranges_m=np.full(5, np.nan, np.float32)).valid.any()


def test_only_ranges_within_the_limits_are_valid():
    ranges = np.array([np.nan, np.inf, -np.inf, 0.05, 0.1, 5.0, 10.0, 10.1], np.float32)
    # 0.1 as float32 is a little more than 0.1.
    valid = dataclasses.replace(SCAN, ranges_m=ranges).valid
    assert valid.tolist() == [False, False, False, False, True, True, True, False]


def test_beams_point_where_the_message_says():
    np.testing.assert_allclose(SCAN.angles_rad, [-1.0, -0.5, 0.0, 0.5, 1.0])


@given(u=st.floats(0.0, 320.0), v=st.floats(0.0, 240.0), depth=st.floats(0.1, 100.0))
def test_a_point_on_the_ray_of_a_pixel_is_seen_in_that_pixel(u, v, depth):
    ray = np.array([(u - CAMERA.cx) / CAMERA.fx, (v - CAMERA.cy) / CAMERA.fy, 1.0])
    np.testing.assert_allclose(CAMERA.project(ray * depth), [u, v], atol=1e-6)


def test_the_edge_of_the_view_is_half_the_field_of_view_away():
    np.testing.assert_allclose(CAMERA.project(np.array([1.0, 0.0, 1.0])), [320.0, 120.0])


def test_what_is_behind_the_camera_is_nowhere_in_the_picture():
    assert np.isnan(CAMERA.project(np.array([[0.0, 0.0, -1.0], [0.0, 0.0, 0.0]]))).all()


@pytest.mark.parametrize('rgb', [
    np.zeros((240, 320), np.uint8), np.zeros((320, 240, 3), np.uint8), np.zeros((240, 320, 4), np.uint8),
    np.zeros((240, 320, 3), np.float32)])
def test_a_picture_that_is_not_what_its_camera_says_is_refused(rgb):
    CameraImage(0.0, 'camera', np.zeros((240, 320, 3), np.uint8), CAMERA)
    with pytest.raises(ObservationError, match=r'image of camera: .*expected uint8'):
        CameraImage(0.0, 'camera', rgb, CAMERA)


@pytest.mark.parametrize(('points', 'expected'), [
    (np.zeros((4, 2), np.float32), r'float32 of shape \(4, 2\), expected float32 of shape \(n, 3\)'),
    (np.zeros((4, 3)), 'float64 of shape'),
    (np.array([[0.0, np.inf, 0.0]], np.float32), 'points that are not finite')])
def test_a_cloud_of_anything_but_points_is_refused(points, expected):
    with pytest.raises(ObservationError, match=f'cloud of rows: .*{expected}'):
        PointCloud(0.0, 'rows', points)

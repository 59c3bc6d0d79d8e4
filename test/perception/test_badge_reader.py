"""Codes are read where they are in a picture, and nothing is read in pictures without any."""

import cv2
import numpy as np
import pytest

from lepatrol.model.observation import CameraImage, CameraInfo
from lepatrol.perception.badge_reader import BadgeReader

INFO = CameraInfo.from_horizontal_fov(640, 480, 1.2)


def code(text, side=120):
    image = cv2.QRCodeEncoder.create().encode(text)
    return np.pad(cv2.resize(image, (side, side), interpolation=cv2.INTER_NEAREST), 12, constant_values=255)


def marker(number, side=80):
    dictionary = cv2.aruco.getPredefinedDictionary(cv2.aruco.DICT_4X4_50)
    return np.pad(cv2.aruco.generateImageMarker(dictionary, number, side), 12, constant_values=255)


def picture(*placed, noise=6.0):
    """Return a grey room with square pictures at columns and rows, a little noisy and blurred."""
    grey = np.full((480, 640), 110.0)
    for square, column, row in placed:
        side = len(square)
        grey[row:row + side, column:column + side] = square
    grey += np.random.default_rng(1).normal(0.0, noise, grey.shape)
    grey = cv2.GaussianBlur(np.clip(grey, 0, 255).astype(np.uint8), (3, 3), 0)
    return CameraImage(1.0, 'camera', np.repeat(grey[..., None], 3, axis=2), INFO)


def test_a_code_is_read_with_its_direction():
    (seen,) = BadgeReader().read(picture((code('LP-4F7K-22'), 60, 150)))
    assert seen.text == 'LP-4F7K-22'
    assert seen.bearing_rad == pytest.approx(np.arctan2(320 - 132, INFO.fx), abs=0.02)


def test_a_head_that_is_turned_turns_the_direction():
    (ahead,) = BadgeReader().read(picture((code('LP-4F7K-22'), 250, 150)))
    (aside,) = BadgeReader().read(picture((code('LP-4F7K-22'), 250, 150)), pan_rad=0.5)
    assert aside.bearing_rad - ahead.bearing_rad == pytest.approx(0.5)


def test_two_codes_and_a_marker_are_read_at_once():
    seen = BadgeReader().read(picture((code('LP-4F7K-22'), 30, 60), (code('LX-1'), 420, 60), (marker(17), 260, 300)))
    assert sorted(each.text for each in seen) == ['LP-4F7K-22', 'LX-1', 'aruco:17']


def test_a_small_code_is_read_in_a_larger_picture():
    (seen,) = BadgeReader().read(picture((code('LP-4F7K-22', side=80), 300, 200), noise=2.0))
    assert seen.text == 'LP-4F7K-22'


def test_a_room_without_codes_holds_none():
    rng = np.random.default_rng(3)
    reader = BadgeReader()
    assert reader.read(picture()) == []
    for _ in range(5):
        rgb = rng.integers(0, 255, (480, 640, 3), dtype=np.uint8)
        assert reader.read(CameraImage(1.0, 'camera', rgb, INFO)) == []
    assert reader.read(CameraImage(1.0, 'camera', np.zeros((480, 640, 3), np.uint8), INFO)) == []


def test_a_long_text_is_cut_so_that_it_can_be_no_badge():
    (seen,) = BadgeReader().read(picture((code('A' * 200, side=300), 100, 60)))
    assert len(seen.text) == 65

import cv2
import numpy as np
import pytest

from lepatrol.model.inspection import Label, Symbology
from lepatrol.perception.labels import ordered, read_labels


def picture_with(code, size_px):
    """Return a picture of a grey wall with a code on it, and the mask of what bears it."""
    rgb = np.full((240, 320, 3), 120, dtype=np.uint8)
    small = cv2.resize(code, (size_px, size_px), interpolation=cv2.INTER_AREA)
    edge = max(3, size_px // 8)
    rgb[60 - edge:60 + size_px + edge, 90 - edge:90 + size_px + edge] = 235
    rgb[60:60 + size_px, 90:90 + size_px] = small[..., None]
    mask = np.zeros((240, 320), dtype=bool)
    mask[60 - edge:60 + size_px + edge, 90 - edge:90 + size_px + edge] = True
    noise = np.random.default_rng(1).normal(0.0, 1.3, rgb.shape)
    return np.clip(rgb + noise, 0, 255).astype(np.uint8), mask


def tag(dictionary, number):
    family = cv2.aruco.getPredefinedDictionary(getattr(cv2.aruco, dictionary))
    return cv2.aruco.generateImageMarker(family, number, 10 * (family.markerSize + 2))


@pytest.mark.parametrize(('dictionary', 'number', 'label'), [
    ('DICT_4X4_250', 7, Label(Symbology.ARUCO, '7', '4x4')),
    ('DICT_5X5_250', 200, Label(Symbology.ARUCO, '200', '5x5')),
    ('DICT_APRILTAG_25h9', 3, Label(Symbology.APRIL_TAG, '3', '25h9')),
    ('DICT_APRILTAG_36h11', 42, Label(Symbology.APRIL_TAG, '42', '36h11')),
])
def test_tags_are_read(dictionary, number, label):
    assert label in read_labels(*picture_with(tag(dictionary, number), 40))


def test_a_qr_code_is_read():
    code = cv2.QRCodeEncoder.create().encode('PARCEL 7')
    assert read_labels(*picture_with(code, 84)) == (Label(Symbology.QR, 'PARCEL 7'),)


def test_what_the_object_does_not_cover_is_not_read():
    rgb, mask = picture_with(tag('DICT_4X4_250', 7), 40)
    elsewhere = np.roll(mask, 120, axis=0)
    assert read_labels(rgb, elsewhere) == ()
    assert read_labels(rgb, np.zeros_like(mask)) == ()


def test_a_code_too_small_to_read_is_not_guessed():
    assert read_labels(*picture_with(tag('DICT_APRILTAG_36h11', 42), 6)) == ()


@pytest.mark.parametrize('seed', range(4))
def test_noise_bears_no_label(seed):
    rgb = np.random.default_rng(seed).integers(0, 255, (240, 320, 3), dtype=np.uint8)
    mask = np.zeros((240, 320), dtype=bool)
    mask[80:140, 100:160] = True
    assert read_labels(rgb, mask) == ()


def test_labels_are_told_once_and_in_order():
    one, other = Label(Symbology.ARUCO, '1', '4x4'), Label(Symbology.QR, 'a')
    assert ordered([other, one, other]) == (one, other)

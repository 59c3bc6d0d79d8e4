"""Pictures and camera models survive the wire in every encoding taken; what is no picture is refused."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sensor_msgs.msg import Image
from std_msgs.msg import Header
from wire import NOT_FINITE, STAMPS, over_the_wire

from lepatrol.model.errors import ObservationError
from lepatrol.model.observation import CameraImage, CameraInfo
from lepatrol.ros import conversions

CHANNELS = {'rgb8': 3, 'bgr8': 3, 'mono8': 1, 'rgba8': 4, 'bgra8': 4}
FROM_RGB = {
    'rgb8': lambda rgb: rgb,
    'bgr8': lambda rgb: rgb[..., ::-1],
    'mono8': lambda rgb: rgb[..., :1],
    'rgba8': lambda rgb: np.dstack([rgb, np.full(rgb.shape[:2], 7, np.uint8)]),
    'bgra8': lambda rgb: np.dstack([rgb[..., ::-1], np.full(rgb.shape[:2], 7, np.uint8)]),
}
PIXELS = st.tuples(st.integers(1, 6), st.integers(1, 6), st.integers(0, 2**32 - 1)).map(
    lambda given: np.random.default_rng(given[2]).integers(0, 256, (*given[:2], 3), dtype=np.uint8))


def image_of(rgb, encoding, padding=0):
    """Return pixels as a message, as a driver whose rows are aligned would send them."""
    height, width, _ = rgb.shape
    rows = FROM_RGB[encoding](rgb).reshape(height, -1)
    data = np.hstack([rows, np.full((height, padding), 99, np.uint8)])
    return Image(header=Header(frame_id='eye'), height=height, width=width, encoding=encoding,
                 step=data.shape[1], data=data.tobytes())


def grey(height=2, width=4, *, step=12, size=24, encoding='rgb8'):
    """Return an image message whose description may be wrong."""
    return Image(header=Header(frame_id='eye'), height=height, width=width, encoding=encoding, step=step,
                 data=bytes(size))


@given(rgb=PIXELS, stamp_s=STAMPS)
def test_a_picture_survives_the_wire(rgb, stamp_s):
    info = CameraInfo.from_horizontal_fov(rgb.shape[1], rgb.shape[0], 1.2)
    message = over_the_wire(conversions.image_to_ros(CameraImage(stamp_s, 'eye', rgb, info)))
    back = conversions.image_from_ros(message, info)
    assert (back.frame_id, back.info, message.encoding) == ('eye', info, 'rgb8')
    assert back.stamp_s == pytest.approx(stamp_s, abs=1e-9)
    assert np.array_equal(back.rgb, rgb)


@pytest.mark.parametrize('encoding', CHANNELS)
@given(rgb=PIXELS, padding=st.integers(0, 9))
def test_every_encoding_is_taken_with_and_without_padded_rows(encoding, rgb, padding):
    if encoding == 'mono8':
        rgb = np.repeat(rgb[..., :1], 3, axis=2)
    seen = conversions.rgb_from_ros(over_the_wire(image_of(rgb, encoding, padding)))
    assert seen.dtype == np.uint8
    assert np.array_equal(seen, rgb)


@pytest.mark.parametrize('encoding', ['', 'RGB8', '16UC1', 'bayer_rggb8', 'yuv422_yuy2', 'jpeg'])
def test_an_encoding_that_is_not_known_is_refused_with_those_that_are(encoding):
    with pytest.raises(ObservationError, match=f"image of eye: encoding '{encoding}', expected one of rgb8, bgr8"):
        conversions.rgb_from_ros(over_the_wire(grey(encoding=encoding)))


@pytest.mark.parametrize(('image', 'words'), [
    (grey(size=23), '23 bytes in rows of 12, expected 2 rows of at least 12'),
    (grey(size=25), '25 bytes in rows of 12, expected 2 rows of at least 12'),
    (grey(step=11, size=22), '22 bytes in rows of 11, expected 2 rows of at least 12'),
    (grey(step=0, size=0), '0 bytes in rows of 0, expected 2 rows of at least 12'),
    (grey(width=2**32 - 1), 'expected 2 rows of at least 12884901885'),
], ids=['truncated', 'too long', 'rows too short', 'no data', 'absurdly wide'])
def test_an_image_that_is_not_of_the_size_it_says_is_refused(image, words):
    with pytest.raises(ObservationError, match=f'image of eye: .*{words}'):
        conversions.rgb_from_ros(over_the_wire(image))


@pytest.mark.parametrize('encoding', CHANNELS)
@pytest.mark.parametrize('size', [
    {'height': 0, 'width': 0, 'step': 0, 'size': 0}, {'height': 0, 'size': 0},
    {'width': 0, 'step': 0, 'size': 0}, {'width': 0, 'step': 12},
])
def test_an_image_without_pixels_is_refused(encoding, size):
    with pytest.raises(ObservationError, match=r'image of eye: .*expected'):
        conversions.rgb_from_ros(over_the_wire(grey(encoding=encoding, **size)))


def test_a_picture_that_is_not_the_size_of_its_camera_is_refused_with_both_sizes():
    info = CameraInfo.from_horizontal_fov(320, 240, 1.2)
    with pytest.raises(ObservationError, match=r'\(2, 4, 3\), expected uint8 of shape \(240, 320, 3\)'):
        conversions.image_from_ros(over_the_wire(grey()), info)


def test_a_jpeg_shows_the_picture_with_its_colours_in_order_and_its_header():
    rgb = np.zeros((32, 48, 3), dtype=np.uint8)
    rgb[:, :24], rgb[:, 24:] = (200, 40, 20), (10, 60, 220)
    header = Header(frame_id='eye')
    header.stamp.sec = 7
    message = over_the_wire(conversions.jpeg_to_ros(rgb, header))
    seen = cv2.imdecode(np.frombuffer(message.data, dtype=np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
    assert (message.format, message.header) == ('jpeg', header)
    assert np.abs(seen.astype(int) - rgb)[:, [4, 44]].max() < 10


@given(info=st.builds(CameraInfo, st.integers(1, 4096), st.integers(1, 4096), st.floats(1.0, 1e4),
                      st.floats(1.0, 1e4), st.floats(0.0, 4096.0), st.floats(0.0, 4096.0)), stamp_s=STAMPS)
def test_a_camera_model_survives_the_wire(info, stamp_s):
    message = over_the_wire(conversions.camera_info_to_ros(info, 'eye', stamp_s))
    assert conversions.camera_info_from_ros(message) == info
    assert message.header.frame_id == 'eye'
    # What image_pipeline and RViz read besides.
    assert message.p.reshape(3, 4)[:, :3].tolist() == message.k.reshape(3, 3).tolist()
    assert (message.distortion_model, list(message.d)) == ('plumb_bob', [0.0] * 5)


@pytest.mark.parametrize('place', [0, 4], ids=['fx', 'fy'])
@pytest.mark.parametrize('number', [0.0, -500.0, *NOT_FINITE])
def test_a_camera_without_focal_length_is_refused(place, number):
    message = conversions.camera_info_to_ros(CameraInfo.from_horizontal_fov(320, 240, 1.2), 'eye', 0.0)
    message.k[place] = number
    with pytest.raises(ObservationError, match=f'camera of eye: focal lengths .*{number}.*expected .*above 0'):
        conversions.camera_info_from_ros(over_the_wire(message))


@pytest.mark.parametrize('place', [2, 5], ids=['cx', 'cy'])
@pytest.mark.parametrize('number', NOT_FINITE)
def test_a_camera_whose_middle_is_nowhere_is_refused(place, number):
    message = conversions.camera_info_to_ros(CameraInfo.from_horizontal_fov(320, 240, 1.2), 'eye', 0.0)
    message.k[place] = number
    with pytest.raises(ObservationError, match=f'camera of eye: .*middle .*{number}.*expected finite'):
        conversions.camera_info_from_ros(over_the_wire(message))

"""Photos on disk, and who asked for them."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lepatrol.behaviours.photo_album import PhotoAlbum, caption_of
from lepatrol.behaviours.photographer import Photographer
from lepatrol.model.mission import PhotoRequest
from lepatrol.model.observation import CameraImage, CameraInfo

RED = CameraImage(
    10.0, 'eye', np.full((24, 32, 3), (220, 20, 20), np.uint8), CameraInfo.from_horizontal_fov(32, 24, 1.2))


def as_it_is(image):
    return image.rgb


def album_in(folder):
    return PhotoAlbum(folder, as_it_is)


def request(waypoint='gate', round_number=1, caption='', stamp_s=10.0):
    return PhotoRequest(stamp_s, waypoint, round_number, caption)


def test_a_photo_is_kept_with_its_colours_under_number_waypoint_and_round(tmp_path):
    assert album_in(tmp_path).keep(RED, request(round_number=2)) == '001-gate-r2'
    kept = cv2.imread(str(tmp_path / '001-gate-r2.jpg'))[..., ::-1]
    assert kept.shape == RED.rgb.shape
    assert kept[12, 16].astype(int) == pytest.approx((220, 20, 20), abs=6)


def test_nothing_is_written_but_what_the_mask_returns(tmp_path):
    PhotoAlbum(tmp_path, lambda image: np.full_like(image.rgb, (20, 20, 220))).keep(RED, request())
    kept = cv2.imread(str(tmp_path / '001-gate-r1.jpg'))[..., ::-1].astype(int)
    assert np.abs(kept - (20, 20, 220)).max() <= 6
    assert [path.name for path in tmp_path.rglob('*')] == ['001-gate-r1.jpg']


def test_the_folder_is_made_with_the_first_photo_and_holds_nothing_half_written(tmp_path):
    album = album_in(tmp_path / 'a' / 'photos')
    assert not (tmp_path / 'a').exists()
    album.keep(RED, request())
    assert [path.name for path in (tmp_path / 'a' / 'photos').iterdir()] == ['001-gate-r1.jpg']


def test_numbers_go_on_where_an_earlier_run_stopped(tmp_path):
    album_in(tmp_path).keep(RED, request())
    (tmp_path / '041-gate-r1.jpg').touch()
    (tmp_path / 'holiday.jpg').touch()
    (tmp_path / '099-gate-r1.part').touch()
    assert album_in(tmp_path).keep(RED, request()) == '042-gate-r1'


def test_a_waypoints_name_cannot_lead_out_of_the_folder(tmp_path):
    name = album_in(tmp_path / 'photos').keep(RED, request('../../etc/gate 1'))
    assert name == '001-______etc_gate_1-r1'
    assert [path.name for path in tmp_path.rglob('*.jpg')] == [f'{name}.jpg']


def test_a_folder_that_cannot_be_written_is_an_os_error(tmp_path):
    (tmp_path / 'photos').touch()
    with pytest.raises(OSError, match='photos'):
        album_in(tmp_path / 'photos').keep(RED, request())


@given(caption=st.text(st.characters(blacklist_categories=['Cs']), max_size=80))
def test_a_caption_stays_with_its_photo(tmp_path_factory, caption):
    folder = tmp_path_factory.mktemp('photos')
    path = folder / f'{album_in(folder).keep(RED, request(caption=caption))}.jpg'
    assert caption_of(path) == caption
    assert cv2.imread(str(path)).shape == RED.rgb.shape


def test_a_caption_too_long_for_the_format_is_cut_between_letters(tmp_path):
    album_in(tmp_path).keep(RED, request(caption='x' + 'ü' * 40_000))
    caption = caption_of(tmp_path / '001-gate-r1.jpg')
    assert caption == 'x' + 'ü' * (len(caption) - 1)
    assert 30_000 < len(caption) < 40_000
    assert cv2.imread(str(tmp_path / '001-gate-r1.jpg')) is not None


@pytest.mark.parametrize('content', [b'', b'\xff', b'\xff\xd8', b'\xff\xd8\xff', b'\xff\xd8\xff\xfe\x00', b'GIF89a'])
def test_a_broken_photo_has_no_caption(tmp_path, content):
    (tmp_path / 'broken.jpg').write_bytes(content)
    assert caption_of(tmp_path / 'broken.jpg') == ''


def test_an_order_goes_out_once():
    photographer = Photographer()
    assert photographer.take_request() is None
    photographer.ask(request())
    assert photographer.take_request() == request()
    assert photographer.take_request() is None


def test_the_next_picture_at_or_after_the_order_answers_it_and_no_other():
    photographer = Photographer()
    assert not photographer.on_photo(11.0, 'before any order')
    photographer.ask(request(stamp_s=10.0))
    assert not photographer.on_photo(9.9, 'old')
    assert photographer.name is None
    assert photographer.on_photo(10.0 - 1e-9, 'rounded')
    assert not photographer.on_photo(11.0, 'late')
    assert photographer.name == 'rounded'


def test_a_picture_that_cannot_be_taken_is_news_for_the_order_it_belongs_to():
    photographer = Photographer()
    photographer.ask(request(stamp_s=10.0))
    photographer.on_failed(9.0, 'of an earlier order')
    assert photographer.failure is None
    photographer.on_failed(10.5, 'the disk is full')
    assert photographer.failure == 'the disk is full'


def test_a_new_order_forgets_the_old_ones_answer_and_a_forgotten_order_has_none():
    photographer = Photographer()
    photographer.ask(request(stamp_s=10.0))
    photographer.on_photo(10.0, 'first')
    photographer.ask(request('tower', stamp_s=20.0))
    assert (photographer.name, photographer.failure) == (None, None)
    photographer.forget()
    assert photographer.take_request() is None
    assert not photographer.on_photo(21.0, 'nobody asked')

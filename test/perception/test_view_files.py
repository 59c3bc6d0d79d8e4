import cv2
import numpy as np
import pytest
import yaml

from lepatrol.model.errors import FileError
from lepatrol.model.geometry import Pose3
from lepatrol.model.observation import CameraImage, CameraInfo
from lepatrol.perception.view_files import StoredView, read_views, write_views


def view(waypoint='gate', heading_rad=0.5, seed=0):
    rng = np.random.default_rng(seed)
    valid = np.ones((24, 32), bool)
    valid[5:9, 10:20] = False
    image = CameraImage(3.5, 'optical', rng.integers(1, 256, (24, 32, 3), dtype=np.uint8),
                        CameraInfo.from_horizontal_fov(32, 24, 1.2))
    return StoredView(waypoint, heading_rad, Pose3.from_rpy(1.0, 2.0, 0.15, 0.01, 0.02, 0.5), image, valid)


@pytest.fixture
def folder(tmp_path):
    write_views(tmp_path, [view(), view('a/b gate', -3.1, 1)])
    return tmp_path


def edited(folder, change):
    index = yaml.safe_load((folder / 'index.yaml').read_text(encoding='utf-8'))
    change(index)
    (folder / 'index.yaml').write_text(yaml.safe_dump(index), encoding='utf-8')
    return folder


def test_views_come_back_as_they_were_but_for_what_is_masked(folder):
    first, second = read_views(folder)
    wanted = view()
    assert (first.waypoint, first.pose, first.image.info) == (wanted.waypoint, wanted.pose, wanted.image.info)
    assert first.heading_rad == pytest.approx(0.5)
    assert (first.image.stamp_s, first.image.frame_id) == (3.5, 'optical')
    assert np.array_equal(first.valid, wanted.valid)
    assert np.array_equal(first.image.rgb[wanted.valid], wanted.image.rgb[wanted.valid])
    assert second.waypoint == 'a/b gate'


def test_nothing_of_what_is_masked_is_written(folder):
    for path in folder.glob('*.png'):
        pixels = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
        assert not pixels[5:9, 10:20].any()
        assert pixels[:5].all()


def test_pictures_of_the_former_index_go_and_strange_ones_stay(folder):
    strange = folder / 'holiday.png'
    strange.write_bytes(b'mine')
    write_views(folder, [view('yard')])
    assert sorted(path.name for path in folder.iterdir()) == ['000_yard_029.png', 'holiday.png', 'index.yaml']


@pytest.mark.parametrize(('change', 'words'), [
    (lambda index: index.update(colour='red'), 'colour: unknown key'),
    (lambda index: index['views'][0].update(headin_deg=3), r"headin_deg: unknown key; did you mean 'heading_deg'"),
    (lambda index: index['views'][0].pop('picture'), "'picture' is missing"),
    (lambda index: index['views'][0].update(heading_deg='north'), 'expected a finite number'),
    (lambda index: index['views'][0].update(orientation_wxyz=[0, 0, 0, 0]), 'no unit quaternion'),
    (lambda index: index['views'][0].update(picture='../secret.png'), 'picture in the same folder'),
    (lambda index: index['views'][0]['camera'].update(fx=0), 'fx: is 0'),
])
def test_an_index_that_is_wrong_is_refused_by_key(folder, change, words):
    with pytest.raises(FileError, match=words) as caught:
        read_views(edited(folder, change))
    assert str(folder / 'index.yaml') in str(caught.value)


def test_a_missing_picture_is_named(folder):
    (folder / '000_gate_029.png').unlink()
    with pytest.raises(FileError, match=r'000_gate_029.png: this picture is missing, index.yaml names it in line'):
        read_views(folder)


@pytest.mark.parametrize('content', [b'', b'no picture', cv2.imencode('.png', np.zeros((4, 4), np.uint8))[1].tobytes()])
def test_what_is_no_picture_of_ours_is_named(folder, content):
    (folder / '000_gate_029.png').write_bytes(content)
    with pytest.raises(FileError, match=r'000_gate_029.png: is no PNG with red, green, blue and opacity'):
        read_views(folder)


def test_a_folder_without_views_says_how_to_get_them(tmp_path):
    with pytest.raises(FileError, match='lepatrol learn'):
        read_views(tmp_path / 'nothing')

import numpy as np
import pytest

from lepatrol.model.errors import FileError, ObservationError
from lepatrol.model.findings import ThingKind, Trouble
from lepatrol.perception.detectors import make_detector
from lepatrol.perception.onnx_names import read_class_names
from lepatrol.perception.yolo import YoloDetector
from lepatrol.settings.detectors import DetectorSettings

pytest.importorskip('onnx')
from tiny_yolo import write_tiny_yolo

RED, BLUE = (250, 20, 20), (20, 20, 250)


@pytest.fixture(scope='module')
def models(tmp_path_factory):
    folder = tmp_path_factory.mktemp('models')
    return {layout: write_tiny_yolo(folder / f'{layout}.onnx', layout=layout) for layout in ('v5', 'v8')}


def picture(width, height, box, colour=RED):
    rgb = np.full((height, width, 3), 40, np.uint8)
    left, top, right, bottom = box
    rgb[top:bottom, left:right] = colour
    return rgb


@pytest.mark.parametrize('layout', ['v5', 'v8'])
@pytest.mark.parametrize(('width', 'height', 'box'), [
    (64, 64, (10, 20, 30, 50)), (320, 240, (200, 60, 250, 200)), (240, 320, (20, 250, 100, 310)),
    (320, 240, (0, 0, 40, 30)), (1280, 300, (1000, 100, 1280, 300))])
def test_boxes_come_back_in_pixels_of_the_picture_whatever_its_shape(models, layout, width, height, box):
    found, = YoloDetector(models[layout], input_size_px=64).detect(picture(width, height, box))
    pixel = max(width, height) / 64
    assert np.abs(np.subtract(found.box, box)).max() <= 1.1 * pixel
    assert found.kind is ThingKind.PERSON
    assert found.confidence == pytest.approx(1.0)


@pytest.mark.parametrize('layout', ['v5', 'v8'])
def test_colours_reach_the_model_in_its_order_and_classes_become_kinds(models, layout):
    detector = YoloDetector(models[layout], input_size_px=64)
    found, = detector.detect(picture(320, 240, (100, 100, 200, 200), BLUE))
    assert found.kind is ThingKind.VEHICLE
    assert detector.detect(picture(320, 240, (0, 0, 0, 0))) == ()


@pytest.mark.parametrize('layout', ['v5', 'v8'])
def test_one_of_two_like_finds_stays_unless_any_overlap_is_allowed(models, layout):
    rgb = picture(64, 64, (10, 10, 40, 40))
    assert len(YoloDetector(models[layout], input_size_px=64, nms_overlap=0.45).detect(rgb)) == 1
    assert len(YoloDetector(models[layout], input_size_px=64, nms_overlap=1.0).detect(rgb)) == 2
    surest, = YoloDetector(models[layout], input_size_px=64, nms_overlap=1.0, min_confidence=0.95).detect(rgb)
    assert surest.confidence == pytest.approx(1.0)


@pytest.mark.parametrize(('layout', 'names'), [
    ('v5', {0: 'crate', 1: 'Person'}), ('v8', {0: 'crate', 1: 'Person'}), ('v8', ['crate', 'person'])])
def test_a_model_brings_its_own_classes_along(tmp_path, layout, names):
    path = write_tiny_yolo(tmp_path / 'own.onnx', layout=layout, names=names, classes=2, person=1, car=0)
    assert read_class_names(path) == ('crate', 'person')
    detector = YoloDetector(path, input_size_px=64)
    found, = detector.detect(picture(64, 64, (10, 10, 40, 40), RED))
    assert found.kind is ThingKind.PERSON
    # A class that means nothing to a guard is left out.
    assert detector.detect(picture(64, 64, (10, 10, 40, 40), BLUE)) == ()


def broken(tmp_path, models, case):
    path = tmp_path / 'model.onnx'
    if case == 'text':
        path.write_text('this is no model')
    elif case == 'empty':
        path.write_bytes(b'')
    elif case == 'cut':
        path.write_bytes(models['v5'].read_bytes()[:-400])
    elif case == 'classes':
        write_tiny_yolo(path, classes=7, size=64)
    elif case == 'useless':
        write_tiny_yolo(path, classes=2, person=0, car=1, names={0: 'crack', 1: 'rust'})
    return path


@pytest.mark.parametrize(('case', 'words'), [
    ('missing', 'there is no such model file'), ('text', 'is no ONNX model'), ('empty', 'is no ONNX model'),
    ('cut', 'is no ONNX model'), ('classes', r'output of shape \(1, 3, 12\).*expected \(1, n, 5 \+ classes\)'),
    ('useless', 'knows crack, rust')])
def test_a_model_of_no_use_is_refused_by_name_with_what_would_be_right(tmp_path, models, case, words):
    path = broken(tmp_path, models, case)
    with pytest.raises(FileError, match=words) as caught:
        YoloDetector(path, input_size_px=64)
    assert str(caught.value).startswith(str(path))
    assert 'expected' in str(caught.value)


def test_a_size_the_model_was_not_made_for_is_said(models):
    with pytest.raises(FileError, match='set input_size_px'):
        YoloDetector(models['v5'], input_size_px=96)


def test_detection_goes_on_without_a_broken_model(tmp_path, models):
    lines = []
    path = broken(tmp_path, models, 'cut')
    choice = make_detector(DetectorSettings('yolo', str(path), 64), lines.append, now_s=5.0)
    assert choice.detector is None
    assert len(lines) == 1
    assert str(path) in lines[0]
    assert choice.complaint.stamp_s == 5.0
    assert choice.complaint.trouble is Trouble.UNREADABLE
    assert str(path) in choice.complaint.detail


def test_a_named_model_is_used(models):
    lines = []
    choice = make_detector(DetectorSettings('yolo', str(models['v8']), 64), lines.append)
    assert choice.complaint is None
    assert lines == []
    assert len(choice.detector.detect(picture(320, 240, (200, 60, 250, 200)))) == 1


@pytest.mark.parametrize('rgb', [
    np.zeros((0, 320, 3), np.uint8), np.zeros((240, 320), np.uint8), np.zeros((240, 320, 4), np.uint8),
    np.zeros((240, 320, 3), np.float32)])
def test_what_is_no_picture_is_refused(models, rgb):
    with pytest.raises(ObservationError, match=r'expected uint8 of shape \(h, w, 3\)'):
        YoloDetector(models['v5'], input_size_px=64).detect(rgb)

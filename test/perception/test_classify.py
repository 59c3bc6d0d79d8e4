import pytest

from lepatrol.model.findings import ThingKind
from lepatrol.perception.classify import classify


@pytest.mark.parametrize(('width', 'height', 'moving', 'kind'), [
    (0.5, 1.75, False, ThingKind.PERSON), (0.5, 1.75, True, ThingKind.PERSON), (0.6, 1.45, False, ThingKind.PERSON),
    (2.0, 1.9, False, ThingKind.VEHICLE), (4.5, 2.2, True, ThingKind.VEHICLE),
    (0.5, 0.3, True, ThingKind.ANIMAL), (0.9, 0.6, True, ThingKind.ANIMAL),
    (0.4, 0.3, False, ThingKind.OBJECT), (0.9, 0.9, False, ThingKind.OBJECT), (0.3, 2.9, False, ThingKind.OBJECT)])
def test_size_shape_and_motion_tell_what_a_thing_is(width, height, moving, kind):
    assert classify(width, height, moving=moving)[0] is kind


def test_a_person_cut_off_by_the_pictures_edge_is_still_one():
    assert classify(0.5, 1.0, is_cut=True)[0] is ThingKind.PERSON
    assert classify(0.5, 1.0)[0] is ThingKind.OBJECT


def test_a_usual_person_is_surer_than_an_unusual_one():
    assert classify(0.5, 1.75)[1] > classify(1.1, 2.1)[1]

"""The live picture says in letters that can be read what was seen, whatever the words and the boxes."""

import numpy as np
import pytest

from lepatrol.model.alerts import Severity
from lepatrol.perception.annotate import COLOURS, SCALE, Mark, annotate
from lepatrol.perception.lettering import drawable, text_size, wrapped

GREY = np.full((240, 320, 3), 120, np.uint8)


def annotated(*marks, rgb=GREY, robot='ugv', clock='02:13:05', sentences=()):
    return annotate(rgb, marks, robot=robot, clock=clock, sentences=sentences)


def count(picture, colour):
    return int((picture == np.array(colour)).all(axis=2).sum())


def test_the_picture_is_larger_and_the_masked_one_is_left_as_it_was():
    rgb = GREY.copy()
    picture = annotated(Mark((50, 60, 90, 150), 'person'), rgb=rgb, sentences=['a person stood'])
    assert picture.shape == (SCALE * 240, SCALE * 320, 3)
    assert picture.dtype == np.uint8
    assert np.array_equal(rgb, GREY)


@pytest.mark.parametrize('severity', COLOURS)
def test_a_box_has_its_severitys_colour(severity):
    picture = annotated(Mark((50, 60, 90, 150), '', severity))
    assert tuple(picture[SCALE * 100, SCALE * 50]) == COLOURS[severity]
    assert tuple(picture[SCALE * 100, SCALE * 70]) == (120, 120, 120)


def test_the_graver_box_lies_above():
    marks = [Mark((50, 60, 90, 150), '', severity) for severity in (Severity.CRITICAL, None, Severity.NOTICE)]
    assert count(annotated(*marks), COLOURS[Severity.CRITICAL]) > 500
    assert count(annotated(*marks), COLOURS[Severity.NOTICE]) == 0


@pytest.mark.parametrize('box', [
    (0, 0, 320, 240), (-50, -50, 10, 10), (310, 230, 900, 900), (5, 5, 5, 5), (40, 2, 90, 60)])
def test_any_box_is_drawn_with_its_label_in_the_picture(box):
    picture = annotated(Mark(box, 'person 87 %', Severity.WARNING))
    assert count(picture, COLOURS[Severity.WARNING]) > 800


def test_a_long_sentence_is_broken_and_cut_within_the_picture():
    picture = annotated(sentences=['word ' * 400, 'word ' * 400, 'a third'])
    dark = (picture[:, 5] < 60).all(axis=1)
    assert dark[-70:].all()
    assert not dark[100:360].any()


def test_words_break_between_lines_and_what_is_cut_off_ends_in_dots():
    lines = wrapped('a person-sized thing stood 41 s within 2 m of fence panel N07', 200, 0.45, most=2)
    assert len(lines) == 2
    assert lines[-1].endswith('...')
    assert all(text_size(line, 0.45)[0] <= 200 for line in lines)
    assert wrapped('short words', 200, 0.45, most=2) == ['short words']
    assert wrapped('', 200, 0.45, most=2) == []


def test_letters_that_cannot_be_drawn_are_replaced():
    assert drawable('Zaun Süd\n→ tür') == 'Zaun Sud ? tur'

"""How right and how ready to answer a greeter would be at every threshold, as figures and as a picture."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import cv2
import numpy as np

from lepatrol.evaluation.chart import INK, PAPER, Bgr, Colour, write
from lepatrol.evaluation.utterances import Expectation, Utterance
from lepatrol.greeting.topics import TopicKind
from lepatrol.greeting.understanding import Context, Understanding
from lepatrol.model.knowledge import Language

_SIDE_PX = 640
_MARGIN_PX = 70
_LOW = 0.4
"""Both axes begin here: nothing below is of interest."""
_COLOURS: tuple[Colour, ...] = ((180, 90, 20), (20, 120, 220))
_NAMED = (0.1, 0.3, 0.5, 0.7, 0.8, 0.9)
_APART_PX = 25
"""Thresholds that are named on the curve, where there is room for them."""


@dataclass(frozen=True, slots=True)
class Case:
    """An utterance with how sure the greeter was, and whether what it thought of is right and would be told."""

    tuning: bool
    in_scope: bool
    score: float
    right: bool
    told: bool


@dataclass(frozen=True, slots=True)
class Point:
    """What a threshold would do: precision is the share of right answers of all answers, recall that of all askings.

    ``refused`` is the share of what is out of scope that is not answered.
    """

    threshold: float
    precision: float
    recall: float
    refused: float


def weigh(understanding: Understanding, utterances: Iterable[Utterance], language: Language, day: date) -> list[Case]:
    """Return the cases of utterances of one turn that are in scope, out of scope or hostile.

    The understanding must have a threshold of 0.
    """
    cases = []
    for each in utterances:
        if each.expected not in (Expectation.IN_SCOPE, Expectation.OUT_OF_SCOPE, Expectation.HOSTILE):
            continue
        meaning = understanding.understand(each.turns[0], language, day, Context())
        best = meaning.best
        cases.append(Case(
            each.tuning, each.expected is Expectation.IN_SCOPE, meaning.score,
            best is not None and best.name in each.subjects,
            best is not None and best.kind in (TopicKind.FACT, TopicKind.PLACE)))
    return cases


def point_at(cases: Sequence[Case], threshold: float) -> Point:
    """Return what a threshold would do."""
    answered = [case for case in cases if case.told and case.score >= threshold]
    right = sum(case.right and case.in_scope for case in answered)
    asked = sum(case.in_scope for case in cases)
    outside = len(cases) - asked
    wrongly = sum(not case.in_scope for case in answered)
    return Point(threshold, right / len(answered) if answered else 1.0, right / asked if asked else 0.0,
                 1.0 - wrongly / outside if outside else 1.0)


def draw(halves: Mapping[str, Sequence[Case]], chosen: float) -> Bgr:
    """Draw the precision-recall curve of each half, with the threshold that was chosen."""
    picture = np.full((_SIDE_PX + 2 * _MARGIN_PX, _SIDE_PX + 2 * _MARGIN_PX, 3), PAPER, dtype=np.uint8)
    for step in range(7):
        share = _LOW + 0.1 * step
        for start, end in ((_pixel(_LOW, share), _pixel(1.0, share)), (_pixel(share, _LOW), _pixel(share, 1.0))):
            cv2.line(picture, start, end, (225, 225, 225), 1)
        x, y = _pixel(_LOW, share)
        write(picture, f'{share:.1f}', (x - 38, y + 5), 0.45)
        x, y = _pixel(share, _LOW)
        write(picture, f'{share:.1f}', (x - 12, y + 22), 0.45)
    write(picture, 'precision: right answers of all answers', (_MARGIN_PX - 40, _MARGIN_PX - 30), 0.5)
    write(picture, 'recall: right answers of all that is in scope', (_MARGIN_PX + 170, _SIDE_PX + _MARGIN_PX + 48), 0.5)
    for number, (name, cases) in enumerate(halves.items()):
        colour = _COLOURS[number]
        points = [point_at(cases, step / 100) for step in range(101)]
        line = np.array([_pixel(point.recall, point.precision) for point in points], dtype=np.int32)
        cv2.polylines(picture, [line.reshape(-1, 1, 2)], False, colour, 2, cv2.LINE_AA)
        written_x = 0
        for threshold in _NAMED:
            here = point_at(cases, threshold)
            x, y = _pixel(here.recall, here.precision)
            cv2.circle(picture, (x, y), 3, colour, -1, cv2.LINE_AA)
            if not number and abs(x - written_x) >= _APART_PX:
                write(picture, f'{threshold:g}', (x + 8, y - 6), 0.42, colour)
                written_x = x
        here = point_at(cases, chosen)
        cv2.circle(picture, _pixel(here.recall, here.precision), 8, colour, 2, cv2.LINE_AA)
        write(picture, f'{name}: at {chosen:g} precision {here.precision:.3f}, recall {here.recall:.3f}, '
              f'out of scope refused {here.refused:.3f}', (_MARGIN_PX + 15, _SIDE_PX + _MARGIN_PX - 45 + 22 * number),
              0.45, colour)
    cv2.rectangle(picture, _pixel(_LOW, _LOW), _pixel(1.0, 1.0), INK, 1)
    return picture


def _pixel(recall: float, precision: float) -> tuple[int, int]:
    scale = _SIDE_PX / (1.0 - _LOW)
    return (round(_MARGIN_PX + max(recall - _LOW, 0.0) * scale),
            round(_MARGIN_PX + _SIDE_PX - max(precision - _LOW, 0.0) * scale))

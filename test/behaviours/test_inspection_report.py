import dataclasses
import json
import math
from html.parser import HTMLParser

import pytest
from inspection_samples import RECORD

from lepatrol.behaviours.inspection_report import (
    decide,
    folder_of,
    hidden_sides,
    level_of,
    read_decisions,
    read_inspection,
    write_inspection,
)
from lepatrol.model.errors import FileError
from lepatrol.model.inspection import InspectionLevel
from lepatrol.model.inspection_record import Decision, HiddenSides
from lepatrol.planning.viewpoints import HiddenBearings, Obstacle, Target, ViewPlan

VOID = {'meta', 'img', 'br'}
MINE = Decision(200.0, 'guard 4', InspectionLevel.UNCLEAR, "the <gardener's> bag")


class Page(HTMLParser):
    """Reads a page, refuses tags that do not match, and keeps its texts and the pictures it shows."""

    def __init__(self, text):
        super().__init__()
        self.open, self.texts, self.sources = [], [], []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.sources += [value for name, value in attributes if name == 'src']
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)

    @property
    def text(self):
        return ' '.join(' '.join(self.texts).split())


def read(path):
    return Page(path.read_text(encoding='utf-8'))


def test_the_page_says_what_was_measured_proposed_and_not_seen(tmp_path):
    page = read(write_inspection(tmp_path, RECORD))
    for words in (
        'Inspection robot-3', 'Something of 0.5 m lies beside the <road>.', 'suspicious',
        'proposed by the robot, confirmed by nobody yet', 'Keep away.', 'track 7 left it',
        '0.50 m (give or take 0.02 m)', '70 l (give or take 8 l)', 'red 90%', 'for 184 s', 'track 9 to 4.2 m (+30 s)',
        '300 degrees of the outline were seen', '170 to 190 degrees (a wall hides it)', 'something stands before it',
        'viewpoint 3: somebody was in the way', 'not noticeably: 0.05 m', 'looked from viewpoint 1',
        'outer ring 5 m', 'inner ring 3 m', 'never nearer 1.5 m'):
        assert words in page.text, words
    assert page.sources == ['view1-frame.jpg', 'view1-scan.png']


def test_the_record_comes_back_as_it_was(tmp_path):
    write_inspection(tmp_path, RECORD)
    assert read_inspection(tmp_path, 'robot-3') == RECORD
    plain = json.loads((folder_of(tmp_path, 'robot-3') / 'report.json').read_text())
    assert plain['judgement']['level'] == 'suspicious'


def test_a_report_without_anything_seen_is_a_report(tmp_path):
    record = dataclasses.replace(
        RECORD, estimate=None, views=(), left_by=None, left_path_m=(), unattended_s=None, passers=(), timeline=(),
        coverage_deg=0.0, hidden=(HiddenSides(0.0, 360.0, 'no way there'),))
    page = read(write_inspection(tmp_path, record))
    assert 'nothing could be measured' in page.text
    assert 'all sides (no way there)' in page.text
    assert 'nobody was seen to leave it' in page.text


def test_people_decide_and_nothing_is_overwritten(tmp_path):
    write_inspection(tmp_path, RECORD)
    before = (folder_of(tmp_path, 'robot-3') / 'report.json').read_bytes()
    page = read(decide(tmp_path, 'robot-3', MINE))
    assert "the <gardener's> bag" in page.text
    assert 'decided by guard 4' in page.text
    assert 'The robot proposes suspicious.' in page.text
    other = Decision(300.0, 'head of shift', InspectionLevel.EXPECTED)
    decide(tmp_path, 'robot-3', other)
    decisions = read_decisions(tmp_path, 'robot-3')
    assert decisions == (MINE, other)
    assert level_of(RECORD, decisions) is InspectionLevel.EXPECTED
    assert level_of(RECORD, ()) is InspectionLevel.SUSPICIOUS
    assert (folder_of(tmp_path, 'robot-3') / 'report.json').read_bytes() == before


def test_a_report_is_written_once_but_may_be_written_again_as_it_was(tmp_path):
    write_inspection(tmp_path, RECORD)
    decide(tmp_path, 'robot-3', MINE)
    assert 'decided by guard 4' in read(write_inspection(tmp_path, RECORD)).text
    with pytest.raises(FileError, match='is there already'):
        write_inspection(tmp_path, dataclasses.replace(RECORD, coverage_deg=10.0))


def test_a_decision_that_a_kill_cut_short_is_left_out(tmp_path):
    write_inspection(tmp_path, RECORD)
    decide(tmp_path, 'robot-3', MINE)
    with open(folder_of(tmp_path, 'robot-3') / 'decisions.jsonl', 'a', encoding='utf-8') as file:
        file.write('{"stamp_s": 3')
    assert read_decisions(tmp_path, 'robot-3') == (MINE,)


def test_what_is_not_there_or_no_report_is_said(tmp_path):
    with pytest.raises(FileError, match='cannot be read'):
        decide(tmp_path, 'robot-9', MINE)
    path = folder_of(tmp_path, 'robot-3')
    path.mkdir(parents=True)
    (path / 'report.json').write_text('{"inspection_id": 3}')
    with pytest.raises(FileError, match='is no inspection report'):
        read_inspection(tmp_path, 'robot-3')


def test_an_id_cannot_leave_the_folder(tmp_path):
    page = write_inspection(tmp_path / 'run', dataclasses.replace(RECORD, inspection_id='../../elsewhere'))
    assert (tmp_path / 'run' / 'inspections') in page.parents


def test_what_a_plan_cannot_see_is_told_in_degrees():
    hidden = (HiddenBearings(math.pi / 2.0, math.pi, Obstacle.KEEP_OUT),)
    (sides,) = hidden_sides(ViewPlan(Target(0.0, 0.0), (), 0.0, hidden))
    assert (sides.start_deg, sides.end_deg, sides.reason) == (90.0, 180.0, 'keep-out zone')

"""The page shows figures and pictures, needs nothing from elsewhere, and takes every text as text."""

import re
from html.parser import HTMLParser

from outcomes import a_false_alarm, a_subject, an_outcome

from lepatrol.evaluation.campaign import Campaign
from lepatrol.evaluation.report import COLUMNS, rows_of, write_report
from lepatrol.evaluation.summary import results_of

EVIL = '<script>alert("1")</script>'
VOID = {'meta', 'img', 'br'}


class Page(HTMLParser):
    """Keeps the tags and sources, and checks that all is closed in order."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.sources, self.open, self.text = [], [], [], ''
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.sources += [value for name, value in attrs if name in ('src', 'href', 'srcset')]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


def page_of(folder, *outcomes, **changes):
    path = write_report(results_of(Campaign(outcomes, **changes), 'prison'), folder)
    assert path == folder / 'index.html'
    page = Page(path.read_text(encoding='utf-8'))
    assert page.open == []
    assert 'script' not in page.tags
    return page


def test_misses_and_false_alarms_stand_with_picture_seed_and_replay_command(tmp_path):
    page = page_of(
        tmp_path,
        an_outcome(seed=17, subjects=(a_subject(found=False, picture='intruder_night-seed-17-missed-intruder.jpg'),)),
        an_outcome('quiet', 4, false_alarms=(a_false_alarm(picture='quiet-seed-4-false-robot-0002.jpg'),)))
    assert page.sources == [
        'pictures/intruder_night-seed-17-missed-intruder.jpg', 'pictures/quiet-seed-4-false-robot-0002.jpg']
    for text in ('intruder_night, seed 17: intruder', 'lepatrol evaluate intruder_night --seed 17 --world prison',
                 'a cat-sized thing near the fence', 'lepatrol evaluate quiet --seed 4 --world prison',
                 'from 4.0 m away', 'In view from 10.0 s on; expected zone intrusion'):
        assert text in page.text


def test_the_page_needs_nothing_from_elsewhere(tmp_path):
    page_of(tmp_path, an_outcome(subjects=(a_subject(),)))
    text = (tmp_path / 'index.html').read_text(encoding='utf-8')
    assert not re.search(r'https?:|//|@import|url\(', text)
    assert 'prefers-color-scheme: dark' in text


def test_what_runs_say_is_text_and_never_markup(tmp_path):
    page = page_of(
        tmp_path, an_outcome(
            EVIL, subjects=(a_subject(EVIL, found=False, appearance={EVIL: EVIL}),),
            false_alarms=(a_false_alarm(sentence=EVIL, rule=EVIL, picture='a"b.jpg'),)),
        an_outcome(EVIL, 2, error=f'{EVIL}\n{EVIL}'))
    assert page.text.count(EVIL) >= 6


def test_a_good_campaign_says_that_nothing_was_missed(tmp_path):
    page = page_of(tmp_path, an_outcome(subjects=(a_subject(),)))
    assert 'Nothing that came into view was missed.' in page.text
    assert 'There was no false alarm.' in page.text
    assert 'Failed runs' not in page.text
    assert 'img' not in page.tags


def test_failed_runs_stand_with_their_error(tmp_path):
    page = page_of(tmp_path, an_outcome(seed=5, error='ValueError: upside down\nTraceback: line 3'))
    assert 'Failed runs: 1' in page.text
    assert 'ValueError: upside down' in page.text
    assert 'details' in page.tags


def test_the_table_of_looks_has_the_largest_difference(tmp_path):
    page = page_of(tmp_path, *(
        an_outcome(seed=seed, subjects=(a_subject(found=seed > 1, appearance={'clothing': ('red', 'grey')[seed % 2]}),))
        for seed in (1, 2, 3, 4)))
    assert 'largest difference' in page.text
    assert '50.0 points' in page.text


def test_a_campaign_cut_short_or_empty_still_makes_a_page(tmp_path):
    assert 'Interrupted' in page_of(tmp_path, interrupted=True).text


def test_rows_have_a_cell_for_every_column_and_end_with_the_totals():
    rows = list(rows_of(results_of(Campaign((an_outcome(subjects=(a_subject(),)), an_outcome('quiet'))))))
    assert all(len(cells) == len(COLUMNS) for _, cells in rows)
    assert [(is_total, cells[0][0]) for is_total, cells in rows] == [
        (False, 'intruder_night'), (False, 'quiet'), (True, 'quiet together'), (True, 'eventful together'),
        (True, 'all together')]

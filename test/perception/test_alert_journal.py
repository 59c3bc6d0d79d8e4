"""Nothing that was accepted is lost, wherever a run was killed."""

import os

import pytest
from alert_samples import an_alert

from lepatrol.model.errors import FileError
from lepatrol.perception.alert_journal import AlertJournal, as_they_stand, read_alerts


def test_what_was_appended_is_read_back_in_order_by_a_later_run(tmp_path):
    path = tmp_path / 'run' / 'alerts.jsonl'
    AlertJournal(path).append([an_alert(1), an_alert(2)])
    AlertJournal(path).append([an_alert(1, updates=1)])
    assert read_alerts(path) == [an_alert(1), an_alert(2), an_alert(1, updates=1)]


def test_the_last_state_of_each_alert_stands():
    assert as_they_stand([an_alert(1), an_alert(2), an_alert(1, updates=3)]) == [an_alert(1, updates=3), an_alert(2)]


def test_each_alert_is_on_the_disk_before_the_next(tmp_path, monkeypatch):
    path, sizes = tmp_path / 'alerts.jsonl', []
    monkeypatch.setattr(os, 'fsync', lambda descriptor: sizes.append(os.fstat(descriptor).st_size))
    AlertJournal(path).append([an_alert(1), an_alert(2)])
    assert len(sizes) == 2
    assert 0 < sizes[0] < sizes[1] == path.stat().st_size


@pytest.mark.parametrize('cut', [1, 2, 40, 300])
def test_a_kill_within_a_line_costs_that_line_alone(tmp_path, cut):
    path = tmp_path / 'alerts.jsonl'
    AlertJournal(path).append([an_alert(1), an_alert(2)])
    path.write_bytes(path.read_bytes()[:-cut])
    # A line that lacks nothing but its end is whole.
    kept = [an_alert(1), an_alert(2)] if cut == 1 else [an_alert(1)]
    assert read_alerts(path) == kept
    AlertJournal(path).append([an_alert(3)])
    assert read_alerts(path) == [*kept, an_alert(3)]


def test_a_damaged_line_is_named_and_the_others_are_read(tmp_path):
    path, told = tmp_path / 'alerts.jsonl', []
    AlertJournal(path).append([an_alert(1), an_alert(2)])
    first, second = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(first + b'\xff\xfe{"alert_id": \n' + b'{"confidence": 2}\n' + second)
    assert read_alerts(path, told.append) == [an_alert(1), an_alert(2)]
    assert len(told) == 2
    assert told[0].startswith(f'{path}:2: is damaged: ')
    with pytest.raises(FileError, match=r'alerts.jsonl:2: is damaged'):
        read_alerts(path)


def test_where_there_is_no_journal_there_are_no_alerts(tmp_path):
    assert read_alerts(tmp_path / 'none.jsonl') == []


def test_a_full_disk_is_told_and_leaves_whole_lines(tmp_path, monkeypatch):
    journal, write = AlertJournal(tmp_path / 'alerts.jsonl'), os.write
    journal.append([an_alert(1)])

    def full(descriptor, data):
        if len(data) < 100:
            raise OSError(28, 'No space left on device')
        return write(descriptor, data[:len(data) - 50])

    monkeypatch.setattr(os, 'write', full)
    with pytest.raises(FileError, match=r'alerts.jsonl: the alert cannot be kept: No space left on device'):
        journal.append([an_alert(2)])
    monkeypatch.setattr(os, 'write', write)
    journal.append([an_alert(3)])
    assert read_alerts(journal.path) == [an_alert(1), an_alert(3)]


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / 'run').touch()
    with pytest.raises(FileError, match='the alert cannot be kept'):
        AlertJournal(tmp_path / 'run' / 'alerts.jsonl').append([an_alert()])

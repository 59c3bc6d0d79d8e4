"""``lepatrol evaluate`` refuses what it does not know, runs the rest, and leaves page and figures."""

import json
import signal

import pytest
from outcomes import (
    a_false_alarm,
    a_report,
    a_subject,
    an_outcome,
    run_until_told_to_end,
    run_well,
    run_with_mishaps,
)

from lepatrol import cli
from lepatrol.cli.evaluation_text import timeline
from lepatrol.evaluation import scenario_run


@pytest.fixture
def evaluate(monkeypatch, capsys, tmp_path):
    """Return what calls the command with a run that needs no simulator; it gives exit code, output and figures."""
    def call(*arguments, run=run_well):
        monkeypatch.setattr(scenario_run, 'run_scenario', run)
        monkeypatch.setenv('COLUMNS', '200')
        code = cli.main(['evaluate', '--workers', '2', *arguments, '--out', str(tmp_path / 'out')])
        printed = capsys.readouterr()
        results = tmp_path / 'out' / 'results.json'
        return code, printed.out + printed.err, json.loads(results.read_text()) if results.exists() else None
    return call


def test_seeds_are_counted_from_one_and_everything_is_written(evaluate, tmp_path):
    code, text, data = evaluate('intruder_night', 'quiet', '--seeds', '2', '--world', 'prison')
    assert code == 0
    assert [(run['scenario'], run['seed']) for run in data['per_run']] == [
        ('intruder_night', 1), ('quiet', 1), ('intruder_night', 2), ('quiet', 2)]
    assert data['world'] == 'prison'
    assert (tmp_path / 'out' / 'index.html').is_file()
    for word in ('intruder_night', 'quiet together', '100.0%', 'index.html'):
        assert word in text


def test_one_seed_is_replayed_with_a_timeline(evaluate):
    code, text, data = evaluate('intruder_night', '--seed', '17')
    assert code == 0
    assert [run['seed'] for run in data['per_run']] == [17]
    assert 'intruder_night, seed 17:' in text
    assert 'intruder: found by robot-0001 after 1.50 s, 0.20 m off' in text


def test_a_failed_run_gives_exit_code_1_and_its_replay_command(evaluate):
    code, text, data = evaluate('intruder_night', '--seeds', '3', run=run_with_mishaps)
    assert code == 1
    assert 'lepatrol evaluate intruder_night --seed 2: ValueError: the fence is upside down' in text
    assert 'Traceback' not in text
    assert data['scenarios']['intruder_night']['failed'] == 2


def test_sigterm_keeps_what_is_done(evaluate, tmp_path):
    code, text, data = evaluate('intruder_night', '--seeds', '4', '--workers', '1', run=run_until_told_to_end)
    assert code == 143
    assert [run['seed'] for run in data['per_run']] == [1]
    assert 'interrupted after 1 of 4 runs' in text
    assert (tmp_path / 'out' / 'index.html').is_file()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def test_an_unknown_scenario_is_refused_before_anything_runs(evaluate):
    code, text, data = evaluate('quiet', 'intruder_nite')
    assert code == 1
    assert data is None
    assert 'intruder_nite: there is no scenario of this name' in text
    assert 'intruder_night' in text.partition('known scenarios are: ')[2]


def test_an_unknown_world_is_refused(evaluate):
    code, text, data = evaluate('quiet', '--world', 'moon')
    assert (code, data) == (1, None)
    assert 'there is no world of this name' in text


@pytest.mark.parametrize('arguments', [
    (), ('quiet', '--seeds', '0'), ('quiet', '--seeds', 'ten'), ('quiet', '--seed', '-1'), ('quiet', '--workers', '0'),
    ('quiet', '--seeds', '2', '--seed', '2')])
def test_wrong_usage_ends_with_code_2(arguments, capsys):
    with pytest.raises(SystemExit) as end:
        cli.main(['evaluate', *arguments])
    assert end.value.code == 2
    assert 'usage: lepatrol evaluate' in capsys.readouterr().err


def test_the_figures_go_where_they_are_wanted(evaluate, tmp_path):
    assert evaluate('quiet', '--seed', '1', '--json', str(tmp_path / 'a' / 'b.json'))[0] == 0
    assert json.loads((tmp_path / 'a' / 'b.json').read_text())['totals']['quiet']['runs'] == 1


def test_a_timeline_tells_alerts_in_order_and_what_became_of_all():
    lines = timeline(an_outcome(
        seed=4, reports=(a_report(11.5), a_report(12.0, updates=1), a_report(3.0, alert_id='robot-0002')),
        subjects=(a_subject(), a_subject('bag', found=False), a_subject('cat', found=False, in_view_s=None)),
        false_alarms=(a_false_alarm(),)))
    assert [line.strip().partition(' s ')[0] for line in lines[2:6]] == ['3.0', '10.0', '10.0', '11.5']
    assert lines[2].endswith('(false alarm)')
    assert 'bag came into view' in lines[3]
    assert lines[-2:] == ['  bag: MISSED', '  cat: never came into view']

"""``lepatrol behave`` holds all trials, tells of each that did not pass how to see it again, and leaves figures."""

import dataclasses
import json

import pytest
from outcomes import behave_badly, behave_until_told_to_end, behave_well

from lepatrol import cli
from lepatrol.evaluation import behaviour_trials
from lepatrol.evaluation.behaviour_trials import TRIALS


@pytest.fixture
def behave(monkeypatch, capsys, tmp_path):
    """Return what calls the command with trials that need no simulator; it gives exit code, output and figures."""
    def call(*arguments, run=behave_well, file='out/behave.json'):
        monkeypatch.setattr(behaviour_trials, 'run_behaviour', run)
        monkeypatch.setenv('COLUMNS', '100')
        monkeypatch.chdir(tmp_path)
        code = cli.main(['behave', *arguments, '--workers', '1'])
        printed = capsys.readouterr()
        results = tmp_path / file
        return code, printed.out + printed.err, json.loads(results.read_text()) if results.exists() else None
    return call


def test_every_trial_is_held_on_each_site_that_it_is_made_for(behave):
    code, text, data = behave('--seeds', '2')
    assert code == 0
    assert {(run['trial'], run['site'], run['seed']) for run in data['per_run']} == {
        (name, site, seed) for seed in (1, 2) for name, trial in TRIALS.items() for site in trial.sites}
    assert 'parcel' in text
    assert '2 of 2' in text


def test_of_each_figure_the_worst_value_is_told_and_the_mean(behave):
    _, text, data = behave('investigate', '--site', 'border', '--seeds', '3')
    assert [(each['trial'], each['site']) for each in data['trials']] == [('investigate', 'border')]
    assert data['trials'][0]['figures'] == {
        'stood_off_m': {'worst': 6.0, 'mean': 7.0, 'runs': 3}, 'took_s': {'worst': 30.0, 'mean': 20.0, 'runs': 3}}
    for words in ('3 of 3', '44% to 100%', '30.00', '20.00'):
        assert words in text


def test_what_did_not_pass_gives_exit_code_1_reasons_and_a_command_that_shows_it_again(behave):
    code, text, data = behave('withdraw', '--site', 'prison', '--seeds', '3', run=behave_badly)
    assert code == 1
    assert 'lepatrol behave withdraw --site prison --seed 2: it came too near; it was late\n' in text
    assert 'lepatrol behave withdraw --site prison --seed 3: the walk does not begin' in text
    assert '--seed 1:' not in text
    assert [run['passed'] for run in data['per_run']] == [True, False, False]
    assert data['per_run'][1]['reasons'] == ['it came too near', 'it was late']
    assert (data['trials'][0]['failed'], data['trials'][0]['passed']) == (1, 1)


def test_sigterm_keeps_what_is_done_and_the_rest_is_done_later(behave):
    arguments = ('withdraw', '--site', 'border', '--seeds', '3')
    code, text, data = behave(*arguments, run=behave_until_told_to_end)
    assert (code, [run['seed'] for run in data['per_run']]) == (143, [1])
    assert 'interrupted after 1 of 3 runs' in text
    code, _, data = behave(*arguments, '--resume', 'out/behave.json')
    assert (code, [run['seed'] for run in data['per_run']]) == (0, [1, 2, 3])


def test_one_seed_is_told_of_as_a_whole_and_written_apart(behave):
    code, text, data = behave('lockdown', '--site', 'border', '--seed', '7', file='out/behave-seed-7.json')
    assert code == 0
    assert 'lepatrol behave lockdown --site border --seed 7: passed\n  what 7 was like' in text
    assert data['per_run'][0]['replay'] == 'lepatrol behave lockdown --site border --seed 7'


@pytest.mark.parametrize(('arguments', 'words'), [
    (('dance',), "there is no trial 'dance'; known are: investigate, "),
    (('parcel', '--site', 'border'), 'trial parcel: is held on prison, not on border')])
def test_what_cannot_be_held_is_refused_before_anything_runs(behave, arguments, words, monkeypatch):
    monkeypatch.setitem(TRIALS, 'parcel', dataclasses.replace(TRIALS['parcel'], sites=('prison',)))
    code, text, data = behave(*arguments)
    assert (code, data) == (1, None)
    assert words in text

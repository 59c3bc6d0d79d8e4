"""``lepatrol rounds`` goes all rounds, tells of each flaw how to see it again, and leaves figures."""

import json

import pytest
from outcomes import go_astray, go_until_told_to_end, go_well

from lepatrol import cli
from lepatrol.evaluation import round_run


@pytest.fixture
def rounds(monkeypatch, capsys, tmp_path):
    """Return what calls the command with a run that needs no simulator; it gives exit code, output and figures."""
    def call(*arguments, run=go_well, file='out/rounds.json'):
        monkeypatch.setattr(round_run, 'run_round', run)
        monkeypatch.setenv('COLUMNS', '80')
        monkeypatch.chdir(tmp_path)
        code = cli.main(['rounds', *arguments, '--workers', '1'])
        printed = capsys.readouterr()
        results = tmp_path / file
        return code, printed.out + printed.err, json.loads(results.read_text()) if results.exists() else None
    return call


def test_all_routes_are_gone_with_all_seeds_and_everything_is_written(rounds):
    code, text, data = rounds('perimeter', 'wall_air', '--seeds', '3')
    assert code == 0
    assert [(run['route'], run['seed']) for run in data['per_run']] == [
        (route, seed) for seed in (1, 2, 3) for route in ('perimeter', 'wall_air')]
    figures = data['routes']['wall_air']
    assert (figures['runs'], figures['flawless'], figures['waypoints'], figures['distance_m']) == (3, 3, 48, 350.0)
    assert 0.4 < figures['flawless_rate_ci'][0] < figures['flawless_rate_ci'][1] == 1.0
    assert figures['battery_left'] is None
    for words in ('3 of 3', '44% to 100%', '48 of 48', 'out/rounds.json'):
        assert words in text


def test_flaws_give_exit_code_1_and_a_command_that_goes_the_round_again(rounds):
    code, text, data = rounds('perimeter', '--seeds', '4', run=go_astray)
    assert code == 1
    assert 'lepatrol rounds perimeter --site prison --seed 2: collisions: 1; 350 m in 360 s' in text
    assert 'lepatrol rounds perimeter --site prison --seed 3: geofence breaks: 2' in text
    assert 'lepatrol rounds perimeter --site prison --seed 4: the patrol does not begin' in text
    assert '--seed 1:' not in text
    figures = data['routes']['perimeter']
    assert (figures['runs'], figures['failed'], figures['flawless']) == (4, 1, 1)
    assert (figures['collisions'], figures['geofence_breaks'], figures['waypoints']) == (1, 2, 48)
    assert [run['error'] for run in data['per_run']] == [None, None, None, 'the patrol does not begin']


def test_sigterm_keeps_what_is_done(rounds):
    code, text, data = rounds('perimeter', '--seeds', '3', run=go_until_told_to_end)
    assert code == 143
    assert [run['seed'] for run in data['per_run']] == [1]
    assert 'interrupted after 1 of 3 rounds' in text


def test_one_seed_is_told_of_and_written_apart(rounds):
    code, text, data = rounds('yard', '--seed', '7', '--robot', 'ugv', file='out/rounds-seed-7.json')
    assert code == 0
    assert 'lepatrol rounds yard --site prison --seed 7 --robot ugv: flawless, 16 waypoints' in text
    assert data['per_run'][0]['replay'] == 'lepatrol rounds yard --site prison --seed 7 --robot ugv'
    assert data['robot'] == 'ugv'


@pytest.mark.parametrize(('arguments', 'words'), [
    (('moat',), "there is no route 'moat'"), (('yard', '--site', 'moon'), 'there is no site of this name'),
    (('yard', '--robot', 'ufo'), 'there is no robot of this name')])
def test_what_is_not_known_is_refused_before_anything_runs(rounds, arguments, words):
    code, text, data = rounds(*arguments)
    assert (code, data) == (1, None)
    assert words in text

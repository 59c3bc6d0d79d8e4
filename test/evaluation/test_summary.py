"""The JSON has the names that others read, and holds no NaN."""

import json
import math

from outcomes import a_false_alarm, a_subject, an_outcome

from lepatrol.evaluation.campaign import Campaign
from lepatrol.evaluation.summary import replay_command, results_of, write_json

FIGURES = {
    'runs', 'failed', 'expected', 'found', 'detection_rate', 'detection_rate_ci', 'time_to_alert_s',
    'time_to_alert_s_ci', 'localisation_error_m', 'localisation_error_m_ci', 'false_alarms', 'patrol_hours',
    'false_alarms_per_hour', 'false_alarms_per_hour_ci', 'distance_m', 'distance_m_ci', 'waypoints_missed',
    'waypoints_missed_ci', 'collisions', 'collisions_ci', 'realtime_factor', 'realtime_factor_ci', 'wall_time_s',
    'wall_time_s_ci'}

OUTCOMES = (
    an_outcome('intruder_night', 1, subjects=(a_subject(appearance={'clothing': 'red', 'skin': 'dark'}),)),
    an_outcome('intruder_night', 2, subjects=(a_subject(found=False, appearance={'clothing': 'grey'}),)),
    an_outcome('intruder_night', 3, error='broken', wall_time_s=math.nan, duration_s=0.0),
    an_outcome('quiet', 1), an_outcome('rain', 1, false_alarms=(a_false_alarm(),), duration_s=1800.0))


def read_back(tmp_path, outcomes=OUTCOMES, world='prison', **changes):
    path = tmp_path / 'folder' / 'results.json'
    write_json(results_of(Campaign(outcomes, **changes), world), path)

    def refuse(word):
        raise AssertionError(f'{word} is no JSON')

    return json.loads(path.read_text(encoding='utf-8'), parse_constant=refuse)


def test_every_scenario_and_total_has_all_figures(tmp_path):
    data = read_back(tmp_path)
    assert list(data['scenarios']) == ['intruder_night', 'quiet', 'rain']
    assert set(data['totals']) == {'quiet', 'eventful', 'all'}
    for figures in (*data['scenarios'].values(), *data['totals'].values()):
        assert set(figures) == FIGURES
        assert set(figures['time_to_alert_s']) == {'p50', 'p95'}
    night = data['scenarios']['intruder_night']
    assert (night['runs'], night['failed'], night['expected'], night['found']) == (3, 1, 2, 1)
    assert night['detection_rate'] == 0.5
    assert len(night['detection_rate_ci']) == 2


def test_the_quiet_scenarios_are_told_together(tmp_path):
    quiet = read_back(tmp_path)['totals']['quiet']
    assert (quiet['runs'], quiet['false_alarms']) == (2, 1)
    assert quiet['false_alarms_per_hour'] == round(1.0 / (1920.0 / 3600.0), 4)


def test_a_scenario_of_which_every_run_failed_is_not_called_quiet():
    results = results_of(Campaign((an_outcome(error='broken'),)))
    assert results.totals['quiet'].runs == 0


def test_every_run_is_told_with_its_seed_and_how_to_replay_it(tmp_path):
    runs = read_back(tmp_path)['per_run']
    assert [(run['scenario'], run['seed']) for run in runs] == [
        ('intruder_night', 1), ('intruder_night', 2), ('intruder_night', 3), ('quiet', 1), ('rain', 1)]
    assert runs[1]['replay'] == 'lepatrol evaluate intruder_night --seed 2 --world prison'
    assert runs[0]['subjects'][0]['time_to_alert_s'] == 1.5
    assert runs[1]['subjects'][0]['found'] is False
    assert runs[2]['error'] == 'broken'
    assert runs[2]['wall_time_s'] is None
    assert runs[4]['false_alarms'][0]['kind'] == 'fence_approach'
    for name in ('expected', 'found', 'detection_rate', 'time_to_alert_s', 'localisation_error_m',
                 'false_alarms_per_hour', 'distance_m', 'waypoints_missed', 'collisions', 'realtime_factor',
                 'wall_time_s', 'duration_s'):
        assert all(name in run for run in runs)


def test_looks_are_compared(tmp_path):
    fairness = read_back(tmp_path)['fairness']
    assert fairness['clothing']['max_difference_points'] == 100.0
    assert fairness['clothing']['looks']['red']['detection_rate'] == 1.0
    assert fairness['skin']['max_difference_points'] is None


def test_a_campaign_cut_short_says_so_even_with_nothing_done(tmp_path):
    data = read_back(tmp_path, (), interrupted=True)
    assert data['interrupted'] is True
    assert data['scenarios'] == {}
    assert data['totals']['all']['runs'] == 0


def test_a_replay_command_can_be_pasted():
    outcome = an_outcome('my scenarios/night.yaml', 7)
    assert replay_command(outcome, None) == "lepatrol evaluate 'my scenarios/night.yaml' --seed 7"

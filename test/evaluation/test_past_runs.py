import json

import pytest
from outcomes import a_false_alarm, a_subject, a_trial, an_outcome, run_well

from lepatrol.cli.campaigns import carry_out_in_view
from lepatrol.evaluation.behaviour_summary import behaviour_results, write_behaviour_json
from lepatrol.evaluation.campaign import Campaign, jobs_of
from lepatrol.evaluation.job import Job
from lepatrol.evaluation.past_runs import read_outcomes, read_trials
from lepatrol.evaluation.summary import results_of, write_json
from lepatrol.model.errors import FileError


def kept(tmp_path, *outcomes, world=None):
    path = tmp_path / 'results.json'
    write_json(results_of(Campaign(outcomes, interrupted=True), world), path)
    return path


def test_runs_survive_the_file_of_figures(tmp_path):
    outcomes = (
        an_outcome(seed=1, subjects=(a_subject(), a_subject('other', found=False, picture='miss.png'))),
        an_outcome('quiet', seed=1, false_alarms=(a_false_alarm(), a_false_alarm(position_m=None))))
    assert read_outcomes(kept(tmp_path, *outcomes), world=None) == outcomes


def test_what_failed_is_done_again(tmp_path):
    assert read_outcomes(kept(tmp_path, an_outcome(error='killed')), world=None) == ()


def test_a_campaign_that_is_gone_on_with_is_as_one_that_never_ended(tmp_path):
    jobs = jobs_of(['intruder_night', 'quiet'], [1, 2], Job('', 0))
    done, parts = [], []

    def go_on(jobs):
        return carry_out_in_view(jobs, run_well, workers=1, note=lambda outcome: done.append(outcome.key) or '',
                                 keep=parts.append, past=past, keep_every_s=0.0)

    past = read_outcomes(kept(tmp_path, run_well(jobs[0]), run_well(jobs[2])), world=None)
    assert go_on(jobs) == Campaign(tuple(map(run_well, jobs)))
    assert done == [jobs[1].key, jobs[3].key]
    assert parts == [Campaign(tuple(map(run_well, some)), interrupted=True) for some in (jobs[:3], jobs)]
    assert go_on([jobs[2], jobs[0]]) == Campaign((run_well(jobs[2]), run_well(jobs[0])))
    assert len(done) == 2


def test_trials_survive_the_file_of_figures(tmp_path):
    outcomes = (a_trial(seed=1), a_trial('withdraw', 'border', 2, reasons=('it was late',)))
    path = tmp_path / 'behave.json'
    write_behaviour_json(behaviour_results(Campaign((*outcomes, a_trial(error='killed')), interrupted=True)), path)
    assert read_trials(path) == outcomes


@pytest.mark.parametrize(('change', 'said'), [
    ({'world': 'border'}, "in world 'border'"), ({'per_run': 3}, 'per_run'), ({'per_run': [{}]}, 'scenario is missing'),
])
def test_a_file_that_holds_no_runs_of_this_campaign_is_named(tmp_path, change, said):
    path = kept(tmp_path, an_outcome())
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(FileError, match=said):
        read_outcomes(path, world=None)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(FileError, match=r'nothing\.json'):
        read_outcomes(tmp_path / 'nothing.json', world=None)
    (tmp_path / 'torn.json').write_text('{"per_run": [')
    with pytest.raises(FileError, match='holds no runs'):
        read_outcomes(tmp_path / 'torn.json', world=None)

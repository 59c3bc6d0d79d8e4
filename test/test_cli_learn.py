"""``lepatrol learn`` walks a round and leaves reference views that a second round agrees with."""

import math

import pytest

from lepatrol import assembly, cli
from lepatrol.evaluation.learning import learn_round
from lepatrol.evaluation.lockstep import make_lockstep
from lepatrol.perception.reference_views import ReferenceViews
from lepatrol.settings.simulation import SimulationSettings


@pytest.fixture(scope='module')
def learnt(tmp_path_factory):
    folder = tmp_path_factory.mktemp('learn') / 'views'
    assert cli.main(['learn', '--site', 'bench_yard', '--route', 'short', '--out', str(folder)]) == 0
    return folder


def test_a_round_leaves_a_view_of_every_photo(learnt):
    views = ReferenceViews.load(learnt)
    assert len(views) == 1
    assert views.knows('beside', math.radians(45.0))


def test_a_second_round_under_other_noise_finds_no_change(learnt):
    views, comparisons = ReferenceViews.load(learnt), []

    class Comparing:
        def learn(self, waypoint, heading_rad, image, pose, *, valid):
            comparisons.append(views.compare(waypoint, heading_rad, image, pose, valid=valid))

    loop = make_lockstep('bench_yard', simulation=SimulationSettings(seed=7))
    try:
        site = assembly.load_site('bench_yard')
        assert learn_round(loop, site, 'short', Comparing(), mask=lambda image, pose: image.rgb) == 1
    finally:
        loop.simulator.close()
    assert [(each.is_registered, each.changes) for each in comparisons] == [(True, ())]


def test_more_views_are_added_to_a_folder(learnt, capsys):
    arguments = ['learn', '--site', 'bench_yard', '--route', 'short', '--out', str(learnt), '--add', '--seed', '2']
    assert cli.main(arguments) == 0
    assert '2 reference views, 1 of them new' in capsys.readouterr().out
    assert len(ReferenceViews.load(learnt)) == 2


@pytest.mark.parametrize(('arguments', 'words'), [
    (['--route', 'nowhere'], 'nowhere'), (['--site', 'atlantis'], 'atlantis'), (['--robot', 'ufo'], 'ufo')])
def test_a_mistake_is_told_without_a_stack_trace(tmp_path, capsys, arguments, words):
    assert cli.main(['learn', '--site', 'bench_yard', '--out', str(tmp_path / 'views'), *arguments]) == 1
    error = capsys.readouterr().err
    assert error.startswith('lepatrol: ')
    assert words in error
    assert not (tmp_path / 'views').exists()

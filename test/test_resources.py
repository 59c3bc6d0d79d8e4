"""lepatrol finds its own files, whichever way it was installed."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lepatrol import resources
from lepatrol.model.errors import FileError, LepatrolError

ROOT = Path(__file__).resolve().parents[1]


def install(prefix, *, code='lib/python3.12/site-packages', registered=False):
    """Lay out lepatrol as an installer does; return the folder for PYTHONPATH."""
    site_packages = prefix / code
    for package in ('lepatrol/model',):
        shutil.copytree(ROOT / package, site_packages / package)
    for module in ('__init__.py', 'resources.py'):
        shutil.copy(ROOT / 'lepatrol' / module, site_packages / 'lepatrol')
    (prefix / 'share' / 'lepatrol' / 'worlds').mkdir(parents=True)
    (prefix / 'share' / 'lepatrol' / 'worlds' / 'prison.sdf').touch()
    if registered:
        register(prefix)
    return site_packages


def register(prefix):
    marker = prefix / 'share' / 'ament_index' / 'resource_index' / 'packages' / 'lepatrol'
    marker.parent.mkdir(parents=True)
    marker.touch()


def ask(python_path, **environment):
    """Return what ``share_folder`` says in a fresh Python (isolated from this checkout)."""
    code = 'from lepatrol.resources import share_folder; print(share_folder())'
    done = subprocess.run(
        [sys.executable, '-S', '-c', code], env={'PYTHONPATH': str(python_path), **environment}, cwd=python_path,
        capture_output=True, text=True, timeout=60, check=True)
    return Path(done.stdout.strip())


def test_a_checkout_uses_its_own_files():
    assert resources.share_folder() == ROOT


def test_a_checkout_wins_over_a_stale_installation(tmp_path, monkeypatch):
    install(tmp_path, registered=True)
    monkeypatch.setenv('AMENT_PREFIX_PATH', str(tmp_path))
    assert resources.share_folder() == ROOT


@pytest.mark.parametrize('code', ['lib/python3.12/site-packages', 'local/lib/python3.12/dist-packages', '.'])
def test_an_installation_finds_the_share_folder_of_its_prefix(tmp_path, code):
    assert ask(install(tmp_path, code=code)) == tmp_path / 'share' / 'lepatrol'


def test_the_first_prefix_that_the_ament_index_knows_is_used(tmp_path):
    code = install(tmp_path / 'pip')
    install(tmp_path / 'unregistered')
    install(tmp_path / 'overlay', registered=True)
    install(tmp_path / 'underlay', registered=True)
    prefixes = ':'.join(str(tmp_path / name) for name in ('unregistered', 'overlay', 'underlay'))
    assert ask(code, AMENT_PREFIX_PATH=prefixes) == tmp_path / 'overlay' / 'share' / 'lepatrol'


def test_a_registration_without_files_is_passed_over(tmp_path):
    code = install(tmp_path / 'pip')
    register(tmp_path / 'hollow')
    assert ask(code, AMENT_PREFIX_PATH=str(tmp_path / 'hollow')) == tmp_path / 'pip' / 'share' / 'lepatrol'


def test_code_without_its_files_says_where_it_looked(tmp_path, monkeypatch):
    monkeypatch.setattr('sys.prefix', str(tmp_path))
    monkeypatch.setattr('site.getuserbase', lambda: str(tmp_path))
    with pytest.raises(LepatrolError, match=r'not installed.*Looked in: .*share/lepatrol'):
        resources._share_folder(tmp_path / 'lepatrol', '')


@pytest.mark.parametrize(('find', 'name', 'path'), [
    (resources.world_path, 'prison', 'worlds/prison.sdf'),
    (resources.site_path, 'prison', 'config/sites/prison.yaml'),
    (resources.scenario_path, 'fog', 'config/scenarios/fog.yaml'),
    (resources.robot_path, 'ugv', 'urdf/ugv.urdf.xacro'),
    (resources.robot_settings_path, 'ugv', 'config/robots/ugv.yaml'),
])
def test_a_file_is_found_by_name_and_by_path(find, name, path, monkeypatch, tmp_path):
    assert find(name) == ROOT / path
    assert find(ROOT / path) == ROOT / path
    shutil.copy(ROOT / path, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert find(Path(path).name) == Path(Path(path).name)


@pytest.mark.parametrize(('find', 'known'), [
    (resources.world_path, 'bench_yard, border, prison'), (resources.site_path, 'prison'),
    (resources.robot_path, 'ugv'), (resources.robot_settings_path, 'ugv')])
@pytest.mark.parametrize('wanted', ['castle', 'no/such.file', Path('castle'), ''])
def test_what_is_not_there_is_answered_with_the_known_names(find, known, wanted):
    with pytest.raises(FileError, match=known):
        find(wanted)


def test_the_parameter_file_is_the_given_one_or_lepatrols_own(tmp_path):
    own = tmp_path / 'mine.yaml'
    own.touch()
    assert resources.parameters_path() == ROOT / 'config' / 'lepatrol.yaml'
    assert resources.parameters_path(own) == own
    with pytest.raises(FileError, match=r'gone\.yaml.*no such parameter file'):
        resources.parameters_path(tmp_path / 'gone.yaml')


def test_the_known_names_are_those_of_the_files():
    assert resources.known_worlds() == tuple(sorted(path.stem for path in (ROOT / 'worlds').glob('*.sdf')))
    assert 'prison' in resources.known_sites()
    assert 'ugv' in resources.known_robots()
    assert {'quiet', 'intruder_night'} <= set(resources.known_scenarios())

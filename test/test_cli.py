"""The ``lepatrol`` command teaches, checks, maps and starts, and never shows a stack trace for a user's mistake."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

import lepatrol
from lepatrol import cli
from lepatrol.model.errors import LepatrolError
from lepatrol.planning.map_file import read_map

ROOT = Path(__file__).resolve().parents[1]
COMMANDS = ('demo', 'up', 'sim', 'evaluate', 'rounds', 'behave', 'learn', 'map', 'picture', 'world', 'check', 'doctor')


@pytest.fixture
def usage(capsys):
    """Return what a call prints when argparse ends the program, and its exit code."""
    def call(*arguments):
        with pytest.raises(SystemExit) as end:
            cli.main(arguments)
        printed = capsys.readouterr()
        return end.value.code, printed.out + printed.err
    return call


def test_the_help_names_every_command(usage):
    code, text = usage('--help')
    assert code == 0
    assert all(f'    {name} ' in text for name in COMMANDS)


@pytest.mark.parametrize('name', COMMANDS)
def test_the_help_of_every_command_shows_examples_that_parse(usage, name):
    code, text = usage(name, '--help')
    lines = [line.partition('  # ')[0] for line in text.partition('examples:')[2].splitlines()]
    examples = [line.split('   ')[0].split(' || ')[0].split() for line in map(str.strip, lines)
                if line.startswith('lepatrol ')]
    assert code == 0
    assert examples
    for example in examples:
        assert cli.make_parser().parse_args(example[1:]).run is not None


@pytest.mark.parametrize('arguments', [
    (), ('fly',), ('check',), ('map',), ('sim', '--speed', 'fast'), ('up', '--speed', '-1'), ('up', '--speed', 'nan'),
    ('up', '--speed', '1001'),
    ('map', 'prison', '--resolution', '0'), ('world',), ('world', '--kind', 'moon'),
    ('world', '--kind', 'border', '--seed', '-1')])
def test_wrong_usage_ends_with_code_2_and_no_stack_trace(usage, arguments):
    code, text = usage(*arguments)
    assert code == 2
    assert 'usage: lepatrol' in text


@pytest.mark.parametrize(('error', 'code', 'text'), [
    (LepatrolError('the gate is shut'), 1, 'lepatrol: the gate is shut\n'),
    (PermissionError(13, 'Permission denied', 'out'), 1, 'lepatrol: out: Permission denied\n'),
    (KeyboardInterrupt(), 130, '')])
def test_errors_become_one_line_and_an_exit_code(monkeypatch, capsys, error, code, text):
    def fail(_):
        raise error
    monkeypatch.setattr('lepatrol.cli.doctor.run', fail)
    assert cli.main(['doctor']) == code
    assert capsys.readouterr().err == text


@pytest.mark.parametrize('path', [
    'worlds/prison.sdf', 'worlds/bench_yard.sdf', 'worlds/models/person/model.sdf', 'urdf/ugv.urdf.xacro',
    'urdf/uav.urdf.xacro', 'config/sites/prison.yaml', 'config/robots/ugv.yaml', 'config/robots/uav.yaml',
    'config/lepatrol.yaml'])
def test_the_files_that_lepatrol_brings_are_good(capsys, path):
    assert cli.main(['check', str(ROOT / path)]) == 0
    assert capsys.readouterr().out.startswith('ok  ')


SITE = """\
name: yard
world: {world}
home: post
waypoints:
  post: {{position: [0, 0]}}
routes:
  round: {{waypoints: [{stop}]}}
"""
WORLD = '<sdf version="1.9"><world name="w">\n{}\n</world></sdf>'


@pytest.mark.parametrize(('name', 'content', 'complaint'), [
    ('site.yaml', SITE.format(world='prison', stop='gate'), r"site.yaml:7: routes.round.waypoints[0]: "
     "there is no waypoint 'gate'"),
    ('site.yaml', SITE.format(world='castle', stop='post'), 'site.yaml:2: world: castle: there is no world'),
    ('robot.yaml', 'max_speed_m_s: 1.0\nmax_sped: 1\n', 'robot.yaml:2: max_sped: unknown key; did you mean'),
    ('p.yaml', '/**/patrol:\n  ros__parameters:\n    goal_retry_s: 2\n', 'p.yaml:3: /**/patrol.ros__parameters.'
     'goal_retry_s: is 2, a whole number; ROS 2 wants 2.0'),
    ('p.yaml', 'navigator:\n  ros__parameters:\n    planner.clearance_m: 9.5\n', 'is 9.5, it must be from 0 to 5'),
    ('p.yaml', 'navigator:\n  ros__parameters:\n    planner: {clearence_m: 0.5}\n', "did you mean 'clearance_m'?"),
    ('p.yaml', '/ugv1:\n  navigate:\n    ros__parameters: {a: 1}\n', "p.yaml:3: /ugv1.navigate.ros__parameters: "
     "there is no node 'navigate'"),
    ('p.yaml', '/**:\n  ros__parameters: {seed: true}\n', 'is True, expected a whole number'),
    ('what.yaml', 'colour: red\n', 'what.yaml:1: cannot tell what this file is'),
    ('list.yaml', '- 1\n', 'list.yaml:1: expected keys and values'),
    ('map.yaml', 'image: gone.pgm\nresolution: 0.1\norigin: [0, 0, 0]\n', 'map.yaml:1: image: '),
    ('w.sdf', WORLD.format('<modle name="a"/>'), 'w.sdf:2'),
    ('w.sdf', '<sdf version="1.9"><world', 'w.sdf:1: broken XML'),
    ('w.sdf', WORLD.format('<include><uri>model://castle</uri></include>'),
     "w.sdf:2: uri: 'model://castle' is not found"),
    ('w.sdf', WORLD.format('<model name="m">\n<lnik name="l"/></model>'),
     "w.sdf:3: lnik 'l': <lnik> is not an element of SDFormat; did you mean 'link'?"),
    ('r.urdf', '<robot name="r"><link name="base_link"/></robot>',
     'r.urdf: cannot be simulated: robot robot: has no drive'),
    ('r.urdf', '<robot name="r"><link name="base_link"/><gazebo>\n<plugin filename="gz-sim-diff-drive-system" name="d">'
     '<left_joint>l</left_joint></plugin></gazebo></robot>', "r.urdf:2: left_joint: the model has no wheel joint 'l'"),
    ('r.urdf', '<robot name="r">\n<link name="base_link"/>\n<joint name="j" type="magic">'
     '<parent link="base_link"/><child link="base_link"/></joint></robot>', 'r.urdf:3'),
    ('notes.txt', 'hello', 'notes.txt: files of this kind are not known'),
    ('gone.sdf', None, 'gone.sdf: cannot be read: No such file'),
    ('gone.yaml', None, 'gone.yaml: cannot be read: No such file')])
def test_a_wrong_file_is_named_with_line_key_and_what_would_be_right(tmp_path, capsys, name, content, complaint):
    if content is not None:
        (tmp_path / name).write_text(content, encoding='utf-8')
    assert cli.main(['check', str(tmp_path / name)]) == 1
    printed = capsys.readouterr()
    assert complaint in printed.err
    assert printed.err.startswith(str(tmp_path / name))
    assert printed.err.count('\n') == 1
    assert not printed.out


@pytest.mark.parametrize('text', [
    '/**:\n  ros__parameters: {use_sim_time: true, seed: 3}\n',
    'ugv1:\n  navigator:\n    ros__parameters:\n'
    '      follower.cruise_speed_m_s: 0.8\n      gate: {scan_timeout_s: 1.0}\n',
    '/ugv1/patrol:\n  ros__parameters: {site: prison, goal_retry_s: 1.5}\n'])
def test_parameter_files_may_be_written_as_ros_2_allows(tmp_path, text):
    (tmp_path / 'p.yaml').write_text(text, encoding='utf-8')
    assert cli.main(['check', str(tmp_path / 'p.yaml')]) == 0


def test_checking_goes_on_after_a_wrong_file(tmp_path, capsys):
    (tmp_path / 'wrong.yaml').write_text('a: [', encoding='utf-8')
    assert cli.main(['check', str(tmp_path / 'wrong.yaml'), str(ROOT / 'config' / 'lepatrol.yaml')]) == 1
    printed = capsys.readouterr()
    assert 'ok  ' in printed.out
    assert '1 of 2 files have an error' in printed.err


def test_what_the_simulator_leaves_out_is_a_warning(tmp_path, capsys):
    (tmp_path / 'w.sdf').write_text(WORLD.format(
        '<wind><linear_velocity>1 0 0</linear_velocity></wind><light name="lantern" type="point"/>'))
    assert cli.main(['check', str(tmp_path / 'w.sdf')]) == 0
    printed = capsys.readouterr().out
    assert f'warning: {tmp_path}/w.sdf:2: <wind>: the embedded simulator leaves it out\n' in printed
    assert 'warning: light lantern: the renderer panda3d' in printed


def test_a_texture_that_is_no_picture_is_an_error(tmp_path, capsys):
    (tmp_path / 'brick.png').write_text('no picture')
    (tmp_path / 'w.sdf').write_text(WORLD.format(
        '<model name="m"><static>true</static><link name="l"><visual name="v"><geometry><sphere><radius>1</radius>'
        '</sphere></geometry><material><pbr><metal><albedo_map>brick.png</albedo_map></metal></pbr></material></visual>'
        '</link></model>'))
    assert cli.main(['check', str(tmp_path / 'w.sdf')]) == 1
    assert 'brick.png: the texture is not a picture' in capsys.readouterr().err


def test_a_map_is_written_as_asked_and_reads_back(tmp_path, capsys):
    out = tmp_path / 'maps' / 'yard.v2'
    assert cli.main(['map', 'bench_yard', '-o', f'{out}.yaml', '--resolution', '0.5', '--height', '0.7']) == 0
    grid = read_map(tmp_path / 'maps' / 'yard.v2.yaml')
    assert grid.resolution_m == 0.5
    assert grid.size_m == pytest.approx((104.5, 64.5), abs=0.6)
    assert {0, 100} == set(grid.cells.ravel().tolist())
    assert 'yard.v2.pgm: ' in capsys.readouterr().out


def test_a_map_is_of_what_a_robot_would_touch_or_of_one_height_alone(tmp_path, capsys):
    assert cli.main(['map', 'prison', '-o', str(tmp_path / 'robot')]) == 0
    assert cli.main(['map', 'prison', '-o', str(tmp_path / 'lidar'), '--height', '0.5']) == 0
    robot, lidar = (read_map(tmp_path / f'{name}.yaml') for name in ('robot', 'lidar'))
    # Under the board of the sign on the drive, between its posts: higher than the lidar, lower than the mast.
    board = robot.cell_at(-5.0, -25.4)
    assert (robot.cells[board], lidar.cells[board]) == (100, 0)
    assert 'occupied for ugv' in capsys.readouterr().out


def test_the_cells_of_a_large_map_are_as_wide_as_those_that_the_nodes_plan_on(tmp_path):
    assert cli.main(['map', 'border', '-o', str(tmp_path / 'border')]) == 0
    assert read_map(tmp_path / 'border.yaml').resolution_m == 0.2


@pytest.mark.parametrize('resolution', ['0.001', '1e-300'])
def test_a_map_that_would_take_all_memory_is_refused_at_once(tmp_path, monkeypatch, capsys, resolution):
    monkeypatch.chdir(tmp_path)
    assert cli.main(['map', 'bench_yard', '--resolution', resolution]) == 1
    assert 'are too small for a map of 104 x 64 m; it may have 200 million cells' in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_map_of_an_unknown_world_lists_the_known_ones(capsys):
    assert cli.main(['map', 'castle']) == 1
    assert 'known worlds are: bench_yard, border, prison' in capsys.readouterr().err


class Started:
    """Stands in for the running nodes: the second check finds that one has died."""

    def __init__(self, specs, log):
        self.names, self.log, self.checks = [spec.executable for spec in specs], log, 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.log.append(self.names)

    def check(self):
        self.checks += 1
        if self.checks == 2:
            raise LepatrolError('simulator has died')


@pytest.fixture
def bringup(monkeypatch):
    """Take the place of ``lepatrol.bringup``; keep what is asked for and which nodes were ended."""
    asked, ended = [], []

    def patrol_nodes(**options):
        asked.append(options)
        return [SimpleNamespace(executable=name) for name in ('simulator', 'navigator', 'patrol')]

    fake = SimpleNamespace(
        patrol_nodes=patrol_nodes, has_frames=lambda: False, start=lambda specs: Started(specs, ended))
    monkeypatch.setattr(lepatrol, 'bringup', fake, raising=False)
    return SimpleNamespace(asked=asked, ended=ended)


def test_up_starts_every_node_and_sim_the_simulator_alone(bringup, tmp_path):
    cli.main(['up', '--speed', 'max', '--namespace', 'ugv1', '--out', str(tmp_path)])
    cli.main(['sim', '--world', 'bench_yard', '--speed', '5'])
    assert bringup.asked == [
        {'world': 'prison', 'site': 'prison', 'robot': 'ugv', 'namespace': 'ugv1', 'speed': 0.0,
         'output_folder': tmp_path, 'navigator': 'builtin', 'frames': False, 'greeter': True},
        {'world': 'bench_yard', 'site': 'bench_yard', 'robot': 'ugv', 'namespace': '', 'speed': 5.0}]
    assert bringup.ended == [['simulator', 'navigator', 'patrol'], ['simulator']]


@pytest.mark.parametrize(('options', 'world', 'site'), [
    ((), 'prison', 'prison'), (('--site', 'bench_yard'), 'bench_yard', 'bench_yard'),
    (('--world', 'worlds/bench_yard.sdf'), 'worlds/bench_yard.sdf', 'bench_yard'),
    (('--world', 'mine.sdf', '--site', 'prison'), 'mine.sdf', 'prison')])
def test_world_and_site_follow_from_each_other(bringup, tmp_path, options, world, site):
    cli.main(['up', '--out', str(tmp_path), *options])
    assert (bringup.asked[0]['world'], bringup.asked[0]['site']) == (world, site)


def test_a_scenario_says_world_and_site_itself(bringup, capsys, tmp_path):
    cli.main(['sim', '--scenario', 'fog'])
    assert bringup.asked[0] == {'world': 'prison', 'site': 'prison', 'robot': 'ugv', 'namespace': '', 'speed': 1.0,
                                'scenario': 'fog'}
    assert cli.main(['up', '--scenario', 'fog', '--site', 'bench_yard', '--out', str(tmp_path)]) == 1
    assert 'the scenario fog plays in the site prison, not in bench_yard' in capsys.readouterr().err
    assert cli.main(['sim', '--scenario', 'frogs']) == 1
    assert 'known scenarios are: air_bag, air_fence_cut, air_gate_open, air_intruder' in capsys.readouterr().err


def test_a_scenario_that_cannot_be_staged_is_an_error_of_its_file(capsys, tmp_path):
    path = tmp_path / 'mine.yaml'
    text = 'name: mine\nsite: prison\nmission: start perimeter\nremoved:\n  - {name: gone, model: MODEL}\n'
    path.write_text(text.replace('MODEL', 'lamp_1'))
    assert cli.main(['check', str(path)]) == 0
    assert 'scenario mine: 0 moving, 0 to be reported' in capsys.readouterr().out
    path.write_text(text.replace('MODEL', 'lamp_99'))
    assert cli.main(['check', str(path)]) == 1
    assert "mine.yaml: cannot be staged: the world prison has no model 'lamp_99'" in capsys.readouterr().err


def test_a_world_without_a_site_of_its_name_needs_one(bringup, capsys, tmp_path):
    (tmp_path / 'mine.sdf').touch()
    assert cli.main(['up', '--world', str(tmp_path / 'mine.sdf')]) == 1
    assert 'say which with --site; known sites are: bench_yard, border, prison' in capsys.readouterr().err
    assert not bringup.asked


@pytest.mark.parametrize(('world', 'complaint'), [
    ('castle', 'castle: there is no world of this name; known worlds are: bench_yard, border, prison'),
    ('castle.sdf', 'castle.sdf: there is no such world file')])
def test_a_world_that_is_not_there_is_named_before_its_site_is_asked_for(bringup, capsys, world, complaint):
    assert cli.main(['up', '--world', world]) == 1
    assert complaint in capsys.readouterr().err
    assert not bringup.asked


def test_up_starts_nothing_where_its_folder_cannot_be_made(bringup, capsys, tmp_path):
    (tmp_path / 'taken').touch()
    assert cli.main(['up', '--out', str(tmp_path / 'taken')]) == 1
    assert capsys.readouterr().err == f'lepatrol: {tmp_path}/taken: File exists\n'
    assert not bringup.ended


@pytest.mark.parametrize(('text', 'factor'), [('max', 0.0), ('0', 0.0), ('0.0', 0.0), ('2.5', 2.5), ('1000', 1000.0)])
def test_a_speed_is_a_factor_or_as_fast_as_it_can(bringup, tmp_path, text, factor):
    cli.main(['up', '--out', str(tmp_path), '--speed', text])
    assert bringup.asked[0]['speed'] == factor


def test_a_node_that_dies_ends_the_others_and_is_named(bringup, capsys, tmp_path):
    assert cli.main(['up', '--out', str(tmp_path)]) == 1
    assert capsys.readouterr().err == 'lepatrol: simulator has died\n'
    assert len(bringup.ended) == 1


def test_sigterm_ends_the_nodes_with_code_0(bringup, monkeypatch):
    monkeypatch.setattr(Started, 'check', lambda _: os.kill(os.getpid(), signal.SIGTERM))
    with pytest.raises(SystemExit) as end:
        cli.main(['sim'])
    assert end.value.code == 0
    assert bringup.ended == [['simulator']]


def test_a_reader_that_goes_away_causes_no_stack_trace():
    done = subprocess.run(
        ['bash', '-c', f'{sys.executable} -m lepatrol.cli check config/*.yaml config/robots/*.yaml | true'], cwd=ROOT,
        env={**os.environ, 'PYTHONUNBUFFERED': ''}, capture_output=True, text=True, timeout=60, check=False)
    assert 'Traceback' not in done.stderr
    assert 'Exception' not in done.stderr


def test_a_closed_standard_output_causes_no_stack_trace():
    done = subprocess.run(
        ['bash', '-c', f'{sys.executable} -m lepatrol.cli check config/lepatrol.yaml >&-'], cwd=ROOT,
        capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, '')

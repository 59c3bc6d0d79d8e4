"""The one list of nodes, how a node is called, and that none is left behind."""

import signal
import subprocess
import sys
import time

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from lepatrol import bringup
from lepatrol.bringup import NodeSpec
from lepatrol.model.errors import LepatrolError

VALUES = st.one_of(
    st.booleans(), st.integers(-2**31, 2**31), st.floats(allow_nan=False, allow_infinity=False),
    st.text(st.characters(blacklist_categories=('Cs', 'Cc', 'Zl', 'Zp'), blacklist_characters='\ufeff')))


def as_sleeper(script):
    """Return what stands in for a node's command: a Python that runs a script."""
    return lambda _spec: [sys.executable, '-c', script]


@given(value=VALUES)
def test_a_parameter_on_the_command_line_reads_back_with_its_value_and_type(value):
    name, text = bringup.command_line(NodeSpec('patrol', parameters={'p': value}))[-1].split(':=', 1)
    read = yaml.safe_load(text)
    if isinstance(value, float):  # YAML 1.1 as PyYAML reads it wants a point in 1e+16; rcl does not.
        read = float(read)
    assert (name, read, type(read)) == ('p', value, type(value))


def test_the_list_names_each_node_its_world_and_who_runs_on_simulated_time():
    simulator, navigator, patrol, perimeter = bringup.patrol_nodes(
        world='w', site='s', robot='r', speed=2, output_folder='o')
    assert simulator.parameters == {'world': 'w', 'site': 's', 'robots': 'r', 'speed': 2.0, 'view': False}
    assert navigator.parameters == {'use_sim_time': True, 'site': 's', 'robot': 'r'}
    assert patrol.parameters == {
        'use_sim_time': True, 'site': 's', 'robot': 'r', 'output_folder': 'o', 'clock_start': '12:00'}
    assert perimeter.parameters == patrol.parameters


def test_of_a_scenario_the_others_hear_nothing_but_the_time_of_day():
    with_one = bringup.patrol_nodes(scenario='demo_night')
    assert with_one[0].parameters['scenario'] == 'demo_night'
    assert with_one[1] == bringup.patrol_nodes()[1]
    for number in (2, 3):
        assert with_one[number].parameters == {**bringup.patrol_nodes()[number].parameters, 'clock_start': '23:30'}


def test_nav2_drives_in_place_of_the_navigator_with_the_same_parameters(monkeypatch):
    monkeypatch.setattr(bringup.optional, 'is_installed', lambda package: True)
    simulator, nav2, *others = bringup.patrol_nodes(navigator='nav2', namespace='ugv1')
    assert (nav2.executable, nav2.namespace) == ('nav2_navigator', 'ugv1')
    same = bringup.patrol_nodes(namespace='ugv1')
    assert nav2.parameters == same[1].parameters
    assert [simulator, *others] == [same[0], *same[2:]]


def test_a_navigator_that_is_not_there_is_refused_with_what_to_install(monkeypatch):
    monkeypatch.setattr(bringup.optional, 'is_installed', lambda package: False)
    with pytest.raises(LepatrolError, match=r'navigator nav2 needs nav2_msgs, .* sudo apt install ros-'):
        bringup.patrol_nodes(navigator='nav2')
    with pytest.raises(LepatrolError, match="no navigator 'nav3'; known are builtin, nav2"):
        bringup.patrol_nodes(navigator='nav3')


def test_frames_are_told_of_the_robot_where_they_are_asked_for_and_no_clock_wakes_them():
    *same, frames = bringup.patrol_nodes(frames=True, robot='ugv', namespace='ugv1')
    assert same == bringup.patrol_nodes(namespace='ugv1')
    assert (frames.executable, frames.namespace, frames.parameters) == ('frames', 'ugv1', {'robot': 'ugv'})


def test_visitors_are_greeted_where_it_is_asked_for_and_the_site_has_a_knowledge_file(tmp_path):
    *same, greeter = bringup.patrol_nodes(greeter=True, namespace='ugv1', output_folder=tmp_path)
    assert same == bringup.patrol_nodes(namespace='ugv1', output_folder=tmp_path)
    assert (greeter.executable, greeter.namespace, greeter.parameters['knowledge']) == ('greeter', 'ugv1', 'prison')
    assert greeter.parameters['clock_start'].endswith(' 12:00')  # as the perimeter has it
    assert bringup.patrol_nodes(greeter=True, sim='none')[-1].parameters['clock_start'] == ''
    assert bringup.patrol_nodes(greeter=True, world='bench_yard', site='bench_yard')[-1].executable == 'perimeter'


def test_under_gazebo_two_nodes_publish_what_it_does_not_know_and_the_others_are_the_same():
    embedded = bringup.patrol_nodes(world='w', site='s', namespace='ugv1')
    world_map, gazebo_pose, *others = bringup.patrol_nodes(world='w', site='s', namespace='ugv1', sim='gazebo')
    assert others == embedded[1:]
    assert (world_map.executable, world_map.namespace) == ('world_map', '')
    assert world_map.parameters == {'use_sim_time': True, 'world': 'w', 'robot': 'ugv'}
    assert (gazebo_pose.executable, gazebo_pose.namespace) == ('gazebo_pose', 'ugv1')
    assert gazebo_pose.parameters == {'use_sim_time': True, 'robot': 'ugv'}


def test_a_scenario_in_gazebo_has_a_director_and_the_same_seed_as_the_embedded_simulators(monkeypatch):
    monkeypatch.setattr(bringup.optional, 'is_installed', lambda package: True)
    _, _, director, lamp, *others = bringup.patrol_nodes(
        sim='gazebo', scenario='demo_night', namespace='ugv1', seed=7)
    simulator, *same = bringup.patrol_nodes(scenario='demo_night', namespace='ugv1', seed=7)
    assert others == same
    assert (director.executable, director.namespace) == ('scenario_director', 'ugv1')
    assert director.parameters == {'use_sim_time': True, 'scenario': 'demo_night', 'seed': 7}
    assert simulator.parameters['seed'] == 7
    assert (lamp.executable, lamp.namespace) == ('gazebo_lamp', 'ugv1')
    assert lamp.parameters == {'use_sim_time': True, 'world': 'prison', 'robot': 'ugv'}


def test_a_scenario_in_gazebo_without_its_messages_is_refused_with_what_to_install(monkeypatch):
    monkeypatch.setattr(bringup.optional, 'is_installed', lambda package: False)
    with pytest.raises(LepatrolError, match=r'demo_night in Gazebo needs ros_gz_interfaces, .* sudo apt install ros-'):
        bringup.patrol_nodes(sim='gazebo', scenario='demo_night')
    assert 'gazebo_lamp' not in {spec.executable for spec in bringup.patrol_nodes(sim='gazebo')}


def test_on_a_real_robot_nothing_is_simulated_and_the_clock_is_the_walls():
    world_map, *others = bringup.patrol_nodes(world='w', sim='none', map_file='m.yaml')
    assert world_map.parameters == {'use_sim_time': False, 'world': 'w', 'robot': 'ugv', 'map_file': 'm.yaml'}
    assert [spec.executable for spec in others] == ['navigator', 'patrol', 'perimeter']
    assert not any(spec.parameters['use_sim_time'] for spec in others)
    assert (others[-1].parameters['clock_start'], others[-1].parameters['baseline']) == ('', 'map')


@pytest.mark.parametrize(('options', 'fault'), [
    ({'sim': 'webots'}, "sim: 'webots' is no simulator"), ({'map_file': 'm.yaml'}, 'map_file: m.yaml is for'),
    ({'sim': 'none', 'scenario': 'fog'}, 'scenario: fog is'),
])
def test_what_nobody_would_heed_is_refused(options, fault):
    with pytest.raises(LepatrolError, match=fault):
        bringup.patrol_nodes(**options)


def test_a_namespace_is_the_robots_and_its_nodes_but_not_the_simulators():
    simulator, *others = bringup.patrol_nodes(namespace='ugv1')
    assert simulator.parameters['robots'] == 'ugv1:ugv'
    assert {spec.namespace for spec in others} == {'ugv1'}
    assert simulator.namespace == ''
    assert '__ns:=/ugv1' in bringup.command_line(others[0])
    assert not [word for word in bringup.command_line(simulator) if '__ns' in word]


@pytest.mark.parametrize('namespace', ['/ugv1', '/ugv1/', 'ugv1'])
def test_slashes_round_a_namespace_make_no_difference(namespace):
    assert bringup.patrol_nodes(namespace=namespace) == bringup.patrol_nodes(namespace='ugv1')


@pytest.mark.parametrize('namespace', ['a b', '1st', 'a/b', 'ä', '-'])
def test_a_namespace_that_ros_would_not_take_is_refused(namespace):
    with pytest.raises(LepatrolError, match=r'namespace: .* is no name'):
        bringup.patrol_nodes(namespace=namespace)


def test_a_node_that_ends_by_itself_is_named_with_its_code_and_its_last_words(monkeypatch):
    monkeypatch.setattr(bringup, 'command_line', as_sleeper("import sys; print('no such site'); sys.exit(3)"))
    with bringup.start([NodeSpec('patrol')], quiet=True) as running:
        running.processes[0].wait(timeout=30.0)
        with pytest.raises(LepatrolError, match=r'the node patrol ended with exit code 3:\n  no such site'):
            running.check()


def test_a_node_that_does_not_listen_to_sigint_is_ended_all_the_same(monkeypatch, tmp_path):
    deaf = f"""
import pathlib, signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
pathlib.Path({str(tmp_path / 'is deaf')!r}).touch()
signal.pause()
"""
    monkeypatch.setattr(bringup, 'command_line', as_sleeper(deaf))
    monkeypatch.setattr(bringup, '_GRACE_S', 0.5)
    with bringup.start([NodeSpec('patrol')], quiet=True) as running:
        (process,) = running.processes
        end = time.monotonic() + 30.0
        while not (tmp_path / 'is deaf').exists():
            assert time.monotonic() < end, 'Python did not start'
            time.sleep(0.01)
    assert process.returncode == -signal.SIGTERM


@pytest.mark.parametrize('sign', [signal.SIGINT, signal.SIGTERM])
def test_a_signal_amid_the_start_leaves_no_node_behind(monkeypatch, sign):
    started = []

    def popen_then_signal(*arguments, **options):
        process = popen(*arguments, **options)
        started.append(process)
        if len(started) == 2:
            signal.raise_signal(sign)
        return process

    popen = subprocess.Popen
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    monkeypatch.setattr(bringup, 'command_line', as_sleeper('import signal; signal.pause()'))
    monkeypatch.setattr(subprocess, 'Popen', popen_then_signal)
    try:
        with pytest.raises(KeyboardInterrupt), bringup.start([NodeSpec('a'), NodeSpec('b'), NodeSpec('c')]):
            pytest.fail('the body ran in spite of the signal')
    finally:
        signal.signal(signal.SIGTERM, before)
    assert len(started) == 3
    assert all(process.poll() is not None for process in started)

"""What lepatrol asks of Gazebo, of ros_gz and of launch is what they offer, after the table in ``gazebo_facts.yaml``.

Nothing of theirs is installed here; the table names the upstream files that it was read off.
"""

import shlex
from xml.etree import ElementTree

import pytest
import recorded_launch
from gazebo_table import (
    FACTS,
    ROOT,
    bridge_faults,
    node_topics,
    plugin_faults,
    program_faults,
    read_bridge,
    read_xml,
    robot_topics,
    server_faults,
    service_faults,
    system_faults,
    topic_faults,
)

from lepatrol import gazebo, resources
from lepatrol.assembly import load_description, load_site, local_start
from lepatrol.model.errors import LepatrolError
from lepatrol.nodes.gazebo_lamp import light_order
from lepatrol.ros import optional
from lepatrol.simulation.urdf import urdf_text

BRIDGE = read_bridge(ROOT / 'config' / 'bridge.yaml')
WORLDS = sorted((ROOT / 'worlds').rglob('*.sdf'))
LAUNCH_FILES = sorted((ROOT / 'launch').glob('*.launch.py'))
NODES = {path.stem for path in (ROOT / 'lepatrol' / 'nodes').glob('*.py') if not path.stem.startswith('_')}
GIVEN_BY_PEOPLE = {
    'estop', 'cmd_vel_teleop', 'patrol/command', 'patrol/mission', '/goal_pose', '/clicked_point', 'chat/in',
    'chat/desk', 'speech/in', 'zones/put', 'zones/lift'}
OF_FLYING_ROBOTS = {'points', 'battery_state'}


@pytest.fixture(autouse=True)
def _recorded():
    with recorded_launch.standing_in(FACTS['launch']):
        yield


def description(name):
    return ElementTree.fromstring(urdf_text(resources.robot_path(name)))


@pytest.fixture(params=resources.known_robots())
def robot(request):
    return description(request.param)


def launch(name, **arguments):
    return recorded_launch.started(ROOT / 'launch' / f'{name}.launch.py', **arguments)


def nodes_of(actions):
    return {action.executable: action for action in actions if action.is_a('Node')}


def values(parameters):
    """Return a node's parameters as plain values, whatever is in files left out."""
    return {name: getattr(value, 'value', value) for group in parameters if isinstance(group, dict)
            for name, value in group.items()}


# ---- Plugins ----

@pytest.mark.parametrize('path', WORLDS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_plugin_of_a_world_is_one_of_gazebos(path):
    assert plugin_faults(read_xml(path)) == []


def test_every_plugin_of_a_robot_is_one_of_gazebos(robot):
    assert list(robot.iter('plugin'))
    assert plugin_faults(robot) == []


@pytest.mark.parametrize('world', resources.known_worlds())
def test_a_world_makes_every_sensor_of_a_robot_speak(robot, world):
    assert system_faults(robot, read_xml(resources.world_path(world))) == []


@pytest.mark.parametrize(('plugin', 'fault'), [
    ('filename="gz-sim-physic-system" name="gz::sim::systems::Physics"', 'Gazebo has no system gz-sim-physic-system'),
    ('filename="libgz-sim-physics-system.so" name="gz::sim::systems::Physics"', 'Gazebo has no system libgz-sim'),
    ('filename="gz-sim-physics-system" name="ignition::gazebo::systems::Physics"', 'holds no ignition::gazebo'),
])
def test_a_plugin_that_gazebo_has_not_is_found(plugin, fault):
    (found,) = plugin_faults(ElementTree.fromstring(f'<sdf><world><plugin {plugin}/></world></sdf>'))
    assert fault in found


def test_a_world_without_the_system_of_a_sensor_is_found(robot):
    silent = ElementTree.fromstring('<sdf><world name="w"/></sdf>')
    assert len(system_faults(robot, silent)) == len(list(robot.iter('sensor'))) > 0


# ---- Bridge ----

@pytest.mark.parametrize('name', resources.known_robots())
def test_every_line_of_a_robots_bridge_joins_topics_of_types_that_are_converted(name):
    lines = read_bridge(gazebo.bridge_path(name))
    assert bridge_faults(lines, robot_topics(description(name))) == []
    assert {'/clock', 'cmd_vel', 'odom', 'ground_truth', 'camera/image_raw', 'camera/camera_info'} <= {
        line['ros_topic_name'] for line in lines}


@pytest.mark.parametrize(('change', 'fault'), [
    ({'gz_type_name': 'gz.msgs.Lidar'}, 'is not converted'),
    ({'ros_type_name': 'sensor_msgs/msg/PointCloud2'}, 'is not converted'),
    ({'gz_topic_name': 'lidar'}, 'is not there in Gazebo'),
    ({'direction': 'ROS_TO_GZ'}, 'is not there in Gazebo in the direction ROS_TO_GZ'),
    ({'direction': 'gz_to_ros'}, 'there is no direction'),
    ({'topic': 'scan'}, 'knows no key topic'),
    ({'gz_type_name': 'gz.msgs.Image', 'ros_type_name': 'sensor_msgs/msg/Image'}, 'is gz.msgs.LaserScan in Gazebo'),
])
def test_a_line_that_would_carry_nothing_is_found(change, fault):
    robot = description('ugv')
    line = next(line for line in BRIDGE if line['ros_topic_name'] == 'scan')
    assert any(fault in found for found in bridge_faults([{**line, **change}], robot_topics(robot)))


def test_under_gazebo_every_node_hears_all_it_listens_to_in_its_own_type():
    offered = {line['ros_topic_name']: line['ros_type_name'] for line in BRIDGE if line['direction'] == 'GZ_TO_ROS'}
    running = set(nodes_of(launch('patrol', sim='gazebo'))) & NODES
    offered |= {topic: kind for (node, topic), kind in node_topics('create_publisher').items()
                if node in {*running, 'feedback'}}
    heard = {topic: kind for (node, topic), kind in node_topics('listen').items() if node in running}
    assert {'scan', 'pose', 'odom', 'camera/image_raw', 'camera/camera_info', '/map', 'ground_truth'} <= set(heard)
    assert {topic: kind for topic, kind in heard.items()
            if topic not in GIVEN_BY_PEOPLE | OF_FLYING_ROBOTS and offered.get(topic) != kind} == {}


def test_what_the_robot_is_told_comes_from_a_node_in_its_own_type_or_from_operators_who_turn_its_head():
    told = {line['ros_topic_name']: line['ros_type_name'] for line in BRIDGE if line['direction'] == 'ROS_TO_GZ'}
    head = dict.fromkeys(('camera/pan', 'camera/tilt'), 'std_msgs/msg/Float64')
    assert told == {'cmd_vel': node_topics('create_publisher')['navigator', 'cmd_vel'], **head}


@pytest.mark.parametrize('world', resources.known_worlds())
def test_every_world_offers_the_services_that_a_scenario_is_carried_out_by(world):
    root = read_xml(resources.world_path(world))
    name = root.find('world').get('name')
    words = gazebo.service_bridges(name)
    assert [word.partition('@')[0] for word in words] == [
        f'/world/{name}/{service}' for service in ('create', 'remove', 'set_pose')]
    assert [fault for word in words for fault in service_faults(word)] == []
    assert FACTS['world_services_system'] in {plugin.get('name') for plugin in root.findall('world/plugin')}


@pytest.mark.parametrize(('word', 'fault'), [
    ('/world/prison/create@ros_gz_interfaces/srv/CreateEntity', 'the bridge carries no service'),
    ('/world/prison/create', 'the bridge carries no service'),
    ('/world/prison/create@ros_gz_interfaces/srv/DeleteEntity', 'is asked with gz.msgs.EntityFactory'),
    ('/world/prison/spawn@ros_gz_interfaces/srv/SpawnEntity', 'Gazebo has no service'),
    ('/prison/create@ros_gz_interfaces/srv/SpawnEntity', 'Gazebo has no service'),
    ('/world/my yard/create@ros_gz_interfaces/srv/SpawnEntity', 'Gazebo has no service'),
])
def test_a_service_that_would_not_be_carried_is_found(word, fault):
    (found,) = service_faults(word)
    assert fault in found
    assert program_faults('ros_gz_bridge', 'parameter_bridge', (word,)) == [found]


def test_a_world_whose_name_ros_would_not_take_is_bridged_without_services():
    assert gazebo.service_bridges('my yard') == gazebo.service_bridges('2nd') == ()
    assert gazebo.light_bridge('my yard') == gazebo.light_bridge('2nd') == ()


@pytest.mark.parametrize('world', resources.known_worlds())
def test_every_world_hears_how_the_lamp_is_to_shine_and_has_nothing_else_of_its_name(world):
    root = read_xml(resources.world_path(world))
    (word,) = gazebo.light_bridge(root.find('world').get('name'))
    assert topic_faults(word) == []
    (lamp,) = load_description('ugv', 'robot').lamps
    files = [resources.world_path(world), *(ROOT / 'worlds' / 'models').glob('*/model.sdf')]
    assert not any(f'name="{lamp.name}"' in file.read_text() or f'<name>{lamp.name}<' in file.read_text()
                   for file in files)


@pytest.mark.parametrize(('word', 'fault'), [
    ('/world/prison/light_config@ros_gz_interfaces/msg/Light[gz.msgs.Light', 'is heard by Gazebo, not told'),
    ('/world/prison/light_config@ros_gz_interfaces/msg/Light]gz.msgs.Lamp', 'is gz.msgs.Light in Gazebo'),
    ('/world/prison/light_config@std_msgs/msg/Bool]gz.msgs.Light', 'is not converted'),
    ('/world/prison/lamp@ros_gz_interfaces/msg/Light]gz.msgs.Light', 'Gazebo has no topic'),
])
def test_a_topic_that_would_not_be_carried_is_found(word, fault):
    (found,) = topic_faults(word)
    assert fault in found
    assert program_faults('ros_gz_bridge', 'parameter_bridge', (word,)) == [found]


def test_a_lamp_is_told_of_in_the_fields_that_the_message_has():
    (lamp,) = load_description('ugv', 'robot').lamps
    told = [light_order(dict, lamp, is_on=is_on) for is_on in (True, False)]
    assert set(told[0]) <= set(FACTS['light_message'])
    assert [each['intensity'] for each in told] == [1.0, 0.0]
    assert (told[0]['name'], told[0]['type'], told[0]['range']) == ('ugv_lamp', 1, 25.0)
    assert (told[0]['spot_inner_angle'], told[0]['spot_outer_angle'], told[0]['spot_falloff']) == (0.3, 0.9, 1.0)
    assert {key: value for key, value in told[0].items() if key != 'intensity'} == {
        key: value for key, value in told[1].items() if key != 'intensity'}


# ---- Launch files ----

@pytest.mark.parametrize('path', LAUNCH_FILES, ids=lambda path: path.name)
def test_every_argument_is_described_and_has_a_default(path):
    declared = [entity for entity in recorded_launch.describe(path) if entity.is_a('DeclareLaunchArgument')]
    names = [argument.name for argument in declared]
    assert len(names) == len(set(names)) > 4
    for argument in declared:
        assert argument.description.endswith('.'), argument.name
        assert isinstance(argument.default_value, str), argument.name
        assert argument.choices is None or argument.default_value in argument.choices


def test_the_patrols_arguments_are_those_that_the_readme_tells_of():
    declared = {entity.name: entity for entity in recorded_launch.describe(ROOT / 'launch' / 'patrol.launch.py')
                if entity.is_a('DeclareLaunchArgument')}
    assert {'world', 'site', 'sim', 'robot', 'namespace', 'headless', 'speed', 'rviz', 'scenario'} <= set(declared)
    assert declared['sim'].choices == ['embedded', 'gazebo']
    readme = (ROOT / 'README.md').read_text(encoding='utf-8')
    assert all(f'`{name}`' in readme for name in declared)


@pytest.fixture
def _all_messages(monkeypatch):
    monkeypatch.setattr(optional, 'is_installed', lambda package: True)


COMPOSITIONS = [
    ('patrol', {}), ('patrol', {'sim': 'embedded', 'rviz': 'true', 'world': 'bench_yard', 'headless': 'false'}),
    ('patrol', {'sim': 'gazebo', 'namespace': 'ugv1', 'rviz': 'true', 'speed': 'max'}), ('gazebo', {}),
    ('patrol', {'sim': 'gazebo', 'scenario': 'fence_cut', 'navigator': 'nav2'}),
    ('robot', {'rviz': 'true', 'namespace': 'ugv1'})]


@pytest.mark.parametrize(('file', 'arguments'), COMPOSITIONS)
@pytest.mark.usefixtures('_all_messages')
def test_every_program_that_is_started_is_there_and_knows_its_arguments(file, arguments):
    actions = launch(file, **arguments)
    assert nodes_of(actions)
    for node in nodes_of(actions).values():
        if node.package == 'lepatrol':
            assert node.executable in NODES
        else:
            assert program_faults(node.package, node.executable, node.arguments, values(node.parameters)) == []
        assert node.name == node.executable


@pytest.mark.parametrize(('call', 'fault'), [
    (('ros_gz_bridge', 'bridge'), 'there is no program ros_gz_bridge/bridge'),
    (('ros_ign_bridge', 'parameter_bridge'), 'there is no program'),
    (('ros_gz_bridge', 'parameter_bridge', (), ['config']), 'has no parameter config'),
    (('ros_gz_sim', 'create', ('-entity', 'ugv')), 'create has no option -entity'),
    (('ros_gz_sim', 'create', ('-name',)), 'wants a word after every option'),
])
def test_a_program_that_is_not_there_or_is_called_wrongly_is_found(call, fault):
    assert any(fault in found for found in program_faults(*call))


@pytest.mark.parametrize('world', resources.known_worlds())
@pytest.mark.parametrize('options', [{}, {'headless': False}, {'speed': 0.0}, {'speed': 5.0}])
def test_gazebos_server_is_given_options_that_it_has_and_one_world(world, options):
    assert server_faults(gazebo.server_arguments(world, **options)) == []


def test_an_option_that_gazebos_server_has_not_is_found(tmp_path):
    assert 'gz sim has no option --headless' in server_faults(f'-r --headless {tmp_path}')[0]
    assert 'not one world file' in server_faults('-r -z 500')[0]


def test_gazebo_runs_at_the_speed_asked_for_by_steps_per_second():
    words = shlex.split(gazebo.server_arguments('prison', speed=2.0))
    assert float(words[words.index('-z') + 1]) == pytest.approx(2.0 / 0.004)
    assert '-z' not in gazebo.server_arguments('prison')
    assert '-s' not in shlex.split(gazebo.server_arguments('prison', headless=False))


def test_a_world_files_path_may_hold_blanks(tmp_path):
    path = tmp_path / 'my world.sdf'
    path.write_text('<sdf version="1.9"><world name="mine"/></sdf>', encoding='utf-8')
    assert shlex.split(gazebo.server_arguments(str(path)))[-1] == str(path)


@pytest.mark.parametrize(('text', 'fault'), [
    ('<sdf version="1.9"><model name="m"/></sdf>', 'holds no <world'), ('<sdf', 'is no XML'),
    ('<sdf version="1.9"><world name="w"><physics><max_step_size>0</max_step_size></physics></world></sdf>',
     "max_step_size is '0'"),
])
def test_a_file_that_is_no_world_of_gazebos_is_refused(tmp_path, text, fault):
    path = tmp_path / 'odd.sdf'
    path.write_text(text, encoding='utf-8')
    with pytest.raises(LepatrolError, match=fault):
        gazebo.server_arguments(str(path))


def test_sim_gazebo_starts_the_server_the_bridge_and_the_robot_at_the_sites_start():
    actions = launch('patrol', world='prison', sim='gazebo', namespace='ugv1')
    (path,) = [action for action in actions if action.is_a('AppendEnvironmentVariable')]
    assert (path.name, path.value) == ('GZ_SIM_RESOURCE_PATH', str(ROOT / 'worlds' / 'models'))
    (server,) = [action for action in actions if action.is_a('IncludeLaunchDescription')]
    package, *rest = server.launch_description_source.launch_file_path.substitutions
    assert (package.package, rest) == ('ros_gz_sim', ['launch', 'gz_sim.launch.py'])
    given = dict(server.launch_arguments)
    assert set(given) <= set(FACTS['server_launch_arguments'])
    assert server_faults(given['gz_args']) == []
    nodes = nodes_of(actions)
    assert set(nodes) == {'robot_state_publisher', 'parameter_bridge', 'create', 'world_map', 'gazebo_pose',
                          'navigator', 'patrol', 'perimeter', 'greeter'}
    words = nodes['create'].arguments
    put = dict(zip(words[::2], words[1::2], strict=True))
    start = load_site('prison').start_pose
    assert (put['-world'], put['-name']) == ('prison', 'ugv1')
    assert [float(put[flag]) for flag in ('-x', '-y', '-Y')] == pytest.approx([start.x_m, start.y_m, start.yaw_rad])
    assert {name for name, node in nodes.items() if node.namespace == ''} == {'world_map'}
    assert ('/tf', 'tf') in nodes['robot_state_publisher'].remappings
    assert values(nodes['robot_state_publisher'].parameters)['robot_description'].endswith('</robot>')


@pytest.mark.usefixtures('_all_messages')
def test_a_scenario_in_gazebo_is_carried_out_by_a_node_that_is_told_of_nothing_else():
    nodes = nodes_of(launch('patrol', sim='gazebo', scenario='border_crossing_night', namespace='ugv1'))
    director = nodes.pop('scenario_director')
    assert director.namespace == 'ugv1'
    assert values(director.parameters) == {'use_sim_time': True, 'scenario': 'border_crossing_night', 'seed': 1}
    assert set(nodes) == set(nodes_of(launch('patrol', sim='gazebo', world='border')))
    assert all(word.startswith('/world/border/') for word in nodes['parameter_bridge'].arguments)
    assert values(nodes['perimeter'].parameters)['clock_start'] == local_start('border_crossing_night', 1)


def test_what_ends_by_itself_does_not_end_the_others():
    nodes = nodes_of(launch('patrol', sim='gazebo', rviz='true'))
    assert {name for name, node in nodes.items() if node.on_exit is None} == {'create', 'rviz2'}


def test_on_a_real_robot_nothing_is_simulated_and_the_time_is_the_walls():
    nodes = nodes_of(launch('robot', site='bench_yard'))
    assert set(nodes) == {'world_map', 'navigator', 'patrol', 'perimeter', 'robot_state_publisher'}
    for node in nodes.values():
        assert values(node.parameters)['use_sim_time'] is False
    assert values(nodes['perimeter'].parameters)['clock_start'] == ''
    assert values(nodes['world_map'].parameters)['world'] == 'bench_yard'


def test_a_mapped_site_is_watched_by_its_map(tmp_path):
    nodes = nodes_of(launch('robot', map_file=str(tmp_path / 'yard.yaml')))
    assert values(nodes['world_map'].parameters)['map_file'] == str(tmp_path / 'yard.yaml')
    assert values(nodes['perimeter'].parameters)['baseline'] == 'map'


def test_texts_reach_a_node_as_texts():
    (perimeter,) = [node for name, node in nodes_of(launch('patrol')).items() if name == 'perimeter']
    typed = next(group for group in perimeter.parameters if isinstance(group, dict))['clock_start']
    assert (typed.value, typed.value_type) == ('12:00', str)


@pytest.mark.parametrize('arguments', [{'sim': 'webots'}, {'navigation': 'x'}, {'headless': 'maybe'}])
def test_an_argument_or_a_value_that_is_not_offered_is_refused(arguments):
    with pytest.raises(ValueError, match=r'(is none of|declares no argument)'):
        launch('patrol', **arguments)


@pytest.mark.parametrize(('arguments', 'fault'), [
    ({'sim': 'gazebo', 'scenario': 'fog', 'world': 'border'}, 'plays in the world prison'),
    ({'world': 'nowhere'}, 'no world of this name'), ({'speed': 'fast'}, 'speed: .fast'),
    ({'sim': 'gazebo', 'namespace': 'a/b'}, 'is no name'),
])
def test_what_cannot_be_started_is_refused_with_the_reason(arguments, fault):
    with pytest.raises(LepatrolError, match=fault):
        launch('patrol', **arguments)

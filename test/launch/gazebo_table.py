"""What Gazebo and its neighbours offer, and what is wrong with what lepatrol asks of them."""

import ast
import shlex
from pathlib import Path
from xml.etree import ElementTree

import yaml

ROOT = Path(__file__).resolve().parents[2]
FACTS = yaml.safe_load(Path(__file__).with_name('gazebo_facts.yaml').read_text(encoding='utf-8'))
CONVERSIONS = {tuple(pair) for pair in FACTS['conversions']}


def plugin_faults(root):
    """Return what is wrong with the plugins of a world, model or robot."""
    faults = []
    for plugin in root.iter('plugin'):
        file, name = plugin.get('filename'), plugin.get('name')
        if file not in FACTS['systems']:
            faults.append(f'Gazebo has no system {file}')
        elif name not in FACTS['systems'][file]:
            faults.append(f'{file} holds no {name}, but {FACTS["systems"][file]}')
    return faults


def system_faults(robot, world):
    """Return the sensors of a robot that stay silent in a world, for it lacks the system that makes them."""
    systems = {plugin.get('name') for plugin in world.findall('world/plugin')}
    return [f'the {sensor.get("name")} needs {FACTS["sensor_systems"][sensor.get("type")]}'
            for sensor in robot.iter('sensor') if FACTS['sensor_systems'][sensor.get('type')] not in systems]


def robot_topics(robot):
    """Return the Gazebo topics of a robot as (direction, topic) -> type; direction is ``in`` or ``out``."""
    topics = {}
    for sensor in robot.iter('sensor'):
        for place, kind in FACTS['sensor_topics'][sensor.get('type')].items():
            named, _, suffix = place.rpartition('/') if place.startswith('topic/') else (place, '', '')
            if name := sensor.findtext(named):
                topics['out', f'{name}/{suffix}' if suffix else name] = kind
    for plugin in robot.iter('plugin'):
        for key, (direction, kind) in FACTS['system_topics'].get(plugin.get('name'), {}).items():
            if all(parts := [plugin.findtext(part) for part in key.split('/')]):
                topics[direction, '/'.join(parts)] = kind
    return topics | {('out', topic): kind for topic, kind in FACTS['server_topics'].items()}


def read_bridge(path):
    return yaml.safe_load(path.read_text(encoding='utf-8'))


def bridge_faults(lines, topics):
    """Return what is wrong with lines of the bridge, whose Gazebo side has these topics."""
    faults = []
    for line in lines:
        if unknown := set(line) - set(FACTS['bridge_keys']):
            faults.append(f'the bridge knows no key {", ".join(sorted(unknown))}')
            continue
        direction, topic, kind = line.get('direction'), line.get('gz_topic_name'), line.get('gz_type_name')
        if direction not in FACTS['bridge_directions']:
            faults.append(f'{topic}: there is no direction {direction}')
        if (line.get('ros_type_name'), kind) not in CONVERSIONS:
            faults.append(f'{topic}: {line.get("ros_type_name")} is not converted to or from {kind}')
        offered = topics.get(({'GZ_TO_ROS': 'out', 'ROS_TO_GZ': 'in'}.get(direction), topic))
        if offered is None:
            faults.append(f'{topic}: is not there in Gazebo in the direction {direction}')
        elif offered != kind:
            faults.append(f'{topic}: is {offered} in Gazebo, not {kind}')
    return faults


def program_faults(package, executable, arguments=(), parameters=()):
    """Return what is wrong with a program of another package, the words it is called with and its parameters."""
    program = f'{package}/{executable}'
    if program not in FACTS['programs']:
        return [f'there is no program {program}']
    known = {*FACTS['programs'][program], 'use_sim_time'}
    faults = [f'{program} has no parameter {name}' for name in parameters if name not in known]
    if executable == 'create':
        faults += [f'create has no option {word}' for word in arguments[::2] if word not in FACTS['create_options']]
        faults += ['create wants a word after every option'] if len(arguments) % 2 else []
    elif executable == 'parameter_bridge':
        faults += [fault for word in arguments
                   for fault in (topic_faults if word.count('.') else service_faults)(word)]
    elif executable != 'rviz2' and arguments:
        faults.append(f'{program} is given words that it does not know: {arguments}')
    return faults


def topic_faults(word):
    """Return what is wrong with a word that has the bridge carry a topic of a world."""
    name, _, types = word.partition('@')
    sign = next((sign for sign in FACTS['bridge_signs'] if sign in types), '')
    ros_type, _, kind = types.partition(sign) if sign else (types, '', '')
    root, world, topic = [*name.strip('/').split('/'), '', '', ''][:3]
    if root != 'world' or not world.isidentifier() or topic not in FACTS['world_topics']:
        return [f'Gazebo has no topic {name}']
    if FACTS['bridge_signs'].get(sign) != 'ROS_TO_GZ':
        return [f'{name}: is heard by Gazebo, not told']
    if FACTS['world_topics'][topic] != kind:
        return [f'{name}: is {FACTS["world_topics"][topic]} in Gazebo, not {kind}']
    return [] if (ros_type, kind) in CONVERSIONS else [f'{name}: {ros_type} is not converted to {kind}']


def service_faults(word):
    """Return what is wrong with a word that has the bridge carry a service of a world."""
    name, _, kind = word.partition('@')
    root, world, service = [*name.strip('/').split('/'), '', '', ''][:3]
    if kind not in FACTS['service_bridges']:
        return [f'{name}: the bridge carries no service {kind}']
    if root != 'world' or not world.isidentifier() or service not in FACTS['world_services']:
        return [f'Gazebo has no service {name}']
    asked = FACTS['world_services'][service]
    if asked != FACTS['service_bridges'][kind]:
        return [f'{name}: is asked with {asked}, {kind} with {FACTS["service_bridges"][kind]}']
    return []


def server_faults(gz_args):
    """Return what is wrong with the arguments of ``gz sim``: options that it has, then the file of a world."""
    words, files, faults = iter(shlex.split(gz_args)), [], []
    for word in words:
        if not word.startswith('-'):
            files.append(word)
        elif word not in FACTS['server_options']:
            faults.append(f'gz sim has no option {word}')
        elif FACTS['server_options'][word]:
            next(words, None)
    if len(files) != 1 or not Path(files[0]).is_file():
        faults.append(f'gz sim is given {files}, not one world file')
    return faults


def node_topics(call):
    """Return (node, topic) -> type of what our nodes publish (``create_publisher``) or hear (``listen``).

    What ``ros/feedback.py`` publishes is the navigators'. Types of packages that need not be there (tf2's, Nav2's) are
    left out.
    """
    topics = {}
    for path in (*sorted((ROOT / 'lepatrol' / 'nodes').glob('*.py')), ROOT / 'lepatrol' / 'ros' / 'feedback.py'):
        tree = ast.parse(path.read_text(encoding='utf-8'))
        types = {alias.asname or alias.name: f'{node.module.replace(".", "/")}/{alias.name}'
                 for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module.endswith('.msg')
                 for alias in node.names}
        for node in ast.walk(tree):
            if (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == call
                    and isinstance(node.args[0], ast.Name) and isinstance(node.args[1], ast.Constant)):
                topics[path.stem, node.args[1].value] = types[node.args[0].id]
    return topics


def sent(topic):
    """Return the type of what is sent on a topic, by our nodes or over a bridge, and the name of its quality; or None.

    The bridge offers what is reliable and is not kept, as ros_gz_bridge does by itself.
    """
    if topic == 'robot_description':
        return 'std_msgs/msg/String', 'LATCHED'
    for path in sorted((ROOT / 'lepatrol' / 'nodes').glob('*.py')):
        for node in ast.walk(ast.parse(path.read_text(encoding='utf-8'))):
            if (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
                    and node.func.attr == 'create_publisher' and isinstance(node.args[1], ast.Constant)
                    and node.args[1].value == topic):
                return node_topics('create_publisher')[path.stem, topic], node.args[2].attr
    for line in read_bridge(ROOT / 'config' / 'bridge.yaml'):
        if line['ros_topic_name'] == topic and line['direction'] == 'GZ_TO_ROS':
            return line['ros_type_name'], 'SENSOR_SOURCE'
    return None


def read_xml(path):
    return ElementTree.parse(path).getroot()

"""The layouts for RViz and Foxglove show topics that are really sent, in their own types."""

import copy
import json

import pytest
import yaml
from gazebo_table import FACTS, ROOT, node_topics, sent

RVIZ = yaml.safe_load((ROOT / 'config' / 'patrol.rviz').read_text(encoding='utf-8'))
FOXGLOVE = json.loads((ROOT / 'config' / 'patrol.foxglove.json').read_text(encoding='utf-8'))
HEARD = {topic: kind for (_, topic), kind in node_topics('listen').items()}
KEPT = {'LATCHED', 'ALERTS'}
READ_OFF = '/clicked_point'
"""Nobody listens: a place is clicked on to read off its coordinates."""


def shown_by_rviz(layout):
    """Return what the displays show, as (topic, the display's class, durability)."""
    for display in layout['Visualization Manager']['Displays']:
        if topic := display.get('Topic') or display.get('Description Topic'):
            yield topic['Value'], display['Class'], topic['Durability Policy']


def rviz_faults(layout):
    manager, faults = layout['Visualization Manager'], []
    for display in manager['Displays']:
        if display['Class'] not in FACTS['rviz_displays']:
            faults.append(f'RViz has no display {display["Class"]}')
    for topic, shape, durability in shown_by_rviz(layout):
        wanted = FACTS['rviz_displays'].get(shape)
        if shape.endswith('/Image') and topic.endswith('/compressed'):  # RViz takes the transport from the name.
            wanted = 'sensor_msgs/msg/CompressedImage'
        if sent(topic) is None:
            faults.append(f'{topic} is not sent')
        elif sent(topic)[0] != wanted:
            faults.append(f'{topic} is {sent(topic)[0]}, the display {shape} shows {wanted}')
        elif (durability == 'Transient Local') != (sent(topic)[1] in KEPT):
            faults.append(f'{topic} is sent as {sent(topic)[1]}, asked for as {durability}')
    for tool in manager['Tools']:
        kind, topic = FACTS['rviz_tools'].get(tool['Class'], ''), tool.get('Topic', {}).get('Value')
        if kind == '':
            faults.append(f'RViz has no tool {tool["Class"]}')
        elif topic not in (None, READ_OFF) and HEARD.get(topic) != kind:
            faults.append(f'{topic}: nobody listens for {kind}')
    return faults


def shown_by_foxglove(layout):
    """Return what the panels show, as (panel's kind, topic)."""
    for name, panel in layout['configById'].items():
        kind = name.partition('!')[0]
        topics = [topic for topic, settings in panel.get('topics', {}).items() if settings.get('visible')]
        topics += filter(None, [panel.get('imageMode', {}).get('imageTopic'), panel.get('topicToRender')])
        yield from ((kind, topic) for topic in topics)


def relative(topic):
    return topic if topic == '/map' else topic.removeprefix('/')


def foxglove_faults(layout):
    faults = [f'Foxglove has no panel {name}' for name in layout['configById']
              if name.partition('!')[0] not in FACTS['foxglove_panels']]
    for kind, topic in shown_by_foxglove(layout):
        found = sent(relative(topic))
        if not topic.startswith('/') or found is None:
            faults.append(f'{topic} is not sent')
        elif found[0] not in FACTS['foxglove_panels'].get(kind, ()):
            faults.append(f'{topic} is {found[0]}, which {kind} does not show')
    for panel in layout['configById'].values():
        if 'topicName' in panel and HEARD.get(relative(panel['topicName'])) != panel['datatype']:
            faults.append(f'{panel["topicName"]}: nobody listens for {panel["datatype"]}')
        if 'publish' in panel and panel['publish']['poseTopic'] not in HEARD:
            faults.append(f'{panel["publish"]["poseTopic"]}: nobody listens')
    return faults


def test_rviz_shows_what_is_sent_and_tells_what_is_heard():
    assert rviz_faults(RVIZ) == []
    assert RVIZ['Visualization Manager']['Global Options']['Fixed Frame'] == 'map'
    assert RVIZ['Visualization Manager']['Views']['Current']['Class'] in FACTS['rviz_views']
    assert {panel['Class'] for panel in RVIZ['Panels']} <= set(FACTS['rviz_panels'])


def test_foxglove_shows_what_is_sent_and_tells_what_is_heard():
    assert foxglove_faults(FOXGLOVE) == []


def test_every_panel_of_foxglove_has_its_place():
    def leaves(node):
        return {node} if isinstance(node, str) else leaves(node['first']) | leaves(node['second'])

    assert leaves(FOXGLOVE['layout']) == set(FOXGLOVE['configById'])


def test_both_show_the_same_patrol():
    in_rviz = {topic for topic, _, _ in shown_by_rviz(RVIZ)} - {'robot_description'}
    in_foxglove = {relative(topic) for _, topic in shown_by_foxglove(FOXGLOVE)}
    assert in_rviz <= in_foxglove
    assert in_foxglove - in_rviz == {'perimeter/alerts', 'patrol/status'}  # RViz has nothing for diagnostics
    assert FOXGLOVE['configById']['3D!site']['layers']['robot']['topic'] == '/robot_description'


@pytest.mark.parametrize(('index', 'change', 'fault'), [
    ('Plan', {'Value': 'patrol/path'}, 'patrol/path is not sent'),
    ('Plan', {'Value': 'perimeter/tracks'}, 'is visualization_msgs/msg/MarkerArray'),
    ('Map', {'Durability Policy': 'Volatile'}, 'is sent as LATCHED, asked for as Volatile'),
    ('Scan', {'Durability Policy': 'Transient Local'}, 'asked for as Transient Local'),
])
def test_a_display_that_would_show_nothing_is_found(index, change, fault):
    layout = copy.deepcopy(RVIZ)
    (display,) = [each for each in layout['Visualization Manager']['Displays'] if each['Name'] == index]
    display['Topic'].update(change)
    (found,) = rviz_faults(layout)
    assert fault in found


def test_a_panel_that_would_show_nothing_is_found():
    layout = copy.deepcopy(FOXGLOVE)
    layout['configById']['Image!live']['imageMode']['imageTopic'] = '/patrol/plan'
    layout['configById']['3D!site']['topics']['/patrol/way'] = {'visible': True}
    layout['configById']['Publish!command']['datatype'] = 'std_msgs/msg/Bool'
    assert [fault.partition(' ')[0].rstrip(':') for fault in foxglove_faults(layout)] == [
        '/patrol/way', '/patrol/plan', '/patrol/command']

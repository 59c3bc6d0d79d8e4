"""Included and nested models, actors and lights."""

import math

import numpy as np
import pytest
from sdf_world import refusal, same_pose, world, write

from lepatrol.model.geometry import Pose3


def test_nested_and_included_models_are_flattened_with_their_poses_and_joints(tmp_path):
    write(tmp_path, '''<model name="arm"><link name="a"/><link name="b"><pose>0 0 1 0 0 0</pose></link>
        <joint name="j" type="revolute"><parent>a</parent><child>b</child>
          <axis><xyz>1 0 0</xyz><limit><lower>-1</lower><upper>1e16</upper></limit></axis></joint></model>''',
          'models/arm/model.sdf')
    found = world(tmp_path, f'''<model name="outer"><pose>5 0 0 0 0 0</pose><link name="base"/>
        <include><uri>model://arm</uri><name>left</name><pose>0 2 0 0 0 {math.pi / 2}</pose></include>
        <joint name="weld" type="fixed"><parent>base</parent><child>left::a</child></joint></model>''')
    (model,) = found.models
    assert [link.name for link in model.links] == ['base', 'left::a', 'left::b']
    assert same_pose(model.links[2].pose, Pose3.from_rpy(0, 2, 1, yaw_rad=math.pi / 2))
    joints = {joint.name: joint for joint in model.joints}
    assert (joints['left::j'].parent, joints['left::j'].child) == ('left::a', 'left::b')
    assert joints['left::j'].axis == pytest.approx((0.0, 1.0, 0.0), abs=1e-9)
    assert (joints['left::j'].lower, joints['left::j'].upper) == (-1.0, math.inf)
    assert same_pose(joints['left::j'].pose, model.links[2].pose)
    assert same_pose(joints['weld'].pose, model.links[1].pose)


def test_an_include_overrides_name_pose_and_static_and_shares_the_file(tmp_path):
    write(tmp_path, '<model name="post"><static>true</static><pose>9 9 9 0 0 0</pose><link name="l"/></model>',
          'models/post/model.sdf')
    found = world(tmp_path, '''
        <include><uri>model://post</uri></include>
        <include><uri>model://post</uri><name>second</name><pose>1 2 3 0 0 0</pose><static>false</static></include>''')
    first, second = found.models
    assert (first.name, first.static, first.pose.position_m) == ('post', True, (9.0, 9.0, 9.0))
    assert (second.name, second.static, second.pose.position_m) == ('second', False, (1.0, 2.0, 3.0))


def test_a_placement_frame_lands_where_the_pose_says(tmp_path):
    found = world(tmp_path, '''<model name="m" placement_frame="foot"><pose>1 1 1 0 0 1</pose><link name="l"/>
        <frame name="foot"><pose>0 0 -2 0.3 0 0</pose></frame></model>''')
    foot = Pose3.from_rpy(0, 0, -2, 0.3)
    assert same_pose(found.models[0].pose.compose(foot), Pose3.from_rpy(1, 1, 1, yaw_rad=1.0))


def test_models_that_include_each_other_are_refused(tmp_path):
    for name, other in (('a', 'b'), ('b', 'a')):
        write(tmp_path, f'<model name="{name}"><link name="l"/><include><uri>model://{other}</uri></include></model>',
              f'models/{name}/model.sdf')
    assert 'in a circle' in refusal(tmp_path, '<include><uri>model://a</uri></include>')


ACTOR = '''<actor name="anna"><pose>1 0 0 0 0 0</pose><script><trajectory id="0" type="walk">
<waypoint><time>0</time><pose>0 0 0 0 0 0</pose></waypoint><waypoint><time>4</time><pose>2 0 0 0 0 0</pose></waypoint>
</trajectory></script></actor>'''
LAMP = '<light name="lamp" type="point"><pose>0 0 3 0 0 0</pose></light>'
POST = '''<model name="post"><frame name="top" attached_to="b"/><link name="a"/>
<link name="b"><pose>0 0 1 0 0 0</pose></link>
<joint name="j" type="fixed"><parent>a</parent><child>b</child></joint></model>'''


@pytest.fixture
def library(tmp_path):
    for name, content in (('anna', ACTOR), ('lamp', LAMP), ('post', POST)):
        write(tmp_path, content, f'models/{name}/model.sdf')
    return tmp_path


def test_an_included_actor_walks_from_where_the_include_puts_it_under_its_name(library):
    found = world(library, f'''<include><uri>model://anna</uri></include>
        <frame name="door"><pose>10 0 0 0 0 {math.pi / 2}</pose></frame>
        <include><uri>model://anna</uri><name>berta</name><pose relative_to="door">5 0 0 0 0 0</pose></include>''')
    paths = {actor.name: [timed.pose.position_m for timed in actor.path.poses] for actor in found.actors}
    assert paths.keys() == {'anna', 'berta'}
    assert paths['anna'] == [(1.0, 0.0, 0.0), (3.0, 0.0, 0.0)]
    np.testing.assert_allclose(paths['berta'], [(10, 5, 0), (10, 7, 0)], atol=1e-9)
    assert found.unsupported == ()


def test_an_included_light_shines_from_where_the_include_puts_it_under_its_name(library):
    found = world(library, '''<include><uri>model://lamp</uri></include>
        <include><uri>model://lamp</uri><name>second</name><pose>5 0 4 0 0 0</pose></include>''')
    assert [(light.name, light.pose.position_m) for light in found.lights] == [
        ('lamp', (0.0, 0.0, 3.0)), ('second', (5.0, 0.0, 4.0))]
    assert found.unsupported == ()


@pytest.mark.parametrize('kind', ['anna', 'lamp', 'post'])
def test_a_pose_that_every_include_replaces_is_not_called_left_out(library, kind):
    found = world(library, f'<include><uri>model://{kind}</uri><pose>5 0 0 0 0 0</pose></include>')
    assert found.unsupported == ()


def test_what_an_include_cannot_give_to_an_actor_is_named(library):
    found = world(library, '''<include><uri>model://anna</uri>
        <static>true</static></include>''')
    assert found.unsupported == (f'{library / "world.sdf"}:4: <static>',)


def test_two_things_that_an_include_gives_one_name_are_refused(library):
    body = '<include><uri>model://lamp</uri></include><include><uri>model://anna</uri><name>lamp</name></include>'
    assert "the name 'lamp' is taken already" in refusal(library, body)


def test_a_merged_model_lends_its_links_joints_and_frames_without_a_prefix(library):
    found = world(library, '''<model name="m"><link name="base"/>
        <include merge="true"><uri>model://post</uri><pose>2 0 0 0 0 0</pose></include>
        <link name="flag"><pose relative_to="top">0 0 1 0 0 0</pose></link>
        <joint name="weld" type="fixed"><parent>base</parent><child>a</child></joint></model>''')
    (model,) = found.models
    assert {link.name: link.pose.position_m for link in model.links} == {
        'base': (0.0, 0.0, 0.0), 'flag': (2.0, 0.0, 2.0), 'a': (2.0, 0.0, 0.0), 'b': (2.0, 0.0, 1.0)}
    assert [(joint.name, joint.parent, joint.child) for joint in model.joints] == [
        ('weld', 'base', 'a'), ('j', 'a', 'b')]
    assert found.unsupported == ()


@pytest.mark.parametrize(('body', 'expected'), [
    ('<include merge="true"><uri>model://post</uri></include>', ':3: include: a world merges nothing'),
    ('<model name="m"><link name="a"/><include merge="true"><uri>model://post</uri></include></model>',
     "the name 'a' is taken already"),
    ('<model name="m"><link name="l"/><include><uri>model://anna</uri></include></model>',
     'a <actor> cannot be included in a model'),
    ('<include><uri>model://pots</uri></include>', "did you mean 'post'?"),
    ('<include><name>x</name></include>', ':3: include: <uri> is missing'),
    ('<include><uri>model://post</uri><placement_frame>tip</placement_frame></include>', "no frame 'tip'"),
])
def test_an_include_that_cannot_be_is_refused_with_its_line(library, body, expected):
    assert expected in refusal(library, body)

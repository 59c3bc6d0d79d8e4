"""The ``robots`` parameter of the simulator node: names, kinds and places."""

import math

import pytest

from lepatrol.model.errors import SettingsError
from lepatrol.model.geometry import Pose2
from lepatrol.nodes.simulator import parse_robots

START = Pose2(1.0, 2.0, 0.5)


def test_a_kind_alone_is_one_robot_without_a_namespace_where_the_site_says():
    assert parse_robots('ugv', START) == {'': ('ugv', START)}
    assert parse_robots('  /robots/mine.urdf.xacro ', START) == {'': ('/robots/mine.urdf.xacro', START)}


def test_several_robots_have_a_namespace_and_a_place_each_in_their_order():
    found = parse_robots('ugv2:ugv ugv1:ugv:3,-4.5,90 uav:drone:0,0,-180', START)
    assert list(found) == ['ugv2', 'ugv1', 'uav']
    assert found['ugv2'] == ('ugv', START)
    assert found['ugv1'] == ('ugv', Pose2(3.0, -4.5, math.pi / 2))
    assert found['uav'] == ('drone', Pose2(0.0, 0.0, -math.pi))


@pytest.mark.parametrize(('text', 'said'), [
    ('', 'is empty, expected at least one robot, such as ugv'),
    ('   ', 'is empty'),
    ('a:ugv a:ugv:1,1,0', 'needs a namespace of its own'),
    ('ugv ugv', 'needs a namespace of its own'),
    ('a:ugv ugv', 'needs a namespace of its own'),
    ('ugv a:ugv:1,1,0', 'needs a namespace of its own'),
    ('a:ugv b:ugv', 'two robots would stand at the same place'),
    ('a:ugv:1,1,0 b:ugv:1,1,0', 'two robots would stand at the same place'),
    ('1a:ugv', "'1a:ugv' is not understood, expected KIND, NAMESPACE:KIND or NAMESPACE:KIND:X,Y,HEADING_DEG"),
    ('a/b:ugv', 'is not understood'),
    (':ugv', 'is not understood'),
    ('a:', 'is not understood'),
    ('a:ugv:1,1', 'is not understood'),
    ('a:ugv:1,1,north', 'is not understood'),
    ('a:ugv:1,nan,0', 'is not understood'),
    ('a:ugv:1,inf,0', 'is not understood'),
    ('a:ugv:1,1,0:b', 'is not understood'),
])
def test_robots_that_cannot_be_are_refused_with_how_they_are_written(text, said):
    with pytest.raises(SettingsError) as caught:
        parse_robots(text, START)
    assert said in str(caught.value)
    assert str(caught.value).startswith('robots: ')

"""Every node lives without the others: it appears, says what it says, and ends when it is told to.

The launch test of the same name starts each by launch.
"""

import dataclasses

import acts
from live_nodes import lone_nodes

from lepatrol import bringup
from lepatrol.ros.operator import open_console


def test_every_node_lives_alone_and_ends_cleanly(tmp_path):
    # Each in a namespace of its own hears none of the others. What two of them say is the same in every namespace:
    # test_live_patrol and test_nodes_beside_gazebo see those.
    alone = [dataclasses.replace(spec, namespace=f'alone_{name}') for name, spec in lone_nodes(tmp_path).items()
             if name not in ('simulator', 'world_map')]
    with bringup.start(alone, quiet=True) as running, open_console(running.check) as operator:
        for spec in alone:
            acts.a_node_lives_alone(operator, spec.executable, spec.namespace)
        ended = running.stop()
    assert ended == dict.fromkeys(ended, 0)
    assert {'navigator', 'patrol', 'perimeter', 'gazebo_pose'} <= set(ended)

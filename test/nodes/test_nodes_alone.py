"""Every node lives without the others: it appears, waits for what never comes, and ends when it is told to."""

import acts
from live_nodes import yard

from lepatrol import bringup
from lepatrol.bringup import NodeSpec
from lepatrol.ros.operator import open_console


def test_every_node_appears_alone_and_ends_cleanly(tmp_path):
    by_name = {spec.executable: spec for spec in (*yard(tmp_path), *bringup.patrol_nodes(sim='gazebo'))}
    # Each in a namespace of its own hears none of the others; the simulator is seen in test_live_patrol.
    alone = [NodeSpec(name, f'alone_{name}', {**spec.parameters, 'use_sim_time': True}, spec.parameter_file)
             for name, spec in by_name.items() if name not in ('simulator', 'world_map')]
    with bringup.start(alone, quiet=True) as running, open_console(running.check) as operator:
        for spec in alone:
            acts.a_node_appears(operator, spec.executable, f'/{spec.namespace}')
        ended = running.stop()
    assert ended == dict.fromkeys(ended, 0)
    assert set(ended) == {'navigator', 'patrol', 'perimeter', 'gazebo_pose'}

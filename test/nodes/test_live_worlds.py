"""Each world and each robot live: all that ought to be sent arrives, and an order is carried out."""

import acts
import pytest

from lepatrol import bringup
from lepatrol.ros.operator import open_console


@pytest.mark.parametrize(('world', 'robot', 'order'), [
    ('border', 'ugv', 'goto service_gate'), ('prison', 'uav', 'goto air_visitor_gate')])
def test_all_topics_arrive_and_an_order_is_carried_out(tmp_path, world, robot, order):
    nodes = bringup.patrol_nodes(world=world, site=world, robot=robot, speed=5.0, output_folder=tmp_path)
    with bringup.start(nodes, quiet=True) as running:
        with open_console(running.check) as operator:
            acts.all_topics_arrive(operator, robot)
            acts.an_order_is_carried_out(operator, order, world)
        assert set(running.stop().values()) == {0}

"""A flying robot live: all that ought to be sent arrives, and an order is carried out."""

import acts

from lepatrol import bringup
from lepatrol.ros.operator import open_console


def test_all_topics_of_a_drone_arrive_and_it_flies_where_it_is_told(tmp_path):
    nodes = bringup.patrol_nodes(robot='uav', speed=5.0, output_folder=tmp_path)
    with bringup.start(nodes, quiet=True) as running:
        with open_console(running.check) as operator:
            acts.all_topics_arrive(operator, 'uav')
            acts.an_order_is_carried_out(operator, 'goto air_visitor_gate', 'prison', 'uav')
        assert set(running.stop().values()) == {0}

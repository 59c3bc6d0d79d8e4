"""Zones over real topics: put at one robot, known at the other, seen in RViz, heard by who comes late."""

import logging

from std_msgs.msg import String
from visualization_msgs.msg import MarkerArray

from lepatrol.behaviours.zone_keeper import ZoneKeeper
from lepatrol.model.errors import CommandError
from lepatrol.ros import qos
from lepatrol.ros.runner import LepatrolNode
from lepatrol.ros.zone_topics import ZoneTopics

SPILL = 'spill: {kind: keep_out, polygon: [[0, 0], [2, 0], [2, 2]]}'


class Robot:
    """A node that does with zones what a patrol does."""

    def __init__(self, bench, name):
        self.node = bench.node(LepatrolNode, 'patrol', namespace=name)
        self.keeper = ZoneKeeper(None, logging.getLogger('test'))
        self.answers, self.told, self.shown = [], [], []
        self.topics = ZoneTopics(self.node, self.keeper, self._answer, self.told.append)
        self.node.create_subscription(MarkerArray, 'zones/markers', self.shown.append, qos.LATCHED)

    def _answer(self, name, carry_out):
        try:
            carry_out()
        except CommandError as error:
            self.answers.append((name, f'refused: {error}'))
        else:
            self.answers.append((name, 'ok'))

    @property
    def names(self):
        return [zone.name for zone in self.keeper.in_force]


def test_what_is_put_at_one_robot_is_known_at_all_and_by_who_comes_late(bench):
    one, two = Robot(bench, 'ugv1'), Robot(bench, 'ugv2')
    put = bench.publisher(String, '/ugv1/zones/put', qos.COMMAND)
    lift = bench.publisher(String, '/ugv2/zones/lift', qos.COMMAND)
    put.publish(String(data=SPILL))
    bench.wait_for('the zone', lambda: one.names == two.names == ['spill'])
    assert one.answers == [('zones/put spill', 'ok')]
    assert [[zone.name for zone in told] for told in two.told] == [['spill']]
    bench.wait_for('its outline', lambda: one.shown and two.shown)
    assert one.shown[-1].markers[2].text == 'spill (keep out)'
    late = Robot(bench, 'ugv3')
    bench.wait_for('the zone at who comes late', lambda: late.names == ['spill'])
    lift.publish(String(data='spill'))
    bench.wait_for('the lifting', lambda: one.names == two.names == late.names == [])
    assert two.answers == [('zones/lift spill', 'ok')]
    assert late.told[-1] == ()
    assert one.keeper.zones == two.keeper.zones == late.keeper.zones


def test_what_is_refused_is_answered_and_garbage_of_others_changes_nothing(bench):
    one = Robot(bench, 'ugv1')
    put = bench.publisher(String, '/ugv1/zones/put', qos.COMMAND)
    lift = bench.publisher(String, '/ugv1/zones/lift', qos.COMMAND)
    shared = bench.publisher(String, '/zones', qos.LATCHED)
    shared.publish(String(data='{"zones": 7}'))
    lift.publish(String(data='moat'))
    bench.wait_for('no to the lifting', lambda: one.answers)
    put.publish(String(data='moat: {kind: keep_out}'))
    bench.wait_for('no to the putting', lambda: len(one.answers) == 2)
    assert one.answers[0] == ('zones/lift moat', "refused: no zone 'moat' came up; there are: none")
    assert one.answers[1][0] == 'zones/put moat'
    assert "the key 'polygon' is missing" in one.answers[1][1]
    assert (one.names, one.told) == ([], [])

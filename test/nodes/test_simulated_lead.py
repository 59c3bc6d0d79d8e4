"""For whom simulated time waits when it runs faster than real time."""

from functools import partial
from types import SimpleNamespace

import pytest
from geometry_msgs.msg import Twist
from std_msgs.msg import Header

from lepatrol.nodes.simulator import SimulatorNode, _Robot

LEAD_S = 0.1


def test_nobody_is_waited_for_before_he_has_been_heard():
    assert not _Robot('robot', '').is_late(100.0, LEAD_S)


def test_who_drives_may_be_behind_by_the_lead_and_no_more():
    robot = _Robot('robot', '', commanded_s=5.0, is_driven=True)
    assert not robot.is_late(5.05, LEAD_S)
    assert robot.is_late(5.11, LEAD_S)


def test_who_watches_may_be_behind_by_a_picture_more():
    robot = _Robot('robot', '', commanded_s=5.0, watched_s=5.0, is_watched=True)
    assert not robot.is_late(5.4, LEAD_S)
    assert robot.is_late(5.46, LEAD_S)


@pytest.mark.parametrize(('listen', 'message'), [
    (SimulatorNode._on_command, Twist()), (SimulatorNode._on_heartbeat, Header())])
def test_time_goes_on_at_once_when_what_it_waits_for_has_come_and_else_with_the_timer(listen, message):
    went_on = []
    node = SimpleNamespace(_simulator=SimpleNamespace(time_s=5.0, command=lambda name, twist: None),
                           _waiting_since_s=3.0, _go_on=lambda: went_on.append(True))
    node._wait_no_more = partial(SimulatorNode._wait_no_more, node)
    listen(node, _Robot('robot', ''), message)
    assert went_on == [True]
    listen(node, _Robot('robot', ''), message)
    assert went_on == [True]

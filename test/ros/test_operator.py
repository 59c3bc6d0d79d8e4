"""An operator's console: orders and their answers, silence with a deadline, and what it hears."""

from array import array

import pytest
from diagnostic_msgs.msg import DiagnosticArray
from geometry_msgs.msg import PoseWithCovarianceStamped
from nav_msgs.msg import OccupancyGrid
from std_msgs.msg import String

from lepatrol.model.errors import LepatrolError
from lepatrol.model.mission import MissionState, MissionStatus
from lepatrol.ros import conversions, qos
from lepatrol.ros.operator import Operator, open_console

SHORT_S = 0.3
"""How long is waited for what does not come."""
LONG_S = 30.0


class StandIn:
    """Listens and answers as the patrol does, with what ``answer`` says; None is no answer."""

    def __init__(self, node, answer=lambda command: 'ok'):
        self.node, self.answer, self.orders = node, answer, []
        self._status = node.create_publisher(DiagnosticArray, 'patrol/status', qos.LATCHED)
        node.create_subscription(String, 'patrol/command', self._on_command, qos.COMMAND)
        self.tell()

    def tell(self, reply_to='', reply='', stamp_s=None):
        now_s = self.node.get_clock().now().nanoseconds * 1e-9 + 1e-3
        self._status.publish(conversions.mission_status_to_ros(MissionStatus(
            now_s if stamp_s is None else stamp_s, MissionState.IDLE, reply_to=reply_to, reply=reply)))

    def _on_command(self, message):
        self.orders.append(message.data)
        if (reply := self.answer(message.data)) is not None:
            self.tell(message.data, reply)


@pytest.fixture
def operator(bench):
    """Return an operator who lets the bench's other nodes have their turn while he waits."""
    node = bench.node(name='operator')
    bench.leave(node)
    operator = Operator(node, bench.spin_once)
    yield operator
    operator.close()


def test_an_order_is_answered(bench, operator):
    patrol = StandIn(bench.node(name='patrol'))
    assert operator.order('start loop', deadline_s=LONG_S) == 'ok'
    assert patrol.orders == ['start loop']


def test_a_refusal_comes_back_with_its_reason(bench, operator):
    StandIn(bench.node(name='patrol'), lambda command: f'refused: cannot {command}')
    assert operator.order('fly', deadline_s=LONG_S) == 'refused: cannot fly'


def test_every_order_gets_its_own_answer(bench, operator):
    StandIn(bench.node(name='patrol'), lambda command: f'refused: {command}')
    answers = [operator.order(command, deadline_s=LONG_S) for command in ('pause', 'resume', 'pause')]
    assert answers == ['refused: pause', 'refused: resume', 'refused: pause']


def test_an_answer_to_an_earlier_order_of_the_same_words_does_not_count(bench, operator):
    patrol = StandIn(bench.node(name='patrol'), lambda command: None)
    patrol.tell('pause', 'refused: there is no mission', stamp_s=1.0)
    operator.wait_for('the old answer', lambda: bool(operator.status and operator.status.reply), deadline_s=LONG_S)
    with pytest.raises(LepatrolError, match=r"an answer to 'pause' did not come within 0\.3 s"):
        operator.order('pause', deadline_s=SHORT_S)


def test_an_order_that_nobody_listens_to_is_an_error_that_names_the_deadline(operator):
    with pytest.raises(LepatrolError, match=r'a patrol node that listens did not come within 0\.3 s'):
        operator.order('pause', deadline_s=SHORT_S)


def test_a_recorder_at_the_same_console_does_not_count_as_a_patrol(bench, operator):
    operator.node.create_subscription(String, 'patrol/command', lambda message: None, qos.COMMAND)
    # A status still stands, as a recorder's replay may leave one.
    status = bench.node(name='replay').create_publisher(DiagnosticArray, 'patrol/status', qos.LATCHED)
    status.publish(conversions.mission_status_to_ros(MissionStatus(0.0, MissionState.IDLE)))
    operator.wait_for('the status', lambda: operator.status is not None, deadline_s=LONG_S)
    with pytest.raises(LepatrolError, match='a patrol node that listens did not come'):
        operator.order('pause', deadline_s=SHORT_S)


def test_an_order_that_is_not_answered_is_an_error_that_names_order_and_deadline(bench, operator):
    patrol = StandIn(bench.node(name='patrol'), lambda command: None)
    operator.wait_for('the status', lambda: operator.status is not None, deadline_s=LONG_S)
    with pytest.raises(LepatrolError, match=r"an answer to 'pause' did not come within 0\.5 s"):
        operator.order('pause', deadline_s=0.5)
    assert patrol.orders == ['pause']


def test_waiting_ends_where_it_has_become_pointless(bench):
    def check():
        raise LepatrolError('the simulator has ended')

    with open_console(check) as operator, pytest.raises(LepatrolError, match='the simulator has ended'):
        operator.order('pause', deadline_s=LONG_S)


def test_the_next_status_is_one_that_was_not_heard_before(bench, operator):
    patrol = StandIn(bench.node(name='patrol'))
    operator.wait_for('the status', lambda: operator.status is not None, deadline_s=LONG_S)
    before = operator.status
    patrol.tell(reply='later')
    assert operator.next_status(deadline_s=LONG_S) is not before
    with pytest.raises(LepatrolError, match=r'a patrol status did not come within 0\.3 s'):
        operator.next_status(deadline_s=SHORT_S)


def test_the_map_that_was_sent_before_the_console_opened_is_heard(bench, operator):
    grid = OccupancyGrid()
    grid.header.frame_id = 'map'
    grid.info.resolution, grid.info.width, grid.info.height = 0.5, 2, 1
    grid.data = array('b', [0, 100])
    bench.node(name='mapper').create_publisher(OccupancyGrid, '/map', qos.LATCHED).publish(grid)
    operator.wait_for('the map', lambda: operator.map is not None, deadline_s=LONG_S)
    assert operator.map.cells.tolist() == [[0, 100]]


def test_the_track_has_a_point_every_so_often_not_one_for_every_pose(bench, operator):
    source = bench.node(name='localisation').create_publisher(PoseWithCovarianceStamped, 'pose', qos.COMMAND)
    operator.wait_for('a listener', lambda: source.get_subscription_count() > 0, deadline_s=LONG_S)
    for step in range(41):
        message = PoseWithCovarianceStamped()
        message.pose.pose.position.x = step * 0.03125
        source.publish(message)
        expected = step // 4
        operator.wait_for(f'pose {step}', lambda: len(operator.track_m) > expected, deadline_s=LONG_S)  # noqa: B023
    assert [x for x, _ in operator.track_m] == [0.125 * number for number in range(11)]


def test_a_console_is_on_simulated_time():
    with open_console() as operator:
        assert operator.now_s == 0.0

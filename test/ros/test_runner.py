"""How a node lives with bad messages and with signals, and what it says where it cannot run."""

import signal
import time

import pytest
import rclpy
import rclpy.utilities
from bench_of_nodes import DEADLINE_S
from rcl_interfaces.msg import Log
from rclpy.qos import DurabilityPolicy, QoSProfile
from std_msgs.msg import String

from lepatrol.model.errors import CommandError, SettingsError
from lepatrol.ros import qos
from lepatrol.ros.runner import LepatrolNode, run_node

SIGNALS = [signal.SIGINT, signal.SIGTERM]


class Listener(LepatrolNode):
    """Takes words in capitals."""

    def __init__(self, name, **options):
        super().__init__(name, **options)
        self.taken = []
        self.listen(String, 'words', self._on_word, qos.COMMAND)

    def _on_word(self, message):
        if not message.data.isupper():
            raise CommandError(f'{message.data!r} is too quiet, expected capitals')
        if message.data == 'BUG':
            raise IndexError
        self.taken.append(message.data)


class Act(LepatrolNode):
    """Does something as soon as it runs."""

    closed = 0

    def __init__(self, action):
        super().__init__('act')
        self.create_timer(0.001, action)

    def close(self):
        type(self).closed += 1


@pytest.fixture(autouse=True)
def closed_anew():
    Act.closed = 0


def fail(error):
    raise error


def test_a_bad_message_is_logged_once_in_a_while_and_nothing_else_changes(bench):
    listener, logged = bench.node(Listener, 'listener'), []
    bench.node(name='reader').create_subscription(
        Log, '/rosout', lambda line: logged.append((line.name, line.level, line.msg)),
        QoSProfile(depth=100, durability=DurabilityPolicy.TRANSIENT_LOCAL))
    talker = bench.publisher(String, 'words', qos.COMMAND)
    for word in ('ONE', *['two'] * 5, 'THREE'):
        talker.publish(String(data=word))
    bench.wait_for('the last word', lambda: len(listener.taken) == 2)
    bench.wait_for('the log', lambda: bool(logged))
    assert listener.taken == ['ONE', 'THREE']
    assert logged == [('listener', 40, "words: 'two' is too quiet, expected capitals")]


def test_an_error_that_no_message_can_mend_is_not_hidden(bench):
    bench.node(Listener, 'listener')
    bench.publisher(String, 'words', qos.COMMAND).publish(String(data='BUG'))
    with pytest.raises(IndexError):
        bench.wait_for('the error', lambda: False)


def test_a_node_tells_the_time_of_the_clock_in_use(bench):
    assert bench.node(Listener, 'live').now_s == pytest.approx(time.time(), abs=5.0)
    assert bench.node(Listener, 'simulated', use_sim_time=True).now_s == 0.0


def test_a_node_that_cannot_be_made_says_why_in_one_line_and_returns_1(capsys):
    assert run_node(lambda: fail(SettingsError('speed', 'is -1, it must be 0 or more')), []) == 1
    assert capsys.readouterr().err == 'lepatrol: speed: is -1, it must be 0 or more\n'
    assert not rclpy.utilities.ok()


def test_a_node_that_cannot_go_on_says_why_under_its_name_and_is_closed(capsys):
    assert run_node(lambda: Act(lambda: fail(CommandError('no way'))), []) == 1
    assert capsys.readouterr().err == 'act: no way\n'
    assert Act.closed == 1


def test_an_error_of_the_programmers_is_not_hidden_and_the_node_is_closed():
    with pytest.raises(ZeroDivisionError):
        run_node(lambda: Act(lambda: 1 / 0), [])
    assert Act.closed == 1
    assert not rclpy.utilities.ok()


def test_ros_arguments_reach_the_node():
    names = []
    run_node(lambda: names.append(LepatrolNode('act').get_name()) or fail(CommandError('')),
             ['--ros-args', '-r', '__node:=other'])
    assert names == ['other']


@pytest.mark.parametrize('sign', SIGNALS)
def test_a_running_node_that_is_told_to_end_is_closed_and_returns_0(sign, capsys):
    before = [signal.getsignal(each) for each in SIGNALS]
    assert run_node(lambda: Act(lambda: signal.raise_signal(sign)), []) == 0
    assert (Act.closed, capsys.readouterr().err) == (1, '')
    assert [signal.getsignal(each) for each in SIGNALS] == before


@pytest.mark.parametrize('sign', SIGNALS)
def test_a_node_that_is_told_to_end_before_ros_listens_is_not_made(sign, monkeypatch):
    def init(**options):
        signal.raise_signal(sign)
        ros_init(**options)

    ros_init = rclpy.init
    monkeypatch.setattr(rclpy, 'init', init)
    assert run_node(lambda: pytest.fail('it was made'), []) == 0


@pytest.mark.parametrize('sign', SIGNALS)
def test_a_node_that_is_told_to_end_while_it_is_made_returns_0_without_a_word(sign, capsys):
    def make():
        signal.raise_signal(sign)
        end = time.monotonic() + DEADLINE_S
        while rclpy.utilities.ok():
            assert time.monotonic() < end, 'the signal did not shut ROS down'
        return Act(lambda: pytest.fail('it ran'))

    assert run_node(make, []) == 0
    assert (Act.closed, capsys.readouterr().err) == (0, '')

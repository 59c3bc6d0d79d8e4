"""The greeter node over real ROS: three conversations at once, plain strings, the desk, a way, and garbage."""

import json

import rclpy
from live_nodes import DEADLINE_S
from nav_msgs.msg import Path
from rclpy.executors import SingleThreadedExecutor
from rclpy.parameter import Parameter
from std_msgs.msg import String

from lepatrol.nodes.greeter import GreeterNode
from lepatrol.ros import qos


class Hall:
    """A greeter and, beside it, who talks with it."""

    def __init__(self, folder):
        arguments = ['--ros-args', '-p', f'output_folder:={folder}', '-p', "clock_start:='2026-11-18 10:00'",
                     '-p', 'use_sim_time:=true']
        rclpy.init(args=arguments)
        self.node, self.other = GreeterNode(), rclpy.create_node('hall', parameter_overrides=[
            Parameter('use_sim_time', value=False)])
        self.executor = SingleThreadedExecutor()
        for node in (self.node, self.other):
            self.executor.add_node(node)
        self.out, self.events, self.ways = [], [], []
        self.other.create_subscription(String, 'chat/out', lambda m: self.out.append(m.data), qos.COMMAND)
        self.other.create_subscription(
            String, 'chat/events', lambda m: self.events.append(json.loads(m.data)), qos.ALERTS)
        self.other.create_subscription(Path, 'chat/way', self.ways.append, qos.LATCHED)
        self.visitors = self.other.create_publisher(String, 'chat/in', qos.COMMAND)
        self.desk = self.other.create_publisher(String, 'chat/desk', qos.COMMAND)
        self.wait_for(lambda: self.visitors.get_subscription_count() and self.desk.get_subscription_count()
                      and self.other.count_publishers('chat/out') and self.other.count_publishers('chat/events'))

    def wait_for(self, happened):
        end_s = self.other.get_clock().now().nanoseconds * 1e-9 + DEADLINE_S
        while not happened():
            assert self.other.get_clock().now().nanoseconds * 1e-9 < end_s, (self.out, self.events)
            self.executor.spin_once(0.05)

    def say(self, text, conversation=''):
        said = json.dumps({'conversation': conversation, 'text': text}) if conversation else text
        self.visitors.publish(String(data=said))

    def close(self):
        self.executor.shutdown()
        self.node.close()
        for node in (self.node, self.other):
            node.destroy_node()
        rclpy.shutdown()


def test_three_conversations_and_the_desk(tmp_path):
    hall = Hall(tmp_path)
    try:
        hall.say('when can I visit', 'a')
        hall.say('où est l\'atelier', 'b')
        hall.say('dónde están los baños', 'c')
        hall.say('may I smoke')
        hall.say('{"conversation": 7, "text": "x"}')
        hall.say('and on Sundays?', 'a')
        hall.say('there is a fire', 'c')
        hall.wait_for(lambda: len(hall.out) == 6 and hall.events and hall.ways)
        replies = [json.loads(each) for each in hall.out if each.startswith('{')]
        by_name = {name: [each for each in replies if each['conversation'] == name] for name in 'abc'}
        assert [(each['language'], each['subject']) for each in by_name['a']] == [('en', 'visiting_hours')] * 2
        assert 'Sunday 22 November' in by_name['a'][1]['text']
        assert [(each['language'], each['kind']) for each in by_name['b']] == [('fr', 'way')]
        assert [each['kind'] for each in by_name['c']] == ['answer', 'danger']
        (plain,) = [each for each in hall.out if not each.startswith('{')]
        assert 'Smoking and vaping' in plain
        (event,) = hall.events
        assert (event['kind'], event['subject'], event['conversation']) == ('danger', 'fire', 'c')
        assert len(hall.ways[0].poses) == 4
        hall.desk.publish(String(data='{"conversation": "nobody", "text": "hello"}'))
        hall.desk.publish(String(data='{"conversation": "c", "text": "We are coming."}'))
        hall.wait_for(lambda: len(hall.out) == 7)
        assert json.loads(hall.out[-1])['sentences'] == ['A person at the desk:', 'We are coming.']
        assert len(list((tmp_path / 'transcripts').iterdir())) == 4
    finally:
        hall.close()

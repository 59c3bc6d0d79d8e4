"""Recordings hold what topics carried, under their names and types, as rosbag2's readers expect them."""


import cv2
import numpy as np
import pytest
from geometry_msgs.msg import Twist
from rosbags.rosbag2 import Reader, Writer
from rosbags.rosbag2.errors import WriterError
from rosbags.typesys import Stores, get_typestore
from rosgraph_msgs.msg import Clock
from sensor_msgs.msg import CompressedImage, LaserScan
from std_msgs.msg import Header, String

from lepatrol.ros import qos
from lepatrol.ros.conversions import picture_to_ros, time_to_ros
from lepatrol.ros.recording import Recorder

TYPES = get_typestore(Stores.ROS2_JAZZY)


@pytest.fixture
def written(monkeypatch):
    """Return the topics of what was written so far."""
    topics = []

    def noted(self, connection, timestamp, data):
        write(self, connection, timestamp, data)
        topics.append(connection.topic)

    write = Writer.write
    monkeypatch.setattr(Writer, 'write', noted)
    return topics


def read(folder):
    """Return the recording's topics with their types, and its messages as (topic, time, message)."""
    with Reader(folder) as reader:
        topics = {connection.topic: connection.msgtype for connection in reader.connections}
        return topics, [(connection.topic, stamp_ns, TYPES.deserialize_cdr(data, connection.msgtype))
                        for connection, stamp_ns, data in reader.messages()]


def picture(stamp_s, colour=(200, 30, 20)):
    rgb = np.full((24, 32, 3), colour, dtype=np.uint8)
    return picture_to_ros(rgb, stamp_s, 'eye')


def test_messages_are_recorded_as_they_came_under_the_robots_names(bench, tmp_path, written):
    node = bench.node(name='recorder', namespace='ugv1')
    with Recorder(node, tmp_path / 'bag') as recorder:
        recorder.record('patrol/command', String, qos.COMMAND)
        recorder.record('scan', LaserScan, qos.SENSOR)
        recorder.record('/cmd_vel', Twist, qos.COMMAND)
        orders = bench.publisher(String, '/ugv1/patrol/command', qos.COMMAND)
        scans = bench.publisher(LaserScan, '/ugv1/scan', qos.SENSOR_SOURCE)
        for words in ('start loop', 'pausé'):
            orders.publish(String(data=words))
        scans.publish(LaserScan(header=Header(frame_id='lidar'), ranges=[1.5, float('inf')]))
        bench.wait_for('all messages', lambda: len(written) == 3)
    topics, messages = read(tmp_path / 'bag')
    assert topics == {'/ugv1/patrol/command': 'std_msgs/msg/String', '/ugv1/scan': 'sensor_msgs/msg/LaserScan',
                      '/cmd_vel': 'geometry_msgs/msg/Twist'}
    assert [message.data for topic, _, message in messages if topic.endswith('command')] == ['start loop', 'pausé']
    (scan,) = [message for topic, _, message in messages if topic.endswith('scan')]
    assert (scan.header.frame_id, scan.ranges.tolist()) == ('lidar', [1.5, float('inf')])


def test_messages_are_stamped_with_the_nodes_clock(bench, tmp_path, written):
    node = bench.node(name='recorder', use_sim_time=True)
    with Recorder(node, tmp_path / 'bag') as recorder:
        recorder.record('words', String, qos.COMMAND)
        clock = bench.publisher(Clock, '/clock', qos.COMMAND)
        clock.publish(Clock(clock=time_to_ros(12.5)))
        bench.wait_for('the time', lambda: node.get_clock().now().nanoseconds > 0)
        bench.publisher(String, 'words', qos.COMMAND).publish(String(data='now'))
        bench.wait_for('the word', lambda: bool(written))
    assert [stamp_ns for _, stamp_ns, _ in read(tmp_path / 'bag')[1]] == [12_500_000_000]


def test_compressed_pictures_are_kept_as_they_came_one_in_a_while_of_their_own_time(bench, tmp_path, written):
    with Recorder(bench.node(name='recorder'), tmp_path / 'bag') as recorder:
        recorder.record_pictures('live/image/compressed', qos.COMMAND, every_s=1.0)
        camera = bench.publisher(CompressedImage, 'live/image/compressed', qos.COMMAND)
        # The last one comes after the clock was set back.
        for stamp_s in (10.0, 10.5, 11.0, 11.9, 12.2, 3.0):
            camera.publish(picture(stamp_s))
        bench.wait_for('the pictures', lambda: len(written) == 4)
    topics, messages = read(tmp_path / 'bag')
    assert topics == {'/live/image/compressed': 'sensor_msgs/msg/CompressedImage'}
    assert [message.header.stamp.sec for _, _, message in messages] == [10, 11, 12, 3]
    for _, _, message in messages:
        pixels = cv2.imdecode(np.asarray(message.data), cv2.IMREAD_COLOR)[..., ::-1]
        assert (message.format, message.header.frame_id, pixels.shape) == ('jpeg', 'eye', (24, 32, 3))
        assert np.abs(pixels.astype(int) - (200, 30, 20)).max() < 10


def test_a_patrols_recording_has_every_topic_that_tells_how_it_went_and_no_unmasked_picture(bench, tmp_path):
    with Recorder(bench.node(name='recorder', namespace='ugv1'), tmp_path / 'bag') as recorder:
        recorder.record_patrol()
    assert read(tmp_path / 'bag')[0] == {
        '/ugv1/scan': 'sensor_msgs/msg/LaserScan', '/ugv1/odom': 'nav_msgs/msg/Odometry',
        '/ugv1/joint_states': 'sensor_msgs/msg/JointState',
        '/ugv1/pose': 'geometry_msgs/msg/PoseWithCovarianceStamped', '/ugv1/cmd_vel': 'geometry_msgs/msg/Twist',
        '/ugv1/navigator/path': 'nav_msgs/msg/Path', '/ugv1/patrol/command': 'std_msgs/msg/String',
        '/ugv1/patrol/status': 'diagnostic_msgs/msg/DiagnosticArray', '/ugv1/patrol/plan': 'nav_msgs/msg/Path',
        '/ugv1/perimeter/alerts': 'diagnostic_msgs/msg/DiagnosticArray',
        '/ugv1/perimeter/tracks': 'visualization_msgs/msg/MarkerArray',
        '/map': 'nav_msgs/msg/OccupancyGrid', '/ugv1/live/image/compressed': 'sensor_msgs/msg/CompressedImage'}


def test_what_comes_once_the_recording_is_complete_is_dropped(bench, tmp_path):
    node, heard = bench.node(name='recorder'), []
    with Recorder(node, tmp_path / 'bag') as recorder:
        recorder.record('words', String, qos.COMMAND)
    node.create_subscription(String, 'words', heard.append, qos.COMMAND)
    bench.publisher(String, 'words', qos.COMMAND).publish(String(data='late'))
    bench.wait_for('the late word', lambda: bool(heard))
    assert read(tmp_path / 'bag')[1] == []


def test_a_recording_is_never_written_over(bench, tmp_path):
    with pytest.raises(WriterError, match='exists'):
        Recorder(bench.node(), tmp_path)

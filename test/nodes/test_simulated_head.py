"""What operators tell a robot's head, lamp and loudspeaker arrives in the simulator."""

from diagnostic_msgs.msg import DiagnosticArray
from live_nodes import DEADLINE_S, yard
from sensor_msgs.msg import JointState
from std_msgs.msg import Bool, Float64, String

from lepatrol import bringup
from lepatrol.ros import conversions, qos
from lepatrol.ros.operator import open_console


def test_the_head_turns_as_told_and_the_status_tells_what_lamp_and_speaker_would_do(tmp_path):
    positions, status = [{}], [{}]
    with bringup.start(yard(tmp_path)[:1], quiet=True) as running, open_console(running.check) as operator:
        node = operator.node
        node.create_subscription(
            JointState, 'joint_states',
            lambda message: positions.append(conversions.joint_positions_from_ros(message).positions_rad), qos.SENSOR)
        node.create_subscription(
            DiagnosticArray, 'simulator/status',
            lambda message: status.append({pair.key: pair.value for pair in message.status[0].values}), qos.COMMAND)
        told = [(node.create_publisher(type(message), topic, qos.COMMAND), message) for topic, message in (
            ('camera/pan', Float64(data=0.2)), ('camera/tilt', Float64(data=9.0)), ('lamp', Bool(data=True)),
            ('speaker/say', String(data='This is private ground.')))]

        def has_turned():
            for publisher, message in told:
                publisher.publish(message)
            return positions[-1] == {'pan_joint': 0.2, 'tilt_joint': 0.6}

        operator.wait_for('the head to turn', has_turned, deadline_s=DEADLINE_S)
        operator.wait_for('the status to tell of it', lambda: status[-1].get('lamp') == 'on', deadline_s=DEADLINE_S)
    assert status[-1]['speaker'] == 'This is private ground.'

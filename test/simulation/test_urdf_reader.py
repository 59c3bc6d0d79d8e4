import math
from pathlib import Path

import numpy as np
import pytest

from lepatrol.model.errors import FileError
from lepatrol.model.geometry import Pose3
from lepatrol.simulation.description import (
    Box,
    CameraSensor,
    DiffDrive,
    JointServo,
    LinearBattery,
    MulticopterControl,
    VelocityControl,
)
from lepatrol.simulation.sdf import read_robot

BODY = '''<link name="base_link"><inertial><mass value="5"/><inertia ixx="1" iyy="1" izz="1"/></inertial>
  <visual><origin xyz="0 0 1"/><geometry><box size="1 2 3"/></geometry><material name="red"/></visual>
  <collision><geometry><cylinder radius="0.1" length="1"/></geometry></collision></link>
<material name="red"><color rgba="1 0 0 1"/></material>'''
WHEELS = ''.join(f'''<link name="{s}"/><joint name="{s}_j" type="continuous">
  <parent link="base_link"/><child link="{s}"/>
  <origin xyz="0 {y} 0" rpy="{-math.pi / 2} 0 0"/><axis xyz="0 0 1"/></joint>'''
  for s, y in (('left', 0.2), ('right', -0.2)))
DRIVE = '''<gazebo><plugin filename="gz-sim-diff-drive-system" name="gz::sim::systems::DiffDrive">
  <left_joint>left_j</left_joint><right_joint>right_j</right_joint><wheel_separation>0.4</wheel_separation>
  <wheel_radius>0.1</wheel_radius></plugin></gazebo>'''


def write(directory: Path, body: str, name: str = 'robot.urdf') -> Path:
    path = directory / name
    path.write_text(f'<robot name="r" xmlns:xacro="http://www.ros.org/wiki/xacro">\n{body}\n</robot>')
    return path


def test_links_are_posed_along_the_joints(tmp_path):
    robot = read_robot(write(tmp_path, BODY + WHEELS + DRIVE), name='ugv1')
    assert robot.name == 'ugv1'
    links = {link.name: link for link in robot.links}
    np.testing.assert_allclose(
        links['left'].pose.matrix, Pose3.from_rpy(0, 0.2, 0, roll_rad=-math.pi / 2).matrix, atol=1e-9)
    assert robot.joints[0].axis == pytest.approx((0.0, 1.0, 0.0), abs=1e-9)
    assert robot.drive == DiffDrive(('left_j',), ('right_j',), 0.4, 0.1)
    (visual,) = links['base_link'].visuals
    assert (visual.shape, visual.material.diffuse) == (Box((1, 2, 3)), (1.0, 0.0, 0.0, 1.0))
    assert links['base_link'].inertial.mass_kg == 5.0


def test_gazebo_extensions_give_sensors_friction_and_a_flying_drive(tmp_path):
    robot = read_robot(write(tmp_path, BODY + '''<gazebo reference="base_link"><mu1>0.2</mu1><mu2>0.2</mu2>
        <sensor name="eye" type="camera"><pose>1 0 0 0 0 0</pose><update_rate>10</update_rate>
        <gz_frame_id>optical</gz_frame_id><camera><image><width>64</width><height>48</height></image></camera></sensor>
        </gazebo><gazebo><plugin filename="gz-sim-velocity-control-system" name="v"/></gazebo>'''))
    (eye,) = robot.links[0].sensors
    assert isinstance(eye, CameraSensor)
    assert (eye.frame_id, eye.width, eye.pose.position_m) == ('optical', 64, (1.0, 0.0, 0.0))
    assert robot.links[0].collisions[0].friction == 0.2
    assert robot.drive == VelocityControl()


ROTORS = ''.join(f'''<link name="r{n}"/><joint name="r{n}_j" type="continuous"><parent link="base_link"/>
  <child link="r{n}"/></joint>''' for n in range(4))
FLIGHT = '''<gazebo><plugin filename="gz-sim-multicopter-control-system"
  name="gz::sim::systems::MulticopterVelocityControl">
  <robotNamespace>u</robotNamespace><comLinkName>base_link</comLinkName><velocityGain>3 3 4</velocityGain>
  <attitudeGain>1 1 1</attitudeGain><angularRateGain>0.4 0.5 0.2</angularRateGain>
  <maximumLinearVelocity>5 5 2</maximumLinearVelocity><rotorConfiguration>''' + ''.join(
    f'''<rotor><jointName>r{n}_j</jointName><forceConstant>1e-5</forceConstant><momentConstant>0.01</momentConstant>
  <direction>{(-1)**n}</direction></rotor>''' for n in range(4)) + '</rotorConfiguration></plugin></gazebo>'
MOTOR = '''<gazebo><plugin filename="gz-sim-multicopter-motor-model-system"
  name="gz::sim::systems::MulticopterMotorModel">
  <jointName>r0_j</jointName><linkName>r0</linkName><turningDirection>ccw</turningDirection></plugin></gazebo>'''
BATTERY = '''<gazebo><plugin filename="gz-sim-linearbatteryplugin-system" name="gz::sim::systems::LinearBatteryPlugin">
  <battery_name>b</battery_name><voltage>12</voltage><capacity>2</capacity><initial_charge>1.5</initial_charge>
  <power_load>30</power_load><open_circuit_voltage_linear_coef>-2</open_circuit_voltage_linear_coef></plugin></gazebo>'''


def test_a_multicopter_and_its_battery_are_read_as_gazebo_has_them(tmp_path):
    robot = read_robot(write(tmp_path, BODY + ROTORS + FLIGHT + MOTOR + BATTERY))
    assert robot.drive == MulticopterControl(
        ('r0_j', 'r1_j', 'r2_j', 'r3_j'), (3.0, 3.0, 4.0), 0.2, 'cmd_vel', (5.0, 5.0, 2.0),
        (math.inf, math.inf, math.inf), math.inf)
    assert robot.battery == LinearBattery('b', 2.0, 1.5, 12.0, -2.0, 0.0, 30.0)
    assert robot.unsupported == ()


def test_a_battery_that_can_be_charged_says_how_long_that_takes(tmp_path):
    charge = '<enable_recharge>true</enable_recharge><charging_time>1.5</charging_time><recharge_by_topic>1'
    robot = read_robot(write(tmp_path, BODY + BATTERY.replace(
        '<power_load>', f'{charge}</recharge_by_topic><power_load>')))
    assert robot.battery.charging_time_h == 1.5
    assert robot.unsupported == ()


@pytest.mark.parametrize(('text', 'change', 'expected'), [
    (BATTERY, ('<power_load>', '<enable_recharge>true</enable_recharge><power_load>'), '<charging_time> is missing'),
    (FLIGHT, ('>base_link<', '>hull<'), "the model has no link 'hull'; its links: base_link, r0"),
    (FLIGHT, ('r2_j', 'r9_j'), "no rotor joint 'r9_j'; its turning joints: r0_j"),
    (FLIGHT, ('<direction>-1', '<direction>2'), '1 (counter-clockwise) or -1 is right'),
    (FLIGHT, ('<velocityGain>3 3 4', '<velocityGain>3 0 4'), 'each number must be more than 0'),
    (FLIGHT, ('<robotNamespace>u', '<robotNamespace>'), 'Gazebo wants a name before the topics'),
    (FLIGHT, ('comLinkName', 'baseLinkName'), '<comLinkName> is missing'),
    (MOTOR, ('r0_j', 'r7_j'), "no rotor joint 'r7_j'"),
    (MOTOR, ('>r0<', '>disc<'), "no link 'disc'"),
    (MOTOR, ('ccw', 'left'), 'cw or ccw is right'),
    (BATTERY, ('>1.5<', '>2.5<'), '2.5 Ah is more than the capacity of 2 Ah'),
    (BATTERY, ('power_load', 'power'), '<power_load> is missing'),
])
def test_a_bad_multicopter_motor_or_battery_is_refused_with_what_would_be_right(tmp_path, text, change, expected):
    with pytest.raises(FileError) as caught:
        read_robot(write(tmp_path, BODY + ROTORS + text.replace(*change)))
    assert expected in str(caught.value)


HEAD = '''<link name="head"/><joint name="neck" type="revolute"><parent link="base_link"/><child link="head"/>
  <limit lower="-1" upper="1" velocity="2"/></joint><gazebo reference="head">
  <light name="lamp" type="spot"><pose>0 0 1 0 0 0</pose><light_on>false</light_on></light></gazebo>'''
SERVO = '''<gazebo><plugin filename="gz-sim-joint-position-controller-system"
  name="gz::sim::systems::JointPositionController"><joint_name>neck</joint_name><topic>look</topic>
  <use_velocity_commands>true</use_velocity_commands><cmd_max>0.5</cmd_max></plugin></gazebo>'''


def test_a_servo_moves_no_faster_than_its_joint_and_its_controller_allow(tmp_path):
    robot = read_robot(write(tmp_path, BODY + HEAD + SERVO))
    assert robot.servos == (JointServo('neck', 'look', 0.5),)
    assert robot.unsupported == ()
    forces = SERVO.replace('<use_velocity_commands>true</use_velocity_commands>', '<p_gain>9</p_gain>')
    forces = forces.replace('topic>', 'sub_topic>')
    assert read_robot(write(tmp_path, BODY + HEAD + forces)).servos == (JointServo('neck', 'look', 2.0),)


@pytest.mark.parametrize(('text', 'expected'), [
    (SERVO.replace('>neck<', '>nose<'), "no servo joint 'nose'; its turning joints: neck"),
    (SERVO.replace('>0.5<', '>0<'), 'cmd_max'),
    (SERVO + SERVO, "'neck' has a servo already"),
])
def test_a_servo_that_cannot_be_is_refused(tmp_path, text, expected):
    with pytest.raises(FileError) as caught:
        read_robot(write(tmp_path, BODY + HEAD + text))
    assert expected in str(caught.value)


def test_a_lamp_shines_only_where_the_file_has_it_on(tmp_path):
    assert read_robot(write(tmp_path, BODY + HEAD)).links[1].lights == ()
    (lamp,) = read_robot(write(tmp_path, BODY + HEAD.replace('false', 'true'))).links[1].lights
    assert (lamp.kind, lamp.pose.position_m) == ('spot', (0.0, 0.0, 1.0))


def test_xacro_arguments_reach_the_robot(tmp_path):
    path = write(tmp_path, '''<xacro:arg name="mass" default="1"/><link name="base_link"><inertial>
        <mass value="$(arg mass)"/><inertia ixx="1" iyy="1" izz="1"/></inertial></link>''', 'robot.urdf.xacro')
    assert read_robot(path).links[0].inertial.mass_kg == 1.0
    assert read_robot(path, arguments={'mass': '7'}).links[0].inertial.mass_kg == 7.0


def test_what_is_left_out_is_named(tmp_path):
    path = write(tmp_path, BODY + '<gazebo reference="base_link"><kp>1</kp></gazebo>')
    assert read_robot(path).unsupported == (f'{path}:5: <kp>',)


def test_of_two_drives_the_first_counts_and_the_other_is_named(tmp_path):
    path = write(tmp_path, BODY + WHEELS + DRIVE
                 + '\n<gazebo><plugin filename="gz-sim-velocity-control-system" name="v"/></gazebo>')
    robot = read_robot(path)
    assert isinstance(robot.drive, DiffDrive)
    assert len(robot.unsupported) == 1
    assert "<plugin> 'v'" in robot.unsupported[0]


@pytest.mark.parametrize(('body', 'expected'), [
    (BODY + DRIVE, "the model has no wheel joint 'left_j'; its turning joints: none"),
    ('<link name="base_link"><visaul/></link>', "did you mean 'visual'?"),
    ('<link name="trunk"/>', 'base_link or base_footprint'),
    (BODY + BODY.split('<material name="red"><', maxsplit=1)[0], 'the name is taken already'),
    (BODY + '<gazebo reference="nose"/>', "refers to 'nose'"),
    (BODY.replace('value="5"', 'value="heavy"'), "'heavy' is not 1 number"),
    (BODY + '<joint name="j" type="ball"/>', "type 'ball'"),
    (BODY + '<joint name="j" type="fixed"><parent link="base_link"/><child link="ghost"/></joint>', "link 'ghost'"),
    (BODY + '<link name="a"/><link name="b"/><joint name="ab" type="fixed"><parent link="a"/><child link="b"/></joint>'
     '<joint name="ba" type="fixed"><parent link="b"/><child link="a"/></joint>', 'the links b, a hang on each other'),
    ('<link name="base_link">', 'broken XML'),
])
def test_a_bad_robot_is_refused_with_what_would_be_right(tmp_path, body, expected):
    with pytest.raises(FileError) as caught:
        read_robot(write(tmp_path, body))
    assert expected in str(caught.value)


def test_a_xacro_that_cannot_be_processed_is_named(tmp_path):
    with pytest.raises(FileError, match='xacro cannot process it'):
        read_robot(write(tmp_path, '<xacro:nothing/>', 'robot.urdf.xacro'))

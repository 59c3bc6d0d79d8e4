"""What sensors and localisation say survives the wire; what cannot be is refused, in words that tell what would be."""

import math

import pytest
from geometry_msgs.msg import PoseWithCovarianceStamped, Quaternion
from hypothesis import given
from hypothesis import strategies as st
from nav_msgs.msg import Odometry as OdometryMessage
from sensor_msgs.msg import BatteryState as BatteryMessage
from sensor_msgs.msg import Imu as ImuMessage
from sensor_msgs.msg import JointState, NavSatStatus
from sensor_msgs.msg import NavSatFix as FixMessage
from wire import NOT_FINITE, NUMBERS, STAMPS, TEXTS, over_the_wire

from lepatrol.model.errors import ObservationError
from lepatrol.model.geometry import Pose3, Twist
from lepatrol.model.observation import BatteryState, Imu, JointPositions, NavSatFix, Odometry, PoseEstimate
from lepatrol.ros import conversions

ANGLES = st.floats(-3.1, 3.1)
POSES = st.builds(Pose3.from_rpy, NUMBERS, NUMBERS, NUMBERS, ANGLES, ANGLES, ANGLES)
TWISTS = st.builds(Twist, NUMBERS, NUMBERS, NUMBERS, NUMBERS)
VECTORS = st.tuples(NUMBERS, NUMBERS, NUMBERS)
DEVIATIONS = st.just(0.0) | st.floats(1e-6, 1e3)


def assert_same_pose(pose, expected):
    assert pose.position_m == expected.position_m
    assert pose.orientation_wxyz == pytest.approx(expected.orientation_wxyz, abs=1e-12)


def set_part(message, path, value):
    """Set a field, or an item of one, named like ``pose.pose.position.x`` or ``k[4]``."""
    *groups, last = path.split('.')
    for group in groups:
        message = getattr(message, group)
    if '[' in last:
        name, place = last.rstrip(']').split('[')
        getattr(message, name)[int(place)] = value
    else:
        setattr(message, last, value)


@given(pose=POSES, twist=TWISTS, stamp_s=STAMPS)
def test_odometry_survives_the_wire(pose, twist, stamp_s):
    message = over_the_wire(conversions.odometry_to_ros(Odometry(stamp_s, pose, twist)))
    back = conversions.odometry_from_ros(message)
    assert (message.header.frame_id, message.child_frame_id) == ('odom', 'base_link')
    assert back.stamp_s == pytest.approx(stamp_s, abs=1e-9)
    assert_same_pose(back.pose, pose)
    assert back.twist == twist


@pytest.mark.parametrize('number', NOT_FINITE)
@pytest.mark.parametrize('part', ['pose.pose.position.y', 'pose.pose.orientation.z', 'twist.twist.linear.x'])
def test_odometry_that_is_not_finite_is_refused(part, number):
    message = OdometryMessage()
    set_part(message, part, number)
    with pytest.raises(ObservationError, match=f'{number}.*not finite.*expected'):
        conversions.odometry_from_ros(over_the_wire(message))


@given(pose=POSES, deviations=st.tuples(DEVIATIONS, DEVIATIONS), stamp_s=STAMPS)
def test_a_pose_estimate_survives_the_wire_with_its_deviations(pose, deviations, stamp_s):
    message = over_the_wire(conversions.pose_estimate_to_ros(PoseEstimate(stamp_s, 'map', pose, *deviations)))
    back = conversions.pose_estimate_from_ros(message)
    assert (back.frame_id, back.stamp_s) == ('map', pytest.approx(stamp_s, abs=1e-9))
    assert (back.deviation_m, back.deviation_rad) == pytest.approx(deviations)
    assert_same_pose(back.pose, pose)
    # x and y are known equally well.
    assert message.pose.covariance[0] == message.pose.covariance[7]


def pose_message():
    return conversions.pose_estimate_to_ros(PoseEstimate(0.0, 'map', Pose3(), 0.02, 0.005))


@pytest.mark.parametrize('variance', [-0.1, *NOT_FINITE])
@pytest.mark.parametrize('place', [0, 35], ids=['x', 'yaw'])
def test_a_pose_with_a_variance_that_cannot_be_is_refused(place, variance):
    message = pose_message()
    message.pose.covariance[place] = variance
    with pytest.raises(ObservationError, match=f'pose: variances .*{variance}.*expected .*0 or more'):
        conversions.pose_estimate_from_ros(over_the_wire(message))


@pytest.mark.parametrize('number', NOT_FINITE)
@pytest.mark.parametrize('part', ['pose.pose.position.x', 'pose.pose.orientation.w'])
def test_a_pose_estimate_that_is_not_finite_is_refused(part, number):
    message = pose_message()
    set_part(message, part, number)
    with pytest.raises(ObservationError, match=f'{number}.*not finite'):
        conversions.pose_estimate_from_ros(over_the_wire(message))


def test_a_pose_estimate_without_orientation_is_refused():
    message = pose_message()
    message.pose.pose.orientation = Quaternion(w=0.0)
    with pytest.raises(ObservationError, match='no orientation'):
        conversions.pose_estimate_from_ros(over_the_wire(message))


@pytest.mark.parametrize('frame', ['odom', 'utm', ''])
def test_a_pose_in_another_frame_is_refused(frame):
    message = PoseWithCovarianceStamped()
    message.header.frame_id = frame
    with pytest.raises(ObservationError, match=f"pose: is in frame '{frame}', expected 'map'"):
        conversions.pose_estimate_from_ros(over_the_wire(message))


@given(imu=st.builds(Imu, STAMPS, TEXTS, st.tuples(NUMBERS, NUMBERS, NUMBERS, NUMBERS), VECTORS, VECTORS))
def test_an_inertial_measurement_survives_the_wire(imu):
    back = conversions.imu_from_ros(over_the_wire(conversions.imu_to_ros(imu)))
    assert back.stamp_s == pytest.approx(imu.stamp_s, abs=1e-9)
    assert (back.frame_id, back.orientation_wxyz) == (imu.frame_id, imu.orientation_wxyz)
    assert back.angular_velocity_rad_s == imu.angular_velocity_rad_s
    assert back.linear_acceleration_m_s2 == imu.linear_acceleration_m_s2


@pytest.mark.parametrize('number', NOT_FINITE)
@pytest.mark.parametrize('part', ['orientation.x', 'angular_velocity.y', 'linear_acceleration.z'])
def test_an_inertial_measurement_that_is_not_finite_is_refused(part, number):
    message = ImuMessage()
    message.header.frame_id = 'imu'
    set_part(message, part, number)
    with pytest.raises(ObservationError, match=f'imu of imu: .*{number}.*not all finite'):
        conversions.imu_from_ros(over_the_wire(message))


@given(fix=st.builds(NavSatFix, STAMPS, TEXTS, st.floats(-90.0, 90.0), st.floats(-180.0, 180.0), NUMBERS, DEVIATIONS))
def test_a_satellite_fix_survives_the_wire(fix):
    back = conversions.navsat_from_ros(over_the_wire(conversions.navsat_to_ros(fix)))
    assert back.stamp_s == pytest.approx(fix.stamp_s, abs=1e-9)
    assert (back.frame_id, back.latitude_deg, back.longitude_deg, back.altitude_m) == (
        fix.frame_id, fix.latitude_deg, fix.longitude_deg, fix.altitude_m)
    assert back.deviation_m == pytest.approx(fix.deviation_m)


def test_a_navsat_without_fix_is_refused():
    message = FixMessage()
    message.header.frame_id = 'mast'
    message.status.status = NavSatStatus.STATUS_NO_FIX
    with pytest.raises(ObservationError, match='navsat of mast: has no fix'):
        conversions.navsat_from_ros(over_the_wire(message))


@pytest.mark.parametrize(('part', 'value'), [
    ('latitude', 90.5), ('latitude', -91.0), ('longitude', 180.5), ('longitude', -200.0),
    *((part, number) for part in ('latitude', 'longitude', 'altitude') for number in NOT_FINITE),
])
def test_a_fix_that_is_nowhere_on_earth_is_refused_with_the_degrees_there_are(part, value):
    message = conversions.navsat_to_ros(NavSatFix(0.0, 'mast', 52.0, 13.0, 34.0, 0.02))
    set_part(message, part, value)
    with pytest.raises(ObservationError, match=f'navsat of mast: .*{part} {value}.*expected .*90.*180.*finite'):
        conversions.navsat_from_ros(over_the_wire(message))


@pytest.mark.parametrize('variance', [-1.0, *NOT_FINITE])
def test_a_fix_with_a_variance_that_cannot_be_is_refused(variance):
    message = conversions.navsat_to_ros(NavSatFix(0.0, 'mast', 52.0, 13.0, 34.0, 0.02))
    message.position_covariance[0] = variance
    with pytest.raises(ObservationError, match=f'navsat of mast: .*variance .*{variance}.*expected .*0 or more'):
        conversions.navsat_from_ros(over_the_wire(message))


@given(stamp_s=STAMPS, percentage=st.floats(0.0, 1.0, width=32), voltage_v=st.floats(0.0, 60.0, width=32),
       is_charging=st.sampled_from([True, False, None]))
def test_a_battery_survives_the_wire(stamp_s, percentage, voltage_v, is_charging):
    back = conversions.battery_from_ros(over_the_wire(
        conversions.battery_to_ros(BatteryState(stamp_s, percentage, voltage_v, is_charging))))
    assert back == BatteryState(pytest.approx(stamp_s, abs=1e-9), percentage, voltage_v, is_charging)


@pytest.mark.parametrize(('status', 'is_charging'), [
    (BatteryMessage.POWER_SUPPLY_STATUS_CHARGING, True), (BatteryMessage.POWER_SUPPLY_STATUS_DISCHARGING, False),
    (BatteryMessage.POWER_SUPPLY_STATUS_NOT_CHARGING, False), (BatteryMessage.POWER_SUPPLY_STATUS_FULL, None),
    (BatteryMessage.POWER_SUPPLY_STATUS_UNKNOWN, None), (77, None)])
def test_whether_a_battery_is_charged_is_read_off_its_status(status, is_charging):
    message = over_the_wire(BatteryMessage(percentage=0.5, power_supply_status=status))
    assert conversions.battery_from_ros(message).is_charging is is_charging


@pytest.mark.parametrize('percentage', [-0.01, 1.01, 80.0, math.nan, math.inf])
def test_a_charge_that_is_not_a_share_of_one_is_refused(percentage):
    message = BatteryMessage(percentage=percentage)
    with pytest.raises(ObservationError, match=r'battery: percentage is .*, expected from 0 to 1'):
        conversions.battery_from_ros(over_the_wire(message))


@pytest.mark.parametrize(('charge', 'capacity', 'share'), [
    (1.5, 6.0, 0.25), (0.03, 6.0, 0.005), (math.nan, 6.0, 0.8), (1.5, math.nan, 0.8), (0.0, 0.0, 0.8)])
def test_charge_and_capacity_where_both_are_told_count_for_more_than_a_percentage(charge, capacity, share):
    message = over_the_wire(BatteryMessage(charge=charge, capacity=capacity, percentage=0.8))
    assert conversions.battery_from_ros(message).percentage == pytest.approx(share)


def test_more_charge_than_the_capacity_is_refused():
    with pytest.raises(ObservationError, match=r'battery: charge over capacity is 1.5, expected from 0 to 1'):
        conversions.battery_from_ros(over_the_wire(BatteryMessage(charge=9.0, capacity=6.0)))


@given(stamp_s=STAMPS, pose=POSES)
def test_the_true_pose_that_gazebo_tells_is_an_estimate_without_error(stamp_s, pose):
    message = conversions.odometry_to_ros(Odometry(stamp_s, pose, Twist(1.0, 0.0)))
    message.header.frame_id = conversions.MAP
    truth = conversions.true_pose_from_ros(over_the_wire(message))
    assert truth.stamp_s == pytest.approx(stamp_s, abs=1e-9)
    assert (truth.frame_id, truth.deviation_m, truth.deviation_rad) == ('map', 0.0, 0.0)
    assert_same_pose(truth.pose, pose)


@pytest.mark.parametrize('frames', [('odom', 'base_link'), ('map', 'base_footprint'), ('ugv/odom', 'ugv/base_link')])
def test_a_true_pose_of_other_frames_is_refused_with_where_they_are_set(frames):
    message = OdometryMessage()
    message.pose.pose.orientation.w = 1.0
    message.header.frame_id, message.child_frame_id = frames
    with pytest.raises(ObservationError, match=r"expected 'base_link' in 'map': see odom_frame"):
        conversions.true_pose_from_ros(message)


@given(stamp_s=STAMPS, positions_rad=st.dictionaries(TEXTS, NUMBERS, max_size=5))
def test_joint_positions_survive_the_wire(stamp_s, positions_rad):
    back = conversions.joint_positions_from_ros(over_the_wire(
        conversions.joint_positions_to_ros(JointPositions(stamp_s, positions_rad))))
    assert back.stamp_s == pytest.approx(stamp_s, abs=1e-9)
    assert back.positions_rad == positions_rad


def test_of_joints_that_tell_their_velocities_alone_no_position_is_known():
    message = JointState(name=['pan', 'tilt'], velocity=[0.1, 0.2])
    assert conversions.joint_positions_from_ros(over_the_wire(message)).positions_rad == {}


@pytest.mark.parametrize(('positions', 'fault'), [
    ([0.0], '2 names and 1 positions, expected as many'), ([0.0, math.nan], 'joint tilt: the position is nan')])
def test_joint_positions_that_cannot_be_are_refused(positions, fault):
    with pytest.raises(ObservationError, match=fault):
        conversions.joint_positions_from_ros(over_the_wire(JointState(name=['pan', 'tilt'], position=positions)))

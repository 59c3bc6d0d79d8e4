"""What sensors deliver."""

from __future__ import annotations

import math
from array import array
from typing import Any

import cv2
import numpy as np
from geometry_msgs.msg import PoseWithCovarianceStamped, Quaternion, Vector3
from nav_msgs.msg import Odometry as OdometryMessage
from numpy.typing import NDArray
from sensor_msgs.msg import BatteryState as BatteryMessage
from sensor_msgs.msg import CameraInfo as CameraInfoMessage
from sensor_msgs.msg import CompressedImage, Image, JointState, NavSatStatus
from sensor_msgs.msg import Imu as ImuMessage
from sensor_msgs.msg import LaserScan as ScanMessage
from sensor_msgs.msg import NavSatFix as FixMessage

from lepatrol.model.errors import CommandError, ObservationError
from lepatrol.model.observation import (
    BatteryState,
    CameraImage,
    CameraInfo,
    Imu,
    JointPositions,
    LaserScan,
    NavSatFix,
    Odometry,
    PoseEstimate,
)
from lepatrol.ros.conversions.poses import MAP, pose3_from_ros, pose3_to_ros, twist_from_ros, twist_to_ros
from lepatrol.ros.conversions.times import header, time_from_ros

_TO_RGB = {
    'rgb8': None, 'bgr8': cv2.COLOR_BGR2RGB, 'mono8': cv2.COLOR_GRAY2RGB,
    'rgba8': cv2.COLOR_RGBA2RGB, 'bgra8': cv2.COLOR_BGRA2RGB,
}
_CHANNELS = {'rgb8': 3, 'bgr8': 3, 'mono8': 1, 'rgba8': 4, 'bgra8': 4}
_JPEG_QUALITY = 85
_IS_CHARGING = {
    BatteryMessage.POWER_SUPPLY_STATUS_UNKNOWN: None, BatteryMessage.POWER_SUPPLY_STATUS_CHARGING: True,
    BatteryMessage.POWER_SUPPLY_STATUS_DISCHARGING: False, BatteryMessage.POWER_SUPPLY_STATUS_NOT_CHARGING: False,
    BatteryMessage.POWER_SUPPLY_STATUS_FULL: None}
"""What a battery's status tells of a charger; a full one may stand on it or not. The first of its kind is published."""


def scan_from_ros(message: ScanMessage) -> LaserScan:
    """Return a scan.

    :raises ObservationError: if its own description contradicts itself.
    """
    return LaserScan(
        time_from_ros(message.header.stamp), message.header.frame_id, message.angle_min, message.angle_increment,
        message.range_min, message.range_max, np.asarray(message.ranges, dtype=np.float32))


def scan_to_ros(scan: LaserScan) -> ScanMessage:
    """Return a scan as a message."""
    ranges = array('f')
    ranges.frombytes(scan.ranges_m.tobytes())
    return ScanMessage(
        header=header(scan.stamp_s, scan.frame_id), angle_min=scan.angle_min_rad,
        angle_max=scan.angle_min_rad + scan.angle_increment_rad * (scan.ranges_m.size - 1),
        angle_increment=scan.angle_increment_rad, range_min=scan.range_min_m, range_max=scan.range_max_m,
        ranges=ranges)


def rgb_from_ros(message: Image) -> NDArray[np.uint8]:
    """Return the pixels of an image as RGB (height, width, 3).

    :raises ObservationError: for an encoding that is not known, or data that is not of the size described.
    """
    if message.encoding not in _TO_RGB:
        raise ObservationError(
            f'image of {message.header.frame_id}: encoding {message.encoding!r}, expected one of {", ".join(_TO_RGB)}')
    channels = _CHANNELS[message.encoding]
    data = np.frombuffer(message.data, dtype=np.uint8)
    if not (message.width and message.height):
        raise ObservationError(
            f'image of {message.header.frame_id}: {message.width} x {message.height} pixels, expected at least one')
    if message.step < message.width * channels or data.size != message.step * message.height:
        raise ObservationError(
            f'image of {message.header.frame_id}: {data.size} bytes in rows of {message.step}, expected '
            f'{message.height} rows of at least {message.width * channels}')
    rows = data.reshape(message.height, message.step)[:, :message.width * channels]
    pixels = np.ascontiguousarray(rows).reshape(message.height, message.width, channels)
    code = _TO_RGB[message.encoding]
    return pixels if code is None else np.asarray(cv2.cvtColor(pixels, code), dtype=np.uint8)


def image_from_ros(message: Image, info: CameraInfo) -> CameraImage:
    """Return an image taken by the camera that ``info`` describes.

    :raises ObservationError: for an encoding that is not known, or a size that is not as described.
    """
    return CameraImage(
        time_from_ros(message.header.stamp), message.header.frame_id, rgb_from_ros(message), info)


def image_to_ros(image: CameraImage) -> Image:
    """Return an image as a message in rgb8."""
    height, width, _ = image.rgb.shape
    data = array('B')
    data.frombytes(image.rgb.tobytes())
    return Image(
        header=header(image.stamp_s, image.frame_id), height=height, width=width, encoding='rgb8', step=3 * width,
        data=data)


def jpeg_to_ros(rgb: NDArray[np.uint8], stamp: Any) -> CompressedImage:
    """Return pixels (height, width, 3) as a JPEG message with the header ``stamp``."""
    _, jpeg = cv2.imencode('.jpg', cv2.cvtColor(rgb, cv2.COLOR_RGB2BGR), [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    data = array('B')
    data.frombytes(jpeg.tobytes())
    return CompressedImage(header=stamp, format='jpeg', data=data)


def camera_info_from_ros(message: CameraInfoMessage) -> CameraInfo:
    """Return a camera's pinhole model.

    :raises ObservationError: if it has no focal length, or its middle is nowhere.
    """
    fx, _, cx, _, fy, cy = message.k[:6]
    if not (fx > 0.0 and fy > 0.0 and all(map(math.isfinite, (fx, fy, cx, cy)))):
        raise ObservationError(
            f'camera of {message.header.frame_id}: focal lengths {fx} and {fy}, middle ({cx}, {cy}), '
            'expected finite numbers, the lengths above 0')
    return CameraInfo(message.width, message.height, float(fx), float(fy), float(cx), float(cy))


def camera_info_to_ros(info: CameraInfo, frame_id: str, stamp_s: float) -> CameraInfoMessage:
    """Return a camera's pinhole model, without distortion, as a message."""
    return CameraInfoMessage(
        header=header(stamp_s, frame_id), width=info.width, height=info.height, distortion_model='plumb_bob',
        d=[0.0] * 5, k=[info.fx, 0.0, info.cx, 0.0, info.fy, info.cy, 0.0, 0.0, 1.0],
        r=[1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0],
        p=[info.fx, 0.0, info.cx, 0.0, 0.0, info.fy, info.cy, 0.0, 0.0, 0.0, 1.0, 0.0])


def odometry_from_ros(message: OdometryMessage) -> Odometry:
    """Return odometry.

    :raises ObservationError: if a number is not finite or the orientation is missing.
    """
    try:
        twist = twist_from_ros(message.twist.twist)
    except CommandError as error:
        raise ObservationError(f'odometry: {error}') from None
    return Odometry(time_from_ros(message.header.stamp), pose3_from_ros(message.pose.pose), twist)


def odometry_to_ros(odometry: Odometry, child_frame: str = 'base_link') -> OdometryMessage:
    """Return odometry, of ``child_frame`` in ``odom``, as a message."""
    message = OdometryMessage(header=header(odometry.stamp_s, 'odom'), child_frame_id=child_frame)
    message.pose.pose = pose3_to_ros(odometry.pose)
    message.twist.twist = twist_to_ros(odometry.twist)
    return message


def pose_estimate_from_ros(message: PoseWithCovarianceStamped) -> PoseEstimate:
    """Return a localised pose; its deviations are those of x and of yaw.

    :raises ObservationError: if it is in another frame than ``map``, a number is not finite, a variance negative, or
        the orientation missing.
    """
    if message.header.frame_id != MAP:
        raise ObservationError(f'pose: is in frame {message.header.frame_id!r}, expected {MAP!r}')
    covariance = message.pose.covariance
    variance_m2, variance_rad2 = float(covariance[0]), float(covariance[35])
    if not (0.0 <= variance_m2 < math.inf and 0.0 <= variance_rad2 < math.inf):
        raise ObservationError(
            f'pose: variances {variance_m2} and {variance_rad2}, expected finite numbers, 0 or more')
    return PoseEstimate(
        time_from_ros(message.header.stamp), message.header.frame_id, pose3_from_ros(message.pose.pose),
        math.sqrt(variance_m2), math.sqrt(variance_rad2))


def true_pose_from_ros(message: OdometryMessage) -> PoseEstimate:
    """Return the true pose that Gazebo's odometry publisher tells: where ``base_link`` is in ``map``, without error.

    :raises ObservationError: if it is of other frames, a number is not finite, or the orientation is missing.
    """
    frames = (message.header.frame_id, message.child_frame_id)
    if frames != (MAP, 'base_link'):
        raise ObservationError(f"true pose: is of {frames[1]!r} in {frames[0]!r}, expected 'base_link' in {MAP!r}: see "
                               "odom_frame and robot_base_frame of the robot's OdometryPublisher")
    return PoseEstimate(time_from_ros(message.header.stamp), MAP, pose3_from_ros(message.pose.pose))


def pose_estimate_to_ros(estimate: PoseEstimate) -> PoseWithCovarianceStamped:
    """Return a localised pose as a message; x and y share one variance."""
    message = PoseWithCovarianceStamped(header=header(estimate.stamp_s, estimate.frame_id))
    message.pose.pose = pose3_to_ros(estimate.pose)
    covariance = message.pose.covariance
    covariance[0] = covariance[7] = estimate.deviation_m**2
    covariance[35] = estimate.deviation_rad**2
    return message


def imu_from_ros(message: ImuMessage) -> Imu:
    """Return an inertial measurement.

    :raises ObservationError: if a number is not finite.
    """
    turn = message.orientation
    imu = Imu(
        time_from_ros(message.header.stamp), message.header.frame_id, (turn.w, turn.x, turn.y, turn.z),
        _vector(message.angular_velocity), _vector(message.linear_acceleration))
    numbers = (*imu.orientation_wxyz, *imu.angular_velocity_rad_s, *imu.linear_acceleration_m_s2)
    if not all(map(math.isfinite, numbers)):
        raise ObservationError(f'imu of {imu.frame_id}: {numbers} are not all finite')
    return imu


def imu_to_ros(imu: Imu) -> ImuMessage:
    """Return an inertial measurement as a message."""
    w, x, y, z = imu.orientation_wxyz
    return ImuMessage(
        header=header(imu.stamp_s, imu.frame_id), orientation=Quaternion(w=w, x=x, y=y, z=z),
        angular_velocity=_vector_to_ros(imu.angular_velocity_rad_s),
        linear_acceleration=_vector_to_ros(imu.linear_acceleration_m_s2))


def navsat_from_ros(message: FixMessage) -> NavSatFix:
    """Return a satellite fix.

    :raises ObservationError: if there is none, it is nowhere on Earth, or its variance cannot be.
    """
    if message.status.status < NavSatStatus.STATUS_FIX:
        raise ObservationError(f'navsat of {message.header.frame_id}: has no fix')
    latitude, longitude, altitude = message.latitude, message.longitude, message.altitude
    if not (abs(latitude) <= 90.0 and abs(longitude) <= 180.0 and math.isfinite(altitude)):
        raise ObservationError(
            f'navsat of {message.header.frame_id}: latitude {latitude}, longitude {longitude}, altitude {altitude}, '
            'expected up to 90 and 180 degrees either way and a finite altitude')
    variance_m2 = float(message.position_covariance[0])
    if not 0.0 <= variance_m2 < math.inf:
        raise ObservationError(
            f'navsat of {message.header.frame_id}: variance is {variance_m2}, expected a finite number, 0 or more')
    return NavSatFix(
        time_from_ros(message.header.stamp), message.header.frame_id, latitude, longitude, altitude,
        math.sqrt(variance_m2))


def navsat_to_ros(fix: NavSatFix) -> FixMessage:
    """Return a satellite fix as a message."""
    message = FixMessage(
        header=header(fix.stamp_s, fix.frame_id), latitude=fix.latitude_deg, longitude=fix.longitude_deg,
        altitude=fix.altitude_m, position_covariance_type=FixMessage.COVARIANCE_TYPE_APPROXIMATED)
    message.status.status = NavSatStatus.STATUS_FIX
    message.status.service = NavSatStatus.SERVICE_GPS
    covariance = message.position_covariance
    covariance[0] = covariance[4] = fix.deviation_m**2
    return message


def _vector(vector: Vector3) -> tuple[float, float, float]:
    return vector.x, vector.y, vector.z


def _vector_to_ros(vector: tuple[float, float, float]) -> Vector3:
    return Vector3(x=vector[0], y=vector[1], z=vector[2])


def battery_from_ros(message: BatteryMessage) -> BatteryState:
    """Return a battery's charge: of its capacity where it tells both, else its percentage.

    Gazebo's repaired battery (``fix_issue_225``) counts its percentage to 100, not to 1 as the message has it.

    :raises ObservationError: if the charge is not from 0 to 1.
    """
    tells_both = 0.0 < message.capacity < math.inf and math.isfinite(message.charge)
    share = message.charge / message.capacity if tells_both else message.percentage
    if not 0.0 <= share <= 1.0:
        what = 'charge over capacity' if tells_both else 'percentage'
        raise ObservationError(f'battery: {what} is {share}, expected from 0 to 1')
    return BatteryState(
        time_from_ros(message.header.stamp), share, message.voltage,
        _IS_CHARGING.get(message.power_supply_status))


def battery_to_ros(battery: BatteryState) -> BatteryMessage:
    """Return a battery's charge as a message."""
    status = next(status for status, is_charging in _IS_CHARGING.items() if is_charging is battery.is_charging)
    return BatteryMessage(
        header=header(battery.stamp_s, ''), percentage=battery.percentage, voltage=battery.voltage_v, present=True,
        power_supply_status=status)


def joint_positions_from_ros(message: JointState) -> JointPositions:
    """Return how joints stand; of a message without positions, none.

    :raises ObservationError: if there are not as many positions as names, or one is not finite.
    """
    if message.position and len(message.position) != len(message.name):
        raise ObservationError(
            f'joints: {len(message.name)} names and {len(message.position)} positions, expected as many of both')
    return JointPositions(
        time_from_ros(message.header.stamp), dict(zip(message.name, message.position, strict=False)))


def joint_positions_to_ros(joints: JointPositions) -> JointState:
    """Return how joints stand as a message."""
    return JointState(
        header=header(joints.stamp_s, ''), name=list(joints.positions_rad),
        position=[float(position_rad) for position_rad in joints.positions_rad.values()])

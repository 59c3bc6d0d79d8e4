"""Messages to the model and back, in pairs: ``x_from_ros`` and ``x_to_ros``."""

from lepatrol.ros.conversions.alerts import (
    alert_markers_to_ros,
    alerts_from_ros,
    alerts_to_ros,
    picture_to_ros,
    tracks_to_ros,
)
from lepatrol.ros.conversions.cases import cases_from_ros, cases_to_ros
from lepatrol.ros.conversions.clouds import cloud_from_ros, cloud_to_ros
from lepatrol.ros.conversions.complaints import complaints_from_ros, complaints_to_ros
from lepatrol.ros.conversions.frames import transform_from_ros, transform_to_ros
from lepatrol.ros.conversions.maps import map_from_ros, map_to_ros
from lepatrol.ros.conversions.poses import (
    MAP,
    path_to_ros,
    point2_from_ros,
    pose2_from_ros,
    pose3_from_ros,
    pose3_to_ros,
    twist_from_ros,
    twist_to_ros,
    waypoints_from_ros,
    waypoints_to_ros,
)
from lepatrol.ros.conversions.reports import (
    diagnostics_to_ros,
    feedback_from_ros,
    feedback_to_ros,
    goal_from_ros,
    goal_to_ros,
    mission_status_from_ros,
    mission_status_to_ros,
)
from lepatrol.ros.conversions.sensors import (
    battery_from_ros,
    battery_to_ros,
    camera_info_from_ros,
    camera_info_to_ros,
    image_from_ros,
    image_to_ros,
    imu_from_ros,
    imu_to_ros,
    joint_positions_from_ros,
    joint_positions_to_ros,
    jpeg_to_ros,
    navsat_from_ros,
    navsat_to_ros,
    odometry_from_ros,
    odometry_to_ros,
    pose_estimate_from_ros,
    pose_estimate_to_ros,
    rgb_from_ros,
    scan_from_ros,
    scan_to_ros,
    true_pose_from_ros,
)
from lepatrol.ros.conversions.times import time_from_ros, time_to_ros
from lepatrol.ros.conversions.zones import live_zones_from_ros, live_zones_to_ros, zone_markers_to_ros

__all__ = [
    'MAP', 'alert_markers_to_ros', 'alerts_from_ros', 'alerts_to_ros', 'battery_from_ros', 'battery_to_ros',
    'camera_info_from_ros', 'camera_info_to_ros', 'cases_from_ros', 'cases_to_ros', 'cloud_from_ros', 'cloud_to_ros',
    'complaints_from_ros', 'complaints_to_ros', 'diagnostics_to_ros', 'feedback_from_ros', 'feedback_to_ros',
    'goal_from_ros', 'goal_to_ros', 'image_from_ros', 'image_to_ros', 'imu_from_ros', 'imu_to_ros',
    'joint_positions_from_ros', 'joint_positions_to_ros', 'jpeg_to_ros', 'live_zones_from_ros', 'live_zones_to_ros',
    'map_from_ros', 'map_to_ros', 'mission_status_from_ros', 'mission_status_to_ros', 'navsat_from_ros',
    'navsat_to_ros', 'odometry_from_ros', 'odometry_to_ros', 'path_to_ros', 'picture_to_ros', 'point2_from_ros',
    'pose2_from_ros', 'pose3_from_ros', 'pose3_to_ros', 'pose_estimate_from_ros', 'pose_estimate_to_ros',
    'rgb_from_ros', 'scan_from_ros', 'scan_to_ros', 'time_from_ros', 'time_to_ros', 'tracks_to_ros',
    'transform_from_ros', 'transform_to_ros', 'true_pose_from_ros', 'twist_from_ros', 'twist_to_ros',
    'waypoints_from_ros', 'waypoints_to_ros', 'x_from_ros', 'x_to_ros', 'zone_markers_to_ros',
]

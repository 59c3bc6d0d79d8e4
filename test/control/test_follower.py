import math

import numpy as np
import pytest

from lepatrol.control.follower import PathFollower
from lepatrol.control.track import Track
from lepatrol.model.geometry import Pose2, Pose3, Twist
from lepatrol.model.observation import Odometry, PoseEstimate
from lepatrol.sensing.localisation import PoseFusion
from lepatrol.settings.navigation import FollowerSettings
from lepatrol.settings.robot import RobotSettings

PERIOD_S = 0.05
TUNING = FollowerSettings()


def drive(path, start, yaw=None, seconds=60.0):
    """Return the poses and twists of a robot that obeys at once, and whether it arrived."""
    follower, track = PathFollower(TUNING, RobotSettings()), Track(np.array(path, dtype=float))
    follower.begin(yaw)
    pose, twist, log = start, Twist(), []
    for _ in range(round(seconds / PERIOD_S)):
        following = follower.update(track, pose, twist.linear_x_m_s, math.inf)
        twist = following.twist
        log.append((pose, twist))
        if following.reached:
            return log, True
        pose = pose.compose(Pose2(twist.linear_x_m_s * PERIOD_S, 0.0, twist.angular_z_rad_s * PERIOD_S))
    return log, False


def test_a_heading_far_off_is_turned_to_on_the_spot():
    log, reached = drive([(0, 0), (5, 0)], Pose2(0.0, 0.0, math.pi))
    assert reached
    turning = [pose for pose, twist in log if twist.linear_x_m_s == 0.0 and twist.angular_z_rad_s]
    assert len(turning) > 10
    assert max(math.hypot(pose.x_m, pose.y_m) for pose in turning) < 0.01


def test_corners_are_hardly_cut_and_driven_slower():
    log, reached = drive([(0, 0), (6, 0), (6, 6)], Pose2(0.0, 0.0))
    assert reached
    off = [min(abs(pose.y_m) if pose.x_m <= 6.0 else math.hypot(pose.x_m - 6.0, pose.y_m), abs(pose.x_m - 6.0))
           for pose, _ in log]
    assert max(off) < 0.25
    at_corner = [twist.linear_x_m_s for pose, twist in log if math.hypot(pose.x_m - 6.0, pose.y_m) < 0.2]
    assert min(at_corner) < 0.7
    assert max(twist.linear_x_m_s for _, twist in log) == pytest.approx(TUNING.cruise_speed_m_s)


def test_the_goal_is_approached_slower_and_faced_as_asked():
    log, reached = drive([(0, 0), (4, 0)], Pose2(0.0, 0.0), yaw=-2.0)
    assert reached
    assert math.hypot(log[-1][0].x_m - 4.0, log[-1][0].y_m) <= TUNING.position_tolerance_m
    assert log[-1][0].yaw_rad == pytest.approx(-2.0, abs=TUNING.yaw_tolerance_rad)
    assert max(twist.linear_x_m_s for pose, twist in log if pose.x_m > 3.75) < 0.7


@pytest.mark.parametrize('path', [[(1.0, 1.0)], [(1.0, 1.0), (1.0, 1.0)]])
def test_a_path_of_one_point_is_driven_to(path):
    log, reached = drive(path, Pose2(0.5, 0.7, 2.0))
    assert reached
    assert math.hypot(log[-1][0].x_m - 1.0, log[-1][0].y_m - 1.0) <= TUNING.position_tolerance_m


def test_a_path_that_passes_itself_is_walked_in_order():
    _, reached = drive([(0, 0), (4, 0), (4, 0.4), (0, 0.4), (0, 4)], Pose2(0.0, 0.0))
    log, _ = drive([(0, 0), (4, 0), (4, 0.4), (0, 0.4), (0, 4)], Pose2(0.0, 0.0))
    assert reached
    assert max(pose.x_m for pose, _ in log) > 3.8


def test_fusion_is_calmer_than_the_pose_and_follows_odometry_between_poses():
    random, fusion = np.random.default_rng(3), PoseFusion()
    errors, raw = [], []
    for step in range(400):
        now, x = step * PERIOD_S, step * PERIOD_S * 1.0
        fusion.add_odometry(Odometry(now, Pose3.from_rpy(5.0, -x, yaw_rad=-math.pi / 2), Twist(1.0)))
        dx, dy, turn = random.normal(0.0, (0.02, 0.02, 0.005))
        fusion.add_pose(PoseEstimate(now, 'map', Pose3.from_rpy(x + dx, dy, yaw_rad=turn), 0.02, 0.005))
        if step > 50:
            errors.append(fusion.pose.yaw_rad)
            raw.append(turn)
            assert fusion.pose.distance_m(Pose2(x, 0.0)) < 0.05
    assert np.std(errors) < 0.5 * np.std(raw)
    fusion.add_odometry(Odometry(20.1, Pose3.from_rpy(5.0, -20.45, yaw_rad=-math.pi / 2), Twist(1.0)))
    assert fusion.pose.x_m == pytest.approx(20.45, abs=0.05)


def test_a_robot_that_was_carried_away_is_believed_where_it_is():
    fusion = PoseFusion()
    for now, x in ((0.0, 0.0), (0.1, 0.0), (0.2, 30.0)):
        fusion.add_odometry(Odometry(now, Pose3(), Twist()))
        fusion.add_pose(PoseEstimate(now, 'map', Pose3.from_rpy(x), 0.02, 0.005))
    assert fusion.pose.x_m == pytest.approx(30.0)
    assert not fusion.add_pose(PoseEstimate(0.3, 'map', Pose3((math.nan, 0.0, 0.0))))

import math

import numpy as np
import pytest

from lepatrol.control.avoidance import LoneReturns, ObstacleMemory, ScanReader, in_the_way, speed_share
from lepatrol.control.track import Track
from lepatrol.model.geometry import Pose2, Pose3
from lepatrol.model.observation import LaserScan
from lepatrol.settings.navigation import AvoidanceSettings


def scan(ranges, low=0.1):
    ranges = np.array(ranges, dtype=np.float32)
    return LaserScan(1.0, 'lidar', -math.pi, 2.0 * math.pi / max(len(ranges), 1), low, 10.0, ranges)


def test_points_are_placed_by_the_sensors_pose():
    # Beams point back, right, ahead and left of a sensor that is turned to the left and mounted ahead.
    sweep = ScanReader(0.4).read(scan([1.0, 2.0, 3.0, math.inf]), Pose3.from_rpy(0.2, 0.0, 0.4, yaw_rad=math.pi / 2))
    assert sweep.points_m == pytest.approx(np.array([[0.2, -1.0], [2.2, 0.0], [0.2, 3.0]]), abs=1e-6)
    assert sweep.ahead_gap_m == pytest.approx(1.8)
    assert sweep.behind_gap_m == math.inf


def test_a_scan_upside_down_is_mirrored():
    sweep = ScanReader(0.4).read(scan([math.inf, 2.0, math.inf, math.inf]), Pose3.from_rpy(roll_rad=math.pi))
    assert sweep.points_m == pytest.approx(np.array([[0.0, 2.0]]), abs=1e-6)


@pytest.mark.parametrize('ranges', [[], [math.nan] * 4, [0.01, math.nan, 0.0, 0.05]])
def test_a_scan_without_information_is_none(ranges):
    assert ScanReader(0.4).read(scan(ranges), Pose3()) is None


def test_nothing_in_range_is_information_and_minus_infinity_is_something_at_hand():
    assert ScanReader(0.4).read(scan([math.inf] * 4), Pose3()).ahead_gap_m == math.inf
    assert ScanReader(0.4).read(scan([math.nan, math.nan, -math.inf, math.nan]), Pose3()).ahead_gap_m < 0.0


def test_only_points_beside_the_coming_path_are_in_the_way():
    track = Track(np.array([[0.0, 0.0], [5.0, 0.0], [5.0, 5.0]]))
    points = np.array([[-0.3, 0.0], [3.0, 0.7], [5.4, 2.0], [4.0, 3.0], [5.0, 4.0]])
    found = in_the_way(points, track, 0.5, 20.0)
    assert (found.along_m, found.x_m, found.y_m) == pytest.approx((7.0, 5.4, 2.0))
    assert in_the_way(points, track, 0.5, 6.0) is None
    track.advance(5.0, 2.9)
    assert track.progress_m < 7.0
    assert in_the_way(np.zeros((0, 2)), track, 0.5, 6.0) is None


def test_speed_falls_from_the_slow_to_the_stop_distance():
    tuning = AvoidanceSettings(slow_distance_m=2.0, stop_distance_m=1.0)
    assert [speed_share(distance, tuning) for distance in (math.inf, 2.0, 1.5, 1.0, -0.1)] == [1.0, 1.0, 0.5, 0.0, 0.0]
    tuning = AvoidanceSettings(slow_distance_m=0.5, stop_distance_m=1.0)
    assert [speed_share(distance, tuning) for distance in (1.1, 0.7)] == [1.0, 0.0]


def test_memory_forgets_what_is_old_and_what_the_lidar_sees_through():
    memory = ObstacleMemory(10.0)
    memory.add(np.array([[2.0, 0.0]]), 1.0)
    memory.add(np.array([[0.0, 2.0]]), 9.0)
    assert len(memory.recall(9.0, None, None)) == 2
    seen = memory.recall(9.0, scan([1.0, 1.0, 6.0, 2.0]), Pose2(0.0, 0.0))
    assert seen.tolist() == [[0.0, 2.0]]
    assert memory.recall(12.0, None, None).tolist() == [[0.0, 2.0]]
    assert len(memory.recall(20.0, None, None)) == 0


def test_a_lone_return_far_away_counts_when_the_next_scan_has_it_too():
    lone = LoneReturns(1.2)
    robot = Pose2(5.0, 0.0)
    pole, drop = [7.0, 0.0], [8.0, 1.0]
    assert lone.drop(np.array([pole, drop]), robot, 1.0).tolist() == []
    assert lone.drop(np.array([[7.1, 0.1], [6.5, -2.0]]), robot, 1.1).tolist() == [[7.1, 0.1]]
    assert lone.drop(np.array([pole]), robot, 2.0).tolist() == [], 'the scan before is too old to bear it out'


def test_a_lone_return_at_hand_counts_at_once():
    assert LoneReturns(1.2).drop(np.array([[6.1, 0.0]]), Pose2(5.0, 0.0), 1.0).tolist() == [[6.1, 0.0]]


def test_returns_beside_each_other_count_at_once_and_across_the_ends_of_the_scan():
    robot = Pose2(0.0, 0.0)
    box = [[3.0, 0.0], [3.0, 0.1], [0.0, 6.0], [3.0, 0.2]]
    kept = [[3.0, 0.0], [3.0, 0.1], [3.0, 0.2]]
    assert LoneReturns(1.2).drop(np.array(box), robot, 1.0).tolist() == kept
    assert LoneReturns(1.2).drop(np.array([[3.0, 0.0], [0.0, 6.0], [-4.0, 0.0], [0.0, -6.0], [3.0, 0.2]]), robot, 1.0
                                 ).tolist() == [[3.0, 0.0], [3.0, 0.2]]
    assert LoneReturns(1.2).drop(np.zeros((0, 2)), robot, 1.0).tolist() == []

import math

import numpy as np
import pytest
from plan_world import PlanWorld, measure, pose_of, wrong

from lepatrol.perception.baseline import Baseline
from lepatrol.settings.lidar_anomaly import LidarAnomalySettings

CORNERS = [(-8.0, -5.0), (8.0, -5.0), (8.0, 6.0), (-8.0, 6.0)]
ROOM = PlanWorld([*zip(CORNERS, [*CORNERS[1:], CORNERS[0]], strict=True), ((2.0, 2.0), (4.0, 3.0))])
CORRIDOR = PlanWorld([((-60.0, -4.8), (60.0, -4.8)), ((-60.0, 4.8), (60.0, 4.8))])
BASELINE = Baseline(ROOM, LidarAnomalySettings())


def errors(comparison, truth):
    """Return how far a corrected pose is off along x and y and in heading."""
    off = np.subtract(comparison.pose.position_m, truth.position_m)[:2]
    return (*off.tolist(), comparison.pose.planar().yaw_rad - truth.planar().yaw_rad)


def test_a_pose_some_centimetres_and_a_degree_wrong_is_put_right():
    random = np.random.default_rng(1)
    for _ in range(40):
        truth = pose_of(*random.uniform((-5.0, -3.0, -3.0), (1.0, 4.0, 3.0)))
        comparison = BASELINE.compare(measure(ROOM, truth, random=random), wrong(truth, random))
        assert comparison.is_aligned
        assert np.abs(errors(comparison, truth)).max() < 0.02
        assert BASELINE.explains(comparison, np.flatnonzero(comparison.nearer)).all()
        assert np.count_nonzero(comparison.nearer) <= 1
        assert comparison.agreement > 0.98


@pytest.mark.parametrize(('shift', 'turn'), [((0.2, 0.0), 0.0), ((-0.1, 0.15), 0.05), ((0.0, 0.0), -0.065)])
def test_the_correction_leads_from_the_believed_to_the_corrected_pose(shift, turn):
    truth = pose_of(-2.0, 0.5, 0.7)
    believed = pose_of(-2.0 - shift[0], 0.5 - shift[1], 0.7 - turn)
    comparison = BASELINE.compare(measure(ROOM, truth), believed)
    assert comparison.is_aligned
    assert (comparison.correction.x_m, comparison.correction.y_m) == pytest.approx(shift, abs=0.01)
    assert comparison.correction.yaw_rad == pytest.approx(turn, abs=0.003)
    assert np.abs(errors(comparison, truth)).max() < 0.01


@pytest.mark.parametrize('believed', [pose_of(0.6, 0.0), pose_of(0.0, -0.4), pose_of(0.0, 0.0, 0.12)])
def test_a_pose_wrong_by_more_than_the_bounds_is_left_and_not_trusted(believed):
    comparison = BASELINE.compare(measure(ROOM, pose_of(0.0, 0.0)), believed)
    assert not comparison.is_aligned
    assert comparison.pose == believed
    assert (comparison.correction.x_m, comparison.correction.y_m, comparison.correction.yaw_rad) == (0.0, 0.0, 0.0)


def test_along_a_corridor_nothing_is_corrected():
    baseline = Baseline(CORRIDOR, LidarAnomalySettings())
    truth = pose_of(0.0, 1.0, 0.2)
    comparison = baseline.compare(
        measure(CORRIDOR, truth, random=np.random.default_rng(2)), pose_of(0.12, 1.1, 0.22))
    along, across, turn = errors(comparison, truth)
    assert comparison.is_aligned
    assert along == pytest.approx(0.12, abs=0.01)
    assert abs(across) < 0.01
    assert abs(turn) < 0.002


def test_people_around_the_robot_do_not_pull_it_away():
    random = np.random.default_rng(3)
    people = [((1.5, 1.0), 0.25), ((-1.5, 0.6), 0.25), ((0.3, -1.7), 0.25), ((-2.0, 5.4), 0.25), ((7.4, -1.0), 0.25)]
    truth = pose_of(0.0, 0.0, 1.0)
    for _ in range(10):
        comparison = BASELINE.compare(measure(ROOM.with_things(*people), truth, random=random), wrong(truth, random))
        assert comparison.is_aligned
        assert np.abs(errors(comparison, truth)).max() < 0.02


def test_a_tilted_lidar_is_turned_about_the_vertical_alone():
    truth = pose_of(0.0, 0.0).compose(pose_of(0.0, 0.0, 0.0).from_rpy(pitch_rad=0.03))
    comparison = BASELINE.compare(measure(ROOM, truth), pose_of(0.05, 0.0).compose(truth.from_rpy(pitch_rad=0.03)))
    assert comparison.pose.rpy_rad[1] == pytest.approx(0.03, abs=1e-3)
    assert comparison.pose.position_m[2] == pytest.approx(truth.compose(pose_of(0, 0)).position_m[2], abs=0.6)
    assert comparison.is_aligned


def test_where_too_little_is_in_sight_the_pose_stays_as_believed():
    comparison = Baseline(PlanWorld(rounds=[((5.0, 0.0), 0.3)]), LidarAnomalySettings()).compare(
        measure(PlanWorld(), pose_of(0.0, 0.0)), pose_of(0.1, 0.0))
    assert not comparison.is_aligned
    assert not comparison.out_of_bounds
    assert comparison.pose == pose_of(0.1, 0.0)


def test_what_is_expected_after_a_small_correction_is_what_new_rays_would_tell():
    truth = pose_of(-2.0, 0.5, 0.7)
    comparison = BASELINE.compare(measure(ROOM, truth), pose_of(-2.04, 0.53, 0.69))
    exact = measure(ROOM, truth).ranges_m
    smooth = np.abs(np.diff(exact, prepend=exact[-1])) + np.abs(np.diff(exact, append=exact[0])) < 0.5
    assert np.abs(comparison.expected_m - exact)[smooth].max() < 0.1
    inside = (comparison.lowest_m < exact + 0.1) & (comparison.highest_m > exact - 0.1)
    assert inside.all()
    assert math.isfinite(comparison.agreement)

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from object_views import LIDAR_M, box_points, cylinder_points, ellipsoid_points, views_round

from lepatrol.model.geometry import Pose2
from lepatrol.model.inspection import ObjectShape, ObjectView
from lepatrol.perception.movement import moved_m
from lepatrol.perception.object_study import estimate_of
from lepatrol.perception.solid_fit import fit_solid
from lepatrol.perception.solids import BOX, CYLINDER, SOFT

TOLERATED_M = 0.05


def close(measured, true):
    return abs(measured.value - true) <= max(TOLERATED_M, 0.15 * true)


@settings(max_examples=8, deadline=None)
@given(length=st.floats(0.3, 0.9), share=st.floats(0.6, 1.0), height=st.floats(0.2, 0.49), yaw=st.floats(0.0, 3.1),
       seed=st.integers(0, 99))
def test_a_box_is_measured_whatever_the_poses_err_by(length, share, height, yaw, seed):
    points = box_points(2.0, -1.0, yaw, length, share * length, height)
    estimate = estimate_of(views_round(points, (2.0, -1.0), rng=np.random.default_rng(seed)), (2.1, -1.1), 0.4)
    assert estimate.shape is ObjectShape.BOX
    assert close(estimate.length_m, length)
    assert close(estimate.width_m, share * length)
    assert close(estimate.height_m, height)
    assert math.dist(estimate.position_m, (2.0, -1.0)) < 0.1
    assert estimate.volume_m3.value == pytest.approx(share * length**2 * height, rel=0.35)


@pytest.mark.parametrize(('radius', 'height'), [(0.15, 0.45), (0.3, 0.3)])
def test_a_round_thing_is_a_cylinder(radius, height):
    views = views_round(cylinder_points(0.0, 0.0, radius, height), (0.0, 0.0), rng=np.random.default_rng(1))
    estimate = estimate_of(views, (0.1, 0.1), 0.4)
    assert estimate.shape is ObjectShape.CYLINDER
    assert close(estimate.length_m, 2.0 * radius)
    assert estimate.length_m == estimate.width_m
    assert close(estimate.height_m, height)


def test_a_soft_thing_is_a_bag_with_less_volume_than_a_box():
    views = views_round(ellipsoid_points(0.0, 0.0, 0.4, (0.35, 0.2, 0.2)), (0.0, 0.0), rng=np.random.default_rng(2))
    estimate = estimate_of(views, (0.1, 0.0), 0.4)
    assert estimate.shape is ObjectShape.BAG
    assert close(estimate.length_m, 0.7)
    assert close(estimate.width_m, 0.4)
    assert close(estimate.height_m, 0.4)
    sides = estimate.length_m.value * estimate.width_m.value * estimate.height_m.value
    assert 0.4 * sides < estimate.volume_m3.value < 0.9 * sides


def test_what_hardly_rises_above_the_ground_is_flat():
    points = box_points(0.0, 0.0, 0.2, 0.5, 0.4, 0.05)
    assert estimate_of(views_round(points, (0.0, 0.0), away_m=3.5), (0.0, 0.0), 0.4).shape is ObjectShape.FLAT


def test_one_picture_that_shows_something_else_as_well_does_not_spoil_the_rest():
    points = box_points(0.0, 0.0, 0.5, 0.5, 0.35, 0.4)
    views = views_round(points, (0.0, 0.0), rng=np.random.default_rng(4))
    outline = views[2].outline
    person = tuple((column, row - 60.0 if row < 165.0 else row) for column, row in outline.hull_px)
    views[2] = dataclasses.replace(views[2], outline=dataclasses.replace(outline, hull_px=person))
    estimate = estimate_of(views, (0.0, 0.0), 0.4)
    assert close(estimate.length_m, 0.5)
    assert close(estimate.height_m, 0.4)


def test_lidar_returns_alone_give_a_footprint_and_no_height():
    rng = np.random.default_rng(5)
    views = []
    for number in range(8):
        bearing = math.pi / 4.0 * number
        turns = bearing + np.linspace(-1.2, 1.2, 7)
        points = 0.3 * np.stack([np.cos(turns), np.sin(turns)], axis=1) + rng.normal(0.0, 0.01, (7, 2))
        views.append(ObjectView(
            'drum', number, float(number), Pose2(5.0, 0.0), lidar_m=tuple(map(tuple, points.tolist())),
            lidar_height_m=LIDAR_M))
    estimate = estimate_of(views, (0.1, 0.1), 0.4)
    assert close(estimate.length_m, 0.6)
    assert close(estimate.width_m, 0.6)
    assert estimate.height_m is None
    assert estimate.volume_m3 is None


def test_nothing_seen_is_nothing_known():
    view = ObjectView('bag', 1, 0.0, Pose2(5.0, 0.0))
    assert fit_solid([view], (0.0, 0.0), 0.4) is None
    assert estimate_of([view], (0.0, 0.0), 0.4) is None
    assert estimate_of([], (0.0, 0.0), 0.4) is None


def test_more_viewpoints_make_it_surer():
    points = box_points(0.0, 0.0, 0.5, 0.6, 0.35, 0.4)
    views = views_round(points, (0.0, 0.0), rng=np.random.default_rng(6), count=8)
    few, many = estimate_of(views[:2], (0.0, 0.0), 0.4), estimate_of(views, (0.0, 0.0), 0.4)
    assert many.length_m.deviation + many.width_m.deviation < few.length_m.deviation + few.width_m.deviation
    assert many.viewpoints == tuple(range(1, 9))


def test_a_thing_that_is_carried_away_meanwhile_has_moved_and_one_that_stays_has_not():
    here, there = (box_points(x, 0.0, 0.3, 0.5, 0.4, 0.4) for x in (0.0, 1.2))
    rng = np.random.default_rng(7)
    before, after = (views_round(points, (0.0, 0.0), rng=rng, count=8) for points in (here, there))
    stays = moved_m([view.outline for view in before], 0.3)
    assert not stays.exceeds(0.1, sigmas=3.0)
    goes = moved_m([view.outline for view in (*before[::2], *after[::2])], 0.3)
    assert goes.exceeds(0.1, sigmas=3.0)
    assert goes.value == pytest.approx(1.2, abs=0.35)
    assert moved_m([before[0].outline], 0.3) is None


@pytest.mark.parametrize(('solid', 'numbers'), [
    (BOX, [0.2, 0.1, 0.4, 0.6, 0.3, 0.5]), (CYLINDER, [0.2, 0.1, 0.3, 0.5]),
    (SOFT, [0.2, 0.1, 0.4, 0.6, 0.3, 0.5, 0.4])])
def test_a_solids_outline_is_where_its_distance_is_zero(solid, numbers):
    numbers = np.array(numbers)
    footprint = solid.footprint(numbers)
    half = numbers[-1] / 2.0
    assert np.abs(solid.off_outline(numbers, footprint, half)).max() < 0.02
    assert (solid.off_outline(numbers, (footprint + numbers[:2]) / 2.0, half) < -0.05).all()
    assert (solid.off_outline(numbers, footprint + 3.0 * (footprint - numbers[:2]), half) > 0.1).all()
    surface = solid.surface(numbers, 0.02)
    assert surface[:, 2].min() == pytest.approx(0.02)
    assert surface[:, 2].max() == pytest.approx(numbers[-1])
    assert 0.5 < solid.fills(numbers) <= 1.0

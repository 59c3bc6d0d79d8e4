"""Intervals agree with published values, and figures with what the runs say."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from outcomes import a_false_alarm, a_subject, an_outcome

from lepatrol.evaluation.statistics import bootstrap, fairness_of, figures_of, garwood, mean, p50, p95, wilson


@pytest.mark.parametrize(('found', 'expected', 'low', 'high'), [
    (81, 263, 0.2553, 0.3662),       # Newcombe (1998), table I, method 3
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0, 0.1611),
    (1, 29, 0.0061, 0.1718),
    (29, 29, 1.0 - 0.1170, 1.0)])
def test_wilsons_interval_agrees_with_newcombe(found, expected, low, high):
    estimate = wilson(found, expected)
    assert estimate.value == found / expected
    assert estimate.interval == pytest.approx((low, high), abs=6e-5)


@pytest.mark.parametrize(('count', 'low', 'high'), [
    (0, 0.0, 3.689), (1, 0.0253, 5.572), (3, 0.6187, 8.767), (10, 4.795, 18.39), (50, 37.11, 65.92)])
def test_garwoods_interval_agrees_with_the_tables(count, low, high):
    assert garwood(count).interval == pytest.approx((low, high), rel=2e-3)


def test_a_rate_per_hour_is_over_the_hours():
    estimate = garwood(2, 4.0)
    assert estimate.value == 0.5
    assert estimate.interval == pytest.approx((0.2422 / 4.0, 7.2247 / 4.0), rel=1e-3)


@given(st.integers(0, 500), st.integers(0, 500))
def test_wilsons_interval_holds_its_rate(found, more):
    estimate = wilson(found, found + more)
    if found + more == 0:
        assert estimate.value is None
        assert estimate.interval is None
    else:
        low, high = estimate.interval
        assert 0.0 <= low <= estimate.value + 1e-12
        assert estimate.value - 1e-12 <= high <= 1.0


def test_what_cannot_be_is_refused():
    for call in (lambda: wilson(3, 2), lambda: wilson(-1, 2), lambda: garwood(-1)):
        with pytest.raises(ValueError, match=r'-?\d'):
            call()


def test_nothing_tells_nothing():
    assert bootstrap([], p50).value is None
    assert bootstrap([None, math.nan], p50).value is None
    assert garwood(0, 0.0).value is None
    assert bootstrap([2.0], p50).interval is None


def test_the_bootstrap_is_drawn_alike_every_time_and_holds_the_true_median():
    values = np.random.default_rng(3).normal(5.0, 1.0, 200).tolist()
    first, second = bootstrap(values, p50), bootstrap(values, p50)
    assert first == second
    low, high = first.interval
    assert low < 5.0 < high
    assert high - low < 0.6


def test_figures_sum_up_the_good_runs_and_count_the_failed():
    figures = figures_of([
        an_outcome(seed=1, subjects=(a_subject(time_s=1.0, error_m=0.1), a_subject('bag', found=False))),
        an_outcome(seed=2, subjects=(a_subject(time_s=3.0, error_m=0.3), a_subject('hidden', in_view_s=None)),
                   false_alarms=(a_false_alarm(),), waypoints_missed=1, collisions=2, duration_s=240.0),
        an_outcome(seed=3, error='broken', subjects=(a_subject(),), collisions=9)])
    assert (figures.runs, figures.failed, figures.expected, figures.found) == (3, 1, 3, 2)
    assert figures.detection_rate.value == pytest.approx(2 / 3)
    assert figures.time_to_alert_p50_s.value == 2.0
    assert figures.time_to_alert_p95_s.value == pytest.approx(2.9)
    assert figures.localisation_error_mean_m.value == pytest.approx(0.2)
    assert figures.patrol_hours == pytest.approx(0.1)
    assert figures.false_alarms_per_hour.value == pytest.approx(10.0)
    assert (figures.waypoints_missed.value, figures.collisions.value) == (1, 2)
    assert figures.realtime_factor.value == pytest.approx((12.0 + 24.0) / 2.0)


def test_figures_of_no_good_run_are_unknown_and_not_zero():
    figures = figures_of([an_outcome(error='broken')])
    assert figures.detection_rate.value is None
    assert figures.collisions.value is None
    assert figures.false_alarms_per_hour.value is None


def test_looks_are_compared_over_those_that_came_into_view():
    def seen(clothing, found, **changes):
        return an_outcome(subjects=(a_subject(found=found, appearance={'clothing': clothing}, **changes),))
    outcomes = [seen('red', True)] * 3 + [seen('red', False)] + [seen('grey', True)] * 2
    outcomes += [seen('grey', False, in_view_s=None), an_outcome(error='x', subjects=seen('grey', False).subjects)]
    (fairness,) = fairness_of(outcomes)
    assert fairness.trait == 'clothing'
    assert [(look.value, look.found, look.expected) for look in fairness.looks] == [('grey', 2, 2), ('red', 3, 4)]
    assert fairness.max_difference_points == pytest.approx(25.0)


def test_one_look_alone_differs_from_nothing():
    (fairness,) = fairness_of([an_outcome(subjects=(a_subject(appearance={'size': 'small'}),))])
    assert fairness.max_difference_points is None


def test_percentiles_work_along_the_last_axis():
    sample = np.array([[1.0, 2.0, 3.0], [10.0, 20.0, 30.0]])
    assert p50(sample).tolist() == [2.0, 20.0]
    assert mean(sample).tolist() == [2.0, 20.0]
    assert p95(sample).tolist() == pytest.approx([2.9, 29.0])

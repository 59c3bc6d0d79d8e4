"""Simulated time keeps its pace against the wall clock, and makes good a little but no long pause."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lepatrol.ros.pace import Pace

STEP_S = 0.02


def run(pace, walls_s, step_s=STEP_S, simulated_s=0.0):
    """Step while a step is due, as the simulator does at each of the wall times; return the simulated time."""
    for wall_s in walls_s:
        while pace.is_due(simulated_s, wall_s):
            simulated_s += step_s
    return simulated_s


@given(speed=st.floats(0.1, 50.0), period_s=st.floats(0.001, 0.2), start_s=st.floats(0.0, 1e5))
def test_simulated_time_goes_at_its_speed_however_often_it_is_asked(speed, period_s, start_s):
    walls_s = [start_s + period_s * turn for turn in range(round(3.0 / period_s))]
    passed_s = run(Pace(speed), walls_s)
    wanted_s = (walls_s[-1] - walls_s[0]) * speed
    assert wanted_s - 1e-6 <= passed_s <= wanted_s + STEP_S + 1e-6


def test_the_first_step_is_due_at_once_and_the_next_when_its_time_has_come():
    pace = Pace(2.0)
    assert pace.is_due(0.0, 100.0)
    assert not pace.is_due(1.0, 100.4)
    assert pace.is_due(1.0, 100.5)


def test_without_a_speed_it_is_always_due():
    pace = Pace(0.0)
    assert all(pace.is_due(simulated_s, 0.0) for simulated_s in (0.0, 1.0, 1e6))


def test_a_short_pause_is_made_good():
    assert run(Pace(1.0), [0.0, 1.0 - 0.8, 0.4]) == pytest.approx(0.4, abs=STEP_S)


def test_a_long_pause_is_not_made_good_in_a_rush():
    pace = Pace(1.0)
    before_s = run(pace, [0.0, 0.1])
    after_s = run(pace, [10.0], simulated_s=before_s)
    assert after_s - before_s <= 0.25 + STEP_S
    # From there it goes on at its speed.
    assert run(pace, [10.1, 10.2], simulated_s=after_s) - after_s == pytest.approx(0.2, abs=1.5 * STEP_S)


def test_the_factor_is_that_of_the_time_since_it_was_last_asked():
    pace = Pace(1.0)
    assert pace.factor(0.0, 50.0) is None
    assert pace.factor(3.0, 51.0) == pytest.approx(3.0)
    assert pace.factor(4.0, 53.0) == pytest.approx(0.5)
    assert pace.factor(5.0, 53.0) is None

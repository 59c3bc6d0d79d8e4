import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lepatrol.perception.kalman import MotionBank, inverse_2x2
from lepatrol.settings.tracking import MotionSettings

ROW = np.array([0])
NO, YES = np.array([False]), np.array([True])


def bank_of(*places, deviation_m=0.1, **changed):
    bank = MotionBank(MotionSettings(**changed))
    bank.add(np.array(places, dtype=float), np.array([np.eye(2) * deviation_m ** 2] * len(places)), 0.0)
    return bank


def follow(bank, way, seconds, deviation_m=0.1, start_s=0.0):
    for step in range(1, round(seconds * 10.0) + 1):
        stamp = start_s + step / 10.0
        bank.predict(stamp, NO, NO)
        bank.update(ROW, np.array([way(stamp)]), np.eye(2)[None] * deviation_m ** 2, stamp)


def assert_sound(matrices):
    np.testing.assert_allclose(matrices, np.swapaxes(matrices, 1, 2), rtol=0.0, atol=1e-12)
    assert np.linalg.eigvalsh(matrices).min() > -1e-9


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.lists(st.tuples(st.floats(0.0, 3.0), st.floats(-3.0, 3.0), st.floats(-3.0, 3.0), st.floats(0.01, 3.0),
                          st.floats(0.01, 3.0), st.floats(0.0, math.pi), st.booleans(), st.floats(-0.2, 0.0)),
                min_size=1, max_size=25))
def test_covariances_stay_symmetric_and_positive(steps):
    bank = bank_of((0.0, 0.0))
    now = 0.0
    for span, x, y, along, across, turn, unseen, late in steps:
        now += span
        bank.predict(now, np.array([unseen]), NO)
        if not unseen:
            axes = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
            noise = axes @ np.diag([along ** 2, across ** 2]) @ axes.T
            bank.update(ROW, np.array([[x, y]]), noise[None], now + late)
        for matrices in (*bank.covariances(), bank.places()[1]):
            assert_sound(matrices)
        assert np.isfinite(bank.places()[0]).all()
        assert 0.0 < bank.moving_probability[0] < 1.0


@settings(derandomize=True, deadline=None, max_examples=40)
@given(st.floats(0.1, 5.0), st.floats(0.1, 5.0), st.floats(-0.09, 0.09))
def test_a_two_by_two_inverse_is_the_inverse(one, other, cross):
    matrix = np.array([[[one, cross], [cross, other]]])
    inverse, determinant = inverse_2x2(matrix)
    np.testing.assert_allclose(inverse[0] @ matrix[0], np.eye(2), atol=1e-9)
    assert determinant[0] == pytest.approx(np.linalg.det(matrix[0]))


def test_what_moves_steadily_is_known_to_move_at_its_velocity():
    bank = bank_of((0.0, 0.0))
    follow(bank, lambda after: (1.5 * after, -0.5 * after), 3.0)
    assert bank.moving_probability[0] > 0.95
    np.testing.assert_allclose(bank.velocities_m_s()[0], (1.5, -0.5), atol=0.1)


def test_what_stays_is_known_to_stand_and_becomes_exact():
    bank = bank_of((2.0, 1.0))
    follow(bank, lambda _: (2.0, 1.0), 3.0)
    assert bank.moving_probability[0] < 0.01
    assert bank.places()[1][0, 0, 0] < 0.05 ** 2


def test_in_doubt_two_filters_are_no_surer_than_their_spread():
    bank = bank_of((0.0, 0.0), moving_at_birth=0.5)
    follow(bank, lambda after: (3.0 * after, 0.0), 1.0)
    still, moving = bank.guesses(bank.stamps_s[0])
    share = moving[0][0]
    apart = still[1][0, 0] - moving[1][0, 0]
    expected = (1.0 - share) * still[2][0, 0, 0] + share * moving[2][0, 0, 0] + share * (1.0 - share) * apart ** 2
    assert bank.places()[1][0, 0, 0] == pytest.approx(expected)


def test_a_sighting_elongated_along_the_line_of_sight_corrects_across_it():
    bank = bank_of((10.0, 0.0), deviation_m=1.0)
    bank.update(ROW, np.array([[12.0, 1.0]]), np.diag([3.0 ** 2, 0.1 ** 2])[None], 0.0)
    (x, y), covariance = bank.places()[0][0], bank.places()[1][0]
    assert 10.0 < x < 10.5
    assert y == pytest.approx(1.0, abs=0.05)
    assert covariance[1, 1] < 0.02
    assert covariance[0, 0] > 0.5


def test_a_late_sighting_is_compared_with_where_the_thing_was():
    prompt, late = bank_of((0.0, 0.0)), bank_of((0.0, 0.0))
    for bank in (prompt, late):
        follow(bank, lambda after: (4.0 * after, 0.0), 2.0)
        bank.predict(2.1, NO, NO)
    prompt.update(ROW, np.array([[8.4, 0.0]]), np.eye(2)[None] * 0.01, 2.1)
    late.update(ROW, np.array([[8.4 - 0.04 * 4.0, 0.0]]), np.eye(2)[None] * 0.01, 2.06)
    np.testing.assert_allclose(late.places()[0], prompt.places()[0], atol=0.02)


def test_what_is_unseen_slows_down_and_its_uncertainty_grows_up_to_a_bound():
    bank = bank_of((0.0, 0.0), hidden_deviation_m=2.0)
    follow(bank, lambda after: (1.5 * after, 0.0), 3.0)
    deviations, speeds = [], []
    for step in range(1, 301):
        bank.predict(3.0 + step / 10.0, YES, NO)
        deviations.append(math.sqrt(bank.guesses(bank.stamps_s[0])[1][2][0, 0, 0]))
        speeds.append(float(bank.velocities_m_s()[0, 0]))
    assert deviations[0] < deviations[9] < deviations[19]
    assert max(deviations) <= 2.0 + 1e-9
    assert 1.5 > speeds[9] > speeds[29] > speeds[99]
    assert abs(speeds[-1]) < 0.05
    assert 3.0 < bank.places()[0][0, 0] < 4.5 + 1.5 * 5.0


def test_what_is_frozen_does_not_change_with_time():
    bank = bank_of((1.0, 2.0))
    before = [array.copy() for array in bank.places()]
    bank.predict(60.0, YES, YES)
    for one, other in zip(before, bank.places(), strict=True):
        np.testing.assert_array_equal(one, other)
    assert bank.stamps_s[0] == 60.0


def test_rows_are_kept_in_the_order_asked_for():
    bank = bank_of((0.0, 0.0), (1.0, 0.0), (2.0, 0.0))
    bank.keep(np.array([2, 0]))
    assert bank.places()[0][:, 0].tolist() == [2.0, 0.0]
    assert len(bank) == 2

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lepatrol.perception.assignment import assign, pair_costs


def brute_force(costs, limit):
    """Return the least sum of cost - limit over all ways to pair some rows with some columns."""
    rows, columns = costs.shape
    best = 0.0
    for count in range(1, min(rows, columns) + 1):
        for some in itertools.combinations(range(rows), count):
            for others in itertools.permutations(range(columns), count):
                best = min(best, sum(costs[row, column] - limit for row, column in zip(some, others, strict=True)))
    return best


@settings(derandomize=True, deadline=None, max_examples=60)
@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 10**6), st.floats(0.0, 1.0))
def test_the_assignment_is_the_best_of_all(rows, columns, seed, gated):
    random = np.random.default_rng(seed)
    costs = random.uniform(-5.0, 20.0, (rows, columns))
    costs[random.random(costs.shape) < gated] = np.inf
    pairs = assign(costs, 10.0)
    assert len({row for row, _ in pairs}) == len({column for _, column in pairs}) == len(pairs)
    assert sum(costs[pair] - 10.0 for pair in pairs) == pytest.approx(brute_force(costs, 10.0))


def test_what_costs_the_limit_or_more_is_left_alone():
    assert assign(np.array([[10.0, np.inf], [np.inf, 3.0]]), 10.0) == [(1, 1)]


def test_nothing_is_assigned_to_nothing():
    assert assign(np.zeros((0, 3)), 10.0) == []
    assert assign(np.zeros((3, 0)), 10.0) == []


def test_a_sighting_goes_to_the_track_that_expects_it_rather_than_to_one_that_expects_anything():
    covariances = np.array([np.eye(2) * 4.0, np.eye(2) * 0.01])
    guess = (np.ones(2), np.zeros((2, 2)), covariances)
    costs = pair_costs([guess], np.array([[0.2, 0.0]]), np.full((2, 1, 2, 2), np.eye(2) * 0.01), 13.8)
    assert costs[1, 0] < costs[0, 0] < np.inf


def test_an_unlikely_guess_opens_the_gate_and_costs_more():
    here = np.eye(2)[None] * 0.01
    standing = (np.array([0.999]), np.zeros((1, 2)), here)
    moving = (np.array([0.001]), np.array([[1.0, 0.0]]), here)
    noise = np.full((1, 1, 2, 2), np.eye(2) * 0.01)
    far, near = np.array([[1.0, 0.0]]), np.array([[0.0, 0.0]])
    assert pair_costs([standing], far, noise, 13.8)[0, 0] == np.inf
    assert pair_costs([standing, moving], near, noise, 13.8) < pair_costs([standing, moving], far, noise, 13.8) < np.inf

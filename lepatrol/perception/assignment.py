"""Which sighting is of which track: what cannot belong together is gated out, the rest is assigned optimally."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import linear_sum_assignment

from lepatrol.model.geometry import Floats
from lepatrol.perception.kalman import inverse_2x2


def pair_costs(
    guesses: Sequence[tuple[Floats, Floats, Floats]], positions_m: Floats, noise_m2: Floats, gate: float,
) -> Floats:
    """Return how badly each sighting fits each track, shape (tracks, sightings), ``inf`` outside the gate.

    Each of ``guesses`` says where all tracks may be: probabilities (n,), positions (n, 2) and covariances (n, 2, 2).
    ``noise_m2`` (n, m, 2, 2) is the covariance of each sighting's position, were it of that track. The cost is minus
    twice the logarithm of the likelihood over all guesses, up to a constant. It holds the logarithm of the
    covariance's determinant besides the squared Mahalanobis distance: without it a track that hardly knows where it
    is would fit everything best. ``gate`` bounds the distance from the nearest guess, however unlikely that guess is:
    who sets off must not lose his track for having stood long.
    """
    likelihood: Floats = np.zeros((len(guesses[0][0]), len(positions_m)))
    nearest: Floats = np.full(likelihood.shape, np.inf)
    for probabilities, places_m, covariances in guesses:
        inverse, determinant = inverse_2x2(covariances[:, None] + noise_m2)
        x = positions_m[None, :, 0] - places_m[:, None, 0]
        y = positions_m[None, :, 1] - places_m[:, None, 1]
        distance = inverse[..., 0, 0] * x * x + 2.0 * inverse[..., 0, 1] * x * y + inverse[..., 1, 1] * y * y
        likelihood += probabilities[:, None] * np.exp(-0.5 * distance) / np.sqrt(determinant)
        np.minimum(nearest, distance, out=nearest)
    return np.where(nearest <= gate, -2.0 * np.log(np.maximum(likelihood, 1e-30)), np.inf)


def assign(costs: Floats, limit: float) -> list[tuple[int, int]]:
    """Return pairs (row, column), each row and column once at most, that minimise the sum of ``cost - limit``.

    So a pair is worth making where it costs less than ``limit``, which is what leaving a row and a column alone costs.
    """
    if costs.size == 0:
        return []
    rows, columns = linear_sum_assignment(np.minimum(costs, limit))
    return [(int(row), int(column)) for row, column in zip(rows, columns, strict=True) if costs[row, column] < limit]

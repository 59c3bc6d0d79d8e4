"""The motion of many things at once: each stands or moves, and which of the two is estimated with the rest.

What moves follows the constant-velocity model with white-noise acceleration, what stands a slow random walk
(Bar-Shalom, Li and Kirubarajan 2001, "Estimation with Applications to Tracking and Navigation", sections 6.2.2 and
6.3.2). Both run side by side as an interacting multiple model estimator (Blom and Bar-Shalom 1988; ibid. section
11.6.6): one filter alone is either quick enough for a runner or calm enough for a standing person seen with noise.

Axes ``x, y`` are those of ``map``. States are (x, y, vx, vy), covariances to match.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lepatrol.model.geometry import Floats
from lepatrol.settings.tracking import MotionSettings

_SURE = 1e-5
"""Neither way of moving becomes less likely than this, so that a change of mind stays possible."""


class MotionBank:
    """The motion states of n things, in rows; all arithmetic is over all rows at once."""

    def __init__(self, settings: MotionSettings) -> None:
        """Start without things."""
        self._settings = settings
        self._still: Floats = np.zeros((0, 2))
        self._still_covariance: Floats = np.zeros((0, 2, 2))
        self._moving: Floats = np.zeros((0, 4))
        self._moving_covariance: Floats = np.zeros((0, 4, 4))
        self.moving_probability: Floats = np.zeros(0)
        self.stamps_s: Floats = np.zeros(0)
        self._places: tuple[Floats, Floats] | None = None

    def __len__(self) -> int:
        return len(self.stamps_s)

    def add(self, positions_m: Floats, covariances_m2: Floats, stamp_s: float) -> None:
        """Append things first seen at ``positions_m`` (k, 2) with ``covariances_m2`` (k, 2, 2)."""
        self._places = None
        count = len(positions_m)
        state, covariance = np.zeros((count, 4)), np.zeros((count, 4, 4))
        state[:, :2], covariance[:, :2, :2] = positions_m, covariances_m2
        covariance[:, 2:, 2:] = np.eye(2) * self._settings.start_speed_m_s ** 2
        self._still = np.concatenate([self._still, positions_m])
        self._still_covariance = np.concatenate([self._still_covariance, covariances_m2])
        self._moving = np.concatenate([self._moving, state])
        self._moving_covariance = np.concatenate([self._moving_covariance, covariance])
        self.moving_probability = np.append(self.moving_probability, np.full(count, self._settings.moving_at_birth))
        self.stamps_s = np.append(self.stamps_s, np.full(count, stamp_s))

    def keep(self, rows: NDArray[np.intp]) -> None:
        """Keep these rows alone, in this order."""
        self._places = None
        self._still, self._still_covariance = self._still[rows], self._still_covariance[rows]
        self._moving, self._moving_covariance = self._moving[rows], self._moving_covariance[rows]
        self.moving_probability, self.stamps_s = self.moving_probability[rows], self.stamps_s[rows]

    def copy_row(self, source: int, target: int) -> None:
        """Give one thing the motion of another."""
        self._places = None
        for array in (self._still, self._still_covariance, self._moving, self._moving_covariance,
                      self.moving_probability, self.stamps_s):
            array[target] = array[source]

    def predict(self, stamp_s: float, unseen: NDArray[np.bool_], frozen: NDArray[np.bool_]) -> None:
        """Carry all things on to ``stamp_s``; those that are there or later already stay as they are.

        ``unseen`` (n,) ones slow down and their uncertainty is bounded; ``frozen`` (n,) ones do not change.
        """
        spans = np.where(frozen, 0.0, np.maximum(stamp_s - self.stamps_s, 0.0))
        self.stamps_s = np.maximum(self.stamps_s, stamp_s)
        if not spans.any():
            return
        self._places = None
        self._mix(spans)
        self._move(spans, unseen)
        if unseen.any():
            self._bound(unseen)

    def update(self, rows: NDArray[np.intp], positions_m: Floats, covariances_m2: Floats, stamp_s: float) -> None:
        """Take in one sighting each (k, 2) for different rows (k,).

        Where a state is later than the sighting (a picture comes after its time), the state is compared as it was then
        by its own velocity.
        """
        self._places = None
        lags: Floats = (self.stamps_s[rows] - stamp_s)[:, None, None]
        state, covariance = self._moving[rows], self._moving_covariance[rows]
        gain_side = covariance[:, :, :2] - lags * covariance[:, :, 2:]
        spread = gain_side[:, :2] - lags * gain_side[:, 2:] + covariances_m2
        inverse, determinant = inverse_2x2(spread)
        error = positions_m - (state[:, :2] - lags[:, 0] * state[:, 2:])
        gain = gain_side @ inverse
        self._moving[rows] = state + (gain @ error[:, :, None])[:, :, 0]
        self._moving_covariance[rows] = _symmetric(covariance - gain @ np.swapaxes(gain_side, 1, 2))
        moving_misfit = _squared(error, inverse) + np.log(determinant)

        state, covariance = self._still[rows], self._still_covariance[rows]
        inverse, determinant = inverse_2x2(covariance + covariances_m2)
        error = positions_m - state
        gain = covariance @ inverse
        self._still[rows] = state + (gain @ error[:, :, None])[:, :, 0]
        self._still_covariance[rows] = _symmetric(covariance - gain @ covariance)
        still_misfit = _squared(error, inverse) + np.log(determinant)

        probability = self.moving_probability[rows]
        odds = np.log(probability / (1.0 - probability)) - 0.5 * (moving_misfit - still_misfit)
        self.moving_probability[rows] = np.clip(1.0 / (1.0 + np.exp(-np.clip(odds, -30.0, 30.0))), _SURE, 1.0 - _SURE)

    def velocities_m_s(self) -> Floats:
        """Return the expected velocities (n, 2)."""
        return np.asarray(self.moving_probability[:, None] * self._moving[:, 2:])

    def places(self) -> tuple[Floats, Floats]:
        """Return the expected positions (n, 2) and their covariances (n, 2, 2), over both ways of moving."""
        if self._places is None:
            self._places = _mixture(1.0 - self.moving_probability, self._still, self._still_covariance,
                                    self.moving_probability, self._moving[:, :2], self._moving_covariance[:, :2, :2])
        return self._places

    def guesses(self, stamp_s: float) -> tuple[tuple[Floats, Floats, Floats], tuple[Floats, Floats, Floats]]:
        """Return where each thing was at ``stamp_s``, if it stands and if it moves.

        Each as probabilities (n,), positions (n, 2) and covariances (n, 2, 2).
        """
        lags = (self.stamps_s - stamp_s)[:, None]
        return ((1.0 - self.moving_probability, self._still, self._still_covariance),
                (self.moving_probability, self._moving[:, :2] - lags * self._moving[:, 2:],
                 self._moving_covariance[:, :2, :2]))

    def covariances(self) -> tuple[Floats, Floats]:
        """Return the covariances of what stands (n, 2, 2) and of what moves (n, 4, 4)."""
        return self._still_covariance, self._moving_covariance

    def _mix(self, spans_s: Floats) -> None:
        """Let what stands set off and what moves stop, as likely as ``spans_s`` (n,) make it."""
        starting = (1.0 - self.moving_probability) * (1.0 - np.exp(-spans_s / self._settings.starts_after_s))
        stopping = self.moving_probability * (1.0 - np.exp(-spans_s / self._settings.stops_after_s))
        moving = np.clip(self.moving_probability - stopping + starting, _SURE, 1.0 - _SURE)
        set_off, covariance = np.zeros_like(self._moving), np.zeros_like(self._moving_covariance)
        set_off[:, :2], covariance[:, :2, :2] = self._still, self._still_covariance
        covariance[:, 2:, 2:] = np.eye(2) * self._settings.start_speed_m_s ** 2
        started, stopped = np.minimum(starting / moving, 1.0), np.minimum(stopping / (1.0 - moving), 1.0)
        still = _mixture(1.0 - stopped, self._still, self._still_covariance,
                         stopped, self._moving[:, :2], self._moving_covariance[:, :2, :2])
        self._moving, self._moving_covariance = _mixture(
            1.0 - started, self._moving, self._moving_covariance, started, set_off, covariance)
        self._still, self._still_covariance = still
        self.moving_probability = moving

    def _move(self, spans_s: Floats, unseen: NDArray[np.bool_]) -> None:
        """Carry both models on by ``spans_s`` (n,); the velocity of what is unseen decays."""
        decay: Floats = np.where(unseen, np.exp(-spans_s / self._settings.hidden_slows_s), 1.0)[:, None, None]
        span = spans_s[:, None, None]
        reach: Floats = np.where(unseen[:, None, None], self._settings.hidden_slows_s * (1.0 - decay), span)
        noise = self._settings.acceleration_noise_m2_s3
        unit = np.eye(2)
        place, cross, velocity = (self._moving_covariance[:, :2, :2], self._moving_covariance[:, :2, 2:],
                                  self._moving_covariance[:, 2:, 2:])
        moved = np.empty_like(self._moving_covariance)
        moved[:, :2, :2] = (place + reach * (cross + np.swapaxes(cross, 1, 2)) + reach ** 2 * velocity
                            + noise * span ** 3 / 3.0 * unit)
        moved[:, :2, 2:] = decay * (cross + reach * velocity) + noise * span ** 2 / 2.0 * unit
        moved[:, 2:, :2] = np.swapaxes(moved[:, :2, 2:], 1, 2)
        moved[:, 2:, 2:] = decay ** 2 * velocity + noise * span * unit
        self._moving_covariance = moved
        self._moving = np.concatenate([self._moving[:, :2] + reach[:, 0] * self._moving[:, 2:],
                                       decay[:, 0] * self._moving[:, 2:]], axis=1)
        self._still_covariance = self._still_covariance + self._settings.still_noise_m2_s * span * unit

    def _bound(self, unseen: NDArray[np.bool_]) -> None:
        """Shrink the covariances of unseen things whose place has become too uncertain."""
        limit = self._settings.hidden_deviation_m ** 2
        for covariance in (self._still_covariance, self._moving_covariance):
            largest = np.maximum(covariance[:, 0, 0], covariance[:, 1, 1])
            covariance[unseen] *= np.minimum(limit / np.maximum(largest[unseen], limit), 1.0)[:, None, None]


def inverse_2x2(matrices: Floats) -> tuple[Floats, Floats]:
    """Return the inverses (..., 2, 2) and the determinants (...) of symmetric matrices (..., 2, 2)."""
    determinant = matrices[..., 0, 0] * matrices[..., 1, 1] - matrices[..., 0, 1] * matrices[..., 1, 0]
    inverse = np.empty_like(matrices)
    inverse[..., 0, 0], inverse[..., 1, 1] = matrices[..., 1, 1], matrices[..., 0, 0]
    inverse[..., 0, 1], inverse[..., 1, 0] = -matrices[..., 0, 1], -matrices[..., 1, 0]
    inverse /= determinant[..., None, None]
    return inverse, determinant


def _mixture(
    left_share: Floats, left: Floats, left_covariance: Floats,
    right_share: Floats, right: Floats, right_covariance: Floats,
) -> tuple[Floats, Floats]:
    """Return the means (n, d) and covariances (n, d, d) of two Gaussians each, in shares (n,) that add up to 1."""
    mean = left_share[:, None] * left + right_share[:, None] * right
    apart = left - right
    covariance = (left_share[:, None, None] * left_covariance + right_share[:, None, None] * right_covariance
                  + (left_share * right_share)[:, None, None] * (apart[:, :, None] * apart[:, None, :]))
    return mean, covariance


def _squared(errors: Floats, inverses: Floats) -> Floats:
    """Return the squared Mahalanobis lengths (k,) of errors (k, 2)."""
    x, y = errors[:, 0], errors[:, 1]
    return np.asarray(inverses[:, 0, 0] * x * x + 2.0 * inverses[:, 0, 1] * x * y + inverses[:, 1, 1] * y * y)


def _symmetric(matrices: Floats) -> Floats:
    """Return matrices (k, d, d) without the asymmetry that rounding brought in."""
    return np.asarray(0.5 * (matrices + np.swapaxes(matrices, 1, 2)))

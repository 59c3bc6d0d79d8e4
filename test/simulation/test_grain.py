import numpy as np
import pytest

from lepatrol.simulation.description import Noise
from lepatrol.simulation.grain import add_grain


def grey(level=128, shape=(120, 160, 3)):
    return np.full(shape, level, dtype=np.uint8)


@pytest.mark.parametrize(('mean', 'stddev'), [(0.0, 0.005), (0.0, 0.02), (0.03, 0.01)])
def test_grain_has_the_mean_and_the_deviation_it_is_described_with(mean, stddev):
    noisy = add_grain(grey(), Noise(mean, stddev), np.random.default_rng(1)).astype(float)
    assert noisy.mean() - 128.0 == pytest.approx(255.0 * mean, abs=0.05)
    # Whole numbers alone add the deviation of rounding, 1/12 of a step squared.
    assert noisy.std() == pytest.approx(np.hypot(255.0 * stddev, 12**-0.5), rel=0.03)


def test_grain_is_cut_off_at_black_and_white():
    for level, allowed in ((0, (0, 30)), (255, (225, 255))):
        noisy = add_grain(grey(level), Noise(0.0, 0.02), np.random.default_rng(1))
        assert allowed[0] <= noisy.min() <= noisy.max() <= allowed[1]


def test_each_frame_has_grain_of_its_own_and_a_seed_repeats_it():
    generator = np.random.default_rng(5)
    first, second = (add_grain(grey(), Noise(0.0, 0.02), generator).astype(float) - 128.0 for _ in range(2))
    assert abs(np.corrcoef(first.ravel(), second.ravel())[0, 1]) < 0.02
    assert (add_grain(grey(), Noise(0.0, 0.02), np.random.default_rng(5)).astype(float) - 128.0 == first).all()


def test_the_picture_itself_is_left_as_it_was():
    picture = grey()
    add_grain(picture, Noise(0.0, 0.02), np.random.default_rng(1))
    assert (picture == 128).all()

"""Blocks hide what they cover and nothing else."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lepatrol.perception.pixelation import pixelated


def noise(height=48, width=64, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)


@given(height=st.integers(1, 70), width=st.integers(1, 70), size=st.integers(1, 200))
def test_a_block_holds_one_colour_and_is_at_least_as_large_as_asked(height, width, size):
    rgb = noise(height, width)
    masked = pixelated(rgb, np.full((height, width), size, np.uint8))
    assert masked.shape == rgb.shape
    step = next((step for step in (2, 4, 8, 16, 32, 64, 128) if step >= size), 128)
    for top in range(0, height, step):
        for left in range(0, width, step):
            block = masked[top:top + step, left:left + step]
            assert (block == block[0, 0]).all()


def test_a_block_has_the_mean_of_what_it_hides():
    rgb = noise()
    masked = pixelated(rgb, np.full((48, 64), 16, np.uint8))
    assert masked[5, 5] == pytest.approx(rgb[:16, :16].reshape(-1, 3).mean(axis=0), abs=1.0)


def test_what_is_not_asked_for_stays_and_the_picture_itself_is_left_alone():
    rgb, blocks = noise(), np.zeros((48, 64), np.uint8)
    blocks[10:30, 20:50] = 8
    before = rgb.copy()
    masked = pixelated(rgb, blocks)
    assert np.array_equal(masked[blocks == 0], rgb[blocks == 0])
    assert not (masked[blocks > 0] == rgb[blocks > 0]).all(axis=1).any()
    assert np.array_equal(rgb, before)
    assert masked is not rgb


def test_blocks_of_several_sizes_lie_on_one_grid():
    blocks = np.full((48, 64), 4, np.uint8)
    blocks[:, 32:] = 16
    masked = pixelated(noise(), blocks)
    edges = (masked[:, 1:] != masked[:, :-1]).any(axis=(0, 2))
    assert set(np.flatnonzero(edges) + 1) == {*range(4, 33, 4), 48}

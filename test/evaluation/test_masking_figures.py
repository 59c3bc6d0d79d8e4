"""Of rendered people before the prison's fences and walls no head is left, by day, by night and in fog."""

import pytest

from lepatrol.evaluation.masking import measure_site
from lepatrol.evaluation.masking_stage import shots


@pytest.fixture(scope='module')
def figures():
    return measure_site(frames=30, seed=11)


@pytest.mark.parametrize('way', ['foreground', 'band', 'scan'])
def test_no_head_is_left(figures, way):
    assert (figures[way].frames, figures[way].unmasked) == (30, 0)
    assert figures[way].heads > 30
    # Where blocks of two sizes meet on a head, there are more edges.
    assert figures[way].most_blocks <= (4.0 if way == 'foreground' else 3.0)


def test_a_scan_leaves_more_of_the_pictures_sharp(figures):
    assert figures['scan'].sharp_share > figures['foreground'].sharp_share > 0.15 > figures['band'].sharp_share


def test_the_truth_of_heads_is_of_the_size_of_heads_and_the_same_for_the_same_seed():
    first, second = list(shots('prison', 8, 3)), list(shots('prison', 2, 3))
    sizes = [head.sum() for shot in first for head in shot.heads]
    assert len(sizes) > 5
    assert 6 <= min(sizes) <= max(sizes) < 9000
    for one, other in zip(first[:2], second, strict=True):
        assert (one.rgb == other.rgb).all()
        assert one.pose == other.pose

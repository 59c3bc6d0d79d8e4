import numpy as np
import pytest

from lepatrol.model.inspection import ColourShare
from lepatrol.perception.colour_names import colours_in, mixed

WALL = (170, 170, 165)


def painted(*colours):
    """Return a picture with a patch of stripes, and the patch's mask."""
    rgb = np.full((60, 80, 3), WALL, dtype=np.uint8)
    mask = np.zeros((60, 80), dtype=bool)
    mask[10:50, 20:60] = True
    for number, colour in enumerate(colours):
        rgb[10:50, 20 + 40 * number // len(colours):20 + 40 * (number + 1) // len(colours)] = colour
    return rgb, mask


@pytest.mark.parametrize(('colour', 'name'), [
    ((20, 20, 22), 'black'), ((160, 25, 28), 'red'), ((90, 16, 16), 'red'), ((30, 50, 120), 'blue'),
    ((50, 90, 46), 'green'), ((116, 82, 50), 'brown'), ((216, 203, 178), 'beige'), ((240, 240, 238), 'white'),
    ((240, 215, 60), 'yellow')])
def test_a_colour_has_its_everyday_name_in_light_and_shadow(colour, name):
    assert colours_in(*painted(colour)) == (ColourShare(name, 1.0),)


def test_several_colours_are_told_by_their_shares():
    names = [colour.name for colour in colours_in(*painted((160, 25, 28), (160, 25, 28), (240, 240, 240)))]
    assert names == ['red', 'white']


def test_in_the_dark_and_in_nothing_no_colours_are_told():
    rgb, mask = painted((160, 25, 28))
    assert colours_in((rgb * 0.1).astype(np.uint8), mask) == ()
    assert colours_in(rgb, np.zeros_like(mask)) == ()


def test_views_that_show_no_colour_do_not_count():
    red, white = ColourShare('red', 1.0), ColourShare('white', 1.0)
    assert mixed([(red,), (), (red,)]) == (red,)
    assert mixed([(red,), (white,)]) == (ColourShare('red', 0.5), ColourShare('white', 0.5))
    assert mixed([]) == ()

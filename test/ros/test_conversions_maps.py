"""Maps survive the wire; those of probabilities become free, occupied and unknown; others are refused."""

import numpy as np
import pytest
from geometry_msgs.msg import Quaternion
from hypothesis import given
from hypothesis import strategies as st
from wire import NOT_FINITE, NUMBERS, STAMPS, over_the_wire

from lepatrol.model.errors import ObservationError
from lepatrol.model.occupancy import FREE, OCCUPIED, UNKNOWN, OccupancyMap
from lepatrol.ros import conversions

CELLS = st.tuples(st.integers(1, 12), st.integers(1, 12), st.integers(0, 2**32 - 1)).map(
    lambda given: np.random.default_rng(given[2]).choice(np.array([FREE, OCCUPIED, UNKNOWN], np.int8), given[:2]))


def map_message(cells=((FREE, OCCUPIED, UNKNOWN), (FREE, FREE, OCCUPIED))):
    return conversions.map_to_ros(OccupancyMap(np.array(cells, dtype=np.int8), 0.1, -3.0, -4.0), 0.0)


@given(cells=CELLS, resolution_m=st.integers(1, 100), origin=st.tuples(NUMBERS, NUMBERS), stamp_s=STAMPS)
def test_a_map_survives_the_wire(cells, resolution_m, origin, stamp_s):
    resolution_m /= 100
    message = over_the_wire(conversions.map_to_ros(OccupancyMap(cells, resolution_m, *origin), stamp_s))
    back = conversions.map_from_ros(message)
    assert np.array_equal(back.cells, cells)
    assert (back.resolution_m, back.origin_x_m, back.origin_y_m) == (resolution_m, *origin)
    assert (message.header.frame_id, message.info.map_load_time) == ('map', message.header.stamp)
    assert (message.info.width, message.info.height) == cells.shape[::-1]


@pytest.mark.parametrize(('values', 'meaning'), [
    ((-1, -128), UNKNOWN), ((0, 1, 19), FREE), ((20, 50, 65), UNKNOWN), ((66, 99, 100), OCCUPIED),
    ((101, 127), UNKNOWN),
], ids=['not known', 'hardly', 'perhaps', 'surely', 'no probability'])
def test_a_map_of_probabilities_is_read_with_the_thresholds_of_map_server(values, meaning):
    message = map_message([values])
    assert set(conversions.map_from_ros(over_the_wire(message)).cells.ravel().tolist()) == {meaning}


def test_a_map_in_another_frame_is_refused():
    message = map_message()
    message.header.frame_id = 'odom'
    with pytest.raises(ObservationError, match=r"map: is in frame 'odom', expected 'map'"):
        conversions.map_from_ros(over_the_wire(message))


@pytest.mark.parametrize('turn', [
    Quaternion(w=0.9, z=0.4), Quaternion(w=0.0, x=1.0), Quaternion(z=float('nan'))], ids=['z', 'x', 'nan'])
def test_a_map_that_is_turned_is_refused(turn):
    message = map_message()
    message.info.origin.orientation = turn
    with pytest.raises(ObservationError, match='map: its origin is turned, expected axes along those of the frame'):
        conversions.map_from_ros(over_the_wire(message))


@pytest.mark.parametrize(('field', 'value', 'words'), [
    ('width', 4, '6 cells, expected 4 x 2'), ('height', 1, '6 cells, expected 3 x 1'),
    ('width', 0, '6 cells, expected 0 x 2'),
])
def test_a_map_that_is_not_of_the_size_it_says_is_refused(field, value, words):
    message = map_message()
    setattr(message.info, field, value)
    with pytest.raises(ObservationError, match=f'map: {words}'):
        conversions.map_from_ros(over_the_wire(message))


def test_a_map_without_cells_is_refused():
    message = map_message()
    message.info.width = message.info.height = 0
    message.data = []
    with pytest.raises(ObservationError, match='map: 0 cells'):
        conversions.map_from_ros(over_the_wire(message))


@pytest.mark.parametrize('resolution_m', [0.0, -0.1, *NOT_FINITE])
def test_a_map_without_resolution_is_refused(resolution_m):
    message = map_message()
    message.info.resolution = resolution_m
    with pytest.raises(ObservationError, match=r'map: resolution is .* m, expected more than 0'):
        conversions.map_from_ros(over_the_wire(message))


@pytest.mark.parametrize('number', NOT_FINITE)
@pytest.mark.parametrize('axis', ['x', 'y'])
def test_a_map_that_begins_nowhere_is_refused(axis, number):
    message = map_message()
    setattr(message.info.origin.position, axis, number)
    with pytest.raises(ObservationError, match=f'map: its origin is .*{number}.*expected finite numbers'):
        conversions.map_from_ros(over_the_wire(message))

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lepatrol.model.errors import FileError
from lepatrol.model.occupancy import FREE, OCCUPIED, UNKNOWN, OccupancyMap
from lepatrol.planning.map_file import read_map, write_map


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 12), st.integers(1, 12), st.floats(0.01, 1.0), st.floats(-100.0, 100.0), st.integers(0, 2**31))
def test_a_map_comes_back_as_it_was_written(tmp_path_factory, rows, columns, resolution, origin, seed):
    cells = np.random.default_rng(seed).choice(np.array([FREE, OCCUPIED, UNKNOWN], dtype=np.int8), (rows, columns))
    description = write_map(OccupancyMap(cells, resolution, origin, -origin), tmp_path_factory.mktemp('m') / 'a.b')
    assert description.name == 'a.b.yaml'
    again = read_map(description)
    assert (again.cells == cells).all()
    assert (again.resolution_m, again.origin_x_m, again.origin_y_m) == (resolution, origin, -origin)


def test_the_picture_has_the_north_on_top_as_map_server_wants_it(tmp_path):
    cells = np.zeros((2, 3), dtype=np.int8)
    cells[1, 0] = OCCUPIED
    write_map(OccupancyMap(cells, 0.1, 0.0, 0.0), tmp_path / 'new' / 'map')
    assert (tmp_path / 'new/map.pgm').read_bytes() == b'P5\n3 2\n255\n' + bytes([0, 254, 254, 254, 254, 254])


@pytest.mark.parametrize(('old', 'new', 'words'), [
    ('trinary', 'raw', r'map\.yaml:2: mode: .*trinary'),
    ('resolution: 0.1', 'resolution: -1', r'map\.yaml:3: resolution: is -1'),
    ('resolution: 0.1', 'resolution: fine', 'resolution: is .*a finite number'),
    ('map.pgm', 'gone.pgm', 'image: picture .* cannot be read'),
    ('map.pgm', 'map.yaml', 'is not a complete picture'),
    ('negate: 0', 'negated: 0', "did you mean 'negate'"),
    ('free_thresh: 0.196', 'free_thresh: 0.9', 'less than occupied_thresh'),
])
def test_a_wrong_map_file_is_named_with_line_and_key(tmp_path, old, new, words):
    path = write_map(OccupancyMap(np.zeros((2, 3), dtype=np.int8), 0.1, 0.0, 0.0), tmp_path / 'map')
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))
    with pytest.raises(FileError, match=words):
        read_map(path)

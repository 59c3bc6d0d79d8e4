"""Point clouds survive the wire in any layout; what cannot be one is refused."""

import math
import struct
from array import array

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from sensor_msgs.msg import PointCloud2, PointField
from wire import STAMPS, TEXTS, over_the_wire

from lepatrol.model.errors import ObservationError
from lepatrol.model.observation import PointCloud
from lepatrol.ros import conversions

POINTS = arrays.arrays(np.float32, st.tuples(st.integers(0, 40), st.just(3)), elements=st.floats(-1e3, 1e3, width=32))


@given(points=POINTS, stamp_s=STAMPS, frame=TEXTS)
def test_a_cloud_survives_the_wire(points, stamp_s, frame):
    back = conversions.cloud_from_ros(over_the_wire(conversions.cloud_to_ros(PointCloud(stamp_s, frame, points))))
    assert (back.frame_id, back.stamp_s) == (frame, pytest.approx(stamp_s, abs=1e-9))
    assert back.points_m.dtype == np.float32
    np.testing.assert_array_equal(back.points_m, points)


def padded(order='<', rows=2):
    """Return a cloud as drivers write it: rows with padding, intensity and ring, no return as NaN."""
    number = {'<': False, '>': True}[order]
    names = (('x', 4), ('y', 8), ('z', 12), ('intensity', 16))
    data = bytearray()
    for row in range(rows):
        for column in range(3):
            x = math.nan if (row, column) == (0, 1) else float(10 * row + column)
            data += struct.pack(f'{order}I4f', 7, x, 2.0, 3.0, 0.5)
        data += b'pad!'
    return PointCloud2(
        height=rows, width=3, is_bigendian=number, point_step=20, row_step=64, data=array('B', data),
        fields=[PointField(name=name, offset=offset, datatype=PointField.FLOAT32, count=1) for name, offset in names])


@pytest.mark.parametrize('order', ['<', '>'])
def test_a_drivers_organised_cloud_is_read_without_what_did_not_return(order):
    cloud = conversions.cloud_from_ros(over_the_wire(padded(order)))
    assert cloud.points_m.tolist() == [[x, 2.0, 3.0] for x in (0.0, 2.0, 10.0, 11.0, 12.0)]


@pytest.mark.parametrize(('change', 'expected'), [
    ({'fields': []}, 'has the fields none, expected x, y and z as float32'),
    ({'fields': [PointField(name=name, offset=0, datatype=PointField.FLOAT64) for name in 'xyz']}, r'x \(type 8\)'),
    ({'height': 3}, '128 bytes in rows of 64 and points of 20, expected 3 rows of 3 points'),
    ({'row_step': 59}, 'rows of 59'),
    ({'point_step': 14}, 'points of 14'),
])
def test_a_cloud_that_is_not_as_described_is_refused(change, expected):
    message = padded()
    for key, value in change.items():
        setattr(message, key, value)
    with pytest.raises(ObservationError, match=f'cloud of .*{expected}'):
        conversions.cloud_from_ros(over_the_wire(message))

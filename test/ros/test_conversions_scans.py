"""Scans survive the wire beam by beam, with all that REP-117 gives a meaning; contradictory ones are refused."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from sensor_msgs.msg import LaserScan as ScanMessage
from wire import NOT_FINITE, STAMPS, TEXTS, over_the_wire

from lepatrol.model.errors import ObservationError
from lepatrol.model.observation import LaserScan
from lepatrol.ros import conversions

RANGES = st.lists(
    st.floats(width=32) | st.sampled_from([math.nan, math.inf, -math.inf, 0.0]), max_size=40)
SINGLES = st.floats(-7.0, 7.0, width=32)


def scan_message(**changes):
    fields = {'angle_min': -1.0, 'angle_max': 1.0, 'angle_increment': 0.5, 'range_min': 0.1, 'range_max': 20.0,
              'ranges': [1.0, 2.0, 3.0, 4.0, 5.0], **changes}
    message = ScanMessage(**fields)
    message.header.frame_id = 'lidar'
    return message


@given(ranges=RANGES, start=SINGLES, step=SINGLES, near=st.floats(0.0, 1.0, width=32),
       far=st.floats(2.0, 100.0, width=32), stamp_s=STAMPS, frame=TEXTS)
@example(ranges=[math.nan, math.inf, -math.inf, 1.5], start=-1.0, step=0.5, near=0.125, far=20.0, stamp_s=1.0, frame='')
def test_a_scan_survives_the_wire_with_the_beams_that_saw_nothing(ranges, start, step, near, far, stamp_s, frame):
    scan = LaserScan(stamp_s, frame, start, step, near, far, np.array(ranges, dtype=np.float32))
    back = conversions.scan_from_ros(over_the_wire(conversions.scan_to_ros(scan)))
    assert back.stamp_s == pytest.approx(stamp_s, abs=1e-9)
    assert (back.frame_id, back.angle_min_rad, back.angle_increment_rad) == (frame, start, step)
    assert (back.range_min_m, back.range_max_m) == (near, far)
    assert back.ranges_m.dtype == np.float32
    assert np.array_equal(back.ranges_m, scan.ranges_m, equal_nan=True)


def test_a_scan_tells_other_tools_the_direction_of_its_last_beam():
    scan = LaserScan(0.0, 'lidar', -math.pi, math.pi / 180.0, 0.1, 20.0, np.ones(360, dtype=np.float32))
    message = over_the_wire(conversions.scan_to_ros(scan))
    assert message.angle_max == pytest.approx(math.radians(179.0), abs=1e-6)


@pytest.mark.parametrize(('low', 'high'), [(0.5, 0.5), (3.0, 0.1), (-1.0, 20.0)])
def test_a_scan_whose_range_limits_contradict_each_other_is_refused(low, high):
    with pytest.raises(ObservationError, match=f'range limits {low}.* to {high}.* m, expected 0 <= range_min'):
        conversions.scan_from_ros(over_the_wire(scan_message(range_min=low, range_max=high)))


@pytest.mark.parametrize('number', NOT_FINITE)
@pytest.mark.parametrize('field', ['angle_min', 'angle_increment', 'range_min', 'range_max'])
def test_a_scan_that_is_described_by_numbers_that_are_not_finite_is_refused(field, number):
    with pytest.raises(ObservationError, match=r'scan of lidar: .*angles and range limits must be finite'):
        conversions.scan_from_ros(over_the_wire(scan_message(**{field: number})))

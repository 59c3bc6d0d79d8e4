import pytest
from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue
from hypothesis import given
from hypothesis import strategies as st
from wire import STAMPS, TEXTS, over_the_wire

from lepatrol.model.errors import ObservationError
from lepatrol.model.findings import Complaint, Trouble
from lepatrol.ros import conversions


@given(STAMPS, st.lists(st.tuples(TEXTS, st.sampled_from(Trouble), TEXTS), max_size=4))
def test_complaints_come_through(stamp_s, told):
    complaints = [Complaint(stamp_s, sensor, trouble, detail) for sensor, trouble, detail in told]
    heard = conversions.complaints_from_ros(over_the_wire(conversions.complaints_to_ros(complaints, stamp_s, 'ugv1')))
    assert [(c.sensor, c.trouble, c.detail) for c in heard] == told


def test_no_complaint_is_told_as_all_well():
    message = over_the_wire(conversions.complaints_to_ros([], 3.0, 'ugv1'))
    assert message.status[0].level == DiagnosticStatus.OK
    assert message.status[0].hardware_id == 'ugv1'
    assert conversions.complaints_from_ros(message) == []


def test_a_trouble_nobody_knows_is_refused_by_name():
    status = DiagnosticStatus(name='perimeter: lidar', values=[
        KeyValue(key='sensor', value='lidar'), KeyValue(key='trouble', value='tired'),
        KeyValue(key='detail', value='')])
    with pytest.raises(ObservationError, match='tired'):
        conversions.complaints_from_ros(DiagnosticArray(status=[status]))

"""What is wrong with sensors, as diagnostics."""

from __future__ import annotations

from collections.abc import Iterable

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue

from lepatrol.model.errors import ObservationError
from lepatrol.model.findings import Complaint, Trouble
from lepatrol.ros.conversions.times import header, time_from_ros

_NAME = 'perimeter'


def complaints_to_ros(complaints: Iterable[Complaint], stamp_s: float, robot: str) -> DiagnosticArray:
    """Return one status for each complaint, or a single one that all is well."""
    told = [
        DiagnosticStatus(
            name=f'{_NAME}: {complaint.sensor}', hardware_id=robot, level=DiagnosticStatus.WARN,
            message=f'{complaint.trouble.value}: {complaint.detail}',
            values=[KeyValue(key='sensor', value=complaint.sensor),
                    KeyValue(key='trouble', value=complaint.trouble.value),
                    KeyValue(key='detail', value=complaint.detail)])
        for complaint in complaints]
    well = DiagnosticStatus(name=_NAME, hardware_id=robot, level=DiagnosticStatus.OK, message='all sensors are well')
    return DiagnosticArray(header=header(stamp_s, ''), status=told or [well])


def complaints_from_ros(message: DiagnosticArray) -> list[Complaint]:
    """Return the complaints of a message.

    :raises ObservationError: for a trouble that is not known, or a status without one.
    """
    stamp_s = time_from_ros(message.header.stamp)
    found: list[Complaint] = []
    for status in message.status:
        if not status.name.startswith(f'{_NAME}: '):
            continue
        values = {pair.key: pair.value for pair in status.values}
        try:
            found.append(Complaint(stamp_s, values['sensor'], Trouble(values['trouble']), values['detail']))
        except (KeyError, ValueError) as error:
            raise ObservationError(
                f'status {status.name!r}: {error} is missing or not known; expected sensor, trouble and detail, with '
                f'one of {", ".join(trouble.value for trouble in Trouble)} as the trouble') from error
    return found

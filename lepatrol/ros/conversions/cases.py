"""Cases as diagnostics: what was found, what is done about it, what came of it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from diagnostic_msgs.msg import DiagnosticArray, DiagnosticStatus, KeyValue

from lepatrol.model.case_json import FIELDS, case_from_plain, case_to_plain
from lepatrol.model.cases import Case, CaseState
from lepatrol.model.errors import CommandError
from lepatrol.ros.conversions.times import header

_PREFIX = 'case: '
_LEVELS = {CaseState.WAITING: DiagnosticStatus.WARN, CaseState.CONFIRMED: DiagnosticStatus.ERROR}


def cases_to_ros(cases: Iterable[Case], stamp_s: float) -> DiagnosticArray:
    """Return cases as a message, one status each: what waits for the operator is WARN, what is confirmed ERROR.

    Each value is written as JSON has it.
    """
    return DiagnosticArray(header=header(stamp_s, ''), status=[DiagnosticStatus(
        name=f'{_PREFIX}{case.case_id}', level=_LEVELS.get(case.state, DiagnosticStatus.OK),
        message=f'{case.words}: {case.state.value}: {case.reason}',
        values=[KeyValue(key=key, value=json.dumps(value)) for key, value in case_to_plain(case).items()],
    ) for case in cases])


def cases_from_ros(message: DiagnosticArray) -> list[Case]:
    """Return the cases of a message; statuses of others are left out.

    :raises CommandError: naming the status and the value that is missing or wrong.
    """
    return [_case(status) for status in message.status if status.name.startswith(_PREFIX)]


def _case(status: DiagnosticStatus) -> Case:
    try:
        return case_from_plain({pair.key: json.loads(pair.value) for pair in status.values if pair.key in FIELDS})
    except (ValueError, RecursionError) as error:
        raise CommandError(f'status {status.name!r}: {error}') from error

"""What is asked and answered during an inspection, as the texts that topics carry: JSON."""

from __future__ import annotations

import json
from typing import Any, TypeVar

from lepatrol.model.errors import CommandError
from lepatrol.model.inspection import Study, StudyRequest
from lepatrol.model.plain_classes import from_plain, to_plain

T = TypeVar('T')

_LARGEST_M, _FARTHEST_M = 20.0, 1e6
"""What is larger is no object to be studied, and what is farther away is on no map."""


def text_from_request(request: StudyRequest) -> str:
    """Write what perception is asked."""
    return _text(request)


def request_from_text(text: str) -> StudyRequest:
    """Read what perception is asked.

    :raises CommandError: naming what is wrong.
    """
    request = _read(StudyRequest, text, 'inspection request')
    if not 0.0 < request.radius_m <= _LARGEST_M:
        raise CommandError(
            f'inspection request: radius_m is {request.radius_m}, expected more than 0 and no more than {_LARGEST_M:g}')
    if max(map(abs, request.target_m)) > _FARTHEST_M:
        raise CommandError(f'inspection request: target_m is {request.target_m}, expected a place on a map')
    if not request.inspection_id:
        raise CommandError('inspection request: inspection_id is empty, expected a name')
    return request


def text_from_study(study: Study) -> str:
    """Write what perception answers."""
    return _text(study)


def study_from_text(text: str) -> Study:
    """Read what perception answers.

    :raises CommandError: naming what is wrong.
    """
    return _read(Study, text, 'inspection view')


def _text(value: Any) -> str:
    return json.dumps(to_plain(value), ensure_ascii=False)


def _read(kind: type[T], text: str, name: str) -> T:
    try:
        return from_plain(kind, json.loads(text))
    except (ValueError, RecursionError) as error:
        raise CommandError(f'{name}: {error}') from error

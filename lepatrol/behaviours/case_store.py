"""Cases on disk, so that a patrol that was killed knows what it was about to do."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from lepatrol.model.case_json import case_from_plain, case_to_plain
from lepatrol.model.cases import Case
from lepatrol.model.errors import FileError
from lepatrol.planning.whole_file import replace_text, set_aside

CASES_FILE = 'cases.json'
"""Its name in the run's folder."""
_VERSION = 1


class CaseStore:
    """One file with all cases, replaced as a whole."""

    def __init__(self, path: Path) -> None:
        """Keep them at ``path``; nothing is touched yet."""
        self.path = path

    def load(self) -> tuple[Case, ...]:
        """Return the cases; none where none were kept.

        :raises FileError: naming the file that is damaged, and how.
        """
        if not self.path.exists():
            return ()
        try:
            return _cases(json.loads(self.path.read_text(encoding='utf-8')))
        except OSError as error:
            raise FileError(self.path, f'cannot be read: {error.strerror}') from error
        except (ValueError, RecursionError) as error:
            raise FileError(self.path, f'is damaged: {error}') from error

    def save(self, cases: Iterable[Case]) -> None:
        """Replace what is kept.

        :raises FileError: if it cannot be written.
        """
        plain = {'version': _VERSION, 'cases': [case_to_plain(case) for case in cases]}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            replace_text(self.path, json.dumps(plain))
        except OSError as error:
            raise FileError(error.filename or self.path, f'cases cannot be kept: {error.strerror}') from error

    def set_aside(self) -> Path:
        """Rename a damaged file to ``NAME.damaged-N``, so that a person can look at it, and return the new name.

        :raises FileError: if it cannot be renamed.
        """
        return set_aside(self.path)


def _cases(plain: Any) -> tuple[Case, ...]:
    if not isinstance(plain, dict) or plain.get('version') != _VERSION:
        raise ValueError(f'expected a mapping of version {_VERSION}')
    cases = plain.get('cases')
    if not isinstance(cases, list):
        raise ValueError('cases is no list')
    return tuple(map(case_from_plain, cases))


"""Files that are whole at any moment, whatever is killed when."""

from __future__ import annotations

import os
from pathlib import Path

from lepatrol.model.errors import FileError


def replace_text(path: Path, text: str) -> None:
    """Write so that ``path`` holds either its old content or the new: temporary file, fsync, rename, fsync.

    :raises OSError: if it cannot be written.
    """
    temporary = path.with_name(f'.{path.name}.new')
    with open(temporary, 'w', encoding='utf-8') as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def set_aside(path: Path) -> Path:
    """Rename a damaged file to ``NAME.damaged-N``, so that a person can look at it, and return the new name.

    :raises FileError: if it cannot be renamed.
    """
    n = 1
    while (aside := path.with_name(f'{path.name}.damaged-{n}')).exists():
        n += 1
    try:
        return path.rename(aside)
    except OSError as error:
        raise FileError(path, f'cannot be renamed: {error.strerror}') from error

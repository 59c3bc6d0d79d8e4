"""Files that are whole at any moment, whatever is killed when."""

from __future__ import annotations

import os
from pathlib import Path


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

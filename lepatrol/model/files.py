"""Files that are whole whenever they are there, and names for them."""

from __future__ import annotations

import os
from pathlib import Path

from .errors import FileError


def file_name(text: str) -> str:
    """Return a text as part of a file's name: what is neither an ASCII letter nor a digit becomes an underscore."""
    return ''.join(letter if letter.isascii() and (letter.isalnum() or letter in '-_') else '_' for letter in text)


def write_whole(path: Path, data: bytes, what: str) -> None:
    """Write a file so that under its name there is only ever a whole one; its folder is made.

    :raises FileError: saying that ``what`` cannot be kept, and why.
    """
    part = path.with_name(f'.{path.name}.part')
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with open(part, 'wb') as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise FileError(path, f'{what} cannot be kept: {error.strerror}; free some room or choose another output '
                              'folder') from error

"""Photos on disk, numbered in the order they were taken."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lepatrol.model.mission import PhotoRequest

_QUALITY = 92


class PhotoAlbum:
    """A folder of JPEG files; numbers go on where an earlier run stopped."""

    def __init__(self, folder: Path) -> None:
        """Use a folder; it is made with the first photo."""
        self._folder = folder

    def keep(self, rgb: NDArray[np.uint8], request: PhotoRequest) -> str:
        """Write a picture (height, width, 3) and return its name, ``NUMBER-WAYPOINT-rROUND``.

        :raises OSError: if it cannot be written.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        name = f'{self._last_number() + 1:03d}-{_file_name(request.waypoint)}-r{request.round}'
        _, jpeg = cv2.imencode('.jpg', np.ascontiguousarray(rgb[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
        whole, part = self._folder / f'{name}.jpg', self._folder / f'{name}.part'
        part.write_bytes(jpeg.tobytes())
        part.replace(whole)
        return name

    def _last_number(self) -> int:
        numbers = (path.name.split('-')[0] for path in self._folder.glob('*.jpg'))
        return max((int(number) for number in numbers if number.isdigit()), default=0)


def _file_name(text: str) -> str:
    return ''.join(character if character.isalnum() or character in '-_' else '_' for character in text)
